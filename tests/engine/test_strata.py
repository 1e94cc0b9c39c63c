"""Which states wait for which at one instant, and which circles are refused."""

import pytest

from servanda import library
from servanda.library import InputError

TEXT = """\
agreement demo "Waiting"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party A

provision d "Waiting"
  text "One waits for the other."

define absent as not d.other is active

rule d.one
  from {one}

rule d.other
  from {other}
"""


@pytest.mark.parametrize(
    "asked", ["absent", "not d.other is active", "not once (d.other is active)"]
)
def test_a_circle_through_a_negation_is_refused_by_whatever_name(asked: str) -> None:
    with pytest.raises(InputError, match="SV0604"):
        library.from_text(TEXT.format(one=asked, other="d.one is active"))


@pytest.mark.parametrize(
    "asked",
    [
        "previous (absent)",
        "not previous (d.other is active)",
        "previous [0 hours, 1 hour] (absent)",
        "once (0 hours, *) (absent)",
        "not absent",  # twice no is yes
    ],
)
def test_what_was_before_and_what_is_no_negation_may_stand_in_a_circle(asked: str) -> None:
    library.from_text(TEXT.format(one=asked, other="d.one is active"))
