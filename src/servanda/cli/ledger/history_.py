"""`servanda ledger history`: a record and everything that was entered about it."""

from typing import Any

from servanda.cli import text
from servanda.cli.ledger.common import audience_option, opened, verb
from servanda.cli.ledger.list_ import plain, rows
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    parser = verb(verbs, "history", "tell what was entered about a record, in order", run)
    parser.add_argument("name", metavar="ID", help="id of a record")
    audience_option(parser)


def run(options: Any) -> int:
    from servanda.ledger.history import history

    found = history(opened(options), options.name, options.audience)
    if options.format == "json":
        print(as_json([plain(one) for one in found]))
    else:
        text.say(rows(found))
    return 0
