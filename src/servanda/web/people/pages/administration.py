"""Administration: who has an account, with which role; invitations; what ends an access."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from servanda.model.actor import ActorKind
from servanda.report.seats import members
from servanda.web import words
from servanda.web.people import accounts, administration, links, sessions, tries
from servanda.web.people.asking import session_of
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import (
    Word,
    form_page,
    link_address,
    office_of,
    to,
    when,
)
from servanda.web.people.person import Person
from servanda.web.people.roles import FOR_A_BODY, FOR_A_PARTY, OF_ACCOUNTS, TITLES, Role
from servanda.web.problems import not_found
from servanda.web.shelf import Shelf

router = APIRouter(include_in_schema=False)
SELVES = Refusal("Nobody by this name is a party or a body of an agreement here.", "acts_for")


def named(shelf: Shelf) -> tuple[dict[str, str], dict[str, str]]:
    """The parties and the bodies of all agreements that are served, by id with what they are
    called; an id that several agreements have is one."""
    parties: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for library in map(shelf.library, shelf.names):
        if library is None:
            continue
        agreement = library.agreement
        for actor in agreement.actors.values():
            found = bodies if actor.kind is ActorKind.BODY else parties
            if actor.is_side or actor.kind is ActorKind.BODY:
                found.setdefault(actor.id, words.who(agreement, actor.id))
        for one in agreement.institutions:
            bodies.setdefault(one, words.who(agreement, one))
    return parties, bodies


def seats(shelf: Shelf) -> dict[str, str]:
    """The members of bodies, of all agreements that are served, by id with what they are called."""
    found: dict[str, str] = {}
    for library in map(shelf.library, shelf.names):
        if library is not None:
            for body in library.agreement.institutions.values():
                for one in members(library.agreement, body):
                    found.setdefault(one, words.who(library.agreement, one))
    return found


def _checked(request: Request, role: str, acts_for: str, seat: str = "") -> None:
    """Raises a refusal where a role acts for somebody whom no agreement names."""
    if seat and seat not in seats(request.app.state.desk.shelf):
        raise Refusal("Nobody by this name is a member of a body of an agreement here.", "seat")
    given, whom = accounts.checked_role(role, acts_for)
    parties, bodies = named(request.app.state.desk.shelf)
    if (given in FOR_A_PARTY and whom not in parties) or (
        given in FOR_A_BODY and whom not in bodies
    ):
        raise SELVES


@router.get("/people", name="people")
def people(request: Request) -> Response:
    """All accounts, and the form that invites somebody."""
    return _people(request)


def _people(
    request: Request,
    error: Refusal | None = None,
    given: tuple[str, str, str, str] = ("", "", "", ""),
) -> Response:
    office = office_of(request)
    with office.store.reading() as connection:
        everybody = accounts.everybody(connection)
    context = {"title": "People", "people": everybody, "given": given, **_choices(request)}
    return form_page(request, "people/people.html", context, error)


def _choices(request: Request) -> dict[str, Any]:
    parties, bodies = named(request.app.state.desk.shelf)
    return {
        "roles": [(role.value, TITLES[role]) for role in OF_ACCOUNTS],
        "parties": _by_title(parties),
        "bodies": _by_title(bodies),
        "seats": _by_title(seats(request.app.state.desk.shelf)),
        "titles": {role.value: TITLES[role] for role in Role},
    }


def _by_title(found: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(found.items(), key=lambda one: one[1].casefold())


@router.post("/people", name="people.invite")
def invite(
    request: Request, name: Word = "", role: Word = "", acts_for: Word = "", seat: Word = ""
) -> Response:
    """Make an account, and show the link by which its password is set."""
    by = session_of(request).person
    try:
        _checked(request, role, acts_for, seat)
        person, secret = administration.invite(office_of(request), by, name, role, acts_for, seat)
    except Refusal as error:
        return _people(request, error, (name[:60], role, acts_for, seat))
    return _link(request, person, secret, links.INVITATION)


def _link(request: Request, person: Person, secret: str, kind: str) -> Response:
    """The only page on which the secret ever stands."""
    context = {
        "title": "A link for " + person.name,
        "one": person,
        "address": link_address(request, secret),
        "kind": kind,
        "until": when(office_of(request).now + links.LIVES[kind]),
    }
    return form_page(request, "people/link.html", context)


@router.get("/people/{account}", name="people.person")
def person(request: Request, account: str) -> Response:
    """One account, and what can be done with it."""
    return _person(request, _found(request, account))


def _found(request: Request, account: str) -> Person:
    found = administration.find(office_of(request), account)
    if found is None:
        raise not_found("There is no such account.")
    return found


def _person(request: Request, one: Person, error: Refusal | None = None) -> Response:
    office = office_of(request)
    key = tries.key("name", accounts.key_of(one.name))
    with office.store.reading() as connection:
        opened = sessions.of_account(office, connection, one.account)
        waiting = tries.waiting(connection, [key], office.now)
    context = {
        "title": one.name,
        "one": one,
        "own": one.account == session_of(request).person.account,
        "sessions": [(o, when(o.made), when(o.seen)) for o in opened],
        "waiting": -(-waiting // 60),
        **_choices(request),
    }
    return form_page(request, "people/person.html", context, error)


@router.post("/people/{account}/role", name="people.role")
def role(
    request: Request, account: str, role: Word = "", acts_for: Word = "", seat: Word = ""
) -> Response:
    """Change the role."""
    one, by = _found(request, account), session_of(request).person
    try:
        _checked(request, role, acts_for, seat)
        administration.change_role(office_of(request), by, one, role, acts_for, seat)
    except Refusal as error:
        return _person(request, one, error)
    return to(f"/people/{one.account}")


@router.post("/people/{account}/lock", name="people.lock")
def lock(request: Request, account: str, locked: Word = "") -> Response:
    """Lock an account, or unlock it."""
    one, by = _found(request, account), session_of(request).person
    try:
        administration.lock(office_of(request), by, one, locked == "yes")
    except Refusal as error:
        return _person(request, one, error)
    return to(f"/people/{one.account}")


@router.post("/people/{account}/link", name="people.link")
def link(request: Request, account: str) -> Response:
    """Make a link for a new password."""
    one, by = _found(request, account), session_of(request).person
    secret = administration.new_link(office_of(request), by, one)
    kind = links.PASSWORD if one.has_password else links.INVITATION
    return _link(request, one, secret, kind)


@router.post("/people/{account}/second-factor", name="people.factor")
def factor(request: Request, account: str) -> Response:
    """Take a lost second factor off."""
    one = _found(request, account)
    administration.factor_off(office_of(request), session_of(request).person, one)
    return to(f"/people/{one.account}")


@router.post("/people/{account}/sessions", name="people.sessions")
def end(request: Request, account: str) -> Response:
    """End all sessions of somebody."""
    one = _found(request, account)
    administration.end_sessions(office_of(request), session_of(request).person, one)
    return to(f"/people/{one.account}")


@router.post("/people/{account}/untie", name="people.untie")
def untie(request: Request, account: str) -> Response:
    """No OpenID provider lets this account in any more."""
    one = _found(request, account)
    administration.untie(office_of(request), session_of(request).person, one)
    return to(f"/people/{one.account}")
