"""The audit of a text: what may break in it, all of it or about one provision.

In: a library.  Out: warnings as the library gives them (`servanda.audit/1`).  It does not depend on
records or readings; it is worked out once for each agreement, which takes some seconds.
"""

import threading
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.library import Library
from servanda.reason.extra import MissingExtra
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.problems import Problem, not_found
from servanda.web.render import page as rendered
from servanda.web.respond import as_json, wants_json
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
NAMES = {"breaks": "What defeats itself", "gap": "What is not said", "risk": "What may be a risk"}


@dataclass
class Audits:
    """One audit for each agreement."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, library: Library) -> dict[str, Any]:
        """Raises a problem where the solvers are not installed."""
        from servanda.checks.frame.plain import audit

        with self.lock:
            name = library.agreement.id
            if name not in self.found:
                try:
                    self.found[name] = audit(library)
                except MissingExtra as error:
                    raise Problem(501, "The audit is not installed", str(error)) from error
            return self.found[name]


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning with the story that shows it, told in days."""

    title: str
    sentence: str
    severity: str
    clauses: tuple[str, ...]
    readings: str
    events: tuple[tuple[str, str], ...]
    options: tuple[str, ...]


def about(library: Library, result: dict[str, Any], provision: str | None) -> list[Warned]:
    """The warnings about one provision, or all."""
    return [
        _warned(library, one)
        for one in result["warnings"]
        if provision is None
        or any(provision_of(library, c["id"]) == provision for c in one["clauses"])
    ]


def provision_of(library: Library, clause: str) -> str | None:
    """The provision to which a clause such as `a1.peace.deadline` belongs."""
    agreement = library.agreement
    if clause in agreement.provisions:
        return clause
    parts = clause.partition("[")[0].split(".")
    for size in range(len(parts), 0, -1):
        norm = agreement.norms.get(".".join(parts[:size]))
        if norm is not None:
            return norm.provision
    return parts[0] if parts[0] in agreement.provisions else None


def _warned(library: Library, one: dict[str, Any]) -> Warned:
    story = one["story"]
    return Warned(
        one["title"],
        one["sentence"],
        one["severity"],
        tuple(c["id"] for c in one["clauses"]),
        words.under(library, one["readings"]),
        tuple((e["day"], e["what"]) for e in story["events"]) if story else (),
        tuple(o["sentence"] for o in one["options"]),
    )


@router.get("/agreements/{agreement}/audit", name="audit")
@router.get("/agreements/{agreement}/audit.json", name="audit.json")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    provision: Annotated[str | None, Query(max_length=80)] = None,
    part: Annotated[str | None, Query(max_length=3)] = None,
) -> Response:
    """The audit of the text: warnings with their stories, which are HYPOTHETICAL."""
    library = request.app.state.desk.library(view.agreement)
    if provision is not None and provision not in library.agreement.provisions:
        raise not_found(f"{view.agreement} has no provision “{provision}”.")
    result = request.app.state.audits.of(library)
    if wants_json(request):
        return as_json(result)
    answer: Answer = request.app.state.desk.answer(view)
    extra = {"provision": provision} if provision else {}
    context = {
        **frame(answer, "provisions", "Audit", "audit", **extra),
        "warnings": about(library, result, provision),
        "names": NAMES,
        "provision": provision,
    }
    return rendered(request, "audit_part.html" if part else "audit.html", context)
