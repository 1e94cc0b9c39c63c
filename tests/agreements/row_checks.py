"""Checks of what the flagship's records show, one function for each question of article_rows.yaml.

Each takes an agreement with the files beside it and asserts; on a copy from which its entry was
taken it has to fail.  Rows about commitments are shown by stories instead.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import icalendar

from servanda import asking
from servanda.checks.frame.run import audit
from servanda.evidence.read import read_text
from servanda.library import Library
from servanda.model.condition import TermValue
from servanda.report.balance import balance
from servanda.report.deadlines import calendar
from servanda.report.draft import provisions
from servanda.report.map_facts import map_facts
from servanda.report.negotiation import contested, negotiation, positions, sources
from servanda.report.open_items import open_items
from servanda.report.statement_checks import DIFFERS, statement_checks
from servanda.report.sticking_points import outsiders, sticking_points

Row = Mapping[str, Any]
CLASSES = (
    "named_person",
    "official_statement",
    "unnamed_official",
    "unnamed_officials",
    "post",
    "document_seen",
    "press_report",
    "dataset",
)


def _one(rows: Iterable[Row], **wanted: str) -> Row:
    """The one row that says what is wanted."""
    found = [row for row in rows if all(str(row.get(n)) == v for n, v in wanted.items())]
    assert len(found) == 1, f"{len(found)} rows say {wanted}"
    return found[0]


def _statement(lib: Library, identity: str) -> Row:
    return _one(negotiation(lib)["statements"], id=identity)


# --- the text and its status ----------------------------------------------------------------------


def the_status_has_a_dated_history(lib: Library) -> None:
    assert lib.agreement.header.status == "tabled"
    history = negotiation(lib)["status"]["history"]
    assert [(row["status"], row["from"]) for row in history] == [
        ("working", "2025-10-24"),
        ("tabled", "2025-11-20"),
    ]


def drafts_stand_side_by_side(lib: Library) -> None:
    drafts = negotiation(lib)["drafts"]
    ceilings = {
        row["id"]: difference["says"]
        for row in drafts
        for difference in row["differences"]
        if "p6" in difference["points"]
    }
    assert set(ceilings) == {"e3_counter", "europe_24", "geneva_19", "framework_20"}
    assert "800,000" in ceilings["e3_counter"]
    assert all(row["date"] and row["status"] for row in drafts)


def feedback_is_a_claim_of_an_official(lib: Library) -> None:
    claim = _statement(lib, "feedback_of_both")
    assert "official" in claim["speaker"]
    assert claim["class"] == "unnamed_official"
    assert claim["contradicts"]
    assert not any("feedback" in row["note"] for row in negotiation(lib)["status"]["history"])


def who_published_and_who_confirmed(lib: Library) -> None:
    first = _one(negotiation(lib)["witnesses"], id="telegram_uk")
    assert "member of the Ukrainian parliament" in first["publisher"]
    assert first["date"] == "2025-11-20"
    assert first["confirmed_by"]


def who_drafted(lib: Library) -> None:
    rows = negotiation(lib)["involvement"]
    assert {r["party"] for r in rows if r["involvement"] == "drafted"} == {
        "United_States",
        "Russia",
    }


def every_provision_points_at_its_sources(lib: Library) -> None:
    known = {row["id"] for row in negotiation(lib)["witnesses"]}
    for provision in provisions(lib):
        cited = [*provision["sources"], *(s for n in provision["norms"] for s in n["sources"])]
        assert cited, f"{provision['id']} points at no source"
        assert {one["source"] for one in cited} <= known


# --- who took part, who said what -----------------------------------------------------------------


def how_europe_was_involved(lib: Library) -> None:
    rows = [r for r in negotiation(lib)["involvement"] if r["party"] == "Europe"]
    assert [(r["involvement"], r.get("date")) for r in rows] == [
        ("informed", "2025-11-20"),
        ("not_involved", "2025-11-20"),
        ("briefed", "2025-11-21"),
    ]


def meetings_with_day_place_and_people(lib: Library) -> None:
    rows = negotiation(lib)["meetings"]
    envoys = _one(rows, id="miami_october")
    assert envoys["date"].startswith("2025-10-24")
    assert envoys["place"] == "Miami"
    presented = _one(rows, id="miami_november")
    assert "28 points" in presented["handed_over"]
    assert any(who.startswith("Ukraine: secretary") for who in presented["participants"])
    kyiv = _one(rows, id="kyiv_20_november")
    assert kyiv["date"] == "2025-11-20"
    assert "two hours" in kyiv["length"]
    assert "45 minutes" in kyiv["length"]
    assert any("Secretary of the Army" in who for who in kyiv["participants"])


def contradicting_claims_stand_side_by_side(lib: Library) -> None:
    pairs = {
        (one["id"], other["id"])
        for one, against in contested(negotiation(lib)["statements"])
        for other in against
    }
    assert ("feedback_of_both", "no_approval") in pairs
    denial = _statement(lib, "no_approval")
    assert "technical" in denial["says"]
    assert set(denial["contradicts"]) >= {"feedback_of_both", "agreed_to_most"}


def in_which_capacity_an_official_spoke(lib: Library) -> None:
    assert _statement(lib, "no_approval")["capacity"] == "technical"


def outcomes_are_kept_per_speaker(lib: Library) -> None:
    told = _one(negotiation(lib)["meetings"], id="kyiv_20_november")["outcomes"]
    said = {row["speaker"]: row["says"] for row in told}
    assert len(said) == len(told) == 3
    assert "American vision" in said["President of Ukraine"]
    assert "Productive" in said["White House official, not named"]


def talks_stick_on_territory(lib: Library) -> None:
    rows = positions(lib)
    stuck = {row["point"] + row["sub"]: row for row in sticking_points(rows)}
    assert stuck["p21"]["said"]["Ukraine"].startswith("reject")
    assert stuck["p21d"]["opposed"]
    assert all(row["date"] and sources(row) for row in rows)


def a_pause_on_present_lines_is_wanted(lib: Library) -> None:
    wanted = [r for r in positions(lib) if r["party"] == "Ukraine" and r["point"] == "p21"]
    assert any("pause on present lines" in " ".join(row["paraphrase"].split()) for row in wanted)


def what_a_body_that_does_not_sign_has_declared(lib: Library) -> None:
    record = negotiation(lib)
    rows = {r["norm"]: r for r in outsiders(lib, positions(lib), record["statements"])}
    nato = rows["p7.nato_decision"]
    assert [p["position"] for p in nato["positions"]] == ["separate_track"]
    declared = {s["id"] for s in nato["declared"]}
    assert declared == {"nato_declaration_2008", "nato_members_decide"}


# --- what a report says beside what is known ------------------------------------------------------


def mariupol_lies_in_donetsk(lib: Library) -> None:
    row = _one(statement_checks(lib), id="mariupol")
    assert row["result"] == DIFFERS
    assert row["shown"][0].endswith("puts Mariupol in Donetsk")
    assert row["speaker"] == "CBS News"


def five_years_against_the_baseline(lib: Library) -> None:
    row = _one(statement_checks(lib), id="five_years")
    assert row["result"] == DIFFERS
    shown = " ".join(row["shown"])
    assert "from 2014" in shown
    assert "from 2022-02" in shown
    assert len(row["shown"]) == 2


def control_over_time_is_dated_and_sourced(lib: Library) -> None:
    rows = negotiation(lib)["baseline"]
    assert all(row["date"] and row["place"] and sources(row) for row in rows)
    known = {(row["date"], row["place"]) for row in rows}
    assert known >= {
        ("2014", "Crimea"),
        ("2014", "Donetsk and Luhansk"),
        ("2022-02", "Donetsk and Luhansk"),
    }


def reported_forces_against_the_ceiling(lib: Library) -> None:
    counted = {
        row["date"]: row["quantity"]["value"]
        for row in negotiation(lib)["baseline"]
        if row.get("quantity", {}).get("name") == "armed_forces"
    }
    assert counted == {"2019": 250_000, "2025-01": 880_000}


def aims_are_no_commitments(lib: Library) -> None:
    aims = negotiation(lib)["aims"]
    assert {row["id"] for row in aims} == {"more_than_given", "full_guarantees"}
    assert not {row["id"] for row in aims} & set(lib.agreement.norms)
    assert all(row["speaker"] and row["date"] for row in aims)


def commentary_is_kept_apart(lib: Library) -> None:
    record = negotiation(lib)
    glosses = record["commentary"]
    assert {row["sources"][0]["paragraph"] for row in glosses} == {22, 25, 27}
    others = [str(rows) for name, rows in record.items() if name != "commentary"]
    text = " ".join(provision["text"] for provision in provisions(lib))
    for row in glosses:
        assert not any(row["says"] in other for other in (*others, text))


def every_fact_has_its_class_and_source(lib: Library) -> None:
    facts = list(all_facts(lib))
    assert len(facts) > 130
    for where, row in facts:
        assert row.get("class") in CLASSES, f"{where}: no sourcing class: {row}"
        assert sources(row), f"{where}: no source: {row}"


def all_facts(lib: Library) -> Iterable[tuple[str, Row]]:
    """Every row of the record of the negotiation and of the positions, with where it stands."""
    record = negotiation(lib)
    status = record["status"]
    yield from (("status", row) for row in (*status["history"], *status["claims"]))
    for name in ("witnesses", "involvement", "meetings", "statements", "commentary", "aims"):
        yield from ((name, row) for row in record[name])
    yield from (("baseline", row) for row in record["baseline"])
    yield from (("outcome", o) for row in record["meetings"] for o in row.get("outcomes") or [])
    for one in record["drafts"]:
        for difference in one["differences"]:
            yield "draft", {**difference, "class": one.get("class")}
    yield from (("positions", row) for row in positions(lib))


def two_wordings_of_point_3(lib: Library) -> None:
    row = _one(negotiation(lib)["differences"], reading_term="point3_wording")
    assert {w["reading"] for w in row["wordings"]} >= {"will_not", "expected"}


def both_wordings_of_recognition(lib: Library) -> None:
    rows = [r for r in negotiation(lib)["differences"] if r["about"].startswith("Crimea")]
    said = " / ".join(w["says"] for row in rows for w in row["wordings"])
    assert "giving up" in said
    assert "de facto" in said


def without_cause_is_in_some_wordings_alone(lib: Library) -> None:
    row = _one(negotiation(lib)["differences"], reading_term="without_cause")
    said = {w["witness"]: w["says"] for w in row["wordings"]}
    assert said["cbs_news_2025_11_20"] == "no qualification"
    assert "without cause" in said["liga_en"]


# --- what the text gives, leaves open and brings about --------------------------------------------


def what_each_party_gives_gets_and_keeps(lib: Library) -> None:
    rows = {row["party"]: row for row in balance(lib)}
    russia, ukraine = rows["Russia"], rows["Ukraine"]
    assert "p6.force_cap" in ukraine["gives"]
    assert "p6.force_cap" in russia["gets"]
    assert "p10.guarantee" in ukraine["gets"]
    assert "p10.guarantee" in rows["United_States"]["gives"]
    assert "p11.eu_right" in ukraine["keeps"]
    assert "p21.withdrawal" in ukraine["irreversible"]
    assert ukraine["awaited"]["p21.withdrawal"] == ["p21.demilitarised"]


def what_the_guarantee_leaves_open(lib: Library) -> None:
    items = open_items(lib.agreement)
    assert "p10.response.kind_of_response" in items.other
    assert "p10.response" in items.deadlines
    assert "p10.guarantee" in items.deciders
    elsewhere = {
        row["id"]
        for row in negotiation(lib)["drafts"]
        if any("p10" in d["points"] for d in row["differences"])
    }
    assert {"tiered_response", "e3_counter"} <= elsewhere, "what other drafts put in its place"


def the_audit_asks_which_response(lib: Library) -> None:
    """The report has the clause with its line, what could be written, and what others wrote."""
    asked = next(w for w in audit(lib, ["SA0602"]).warnings if w.subject == "p10.response")
    assert asked.severity == "gap"
    assert "kind of response" in asked.sentence
    (clause,) = [one for one in asked.clauses if one.id == "p10.response.kind_of_response"]
    text = (lib.folder or Path()) / "agreement.md"
    assert text.read_text("utf-8").split("\n")[clause.span.line - 1].strip() == (
        "open kind_of_response"
    )
    options = [one for one in asked.options if "kind of response" in one.text]
    assert options
    assert all(one.provision == "p10" and one.text[0] == "[" for one in options)
    told = "\n".join(asked.detail)
    assert "by stages" in told, "what is written elsewhere stands beside it"


def rules_that_the_council_lacks(lib: Library) -> None:
    rules = ("members", "quorum", "vote", "evidence", "appeal")
    assert open_items(lib.agreement).rules == tuple(f"Peace_Council.{rule}" for rule in rules)
    chair = lib.agreement.institutions["Peace_Council"].chair
    assert isinstance(chair, TermValue)
    assert chair.term == "council_chair"
    assert len(lib.agreement.terms["council_chair"].readings) == 2


def who_verifies_from_outside(lib: Library) -> None:
    assert lib.agreement.norms["p18.non_nuclear"].shown_by == ("IAEA",)


def what_the_amnesty_covers_is_open(lib: Library) -> None:
    readings = [r.name for r in lib.agreement.terms["amnesty_scope"].readings]
    assert readings == ["excludes_international_crimes", "all_acts"]


def the_calendar_of_elections_under_each_reading(lib: Library) -> None:
    days = {}
    for reading in ("on_agreement", "on_signature"):
        text = "\n".join(
            f'{{"id":"{act}{party}","type":"{act}","at":"{day}","args":{{"party":"{party}"}},'
            f'"source":"{party}"}}'
            for act, day in (("agrees", "2026-01-10"), ("signs", "2026-02-01"))
            for party in ("Russia", "Ukraine")
        )
        records = read_text(text, "course", lib.agreement.record_types, lib.zone)
        chosen = {"clock_start": reading, "consent_of": "both"}
        asked, _ = asking.question(lib, records, as_of="2026-02-02", readings=chosen)
        parsed = icalendar.Calendar.from_ical(calendar(asked))
        events = [e for e in parsed.walk("VEVENT") if "p25.elections" in str(e["summary"])]
        days[reading] = [str(event.decoded("dtstart")) for event in events]
    assert days == {"on_agreement": ["2026-04-20"], "on_signature": ["2026-05-12"]}


def the_line_is_on_the_map(lib: Library) -> None:
    line = lib.atlas.zones["contact_line"]
    assert line.is_line
    assert line.properties["as_of"] == "2025-11-20"
    assert lib.agreement.zones["contact_line"].schematic


def the_river_is_on_the_map(lib: Library) -> None:
    river = lib.atlas.zones["Dnipro"]
    assert river.is_line
    distance = lib.atlas.distance_km("Kherson_city", "Dnipro")
    assert distance is not None
    assert distance < river.band_km


def a_land_connection_to_crimea(lib: Library) -> None:
    row = _one(map_facts(lib), id="land_connection")
    assert row["connects"] == {"from": "Rostov", "to": "Crimea", "by_land": True}
    assert row["approximate"]
    assert row["schematic"]


def how_much_lies_beyond_the_line(lib: Library) -> None:
    row = _one(map_facts(lib), id="land_connection")
    assert row["approximate"]
    assert row["beyond_percent"]["Luhansk"] >= 99
    assert 70 <= row["beyond_percent"]["Donetsk"] <= 82
    assert 5_500 <= row["this_side_km2"]["Donetsk"] <= 7_500


def which_areas_are_returned_is_a_gap(lib: Library) -> None:
    assert "p21.relinquish.areas" in open_items(lib.agreement).other
