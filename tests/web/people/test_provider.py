"""Signing in by a provider, against one that stands in the test: what is taken, and what is not."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from servanda.library import InputError
from servanda.web.people import accounts, provider, sign_ins, trail
from servanda.web.people.errors import Refusal
from servanda.web.people.provider import Provider
from servanda.web.people.roles import Role
from tests.web.people.house import PASSWORD, Browser, House

ISSUER = "https://login.example"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Issuer:
    """A provider without a network; a test alters what it says."""

    house: House
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    alter: Callable[[str], str] = str
    known: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    secret_seen: list[str] = field(default_factory=list)

    def fetch(self, address: str, form: Mapping[str, str] | None) -> Any:
        if address == f"{ISSUER}/.well-known/openid-configuration":
            return {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                **self.known,
            }
        if address == f"{ISSUER}/keys":
            return KeySet([KEY]).as_dict(private=False)
        assert address == f"{ISSUER}/token" and form is not None
        self.secret_seen.append(form["client_secret"])
        asked = self.codes.pop(form["code"], None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())
        if challenge.decode().rstrip("=") != asked["code_challenge"]:
            return {"error": "invalid_grant"}
        now = self.house.office.now
        told = {
            "iss": ISSUER, "aud": "servanda", "sub": "zoe-17", "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, **self.claims,
        }  # fmt: skip
        told = {name: value for name, value in told.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        return {"id_token": self.alter(jwt.encode(header, told, self.key, [self.algorithm]))}

    def authorize(self, address: str) -> str:
        """What the person does there: agrees.  The address to come back to."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{ISSUER}/authorize?")
        assert (told["response_type"], told["scope"]) == ("code", "openid")
        assert told["code_challenge_method"] == "S256"
        self.asked = told
        self.codes["code-1"] = told
        back = told["redirect_uri"].partition("testserver")[2]
        return f"{back}?code=code-1&state={told['state']}"


@pytest.fixture
def issuer(house: House) -> Issuer:
    found = Issuer(house)
    house.app.state.provider = Provider(ISSUER, "servanda", "a shared secret", found.fetch)
    return found


def _onward(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
    assert found is not None
    return found[1].replace("&amp;", "&")


def _leave(one: Browser, issuer: Issuer) -> str:
    one.get("/sign-in")
    return issuer.authorize(_onward(one.send("/sign-in/provider")))


def _tied(house: House) -> None:
    person = house.account("Zoë", Role.MONITOR)
    with house.office.store.writing() as connection:
        accounts.change(connection, person.account, subject=f"{ISSUER} zoe-17")


def test_who_is_tied_is_let_in(house: House, issuer: Issuer) -> None:
    _tied(house)
    one = house.browser()
    assert "login.example" in one.get("/sign-in").text
    back = _leave(one, issuer)
    assert one.get("/").status_code == 401
    assert _onward(one.get(back)) == "/"
    assert "Zoë" in one.get("/account").text
    assert issuer.secret_seen == ["a shared secret"]
    with house.office.store.reading() as connection:
        assert sign_ins.latest(connection)[0].outcome == sign_ins.PROVIDER
    # Neither the code nor the state serves again.
    assert house.browser().get(back).status_code == 403
    assert one.get(back).status_code == 403


def test_who_is_not_tied_stays_outside(house: House, issuer: Issuer) -> None:
    house.account("zoe-17", Role.ADMINISTRATOR)  # a name is no proof
    one = house.browser()
    answer = one.get(_leave(one, issuer))
    assert answer.status_code == 403
    assert "no account that is tied" in answer.text
    assert one.get("/").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["servanda", "another"]},
        {"aud": ["servanda", "another"], "azp": "another"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
        {"exp": 1_790_000_000 - 600},
        {"exp": None},
        {"iat": 1_790_000_000 + 86_400},
    ],
)
def test_a_token_for_another_is_not_taken(
    house: House, issuer: Issuer, claims: dict[str, Any]
) -> None:
    _tied(house)
    issuer.claims = claims
    one = house.browser()
    assert one.get(_leave(one, issuer)).status_code == 403
    assert one.get("/").status_code == 401


def _cut(token: str) -> str:
    head, body, _ = token.split(".")
    return f"{head}.{body}."


def _unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


@pytest.mark.parametrize("alter", [_cut, _unsigned, lambda token: "", lambda token: "a.b.c"])
def test_a_token_without_its_signature_is_not_taken(
    house: House, issuer: Issuer, alter: Callable[[str], str]
) -> None:
    _tied(house)
    issuer.alter = alter
    one = house.browser()
    assert one.get(_leave(one, issuer)).status_code == 403


def test_another_key_and_the_shared_secret_as_a_key_are_not_taken(
    house: House, issuer: Issuer
) -> None:
    _tied(house)
    for key, algorithm in (
        (OTHER, "RS256"),
        (OctKey.import_key("a shared secret, which signs nothing"), "HS256"),
    ):
        issuer.key, issuer.algorithm = key, algorithm
        one = house.browser()
        assert one.get(_leave(one, issuer)).status_code == 403


