"""Evidence standards of one's own: each word and each way to combine them, and the built-in ones.

The meaning is held three ways: tables written by hand, a definition by trying every choice of
voices, and the built-in standards, each of which can be written as a rule.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.evidence.record import Record
from servanda.evidence.standard import Evidence, Role, Voices, gather
from servanda.evidence.standard import counting as counting_built_in
from servanda.evidence.weighing import counting
from servanda.language.diagnostics import Reporter
from servanda.language.standard import MAX_VOICES, read_standard
from servanda.model import standard as s
from tests.evidence.small import SIDES, SOURCES, agreement, attack, records, speakers
from tests.support.pace import soon

TYPES = agreement().record_types
NAMES = {
    "party": ("A", "B", "G"),
    "source": (*SOURCES, "A", "B", "G", "M", "V"),
    "kind": ("media", "monitor", "mission", "body"),
}
# The built-in standards, each written as a rule.
WRITTEN = {
    "any_claim": "only {source, rejected}",
    "corroborated": """
        1 declared or 1 mandated or 1 verified or 1 admission
        or (offending and 2 independent sources including 1 {third_party, actor})
        or (fulfilling and 2 independent sources including 1 not actor)
    """,
    "third_party": "only third_party",
    **{f"party:{party}": f"only party:{party}" for party in NAMES["party"]},
}
WRITTEN["findings"] = f"({WRITTEN['corroborated']}) with findings"


def read(text: str) -> s.Standard:
    report = Reporter()
    found = read_standard(text, "s", NAMES, report)
    assert found is not None, [d.title for d in report.found]
    return found


def counted(
    text: str,
    told: Sequence[Record],
    role: Role = Role.OFFENDING,
    accused: str | None = "A",
    known: Evidence | None = None,
) -> set[str]:
    rule = read(text)
    about = [r for r in told if r.type != "acknowledges"]
    known = known or gather(told, TYPES, speakers())
    known = replace(known, own={rule.text: rule})
    return {r.id for r in counting(about, rule.text, role, accused, known)}


def acknowledgement(party: str, *ids: str) -> dict[str, Any]:
    return {
        "id": f"ack-{party}",
        "type": "acknowledges",
        "at": "2026-02-02",
        "args": {"party": party, "record": list(ids)},
        "source": party,
    }


# --- the built-in standards are rules as well ----------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "attack": {"args": {"by": "A", "on": "B"}},
    "measure": {"args": {"name": "n", "of": "A", "value": 1, "unit": "people"}},
    "enacts": {"args": {"by": "A", "act": "law"}},
    "concludes": {"args": {"instrument": "pact", "parties": ["A", "B"]}},
}


@st.composite
def situations(draw: st.DrawFn) -> tuple[tuple[Record, ...], Role, str | None, Evidence]:
    """Records of one occurrence of a type, who acknowledged, verified and found, and a role."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        above = draw(st.none() | st.integers(0, number - 1)) if number else None
        status = draw(st.sampled_from([None, None, "verified", "corroborated", "rejected"]))
        row = attack(f"r{number}", draw(st.sampled_from(sorted(SIDES))), type=kind, **KINDS[kind])
        rows.append(row | ({"status": status} if status else {}))
        if above is not None:
            rows[-1]["derived_from"] = [f"r{above}"]
    ids = [row["id"] for row in rows]
    some = st.lists(st.sampled_from(ids), unique=True, max_size=2)
    for party in draw(st.lists(st.sampled_from(["A", "B", "G"]), unique=True, max_size=2)):
        rows.append(acknowledgement(party, *draw(some)))
    told = records(*rows)
    about = tuple(r for r in told if r.type != "acknowledges")
    known = gather(told, TYPES, speakers(), draw(st.booleans()), (), frozenset(draw(some)))
    found = {i: frozenset({"Council"}) for i in draw(some)}
    accused = draw(st.sampled_from(["A", "B", "G", None])) if kind != "concludes" else None
    return about, draw(st.sampled_from(Role)), accused, replace(known, vouching=found)


@settings(max_examples=800)
@given(situations())
def test_the_rule_of_each_built_in_standard_is_that_standard(
    situation: tuple[tuple[Record, ...], Role, str | None, Evidence],
) -> None:
    about, role, accused, known = situation
    for name, text in WRITTEN.items():
        expected = counting_built_in(about, name, role, accused, known)
        assert counted(text, about, role, accused, known) == {r.id for r in expected}, name
        if name in s.BUILT_IN:  # also named within a rule
            within = f"{name} or (1 source and not 1 source)"
            assert counted(within, about, role, accused, known) == {r.id for r in expected}


