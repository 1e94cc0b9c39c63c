"""The forms of the papers that somebody may write in a case now, and what was filled in as a row.

In: a case, the papers that may be written, and what was filled in.  Out: forms, or a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from servanda.docket.case import Case
from servanda.docket.papers import PAPERS
from servanda.docket.turns import Turn, preset
from servanda.evidence import form
from servanda.evidence.instant import iso
from servanda.library import Library
from servanda.report.cases import Proceedings
from servanda.report.record_search import Wanted, search
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.filing import asked
from servanda.web.filing.asked import Asked
from servanda.web.filing.sent import Sent
from servanda.web.people.errors import Refusal

CLASS = "parties"  # of papers, unless the form says another
# What each form does, and what that means.
TITLES: Mapping[str, tuple[str, str]] = {
    "registers": ("Acknowledge the complaint", "The case gets the number that you give it."),
    "notifies": ("Notify the respondent", "From the receipt on its time to reply runs."),
    "replies": ("Reply to the complaint", "The body waits for it, or for the end of the time."),
    "submits": ("Put in evidence", "Records that stand in the ledger, as exhibits of the case."),
    "verifies_jointly": ("Verify together", "Done once all took part whom the text names."),
    "establishes_facts": (
        "Establish the facts",
        "Occurrence, attribution, responsibility and severity are separate questions.",
    ),
    "finding": (
        "Record a finding of the body",
        "It stands only under the rule of the body; if it does not, the page says why.",
    ),
    "casts_vote": ("Vote", "The latest vote of a member counts."),
    "dissents": ("Dissent", "It is shown beside what it dissents from, and undoes nothing."),
    "appeals": ("Appeal", "It goes to the body that the text names for appeals."),
    "decides_appeal": ("Decide the appeal", "An overturned finding counts as never made."),
    "refers": ("Refer the case to another body", "The case goes on there, and not here."),
    "minutes": ("Minutes", "What a meeting dealt with; name the record of the meeting."),
    "action_point": ("Action point", "Ask somebody to do something by a day."),
}
BODYS = frozenset(
    (
        *("registers", "notifies", "verifies_jointly", "establishes_facts", "finding"),
        *("decides_appeal", "refers", "minutes", "action_point"),
    )
)
# The papers that the next step of a case waits for: their forms are open.
_NEXT: Mapping[str, tuple[str, ...]] = {
    "acknowledge the complaint": ("registers",),
    "notify the respondent": ("notifies",),
    "reply": ("replies",),
    "verify together": ("verifies_jointly",),
    "establish the facts, with their severity": ("establishes_facts",),
    "find": ("finding", "casts_vote"),
    "object, or let it pass": ("casts_vote",),
    "decide the appeal": ("decides_appeal",),
}
_NEEDED = {
    "casts_vote": ("vote",),
    "finding": ("result",),
    "establishes_facts": ("occurrence",),
    "decides_appeal": ("result",),
    "refers": ("to",),
    "action_point": ("holder", "task"),
    "submits": ("evidence",),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one paper; `open` is shown at once, the others on demand."""

    turn: Turn
    title: str
    note: str
    on: str
    author: str
    fields: tuple[Asked, ...]
    once: str
    open: bool = False


def scope_of(turn: Turn) -> str:
    """What tells the fields of one form from those of another on the page."""
    return f"{turn.kind}-{turn.about}"


def forms(
    answer: Answer,
    before: Proceedings,
    case: Case,
    found: tuple[Turn, ...],
    once: str,
    given: Sent,
    error: Refusal | None,
) -> list[Form]:
    """A form for each paper; the one that was sent has what was filled in, and what is wrong."""
    sent = (given.one("kind"), given.one("about"))
    made = []
    facts = {record.id for record in case.facts}
    for turn in found:
        here = (turn.kind, turn.about) == sent
        fields = fields_of(answer, before, case, turn, given if here else Sent())
        field, reason = (error.field, error.message) if here and error is not None else ("", "")
        title, note = TITLES[turn.kind]
        on = "" if turn.about == case.complaint.id else turn.about
        if turn.kind == "dissents":
            title += " from the facts" if turn.about in facts else " from the finding"
        author = words.who(answer.library.agreement, turn.author)
        told = tuple(asked.told(fields, field, reason, scope_of(turn)))
        made.append(Form(turn, title, note, on, author, told, once, here and error is not None))
    if not any(one.open for one in made):
        coming = before.next_of(case)
        made = [replace(one, open=one.turn.kind in _NEXT.get(coming, ())) for one in made]
    return made


