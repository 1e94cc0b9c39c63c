"""`servanda ledger init`: found a ledger."""

from typing import Any

from servanda.cli import text
from servanda.cli.ledger.common import now, place, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    parser = verb(verbs, "init", "found a ledger: its store, its keys, its first entry", run)
    parser.add_argument("--title", default="", help="whose ledger it is; anybody may see it")


def run(options: Any) -> int:
    from servanda.ledger.ledger import init
    from servanda.ledger.store import shown

    made = init(place(options), options.title, now(), options.keys, options.wait)
    if options.format == "json":
        keys = str(made.keys.path)
        print(as_json({"ledger": made.id.hex(), "place": shown(made.place), "keys": keys}))
        return 0
    text.say(
        [
            f"ledger  {made.id.hex()}",
            f"store   {shown(made.place)}",
            f"keys    {made.keys.path}",
            text.wrap(
                "Publish the ledger's id: by it an outsider knows that an export is of this "
                "ledger. Keep the key file apart from the store and from its backups: without it "
                "nothing can be opened, and with both everything can."
            ),
        ]
    )
    return 0