def test_findings_are_asked_for_at_the_end() -> None:
    assert read(WRITTEN["findings"]).with_findings
    assert not read(WRITTEN["corroborated"]).with_findings


# --- each word, by hand ---------------------------------------------------------------------------
# The records of one attack by A on B: who tells it, how it was observed.  A has acknowledged r_b,
# the Council has found on r_radio, a verifier of the ledger has checked r_paper.

TOLD = {
    "r_a": ("A", "told"),
    "r_tv": ("StateTV", None),
    "r_b": ("B", "seen"),
    "r_m": ("M", "document"),
    "r_paper": ("Paper", "camera"),
    "r_radio": ("Radio", "seen"),
    "r_obs": ("Observers", "uav"),
    "r_mon": ("Monitor", "satellite"),
    "r_mis": ("Mission", "site_visit"),
    "r_body": ("Agency", "crater_analysis"),
}
ALL = set(TOLD)
HOW = {"seen": "b radio", "camera": "paper", "uav": "obs", "satellite": "mon", "told": "a"} | {
    "site_visit": "mis",
    "crater_analysis": "body",
    "document": "m",
    "heard": "",
}
THIRD = "paper radio obs mon mis body"
WORDS = [
    # (what `only …` chooses of an offending act, and of a fulfilling one where that differs)
    ("source", "a tv b m paper radio obs mon mis body", None),
    ("third_party", THIRD, None),
    ("not third_party", "a tv b m", None),
    ("actor", "a", None),
    ("actor_side", "a tv", None),
    ("adverse", "b m", None),
    ("{actor_side, adverse}", "a tv b m", None),
    ("not {actor_side, adverse}", THIRD, None),
    ("admission", "a b", ""),
    ("acknowledged", "b", None),
    ("verified", "paper", None),
    ("found", "radio", None),
    ("declared", "", None),
    ("mandated", "", None),
    ("rejected", "", None),
    ("monitor", "mon", None),
    ("mission", "mis", None),
    ("body", "body", None),
    ("kind:media", "paper radio", None),
    ("kind:monitor", "mon", None),
    ("source:Observers", "obs", None),
    ("party:A", "a b", None),
    ("party:B", "b", None),
    ("party:G", "", None),
    ("third_party verified", "paper", None),
    ("third_party not kind:media", "radio obs mon mis body", None),
    ("adverse not acknowledged", "m", None),
    ("source how {seen, uav}", "b radio obs", None),
    ("third_party how seen", "radio", None),
    ("not third_party how {seen, document}", "b m", None),
    *((f"source how {means}", who, None) for means, who in HOW.items()),
]


def told(*names: str) -> tuple[tuple[Record, ...], Evidence]:
    from tests.evidence.small import kinds

    rows = [
        attack(i, speaker, **({"observed_how": how} if how else {}))
        for i, (speaker, how) in TOLD.items()
        if not names or i in names
    ]
    found = records(*rows, acknowledgement("A", "r_b"))
    known = gather(found, TYPES, kinds(), verified=frozenset({"r_paper"}))
    known = replace(known, vouching={"r_radio": frozenset({"Council"})})
    return tuple(r for r in found if r.type == "attack"), known


@pytest.mark.parametrize(("who", "offending", "fulfilling"), WORDS, ids=[w for w, _, _ in WORDS])
@pytest.mark.parametrize("role", Role)
def test_each_word_chooses_its_voices(
    who: str, offending: str, fulfilling: str | None, role: Role
) -> None:
    about, known = told()
    names = fulfilling if role is Role.FULFILLING and fulfilling is not None else offending
    expected = {f"r_{name}" for name in names.split()}
    assert counted(f"only {who}", about, role, "A", known) == expected
    # A number asks for that many different speakers, and then all records count.
    speak = len({TOLD[i][0] for i in expected}) + _more(who)
    for number in range(1, MAX_VOICES + 1):
        enough = ALL if number <= speak else set()
        assert counted(f"{number} {who}", about, role, "A", known) == enough, number
        missing = set() if number <= speak else ALL
        assert counted(f"not {number} {who}", about, role, "A", known) == missing, number


