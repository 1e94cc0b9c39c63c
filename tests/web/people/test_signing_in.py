"""Signing in: what it takes, what it tells, and how often somebody may try."""

import logging
import time
from pathlib import Path

import pytest

from servanda.web.people import accounts, links, schema, sessions, sign_ins, totp, tries
from servanda.web.people.passwords import Passwords
from servanda.web.people.roles import Role
from servanda.web.people.signing_in import WRONG
from tests.web.people.house import PASSWORD, House, build


def _outcomes(house: House) -> list[tuple[str, str]]:
    with house.office.store.reading() as connection:
        return [(one.name, one.outcome) for one in sign_ins.latest(connection)]


def test_the_first_administrator_chooses_a_name_and_a_password(house: House) -> None:
    secret = links.first_link(house.office)
    assert secret is not None
    first = house.browser()
    assert "makes an account for an administrator" in first.get(f"/enter?token={secret}").text
    page = f"/enter?token={secret}"
    done = first.send("/enter", page, token=secret, name="Ada", password=PASSWORD, again=PASSWORD)
    assert done.status_code == 303
    assert first.get("/people").status_code == 200
    # Used up, and there is no second one: there is an administrator now.
    assert house.browser().get(page).status_code == 403
    assert links.first_link(house.office) is None
    assert links.first_link(house.office, always=True) is not None


def test_a_link_lives_for_a_while_and_one_made_later_takes_its_place(house: House) -> None:
    early = links.first_link(house.office)
    late = links.first_link(house.office)
    assert early is not None and late is not None
    assert links.look(house.office, early) is None
    assert links.look(house.office, late) is not None
    house.clock.now += links.LIVES[links.FIRST]
    assert links.look(house.office, late) is None
    assert house.browser().get(f"/enter?token={late}").status_code == 403


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "at least 12"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "too easy"),
        ("this is ada herself", "this is ada herself", "too easy"),
        ("x1y2" * 60, "x1y2" * 60, "up to 200"),
        (PASSWORD, PASSWORD + "!", "not the same"),
    ],
)
def test_a_password_that_does_not_serve_is_told_and_uses_nothing_up(
    house: House, password: str, again: str, told: str
) -> None:
    secret = links.first_link(house.office) or ""
    page = f"/enter?token={secret}"
    answer = house.browser().send(
        "/enter", page, token=secret, name="Ada", password=password, again=again
    )
    assert answer.status_code == 400
    assert told in answer.text
    assert password not in answer.text
    assert links.look(house.office, secret) is not None


def test_signing_in_and_out(house: House) -> None:
    house.account("Zoë Brandt", Role.MONITOR)
    one = house.browser()
    before = one.get("/sign-in") and one.secret
    done = one.sign_in("  zoe\u0308  BRANDT ")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    session = one.session
    assert session and session != before
    assert one.get("/").status_code == 200
    assert one.send("/leave", "/account").headers["location"] == "/sign-in"
    again = house.browser()
    again.client.cookies.set(house.office.cookie, session)
    assert again.get("/").status_code == 401
    assert _outcomes(house) == [("Zoë Brandt", sign_ins.OUT), ("Zoë Brandt", sign_ins.IN)]


