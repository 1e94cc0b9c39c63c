"""What pages show, without a server: made from results of the library."""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import pytest

from servanda.evidence.mirror import mirrored, swap
from servanda.evidence.read import Records
from servanda.geo.surroundings import surroundings
from servanda.report.course import sides
from servanda.web import frame, marks, words
from servanda.web.desk import Answer, Desk
from servanda.web.pages import agreement, claims, mapped, provision, records
from servanda.web.pages.banner import banner
from servanda.web.pages.claimed import columns, entries
from servanda.web.pages.due import clocks
from servanda.web.pages.why import Reason, why
from servanda.web.people.sight import NARROWEST
from servanda.web.settings import Settings
from servanda.web.shelf import Holding, Shelf
from servanda.web.view import View
from tests.web.conftest import COURSE, FLAGSHIP, PAUSE

Answers = Callable[..., Answer]


# --- the agreement --------------------------------------------------------------------------------


def test_a_proposal_is_shown_as_a_proposal(answer: Answers) -> None:
    told = banner(answer())
    assert told.headline == "A proposal, tabled: not in force"
    assert told.boxes[-1].mark.word == "no record"
    assert f"course={COURSE}" in told.boxes[-1].address


def test_what_is_invented_says_so(course: Answer) -> None:
    assert banner(course).headline == "HYPOTHETICAL: In force since 10 January 2026"
    shown = agreement.shown(course, later=False)
    assert "HYPOTHETICAL" in shown.chart and "HYPOTHETICAL" in shown.narrow
    lanes = provision.context(course, course.library.agreement.provisions["p28"], None)[
        "page"
    ].lanes
    assert "HYPOTHETICAL" in lanes.wide and "HYPOTHETICAL" in lanes.narrow
    assert "HYPOTHETICAL" in mapped.shown(course).wide
    assert mapped.plain(course)["hypothetical"] is True


def test_in_force_by_reading_has_a_box_for_each(answer: Answers) -> None:
    told = banner(answer(PAUSE))
    boxes = {box.title: box for box in told.boxes if box.title.startswith("If")}
    assert [b.mark.word for b in boxes.values()] == [
        "in force since 18 March 2025",
        "in force since 25 March 2025",
    ]
    assert all("reading=start%3D" in box.address for box in boxes.values())


def test_the_strip_has_each_commitment_once(course: Answer) -> None:
    strip = agreement.strip(course)
    assert len(strip) == 28
    assert sum(len(point.norms) for point in strip) == 68
    last = strip[-1]
    shapes = [[mark.shape for mark in norm] for norm in last.norms]
    assert shapes == [["fulfilled"], ["alleged", "nomon"]]


def test_claims_are_told_with_who_makes_them(course: Answer) -> None:
    (row,) = [c for c in columns(course) if c.number == "28"]
    assert "Ukraine: 2 acts by Russia" in row.claimed
    assert "Russia: 1 act by Ukraine" in row.claimed
    assert row.standing == "2 entries meet the standard “corroborated”"
    assert row.found is None and row.findings == ()
    assert row.covered is not None and row.covered.time == 0
    assert "Deadline" in row.open


def test_what_depends_says_on_what(course: Answer) -> None:
    (row,) = [c for c in columns(course) if c.number == "25"]
    assert row.states[0].mark.word == (
        "depends on which event starts the clock and when the ceasefire begins"
    )


def test_a_disputed_clock_has_every_day(course: Answer) -> None:
    (clock,) = [c for c in clocks(course) if c.title == "Ukraine holds elections"]
    assert [due.day.isoformat() for due in clock.dues] == ["2026-04-20", "2026-04-25"]
    assert clock.undated == "clock start: on signature"
    assert clock.disputed


def test_silence_without_coverage_is_named(course: Answer) -> None:
    told = agreement.unwatched(course)
    titles = {row.title for row in told}
    assert "18 · Ukraine acquires no nuclear weapons" in titles
    (ceasefire,) = [r for r in told if r.title.startswith("28 · Each side holds")]
    assert "says to have watched; under this standard that does not count" in ceasefire.why


def test_how_to_read_has_about_eighty_words() -> None:
    text = (files("servanda.web") / "templates" / "agreement.html").read_text(encoding="utf-8")
    told = re.search(r"{% trans %}(.+?){% endtrans %}", text, re.DOTALL)
    assert told is not None
    assert 70 <= len(re.sub(r"<[^>]+>", "", told[1]).split()) <= 90


# --- the provision --------------------------------------------------------------------------------


def _provision(answer: Answer, name: str) -> provision.Shown:
    found = answer.library.agreement.provisions[name]
    return provision.shown(answer, found, provision.chosen(answer, found, None))


def test_readings_part_the_banner_with_their_last_days(course: Answer) -> None:
    boxes = _provision(course, "p25").banner.boxes
    told = {box.readings: [mark.word for _, mark in box.states] for box in boxes}
    assert told["clock start: on ceasefire, ceasefire start: after withdrawal"] == [
        "active, last day 25 April 2026"
    ]
    assert told["clock start: on signature"] == ["not yet active"]


