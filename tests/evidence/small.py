"""A small world for tests of evidence: two parties, a group that is a side, and outsiders."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from servanda.evidence.read import Records, read_text
from servanda.evidence.record import Record
from servanda.evidence.source import Source, Speakers
from servanda.library import from_text
from servanda.model.agreement import Agreement

UTC = ZoneInfo("UTC")
TEXT = """\
agreement small "A small world"
  zone UTC
  draft 2026-01-01

party A
party B
group G
  side
  members {M}
  voice {V}
body K
  voice {Chair}
"""
SOURCES = {
    source.id: source
    for source in (
        Source("StateTV", side="A"),
        Source("Paper"),
        Source("Radio"),
        Source("Observers", mandate=("measure", "tally", "coverage")),
        Source("BMinistry", side="B", mandate=("measure",)),
    )
}
# Every speaker with its side, written down by hand.
SIDES = {
    "A": "A",
    "StateTV": "A",
    "B": "B",
    "BMinistry": "B",
    "G": "G",
    "M": "G",
    "V": "G",
    "Paper": None,
    "Radio": None,
    "Observers": None,
    "Nobody_knows_them": None,
}


@cache
def agreement() -> Agreement:
    return from_text(TEXT).agreement


def speakers() -> Speakers:
    return Speakers(agreement().actors, SOURCES)


def kinds() -> Speakers:
    """The same speakers with further outsiders, each of a kind."""
    more = (
        Source("Paper", kind="media"),
        Source("Radio", kind="media"),
        Source("Monitor", kind="monitor"),
        Source("Mission", kind="mission"),
        Source("Agency", kind="body"),
    )
    return Speakers(agreement().actors, {**SOURCES, **{one.id: one for one in more}})


def read(*rows: Mapping[str, Any]) -> Records:
    import json

    text = "\n".join(json.dumps(row) for row in rows)
    return read_text(text, "test", agreement().record_types, UTC)


def records(*rows: Mapping[str, Any]) -> tuple[Record, ...]:
    found = read(*rows)
    assert not found.refused, found.refused
    return tuple(found.records)


def attack(identity: str, source: str, **more: Any) -> dict[str, Any]:
    """A row that says that A attacked B."""
    return {
        "id": identity,
        "type": "attack",
        "at": "2026-02-01T10:00:00Z",
        "args": {"by": "A", "on": "B"},
        "source": source,
        **more,
    }
