"""Fetching through a transport of our own: paging, patience, keys that never show, going on."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from servanda.cli import fetch as command
from servanda.cli import main
from servanda.connect import Unusable
from servanda.connect.http import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    Client,
    Failed,
    Response,
    over_the_network,
    same_host,
)
from servanda.connect.keys import key
from tests.connect.test_connectors import ACLED, GED

SECRET = "s3cret-key"
Answer = Response | OSError


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a test asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


class Fake:
    """Answers from a list, and remembers what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, url: str, headers: Mapping[str, str], timeout: float) -> Response:
        assert timeout > 0
        self.asked.append((url, headers))
        answer = next(self.answers)
        if isinstance(answer, OSError):
            raise answer
        return answer


def ok(data: Any) -> Response:
    return Response(200, {}, json.dumps(data).encode())


def _client(fake: Fake, waits: list[float], jitter: float = 0.0) -> Client:
    return Client(fake, waits.append, lambda: jitter)


# --- patience -------------------------------------------------------------------------------------


def test_it_asks_again_and_waits_longer_each_time() -> None:
    waits: list[float] = []
    fake = Fake(TimeoutError("timed out"), Response(503, {}, b""), Response(502, {}, b""), ok(1))
    assert _client(fake, waits).get("https://a.example/x", {}) == b"1"
    assert waits == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    waits.clear()
    again = Fake(Response(503, {}, b""), ok(1))
    _client(again, waits, jitter=1.0).get("https://a.example/x", {})
    assert waits == [FIRST_WAIT_S / 2], "shaken by half at most"


@pytest.mark.parametrize(("said", "waited"), [("40", 40.0), ("99999", LONGEST_WAIT_S), ("x", 2.0)])
def test_it_waits_as_long_as_the_server_asks_for(said: str, waited: float) -> None:
    waits: list[float] = []
    fake = Fake(Response(429, {"Retry-After": said}, b""), ok(1))
    _client(fake, waits).get("https://a.example/x", {})
    assert waits == [waited]


@pytest.mark.parametrize(
    ("answers", "told", "asked"),
    [
        ([Response(401, {}, b"")], "key was not accepted", 1),
        ([Response(404, {}, b"")], "no such data set", 1),
        ([Response(418, {}, b"")], "status 418", 1),
        ([TimeoutError("timed out")] * 6, "no answer (timed out); given up after 6 tries", 6),
        ([Response(500, {}, b"")] * 6, "status 500; given up", 6),
    ],
)
def test_it_gives_up_and_says_why(answers: list[Answer], told: str, asked: int) -> None:
    fake = Fake(*answers)
    with pytest.raises(Failed) as failed:
        _client(fake, []).get(f"https://a.example/x?token={SECRET}", {"key": SECRET})
    assert told in str(failed.value)
    assert SECRET not in str(failed.value)
    assert len(fake.asked) == asked


def test_only_https_and_only_the_same_host() -> None:
    for url in ("http://a.example/", "file:///etc/passwd"):
        with pytest.raises(Failed, match="only https"):
            _client(Fake(), []).get(url, {})
    assert same_host("https://a.example/x", "https://a.example/y?z")
    for other in ("http://a.example/", "https://b.example/", "https://a.example:8443/"):
        assert not same_host("https://a.example/x", other)
    with pytest.raises((AssertionError, OSError)):
        over_the_network("https://a.example/", {}, 1.0)


# --- keys -----------------------------------------------------------------------------------------


def test_keys_do_not_show_and_files_are_for_one_alone(tmp_path: Path) -> None:
    found = key("K", None, {"K": f" {SECRET}\n"})
    assert found is not None
    assert found.value == SECRET
    assert SECRET not in f"{found} {found!r} {[found]}"
    assert key("K", None, {}) is None
    file = tmp_path / "key"
    file.write_text(SECRET + "\n")
    file.chmod(0o644)
    with pytest.raises(Unusable, match="chmod 600"):
        key("K", file, {})
    file.chmod(0o600)
    assert key("K", file, {"K": "other"}) == found
    for wrong in ("", "two words"):
        file.write_text(wrong)
        with pytest.raises(Unusable, match="holds no key"):
            key("K", file, {})
    with pytest.raises(Unusable, match="cannot be read"):
        key("K", tmp_path / "absent", {})


