"""Who may use which address: one table, default deny.

A route that is not in the table is closed to everybody; a test compares the table with the routes,
for every role.  A draft that was not released is for those who draft, whatever the page.  What a
role sees of the records on a page that it may use: `people.sight`.
"""

from collections.abc import Mapping

from fastapi import Request

from servanda.library import Library
from servanda.web.drafting.readers import Drafts
from servanda.web.people.asking import who_asks
from servanda.web.people.person import VISITOR, Person
from servanda.web.people.roles import OF_ACCOUNTS
from servanda.web.people.roles import Role as Role  # noqa: PLC0414  pages say it from here
from servanda.web.problems import Problem, not_served
from servanda.web.shelf import Shelf

EVERYBODY = frozenset(Role)
FILES = frozenset(Role)  # as everybody; who asks is not even looked up
SIGNED_IN = frozenset(OF_ACCOUNTS)
READERS = SIGNED_IN | {Role.PUBLIC}
OUTSIDE = frozenset({Role.VISITOR, Role.PUBLIC})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
OFFICERS = frozenset({Role.SECRETARIAT, Role.CHAIR})  # who may release an edition
WATCHERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
FILERS = frozenset({Role.PARTY, Role.MONITOR, Role.SECRETARIAT, Role.CHAIR})
COMPLAINANTS = frozenset({Role.PARTY})
WRITERS = frozenset({Role.PARTY, Role.SECRETARIAT, Role.MEMBER, Role.CHAIR})
# Who reads a draft that was not released, and who may release it.
DRAFTERS = frozenset(
    {Role.DRAFTER, Role.EDITOR, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.AUDITOR}
)
EDITORS = frozenset({Role.EDITOR, Role.SECRETARIAT})

# By the name of a route; the JSON of a page has the name of the page and `.json`.
ACCESS: Mapping[str, frozenset[Role]] = {
    "static": FILES,
    "health": FILES,
    "enter": EVERYBODY,
    "entered": EVERYBODY,
    "sign_in": EVERYBODY,
    "signed_in": EVERYBODY,
    "code": OUTSIDE,
    "coded": OUTSIDE,
    "provider": EVERYBODY,
    "provider.back": EVERYBODY,
    "leave": SIGNED_IN,
    "account": SIGNED_IN,
    "account.password": SIGNED_IN,
    "account.factor": SIGNED_IN,
    "account.factor.begin": SIGNED_IN,
    "account.factor.confirm": SIGNED_IN,
    "account.factor.off": SIGNED_IN,
    "account.sessions": SIGNED_IN,
    "account.provider": SIGNED_IN,
    "people": ADMINISTRATORS,
    "people.invite": ADMINISTRATORS,
    "people.person": ADMINISTRATORS,
    "people.role": ADMINISTRATORS,
    "people.lock": ADMINISTRATORS,
    "people.link": ADMINISTRATORS,
    "people.factor": ADMINISTRATORS,
    "people.sessions": ADMINISTRATORS,
    "people.untie": ADMINISTRATORS,
    "trail": WATCHERS,
    "trail.json": WATCHERS,
    "sign_ins": WATCHERS,
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
    "live": READERS,
    "base": READERS,
    "cases": READERS,
    "cases.json": READERS,
    "case": READERS,
    "case.json": READERS,
    "case.paper": WRITERS,
    "complaint": COMPLAINANTS,
    "complaint.lodged": COMPLAINANTS,
    "file": FILERS,
    "file.sent": FILERS,
    "audit": READERS,
    "audit.json": READERS,
    "public": EVERYBODY,
    "public.json": EVERYBODY,
    "public.latest": EVERYBODY,
    "feed": EVERYBODY,
    "edition": EVERYBODY,
    "edition.json": EVERYBODY,
    "edition.csv": EVERYBODY,
    "edition.geojson": EVERYBODY,
    "edition.ics": EVERYBODY,
    "edition.embed": EVERYBODY,
    "editions": OFFICERS,
    "editions.prepare": OFFICERS,
    "editions.edition": OFFICERS,
    "editions.notice": OFFICERS,
    "editions.release": OFFICERS,
    "editions.withdraw": OFFICERS,
    "editions.drop": OFFICERS,
    "drafts": READERS,
    "drafts.json": READERS,
    "drafts.draft": DRAFTERS,
    "drafts.release": EDITORS,
    "drafts.withdraw": EDITORS,
    "compare": READERS,
    "compare.json": READERS,
    "ends": SIGNED_IN,
    "ends.json": SIGNED_IN,
    "what_if": SIGNED_IN,
    "what_if.json": SIGNED_IN,
    "what_if.sent": SIGNED_IN,
    "api": READERS,
    "openapi": READERS,
}

# What a demo, whose texts are public, shows to everybody besides.
IN_A_DEMO = frozenset(("ends", "ends.json", "what_if", "what_if.json"))


def allowed(route: str, role: Role) -> bool:
    """Whether a role may use a route; what is not listed nobody may."""
    return role in ACCESS.get(route, frozenset())


def may(request: Request, route: str) -> bool:
    """Whether whoever asks may use a route."""
    role = getattr(request.state, "role", Role.VISITOR)
    return allowed(route, role) or (request.app.state.settings.demo and route in IN_A_DEMO)


def reads(request: Request, person: Person, agreement: str) -> bool:
    """Whether somebody may know of an agreement that is served: not of a draft held back."""
    drafts: Drafts = request.app.state.drafts
    return person.role in DRAFTERS or not drafts.held(agreement)


def readable(request: Request) -> list[Library]:
    """The agreements that are served and that whoever asks may know of."""
    shelf: Shelf = request.app.state.desk.shelf
    person = request.state.person
    found = (shelf.library(name) for name in shelf.names if reads(request, person, name))
    return [one for one in found if one is not None]


def _about(request: Request, person: Person) -> None:
    """Refuse a page about an agreement of which whoever asks may not know."""
    text: str | None = request.path_params.get("agreement")
    if text is None:
        return
    # One and the same answer where there is none, before anything else of the request is read.
    held = request.app.state.drafts.held(text)
    served = text in request.app.state.desk.shelf.names
    if not served or (held and person.role not in DRAFTERS):
        raise not_served(text)
    request.state.held = held


def decide(request: Request) -> None:
    """Let a request through or refuse it; every route depends on this."""
    route = request.scope["route"].name
    person = VISITOR if ACCESS.get(route) is FILES else who_asks(request)
    request.state.person = person
    request.state.role = person.role
    if may(request, route):
        if ACCESS.get(route) is not EVERYBODY:  # what was released to all is not taken back so
            _about(request, person)
        return
    if person.role in OUTSIDE:
        raise Problem(401, "Not signed in", "This page is for those who have signed in.")
    raise Problem(403, "Not allowed", f"This page is not for the role “{person.title}”.")
