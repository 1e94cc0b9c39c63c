"""The view of a page: on what, as of when, known by when, under what.  All of it is in the address.

In: the query of an address.  Out: a value that gives the same address again, in one form, so that
what is shown can be linked to and kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Query, Request

from servanda.evidence.standard import DEFAULT_STANDARD
from servanda.web.people.person import VISITOR
from servanda.web.people.sight import NARROWEST, Sight, seen_by
from servanda.web.problems import Problem, bad_field

MANY = 60  # readings or assumptions in one address
Text = Annotated[str | None, Query(max_length=80)]
Texts = Annotated[list[str], Query(max_length=MANY)]


@dataclass(frozen=True, slots=True)
class View:
    """`course` names invented records; the other fields are those of an assessment.

    `sight` is what the person who asks may see: it is no part of the address, and the narrowest
    where nobody says otherwise.
    """

    agreement: str
    as_of: str | None = None
    known_at: str | None = None
    standard: str = DEFAULT_STANDARD
    readings: tuple[tuple[str, str], ...] = ()
    assume: tuple[str, ...] = ()
    course: str | None = None
    sight: Sight = NARROWEST

    def but(self, **other: Any) -> "View":
        """The same view with something else."""
        return replace(self, **other)

    def reading(self, term: str, name: str | None) -> "View":
        """The same with one term fixed, or open again."""
        rest = tuple(pair for pair in self.readings if pair[0] != term)
        return self.but(readings=tuple(sorted((*rest, (term, name)) if name else rest)))

    def query(self) -> list[tuple[str, str]]:
        """What differs from the view that an address without a query gives."""
        found: list[tuple[str, str]] = []
        for name in ("course", "as_of", "known_at"):
            if (given := getattr(self, name)) is not None:
                found.append((name, given))
        if self.standard != DEFAULT_STANDARD:
            found.append(("standard", self.standard))
        found += [("reading", f"{term}={name}") for term, name in self.readings]
        return [*found, *(("assume", text) for text in self.assume)]

    def address(self, *parts: str, ending: str = "", **extra: str | None) -> str:
        """The address of a page under this view, such as `address("provisions", "4")`."""
        path = "/".join(quote(p, safe="") for p in ("agreements", self.agreement, *parts))
        told = [*self.query(), *((k, v) for k, v in extra.items() if v is not None)]
        return f"/{path}{ending}" + (f"?{urlencode(told)}" if told else "")


def view_of(
    request: Request,
    agreement: str,
    course: Text = None,
    as_of: Text = None,
    known_at: Text = None,
    standard: Annotated[str | None, Query(max_length=2_000)] = None,
    reading: Texts = [],  # noqa: B006 - FastAPI copies it
    assume: Texts = [],  # noqa: B006
) -> View:
    """The view that an address asks for; what a form leaves empty is not asked."""
    return View(
        agreement,
        _given(as_of),
        _given(known_at),
        _given(standard) or DEFAULT_STANDARD,
        tuple(sorted(_readings(reading).items())),
        tuple(dict.fromkeys(text.strip() for text in assume if text.strip())),
        _given(course),
        seen_by(getattr(request.state, "person", VISITOR)),
    )


def _given(text: str | None) -> str | None:
    return (text or "").strip() or None


def _readings(given: list[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for text in given:
        if not text:
            continue
        term, equals, name = text.partition("=")
        if not equals:
            raise bad_field("reading", f"“{text}” is not of the form TERM=NAME.")
        if found.setdefault(term, name) != name:
            raise bad_field("reading", f"“{term}” is given twice, with different readings.")
    return found


def only_known(request: Request) -> None:
    """Refuse parameters that a page does not have: a slip would change nothing, unseen."""
    route = request.scope["route"]
    known = {p.alias for p in route.dependant.query_params}
    for dependency in route.dependant.dependencies:
        known |= {p.alias for p in dependency.query_params}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        told = tuple((name, f"there is no such parameter; there are {listed}") for name in unknown)
        raise Problem(400, "Unknown parameter", f"{unknown[0]}: {told[0][1]}.", told)