# --- the command ----------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("SERVANDA_UCDP_TOKEN", "SERVANDA_ACLED_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setattr("time.sleep", lambda _: None)

    def call(*arguments: str, fake: Fake | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr(command, "transport", lambda: fake)
        code = main(["fetch", *arguments])
        out, err = capsys.readouterr()
        assert SECRET not in out + err
        return code, out, err

    return call


UCDP = ("--connector", "ucdp", "--query", "version=25.1", "--query", "Country=1", "--to", "g.jsonl")
HOST = "https://ucdpapi.pcr.uu.se/api/gedevents/25.1?pagesize=1000&Country=1"


def _ged(number: int, following: str | None) -> Response:
    row: dict[str, Any] = {**GED, "id": number, "best": 4, "high": None}
    return ok({"TotalCount": 3, "NextPageUrl": following, "Result": [row]})


def test_page_after_page_then_records(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake(_ged(1, HOST + "&page=1"), _ged(2, HOST + "&page=2"), _ged(3, None))
    code, out, _ = run(*UCDP, fake=fake)
    assert code == 0
    assert "3 rows on 3 pages" in out
    assert [url for url, _ in fake.asked] == [HOST, HOST + "&page=1", HOST + "&page=2"]
    assert all(h["x-ucdp-access-token"] == SECRET for _, h in fake.asked)
    provenance = json.loads(Path("g.jsonl.provenance.json").read_text())
    assert provenance["address"] == HOST
    assert provenance["rows"] == 3
    assert main(["convert", "--connector", "ucdp", "g.jsonl", "--to", "r.jsonl"]) == 0
    assert "3 rows read: 3 accepted" in capsys.readouterr().out
    records = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [r["id"] for r in records] == ["ucdp-1", "ucdp-2", "ucdp-3"]
    assert records[0]["deaths"] == {"best": 4, "low": 0}
    (kept,) = json.loads(Path("r.provenance.json").read_text())
    assert (kept["retrieved"], kept["retrieved_by"]) == (provenance["retrieved"], "fetched")
    for file in Path().iterdir():
        assert SECRET not in file.read_text(), file


def test_going_on_after_an_interruption(run: Run) -> None:
    fake = Fake(_ged(1, HOST + "&page=1"), Response(404, {}, b""))
    code, _, err = run(*UCDP, fake=fake)
    assert code == 2
    assert "--resume goes on from here" in err
    with Path("g.jsonl").open("a") as out:
        out.write('{"half')
    code, _, err = run(*UCDP[:-2], "--query", "Year=2020", "--to", "g.jsonl", "--resume")
    assert "of another query" in err
    fake = Fake(_ged(2, None))
    assert run(*UCDP, "--resume", fake=fake)[0] == 0
    assert [url for url, _ in fake.asked] == [HOST + "&page=1"]
    rows = [json.loads(line)["id"] for line in Path("g.jsonl").read_text().splitlines()]
    assert rows == [1, 2]
    assert "nothing to resume" in run(*UCDP, "--resume")[2]


def test_acled_pages_until_one_is_not_full(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servanda.connect.apis.acled.PAGE_SIZE", 2)
    rows = [{**ACLED, "event_id_cnty": f"N{n}"} for n in range(3)]
    fake = Fake(ok({"success": True, "data": rows[:2]}), ok({"success": True, "data": rows[2:]}))
    arguments = ("--connector", "acled", "--query", "country=A B", "--to", "a.jsonl")
    code, _, err = run(*arguments, fake=fake)
    assert code == 0
    assert "Not to be passed on" in err
    pages = [dict(parse_qsl(urlsplit(url).query)) for url, _ in fake.asked]
    assert [p["page"] for p in pages] == ["1", "2"]
    assert {p["country"] for p in pages} == {"A B"}
    assert fake.asked[0][1]["Authorization"] == f"Bearer {SECRET}"
    refusal = Fake(ok({"success": False, "error": "limit reached"}))
    assert "ACLED refused: limit reached" in run(*arguments, fake=refusal)[2]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_ged(1, "https://evil.example/next"), "another host"),
        (Response(200, {}, b"<html>"), "no JSON"),
        (ok({"Result": "none"}), "without a list"),
        (ok([]), "without a list"),
    ],
)
def test_answers_that_cannot_be_used(run: Run, answer: Response, told: str) -> None:
    code, _, err = run(*UCDP, fake=Fake(answer))
    assert code == 2
    assert told in err


def test_nobody_is_asked_without_a_command_or_a_key(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = Fake()
    code, out, _ = run(*UCDP, "--show", fake=fake)
    assert (code, out.strip()) == (0, HOST)
    monkeypatch.delenv("SERVANDA_UCDP_TOKEN")
    code, _, err = run(*UCDP, fake=fake)
    assert code == 2
    assert "needs your own key" in err
    assert "Say which release" in run("--connector", "ucdp", "--to", "g.jsonl")[2]
    assert "have" in run("--connector", "viina", "--to", "g.jsonl")[2]
    assert "NAME=VALUE" in run(*UCDP, "--query", "x")[2]
    assert not fake.asked
