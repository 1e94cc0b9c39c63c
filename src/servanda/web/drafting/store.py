"""What became of drafts, where people are kept: steps, written once.

In: a connection of the store of people.  Out: steps, as immutable values.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from servanda.ledger.store import migrated
from servanda.web.drafting.schema import steps
from servanda.web.people.person import Person
from servanda.web.people.store import Store

VERSIONS = "drafts_version"
RELEASED, WITHDRAWN = "released", "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """`role` is the title of whoever did it; `reason` is read by all who read the draft."""

    kind: str
    digest: str
    reason: str
    who: str
    role: str
    made: int


def prepare_tables(store: Store, revision: str = "head", down: bool = False) -> None:
    """Bring the table to a revision; made where there is none."""
    with store.writing() as connection:
        migrated(connection, "servanda.web.drafting", revision, down)


def add(
    connection: Connection, by: Person, now: int, agreement: str, digest: str, kind: str,
    reason: str,
) -> None:  # fmt: skip
    told = {"agreement": agreement, "digest": digest, "kind": kind, "reason": reason}
    connection.execute(insert(steps).values(**told, who=by.name, role=by.title, made=now))


def history(connection: Connection, agreement: str) -> list[Step]:
    """All steps of an agreement, of whatever text, the oldest first."""
    query = select(steps).where(steps.c.agreement == agreement).order_by(steps.c.id)
    return [
        Step(row.kind, row.digest, row.reason, row.who, row.role, row.made)
        for row in connection.execute(query)
    ]


def all_standing(found: Sequence[Step]) -> list[Step]:
    """The releases that stand, of whatever text."""
    last = {one.digest: one for one in found}
    return [one for one in last.values() if one.kind == RELEASED]


def standing(found: Sequence[Step], digest: str) -> Step | None:
    """The release of a text that stands; None where it was never released, or withdrawn since."""
    last = next((one for one in reversed(found) if one.digest == digest), None)
    return last if last is not None and last.kind == RELEASED else None
