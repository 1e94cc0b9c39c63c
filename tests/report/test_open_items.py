"""What a text leaves open is listed with its place, in the order of the text."""

from servanda import library
from servanda.report.open_items import open_items
from tests.report.samples import VALLEYS


def test_open_deadlines_deciders_and_rules_are_named() -> None:
    items = open_items(library.from_text(VALLEYS).agreement)
    assert items.deadlines == ("v.truce",)
    assert items.deciders == ("start",)
    assert "Commission.vote" in items.rules
    assert items.terms == ("start",)
    assert items.other == ()


def test_what_is_filled_in_is_open_no_longer() -> None:
    text = VALLEYS.replace("deadline unspecified", "by 2026-06-30").replace(
        "vote unspecified", "vote 3 of 5"
    )
    items = open_items(library.from_text(text).agreement)
    assert items.deadlines == ()
    assert "Commission.vote" not in items.rules
