"""The list of provisions: each with the marks of its commitments, in the order of the text."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.pages.claimed import Column, columns
from servanda.web.respond import either
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])


def plain(answer: Answer) -> dict[str, Any]:
    """Schema `servanda.provisions/1`."""
    told = {"schema": "servanda.provisions/1", "hypothetical": answer.holding.hypothetical}
    return {**told, **answer.head, "provisions": answer.result["provisions"]}


@router.get("/agreements/{agreement}/provisions", name="provisions")
@router.get("/agreements/{agreement}/provisions.json", name="provisions.json")
def page(request: Request, view: Annotated[View, Depends(view_of)]) -> Response:
    """The provisions of an agreement with their implementation levels."""
    answer: Answer = request.app.state.desk.answer(view)
    return either(
        request, "provisions.html", lambda: plain(answer), lambda: context(answer), answer
    )


def context(answer: Answer) -> dict[str, Any]:
    levels = {p["id"]: p["implementation"] for p in answer.result["provisions"]}
    found: list[Column] = answer.derived("columns", lambda: columns(answer))
    ids = list(answer.library.agreement.provisions)
    rows = [(row, levels.get(identity)) for row, identity in zip(found, ids, strict=True)]
    return {**frame(answer, "provisions", "Provisions", "provisions"), "rows": rows}
