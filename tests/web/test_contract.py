"""The API against its description: made-up requests get documented answers, and never a fault.

Words that come from outside are strings of any kind; days, readings and ids that exist are mixed in
by hypothesis, so that not all requests end at the first check.
"""

from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from servanda.ends.run import who_ends
from servanda.web.app import create_app
from servanda.web.pages import ends
from tests.web.addresses import PAGES, json_of
from tests.web.conftest import COURSE, DEMO, FLAGSHIP, PAUSE

APP = create_app(DEMO)
schema = schemathesis.openapi.from_asgi("/openapi.json", APP)
CALM = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _in_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not decided by then is told as not decided: that is an answer as well."""
    monkeypatch.setattr(ends, "who_ends", partial(who_ends, seconds=1))


@schema.parametrize()
@CALM
def test_answers_are_as_described(case: Any) -> None:
    case.call_and_validate(checks=CHECKS)


days = st.one_of(
    st.dates().map(str),
    st.sampled_from(["2026-02-10", "2025-04-01", "2026-04-01T20:59:59Z", "2026-04", "0001-01-01"]),
    st.text(max_size=12),
)
queries = st.fixed_dictionaries(
    {},
    optional={
        "as_of": days,
        "known_at": days,
        "standard": st.sampled_from(["any_claim", "findings", "party:Ukraine", "2 sources", "x"]),
        "reading": st.sampled_from(["clock_start=on_agreement", "start=on_18_march", "a=b", "="]),
        "assume": st.sampled_from(["p6.force_cap.deadline=2026-03-01", "p6.force_cap", "=", "."]),
        "course": st.sampled_from([COURSE, "", "none"]),
        "since": days,
        "until": days,
        "q": st.text(max_size=8),
        "start": st.integers(-2, 100),
        "count": st.integers(-2, 600),
        "unit": st.sampled_from(["Kherson", "nowhere"]),
        "why": st.text(max_size=8),
        "part": st.sampled_from(["yes", ""]),
    },
)
paths = st.sampled_from(
    [
        address.partition("?")[0].replace(FLAGSHIP, agreement)
        for name, address in PAGES.items()
        if name not in ("api", "index", "audit", "drafts", "compare", "ends")
        for agreement in (FLAGSHIP, PAUSE)
    ]
)


@given(paths, queries, st.booleans())
@settings(CALM, max_examples=150)
def test_pages_answer_whatever_they_are_asked(
    path: str, query: dict[str, Any], as_json: bool
) -> None:
    client = TestClient(APP, raise_server_exceptions=True)
    told = client.get(json_of(path) if as_json else path, params=query)
    assert told.status_code in (200, 400, 404)
    assert "Traceback" not in told.text
