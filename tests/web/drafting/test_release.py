"""A draft is for those who draft until one of them releases it: on every page, for every role."""

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from servanda.library import InputError
from servanda.web.access import DRAFTERS, EDITORS
from servanda.web.app import create_app, routes
from servanda.web.drafting.snapshot import taken
from servanda.web.people import trail
from servanda.web.people.roles import OF_ACCOUNTS, Role
from servanda.web.settings import Settings
from tests.web.conftest import PAUSE
from tests.web.people.house import VALLEYS, Browser, House, build

SECRET = "Three hidden glens"
DRAFT = (
    VALLEYS.replace('agreement valleys "Two valleys"', f'agreement glens "{SECRET}"')
    .replace("  status in force\n", "  status tabled\n")
    .replace("# Two valleys", f"# {SECRET}")
)
PAGE = "/drafts/glens/release"
WHY = "Both sides agreed to it in the working group."
OTHERS = [role for role in OF_ACCOUNTS if role not in DRAFTERS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "valleys.md").write_text(VALLEYS)
    (tmp_path / "glens").mkdir()
    (tmp_path / "glens" / "agreement.md").write_text(DRAFT)
    return tmp_path


@pytest.fixture
def house(folder: Path) -> House:
    return _house(folder)


def _house(folder: Path, **settings: object) -> House:
    texts = (str(folder / "valleys.md"), str(folder / "glens"), PAUSE)
    return build(folder, agreements=texts, **settings)


def _release(one: Browser, reason: str = WHY, **fields: str) -> int:
    seen = one.house.app.state.drafts.digest("glens")
    told = {"reason": reason, "sure": "yes", "seen": seen, **fields}
    return int(one.send(PAGE, PAGE, **told).status_code)


def _withdraw(one: Browser, reason: str = "It was shown too early.") -> int:
    return int(one.send("/drafts/glens/withdraw", PAGE, reason=reason).status_code)


def _of_it() -> list[str]:
    """The addresses of all pages about one agreement."""
    found = {r.path for r in routes() if "GET" in (r.methods or ()) and "{agreement}" in r.path}
    return sorted(path.replace("{agreement}", "glens") for path in found)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_learns_that_it_is_there(house: House, role: Role) -> None:
    one = house.as_role(role)
    for path in _of_it():
        hidden = one.get(path)
        unknown = one.get(path.replace("glens", "nobody"))
        assert hidden.status_code == unknown.status_code >= 400, path
        assert path.startswith("/public/") or hidden.status_code in (403, 404), path
        assert hidden.text.replace("glens", "") == unknown.text.replace("nobody", ""), path
    for path in ("/", "/index.json", "/drafts", "/drafts.json", "/openapi.json", "/api"):
        answer = one.get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.text and "glens" not in answer.text, path
    for path in ("/drafts/compare", "/drafts/compare.json"):
        answer = one.get(f"{path}?draft=valleys&draft=glens")
        assert answer.status_code == 404 and SECRET not in answer.text
        assert "nobody" in one.get(f"{path}?draft=nobody&draft=glens").text
        assert one.get(f"{path}?draft=valleys&draft={PAUSE}").status_code == 200


@pytest.mark.parametrize("role", OTHERS)
def test_a_slip_in_the_address_tells_no_more(house: House, role: Role) -> None:
    """Whatever else is wrong with a request, that there is no such text is said first."""
    one = house.as_role(role)
    for rest in (
        "?foo=1",
        "?reading=x",
        "/changes?foo=1",
        "/records?start=x",
        "/map.json?foo=1",
        ".json?x=1",
        "/calendar.ics?x=1",
        f"?as_of={'9' * 90}",
        "/audit?part=xxxxxx",
    ):
        hidden, unknown = (one.get(f"/agreements/{name}{rest}") for name in ("glens", "nobody"))
        assert hidden.status_code == unknown.status_code == 404, rest
        assert hidden.text.replace("glens", "") == unknown.text.replace("nobody", ""), rest
    for rest in ("what-if", "file", "complaint", "cases/x", "file?foo=1"):
        for send in (one.send, one.client.post):
            hidden, unknown = (send(f"/agreements/{n}/{rest}") for n in ("glens", "nobody"))
            assert hidden.status_code == unknown.status_code, rest


