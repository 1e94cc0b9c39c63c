"""What is released, for everybody: the editions that have a number, and what became of them.

In: all editions.  Out: releases, the newest first, each with the corrections from and to it, and as
plain data (`servanda.release/1`).  What was withdrawn keeps its place and loses its content.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servanda.web.editions.store import Edition, Step, moment

LIST_SCHEMA = "servanda.editions/1"
SCHEMA = "servanda.release/1"


@dataclass(frozen=True)
class Release:
    """`corrects` and `corrected_by` are numbers of releases; `later` the latest that stands."""

    edition: Edition
    step: Step
    corrects: int | None
    corrected_by: int | None
    later: int | None

    @property
    def number(self) -> int:
        return self.step.number or 0

    @property
    def stands(self) -> bool:
        return self.edition.withdrawn is None

    @property
    def changed(self) -> int:
        """When something last became of it."""
        return max(one.made for one in self.edition.steps)

    @property
    def address(self) -> str:
        return f"/public/editions/{self.number}"


def releases(found: Sequence[Edition]) -> list[Release]:
    """Released editions by number, the newest first."""
    numbers = {one.id: one.number for one in found if one.released}
    corrected = {
        one.corrects: one.number for one in found if one.released and one.corrects is not None
    }
    latest: dict[str, int] = {}
    for one in found:
        if one.released and not one.withdrawn:
            latest[one.agreement] = max(one.number, latest.get(one.agreement, 0))
    told = [
        Release(
            one,
            one.released,
            numbers.get(one.corrects) if one.corrects is not None else None,
            corrected.get(one.id),
            _later(one, latest),
        )
        for one in found
        if one.released
    ]
    return sorted(told, key=lambda one: -one.number)


def _later(one: Edition, latest: Mapping[str, int]) -> int | None:
    number = latest.get(one.agreement, 0)
    return number if number > one.number else None


def head(one: Release) -> dict[str, Any]:
    """What is told of a release in lists, and at the head of its data."""
    withdrawn = one.edition.withdrawn
    return {
        "number": one.number,
        "agreement": one.edition.agreement,
        "title": one.edition.title,
        "address": one.address,
        "released": moment(one.step.at),
        "released_by": {"name": one.step.who, "office": one.step.role},
        "digest": one.edition.digest,
        "corrects": one.corrects,
        "corrected_by": one.corrected_by,
        "withdrawn": None
        if withdrawn is None
        else {"at": moment(withdrawn.at), "by": withdrawn.who, "reason": withdrawn.reason},
    }


def plain(one: Release) -> dict[str, Any]:
    """Schema `servanda.release/1`; the digest is that of the member `edition`."""
    document = one.edition.document if one.stands else None
    return {"schema": SCHEMA, **head(one), "edition": document}


def plain_list(found: Sequence[Release]) -> dict[str, Any]:
    """Schema `servanda.editions/1`."""
    return {"schema": LIST_SCHEMA, "editions": [head(one) for one in found]}
