"""Shared by all tests: where real data lies on a developer's machine, and hypothesis profiles."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).parent.parent

# Looking for what is no longer used took a quarter of all the time, since agreements stay.
gc.set_threshold(100_000, 20, 20)

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("long", deadline=None, max_examples=10_000)
# Under mutation testing the first counter-example is enough; nobody reads a smaller one.
settings.register_profile(
    "mutation",
    settings.get_profile("default"),
    phases=(Phase.explicit, Phase.generate),
    database=None,
)
UNDER_MUTATION = "MUTANT_UNDER_TEST" in os.environ
settings.load_profile("mutation" if UNDER_MUTATION else "default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under mutation testing the quick tests go first: the first that fails ends the run."""
    if UNDER_MUTATION:
        items.sort(key=lambda item: hasattr(getattr(item, "function", None), "hypothesis"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; the test is skipped where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the real data that lies beside the project on a developer's machine is absent")
    return folder
