"""The docket: all cases before the bodies of an agreement, where each stands and what is next.

In: an answer.  Out: rows, and `servanda.cases/1` as JSON, of what whoever asks may see.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.report.cases import SCHEMA, docket
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.marks import Mark
from servanda.web.pages import decision
from servanda.web.pages import proceeding as told
from servanda.web.respond import either
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
MARKS = {
    "open": Mark("now", "open"),
    "referred": Mark("todo", "referred"),
    "inadmissible": Mark("todo", "not heard"),
    "voting": Mark("now", "voting"),
    "under appeal": Mark("now", "under appeal"),
    "found": Mark("done", "found"),
    "overturned": Mark("expired", "overturned"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the list; one that is not shown has no address."""

    number: str
    body: str
    mark: Mark
    address: str = ""
    parties: str = ""
    commitment: str = ""
    provision: str = ""
    next: str = ""
    due: str = ""


def plain(answer: Answer) -> dict[str, Any]:
    """The docket as data.  What is not seen is not among the records of the question."""
    made = answer.derived("docket", lambda: docket(answer.question, before=told.before(answer)))
    invented = {"hypothetical": True} if answer.holding.hypothetical else {}
    return {"schema": SCHEMA, **invented, **made, "audience": answer.view.sight.audience}


@router.get("/agreements/{agreement}/cases", name="cases")
@router.get("/agreements/{agreement}/cases.json", name="cases.json")
def page(request: Request, view: Annotated[View, Depends(view_of)]) -> Response:
    """All cases: number, parties, commitment, state, next step and until when."""
    answer: Answer = request.app.state.desk.answer(view)
    return either(request, "cases.html", lambda: plain(answer), lambda: context(answer), answer)


def context(answer: Answer) -> dict[str, Any]:
    data = plain(answer)
    agreement = answer.library.agreement
    return {
        **frame(answer, "cases", "Cases", "cases"),
        "rows": [line(answer, row) for row in data["cases"]],
        "own_motion": [decision.ruled(answer, row) for row in data["own_motion"]],
        "no_case": [(one["complaint"], told.reason(answer, one["why"])) for one in data["no_case"]],
        "withdrawn": data["withdrawn"],
        "bodies": [words.who(agreement, name) for name in agreement.institutions],
    }


def line(answer: Answer, row: Any) -> Line:
    body, mark = told.listed(answer, [row["body"]]), MARKS[row["status"]]
    if row["withheld"]:
        return Line(row["number"], body, mark)
    agreement, coming = answer.library.agreement, row["next"]
    norm = agreement.norms.get(row["norm"].partition("[")[0])
    commitment = row["norm"]
    provision = ""
    if norm is not None:
        commitment = (
            f"{words.number(norm.provision or '')} · {words.sentence(norm.text or norm.id)}"
        )
        provision = answer.view.address("provisions", norm.provision or norm.id)
    return Line(
        row["number"],
        body,
        mark,
        address(answer.view, (row["body"], row["complaint"])),
        " about ".join(told.listed(answer, [row[who]]) for who in ("complainant", "respondent")),
        commitment,
        provision,
        "" if coming is None else f"{told.listed(answer, coming['who'])}: {coming['step']}",
        "" if coming is None else told.until(answer, coming["due"]),
    )


def address(view: View, key: tuple[str, str]) -> str:
    """The address of a case by its body and complaint."""
    return view.address("cases", key[1], body=key[0])
