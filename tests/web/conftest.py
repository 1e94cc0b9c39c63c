"""Shared by the tests of the pages: a demo in-process, and answers without a server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from servanda.web.app import create_app
from servanda.web.desk import Answer, Desk
from servanda.web.settings import Settings
from servanda.web.shelf import Shelf
from servanda.web.view import View
from tests.support.browser import chromium
from tests.support.skipping import skip

DEMO = Settings(demo=True, hosts=("testserver",))
FLAGSHIP = "ukraine-28-point"
PAUSE = "energy-moratorium-2025"
COURSE = "first-months"
COMPLAINTS = "two-complaints"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A running Chromium; where there is none the tests that need it say so."""
    try:
        with chromium() as found:
            yield found
    except LookupError as error:
        skip(str(error))


@pytest.fixture(scope="session")
def demo() -> TestClient:
    return TestClient(create_app(DEMO))


@pytest.fixture(scope="session")
def answer() -> Callable[..., Answer]:
    """Answers by view, kept for all tests."""
    desk = Desk(Shelf(DEMO), 40)
    return lambda agreement=FLAGSHIP, **choices: desk.answer(View(agreement, **choices))


@pytest.fixture(scope="session")
def course(answer: Callable[..., Answer]) -> Answer:
    """The flagship with its invented course of events."""
    return answer(course=COURSE)


@pytest.fixture(scope="session")
def pause(answer: Callable[..., Answer]) -> Answer:
    """The pause of strikes, on reported facts."""
    return answer(PAUSE)
