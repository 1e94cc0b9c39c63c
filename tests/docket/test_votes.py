"""Voting rules against a plain table of who voted how, and what never changes an outcome."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.docket.ballot import ballot
from servanda.docket.carried import Outcome, outcome
from servanda.docket.papers import filed
from servanda.docket.rules import Rules
from servanda.engine.calendar import Calendar
from servanda.model.condition import Name, SetOf, TermValue
from servanda.model.institution import Institution, VoteBase, VoteKind, VoteRule
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified
from tests.evidence.small import records, speakers
from tests.support.examples import examples

SEATS = ("A", "B", "C", "D")
ALL = SetOf(tuple(map(Name, SEATS)))
WAYS = ("in_favour", "against", "abstains", "vetoes")
votes_cast = st.dictionaries(st.sampled_from(SEATS), st.sampled_from(WAYS))
DAY = 86_400_000_000


def decided(
    votes: Mapping[str, str],
    body: Institution,
    backwards: bool = False,
    later: int = 0,
    day: str = "2026-01-10",
) -> Outcome:
    """What came of the votes; `later` moves the instant at which one looks."""
    rows = [
        {"id": "f", "type": "finding", "at": "2026-01-10T00:00:00Z", "source": "Council",
         "args": {"body": "Council", "norm": "p1.hold", "result": "breach"}},
        *({"id": f"v{by}", "type": "casts_vote", "at": f"{day}T12:00:00Z", "source": by,
           "args": {"by": by, "on": "f", "vote": how}} for by, how in votes.items()),
    ]  # fmt: skip
    read = records(*(reversed(rows) if backwards else rows))
    papers = filed(read)
    (finding,) = papers.findings
    assert finding.at is not None
    as_of = finding.at.last + 30 * DAY + later
    rules = Rules({body.id: body}, speakers(), Calendar(ZoneInfo("UTC")), as_of)
    return outcome(ballot(finding, body, papers, rules), body, rules)


def council(rule: VoteRule | None, **more: object) -> Institution:
    return Institution("Council", members=ALL, vote=rule, **more)  # type: ignore[arg-type]


RULES = {
    "3 of 4": VoteRule(VoteKind.COUNT, 3, 4),
    "majority": VoteRule(VoteKind.MAJORITY),
    "majority of present": VoteRule(VoteKind.MAJORITY, base=VoteBase.PRESENT),
    "majority of members": VoteRule(VoteKind.MAJORITY, base=VoteBase.MEMBERS),
    "two thirds": VoteRule(VoteKind.TWO_THIRDS, base=VoteBase.VOTES),
    "two thirds of members": VoteRule(VoteKind.TWO_THIRDS, base=VoteBase.MEMBERS),
    "consensus": VoteRule(VoteKind.CONSENSUS),
    "silence": VoteRule(VoteKind.SILENCE, period=Duration(20, "days")),
    "co-chairs": VoteRule(VoteKind.CO_CHAIRS),
    "veto": VoteRule(VoteKind.COUNT, 1, 4, veto=Name("A")),
}


def by_table(name: str, votes: Mapping[str, str]) -> bool:
    """What the rule says in plain words, worked out apart."""
    yes = sum(how == "in_favour" for how in votes.values())
    no = sum(how in ("against", "vetoes") for how in votes.values())
    table = {
        "3 of 4": yes >= 3,
        "majority": yes > no,
        "majority of present": yes * 2 > len(votes),
        "majority of members": yes >= 3,
        "two thirds": yes > 0 and yes / (yes + no) >= 2 / 3 if yes + no else False,
        "two thirds of members": yes >= 3,
        "consensus": no == 0,
        "silence": no == 0,
        "co-chairs": votes.get("A") == votes.get("B") == "in_favour",
        "veto": yes >= 1 and votes.get("A") != "vetoes",
    }
    return table[name]


@examples(150)
@given(votes_cast, st.sampled_from(sorted(RULES)), st.booleans())
def test_the_outcome_is_that_of_the_table_in_whatever_order_it_is_told(
    votes: dict[str, str], name: str, backwards: bool
) -> None:
    body = council(RULES[name], chair=SetOf((Name("A"), Name("B"))))
    found = decided(votes, body, backwards)
    assert (not found.why_not) == by_table(name, votes), found.why_not
    assert found == decided(votes, body, not backwards)


@examples(60)
@given(votes_cast, st.sampled_from(sorted(set(RULES) - {"veto", "co-chairs"})), st.integers(0, 3))
def test_one_more_vote_for_it_never_undoes_it(votes: dict[str, str], name: str, which: int) -> None:
    if decided(votes, council(RULES[name])).why_not:
        return
    assert not decided({**votes, SEATS[which]: "in_favour"}, council(RULES[name])).why_not


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_parties_changed_places_the_outcome_is_the_same(name: str) -> None:
    names = {"A": "B", "B": "A"}
    votes = {"A": "against", "B": "in_favour", "C": "in_favour", "D": "in_favour"}
    swapped = {names.get(by, by): how for by, how in votes.items()}
    body = council(RULES[name], chair=SetOf((Name("A"), Name("B"))))
    one, other = decided(votes, body), decided(swapped, body)
    assert bool(one.why_not) == bool(other.why_not)


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (council(None), "gives Council no vote"),
        (council(VoteRule(VoteKind.MAJORITY, base=Unspecified())), "`vote … of`"),
        (
            Institution("Council", vote=VoteRule(VoteKind.MAJORITY, base=VoteBase.MEMBERS)),
            "`members`",
        ),
        (
            Institution(
                "Council",
                members=TermValue("seats"),
                vote=VoteRule(VoteKind.TWO_THIRDS, base=VoteBase.MEMBERS),
            ),
            "`members`",
        ),
        (council(VoteRule(VoteKind.SILENCE)), "`vote silence`"),
        (council(VoteRule(VoteKind.SILENCE, period=Unspecified())), "`vote silence`"),
        (council(VoteRule(VoteKind.CHAIR)), "`chair`"),
        (council(VoteRule(VoteKind.CO_CHAIRS), chair=Unspecified()), "`chair`"),
        (council(VoteRule(VoteKind.MAJORITY), quorum=Unspecified()), "`quorum`"),
    ],
)
def test_what_is_missing_is_named_by_its_clause(body: Institution, clause: str) -> None:
    found = decided(dict.fromkeys(SEATS, "in_favour"), body)
    assert any(clause in why for why in found.why_not), found.why_not


def test_an_objection_counts_while_the_time_runs_and_not_after() -> None:
    body = council(VoteRule(VoteKind.SILENCE, period=Duration(72, "hours")))
    assert decided({"D": "against"}, body, day="2026-01-12").why_not
    late = decided({"D": "against"}, body, day="2026-01-14")
    assert not late.why_not
    assert late.at == late.silence_until
    running = decided({}, body, later=-28 * DAY)
    assert "the time to object runs" in running.why_not[0]


def test_a_finding_is_carried_with_the_last_vote_for_it() -> None:
    body = council(RULES["majority"])
    found = decided({"A": "in_favour"}, body, day="2026-01-20")
    assert found.at == decided({"A": "in_favour"}, body).at + 10 * DAY
