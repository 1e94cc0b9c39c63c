"""The office of editions: prepare one, say that the parties were told, release it, withdraw it."""

from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from servanda.evidence.standard import DEFAULT_STANDARD, GENERAL_STANDARDS
from servanda.library import InputError, Library
from servanda.report.edition.document import edition as document_of
from servanda.web import words
from servanda.web.access import readable, reads
from servanda.web.desk import Answer, Desk
from servanda.web.drafting.readers import Drafts
from servanda.web.editions import rules, store
from servanda.web.editions.release import releases
from servanda.web.editions.say import speech
from servanda.web.editions.shown import page as shown
from servanda.web.editions.store import Edition
from servanda.web.people.asking import session_of
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import Word, form_page, office_of, to, when
from servanda.web.people.person import Person
from servanda.web.problems import Problem, not_found, not_served
from servanda.web.view import View

router = APIRouter(include_in_schema=False)
FORM = ("agreement", "as_of", "known_at", "standard", "corrects")
TAKEN_BACK = (
    "The draft was not released as it is, or was taken back since this edition was prepared: "
    "release the draft first, and prepare the edition anew."
)
HELD = "This draft is restricted to drafters: release the draft first."


@router.get("/editions", name="editions")
def editions(request: Request) -> Response:
    """All editions, and the form that prepares one."""
    return _editions(request)


def _editions(
    request: Request, error: Refusal | None = None, given: dict[str, str] | None = None
) -> Response:
    by = session_of(request).person
    with office_of(request).store.reading() as connection:
        every = store.every(connection)
    agreements = _agreements(request, by)
    mine = {identity for identity, _ in agreements}
    context = {
        "title": "Editions",
        "rows": [(one, _standing(one)) for one in every],
        "agreements": agreements,
        "standards": [(name, words.standard(name)) for name in GENERAL_STANDARDS],
        "correctable": [
            one for one in releases(every) if one.corrected_by is None
            and one.edition.agreement in mine
        ],
        "given": {**dict.fromkeys(FORM, ""), "standard": DEFAULT_STANDARD, **(given or {})},
        "when": when,
    }  # fmt: skip
    return form_page(request, "editions/list.html", context, error)


def _agreements(request: Request, by: Person) -> list[tuple[str, str]]:
    """Those for which this officer may act, by id with their titles; no draft held back."""
    drafts: Drafts = request.app.state.drafts
    told = [(lib.agreement.id, lib.agreement.header.title) for lib in readable(request)
            if rules.acts_in(by, lib.agreement) and not drafts.held(lib.agreement.id)]  # fmt: skip
    return sorted(told, key=lambda one: one[1].casefold())


def _standing(one: Edition) -> str:
    if one.withdrawn:
        return f"edition {one.number}, withdrawn"
    if one.released:
        return f"edition {one.number}, released"
    return "given up" if one.dropped else "in preparation"


@router.post("/editions", name="editions.prepare")
def prepare(
    request: Request, agreement: Word = "", as_of: Word = "", known_at: Word = "",
    standard: Word = DEFAULT_STANDARD, corrects: Word = "",
) -> Response:  # fmt: skip
    """Make the document of an edition from what is public, and keep it."""
    given = dict(zip(FORM, (agreement, as_of, known_at, standard, corrects), strict=True))
    office, by = office_of(request), session_of(request).person
    desk: Desk = request.app.state.desk
    if agreement not in desk.shelf.names or not reads(request, by, agreement):
        return _editions(request, Refusal("Choose an agreement.", "agreement"), given)
    rules.check_officer(by, desk.library(agreement))
    if request.app.state.drafts.held(agreement):
        return _editions(request, Refusal(HELD, "agreement"), given)
    view = View(agreement, as_of.strip() or None, known_at.strip() or None, standard)
    try:
        answer = desk.answer(view)
        made = _document(answer, datetime.fromtimestamp(office.now, UTC).date())
        number = rules.prepare(office, by, made, int(corrects) if corrects.isdigit() else None)
    except InputError as error:
        return _editions(request, Refusal(str(error)), given)
    except Refusal as error:
        return _editions(request, error, given)
    return to(f"/editions/{number}")


def _document(answer: Answer, today: date) -> dict[str, Any]:
    return document_of(answer.question, answer.result, today)


@router.get("/editions/{edition}", name="editions.edition")
def edition(request: Request, edition: str) -> Response:
    """One edition: what it will say, what became of it, and what is still missing."""
    return _edition(request, _found(request, edition))