def test_wordings_stand_side_by_side_and_none_is_first(course: Answer) -> None:
    text = _provision(course, "p28").text
    (difference,) = text.differences
    assert {w.reading for w in difference.wordings} == {"on agreement", "after withdrawal"}
    assert all(w.witnesses for w in difference.wordings)
    assert [t.language for t in text.translations] == ["uk", "ru"]


def test_the_lanes_have_a_twin_that_says_the_same(course: Answer) -> None:
    lanes = _provision(course, "p28").lanes
    assert lanes is not None
    assert lanes.wide.count('tabindex="0"') == lanes.narrow.count('tabindex="0"') > 5
    alleged = [line for line in lanes.lines if line.mark.shape == "alleged"]
    assert {line.reading for line in alleged} == {
        "ceasefire start: on agreement",
        "ceasefire start: after withdrawal",
    }
    assert {r for line in alleged for r in line.records} == {"h14", "h15", "h18", "h19"}


def test_nothing_is_drawn_where_nothing_has_begun(answer: Answers) -> None:
    assert _provision(answer(), "p28").lanes is None


def test_many_instances_that_agree_are_told_once(course: Answer) -> None:
    shown = _provision(course, "p8")
    assert any("and 31 more" in name for box in shown.banner.boxes for name, _ in box.states)
    assert shown.standards and len(shown.standards.rows) < 6
    assert len(shown.others) == 32


def test_why_goes_down_to_the_records(course: Answer) -> None:
    told = why(course, "p28.ceasefire[Russia]")
    (case,) = told.cases
    assert case.mark.shape == "alleged"
    assert any("10 February 2026, 08:30" in s for s in case.sentences)

    def records(reasons: tuple[Reason, ...]) -> set[str]:
        found: set[str] = set()
        for reason in reasons:
            found |= {r.partition(":")[0] for r in reason.records}
            found |= records(reason.parts)
        return found

    assert {"h01", "h02"} <= records(case.reasons)
    assert told.changes and any("findings only" in change.told for change in told.changes)


def test_what_rests_on_silence_is_not_told_as_a_record(answer: Answers) -> None:
    told = entries(answer(), entered=2, acts=1)
    assert told == (
        "1 entry meets the standard “corroborated”; 1 entry rests on silence: no record that "
        "counts tells of what was owed"
    )
    assert entries(answer(), 0, 0) == ""


def test_the_land_has_its_name_whoever_the_parties_are() -> None:
    names = surroundings().names
    assert {names[code] for code in ("UA", "PL", "MD")} == {"Ukraine", "Poland", "Moldova"}


# --- records, claims, map -------------------------------------------------------------------------


def test_records_are_found_by_all_words_and_paged(pause: Answer) -> None:
    every = records.found(pause, records.Asked())
    assert every.total == 73 and len(every.records) == 50
    some = records.found(pause, records.Asked(q="Sudzha pipeline", type="attack"))
    assert {r.id for r in some.records} == {
        "t1-0321-sudzha-ru",
        "t1-0321-sudzha-ua",
        "t1-0328-sudzha-ru",
        "t1-0328-sudzha-ua",
    }
    rest = records.found(pause, records.Asked(start=50))
    assert len(rest.records) == 23
    assert {r.id for r in rest.records}.isdisjoint(r.id for r in every.records)
    times = [r.at.last for r in (*every.records, *rest.records) if r.at]
    assert times == sorted(times, reverse=True)


def test_counts_of_claims_stand_beside_what_was_seen(pause: Answer) -> None:
    shown = claims.shown(pause)
    assert shown.names == ("Russia", "Ukraine", "United States", "Others")
    said = {(g.title, m.period): m.said for g in shown.groups for m in g.months}
    name = "pause · Neither side strikes the other's protected facilities"
    assert said[f"{name} (Russia)", "April 2025"] == (0, 8, 0, 1)
    assert said[f"{name} (Ukraine)", "March 2025"] == (16, 0, 0, 0)
    for group in shown.groups:
        assert all(m.time is not None and m.area is not None for m in group.months)
    (total,) = shown.totals
    assert total.about == "energy strikes" and len(total.claims) == 11


def test_the_map_and_its_table_count_the_same(answer: Answers) -> None:
    shown = mapped.shown(answer(PAUSE, standard="any_claim"))
    by_status = [count for _, _, count in shown.counts]
    by_unit = [sum(column) for column in zip(*(row.counts for row in shown.rows), strict=True)]
    assert by_status == by_unit
    assert sum(by_status) == 39
    assert shown.by_area == 4


def test_units_of_both_sides_are_shaded_alike(pause: Answer) -> None:
    from servanda.report.map_layers import home

    base = pause.library.atlas.base.units
    countries = {base[u].properties["country"] for u in mapped.told(pause).observed}
    assert home(pause.library.atlas) in countries
    assert len(countries) == 2


# --- symmetry -------------------------------------------------------------------------------------


