"""Ledgers to test with, in both stores, and a clock that only goes forward."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from servanda.ledger.handling import Handling
from servanda.ledger.importing import Import, Progress, Source
from servanda.ledger.ledger import Ledger, init
from servanda.ledger.rows import digest_of, rows_of_file
from tests.support.postgres import Cluster, cluster
from tests.support.skipping import skip

PUBLIC = Handling("public", "public_source", ("assessment", "reporting"))
T0 = 1_760_000_000_000_000
ROWS = """\
{"id":"a1","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A","on":"B"},"source":"B"}
{"id":"a2","type":"attack","at":"2026-01-06","args":{"by":"A","on":"B"},"source":"Press","place":{"lat":48.10,"lon":37.5}}
{"id":"m1","type":"measure","at":"2026-01-07","args":{"name":"guards","of":"A","value":1.50},"source":"Мережа"}
"""
Clock = Callable[[], int]
Enter = Callable[..., Progress]


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A private PostgreSQL; where there is none the tests that need it say so."""
    try:
        running = cluster()
    except LookupError as absent:
        skip(str(absent))
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger goes: the same tests for both stores."""
    if request.param == "sqlite":
        return str(tmp_path / "l.ledger")
    running: Cluster = request.getfixturevalue("server")
    return running.fresh()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "l.keys"


@pytest.fixture
def clock() -> Clock:
    steps = count(T0, 1_000_000)
    return lambda: next(steps)


@pytest.fixture
def ledger(place: str, keys: Path, clock: Clock) -> Ledger:
    return init(place, "A mission", clock(), keys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "r.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def enter(clock: Clock) -> Enter:
    """Import a file into a ledger."""

    def call(
        ledger: Ledger, path: Path, handling: Handling = PUBLIC, step: int = 10_000
    ) -> Progress:
        source = Source(path.name, *digest_of(path))
        return Import(ledger, source, handling, clock, step=step).run(rows_of_file(path))

    return call
