"""Evidence standards against a definition of their own, over every small choice of speakers."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.evidence.record import Record
from servanda.evidence.standard import (
    Evidence,
    Role,
    counting,
    declared_since,
    gather,
    named_standards,
    origins,
    parents,
)
from servanda.model.standard import Named, Standard
from tests.evidence.small import SIDES, agreement, attack, records, speakers

TYPES = agreement().record_types
VOICES = sorted(SIDES)


def evidence(told: Sequence[Record], trust: bool = False) -> Evidence:
    return gather(told, TYPES, speakers(), trust)


def counted(
    told: Sequence[Record],
    standard: str,
    role: Role = Role.OFFENDING,
    accused: str | None = "A",
    trust: bool = False,
) -> set[str]:
    about = [r for r in told if r.type not in ("acknowledges", "disputes")]
    return {r.id for r in counting(about, standard, role, accused, evidence(told, trust))}


# --- the definition, in the words of the rule ---------------------------------------------------


def _root(identity: str, parents: dict[str, str | None]) -> str:
    seen = set()
    while (above := parents.get(identity)) is not None and identity not in seen:
        seen.add(identity)
        identity = above
    return identity


def corroborated(
    told: list[tuple[str, str | None]], role: Role, accused: str | None, acknowledged: bool
) -> bool:
    """`told` gives the speaker of each record and the record that it rests on."""
    if acknowledged and role is Role.OFFENDING:
        return True
    if acknowledged and accused is not None:
        told = [*told, (accused, None)]  # of its own performance it is one more voice
    names = [f"r{n}" for n in range(len(told))]
    parents = {name: above for name, (_, above) in zip(names, told, strict=True)}
    if role is Role.OFFENDING and any(speaker == accused for speaker, _ in told):
        return True  # the accused speaking itself acknowledges
    for one, other in combinations(range(len(told)), 2):
        mine, theirs = told[one][0], told[other][0]
        if mine == theirs:
            continue
        if _root(names[one], parents) == _root(names[other], parents):
            continue
        if SIDES[mine] is not None and SIDES[mine] == SIDES[theirs]:
            continue
        outside = SIDES[mine] is None or SIDES[theirs] is None
        if role is Role.FULFILLING or outside:
            return True
    return False


@st.composite
def tellings(draw: st.DrawFn) -> list[tuple[str, str | None]]:
    """One to four records of one occurrence; each may rest on an earlier one."""
    size = draw(st.integers(1, 4))
    found: list[tuple[str, str | None]] = []
    for number in range(size):
        above = draw(st.none() | st.integers(0, number - 1)) if number else None
        found.append((draw(st.sampled_from(VOICES)), None if above is None else f"r{above}"))
    return found


@settings(max_examples=600)
@given(
    tellings(),
    st.sampled_from(Role),
    st.sampled_from(["A", "B", None]),
    st.sampled_from([None, "A", "B", "StateTV"]),
)
def test_corroboration_is_what_the_rule_says(
    told: list[tuple[str, str | None]],
    role: Role,
    accused: str | None,
    acknowledges: str | None,
) -> None:
    rows: list[dict[str, Any]] = [
        attack(f"r{n}", speaker, **({"derived_from": [above]} if above else {}))
        for n, (speaker, above) in enumerate(told)
    ]
    if acknowledges is not None:
        rows.append(
            {
                "id": "ack",
                "type": "acknowledges",
                "at": "2026-02-02",
                "args": {"party": "A", "record": ["r0"]},
                "source": acknowledges,
            }
        )
    found = records(*rows)
    itself = acknowledges == "A" and accused == "A"
    expected = corroborated(told, role, accused, itself)
    everyone = {f"r{n}" for n in range(len(told))}
    assert counted(found, "corroborated", role, accused) == (everyone if expected else set())
    assert counted(found, "findings", role, accused) == (everyone if expected else set())
    assert counted(found, "any_claim", role, accused) == everyone
    assert counted(found, "third_party", role, accused) == {
        f"r{n}" for n, (speaker, _) in enumerate(told) if SIDES[speaker] is None
    }
    for party in ("A", "B"):
        own = {f"r{n}" for n, (speaker, _) in enumerate(told) if speaker == party}
        if party == "A" and acknowledges == "A":
            own |= {"r0"}
        assert counted(found, f"party:{party}", role, accused) == own


def test_the_voice_of_a_group_speaks_for_it_and_a_member_does_not() -> None:
    found = records(attack("v", "V"), attack("m", "M"))
    assert counted(found, "party:G") == {"v"}


def test_a_claim_is_the_word_of_who_claims_it() -> None:
    """A paper that passes on what A says is A's word, not the paper's."""
    found = records(attack("p", "Paper", claimed_by="B"), attack("r", "Radio", claimed_by="B"))
    assert counted(found, "corroborated") == set()
    assert counted(found, "party:B") == {"p", "r"}
    assert counted(found, "third_party") == set()


@pytest.mark.parametrize(
    ("status", "trusted", "untrusted"),
    [
        ("verified", {"one"}, set()),
        ("corroborated", {"one"}, set()),
        ("reported", set(), set()),
        (None, set(), set()),
    ],
)
def test_a_status_lifts_only_where_it_is_trusted(
    status: str | None, trusted: set[str], untrusted: set[str]
) -> None:
    found = records(attack("one", "Paper", **({"status": status} if status else {})))
    assert counted(found, "corroborated", trust=True) == trusted
    assert counted(found, "corroborated") == untrusted


def test_a_rejected_record_is_lowered_where_status_is_trusted() -> None:
    found = records(attack("one", "Paper", status="rejected"), attack("two", "Radio"))
    assert counted(found, "corroborated") == {"one", "two"}
    assert counted(found, "corroborated", trust=True) == set()
    assert counted(found, "third_party", trust=True) == {"two"}
    assert counted(found, "any_claim", trust=True) == {"one", "two"}
    alone = records(attack("one", "Paper", status="rejected"))
    assert counted(alone, "third_party", trust=True) == set()


@pytest.mark.parametrize(
    ("source", "kind", "counts"),
    [
        ("Observers", "measure", True),
        ("Paper", "measure", False),
        ("BMinistry", "measure", False),  # a mandate does not make one side's ministry an outsider
        ("Observers", "attack", False),
    ],
)
def test_a_mandated_body_of_no_side_counts_alone(source: str, kind: str, counts: bool) -> None:
    row = attack("one", source)
    if kind == "measure":
        row |= {"type": kind, "args": {"name": "n", "of": "A", "value": 1, "unit": "people"}}
    found = records(row)
    assert counted(found, "corroborated", accused=None) == ({"one"} if counts else set())


@pytest.mark.parametrize("standard", named_standards(speakers()))
def test_a_declaratory_act_of_the_actor_counts_under_every_standard(standard: str) -> None:
    law = {"type": "enacts", "args": {"by": "A", "act": "law"}}
    own = records({**attack("own", "A"), **law})
    told = records({**attack("told", "B"), **law})
    assert counted(own, standard, Role.FULFILLING) == {"own"}
    expected = {"told"} if standard in ("any_claim", "party:B") else set()
    assert counted(told, standard, Role.FULFILLING) == expected


def test_what_all_must_declare_counts_once_all_have() -> None:
    pact = {"type": "concludes", "args": {"instrument": "pact", "parties": ["A", "B"]}}
    one = {**attack("one", "A"), **pact}
    other = {**attack("other", "B"), **pact, "at": "2026-02-03T10:00:00Z"}
    half, whole = records(one), records(one, other)
    assert counted(half, "third_party", Role.FULFILLING, None) == set()
    for standard in named_standards(speakers()):
        assert counted(whole, standard, Role.FULFILLING, None) == {"one", "other"}
    assert declared_since(half, evidence(half)) is None
    last = whole[1].at
    assert last is not None
    assert declared_since(whole, evidence(whole)) == (last.first, last.last)


def test_of_several_only_the_own_word_is_declaratory() -> None:
    law = {"type": "enacts", "args": {"by": "A", "act": "law"}}
    found = records({**attack("own", "A"), **law}, {**attack("told", "StateTV"), **law})
    assert counted(found, "party:B", Role.FULFILLING) == {"own"}


@pytest.mark.parametrize("role", Role)
def test_of_what_is_done_together_every_party_is_a_bearer(role: Role) -> None:
    """Two of three parties say that they have concluded a pact: their own performance so far."""
    pact = {"type": "concludes", "args": {"instrument": "pact", "parties": ["A", "B", "G"]}}
    one, other = {**attack("one", "A"), **pact}, {**attack("other", "B"), **pact}
    paper = {**attack("paper", "Paper"), **pact}
    expected = {"one", "other"} if role is Role.OFFENDING else set()
    assert counted(records(one, other), "corroborated", role, None) == expected
    assert counted(records(one, paper), "corroborated", role, None) == {"one", "paper"}


def test_a_body_and_its_chair_are_one_bearer() -> None:
    by_k = {"args": {"by": "K", "on": "B"}}
    own = attack("k", "K", **by_k), attack("chair", "Chair", **by_k)
    assert counted(records(*own), "corroborated", Role.FULFILLING, "K") == set()
    assert counted(records(*own), "corroborated", Role.OFFENDING, "K") == {"k", "chair"}
    paper = attack("paper", "Paper", **by_k)
    assert counted(records(own[0], paper), "corroborated", Role.FULFILLING, "K") == {"k", "paper"}


def test_who_acknowledges_its_own_word_is_still_one_voice() -> None:
    said = attack("k", "K", args={"by": "K", "on": "B"})
    acknowledged = {
        "id": "ack",
        "type": "acknowledges",
        "at": "2026-02-02",
        "args": {"party": "K", "record": ["k"]},
        "source": "K",
    }
    found = records(said, acknowledged)
    assert counted(found, "corroborated", Role.FULFILLING, "K") == set()


def test_what_a_ledger_has_verified_counts() -> None:
    found = records(attack("one", "B"), attack("two", "B"))
    verified = gather(found, TYPES, speakers(), verified=frozenset({"two"}))
    assert counting(found, "corroborated", Role.OFFENDING, "A", verified) == found
    assert counting(found[:1], "corroborated", Role.OFFENDING, "A", verified) == ()


def test_standards_of_ones_own_are_kept_with_the_evidence() -> None:
    own = {"any_claim": Standard(Named("any_claim"))}
    assert gather((), TYPES, speakers(), own=own).own == own
    assert gather((), TYPES, speakers()).own == {}
    assert not gather((), TYPES, speakers()).trust_status, "unless the run says so"


def test_what_rests_on_something_withdrawn_still_rests_on_it() -> None:
    root = records(attack("r", "Nobody_knows_them"))
    withdrawn = records(attack("w", "Observers", derived_from=["r"]))
    found = records(
        attack("p", "Paper", derived_from=["r"]), attack("q", "Radio", derived_from=["w"])
    )
    alone = gather(found, TYPES, speakers())
    known = gather(found, TYPES, speakers(), heard=(*root, *withdrawn))
    assert counting(found, "corroborated", Role.OFFENDING, "A", alone) == found
    assert counting(found, "corroborated", Role.OFFENDING, "A", known) == ()


def test_nothing_vouches_for_nothing() -> None:
    for standard in named_standards(speakers()):
        assert counting((), standard, Role.OFFENDING, None, evidence(())) == ()


def test_a_finding_vouches_as_a_speaker_of_no_side() -> None:
    from dataclasses import replace

    found = records(attack("one", "B"))
    plain = evidence(found)
    vouched = replace(plain, vouching={"one": frozenset({"Council"})})
    for standard in ("corroborated", "third_party"):
        assert counting(found, standard, Role.OFFENDING, "A", plain) == ()
        assert counting(found, standard, Role.OFFENDING, "A", vouched) == found


def test_a_body_does_not_vouch_for_its_own_word() -> None:
    from dataclasses import replace

    found = records(attack("one", "Council"))
    vouched = replace(evidence(found), vouching={"one": frozenset({"Council"})})
    assert counting(found, "corroborated", Role.OFFENDING, "A", vouched) == ()


def test_origins_follow_every_parent_to_its_roots() -> None:
    found = records(
        attack("a", "A"),
        attack("b", "B", derived_from=["a"]),
        attack("c", "Paper", derived_from=["b", "elsewhere"]),
        attack("d", "Paper", derived_from=["far", "a", "b"]),  # one of them by two ways
        attack("x", "Paper", derived_from=["y"]),
        attack("y", "Radio", derived_from=["x"]),
    )
    roots = origins(parents(found))
    assert roots["a"] == roots["b"] == frozenset({"a"})
    assert roots["c"] == frozenset({"a", "elsewhere"})
    assert roots["d"] == frozenset({"a", "far"})
    assert roots["x"] == frozenset({"x"})  # a circle has no root but itself
    assert roots["y"] == frozenset({"y"})


def test_named_standards_are_the_general_ones_and_each_sides_account() -> None:
    assert named_standards(speakers()) == (
        *("any_claim", "corroborated", "third_party", "findings"),
        *("party:A", "party:B", "party:G"),
    )
