"""Which papers somebody may write in a case: by the step that it is at, and on whose behalf."""

import pytest

from servanda.docket.turns import Hand, Turn, preset
from servanda.report.cases import Proceedings, proceedings
from tests.docket.proceedings import APPEAL, STEPS, TEXT, ask, paper, valleys

KEY = ("Commission", "k1")
LOWER, UPPER, LEAGUE = (Hand(party=name) for name in ("Lower", "Upper", "League"))
COMMISSION = Hand(bodies=frozenset({"Commission"}))
ARBITER = Hand(bodies=frozenset({"Arbiter"}))
SECRETARIAT = Hand(bodies=None)
SEAT = Hand(seat=("Commission", "League"))
BEFORE = ["registers", "notifies", "verifies_jointly", "establishes_facts", "finding", "refers"]


def before(count: int, *more: dict[str, object], as_of: str = "03-26") -> Proceedings:
    return proceedings(ask([*STEPS[:count], *more], as_of))


def kinds(found: Proceedings, hand: Hand) -> list[str]:
    return [turn.kind for turn in found.turns(KEY, hand)]


def test_the_body_writes_its_own_papers_step_by_step() -> None:
    always = ["minutes", "action_point"]
    assert kinds(before(1), COMMISSION) == [*BEFORE, *always]
    assert kinds(before(2), COMMISSION) == [*BEFORE[1:], *always]
    assert kinds(before(3), COMMISSION) == [*BEFORE[2:], *always]
    assert kinds(before(5), COMMISSION) == [*BEFORE[3:], *always]
    assert kinds(before(7), COMMISSION) == always  # a finding stands
    assert kinds(before(1), SECRETARIAT) == kinds(before(1), COMMISSION)
    assert kinds(before(1), ARBITER) == kinds(before(1), Hand()) == []


def test_a_party_writes_for_itself_alone() -> None:
    assert kinds(before(3), UPPER) == ["replies", "submits", "verifies_jointly"]
    assert kinds(before(3), LOWER) == ["submits", "verifies_jointly"]
    assert kinds(before(3), LEAGUE) == []
    assert kinds(before(4), UPPER) == ["submits", "verifies_jointly"]
    assert kinds(before(5), UPPER) == ["submits"]
    authors = {turn.author for turn in before(3).turns(KEY, UPPER)}
    assert authors == {"Upper"}


def test_an_appeal_goes_to_its_body_once_and_in_time() -> None:
    found = before(7)
    assert found.turns(KEY, UPPER) == (Turn("appeals", "Upper", "f1"),)
    assert kinds(found, LOWER) == ["appeals"]
    assert kinds(found, LEAGUE) == []
    assert kinds(before(7, as_of="04-26"), UPPER) == []  # too late
    pending = before(7, APPEAL, as_of="04-03")
    assert kinds(pending, UPPER)[:1] != ["appeals"]  # it has appealed already
    assert "appeals" in kinds(pending, LOWER)
    assert pending.turns(KEY, ARBITER) == (Turn("decides_appeal", "Arbiter", "q1"),)
    decided = {"body": "Arbiter", "appeal": "q1", "result": "overturns_finding"}
    done = before(
        7, APPEAL, paper("q2", "04-10", "decides_appeal", "Arbiter", **decided), as_of="04-11"
    )
    assert done.turns(KEY, ARBITER) == ()
    assert kinds(done, SEAT) == ["dissents", "dissents"]  # what was overturned is not voted on


def test_a_member_votes_for_its_seat_in_its_body() -> None:
    assert kinds(before(6), SEAT) == ["dissents"]  # from the facts: there is no finding yet
    votes = before(7).turns(KEY, SEAT)
    assert votes[0] == Turn("casts_vote", "League", "f1")
    assert [turn.about for turn in votes if turn.kind == "dissents"] == ["f1", "k6"]
    dissent = paper("d1", "03-25", "dissents", "League", **{"by": "League", "from": "f1"})
    left = before(7, dissent).turns(KEY, SEAT)
    assert [turn.about for turn in left if turn.kind == "dissents"] == ["k6"]
    assert before(7).turns(KEY, Hand(seat=("Arbiter", "League"))) == ()


def test_a_case_that_was_referred_goes_on_elsewhere() -> None:
    text = TEXT.replace("  competent", "  hears after Local\n  competent")
    lodged = paper(
        *("k1", "03-02", "complaint", "Lower"),
        body="Local",
        by="Lower",
        norm="p1.peace",
        against="Upper",
    )
    sent = paper("r1", "03-03", "refers", "Local", body="Local", case="k1", to="Commission")
    found = proceedings(ask([lodged, sent], "03-04", valleys(text)))
    local = Hand(bodies=frozenset({"Local"}))
    below = [turn.kind for turn in found.turns(("Local", "k1"), local)]
    assert below == ["minutes", "action_point"]
    assert "registers" in kinds(found, COMMISSION)
    assert found.turns(("Local", "k1"), UPPER) == ()


def test_what_follows_from_the_case_is_not_asked_for() -> None:
    found = before(7)
    case = found.cases[KEY]
    told = {
        kind: preset(Turn(kind, author, about), case)
        for kind, author, about in (
            ("registers", "Commission", "k1"),
            ("notifies", "Commission", "k1"),
            ("finding", "Commission", "k1"),
            ("verifies_jointly", "Upper", "k1"),
            ("casts_vote", "League", "f1"),
            ("dissents", "League", "f1"),
            ("appeals", "Upper", "f1"),
            ("decides_appeal", "Arbiter", "q1"),
            ("minutes", "Commission", "k1"),
        )
    }
    assert told["registers"] == {"body": "Commission", "case": "k1"}
    assert told["notifies"] == {"body": "Commission", "party": "Upper", "case": "k1"}
    assert told["finding"]["about"] == ["k1", "a1"]
    assert told["finding"]["against"] == "Upper"
    assert told["verifies_jointly"] == {"by": ["Upper"], "case": "k1"}
    assert preset(Turn("verifies_jointly", "Commission", "k1"), case) == {"case": "k1"}
    assert told["casts_vote"] == {"by": "League", "on": "f1"}
    assert told["dissents"] == {"by": "League", "from": "f1"}
    assert told["appeals"] == {"by": "Upper", "against": "f1"}
    assert told["decides_appeal"] == {"body": "Arbiter", "appeal": "q1"}
    assert told["minutes"] == {"body": "Commission", "about": ["k1"]}
    with pytest.raises(ValueError, match="complaint"):
        preset(Turn("complaint", "Upper", "k1"), case)