def test_mirrored_records_give_the_mirrored_page(course: Answer) -> None:
    one, other = sides(course.library)
    shelf = Shelf(Settings(demo=True))
    given = course.holding.records
    swapped = Records(mirrored(given.records, swap(one, other)))
    lib = shelf.library(FLAGSHIP)
    assert lib is not None
    shelf._holdings[FLAGSHIP, COURSE, NARROWEST] = Holding(swapped, hypothetical=True)
    mirror = Desk(shelf, 4).answer(View(FLAGSHIP, course=COURSE))
    shown, reflected = (
        {
            (state.who, state.mark.word)
            for row in columns(a)
            if row.number == "28"
            for state in row.states
        }
        for a in (course, mirror)
    )
    turned = {one: other, other: one}
    assert {(turned.get(who, who), word) for who, word in shown} == {
        (who.replace(f"{other} and {one}", f"{one} and {other}"), word) for who, word in reflected
    }


# --- the view -------------------------------------------------------------------------------------


def test_an_address_gives_the_view_that_gives_the_address() -> None:
    view = View(
        "a b",
        as_of="2026-01-01",
        standard="2 sources",
        readings=(("t", "r"),),
        assume=("p.x=1", "p.y=2"),
        course="c",
    )
    assert view.address("records", "x/y?") == (
        "/agreements/a%20b/records/x%2Fy%3F?course=c&as_of=2026-01-01&standard=2+sources"
        "&reading=t%3Dr&assume=p.x%3D1&assume=p.y%3D2"
    )
    assert View("a").address() == "/agreements/a"
    assert view.reading("t", None).readings == ()
    assert view.reading("t", "s").reading("u", "v").readings == (("t", "s"), ("u", "v"))


def test_the_sentence_says_what_the_page_rests_on(answer: Answers) -> None:
    told = frame.sentence(answer(course=COURSE, known_at="2026-02-11"), "/x")
    assert told.as_of == "11 February 2026, 24:00 Kyiv"
    assert told.known_at == "11 February 2026, 24:00 Kyiv"
    assert told.readings == "13 open" and told.assumptions == "none"
    fixed = answer(course=COURSE, readings=(("invasion", "any_crossing"),))
    assert frame.sentence(fixed, "/x").readings == "1 fixed, 12 open"


def test_only_so_many_answers_are_kept() -> None:
    desk = Desk(Shelf(Settings(demo=True)), 2)
    first = desk.answer(View(PAUSE))
    assert desk.answer(View(PAUSE)) is first
    desk.answer(View(PAUSE, standard="any_claim"))
    desk.answer(View(PAUSE, standard="findings"))
    assert desk.answer(View(PAUSE)) is not first
    assert desk.answer(View(PAUSE)).digest == first.digest


def test_words_that_not_all_wordings_have_are_marked(course: Answer) -> None:
    (difference,) = _provision(course, "p28").text.differences
    for one in difference.wordings:
        assert " ".join(part for part, _ in one.parts) == " ".join(one.says.split())
        assert any(own for _, own in one.parts)
    said = {part for one in difference.wordings for part, own in one.parts if not own}
    assert "at once" in {part.casefold() for part in said}


@pytest.mark.parametrize(
    ("norm", "shape", "word"),
    [
        ({"state": "active", "kind": "prohibition"}, "active", "active"),
        ({"state": "active", "kind": "x", "overdue": True}, "overdue", "overdue, no finding"),
        ({"state": "active", "kind": "x", "observed": "not monitored"}, "nomon", "not monitored"),
        (
            {"state": "active", "kind": "x", "observed": "no violation recorded"},
            "kept",
            "no violation recorded",
        ),
        ({"state": "active", "kind": "principle"}, "princ", "statement of principle"),
        ({"state": "depends", "kind": "x"}, "depends", "depends on a reading"),
    ],
)
def test_a_state_has_its_mark(norm: dict[str, object], shape: str, word: str) -> None:
    mark = marks.of_norm({"breaches": [], **norm})
    assert (mark.shape, mark.word) == (shape, word)


def test_the_firmest_basis_gives_the_shape() -> None:
    assert marks.violations({"alleged": 1}).word == "1 violation alleged"
    both = marks.violations({"alleged": 2, "found": 1})
    assert (both.shape, both.word) == ("found", "violations: 1 found and 2 alleged")


def test_shares_never_round_to_nothing() -> None:
    assert words.share(0) == f"0{words.THIN}%"
    assert words.share(0.001) == f"<{words.THIN}1{words.THIN}%"
    assert words.share(0.375) == f"38{words.THIN}%"


def test_what_is_withheld_is_counted_and_left_out(pause: Answer) -> None:
    shelf = Shelf(Settings(demo=True))
    lib = shelf.library(PAUSE)
    assert lib is not None
    some = [
        replace(r, handling="body" if i < 3 else "public")
        for i, r in enumerate(lib.records.records)
    ]
    shelf._libraries[PAUSE] = replace(lib, folder=None)
    shelf._libraries[PAUSE].__dict__["records"] = replace(lib.records, records=some)
    holding = shelf.holding(shelf._libraries[PAUSE])
    assert holding.withheld == 3 and len(holding.records.records) == 70
    assert all(r.handling == "public" for r in holding.records.records)
