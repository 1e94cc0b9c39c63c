"""How a case stands, in words: headline, steps, clock, four questions, votes, history.

In: a case as `servanda.cases/1` tells it, with its papers.  Out: values that the template shows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from servanda.docket.case import Case
from servanda.docket.papers import LINKS, made
from servanda.engine import phrase
from servanda.evidence.instant import day_of, day_period
from servanda.evidence.record import Record
from servanda.report.cases import Proceedings, proceedings
from servanda.report.record_search import by_id
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.draw import clock
from servanda.web.marks import Mark
from servanda.web.pages.records import when as dated

Row = Mapping[str, Any]
DONE, NOW, AHEAD = "done", "now", "todo"
STEPS = {
    "acknowledged": "Acknowledged",
    "notified": "Respondent notified",
    "replied": "Reply",
    "verified together": "Joint verification",
    "facts established": "Fact-finding",
}
_TO_DO = {
    "acknowledge the complaint": "acknowledged",
    "notify the respondent": "notified",
    "reply": "replied",
    "verify together": "verified together",
    "establish the facts, with their severity": "facts established",
}
RESULTS = {
    "breach": "a breach",
    "no_breach": "no breach",
    "trigger": "a trigger",
    "forfeiture": "a forfeiture",
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
PAPERS = {
    "registers": "Acknowledged",
    "notifies": "Notice",
    "replies": "Reply",
    "submits": "Evidence put in",
    "verifies_jointly": "Verified together",
    "establishes_facts": "Facts established",
    "casts_vote": "Vote",
    "dissents": "Dissent",
    "appeals": "Appeal",
    "decides_appeal": "Appeal decided",
    "refers": "Referred",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, now or todo; `void` says that the text does not ask for it."""

    number: int
    title: str
    state: str
    note: str
    record: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One of the four: what was established, by whom; `open` where nothing was."""

    title: str
    answer: str
    note: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Paper:
    when: str
    record: str
    says: str
    address: str
    note: str = ""


def before(answer: Answer) -> Proceedings:
    """What is before the bodies, worked out once."""
    return answer.derived("proceedings", lambda: proceedings(answer.question))


def reason(answer: Answer, text: str) -> str:
    """A reason of the docket with names, days and clauses as pages say them."""
    agreement, zone = answer.library.agreement, answer.question.zone
    names = [n for n in (*agreement.actors, *agreement.institutions) if "_" in n]
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.])", words.who(agreement, name), text)
    text = _INSTANT.sub(lambda m: words.moment(words.instant(m[0]), zone), text)
    return words.sentence(text.replace(" (clause `", " (clause “").replace("`)", "”)"))


def listed(answer: Answer, names: Any) -> str:
    agreement = answer.library.agreement
    return words.listed([words.who(agreement, name) for name in names])


def until(answer: Answer, due: str | None) -> str:
    """Until when, from the first instant too late; empty where there is none."""
    if due is None:
        return ""
    zone, first_late = answer.question.zone, words.instant(due)
    before = first_late - 1
    if day_period(day_of(before, zone), zone).last == before:
        return f"until {words.moment(before, zone)}"
    return f"before {words.moment(first_late, zone)}"


def when(answer: Answer, at: str | None) -> str:
    """An instant; the last one of a day, which stands for a record of that day, as the day."""
    if at is None:
        return ""
    return words.moment(words.instant(at), answer.question.zone).removesuffix(", 24:00")


def headline(answer: Answer, row: Row) -> str:
    """Where the case stands, in a sentence or two."""
    stands = [f for f in row["findings"] if f["stands"] == "yes"]
    coming = row["next"]
    if row["status"] == "referred":
        return f"Referred to {listed(answer, [row['referred_to']])}, where it goes on."
    if row["status"] == "overturned":
        return "The finding was overturned on appeal."
    if row["status"] == "inadmissible":
        return f"Not heard by {listed(answer, [row['body']])}: see what stands in the way."
    told = ""
    if coming is not None:
        step = {"find": "make its finding"}.get(coming["step"], coming["step"])
        told = f"Waiting for {listed(answer, coming['who'])} to {step}"
        told += f", {until(answer, coming['due'])}." if coming["due"] else "."
    if not stands:
        return f"{told} Nothing is found or decided.".strip()
    found = finding(answer, stands[-1])
    if coming is not None and coming["step"].startswith("appeal"):
        who = listed(answer, coming["who"])
        told = f"{who} may appeal {until(answer, coming['due'])}."
    return f"Found: {found}. {told}".strip()


def finding(answer: Answer, row: Row) -> str:
    """What a finding says: a breach by Upper."""
    told = RESULTS.get(row["result"] or "", words.words(row["result"] or "nothing said"))
    by = f" by {listed(answer, [row['against']])}" if row["against"] else ""
    return f"{told}{by}"


def steps(answer: Answer, row: Row) -> list[Step]:
    """The steps of the procedure, up to the decision."""
    coming = row["next"]
    next_step = _TO_DO.get(coming["step"], "decision") if coming is not None else ""
    found: list[Step] = []
    for number, one in enumerate(row["steps"], 1):
        state = DONE if one["at"] else NOW if one["step"] == next_step else AHEAD
        title = STEPS.get(one["step"], words.sentence(one["step"]))
        void = not one["demanded"] and not one["at"]
        found.append(
            Step(number, title, state, _note(answer, one, void), one["record"] or "", void)
        )
    settled = row["status"] in ("found", "overturned")
    state = DONE if settled else NOW if next_step == "decision" else AHEAD
    body = listed(answer, [row["body"]])
    note = {
        "found": "a finding stands",
        "overturned": "overturned on appeal",
        "voting": "the silence procedure runs",
        "under appeal": "under appeal",
    }.get(row["status"], f"by {body}, under its rule")
    return [*found, Step(len(found) + 1, "Decision", state, note)]


def _note(answer: Answer, one: Row, void: bool) -> str:
    if void:
        return "not asked for by the text"
    if one["at"]:
        return when(answer, one["at"]) + (", late" if one["late"] else "")
    if one["due"] is None:
        return "no time is set"
    return f"{until(answer, one['due'])}{', which has passed' if one['late'] else ''}"


@dataclass(frozen=True, slots=True)
class ReplyClock:
    title: str
    wide: Markup
    narrow: Markup
    left: str
    until: str


def reply_clock(answer: Answer, row: Row) -> ReplyClock | None:
    """The time to reply, where it runs or ran; None where no notice began it."""
    steps_by = {one["step"]: one for one in row["steps"]}
    notified, replied = steps_by["notified"], steps_by["replied"]
    if notified["at"] is None or replied["due"] is None or replied["at"] is not None:
        return None
    zone = answer.question.zone
    begun, due = words.instant(notified["at"]), words.instant(replied["due"])
    first = day_of(begun, zone)
    zero = day_period(first, zone).first
    left = clock.counted(due - answer.question.as_of)
    label = f"From the notice, {when(answer, notified['at'])}, {until(answer, replied['due'])}"
    one = clock.Clock(
        first, begun - zero, max(answer.question.as_of - zero, 0), due - zero, label, left
    )
    hypothetical = answer.holding.hypothetical
    return ReplyClock(
        f"Reply clock of {listed(answer, [row['respondent']])}",
        clock.draw(one, hypothetical, False),
        clock.draw(one, hypothetical, True),
        left,
        until(answer, replied["due"]),
    )


def questions(answer: Answer, row: Row) -> list[Question]:
    """The four questions, each on its own, by the latest facts that the body established."""
    facts = row["facts"][-1] if row["facts"] else None
    body = listed(answer, [row["body"]])
    pairs: list[tuple[str, str]] = []
    if facts is not None:
        by = facts["attributed_to"]
        pairs = [
            ("Occurrence", words.words(facts["occurrence"] or "")),
            ("Attribution", listed(answer, [by]) if by else ""),
            ("Responsibility", listed(answer, facts["responsible"])),
            ("Severity", words.words(facts["severity"] or "")),
        ]
    else:
        pairs = [(t, "") for t in ("Occurrence", "Attribution", "Responsibility", "Severity")]
    complainant = listed(answer, [row["complainant"]])
    claims = {
        "Attribution": f"{complainant} claims that it was {listed(answer, [row['respondent']])}."
    }
    return [
        Question(
            f"{n} {title}",
            words.sentence(text) if text else "Not examined" if facts is None else "Not answered",
            f"By {body}." if text else claims.get(title, "") if facts is None else "",
            Mark("occ", "") if text else marks.INACTIVE,
        )
        for n, (title, text) in enumerate(pairs, 1)
    ]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`says` is empty for one that is not shown."""

    number: int
    record: str
    address: str
    says: str
    source: str
    put_in: str
    handling: str


