"""`servanda ledger redact`: from now on show less of a record."""

from typing import Any

from servanda.cli.ledger.common import now, opened, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    from servanda.ledger.words import CLASSES, CONSENTS, USES

    parser = verb(verbs, "redact", "close fields of records, or handle them otherwise", run)
    parser.add_argument("ids", nargs="+", metavar="ID", help="ids of records")
    parser.add_argument(
        "--field", action="append", default=[], help="a field to close; may be repeated"
    )
    parser.add_argument(
        "--handling",
        choices=CLASSES,
        metavar="CLASS",
        help=f"who may see them from now on: {', '.join(CLASSES)}",
    )
    parser.add_argument(
        "--consent",
        choices=CONSENTS,
        metavar="SCOPE",
        default="not_recorded",
        help=f"with --handling: {', '.join(CONSENTS)}",
    )
    parser.add_argument(
        "--use",
        action="append",
        choices=USES,
        metavar="USE",
        help=f"with --handling: {', '.join(USES)}; may be repeated",
    )
    parser.add_argument("--reason", default="", help="why; it is written into the ledger")


def run(options: Any) -> int:
    from servanda.ledger import remarks
    from servanda.ledger.errors import LedgerError
    from servanda.ledger.handling import Handling, handling_of

    if bool(options.field) == bool(options.handling):
        raise LedgerError("Give either --field or --handling.")
    ledger = opened(options)
    if options.field:
        seq = remarks.redact(ledger, options.ids, options.field, now(), options.reason)
    else:
        use = tuple(options.use) if options.use else Handling().use
        handling = handling_of(options.handling, options.consent, use)
        seq = remarks.reclassify(ledger, options.ids, handling, now(), options.reason)
    print(as_json({"entry": seq}) if options.format == "json" else f"entry #{seq}")
    return 0