def fields_of(
    answer: Answer, before: Proceedings, case: Case, turn: Turn, given: Sent
) -> list[Asked]:
    """What a paper asks for beyond what follows from the case."""
    fixed = preset(turn, case)
    record_type = answer.library.agreement.record_types[turn.kind]
    needed = _NEEDED.get(turn.kind, ())
    found: list[Asked] = []
    for one in asked.arguments(record_type, given.fields):
        name = one.name.removeprefix("args.")
        if name not in fixed:
            told = replace(one, required=name in needed)
            found += _with_choices(answer, before, case, turn, name, told)
    if turn.kind in BODYS:
        at = tuple(given.fields.get("at", ()))
        found.append(
            Asked("at", "When it was done", "text", (), at, "a day or an instant; empty: now")
        )
    if turn.kind == "notifies":
        got = tuple(given.fields.get("received", ()))
        hint = "a day or an instant; empty: when it was done"
        found.append(Asked("received", "When it was received", "text", (), got, hint))
    note = tuple(given.fields.get("note", ()))
    found.append(Asked("note", "Note", "text", (), note, "a few words; no names of people"))
    found.append(next(asked.handling(given.fields, CLASS)))
    return found


def _with_choices(
    answer: Answer, before: Proceedings, case: Case, turn: Turn, name: str, one: Asked
) -> list[Asked]:
    """The field with the choices that the rules of the body or the papers of the case give it."""
    asks, agreement = case.body.procedure, answer.library.agreement
    if name == "severity" and isinstance(asks.severity, tuple):
        scale = tuple((word, words.words(word)) for word in asks.severity)
        return [replace(one, kind="choice", options=scale, hint="by the scale of the agreement")]
    if name == "to":
        others = [i for i in agreement.institutions if i != case.body.id]
        told = tuple((i, words.who(agreement, i)) for i in others)
        return [replace(one, kind="choice", options=told, required=True)]
    if name == "by" and turn.kind == "verifies_jointly":
        names = sorted(before.rules.who(asks.verification) or ())
        told = tuple((i, words.who(agreement, i)) for i in names)
        return [replace(one, kind="several", options=told, required=True, hint="who took part")]
    if name == "evidence":
        return _exhibits(answer, case, turn, one)
    if name in ("votes_for", "votes_against", "vetoes"):
        hint = "leave it empty where members vote one by one"
        return [replace(one, hint=hint)]
    return [one]


def _exhibits(answer: Answer, case: Case, turn: Turn, one: Asked) -> list[Asked]:
    """Records that lie near: what the complaint is about, and what the party has filed itself."""
    near = list(case.complaint.words("about"))
    latest = search(answer.known(), Wanted(speaker=turn.author), answer.library.atlas, 0, 24)
    own = [r.id for r in latest.records if r.type not in PAPERS][:12]
    listed = list(dict.fromkeys((*near, *own)))
    options = tuple((identity, identity) for identity in listed)
    more = tuple(v for v in one.values if v not in listed)
    return [
        replace(one, kind="several", options=options, label="Records near the case", hint=""),
        replace(one, kind="text", label="Further records", values=more, required=False),
    ]


def row_of(
    library: Library, case: Case, turn: Turn, fields: list[Asked], given: Sent, now: int
) -> dict[str, Any]:
    """The paper as a row: what follows from the case, and what was filled in."""
    record_type = library.agreement.record_types[turn.kind]
    names = {one.name for one in fields}
    told = asked.identified(
        library.agreement, fields, {k: v for k, v in given.fields.items() if k in names}
    )
    filled = form.row_of(record_type, told)
    args = {**filled.get("args", {}), **preset(turn, case)}
    row = {**filled, "args": args, "source": turn.author}
    row.setdefault("handling", CLASS)
    bare = {name: value for name, value in row.items() if name != "id"}
    identity = form.derived_id({**bare, "once": given.one("once")})
    # Only a body says when it did what it reports; the server dates what parties and members write.
    at = (given.one("at") if "at" in names else "") or iso(now // 1_000_000 * 1_000_000)
    return {**bare, "id": identity, "at": at, "reported": iso(now)}


def missing(fields: list[Asked], given: Sent) -> Refusal | None:
    """The first field that must be filled in, and is not."""
    for one in fields:
        if one.required and not given.one(one.name):
            return Refusal(f"“{one.label}” must be filled in.", one.name)
    return None
