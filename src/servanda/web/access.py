"""Who may see which page: one table, default deny.

A route that is not in the table is closed to everybody; a test compares the table with the routes.
So far there are three: a visitor who has not signed in, the public of a demo, an administrator.
"""

from collections.abc import Mapping
from enum import StrEnum

from fastapi import Request

from servanda.web.problems import Problem


class Role(StrEnum):
    """Who asks."""

    VISITOR = "visitor"
    PUBLIC = "public"
    ADMINISTRATOR = "administrator"


EVERYBODY = frozenset(Role)
READERS = frozenset({Role.PUBLIC, Role.ADMINISTRATOR})
OUTSIDE = frozenset({Role.VISITOR})
SIGNED_IN = frozenset({Role.ADMINISTRATOR})

# By the name of a route; the JSON of a page has the name of the page and `.json`.
ACCESS: Mapping[str, frozenset[Role]] = {
    "static": EVERYBODY,
    "health": EVERYBODY,
    "enter": EVERYBODY,
    "entered": OUTSIDE | SIGNED_IN,
    "leave": SIGNED_IN,
    "index": READERS,
    "index.json": READERS,
    "agreement": READERS,
    "agreement.json": READERS,
    "changes": READERS,
    "changes.json": READERS,
    "calendar": READERS,
    "provisions": READERS,
    "provisions.json": READERS,
    "provision": READERS,
    "provision.json": READERS,
    "records": READERS,
    "records.json": READERS,
    "record": READERS,
    "record.json": READERS,
    "map": READERS,
    "map.json": READERS,
    "claims": READERS,
    "claims.json": READERS,
    "audit": READERS,
    "audit.json": READERS,
    "api": READERS,
    "openapi": READERS,
}


def role_of(request: Request) -> Role:
    """Who asks: in a demo everybody is the public, else whoever has a session is administrator."""
    if request.app.state.settings.demo:
        return Role.PUBLIC
    signed_in = request.app.state.doors.knows(request.cookies.get(request.app.state.doors.cookie))
    return Role.ADMINISTRATOR if signed_in else Role.VISITOR


def allowed(route: str, role: Role) -> bool:
    """Whether a role may use a route; what is not listed nobody may."""
    return role in ACCESS.get(route, frozenset())


def decide(request: Request) -> None:
    """Let a request through or refuse it; every route depends on this."""
    role = role_of(request)
    request.state.role = role
    if allowed(request.scope["route"].name, role):
        return
    if role is Role.VISITOR:
        raise Problem(
            401,
            "Not signed in",
            "Open the one-time link that stands in the terminal where the server was started.",
        )
    raise Problem(403, "Not allowed", f"This page is not for the role {role}.")