@pytest.mark.parametrize("role", sorted(DRAFTERS))
def test_those_who_draft_read_it_and_see_that_it_is_restricted(house: House, role: Role) -> None:
    one = house.as_role(role)
    assert SECRET in one.get("/").text
    assert "Restricted to drafters" in one.get("/drafts").text
    text = one.get("/agreements/glens").text
    assert SECRET in text and "this draft is not released" in text
    assert "this draft is not released" not in one.get("/agreements/valleys").text
    compared = one.get("/drafts/compare?draft=valleys&draft=glens")
    assert compared.status_code == 200 and "restricted to drafters" in compared.text
    listed = {d["id"]: d["restricted"] for d in one.get("/drafts.json").json()["drafts"]}
    assert listed == {"glens": True, "valleys": False, PAUSE: False}
    assert ("I may release" in one.get(PAGE).text) is (role in EDITORS)


@pytest.mark.parametrize("role", sorted(EDITORS))
def test_released_it_is_read_by_all_who_sign_in(house: House, role: Role) -> None:
    one = house.as_role(role)
    assert _release(one) == 303
    monitor = house.as_role(Role.MONITOR)
    assert SECRET in monitor.get("/").text
    text = monitor.get("/agreements/glens").text
    assert SECRET in text and "not released" not in text
    assert monitor.get("/drafts/compare?draft=valleys&draft=glens").status_code == 200
    listed = monitor.get("/drafts").text
    assert f"{role} x" in listed and "Restricted" not in listed
    assert monitor.get(PAGE).status_code == 403
    assert house.browser().get("/agreements/glens").status_code == 401
    told = one.get(PAGE).text
    assert WHY in told and "as it is now" in told
    with house.office.store.reading() as connection:
        (line,) = trail.lines(connection)
    assert (line.who, line.what, line.on) == (f"{role} x", "released a draft", "agreement:glens")
    assert line.detail == {"digest": house.app.state.drafts.digest("glens"), "reason": WHY}


def test_a_release_is_taken_back(house: House) -> None:
    one = house.as_role(Role.EDITOR)
    assert _withdraw(one) == 400  # it was not released
    assert _release(one) == 303
    assert _release(one) == 400  # once
    assert _withdraw(one, "") == 400
    assert _withdraw(one) == 303
    assert house.as_role(Role.PARTY).get("/agreements/glens").status_code == 404
    assert "It was shown too early." in one.get(PAGE).text
    assert _release(one) == 303
    assert house.as_role(Role.PARTY).get("/agreements/glens").status_code == 200
    with house.office.store.reading() as connection:
        told = [line.what for line in trail.lines(connection)]
        assert trail.broken(connection, house.office.keys) is None
    assert told == ["released a draft", "withdrew a draft", "released a draft"]


def test_what_is_missing_is_said_and_nothing_is_released(house: House) -> None:
    one = house.as_role(Role.EDITOR)
    for fields, told in (
        ({"sure": ""}, "Say that you may release it"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "a\x00b"}, "cannot be seen"),
        ({"reason": "\u200b"}, "cannot be seen"),
        ({"reason": "Olena Shevchenko agreed"}, "name a person"),
        ({"seen": "0" * 64}, "has changed since"),
    ):
        seen = house.app.state.drafts.digest("glens")
        answer = one.send(PAGE, PAGE, **{"reason": WHY, "sure": "yes", "seen": seen, **fields})
        assert answer.status_code == 400 and told in answer.text
    assert house.as_role(Role.MONITOR).get("/agreements/glens").status_code == 404


@pytest.mark.parametrize("role", [r for r in OF_ACCOUNTS if r not in EDITORS])
def test_only_editors_and_the_secretariat_release(house: House, role: Role) -> None:
    one = house.as_role(role)
    for address in (PAGE, "/drafts/glens/withdraw"):
        one.get("/")
        assert one.send(address, reason=WHY, sure="yes", seen="").status_code == 403
    assert house.app.state.drafts.held("glens")