def _more(who: str) -> int:
    """The Council speaks too: it found on what the radio told, and speaks in no record."""
    return int(who in ("source", "third_party", "not {actor_side, adverse}"))


def test_every_word_has_its_row() -> None:
    said = " ".join(who for who, _, _ in WORDS)
    assert all(word in said for word in s.TRAITS)
    assert all(f"{kind}:" in said for kind in s.NAMING)
    assert all(means in said for means in s.MEANS)


def test_nobody_is_actor_or_adverse_where_nobody_is_accused() -> None:
    about, known = told()
    for who in ("actor", "actor_side", "adverse", "admission"):
        assert counted(f"1 {who}", about, Role.OFFENDING, None, known) == set()


def test_what_is_only_done_together_is_the_act_of_all() -> None:
    pact = {"type": "concludes", "args": {"instrument": "pact", "parties": ["A", "B"]}}
    found = records(*({**attack(n, n), **pact} for n in ("A", "StateTV", "M", "Paper")))
    for who, expected in (("actor", {"A"}), ("actor_side", {"A", "StateTV"}), ("adverse", {"M"})):
        assert counted(f"only {who}", found, Role.FULFILLING, None) == expected


def test_a_rejected_record_is_out_unless_it_is_asked_for() -> None:
    found = records(attack("no", "Paper", status="rejected"), attack("yes", "B"))
    known = gather(found, TYPES, speakers(), trust_status=True)
    table = {
        "only source": {"yes"},
        "only not adverse": set(),
        "1 third_party": set(),
        "not 1 third_party": {"yes"},
        "only rejected": {"no"},
        "only {rejected, adverse}": {"no", "yes"},
        "only rejected adverse": set(),
        "1 rejected": {"yes"},
        "any_claim": {"no", "yes"},
        "corroborated": set(),
    }
    for text, expected in table.items():
        assert counted(text, found, known=known) == expected, text
    untrusted = gather(found, TYPES, speakers())
    assert counted("only rejected", found, known=untrusted) == set()
    assert counted("only third_party", found, known=untrusted) == {"no"}


def test_a_mandated_body_is_one_of_no_side_whose_word_suffices_for_the_type() -> None:
    told_ = [
        attack(n, n, type="measure", **KINDS["measure"])
        for n in ("Observers", "BMinistry", "Paper")
    ]
    assert counted("only mandated", records(*told_)) == {"Observers"}


@pytest.mark.parametrize("text", ["1 mission", "only mission", "not 1 source", "offending"])
def test_declaratory_acts_of_the_actor_count_under_every_standard(text: str) -> None:
    law = {"type": "enacts", "args": {"by": "A", "act": "law"}}
    own, other = {**attack("own", "A"), **law}, {**attack("told", "B"), **law}
    assert counted(text, records(own, other), Role.FULFILLING) == {"own"}


# --- truth tables of the ways to combine ----------------------------------------------------------
# P, Q: whether a monitor and a mission tell it.  The paper always does.

P, Q = "1 monitor", "1 mission"
TABLE = [
    # rule, then the value for (P, Q) = (no, no), (no, yes), (yes, no), (yes, yes)
    (P, "0011"),
    (f"not {P}", "1100"),
    (f"{P} and {Q}", "0001"),
    (f"{P} or {Q}", "0111"),
    (f"not ({P} and {Q})", "1110"),
    (f"not ({P} or {Q})", "1000"),
    (f"not {P} and not {Q}", "1000"),
    (f"not {P} or not {Q}", "1110"),
    (f"{P} and not {Q}", "0010"),
    (f"({P} and not {Q}) or (not {P} and {Q})", "0110"),
    (f"at least 1 of ({P}, {Q})", "0111"),
    (f"at least 2 of ({P}, {Q})", "0001"),
    (f"at least 1 of ({P})", "0011"),
    (f"at least 2 of ({P}, {Q}, 1 kind:media)", "0111"),
    (f"at least 3 of ({P}, {Q}, 1 kind:media)", "0001"),
    (f"at least 2 of ({P}, not {Q}, 1 kind:body)", "0010"),
    (f"offending and {P}", "0011"),
    (f"fulfilling and {P}", "0000"),
    (f"(offending and {P}) or (fulfilling and {Q})", "0011"),
    (f"not offending or {Q}", "0101"),
    ("2 {monitor, mission}", "0001"),
    ("1 {monitor, mission}", "0111"),
    ("2 sources including 1 monitor", "0011"),
    ("2 sources including 2 {monitor, mission}", "0001"),
    ("3 sources including 1 mission", "0001"),
    ("1 third_party not {monitor, mission}", "1111"),
]


