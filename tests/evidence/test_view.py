"""What is known at a time, without what was withdrawn or replaced by those who may."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence.instant import parse_period
from servanda.evidence.view import known, latest, view
from tests.evidence.small import UTC, attack, records


def instant(text: str) -> int:
    return parse_period(text, UTC).last


def standing(*rows: dict[str, Any], known_at: str | None = None) -> set[str]:
    at = None if known_at is None else instant(known_at)
    return {r.id for r in known(records(*rows), at)}


def takes_back(identity: str, source: str, *targets: str, **more: Any) -> dict[str, Any]:
    """A pure withdrawal: id, type, source, reported, withdraws."""
    return {
        "id": identity,
        "type": "attack",
        "source": source,
        "reported": "2026-02-05",
        "withdraws": list(targets),
        **more,
    }


def test_the_speaker_withdraws_its_own_record() -> None:
    assert standing(attack("r", "Paper"), takes_back("w", "Paper", "r")) == {"w"}


def test_nobody_else_does() -> None:
    assert standing(attack("r", "Paper"), takes_back("w", "Radio", "r")) == {"r", "w"}


def test_the_source_that_transmitted_a_claim_may_withdraw_it_too() -> None:
    told = attack("r", "Paper", claimed_by="B")
    assert standing(told, takes_back("w", "Paper", "r")) == {"w"}
    assert standing(told, takes_back("w", "B", "r")) == {"w"}
    assert standing(told, takes_back("w", "Radio", "r", claimed_by="A")) == {"r", "w"}


def test_a_withdrawal_that_is_not_known_yet_withdraws_nothing() -> None:
    rows = (attack("r", "Paper"), takes_back("w", "Paper", "r"))
    assert standing(*rows, known_at="2026-02-04") == {"r"}
    assert standing(*rows, known_at="2026-02-05") == {"w"}


def test_withdrawing_a_withdrawal_revives() -> None:
    rows = (
        attack("r", "Paper"),
        takes_back("w", "Paper", "r"),
        takes_back("again", "Paper", "w", reported="2026-02-07"),
    )
    assert standing(*rows) == {"r", "again"}
    assert standing(*rows, known_at="2026-02-06") == {"w"}


def test_a_replacement_stands_in_place_of_what_it_replaces() -> None:
    new = attack("new", "Paper", replaces=["r"], reported="2026-02-03")
    assert standing(attack("r", "Paper"), new) == {"new"}
    assert standing(attack("r", "Paper"), new, known_at="2026-02-02") == {"r"}


def test_no_record_takes_itself_back() -> None:
    assert standing(attack("r", "Paper", replaces=["r"])) == {"r"}
    assert standing(attack("r", "Paper", withdraws=["r"])) == {"r"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["Paper", "Radio"]), st.lists(st.integers(0, 5), max_size=2)),
        min_size=1,
        max_size=6,
    )
)
def test_a_record_stands_when_nothing_standing_takes_it_back(
    told: list[tuple[str, list[int]]],
) -> None:
    """Where the withdrawals run in no circle, the definition has one solution."""
    rows = [
        attack(f"r{n}", speaker, withdraws=[f"r{t}" for t in targets if t < n])
        for n, (speaker, targets) in enumerate(told)
    ]
    stands: dict[int, bool] = {}
    for n in reversed(range(len(told))):
        stands[n] = not any(
            stands[m] and n in told[m][1] and told[m][0] == told[n][0]
            for m in range(n + 1, len(told))
        )
    assert standing(*rows) == {f"r{n}" for n, is_so in stands.items() if is_so}


def test_a_view_holds_what_is_dated_up_to_its_instant_in_order() -> None:
    told = records(
        attack("late", "Paper", at="2026-02-03T00:00:00Z"),
        attack("b", "Paper"),
        attack("a", "Paper"),
        attack("day", "Paper", at="2026-02-01"),
    )
    seen = view(told, instant("2026-02-01"), None)
    assert [r.id for r in seen.records] == ["a", "b", "day"]
    seen = view(told, instant("2026-02-01T23:00:00Z"), None)
    assert [r.id for r in seen.records] == ["a", "b"]  # a day counts at its last microsecond
    assert [r.id for r in seen.of_type("attack")] == ["a", "b"]
    assert seen.of_type("measure") == ()
    assert latest(told) == instant("2026-02-03T00:00:00Z")
    assert latest(()) is None
