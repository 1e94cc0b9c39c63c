"""Data sets as records of an agreement, through the connectors, as a user would read them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from servanda.cli.convert import settings_of
from servanda.connect import Accepted, find, read


def records_of(connector: str, file: Path, agreement: str) -> list[dict[str, Any]]:
    """All records of a file; a row that is not accepted is a failure."""
    rows = list(read(find(connector), file, settings_of(agreement, None, connector)))
    wrong = [r for r in rows if not isinstance(r, Accepted)]
    assert not wrong, wrong[:3]
    return [dict(r.record) for r in rows if isinstance(r, Accepted)]


def lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows as JSON Lines."""
    return "\n".join(json.dumps(row) for row in rows)
