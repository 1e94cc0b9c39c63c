"""Reports that the pages show: timelines, changes, claims, standards, search, one record, map."""

from itertools import pairwise
from typing import Any

import pytest

from servanda import asking, library
from servanda.engine.question import Question
from servanda.evidence.excerpt import Excerpt
from servanda.report.changes import changes
from servanda.report.claims import OTHERS, rows, totals
from servanda.report.map_layers import layers
from servanda.report.record_page import page, plain
from servanda.report.record_search import Wanted, by_id, extent, search, speakers
from servanda.report.standards import by_standard, columns
from servanda.report.timeline import timelines

TEXT = """\
agreement truce "Truce"
  zone UTC
  in force when consent of {Upper, Lower} by {signs}

party Upper
  side

party Lower
  side

body Panel

institution Panel
  own rules
  competent for everything else

term start "when it starts"
  reading at_once: in_force
  reading later: 10 days after in_force
  decided by unspecified

prohibition t1.hold "they hold their fire"
  bearer each of {Upper, Lower}
  toward the other
  not attack by bearer on other
  from start
"""
DAY = 86_400_000_000


def row(identity: str, kind: str, at: str, source: str, **more: Any) -> dict[str, Any]:
    args = more.pop("args", {})
    return {"id": identity, "type": kind, "at": at, "args": args, "source": source, **more}


def hit(identity: str, at: str, source: str, by: str = "Upper", **more: Any) -> dict[str, Any]:
    on = "Lower" if by == "Upper" else "Upper"
    args = {"by": by, "on": on, "weapon": "drone"}
    return row(identity, "attack", at, source, args=args, **more)


SIGNED = [
    row("s1", "signs", "2026-01-01", "Upper", args={"party": "Upper"}),
    row("s2", "signs", "2026-01-01", "Lower", args={"party": "Lower"}),
]
RECORDS = [
    *SIGNED,
    hit("a1", "2026-01-05T06:00:00Z", "Lower", place={"lat": 48.5, "lon": 37.9}),
    hit("a2", "2026-01-05T06:00:00Z", "Press", place={"lat": 48.5, "lon": 37.9}),
    hit("a3", "2026-02-05T06:00:00Z", "Lower"),
    hit("a4", "2026-02-07T06:00:00Z", "Press", by="unattributed", place="Kharkiv"),
    row(
        "w1",
        "coverage",
        "2026-01-01",
        "Watch",
        args={"types": ["attack"], "area": "all", "until": "2026-01-15", "via": "patrol"},
    ),
    row("n1", "claim_total", "2026-02-08", "Lower", args={"by": "Lower", "about": "x", "count": 9}),
]


def ask(records: list[dict[str, Any]], **choices: Any) -> Question:
    lib = library.from_text(TEXT)
    asked, refused = asking.question(lib, records, **{"as_of": "2026-02-10", **choices})
    assert not refused
    return asked


@pytest.fixture(scope="module")
def asked() -> Question:
    return ask(RECORDS)


def _norm(question: Question) -> Any:
    return question.agreement.norms["t1.hold"]


def test_a_timeline_has_a_lane_for_each_reading_that_differs(asked: Question) -> None:
    upper, lower = timelines(asked, _norm(asked))
    assert {s.state for s in upper.joint.stretches} == {"depends"}
    lanes = {lane.readings[0]["start"]: lane for lane in upper.lanes}
    assert [s.state for s in lanes["at_once"].stretches] == ["active", "breached"]
    assert [a.records for a in lanes["at_once"].acts] == [("a1", "a2")]
    assert [s.state for s in lanes["later"].stretches] == ["active"]
    for lane in upper.lanes:
        spans = [(s.start, s.end) for s in lane.stretches]
        assert all(one[1] == other[0] for one, other in pairwise(spans))
        assert spans[-1][1] == asked.as_of + 1
    assert lower.joint.state == "active" and lower.joint.acts == ()