def _found(request: Request, edition: str) -> Edition:
    wanted = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 10 else 0
    with office_of(request).store.reading() as connection:
        one = store.by_id(connection, wanted)
    if one is None:
        raise not_found("There is no such edition.")
    return one


def _mine(request: Request, edition: str) -> tuple[Edition, Library, Person]:
    """An edition for which this officer may act, with its agreement."""
    one, by = _found(request, edition), session_of(request).person
    if not reads(request, by, one.agreement):
        raise not_served(one.agreement)
    library = request.app.state.desk.library(one.agreement)
    rules.check_officer(by, library)
    return one, library, by


def _edition(
    request: Request, one: Edition, error: Refusal | None = None, given: str = ""
) -> Response:
    office, by = office_of(request), session_of(request).person
    library = _known(request, by, one)
    parties = _parties(library)
    wait = request.app.state.settings.notice_hours * rules.HOUR
    told = rules.conditions(one, parties, wait, office.now, when)
    with office.store.reading() as connection:
        every = {other.id: other for other in store.every(connection)}
    old = None if one.corrects is None else every[one.corrects]
    english = speech("en")
    context = {
        "title": one.title,
        "one": one,
        "standing": _standing(one),
        "old": old,
        "parties": [(p, t, one.notified.get(p)) for p, t in parties],
        "conditions": told,
        "ready": all(condition.met for condition in told),
        "mine": _acts(by, library),
        "when": when,
        "now": datetime.fromtimestamp(office.now, UTC).strftime("%Y-%m-%dT%H:%M"),
        "given": given,
        "speech": english,
        "document": one.document,
        "page": shown(one.document, english),
    }
    return form_page(request, "editions/edition.html", context, error)


def _known(request: Request, by: Person, one: Edition) -> Library | None:
    """The agreement of an edition as it is served; None where it is not, or not to this officer."""
    if not reads(request, by, one.agreement):
        return None
    found: Library | None = request.app.state.desk.shelf.library(one.agreement)
    return found


def _acts(by: Person, library: Library | None) -> bool:
    try:
        rules.check_officer(by, library)
    except Problem:
        return False
    return True


def _parties(library: Library | None) -> list[tuple[str, str]]:
    if library is None:
        return []
    agreement = library.agreement
    return [(name, words.who(agreement, name)) for name in rules.sides(agreement)]


@router.post("/editions/{edition}/notices", name="editions.notice")
def notice(request: Request, edition: str, party: Word = "", at: Word = "") -> Response:
    """Record that a party was told, and when."""
    one, library, by = _mine(request, edition)
    try:
        told = _instant(at)
        rules.notify(office_of(request), by, one.id, rules.sides(library.agreement), party, told)
    except Refusal as error:
        return _edition(request, one, error)
    return to(f"/editions/{one.id}")


def _instant(text: str) -> int:
    """Seconds of what a form gives as a day with its time, in the time of the world."""
    try:
        return int(datetime.fromisoformat(text.strip()).replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError) as error:
        raise Refusal("Write day and time, such as 2026-03-14T12:00 (UTC).", "at") from error


@router.post("/editions/{edition}/release", name="editions.release")
def release(request: Request, edition: str, sure: Word = "") -> Response:
    """Publish it, under the own name."""
    one, library, by = _mine(request, edition)
    wait = request.app.state.settings.notice_hours * rules.HOUR
    try:
        if not request.app.state.drafts.stood_at(one.agreement, one.made):
            raise Refusal(TAKEN_BACK)
        if sure != "yes":
            raise Refusal("Say that you have read it: it cannot be called back.", "sure")
        rules.release(office_of(request), by, one.id, rules.sides(library.agreement), wait)
    except Refusal as error:
        return _edition(request, one, error)
    return to(f"/editions/{one.id}")


@router.post("/editions/{edition}/withdraw", name="editions.withdraw")
def withdraw(request: Request, edition: str, reason: Word = "") -> Response:
    """Take it back, with a reason that everybody reads."""
    one, by = _found(request, edition), session_of(request).person
    rules.check_officer(by, _known(request, by, one))
    try:
        rules.withdraw(office_of(request), by, one.id, reason)
    except Refusal as error:
        return _edition(request, one, error, reason)
    return to(f"/editions/{one.id}")


@router.post("/editions/{edition}/drop", name="editions.drop")
def drop(request: Request, edition: str) -> Response:
    """Give up an edition that was not released."""
    one, _, by = _mine(request, edition)
    try:
        rules.drop(office_of(request), by, one.id)
    except Refusal as error:
        return _edition(request, one, error)
    return to(f"/editions/{one.id}")
