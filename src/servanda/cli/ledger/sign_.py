"""`servanda ledger sign`: sign the chain up to an entry."""

from typing import Any

from servanda.cli.ledger.common import now, opened, signer_of, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    parser = verb(verbs, "sign", "sign the chain up to an entry, by default the last", run)
    parser.add_argument("--key", metavar="KEY", help="a private key; default: the ledger's own")
    parser.add_argument("--entry", type=int, metavar="PLACE", help="up to this entry")


def run(options: Any) -> int:
    from servanda.ledger.signing import seal

    seq = seal(opened(options), signer_of(options.key), now(), options.entry)
    print(as_json({"entry": seq}) if options.format == "json" else f"entry #{seq}")
    return 0
