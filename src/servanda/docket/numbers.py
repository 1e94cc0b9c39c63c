"""Numbers of cases: what the body gave, else its name and the place in the order of report."""

from collections.abc import Iterable, Mapping

from servanda.docket.case import Case, Key
from servanda.docket.papers import COMPLAINT, current
from servanda.evidence.record import Record


def numbered(found: Mapping[Key, Case], heard: Iterable[Record]) -> dict[Key, str]:
    """The number of each case.

    `heard` are all records that were ever reported, those taken back among them, so that a number
    is never given twice; a corrected complaint keeps its number.
    """
    lodged = sorted(
        (r for r in heard if r.type == COMPLAINT and r.at is not None),
        key=lambda r: (r.reported, r.id),
    )
    instead = {old: r.id for r in lodged for old in r.replaces}
    order = list(dict.fromkeys(current(r.id, instead) for r in lodged))
    counts: dict[str, int] = {}
    given: dict[Key, str] = {}
    bodies = {r.id: r.word("body") or "" for r in lodged}
    for identity in order:
        for body in (bodies[identity], *_referred(found, identity, bodies[identity])):
            counts[body] = counts.get(body, 0) + 1
            given[body, identity] = f"{body} {counts[body]}"
    return {key: case.number or given.get(key, key[0]) for key, case in found.items()}


def _referred(found: Mapping[Key, Case], identity: str, first: str) -> list[str]:
    return [body for body, complaint in found if complaint == identity and body != first]
