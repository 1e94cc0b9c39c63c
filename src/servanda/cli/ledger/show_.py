"""`servanda ledger show`: one entry with all its fields."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from servanda.cli import text
from servanda.cli.ledger.common import audience_option, opened, verb
from servanda.cli.ledger.list_ import plain
from servanda.cli.options import as_json

if TYPE_CHECKING:
    from servanda.ledger.history import Seen


def add(verbs: Any) -> None:
    parser = verb(verbs, "show", "show one entry with all its fields", run)
    parser.add_argument("name", metavar="ID", help="id of a record, or #PLACE in the chain")
    audience_option(parser)


def run(options: Any) -> int:
    from servanda.ledger.history import shown

    found = shown(opened(options), options.name, options.audience)
    if options.format == "json":
        print(as_json(plain(found)))
    else:
        text.say(render(found))
    return 0


def render(found: "Seen") -> Iterator[str]:
    """An entry as text of 80 columns."""
    from servanda.ledger.entry import shown_value

    yield text.bold(f"entry #{found.seq}")
    yield f"  hash {found.hash.hex()}"
    if found.entry is None:
        by = f"shredded by #{found.shredded}" if found.shredded is not None else "closed"
        yield f"  {by}: what it held is not shown; the chain holds what stands for it"
        return
    for fields in (found.entry.own, found.entry.row):
        if fields:
            yield text.table([(name, shown_value(value)) for name, value in fields.items()])
    if found.entry.closed:
        yield f"  and {text.number(found.entry.closed, 'field')} closed"
