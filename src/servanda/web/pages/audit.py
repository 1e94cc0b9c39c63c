"""The audit of a text: what may break in it, all of it or about one provision.

In: a library.  Out: warnings as the library gives them (`servanda.audit/1`).  It does not depend on
records or readings; it is worked out once for each agreement, which takes some seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.library import Library
from servanda.reason.extra import MissingExtra
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.kept import Kept
from servanda.web.pages import story
from servanda.web.problems import Problem, not_found
from servanda.web.render import page as rendered
from servanda.web.respond import as_json, wants_json
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
MOST = 50  # audits that are kept
# Without the frame: the few that the page of a provision has room for, or all; else the page,
# with all in it, as one waits for it where there are no scripts.
PARTS = {"yes": "audit_part.html", "all": "audit_all.html"}
NAMES = {"breaks": "What defeats itself", "gap": "What is not said", "risk": "What may be a risk"}


@dataclass
class Audits:
    """One audit for each agreement."""

    kept: "Kept[str, dict[str, Any]]" = field(default_factory=lambda: Kept(MOST))

    def ready(self, library: Library) -> bool:
        return self.kept.has(library.agreement.id)

    def of(self, library: Library) -> dict[str, Any]:
        """Raises a problem where the solvers are not installed."""
        from servanda.checks.frame.plain import audit

        try:
            return self.kept.of(library.agreement.id, lambda: audit(library))
        except MissingExtra as error:
            raise Problem(501, "The audit is not installed", str(error)) from error


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning with the story that shows it, or why there is none."""

    title: str
    sentence: str
    severity: str
    clauses: tuple[str, ...]
    readings: str
    story: story.Story | None
    no_story: str
    options: tuple[str, ...]


def about(library: Library, result: Mapping[str, Any], provision: str | None) -> list[Warned]:
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


def _warned(library: Library, one: Mapping[str, Any]) -> Warned:
    told = one["story"]
    return Warned(
        one["title"],
        one["sentence"],
        one["severity"],
        tuple(c["id"] for c in one["clauses"]),
        words.under(library, one["readings"]),
        None if told is None else story.of_audit(library.agreement.id, told),
        one["no_story"] or "",
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
    audits: Audits = request.app.state.audits
    if wants_json(request):
        return as_json(audits.of(library))
    extra = {"provision": provision} if provision else {}
    template = PARTS.get(part or "", "audit.html")
    shown, undecided = None, []
    if part or audits.ready(library):
        found = audits.of(library)
        shown, undecided = about(library, found, provision), found["undecided"]
    context: dict[str, Any] = {"view": view} if part in PARTS else _framed(request, view, extra)
    context |= {"warnings": shown, "names": NAMES, "provision": provision}
    context |= {"undecided": undecided}
    return rendered(request, template, context)


def _framed(request: Request, view: View, extra: dict[str, str]) -> dict[str, Any]:
    answer: Answer = request.app.state.desk.answer(view)
    return frame(answer, "provisions", "Audit", "audit", **extra)
