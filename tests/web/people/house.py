"""A server with accounts, a clock that tests move, and browsers to look at it with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher, Type
from fastapi import FastAPI
from starlette.testclient import TestClient

from servanda.web.app import create_app
from servanda.web.people import accounts, forms, sessions
from servanda.web.people.office import Office, Place, open_office
from servanda.web.people.passwords import Passwords
from servanda.web.people.person import Person
from servanda.web.people.roles import Role, acts_for_somebody
from servanda.web.settings import Settings

ORIGIN = "http://testserver"
DOMAIN = "testserver.local"  # as the client of the tests calls it
PASSWORD = "several words in a row"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]*)"')

VALLEYS = """\
# Two valleys

~~~servanda
agreement valleys "Two valleys"
  zone UTC
  draft 2026-01-01
  status in force
  in force when 2026-01-01

party Upper
party Lower
body Commission

institution Commission
  vote 2 of 3
  competent for everything else

~~~

## p1. Peace

Neither valley attacks the other.

~~~servanda
prohibition p1.peace "neither attacks the other"
  bearer each of {Upper, Lower}
  toward the other
  not attack by bearer on other
  from in_force
~~~
"""


class Clock:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """Somebody at a screen: keeps cookies, and sends with forms what their page carried."""

    client: TestClient
    house: "House"

    def get(self, address: str, **headers: str) -> Any:
        return self.client.get(address, headers=headers)

    def send(self, action: str, page: str | None = None, /, **fields: str) -> Any:
        """Send a form, with the token of a page where one is named, else of the cookie."""
        if page is not None:
            token = _TOKEN.search(self.get(page).text)
            assert token is not None, page
            told = token[1]
        else:
            told = forms.token_from(self.secret)
        return self.client.post(
            action,
            data={forms.FIELD: told, **fields},
            headers={"origin": ORIGIN},
            follow_redirects=False,
        )

    @property
    def secret(self) -> str:
        office = self.house.office
        cookies = self.client.cookies
        return cookies.get(office.cookie) or cookies.get(office.form_cookie) or ""

    @property
    def session(self) -> str | None:
        return self.client.cookies.get(self.house.office.cookie)

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        return self.send("/sign-in", "/sign-in", name=name, password=password)


@dataclass
class House:
    office: Office
    clock: Clock
    app: FastAPI
    _names: dict[tuple[Role, str | None], Person] = field(default_factory=dict)

    def browser(self) -> Browser:
        return Browser(TestClient(self.app), self)

    def account(
        self, name: str, role: Role, acts_for: str | None = None, seat: str | None = None
    ) -> Person:
        """An account that can sign in with PASSWORD."""
        if acts_for is None and acts_for_somebody(role):
            acts_for = "Upper" if role is Role.PARTY else "Commission"
        hashed = self.office.passwords.hash(PASSWORD)
        with self.office.store.writing() as connection:
            made = accounts.add(connection, self.office.now, name, role, acts_for, seat)
            return accounts.change(connection, made.account, password=hashed)

    def of(self, role: Role, acts_for: str | None = None) -> Person:
        """Somebody with a role, the same at each asking."""
        key = (role, acts_for)
        if key not in self._names:
            self._names[key] = self.account(f"{role} {acts_for or ''}x", role, acts_for)
        return self._names[key]

    def begin(self, person: Person) -> Browser:
        """A browser with a session, without the page for signing in."""
        found = self.browser()
        self.clock.now += 1  # so that the oldest session is known
        with self.office.store.writing() as connection:
            token = sessions.begin(self.office, connection, person.account, Place("here", "test"))
        found.client.cookies.set(self.office.cookie, token, domain=DOMAIN)
        return found

    def as_role(self, role: Role, acts_for: str | None = None) -> Browser:
        if role in (Role.VISITOR, Role.PUBLIC):
            return self.browser()
        return self.begin(self.of(role, acts_for))


def build(folder: Path, **settings: Any) -> House:
    """A server on the two valleys; `settings` are further ones."""
    text = folder / "valleys.md"
    if not text.exists():
        text.write_text(VALLEYS)
    clock = Clock()
    office = open_office(
        str(folder / "people.db"),
        secure=settings.pop("secure", False),
        passwords=Passwords(QUICK),
        clock=clock,
    )
    told: Mapping[str, Any] = {"agreements": (str(text),), "hosts": ("testserver",), **settings}
    return House(office, clock, create_app(Settings(**told), office))