def test_one_goes_on_to_the_page_that_was_wanted_and_to_no_other_site(house: House) -> None:
    house.account("Zoë", Role.MONITOR)
    closed = house.browser().get("/agreements/valleys/records?q=a")
    assert closed.status_code == 401
    assert "/sign-in?to=/agreements/valleys/records%3Fq%3Da" in closed.text
    for wanted, given in (
        ("/agreements/valleys?as_of=2026-01-02", "/agreements/valleys?as_of=2026-01-02"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ):
        one = house.browser()
        sent = one.send("/sign-in", "/sign-in", name="Zoë", password=PASSWORD, to=wanted)
        assert sent.headers["location"] == given


def test_unknown_wrong_locked_and_invited_have_one_answer(house: House) -> None:
    locked = house.account("Locked", Role.MONITOR)
    house.account("Known", Role.MONITOR)
    with house.office.store.writing() as connection:
        accounts.change(connection, locked.account, locked=True)
        accounts.add(connection, house.office.now, "Invited", Role.MONITOR)
    told = set()
    for name, password in (
        ("Nobody", PASSWORD),
        ("Known", "another password"),
        ("Locked", PASSWORD),
        ("Invited", PASSWORD),
        ("Invited", ""),
        ("", ""),
    ):
        one = house.browser()
        answer = one.sign_in(name, password)
        assert answer.status_code == 400
        assert WRONG in answer.text
        text = answer.text.replace(f'value="{name}"', "").replace(one.secret, "")
        told.add(
            " ".join(part for part in text.split() if "form_token" not in part).partition(
                'value="'
            )[0]
        )
    assert len(told) == 1
    assert ("", sign_ins.WRONG) in _outcomes(house)
    assert not any("Nobody" in name for name, _ in _outcomes(house))


def test_unknown_and_wrong_take_the_same_time(tmp_path: Path) -> None:
    house = build(tmp_path)
    slow = Passwords()  # as it is used, not as tests have it
    hashed = slow.hash(PASSWORD)
    spent: dict[str, list[float]] = {"known": [], "unknown": [], "invited": []}
    for _ in range(3):
        for who, kept in (("known", hashed), ("unknown", None), ("invited", "")):
            begun = time.process_time()
            assert not slow.right(kept, "another password")
            spent[who].append(time.process_time() - begun)
    best = {who: min(times) for who, times in spent.items()}
    assert max(best.values()) < 2 * min(best.values())
    assert hashed.startswith("$argon2id$")
    assert house.office.passwords.old(hashed)


def test_after_some_failures_one_waits_whether_or_not_the_name_is_known(house: House) -> None:
    house.account("Known", Role.MONITOR)
    for name in ("Known", "Nobody"):
        codes = [house.browser().sign_in(name, "wrong password").status_code for _ in range(6)]
        assert codes == [400] * 5 + [429]
    answer = house.browser().sign_in("Known")  # the right one is not even looked at
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 30
    house.clock.now += 31
    assert house.browser().sign_in("Known").status_code == 303
    # Signing in takes the failures back.
    assert house.browser().sign_in("Known", "wrong password").status_code == 400


def test_a_pause_grows_and_has_an_end(house: House) -> None:
    pauses = [tries.NAME.pause(n) for n in range(1, 30)]
    assert pauses[:4] == [0] * 4
    assert pauses[4:8] == [30, 60, 120, 240]
    assert max(pauses) == tries.LONGEST_SECONDS == tries.NAME.pause(10**6)


def test_one_address_may_not_try_many_names(house: House) -> None:
    codes = [house.browser().sign_in(f"Nobody {n}").status_code for n in range(32)]
    assert codes[:30] == [400] * 30
    assert codes[30:] == [429] * 2


def test_what_is_remembered_of_tries_is_bounded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MAX_TRIES", 20)
    store, now = house.office.store, house.office.now
    with store.writing() as connection:
        for _ in range(6):
            tries.failed(connection, tries.key("name", "often"), tries.NAME, now)
        for n in range(100):
            tries.failed(connection, tries.key("name", f"once {n}"), tries.NAME, now)
            assert len(connection.execute(schema.tries.select()).all()) <= 20
        # Who floods it with names does not free the one that is being tried.
        assert tries.waiting(connection, [tries.key("name", "often")], now) > 0


def test_a_session_ends_when_it_is_not_used_and_in_any_case(house: House) -> None:
    house.account("Zoë", Role.MONITOR)
    one = house.browser()
    one.sign_in("Zoë")
    for _ in range(6):
        house.clock.now += sessions.IDLE_SECONDS - 100
        seen = one.get("/account").status_code
        assert seen == (200 if house.clock.now - 1_790_000_000 < sessions.LONGEST_SECONDS else 401)
    one.sign_in("Zoë")
    house.clock.now += sessions.IDLE_SECONDS
    assert one.get("/account").status_code == 401


def test_cookies_are_for_this_server_alone(tmp_path: Path) -> None:
    for secure in (False, True):
        folder = tmp_path / str(secure)
        folder.mkdir()
        house = build(folder, secure=secure)
        house.account("Zoë", Role.MONITOR)
        one = house.browser()
        one.client.base_url = "https://testserver" if secure else "http://testserver"
        page = one.get("/sign-in")
        done = one.sign_in("Zoë")
        assert done.status_code == 303
        for answer in (page, done):
            cookie = answer.headers.get_list("set-cookie")[0]
            assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
            assert ("Secure" in cookie) == secure
            assert cookie.startswith("__Host-servanda") == secure
            assert "Domain" not in cookie


def test_only_digests_are_kept_and_nothing_secret_is_logged(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = links.first_link(house.office) or ""
    one = house.browser()
    page = f"/enter?token={secret}"
    one.send("/enter", page, token=secret, name="Ada", password=PASSWORD, again=PASSWORD)
    again = house.browser()
    again.sign_in("Ada", "a wrong password")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("people.db*"))
    assert b"Ada" in kept
    for hidden in (secret, PASSWORD, one.session or "-", "a wrong password"):
        assert hidden.encode() not in kept
        assert hidden not in "".join(
            r.getMessage() for r in caplog.records if r.name.startswith("servanda")
        )


def _with_factor(house: House) -> tuple[str, bytes]:
    person = house.account("Zoë", Role.MONITOR)
    secret = totp.new_secret()
    with house.office.store.writing() as connection:
        sealed = house.office.keys.seal(secret, person.account)
        accounts.change(connection, person.account, factor=sealed)
    return person.account, secret


def test_the_second_factor_is_asked_for_after_the_password(house: House) -> None:
    account, secret = _with_factor(house)
    one = house.browser()
    done = one.sign_in("Zoë")
    assert done.headers["location"] == "/sign-in/code?to=%2F"
    half = one.session
    assert one.get("/").status_code == 401
    assert one.get("/account").status_code == 401
    assert one.send("/sign-in/code", "/sign-in/code", code="000000").status_code == 400
    code = totp.code(secret, house.office.now // totp.STEP)
    assert one.send("/sign-in/code", "/sign-in/code", code=code).status_code == 303
    assert one.session != half
    assert one.get("/").status_code == 200
    # The half session is gone, and the code is used up.
    other = house.browser()
    other.client.cookies.set(house.office.cookie, half or "")
    assert other.get("/").status_code == 401
    third = house.browser()
    third.sign_in("Zoë")
    assert third.send("/sign-in/code", "/sign-in/code", code=code).status_code == 400
    assert third.get("/").status_code == 401
    assert account


def test_codes_cannot_be_guessed_for_long(house: House) -> None:
    _, secret = _with_factor(house)
    one = house.browser()
    one.sign_in("Zoë")
    codes = [one.send("/sign-in/code", code="000000").status_code for _ in range(6)]
    assert codes == [400] * 5 + [429]
    right = totp.code(secret, house.office.now // totp.STEP)
    assert one.send("/sign-in/code", code=right).status_code == 429
    house.clock.now += sessions.HALF_SECONDS
    assert one.send("/sign-in/code", code=right).status_code == 400  # too late: begin again


def test_another_key_file_opens_no_second_factor(house: House, tmp_path: Path) -> None:
    _with_factor(house)
    (tmp_path / "people.db.key").unlink()
    other = build(tmp_path)
    one = other.browser()
    one.sign_in("Zoë")
    assert one.send("/sign-in/code", code="123456").status_code == 400
