"""What the pages for filing have in common: where one is, and whether one can file there."""

from typing import Any

from fastapi import Request

from servanda.web.filing import rights
from servanda.web.filing.counter import counter_of
from servanda.web.frame import navigation
from servanda.web.people.asking import session_of
from servanda.web.view import View


def head(request: Request, view: View, title: str, here: str) -> dict[str, Any]:
    """`ledger`: whether there is one; `outside`: why the person cannot file in this agreement."""
    agreement = request.app.state.desk.library(view.agreement).agreement
    counter = counter_of(request, view)
    shut = counter.shut if counter else ""
    return {
        "title": title,
        "here": here,
        "view": View(view.agreement),
        "agreement_title": agreement.header.title,
        "nav": navigation(View(view.agreement)),
        "ledger": request.app.state.settings.ledger is not None,
        "outside": rights.outside(session_of(request).person, agreement) or shut,
    }