def test_a_text_that_changes_is_another_text(folder: Path) -> None:
    before = _house(folder)
    editor, member = before.of(Role.EDITOR), before.of(Role.MEMBER)
    assert _release(before.begin(editor)) == 303
    assert before.begin(member).get("/agreements/glens").status_code == 200
    path = folder / "glens" / "agreement.md"
    path.write_text(DRAFT.replace("Neither valley attacks", "Neither valley ever attacks"))
    changed = _house(folder)
    assert changed.begin(member).get("/agreements/glens").status_code == 404
    assert "another text" in changed.begin(editor).get(PAGE).text
    path.write_text(DRAFT)
    assert _house(folder).begin(member).get("/agreements/glens").status_code == 200


def test_the_digest_is_that_of_all_that_is_shown(folder: Path, tmp_path: Path) -> None:
    home = folder / "glens"
    places = (tmp_path / f"copy{n}" for n in count())

    def digest() -> str:
        return taken(home, next(places)).digest

    found = {digest()}
    assert digest() in found
    (home / "notes.txt").write_text("nobody is shown this")
    assert digest() in found
    for name, text in (
        ("positions.yaml", "positions: []\n"),
        ("negotiation.yaml", "meetings: []\n"),
        ("layers.geojson", '{"type": "FeatureCollection", "features": []}'),
        ("records/a.jsonl", ""),
        ("records/a.jsonl", "\n"),
        ("courses/a.jsonl", ""),
        ("agreement.md", DRAFT.replace("neither attacks", "nobody attacks")),
        ("agreement.md", DRAFT + '\n~~~servanda\ninclude "annex.md"\n~~~\n'),
    ):
        (home / name).parent.mkdir(exist_ok=True)
        (home / "annex.md").write_text("An annex.\n")
        (home / name).write_text(text)
        found.add(digest())
    (home / "annex.md").write_text("Another annex.\n")
    found.add(digest())
    assert len(found) == 10


def test_what_changes_while_the_server_runs_is_not_shown(folder: Path) -> None:
    """What was read and released at the start is shown, until the server is started again."""
    house = _house(folder)
    editor, party = house.of(Role.EDITOR), house.of(Role.PARTY)
    home = folder / "glens"
    (home / "courses").mkdir()
    (home / "courses" / "leaked.jsonl").write_text("")
    (home / "agreement.md").write_text(DRAFT.replace(SECRET, "Four other glens"))
    assert _release(house.begin(editor)) == 303
    for path in ("/", "/agreements/glens", "/drafts"):
        text = house.begin(party).get(path).text
        assert SECRET in text and "leaked" not in text and "Four other" not in text, path
    again = _house(folder)
    assert again.begin(party).get("/agreements/glens").status_code == 404
    assert "another text" in again.begin(editor).get(PAGE).text


def test_a_draft_whose_files_lead_out_of_its_folder_is_not_served(folder: Path) -> None:
    (folder / "glens" / "records").mkdir()
    (folder / "glens" / "records" / "a.jsonl").symlink_to(folder / "valleys.md")
    with pytest.raises(InputError, match="leads out of the agreement's folder"):
        _house(folder)


def test_a_long_provision_is_held_back_as_any(folder: Path) -> None:
    long = DRAFT.replace("Neither valley", "word " * 5_000 + "\n\nNeither valley")
    (folder / "glens" / "agreement.md").write_text(long)
    house = _house(folder)
    assert house.as_role(Role.PARTY).get("/").status_code == 200
    assert house.as_role(Role.PARTY).get("/agreements/glens").status_code == 404
    assert house.as_role(Role.DRAFTER).get("/agreements/glens").status_code == 200


def test_a_text_that_was_served_before_is_taken_back(folder: Path) -> None:
    before = _house(folder)
    editor = before.of(Role.EDITOR)
    assert _release(before.begin(editor)) == 303
    first = before.app.state.drafts.digest("glens")
    path = folder / "glens" / "agreement.md"
    path.write_text(DRAFT.replace("Neither valley attacks", "Neither valley ever attacks"))
    changed = _house(folder)
    one = changed.begin(editor)
    assert "Other texts that are released" in one.get(PAGE).text
    answer = one.send("/drafts/glens/withdraw", PAGE, reason="It was too early.", text=first)
    assert answer.status_code == 303
    path.write_text(DRAFT)
    assert _house(folder).app.state.drafts.held("glens")


