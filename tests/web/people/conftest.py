"""A server with accounts on two valleys."""

from pathlib import Path

import pytest

from tests.web.people.house import House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)
