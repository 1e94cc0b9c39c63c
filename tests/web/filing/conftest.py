"""Two valleys with a commission, an arbiter and a ledger, on a server with accounts."""

from pathlib import Path
from typing import Any

import pytest

from servanda.ledger import ledger as ledgers
from tests.docket.proceedings import TEXT
from tests.ledger.conftest import place as place  # noqa: PLC0414  both stores, as for ledgers
from tests.ledger.conftest import server as server  # noqa: PLC0414  a private PostgreSQL
from tests.web.people.house import House, build

NOW = 1_790_000_000  # what the clock of the house says: 2026-09-21
AGREEMENT = "valleys"
AT = f"/agreements/{AGREEMENT}"


def valleys(folder: Path, more: str = "") -> Path:
    """The file of the agreement; `more` stands behind its text."""
    found = folder / "valleys.servanda"
    named = TEXT.replace(
        "prohibition p1.peace\n",
        'provision p1 "Peace"\n  text "Neither valley attacks the other."\n\n'
        'prohibition p1.peace "neither attacks the other"\n',
    )
    found.write_text(named + more)
    return found


def founded(
    place: str, folder: Path, hosts: tuple[str, ...] = ("testserver",), more: str = "", **told: Any
) -> House:
    """A server on a ledger that is founded at a place; `more` is text of the agreement."""
    keys = folder / "the.keys"
    ledgers.init(place, "Commission of the two valleys", NOW * 1_000_000, keys)
    agreements = (str(valleys(folder, more)),)
    return build(folder, agreements=agreements, ledger=place, hosts=hosts, **told)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """On a ledger in a file."""
    monkeypatch.setenv("SERVANDA_LEDGER_KEYS", str(tmp_path / "the.keys"))
    return founded(str(tmp_path / "valleys.ledger"), tmp_path)


@pytest.fixture
def stored(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """On a ledger in either store."""
    monkeypatch.setenv("SERVANDA_LEDGER_KEYS", str(tmp_path / "the.keys"))
    return founded(place, tmp_path)
