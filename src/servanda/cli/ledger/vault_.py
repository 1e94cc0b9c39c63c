"""`servanda ledger vault`: who sources are, outside the chain and under a key of its own."""

import json
import os
from pathlib import Path
from typing import Any

from servanda.cli.ledger.common import verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    parser = verb(verbs, "vault", "keep who sources are, apart from the ledger", run, ledger=False)
    parser.usage = (
        "%(prog)s [--vault FILE] [--key FILE]\n"
        "       (--create | --enter FILE | --list | --reveal NAME | --forget NAME)"
    )
    parser.add_argument(
        "--vault",
        metavar="FILE",
        default=os.environ.get("SERVANDA_VAULT", "sources.vault"),
        help="the sealed file; default: SERVANDA_VAULT, else sources.vault",
    )
    parser.add_argument("--key", metavar="FILE", help="its key; default: the same with .key")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--create", action="store_true", help="make an empty vault")
    what.add_argument("--enter", metavar="FILE", help="an identity as JSON; prints its pseudonym")
    what.add_argument("--list", action="store_true", help="the pseudonyms")
    what.add_argument("--reveal", metavar="NAME", help="who is behind a pseudonym")
    what.add_argument("--forget", metavar="NAME", help="destroy the identity for good")


def run(options: Any) -> int:
    from servanda.ledger.vault import Vault

    vault = Vault(Path(options.vault), Path(options.key or f"{options.vault}.key"))
    found: Any
    if options.create:
        vault.create()
        found = f"{vault.path}, its key {vault.key}: keep them apart"
    elif options.enter:
        found = vault.enter(_identity(options.enter))
    elif options.list:
        found = list(vault.pseudonyms())
    elif options.reveal:
        found = vault.reveal(options.reveal)
    else:
        vault.forget(options.forget)
        found = f"{options.forget} is forgotten"
    if options.format == "json" or not isinstance(found, str | list):
        print(as_json(found))
    else:
        print(found if isinstance(found, str) else "\n".join(found) or "nobody")
    return 0


def _identity(name: str) -> dict[str, Any]:
    from servanda.ledger.errors import LedgerError

    try:
        found = json.loads(Path(name).read_text(encoding="utf-8"))
    except ValueError as error:
        raise LedgerError(f"{name}: not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise LedgerError(f"{name}: an identity is a JSON object {{ … }}.")
    return found
