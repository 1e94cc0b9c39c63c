"""`servanda ledger shred`: destroy the content of entries for good; the chain stays whole."""

from typing import Any

from servanda.cli import text
from servanda.cli.ledger.common import now, opened, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    parser = verb(verbs, "shred", "destroy the content of records for good", run)
    parser.add_argument("names", nargs="+", metavar="ID", help="ids of records, or #PLACE")
    parser.add_argument("--reason", default="", help="why; it is written into the ledger")
    parser.add_argument("--yes", action="store_true", help="do it: it cannot be undone")


def run(options: Any) -> int:
    from servanda.ledger.errors import LedgerError
    from servanda.ledger.history import place
    from servanda.ledger.shred import shred

    ledger = opened(options)
    with ledger.reading() as reader:
        seqs = [place(reader, name) for name in options.names]
    if not options.yes:
        named = ", ".join(f"#{seq}" for seq in seqs)
        raise LedgerError(f"This destroys the content of {named} for good. Say --yes to do it.")
    seq = shred(ledger, seqs, options.reason, now())
    if options.format == "json":
        print(as_json({"entry": seq, "shredded": seqs}))
        return 0
    print(f"entry #{seq}: {text.number(len(seqs), 'record')} destroyed")
    print(
        text.wrap(
            "Older copies of the key file still open older copies of the store: destroy them. "
            "What was exported before is not called back."
        )
    )
    return 0