def test_states_over_time_are_those_of_the_assessment(asked: Question) -> None:
    from servanda.engine.assess import assess_question

    told = {n["id"]: n["state"] for n in assess_question(asked)["norms"]}
    assert told == {t.instance: t.joint.state for t in timelines(asked, _norm(asked))}


def test_a_found_breach_is_solid_from_the_act_on() -> None:
    finding = row(
        "f1",
        "finding",
        "2026-01-20",
        "Panel",
        args={
            "body": "Panel",
            "norm": "t1.hold[Upper]",
            "result": "breach",
            "about": ["a1"],
            "votes_for": 1,
            "votes_against": 0,
        },
    )
    question = ask([*RECORDS, finding], readings={"start": "at_once"})
    upper = timelines(question, _norm(question))[0]
    assert [(s.state, s.basis) for s in upper.joint.stretches] == [
        ("active", None),
        ("breached", "found"),
    ]


def test_changes_tell_what_became_known_and_what_it_changed() -> None:
    late = hit("a9", "2026-01-06", "Press", reported="2026-02-09T12:00:00Z")
    other = hit("a8", "2026-01-06", "Lower", reported="2026-01-07T12:00:00Z")
    taken = row("x1", "attack", "2026-01-06", "Press", reported="2026-02-10T01:00:00Z")
    taken = {"id": "x1", "type": "attack", "source": "Press", "withdraws": ["a9"],
             "reported": "2026-02-10T01:00:00Z"}  # fmt: skip
    since = ask(SIGNED, as_of="2026-02-08").as_of
    choices = {"readings": {"start": "at_once"}}
    told = changes(ask([*SIGNED, other, late], **choices), since)
    assert [(e.record.id, e.kind) for e in told.entries] == [("a9", "new record")]
    (moved,) = told.states
    assert (moved.instance, moved.before, moved.after, moved.entries) == (
        "t1.hold[Upper]", "active", "breached", 1,
    )  # fmt: skip
    again = changes(ask([*SIGNED, other, late, taken], **choices), since)
    assert [(e.record.id, e.kind, e.earlier) for e in again.entries] == [
        ("x1", "withdrawal", ("a9",)),
        ("a9", "new record", ()),
    ]
    assert again.states == ()


def test_claims_count_by_who_tells_of_them_beside_what_was_seen(asked: Question) -> None:
    told = {(r.instance, r.period): r for r in rows(asked, _norm(asked))}
    january = told["t1.hold[Upper]", "2026-01"]
    assert january.said == {"Lower": 1, OTHERS: 1}
    assert (january.acts, january.standing) == (1, 1)
    february = told["t1.hold[Upper]", "2026-02"]
    assert february.said == {"Lower": 1} and february.standing == 0
    assert february.time_share == 0
    ((about, (total,)),) = totals(asked).items()
    assert (about, total.by, total.count) == ("x", "Lower", 9)


def test_every_standard_has_a_cell(asked: Question) -> None:
    assert columns(asked) == ("any_claim", "corroborated", "third_party", "findings")
    own = ask(RECORDS, standard="party:Lower")
    assert columns(own)[-1] == "party:Lower"
    cells = {
        (r.instance, r.readings[0]["start"] if r.readings else ""): [
            (c.state, c.bases) for c in r.cells
        ]
        for r in by_standard(asked, _norm(asked))
    }
    assert cells["t1.hold[Upper]", "at_once"] == [
        ("breached", (("alleged", 2),)),
        ("breached", (("alleged", 1),)),
        ("breached", (("alleged", 1),)),
        ("active", ()),
    ]
    assert cells["t1.hold[Lower]", ""] == [("active", ())] * 4


