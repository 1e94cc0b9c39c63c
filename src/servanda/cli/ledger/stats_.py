"""`servanda ledger stats`: how much a ledger holds."""

import dataclasses
from typing import Any

from servanda.cli import text
from servanda.cli.ledger.common import opened, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    verb(verbs, "stats", "count entries by kind and handling class", run)


def run(options: Any) -> int:
    from servanda.evidence.instant import iso
    from servanda.ledger.history import statistics

    found = statistics(opened(options))
    if options.format == "json":
        print(as_json(dataclasses.asdict(found)))
        return 0
    when = [iso(at) for at in (found.first, found.last) if at is not None]
    rows = [
        ("entries", f"{found.entries:,}"),
        ("recorded", " to ".join(when)),
        ("head", found.head),
        *((f"kind {name}", f"{count:,}") for name, count in found.kinds.items()),
        *((f"for {name}", f"{count:,}") for name, count in found.classes.items()),
        ("gone", f"{found.gone:,}"),
    ]
    text.say([text.table(rows, indent=0)])
    return 0
