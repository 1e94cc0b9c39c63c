"""Every form of every page carries a token, and nothing is changed without it."""

import re

import pytest

from servanda.web.app import routes
from servanda.web.people import forms, schema, trail
from servanda.web.people.roles import Role
from tests.web.people.house import ORIGIN, House

CHANGING = sorted(
    {(m, r.path) for r in routes() for m in r.methods or () if m not in ("GET", "HEAD")}
)
# Who may send a form, where that is not the administrator.
ROLES = {
    "/editions": Role.SECRETARIAT,
    "/drafts/{agreement}": Role.EDITOR,
    "/agreements/{agreement}/file": Role.SECRETARIAT,
    "/agreements/{agreement}/complaint": Role.PARTY,
    "/agreements/{agreement}/cases": Role.PARTY,
}
PAGES = ("/", "/account", "/people", "/people/{account}", "/trail", "/sign-ins")


def test_what_changes_something_is_posted() -> None:
    assert {method for method, _ in CHANGING} == {"POST"}
    assert len(CHANGING) >= 14


def _state(house: House) -> object:
    with house.office.store.reading() as connection:
        rows = [tuple(row) for row in connection.execute(schema.accounts.select())]
        return rows, [one.what for one in trail.lines(connection)]


@pytest.mark.parametrize("path", [path for _, path in CHANGING])
def test_nothing_is_changed_without_the_token(house: House, path: str) -> None:
    other = house.account("Other", Role.MONITOR)
    role = Role.VISITOR if path.startswith("/sign-in") else Role.ADMINISTRATOR
    role = next((of for begin, of in ROLES.items() if path.startswith(begin)), role)
    one = house.as_role(role)
    one.get("/sign-in")
    strange = house.begin(other)
    before = _state(house)
    fields = {"name": "New", "role": "monitor", "locked": "yes", "password": "x" * 20}
    for token in (None, "", "0" * 64, forms.token_from(strange.secret), "ü", one.secret):
        data = fields if token is None else {**fields, forms.FIELD: token}
        answer = one.client.post(
            path.replace("{account}", other.account)
            .replace("{edition}", "1")
            .replace("{agreement}", "valleys"),
            data=data,
            headers={"origin": ORIGIN},
        )
        assert answer.status_code == 403
        assert "out of date" in answer.text
    assert _state(house) == before


@pytest.mark.parametrize("path", [path for _, path in CHANGING])
def test_nothing_is_taken_from_another_site(house: House, path: str) -> None:
    one = house.as_role(Role.ADMINISTRATOR)
    data = {forms.FIELD: forms.token_from(one.secret)}
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {}):
        answer = one.client.post(path, data=data, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["title"] == "From another site"


def test_every_form_carries_its_token(house: House) -> None:
    other = house.account("Other", Role.PARTY)
    one = house.as_role(Role.ADMINISTRATOR)
    seen = 0
    for page in PAGES:
        text = one.get(page.replace("{account}", other.account)).text
        for form in re.findall(r'<form method="post".*?</form>', text, re.DOTALL):
            assert f'name="form_token" value="{forms.token_from(one.secret)}"' in form
            seen += 1
    assert seen >= 10


def test_a_token_of_before_signing_in_is_of_no_use_after(house: House) -> None:
    house.account("Zoë", Role.MONITOR)
    one = house.browser()
    one.get("/sign-in")
    early = forms.token_from(one.secret)
    one.sign_in("Zoë")
    answer = one.client.post("/leave", data={forms.FIELD: early}, headers={"origin": ORIGIN})
    assert answer.status_code == 403
    assert one.get("/").status_code == 200


def test_a_script_of_the_page_sends_the_token_in_a_header(house: House) -> None:
    one = house.as_role(Role.MONITOR)
    headers = {"origin": ORIGIN, forms.HEADER: forms.token_from(one.secret)}
    answer = one.client.post(
        "/account/sessions/end", data={"handle": ""}, headers=headers, follow_redirects=False
    )
    assert answer.status_code == 303


def test_a_form_with_very_many_fields_is_refused(house: House) -> None:
    one = house.as_role(Role.MONITOR)
    body = "&".join(f"a{n}=1" for n in range(2_000))
    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert one.client.post("/leave", content=body, headers=headers).status_code in (400, 403)
