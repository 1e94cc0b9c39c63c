"""Contradictions are shown by source, none preferred; what may be two events is only possible."""

from typing import Any

from servanda.evidence.contradiction import Contradiction, contradictions
from servanda.evidence.mirror import mirrored, swap
from servanda.evidence.record import Record
from tests.evidence.test_duplicates import ATLAS, TYPES, record

HERE = {"lat": 49.0, "lon": 36.0}
NOON = "2026-01-05T12:00:00Z"


def _found(*rows: Record) -> tuple[Contradiction, ...]:
    return contradictions(rows, TYPES, ATLAS)


def _positions(found: Contradiction) -> dict[str, tuple[str, ...]]:
    return {p.value: p.speakers for p in found.positions}


def test_each_accuses_the_other_of_one_event() -> None:
    rows = (
        record("a", NOON, HERE, source="North", args={"by": "South", "on": "North"}),
        record("b", NOON, HERE, source="South", args={"by": "North", "on": "South"}),
        record("c", NOON, HERE, source="Press", args={"by": "unattributed"}),
    )
    by, on = _found(*rows)
    assert (by.about, by.possible) == ("by", False)
    assert _positions(by) == {"North": ("South",), "South": ("North",)}
    assert _positions(on) == {"North": ("North",), "South": ("South",)}
    names = swap("North", "South")
    twin = contradictions(mirrored(rows, names), TYPES, ATLAS)
    assert [_positions(c) for c in twin] == [_positions(by), _positions(on)], "it mirrors"


def test_on_the_same_day_it_may_be_two_events() -> None:
    rows = [
        record("a", "2026-01-05", HERE, source="North", args={"by": "South"}),
        record("b", "2026-01-05", HERE, source="South", args={"by": "North"}),
    ]
    (found,) = _found(*rows)
    assert found.possible
    linked = [
        rows[0],
        record("b", "2026-01-05", HERE, source="South", args={"by": "North"}, same_as=["a"]),
    ]
    assert not _found(*linked)[0].possible


def test_elsewhere_or_by_one_speaker_is_no_contradiction() -> None:
    there = {"lat": 50.0, "lon": 36.0}
    assert not _found(
        record("a", NOON, HERE, source="North", args={"by": "South"}),
        record("b", NOON, there, source="South", args={"by": "North"}),
    )
    assert not _found(
        record("a", NOON, HERE, args={"by": "South"}), record("b", NOON, HERE, args={"by": "North"})
    )
    assert not _found(
        record("a", NOON, source="North", args={"by": "South"}),
        record("b", NOON, source="South", args={"by": "North"}),
    ), "without a place nothing says that it is one event"


def _crossing(identity: str, source: str, people: int) -> Record:
    args = {"forces_of": "North", "territory_of": "South", "people": people}
    return record(identity, NOON, HERE, source=source, type="enters", args=args)


def test_numbers_of_one_occurrence() -> None:
    (found,) = _found(_crossing("a", "North", 10), _crossing("b", "South", 2000))
    assert (found.about, found.possible) == ("people", False)
    assert _positions(found) == {"10": ("North",), "2000": ("South",)}


def _row(identity: str, kind: str, source: str, **args: Any) -> Record:
    return record(identity, "2026-01-05", source=source, type=kind, args=args)


def test_claimed_totals_measures_and_control() -> None:
    claims = [
        _row(
            f"c{n}",
            "claim_total",
            source,
            by="North",
            about="drones",
            against="South",
            count=n,
            period="x",
        )
        for n, source in ((3, "North"), (5, "Radio"))
    ]
    (found,) = _found(*claims)
    assert (found.about, found.possible) == ("count", True)
    measures = [
        _row(f"m{n}", "measure", source, name="troops", of="North", value=n)
        for n, source in ((3, "North"), (5, "South"))
    ]
    assert [c.about for c in _found(*measures)] == ["value"]
    control = [
        _row(f"k{to}", "control_change", to, place="Kramatorsk", to=to) for to in ("North", "South")
    ]
    (found,) = _found(*control)
    assert (found.about, found.possible) == ("to", True)


def test_disputed_and_acknowledged() -> None:
    (found,) = _found(
        record("a", NOON, HERE, source="South"),
        _row("d", "disputes", "North", party="North", record="a"),
        _row("k", "acknowledges", "Radio", party="North", record="a"),
        _row("x", "disputes", "North", party="North", record="absent"),
    )
    assert found.about == "disputed"
    assert _positions(found) == {
        "says so": ("South",),
        "acknowledges": ("Radio",),
        "disputes": ("North",),
    }


def test_two_who_sign_do_not_contradict_each_other() -> None:
    assert not _found(
        _row("s1", "signs", "North", party="North"), _row("s2", "signs", "South", party="South")
    )
