"""Who asks: from the cookie of a request to a person."""

from fastapi import Request
from starlette.responses import Response

from servanda.web.people import sessions
from servanda.web.people.office import Office, Place
from servanda.web.people.person import PUBLIC, VISITOR, Person
from servanda.web.people.sessions import Session


def who_asks(request: Request) -> Person:
    """In a demo everybody is the public; a session whose code is missing is nobody's yet."""
    request.state.session = _session(request, used=True)
    return _person(request, request.state.session)


def looks_on(request: Request) -> Person:
    """Who has a page open: as `who_asks`, but a session is not kept open by that."""
    return _person(request, _session(request, used=False))


def _session(request: Request, used: bool) -> Session | None:
    if request.app.state.settings.demo:
        return None
    office: Office = request.app.state.office
    session = sessions.find(office, request.cookies.get(office.cookie), used=used)
    return session if session is not None and session.whole else None


def _person(request: Request, session: Session | None) -> Person:
    if session is not None:
        return session.person
    settings = request.app.state.settings
    return PUBLIC if settings.demo or settings.public else VISITOR


def session_of(request: Request) -> Session:
    """The session of somebody who has signed in; the table of access lets nobody else come here."""
    session: Session = request.state.session
    return session


def place_of(request: Request) -> Place:
    address = request.client.host if request.client is not None else ""
    return Place(address, request.headers.get("user-agent", ""))


def with_session(request: Request, response: Response, token: str) -> Response:
    """Give the browser a session; the cookie goes when the browser is closed."""
    office: Office = request.app.state.office
    response.set_cookie(
        office.cookie, token, path="/", secure=office.secure, httponly=True, samesite="strict"
    )
    response.delete_cookie(
        office.form_cookie, path="/", secure=office.secure, httponly=True, samesite="strict"
    )
    return response
