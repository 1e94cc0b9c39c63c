"""One draft: who reads it now, what became of it, and the forms that release it or take it back."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from servanda.library import Library
from servanda.web import words
from servanda.web.drafting import rules, store
from servanda.web.drafting.readers import Drafts
from servanda.web.people.asking import session_of
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import Word, form_page, office_of, to, when
from servanda.web.people.reasons import MOST_REASON
from servanda.web.problems import not_found

router = APIRouter(include_in_schema=False)


@router.get("/drafts/{agreement}/release", name="drafts.draft")
def draft(request: Request, agreement: str) -> Response:
    """Who reads it, and since when."""
    return _page(request, agreement)


def _page(
    request: Request, agreement: str, error: Refusal | None = None, given: str = ""
) -> Response:
    library, drafts = _found(request, agreement)
    header = library.agreement.header
    provisions = library.agreement.provisions.values()
    digest = drafts.digest(agreement)
    history = drafts.history(agreement)
    context = {
        "title": header.title,
        "agreement": agreement,
        "status": header.status.value,
        "day": "" if header.draft is None else words.day(header.draft),
        "digest": digest,
        "release": drafts.standing(agreement),
        "history": [(step, step.digest == digest) for step in history],
        "others": [one for one in store.all_standing(history) if one.digest != digest],
        "brackets": sum(len(one.brackets) for one in provisions),
        "incomplete": header.incomplete or "",
        "public": request.app.state.settings.public,
        "given": given,
        "when": when,
        "longest": MOST_REASON,
        "held": False,  # the page itself says so
    }
    return form_page(request, "drafting/draft.html", context, error)


def _found(request: Request, agreement: str) -> tuple[Library, Drafts]:
    library: Library = request.app.state.desk.library(agreement)
    drafts: Drafts = request.app.state.drafts
    if not drafts.draft(agreement):
        raise not_found("This text is no draft that is held back: all who read here may read it.")
    return library, drafts


@router.post("/drafts/{agreement}/release", name="drafts.release")
def release(
    request: Request, agreement: str, seen: Word = "", reason: Word = "", sure: Word = ""
) -> Response:
    """Open it to all who read here, under the own name."""
    _, drafts = _found(request, agreement)
    by = session_of(request).person
    try:
        if sure != "yes":
            raise Refusal("Say that you may release it: what others copy is not called back.",
                          "sure")  # fmt: skip
        digest = drafts.digest(agreement)
        rules.release(office_of(request), by, agreement, digest, seen, reason)
    except Refusal as error:
        return _page(request, agreement, error, reason)
    return to(f"/drafts/{agreement}/release")


@router.post("/drafts/{agreement}/withdraw", name="drafts.withdraw")
def withdraw(request: Request, agreement: str, text: Word = "", reason: Word = "") -> Response:
    """Keep a text to those who draft again: the one that is served, or an earlier one by digest."""
    _, drafts = _found(request, agreement)
    by = session_of(request).person
    digest = text or drafts.digest(agreement)
    try:
        rules.withdraw(office_of(request), by, agreement, digest, reason)
    except Refusal as error:
        return _page(request, agreement, error, reason)
    return to(f"/drafts/{agreement}/release")