@pytest.mark.parametrize(("rule", "values"), TABLE, ids=[rule for rule, _ in TABLE])
def test_truth_tables(rule: str, values: str) -> None:
    for value, (p, q) in zip(values, ((0, 0), (0, 1), (1, 0), (1, 1)), strict=True):
        names = ["r_paper", *(["r_mon"] if p else []), *(["r_mis"] if q else [])]
        about, known = told(*names)
        expected = set(names) if value == "1" else set()
        assert counted(rule, about, Role.OFFENDING, "A", known) == expected, (p, q)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("only third_party and 1 monitor", "paper mon"),
        ("only third_party and 1 mission", ""),
        ("only monitor or only kind:media", "paper mon"),
        ("only monitor and only kind:media", ""),
        ("only third_party and only {monitor, adverse}", "mon"),
        ("only monitor or 1 adverse", "paper mon b"),
        ("third_party and 1 adverse", "paper mon"),
        ("party:B or only monitor", "b mon"),
        ("not only mission", "paper mon b"),
        ("at least 1 of (only monitor, only mission)", "paper mon b"),
    ],
)
def test_choosing_and_testing_are_combined_as_sets(rule: str, expected: str) -> None:
    about, known = told("r_paper", "r_mon", "r_b")
    wanted = {f"r_{name}" for name in expected.split()}
    assert counted(rule, about, Role.OFFENDING, "A", known) == wanted


# --- independence ---------------------------------------------------------------------------------


def independent(voices: list[Voices]) -> bool:
    return all(
        one.speaker != other.speaker
        and not one.origins & other.origins
        and (one.side is None or one.side != other.side)
        for one, other in combinations(voices, 2)
    )


@settings(max_examples=300)
@given(st.data())
def test_independent_voices_are_those_of_some_choice(data: st.DataObject) -> None:
    rows = []
    for number in range(data.draw(st.integers(1, 6))):
        above = [f"r{n}" for n in range(number)] or ["elsewhere"]
        rests = data.draw(st.lists(st.sampled_from([*above, "x", "y"]), unique=True, max_size=2))
        speaker = data.draw(st.sampled_from(sorted(SIDES)))
        rows.append(attack(f"r{number}", speaker, **({"derived_from": rests} if rests else {})))
    told_ = records(*rows)
    known = gather(told_, TYPES, speakers())
    voices = [
        Voices(r.speaker, known.speakers.side_of(r.speaker), known.roots[r.id]) for r in told_
    ]
    for number in (1, 2, 3, 4):
        for least in range(number + 1):
            expected = any(
                independent(list(some)) and sum(v.side is None for v in some) >= least
                for some in combinations(voices, number)
            )
            more = f" including {least} third_party" if least else ""
            found = counted(f"{number} independent sources{more}", told_)
            assert bool(found) == expected, (number, least)


@pytest.mark.parametrize(
    ("one", "other", "rests_on", "two", "apart"),
    [
        ("Paper", "Paper", (None, None), False, False),
        ("Paper", "Radio", (None, "r0"), True, False),
        ("Paper", "Radio", ("wire", "wire"), True, False),
        ("A", "StateTV", (None, None), True, False),
        ("A", "B", (None, None), True, True),
        ("Paper", "Radio", (None, None), True, True),
        ("Paper", "Radio", ("wire", "other_wire"), True, True),
    ],
)
def test_independence_of_two(
    one: str, other: str, rests_on: tuple[str | None, str | None], two: bool, apart: bool
) -> None:
    rows = [
        attack(f"r{n}", speaker, **({"derived_from": [above]} if above else {}))
        for n, (speaker, above) in enumerate(zip((one, other), rests_on, strict=True))
    ]
    found = records(*rows)
    assert bool(counted("2 sources", found)) == two
    assert bool(counted("2 independent sources", found)) == apart


POSITIONS = ("third_party", "actor", "actor_side", "adverse", "admission")


