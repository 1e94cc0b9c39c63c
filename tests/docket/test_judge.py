"""Which findings stand, and the reason why the others do not."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from servanda.docket.case import cases
from servanda.docket.judge import judge
from servanda.docket.papers import filed
from servanda.docket.rules import Rules
from servanda.engine.calendar import Calendar
from servanda.evidence.finding import Finding, competent, parse_vote
from servanda.model.condition import Name
from servanda.model.institution import Institution, VoteKind, VoteRule
from servanda.model.unspecified import Unspecified
from tests.evidence.small import attack, records, speakers

COUNCIL = Institution("Council", vote=Unspecified(), competent_for=("*",))
AGENCY = Institution("Agency", own_rules=True, competent_for=("p1.plant",))
BODIES = {"Council": COUNCIL, "Agency": AGENCY}
SINCE = {"Council": 0}


def found(
    args: Mapping[str, Any],
    vote: str | VoteRule | None = "5 of 7",
    source: str = "Council",
    bodies: Mapping[str, Institution] = BODIES,
    since: Mapping[str, int | None] = SINCE,
) -> Finding:
    said = {"body": "Council", "norm": "p1.hold", "result": "breach", "votes_for": 5, **args}
    (record,) = records({**attack("f", source), "type": "finding", "args": said})
    rule = parse_vote(vote) if isinstance(vote, str) else vote
    votes = {"Council": rule} if rule else {}
    rules = Rules(bodies, speakers(), Calendar(ZoneInfo("UTC")), 1 << 60, votes, since)
    papers = filed([record])
    return judge(record, papers, rules, cases(papers, rules)).finding


def test_a_finding_of_the_competent_body_under_its_vote_stands() -> None:
    one = found({"against": "A", "about": ["r1", "r2"]})
    assert one.stands
    assert (one.body, one.norm, one.result, one.against) == ("Council", "p1.hold", "breach", "A")
    assert one.about == ("r1", "r2")
    assert one.on("p1.hold", "p1.hold[A]")
    assert not one.on("p1.other", "p1.other[A]")
    assert found({"norm": "p1.hold[A]"}).on("p1.hold", "p1.hold[A]")
    assert not found({"norm": "p1.hold[A]"}).on("p1.hold", "p1.hold[B]")


@pytest.mark.parametrize(
    ("args", "more", "why"),
    [
        ({}, {"vote": None}, "gives Council no vote"),
        ({}, {"source": "Paper"}, "reported by Paper, not by Council itself"),
        ({"norm": "p1.plant"}, {}, "Agency, not Council, is competent"),
        ({"votes_for": 4}, {}, "4 for and 0 against does not carry it"),
        ({"votes_for": None}, {}, "does not say how many voted for it"),
        ({}, {"bodies": {}}, "no body is competent"),
    ],
)
def test_what_keeps_a_finding_from_standing(
    args: Mapping[str, Any], more: Mapping[str, Any], why: str
) -> None:
    one = found(args, **more)
    assert not one.stands
    assert why in one.why_not


def test_a_body_finds_only_once_it_is_set_up() -> None:
    from dataclasses import replace

    bodies = {"Council": replace(COUNCIL, established_by="p2.council")}
    at = found({}).at
    assert found({}, bodies=bodies, since={"Council": at}).stands
    for since in ({"Council": at + 1}, {"Council": None}, {}):
        one = found({}, bodies=bodies, since=since)
        assert "not established" in one.why_not


def test_a_body_with_rules_of_its_own_needs_no_vote_from_the_text() -> None:
    said = {"body": "Agency", "norm": "p1.plant", "votes_for": None}
    assert found(said, vote=None, source="Agency").stands


@pytest.mark.parametrize(
    ("vote", "args", "carried"),
    [
        ("majority", {"votes_for": 3, "votes_against": 2}, True),
        ("majority", {"votes_for": 2, "votes_against": 2}, False),
        ("consensus", {"votes_for": None}, True),
        ("consensus", {"votes_for": 6, "votes_against": 1}, False),
        ("silence 72 hours", {"votes_for": None}, True),
        ("silence 72 hours", {"votes_for": 6, "votes_against": 1}, False),
        ("silence", {"votes_for": None}, False),
        ("majority of votes", {"votes_for": 3, "votes_against": 2}, True),
        ("majority of present", {"votes_for": 3, "votes_against": 3}, False),
        ("majority of members", {"votes_for": 6, "votes_against": 0}, False),
        ("two_thirds of votes", {"votes_for": 4, "votes_against": 2}, True),
        ("two_thirds of votes", {"votes_for": 3, "votes_against": 2}, False),
        ("two_thirds", {"votes_for": 0, "votes_against": 0}, False),
        ("co_chairs", {"votes_for": 2, "votes_against": 0}, False),
        ("chair", {"votes_for": None}, True),
        ("5 of 7", {"votes_for": 5, "votes_against": 2}, True),
        ("5 of 7", {"votes_for": 4, "votes_against": 0}, False),
    ],
)
def test_each_kind_of_vote(vote: str, args: Mapping[str, Any], carried: bool) -> None:
    assert found(args, vote=vote).stands is carried


def test_a_veto_blocks_where_the_rule_knows_one() -> None:
    rule = VoteRule(VoteKind.COUNT, 5, 7, veto=Name("A"))
    assert found({"vetoes": 1}, vote=rule).why_not == "it was vetoed"
    assert found({"vetoes": 0}, vote=rule).stands
    assert found({"vetoes": 1}).stands


@pytest.mark.parametrize(
    "text",
    [
        *("8 of 7", "0 of 7", "most", "5 of", "five of seven", "", "count", "silence long"),
        *(
            "silence 3",
            "majority of seats",
            "consensus of members",
            "silence 3 moons",
            "chair 3 days",
        ),
    ],
)
def test_what_is_no_vote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="vote"):
        parse_vote(text)


def test_a_named_body_goes_before_the_one_for_everything_else() -> None:
    bodies = {"Council": COUNCIL, "Agency": AGENCY}
    assert competent("p1.plant[A]", bodies) is AGENCY
    assert competent("p1.hold", bodies) is COUNCIL
    assert competent("p1.hold", {"Agency": AGENCY}) is None