@pytest.mark.parametrize("columnar", [False, True])
def test_records_are_found(asked: Question, columnar: bool) -> None:
    every = Excerpt.of(asked.inputs.records) if columnar else asked.inputs.records
    atlas = asked.inputs.atlas

    def ids(**wanted: Any) -> list[str]:
        return sorted(r.id for r in search(every, Wanted(**wanted), atlas).records)

    assert ids(type="attack") == ["a1", "a2", "a3", "a4"]
    assert ids(text="press DRONE") == ["a2", "a4"]
    assert ids(text="a3") == ["a3"]
    assert ids(speaker="Watch") == ["w1"]
    assert ids(unit="Kharkiv") == ["a4"]
    assert ids(unit="Donetsk") == ["a1", "a2"]
    assert ids(unit="nowhere") == []
    first = asked.as_of - 6 * DAY
    assert ids(first=first) == ["a3", "a4", "n1"]
    assert ids(last=first, type="attack") == ["a1", "a2"]
    found = search(every, Wanted(type="attack", speaker="Lower"), atlas, start=1, count=1)
    assert (found.total, [r.id for r in found.records]) == (2, ["a1"])
    assert dict(found.types)["claim_total"] == 1
    assert dict(found.speakers) == {"Lower": 2, "Press": 2}
    assert set(by_id(every, ["a1", "zz"])) == {"a1"}
    assert set(speakers(every)) == {"Upper", "Lower", "Press", "Watch"}
    assert extent([]) is None


def test_a_record_in_plain_form_is_read_as_the_same_record(asked: Question) -> None:
    lib = library.from_text(TEXT)
    told = [plain(r) for r in asked.inputs.records]
    again, refused = asking.question(lib, told, as_of="2026-02-10")
    assert not refused
    assert [plain(r) for r in again.inputs.records] == told


def test_the_page_of_a_record_tells_who_says_what_about_it() -> None:
    denies = row("d1", "disputes", "2026-01-06", "Upper", args={"party": "Upper", "record": ["a1"]})
    other = hit("a7", "2026-01-05T06:00:00Z", "Upper", by="Lower", same_as=["a1"])
    question = ask([*RECORDS, denies, other])
    one = by_id(question.inputs.records, ["a1"])["a1"]
    told = page(question, one)
    assert told["standing"] is True
    assert {(a["actor"], *a["speakers"]) for a in told["attributions"]} >= {
        ("Upper", "Lower", "Press")
    }
    assert ("disputed by", "d1") in {(a["kind"], a["record"]["id"]) for a in told["about"]}
    assert any(c["about"] == "disputed" for c in told["contradictions"])
    assert told["source"]["side"] == "Lower"


def test_a_record_that_was_taken_back_says_so() -> None:
    back = {"id": "x1", "type": "attack", "source": "Press", "withdraws": ["a2"],
            "reported": "2026-02-01T00:00:00Z"}  # fmt: skip
    question = ask([*RECORDS, back])
    told = page(question, by_id(question.inputs.records, ["a2"])["a2"])
    assert told["standing"] is False
    assert ("withdrawn by", "x1") in {(a["kind"], a["record"]["id"]) for a in told["about"]}


def test_the_map_tells_how_firmly_an_occurrence_rests() -> None:

    question = ask(RECORDS, readings={"start": "at_once"})
    told = layers(question)
    by_first = {one.records[0]: one for one in told.occurrences}
    assert {k: (v.status, v.unit) for k, v in by_first.items()} == {
        "a1": ("alleged", "Donetsk"),
        "a3": ("claimed", None),
        "a4": ("claimed", "Kharkiv"),
    }
    assert by_first["a4"].point is None
    second = hit("a5", "2026-02-07T06:00:00Z", "Radio", by="unattributed", place="Kharkiv")
    both = ask([*RECORDS, second], readings={"start": "at_once"})
    (unnamed,) = [o for o in layers(both).occurrences if "a4" in o.records]
    assert (unnamed.status, unnamed.records) == ("nobody", ("a4", "a5"))
    assert sum(sum(w.counts.values()) for w in told.weeks) == len(told.occurrences)
    assert told.weeks[0].first.weekday() == 0