@pytest.mark.parametrize(
    ("speaker", "acknowledged", "accused", "positions"),
    [
        ("A", False, "A", "actor actor_side admission"),
        ("StateTV", False, "A", "actor_side"),
        ("B", True, "A", "adverse admission"),
        ("B", False, "A", "adverse"),
        ("M", False, "A", "adverse"),
        ("Paper", False, "A", "third_party"),
        ("Paper", True, "A", "third_party admission"),
        ("Nobody_knows_them", False, "A", "third_party"),
        ("V", False, "G", "actor actor_side admission"),
        ("M", False, "G", "actor_side"),
        ("A", False, None, ""),
        ("Paper", False, None, "third_party"),
    ],
)
@pytest.mark.parametrize("role", Role)
def test_positions_of_one_speaker(
    speaker: str, acknowledged: bool, accused: str | None, positions: str, role: Role
) -> None:
    rows = [attack("r", speaker)]
    told_ = records(*rows, *([acknowledgement("A", "r")] if acknowledged else []))
    known = gather(told_, TYPES, speakers())
    for position in POSITIONS:
        expected = position in positions.split()
        if position == "admission" and role is Role.FULFILLING:
            expected = False
        found = counted(f"only {position}", told_, role, accused, known)
        assert bool(found) == expected, position


def test_many_voices_of_few_origins_are_weighed_soon() -> None:
    """Three hundred papers that rest on eight reports: nine independent ones are not to be had."""
    rows = [attack(f"r{n}", f"P{n}", derived_from=[f"o{n % 8}", f"o{n % 7}"]) for n in range(300)]
    told_ = records(*rows)
    with soon(2):
        assert counted("9 independent sources", told_) == set()


# --- text -----------------------------------------------------------------------------------------

WHO = st.builds(
    s.Who,
    st.lists(
        st.builds(
            s.Trait,
            st.lists(
                st.sampled_from(["source", "actor", "monitor", "party:A", "kind:media", "found"]),
                min_size=1,
                max_size=3,
                unique=True,
            ).map(tuple),
            st.booleans(),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
    st.lists(st.sampled_from(s.MEANS), max_size=2, unique=True).map(tuple),
)
COUNTS = st.integers(1, 9).flatmap(
    lambda n: st.builds(
        s.Count,
        st.just(n),
        WHO,
        st.booleans(),
        st.none() | st.tuples(st.integers(1, n), WHO),
    )
)


def _compound(inner: st.SearchStrategy[s.Rule]) -> st.SearchStrategy[s.Rule]:
    parts = st.lists(inner, min_size=2, max_size=3, unique=True).map(tuple)
    return (
        inner.filter(lambda r: not isinstance(r, s.Not)).map(s.Not)
        | parts.filter(lambda p: not any(isinstance(x, s.All | s.InRole) for x in p)).map(s.All)
        | parts.filter(lambda p: not any(isinstance(x, s.Any) for x in p)).map(s.Any)
        | parts.flatmap(lambda p: st.integers(1, len(p)).map(lambda n: s.AtLeast(n, p)))
    )


RULES: st.SearchStrategy[s.Rule] = st.recursive(
    COUNTS
    | WHO.map(s.Only)
    | st.sampled_from([*map(s.Named, s.BUILT_IN), s.Named("party:A"), *map(s.InRole, s.ROLES)]),
    _compound,
    max_leaves=5,
)


@settings(max_examples=300)
@given(RULES, st.booleans())
def test_the_canonical_text_reads_back_as_the_same_rule(rule: s.Rule, findings: bool) -> None:
    standard = s.Standard(rule, findings)
    again = read(standard.text)
    assert again == standard
    assert again.text == standard.text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  2   independent   source ", "2 independent sources"),
        ("at least 1 monitor", "1 monitor"),
        ("((1 monitor))", "1 monitor"),
        ("1 monitor and (1 body and 1 mission)", "1 monitor and 1 body and 1 mission"),
        ("1 monitor and 1 monitor", "1 monitor"),
        ("1 {monitor}", "1 monitor"),
        ("1 source how {seen}", "1 source how seen"),
        ("1 monitor -- of any\n or 1 body", "1 monitor or 1 body"),
        ("(1 body) with findings", "1 body with findings"),
        ("2 sources including 1 sources", "2 sources including 1 source"),
    ],
)
def test_one_canonical_text(text: str, canonical: str) -> None:
    assert read(text).text == canonical
