"""The decision room of a case: findings with their votes, and what rests on them.

In: an answer, and findings as `servanda.cases/1` tells them.  Out: values that the template shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servanda.report.changes import Changed, resting_on
from servanda.report.entries import found_by
from servanda.report.seats import members
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.marks import Mark
from servanda.web.pages.proceeding import AHEAD, DONE, finding, listed, reason, when

Row = Mapping[str, Any]
VOTES = {"in_favour": "in favour", "vetoes": "vetoes it"}


@dataclass(frozen=True, slots=True)
class Ruled:
    """A finding with its vote: who voted how, and what it brings about."""

    id: str
    address: str
    title: str
    stands: str
    mark: Mark
    since: str
    why_not: tuple[str, ...]
    rule: str
    numbers: str
    votes: tuple[tuple[str, str], ...]
    not_counted: tuple[str, ...]
    dissents: tuple[str, ...]
    appeals: tuple[str, ...]


def ruled(answer: Answer, row: Row) -> Ruled:
    agreement = answer.library.agreement
    vote = row.get("vote")
    stands = {"yes": "stands", "no": "does not stand", "depends": "depends on a reading"}
    votes: list[tuple[str, str]] = []
    numbers = ""
    if vote is not None:
        cast = vote["votes"]
        seats = members(agreement, agreement.institutions[row["body"]])
        for one in dict.fromkeys((*seats, *cast)):
            how = cast.get(one)
            told = "no vote recorded" if how is None else VOTES.get(how, words.words(how))
            votes.append((words.who(agreement, one), told))
        if vote["in_favour"] is not None:
            numbers = f"{vote['in_favour']} for, {vote['against']} against"
    breach = row["result"] in ("breach", "forfeiture")
    mark = marks.FOUND if row["stands"] == "yes" and breach else marks.ON_READING
    if row["stands"] != "depends" and not (row["stands"] == "yes" and breach):
        mark = Mark(DONE if row["stands"] == "yes" else AHEAD, "")
    return Ruled(
        row["id"],
        answer.view.address("records", row["id"]),
        words.sentence(finding(answer, row)),
        stands[row["stands"]],
        mark,
        when(answer, row["since"]),
        tuple(reason(answer, why) for why in row["why_not"]),
        vote["rule"] or "" if vote is not None else "",
        numbers,
        tuple(votes),
        tuple(reason(answer, why) for why in vote["not_counted"]) if vote is not None else (),
        tuple(listed(answer, [d["by"]]) for d in row["dissents"]),
        tuple(_appeal(answer, one) for one in row["appeals"]),
    )


def _appeal(answer: Answer, one: Row) -> str:
    told = f"Appeal of {listed(answer, [one['by']])}, {when(answer, one['at'])}: {one['state']}"
    if one["result"]:
        told += f", {words.words(one['result'])}"
    return told + (f" ({one['why']})" if one["why"] else "")


def consequences(answer: Answer, row: Row) -> tuple[list[tuple[str, str, Mark]], list[Any]]:
    """What rests on the findings that stand: states that moved with them, and violations found
    that would be violations without them too."""
    standing = {f["id"] for f in row["findings"] if f["stands"] != "no"}
    if not standing:
        return [], []
    listed = {norm["id"]: norm for norm in answer.result["norms"]}
    key = " ".join(sorted(standing))
    moved: tuple[Changed, ...] = answer.derived(
        f"rests on {key}", lambda: resting_on(answer.question, standing)
    )
    rows = [
        (
            *_norm(answer, one.instance),
            marks.of_state(one.before),
            marks.of_norm(listed[one.instance])
            if one.instance in listed
            else marks.of_state(one.after),
        )
        for one in moved
        if one.before != one.after
    ]
    changed = {one.instance for one in moved if one.before != one.after}
    found = [
        (*_norm(answer, name), marks.of_norm(norm))
        for name, norm in listed.items()
        if name not in changed and standing & found_by(norm)
    ]
    return found, rows


def _norm(answer: Answer, instance: str) -> tuple[str, str]:
    agreement = answer.library.agreement
    norm = agreement.norms[instance.partition("[")[0]]
    who = words.instance(agreement, instance)
    title = f"{words.number(norm.provision or '')} · {words.sentence(norm.text or norm.id)}"
    address = answer.view.address("provisions", norm.provision or norm.id, why=instance)
    return f"{title} ({who})" if who else title, address
