"""A server that is killed while people file: what it acknowledged stands, each with its line.

And many at once: they wait for each other, and nothing is lost.
"""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

import pytest

from servanda.ledger import chain
from servanda.ledger import ledger as ledgers
from servanda.web.people import accounts, forms, sessions, trail
from servanda.web.people.office import Office, Place, open_office
from servanda.web.people.passwords import Passwords
from servanda.web.people.roles import Role
from tests.conftest import ROOT
from tests.web.filing.conftest import AT, NOW, valleys
from tests.web.filing.test_file import ATTACK, FILE, file_one, ids
from tests.web.people.house import QUICK, House

ROUNDS = 3


class AsItComes(HTTPErrorProcessor):
    """Answers as they come: a redirect is not followed."""

    def http_response(self, request: Request, response: object) -> object:
        return response


class Server:
    """`servanda serve` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        command = [
            *(sys.executable, "-m", "servanda.cli", "serve", str(folder / "valleys.servanda")),
            *("--ledger", str(folder / "v.ledger"), "--people", str(folder / "people.db")),
            *("--port", "0"),
        ]
        environment = {**os.environ, "SERVANDA_LEDGER_KEYS": str(folder / "the.keys")}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        told = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())
        assert told is not None
        self.address = told[0]
        self.opener = build_opener(AsItComes)

    def send(self, token: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        data = urlencode({forms.FIELD: forms.token_from(token), **fields}).encode()
        headers = {"Cookie": f"servanda={token}", "Origin": self.address}
        with self.opener.open(Request(self.address + FILE, data, headers), timeout=20) as answer:
            return answer.status, answer.headers.get("location") or "", answer.read().decode()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def _until_killed(server: Server, token: str, first: int) -> list[str]:
    """File one record after another until the server is gone; the ids that it acknowledged."""
    acknowledged: list[str] = []
    for number in range(first, first + 200):
        fields = {**ATTACK, "count": str(number + 1)}
        try:
            _, _, page = server.send(token, {**fields, "do": "try"})
            mark = re.search(r'name="tried" value="([^"]*)"', page)
            assert mark is not None
            status, where, _ = server.send(token, {**fields, "do": "enter", "tried": mark[1]})
        except (URLError, ConnectionError, TimeoutError, HTTPError, OSError):
            return acknowledged
        assert status == 303
        acknowledged.append(unquote(where.partition("entered=")[2]))
    return acknowledged


def _session(office: Office) -> str:
    with office.store.writing() as connection:
        row = accounts.by_name(connection, "Lower")
        if row is None:
            identity = accounts.add(connection, 1, "Lower", Role.PARTY, "Lower").account
        else:
            identity = row.id
        return sessions.begin(office, connection, identity, Place("here", "test"))


def test_a_server_that_is_killed_has_kept_what_it_acknowledged(tmp_path: Path) -> None:
    rng = random.Random(7)
    valleys(tmp_path)
    ledger = ledgers.init(str(tmp_path / "v.ledger"), "V", NOW * 1_000_000, tmp_path / "the.keys")
    office = open_office(str(tmp_path / "people.db"), passwords=Passwords(QUICK))
    acknowledged: list[str] = []
    for turn in range(ROUNDS):
        token = _session(office)
        server = Server(tmp_path)
        killer = threading.Timer(rng.uniform(1.0, 4.0), server.kill)
        killer.start()
        try:
            acknowledged += _until_killed(server, token, turn * 1000)
        finally:
            killer.join()
        assert chain.verify(ledger).whole
    assert len(acknowledged) > ROUNDS
    with ledger.reading() as reader:
        assert all(reader.seq_of(one) is not None for one in acknowledged)
        entered = [e.id for e in reader.of_kinds("record")]
    with office.store.reading() as connection:
        assert trail.broken(connection, office.keys) is None
        lines = {line.on for line in trail.lines(connection, count=10_000)}
    assert {f"record:{one}" for one in entered} <= lines


@pytest.mark.parametrize("many", [6])
def test_many_at_once_wait_for_each_other(stored: House, many: int) -> None:
    people = [stored.as_role(Role.PARTY, "Lower") for _ in range(many)]
    begun = time.monotonic()
    with ThreadPoolExecutor(many) as pool:
        sent = [pool.submit(file_one, one, count=str(n + 1)) for n, one in enumerate(people)]
        assert [done.result().status_code for done in sent] == [303] * many
    assert time.monotonic() - begun < 60
    assert len(ids(stored)) == many
    same = [stored.as_role(Role.PARTY, "Upper") for _ in range(many)]
    with ThreadPoolExecutor(many) as pool:
        done = [pool.submit(file_one, one, at="2026-09-09") for one in same]
        assert {one.result().status_code for one in done} == {303}
    assert len(ids(stored)) == many + 1  # the same record, sent by many at once, is one entry
    assert people[0].get(f"{AT}/records").status_code == 200