def exhibits(answer: Answer, row: Row) -> list[Exhibit]:
    return [_exhibit(answer, one) for one in row["evidence"]]


def _exhibit(answer: Answer, one: Row) -> Exhibit:
    put_in = f"{listed(answer, [one['by']])}, {when(answer, one['submitted'])}"
    record = None if one["withheld"] else _known(answer).get(one["record"])
    if record is None:
        return Exhibit(one["exhibit"], "", "", "", "", put_in, "")
    how = f", {words.words(record.observed_how)}" if record.observed_how else ""
    return Exhibit(
        one["exhibit"],
        record.id,
        answer.view.address("records", record.id),
        says(answer, record),
        f"{words.who(answer.library.agreement, record.speaker)}{how}",
        put_in,
        record.handling or "not said",
    )


def says(answer: Answer, record: Record) -> str:
    """What a record says and when it was, without who says so."""
    zone = answer.question.zone
    text = phrase.record(record, zone).partition(" says ")[2]
    text = text.removesuffix(f", {phrase.when(record, zone)}")
    return f"{words.sentence(text)}, {dated(answer, record)}"


def _known(answer: Answer) -> Mapping[str, Record]:
    """The records that cases name, by id, as far as they are seen."""

    def make() -> Mapping[str, Record]:
        papers = before(answer).papers
        named = [i for r in papers.complaints for i in r.words("about")]
        for (kind, _), found in papers.about.items():
            named += [i for r in found for i in r.words("evidence")] if kind == "submits" else []
        return by_id(answer.known(), list(dict.fromkeys(named)))

    return answer.derived("records of cases", make)