def test_one_comes_back_in_the_same_browser_in_time_and_with_the_state(
    house: House, issuer: Issuer
) -> None:
    _tied(house)
    one = house.browser()
    back = _leave(one, issuer)
    assert house.browser().get(back).status_code == 403  # where nobody left
    assert one.get(back.replace("state=", "state=x")).status_code == 403
    assert one.get(back.replace("code=code-1&", "")).status_code == 403
    house.clock.now += provider.SECONDS
    assert one.get(back).status_code == 403
    one.client.cookies.set("servanda-provider", "AAAA", domain="testserver.local")
    assert house.browser().get(back).status_code == 403


def test_an_invitation_ties_an_account_without_a_password(house: House, issuer: Issuer) -> None:
    ada = house.as_role(Role.ADMINISTRATOR)
    shown = ada.send("/people", name="Zoë", role="chair", acts_for="Commission").text
    secret = shown.partition("/enter?token=")[2].partition('"')[0]
    one = house.browser()
    assert "Instead of a password" in one.get(f"/enter?token={secret}").text
    back = issuer.authorize(_onward(one.send("/sign-in/provider", link=secret)))
    assert _onward(one.get(back)) == "/"
    assert "chair" in one.get("/account").text
    assert house.browser().get(f"/enter?token={secret}").status_code == 403
    with house.office.store.reading() as connection:
        assert trail.lines(connection)[0].what == "tied the account to the provider"
    again = house.browser()
    assert _onward(again.get(_leave(again, issuer))) == "/"
    # Untied it is outside, at once.
    account = re.search(r'/people/([0-9a-f]+)">\s*<bdi>Zoë', ada.get("/people").text)
    assert account is not None
    assert ada.send(f"/people/{account[1]}/untie").status_code == 303
    assert again.get("/").status_code == 401
    third = house.browser()
    assert third.get(_leave(third, issuer)).status_code == 403


def test_an_owner_ties_the_account_by_the_password(house: House, issuer: Issuer) -> None:
    person = house.account("Zoë", Role.MONITOR)
    one = house.begin(person)
    assert one.send("/account/provider", tie_proof="not the password").status_code == 400
    back = issuer.authorize(_onward(one.send("/account/provider", tie_proof=PASSWORD)))
    assert _onward(one.get(back)) == "/"
    assert "is tied to it" in one.get("/account").text
    # Not once it was locked meanwhile.
    third = house.begin(house.account("Cy", Role.MONITOR))
    issuer.claims = {"sub": "cy-18"}
    back = issuer.authorize(_onward(third.send("/account/provider", tie_proof=PASSWORD)))
    with house.office.store.writing() as connection:
        row = accounts.by_name(connection, "Cy")
        accounts.change(connection, row.id, locked=True)
    assert third.get(back).status_code == 403
    with house.office.store.reading() as connection:
        assert accounts.by_name(connection, "Cy").subject is None
    issuer.claims = {}
    # What is tied to one account cannot be tied to a second.
    other = house.begin(house.account("Bo", Role.MONITOR))
    back = issuer.authorize(_onward(other.send("/account/provider", tie_proof=PASSWORD)))
    assert other.get(back).status_code == 403


def test_the_own_second_factor_is_asked_for_as_well(house: House, issuer: Issuer) -> None:
    _tied(house)
    with house.office.store.writing() as connection:
        row = accounts.by_name(connection, "Zoë")
        sealed = house.office.keys.seal(b"12345678901234567890", row.id)
        accounts.change(connection, row.id, factor=sealed)
    one = house.browser()
    assert _onward(one.get(_leave(one, issuer))) == "/sign-in/code"
    assert one.get("/").status_code == 401


@pytest.mark.parametrize(
    "known",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_is_not_what_it_says(
    house: House, issuer: Issuer, known: dict[str, Any]
) -> None:
    issuer.known = known
    one = house.browser()
    one.get("/sign-in")
    assert one.send("/sign-in/provider").status_code == 502


def test_the_cookie_of_leaving_is_sealed_and_for_this_server(house: House, issuer: Issuer) -> None:
    one = house.browser()
    one.get("/sign-in")
    answer = one.send("/sign-in/provider")
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=600" in cookie
    for name in ("state", "nonce"):
        value = parse_qs(urlsplit(_onward(answer)).query)[name][0]
        assert value not in cookie
    assert "a shared secret" not in answer.text + cookie + repr(house.app.state.provider)
    assert issuer.asked == {}


def test_without_a_provider_there_is_none(house: House) -> None:
    one = house.browser()
    assert "provider" not in one.get("/sign-in").text
    assert one.send("/sign-in/provider").status_code == 404
    assert one.get("/sign-in/provider/back?code=x&state=y").status_code == 404


def test_settings_of_a_provider(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a shared secret\n")
    secret.chmod(0o600)
    found = provider.open_provider(ISSUER, "servanda", secret)
    assert (found.secret, found.title) == ("a shared secret", "login.example")
    for issuer, client, path in (
        ("http://login.example", "servanda", secret),
        (ISSUER, None, secret),
        (ISSUER, "servanda", None),
        (ISSUER, "servanda", tmp_path / "absent"),
    ):
        with pytest.raises(InputError, match="--oidc"):
            provider.open_provider(issuer, client, path)
    secret.chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        provider.open_provider(ISSUER, "servanda", secret)


def test_a_provider_that_cannot_be_reached(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:1/", (tmp_path / "x").as_uri()):
        with pytest.raises(Refusal, match="cannot be reached"):
            provider.fetch(address, None)
