"""The docket as people see it: where a case stands, what is next, until when, what is withheld."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from servanda.cli.cases import render
from servanda.docket import shown
from servanda.ledger.words import CLASSES, DEFAULT_CLASS
from servanda.report.case_calendar import calendar, dues
from servanda.report.cases import docket
from tests.docket.proceedings import APPEAL, STEPS, TEXT, ask, paper, valleys

BOTH = ["Upper", "Lower"]


@cache
def validator() -> Any:
    schema = json.loads((files("servanda") / "schemas" / "cases-1.json").read_text())
    return jsonschema.Draft202012Validator(schema)


def told(*papers: dict[str, Any], as_of: str = "03-26", audience: str = "confidential") -> Any:
    found = docket(ask(papers, as_of), audience)
    validator().validate(found)
    return found


@pytest.mark.parametrize(
    ("count", "as_of", "status", "step", "who", "due"),
    [
        (1, "03-02", "open", "acknowledge the complaint", ["Commission"], "2026-03-06T00:00:00Z"),
        (2, "03-03", "open", "notify the respondent", ["Commission"], "2026-03-08T00:00:00Z"),
        (3, "03-04", "open", "reply", ["Upper"], "2026-03-19T00:00:00Z"),
        (3, "03-19", "open", "verify together", ["Lower", "Upper"], None),
        (4, "03-10", "open", "verify together", ["Lower", "Upper"], None),
        (5, "03-15", "open", "establish the facts, with their severity", ["Commission"], None),
        (6, "03-20", "open", "find", ["Commission"], None),
        (7, "03-25", "found", "appeal, or accept the finding", BOTH, "2026-04-25T00:00:00Z"),
        (7, "04-25", "found", None, None, None),
    ],
)  # fmt: skip
def test_what_is_next_whose_turn_it_is_and_until_when(
    count: int, as_of: str, status: str, step: str | None, who: list[str] | None, due: str | None
) -> None:
    (case,) = told(*STEPS[:count], as_of=as_of)["cases"]
    assert case["status"] == status
    expected = None if step is None else {"step": step, "who": who, "due": due}
    assert case["next"] == expected


def test_each_step_that_is_left_out_is_named() -> None:
    for missing in range(1, 6):
        papers = [p for n, p in enumerate(STEPS) if n != missing]
        (case,) = told(*papers, as_of="03-25")["cases"]
        (finding,) = case["findings"]
        # the time to reply had passed by the 19th, so that no reply is missed
        assert finding["stands"] == ("yes" if STEPS[missing]["type"] == "replies" else "no")
        if finding["stands"] == "no":
            assert case["lacking"]
            assert finding["why_not"]


def test_an_appeal_and_its_decision() -> None:
    (case,) = told(*STEPS, APPEAL, as_of="04-03")["cases"]
    assert (case["status"], case["next"]["who"]) == ("under appeal", ["Arbiter"])
    for result, status, stands in (
        ("overturns_finding", "overturned", "no"),
        ("upholds_finding", "found", "yes"),
    ):
        decided = paper(
            *("q2", "05-01", "decides_appeal", "Arbiter"),
            body="Arbiter",
            appeal="q1",
            result=result,
        )
        (case,) = told(*STEPS, APPEAL, decided, as_of="05-02")["cases"]
        (finding,) = case["findings"]
        assert (case["status"], finding["stands"]) == (status, stands)
        assert finding["appeals"][0]["result"] == result
    late = {**APPEAL, "at": "2026-04-26"}
    (case,) = told(*STEPS, late, as_of="05-01")["cases"]
    assert (
        case["findings"][0]["appeals"][0]["why"] == "it is late: too late from 2026-04-25T00:00:00Z"
    )
    assert case["status"] == "found"


def test_the_accused_sees_the_allegation_and_the_evidence_that_is_for_the_parties() -> None:
    submitted = paper(
        "s1", "03-04", "submits", "Lower", by="Lower", case="k1", evidence=["a1", "a2", "lost"]
    )
    whole = told(*STEPS, submitted)["cases"][0]["evidence"]
    assert [e["record"] for e in whole] == ["a1", "a2", "lost"]
    assert whole[2]["missing"]
    (case,) = told(*STEPS, submitted, audience="parties")["cases"]
    assert case["respondent"] == "Upper"
    assert [e["record"] for e in case["evidence"]] == ["a1", None, "lost"]
    assert "source" not in case["evidence"][1]
    (case,) = told(*STEPS, submitted, audience="public")["cases"]
    assert case == {
        "body": "Commission",
        "number": "1 of 2026",
        "status": "found",
        "withheld": True,
    }
    closed = [{**p, "handling": "confidential"} if p["id"] == "f1" else p for p in STEPS]
    assert told(*closed, audience="body")["cases"][0]["findings"] == []


def test_the_classes_are_those_of_the_ledger() -> None:
    assert shown.AUDIENCES == CLASSES
    (record,) = [r for r in ask((), "03-02").view.records if r.id == "a2"]
    assert shown.class_of(record) == DEFAULT_CLASS


def test_numbers_are_given_in_the_order_of_report_and_never_again() -> None:
    first, second, third = (
        {**STEPS[0], "id": i, "reported": f"2026-03-0{day}T00:00:00Z"}
        for i, day in (("x1", 3), ("x2", 4), ("x3", 5))
    )
    back = {"id": "w1", "type": "complaint", "source": "Lower", "withdraws": ["x1"],
            "reported": "2026-03-06T00:00:00Z", "args": {}}  # fmt: skip
    again = {**second, "id": "x4", "replaces": ["x2"], "reported": "2026-03-07T00:00:00Z"}
    found = told(first, second, third, back, again, as_of="03-10")
    numbers = {case["complaint"]: case["number"] for case in found["cases"]}
    assert numbers == {"x4": "Commission 2", "x3": "Commission 3"}
    assert found["withdrawn"] == ["x1"]


def test_a_case_goes_up_by_referral() -> None:
    below = {**STEPS[0], "args": {**STEPS[0]["args"], "body": "Local"}}
    up = paper("x1", "03-05", "refers", "Local", body="Local", case="k1", to="Commission")
    lower, upper = told(below, up, as_of="03-06")["cases"]
    assert (lower["body"], lower["status"], lower["referred_to"]) == (
        "Local",
        "referred",
        "Commission",
    )
    assert (upper["body"], upper["referred_from"]) == ("Commission", "Local")
    assert upper["steps"][0]["due"] == "2026-03-09T00:00:00Z"
    assert [lower["number"], upper["number"]] == ["Local 1", "Commission 1"]


def test_what_is_reported_by_others_is_told_and_not_counted() -> None:
    gossip = {**STEPS[1], "source": "Radio"}
    (case,) = told(STEPS[0], gossip, as_of="03-05")["cases"]
    assert case["not_counted"] == ["k2 (registers) is reported by Radio alone"]
    assert case["steps"][0]["at"] is None
    rumour = {**STEPS[0], "source": "Radio"}
    found = told(rumour, as_of="03-05")
    assert found["cases"] == []
    assert found["no_case"][0]["why"] == "it is reported by Radio alone"


def test_who_may_not_complain_gets_nowhere() -> None:
    other = {**STEPS[0], "source": "League", "args": {**STEPS[0]["args"], "by": "League"}}
    (case,) = told(other, as_of="03-05")["cases"]
    assert (case["status"], case["next"]) == ("inadmissible", None)
    assert "League may not complain to Commission (clause `complaints by`)" in case["lacking"]


def test_a_finding_without_a_complaint_is_on_the_bodys_own_motion() -> None:
    alone = {**STEPS[6], "args": {**STEPS[6]["args"], "about": ["a1"]}}
    found = told(alone)
    assert found["cases"] == []
    (finding,) = found["own_motion"]
    assert finding["why_not"][0].startswith(
        "it names no complaint in `about`, and the text demands"
    )


def test_dissents_minutes_and_action_points_are_carried() -> None:
    more = (
        paper("d1", "03-25", "dissents", "Upper", **{"by": "Upper", "from": "f1"}),
        paper("d2", "03-20", "dissents", "Upper", **{"by": "Upper", "from": "k6"}),
        paper("m1", "03-16", "minutes", "Commission", body="Commission", about=["k1"]),
        paper(
            *("t1", "03-16", "action_point", "Commission"),
            body="Commission",
            holder="Upper",
            task="open the mill",
            about=["k1"],
            due="2026-03-30",
        ),
    )
    (case,) = told(*STEPS, *more)["cases"]
    assert case["findings"][0]["dissents"] == [{"by": "Upper", "record": "d1"}]
    assert case["facts"][0]["dissents"] == [{"by": "Upper", "record": "d2"}]
    assert case["minutes"] == ["m1"]
    assert case["action_points"][0]["due"] == "2026-03-30"


def test_what_is_due_is_a_calendar_and_always_the_same() -> None:
    asked = ask(STEPS, "03-26")
    (one,) = dues(docket(asked), asked.zone)
    assert (one.case, str(one.last_day)) == ("1 of 2026", "2026-04-24")
    written = calendar(docket(asked), asked.zone)
    assert b"DTSTART;VALUE=DATE:20260424" in written
    assert written == calendar(docket(ask(STEPS, "03-26")), asked.zone)


def test_a_silence_procedure_is_next_until_it_ends() -> None:
    lib = valleys(TEXT.replace("vote majority of members", "vote silence 72 hours"))
    plain = {n: v for n, v in STEPS[6]["args"].items() if not n.startswith("votes")}
    papers = (*STEPS[:6], {**STEPS[6], "args": plain, "at": "2026-03-25T12:00:00Z"})
    (case,) = docket(ask(papers, "03-26", lib))["cases"]
    until = "2026-03-28T12:00:00.000001Z"
    assert (case["status"], case["next"]["due"]) == ("voting", until)
    assert case["findings"][0]["vote"]["silence_until"] == until
    (case,) = docket(ask(papers, "03-29", lib))["cases"]
    assert (case["status"], case["findings"][0]["since"]) == ("found", until)


MORE = (
    paper("s1", "03-04", "submits", "Lower", by="Lower", case="k1", evidence=["a1", "a2"]),
    paper("x1", "03-05", "refers", "Local", body="Local", case="k1", to="Commission"),
    paper("v1", "03-25", "casts_vote", "Lower", by="Lower", on="f1", vote="in_favour"),
    paper("d1", "03-25", "dissents", "Upper", **{"by": "Upper", "from": "f1"}),
    APPEAL,
    paper(
        *("q2", "05-01", "decides_appeal", "Arbiter"),
        body="Arbiter",
        appeal="q1",
        result="upholds_finding",
    ),
    paper("m1", "03-16", "minutes", "Commission", body="Commission", about=["k1"]),
    paper(
        *("t1", "03-16", "action_point", "Commission"),
        body="Commission",
        holder="Upper",
        task="open",
        due="2026-03-30",
        about=["k1"],
    ),
)


@pytest.mark.parametrize("paper", [*STEPS, *MORE], ids=lambda p: p["id"])
def test_a_paper_that_leaves_out_an_argument_breaks_nothing(paper: dict[str, Any]) -> None:
    """What is not said is not made up: it is told as not said, or the paper does not count."""
    lib = valleys()
    for arg in paper["args"]:
        rest = {name: value for name, value in paper["args"].items() if name != arg}
        papers = [{**p, "args": rest} if p is paper else p for p in (*STEPS, *MORE)]
        asked = ask(papers, "05-02", lib)
        found = docket(asked)
        validator().validate(found)
        lines = "\n".join(render(found, asked.zone))
        assert "None" not in lines
        assert calendar(found, asked.zone)
