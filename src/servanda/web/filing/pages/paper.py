"""A paper of a case is sent: checked, entered, and the case shown again."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.docket.turns import Turn
from servanda.evidence.checked import text
from servanda.ledger.handling import Handling
from servanda.ledger.trying import Outcome
from servanda.web.desk import Answer
from servanda.web.filing import papers, rights
from servanda.web.filing.counter import Counter, counter_of, handled
from servanda.web.filing.sent import Sent, sent
from servanda.web.pages import case as page
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import to
from servanda.web.problems import Problem
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)], include_in_schema=False)
USES = ("assessment", "proceedings")
NOT_NOW = Refusal(
    "This paper cannot be written now: the case has gone on, or it is not yours to write. The page "
    "shows how the case stands."
)


@router.post("/agreements/{agreement}/cases/{case:path}", name="case.paper")
def written(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    case: str,
    given: Annotated[Sent, Depends(sent)],
) -> Response:
    """Enter a paper; what is wrong with it is told at its form."""
    counter = counter_of(request, view)
    if counter is None:
        raise Problem(409, "Not entered", "This server has no ledger in which it could be entered.")
    answer = request.app.state.desk.answer(View(view.agreement, sight=view.sight))
    found = page.found(answer, case, given.one("body"))
    may = found.before.turns(found.key, rights.hand_of(counter.person))
    about = given.one("about")
    turn = next((t for t in may if (t.kind, t.about) == (given.one("kind"), about)), None)
    try:
        if turn is None:
            turn = Turn(given.one("kind"), given.one("author"), about)
            _was_entered(counter, found, answer, turn, given)
        else:
            _enter(counter, found, answer, turn, given)
    except Refusal as error:
        return page.shown(request, answer, found, given, error)
    request.app.state.desk.shelf.hurry()
    return to(page.address(view, found.key))


def _enter(counter: Counter, found: page.Found, answer: Answer, turn: Turn, given: Sent) -> None:
    """Raises Refusal where the paper is not taken."""
    fields = papers.fields_of(answer, found.before, found.case, turn, given)
    if (empty := papers.missing(fields, given)) is not None:
        raise empty
    row = papers.row_of(counter.library, found.case, turn, fields, given, counter.now)
    handling = handling_of(text(row, "handling") or papers.CLASS)
    done = replace(counter, paper=True).enter(row, handling)
    if done.outcome is Outcome.REFUSED:
        raise Refusal(f"Not entered: {done.reason}.", done.field)


def handling_of(given: str) -> Handling:
    """The handling of a paper; what everybody is to see may be reported."""
    uses = (*USES, "reporting") if given == "public" else USES
    return handled(given, "not_recorded", uses)


def _was_entered(
    counter: Counter, found: page.Found, answer: Answer, turn: Turn, given: Sent
) -> None:
    """Whether the same form was sent before and stands; raises Refusal where it does not."""
    if turn.kind not in papers.TITLES:
        raise NOT_NOW
    fields = papers.fields_of(answer, found.before, found.case, turn, given)
    row = papers.row_of(counter.library, found.case, turn, fields, given, counter.now)
    with counter.ledger.reading() as reader:
        if reader.seq_of(row["id"]) is None:
            raise NOT_NOW