def test_where_everybody_may_read_a_draft_is_still_held_back(folder: Path) -> None:
    house = _house(folder, public=True)
    anyone = house.browser()
    assert anyone.get("/agreements/valleys").status_code == 200
    assert anyone.get("/agreements/glens").status_code == 404
    assert anyone.get(PAGE).status_code == 401
    assert "Everybody who can reach this server" in house.as_role(Role.EDITOR).get(PAGE).text
    assert _release(house.as_role(Role.SECRETARIAT)) == 303
    assert anyone.get("/agreements/glens").status_code == 200
    compared = "/drafts/compare?draft=valleys&draft=glens"
    assert anyone.get(compared).status_code == 200
    for address in (f"{compared}&part=ends", f"{compared}&ends=yes", "/agreements/glens/ends"):
        assert anyone.get(address).status_code == 401, address  # never for the public
    assert "part=ends" not in anyone.get(compared).text


def test_nothing_of_a_draft_held_back_goes_into_an_edition(house: House) -> None:
    officer = house.as_role(Role.SECRETARIAT)
    assert f">{SECRET}<" not in officer.get("/editions").text
    refused = officer.send("/editions", "/editions", agreement="glens")
    assert refused.status_code == 400 and "release the draft first" in refused.text
    chair = house.as_role(Role.CHAIR)
    refused = chair.send("/editions", "/editions", agreement="glens")
    assert refused.status_code == 400 and "Choose an agreement" in refused.text
    assert _release(officer) == 303
    assert officer.send("/editions", "/editions", agreement="glens").status_code == 303


def test_an_edition_in_preparation_waits_where_its_draft_is_held_back_again(folder: Path) -> None:
    house = _house(folder, notice_hours=0)
    officer = house.as_role(Role.SECRETARIAT)
    assert _release(officer) == 303
    address = officer.send("/editions", "/editions", agreement="glens").headers["location"]
    for party in ("Upper", "Lower"):
        at = officer.get(address).text.split('name="at" value="')[1][:16]
        told = officer.send(f"{address}/notices", address, party=party, at=at)
        assert told.status_code == 303
    assert _withdraw(officer) == 303
    refused = officer.send(f"{address}/release", address, sure="yes")
    assert refused.status_code == 400 and "release the draft first" in refused.text
    chair = house.as_role(Role.CHAIR)
    assert chair.send(f"{address}/release", sure="yes").status_code == 404
    house.clock.now += 60
    assert _release(house.begin(house.of(Role.EDITOR))) == 303
    refused = house.begin(house.of(Role.SECRETARIAT)).send(f"{address}/release", sure="yes")
    assert refused.status_code == 400 and "prepare the edition anew" in refused.text


def test_what_is_published_binding_or_monitored_is_no_draft(folder: Path, tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    records.write_text("")
    monitored = build(folder, agreements=(str(folder / "glens"),), records=(records,))
    assert monitored.as_role(Role.MONITOR).get("/agreements/glens").status_code == 200
    house = _house(folder)
    editor = house.as_role(Role.EDITOR)
    for name in ("valleys", PAUSE):
        answer = editor.get(f"/drafts/{name}/release")
        assert answer.status_code == 404 and "no draft that is held back" in answer.text
        assert not house.app.state.drafts.held(name)


def test_a_demo_shows_every_text_that_it_is_given(folder: Path) -> None:
    from starlette.testclient import TestClient

    settings = Settings(demo=True, agreements=(str(folder / "glens"),), hosts=("testserver",))
    client = TestClient(create_app(settings))
    assert SECRET in client.get("/agreements/glens").text
    assert "Restricted" not in client.get("/drafts").text
    assert client.get(PAGE).status_code == 404


def test_the_copy_goes_when_another_program_ends_the_server(folder: Path) -> None:
    """What the server was told in confidence does not stay behind in a folder for such files."""
    place = folder / "temporary"
    place.mkdir()
    command = [sys.executable, "-m", "servanda.cli", "serve", str(folder / "glens"), "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(place)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "Servanda is at" in server.stdout.readline()
        assert list(place.glob("servanda-draft-*"))
        time.sleep(1)  # until it listens to signals
        server.terminate()
        assert server.wait(20) == 128 + signal.SIGTERM
    assert list(place.glob("servanda-*")) == []