def about(answer: Answer, row: Row) -> list[tuple[str, str, str]]:
    """The records that the complaint is about: id, what it says, address; empty if not seen."""
    known = _known(answer)
    return [
        (i, says(answer, known[i]), answer.view.address("records", i))
        if i in known
        else ("", "", "")
        for i in row["about"]
    ]


def papers_of(before: Proceedings, case: Case) -> list[Record]:
    """All papers of a case, the newest first."""
    found = {case.complaint.id: case.complaint}
    found.update({r.finding.record.id: r.finding.record for r in before.within(case)})
    pending = list(found)
    while pending:
        target = pending.pop()
        for kind in LINKS:
            for one in before.papers.on(kind, target):
                if one.id not in found:
                    found[one.id] = one
                    pending.append(one.id)
    return sorted(found.values(), key=lambda r: (-made(r), -r.reported, r.id))


def history(answer: Answer, papers: list[Record], notes: Mapping[str, str]) -> list[Paper]:
    """The papers of a case, with what was noted beside them."""
    return [_paper(answer, one, notes) for one in papers]


def _paper(answer: Answer, one: Record, notes: Mapping[str, str]) -> Paper:
    zone = answer.question.zone
    at = words.moment(made(one), zone).removesuffix(", 24:00")
    speaker = words.who(answer.library.agreement, one.speaker)
    told = f"{PAPERS.get(one.type, words.sentence(words.words(one.type)))}, by {speaker}"
    return Paper(at, one.id, told, answer.view.address("records", one.id), notes.get(one.id, ""))


def points(answer: Answer, row: Row) -> Iterator[tuple[str, str, str]]:
    """Action points: what, whose, by when."""
    for one in row["action_points"]:
        holder = listed(answer, [one["holder"]]) if one["holder"] else "nobody named"
        yield one["task"] or "nothing said", holder, _day(one["due"] or "")


def _day(text: str) -> str:
    """A day in words, where it is one."""
    try:
        return words.day(date.fromisoformat(text))
    except ValueError:
        return text
