"""Editions where people are kept: written once, read as often as one likes.

In: a connection of the store of people.  Out: editions with their steps, as immutable values.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, func, insert, select

from servanda.ledger.store import migrated
from servanda.report.edition.document import digest_of, text_of
from servanda.web.editions.schema import editions, steps
from servanda.web.people.person import Person
from servanda.web.people.store import Store

VERSIONS = "editions_version"
NOTIFIED, RELEASED, WITHDRAWN, DROPPED = "notified", "released", "withdrawn", "dropped"


@dataclass(frozen=True, slots=True)
class Step:
    """`at` is when it was so, `made` when it was recorded; `role` the title of whoever did."""

    kind: str
    at: int
    made: int
    who: str
    role: str
    party: str = ""
    reason: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Edition:
    """A document and what became of it; `corrects` is the id of another edition."""

    id: int
    agreement: str
    text: str
    digest: str
    corrects: int | None
    who: str
    made: int
    steps: tuple[Step, ...]

    @cached_property
    def document(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.text)
        return found

    @property
    def title(self) -> str:
        return str(self.document["agreement"]["title"])

    def _step(self, kind: str) -> Step | None:
        return next((one for one in self.steps if one.kind == kind), None)

    @property
    def released(self) -> Step | None:
        return self._step(RELEASED)

    @property
    def withdrawn(self) -> Step | None:
        return self._step(WITHDRAWN)

    @property
    def dropped(self) -> Step | None:
        return self._step(DROPPED)

    @property
    def number(self) -> int:
        """That of its address; 0 before it is released."""
        return (self.released.number or 0) if self.released else 0

    @property
    def notified(self) -> Mapping[str, Step]:
        """Who was told of it."""
        return {one.party: one for one in self.steps if one.kind == NOTIFIED}


def prepare_tables(store: Store, revision: str = "head", down: bool = False) -> None:
    """Bring the tables to a revision; made where there are none."""
    with store.writing() as connection:
        migrated(connection, "servanda.web.editions", revision, down)


def moment(at: int) -> str:
    """An instant as data tell it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add(
    connection: Connection, by: Person, now: int, document: Mapping[str, Any], corrects: int | None
) -> int:
    """Keep a document; its number among all that were prepared."""
    values = {
        "agreement": document["agreement"]["id"],
        "document": text_of(document).decode(),
        "digest": digest_of(document),
        "corrects": corrects,
        "who": by.name,
        "made": now,
    }
    made = connection.execute(insert(editions).values(values).returning(editions.c.id))
    return int(made.scalar_one())


def add_step(
    connection: Connection, by: Person, now: int, edition: int, kind: str, at: int, **more: Any
) -> None:
    told = {"party": "", "reason": "", "number": None, **more}
    connection.execute(
        insert(steps).values(
            edition=edition, kind=kind, at=at, who=by.name, role=title_of(by), made=now, **told
        )
    )


def title_of(by: Person) -> str:
    """The office under which somebody acts."""
    return by.title if by.acts_for is None else f"{by.title}, {by.acts_for.replace('_', ' ')}"


def next_number(connection: Connection) -> int:
    """The number of the next edition that is released."""
    return int(connection.execute(select(func.max(steps.c.number))).scalar() or 0) + 1


def state(connection: Connection) -> tuple[int, int]:
    """Another one whenever something was added; nothing else ever changes."""
    last = [connection.execute(select(func.max(t.c.id))).scalar() for t in (editions, steps)]
    return int(last[0] or 0), int(last[1] or 0)


def every(connection: Connection) -> list[Edition]:
    """All that were ever prepared, the newest first."""
    found: dict[int, list[Step]] = {}
    for row in connection.execute(select(steps).order_by(steps.c.id)):
        found.setdefault(row.edition, []).append(
            Step(row.kind, row.at, row.made, row.who, row.role, row.party, row.reason, row.number)
        )
    rows = connection.execute(select(editions).order_by(editions.c.id.desc()))
    return [
        Edition(
            row.id, row.agreement, row.document, row.digest, row.corrects, row.who, row.made,
            tuple(found.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def by_id(connection: Connection, edition: int) -> Edition | None:
    return next((one for one in every(connection) if one.id == edition), None)
