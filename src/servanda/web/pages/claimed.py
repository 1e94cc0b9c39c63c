"""Agreed, claimed, found: one row for each provision, with how much was observed beside it.

In: an answer.  Out: rows; those in which something is claimed, found, disputed or due stand first
on the page.  A claim is told with who makes it, and counts as no more than that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servanda.engine.entered import Teller, tellers
from servanda.engine.readings import spreads
from servanda.model.agreement import Provision
from servanda.report.entries import bases, resting
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.marks import Mark

ANY_CLAIM = "any_claim"
FEW = 4  # marks or claims of one row; the page of the provision has all


@dataclass(frozen=True, slots=True)
class Covered:
    """The least shares of the commitments of a provision."""

    time: float
    area: float


@dataclass(frozen=True, slots=True)
class State:
    """Whose commitment, and its mark."""

    who: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Column:
    """`open` is what the text leaves open; `found` what bodies said."""

    number: str
    title: str
    address: str
    states: tuple[State, ...]
    more: int
    covered: Covered | None
    agreed: str
    open: tuple[str, ...]
    claimed: tuple[str, ...]
    measured: tuple[str, ...]
    standing: str
    found: Mark | None
    findings: tuple[str, ...]
    notable: bool


def columns(answer: Answer) -> list[Column]:
    """In the order of the text."""
    by_norm: dict[str, list[Mapping[str, Any]]] = {}
    for norm in answer.result["norms"]:
        by_norm.setdefault(norm["id"].partition("[")[0], []).append(norm)
    provisions = answer.library.agreement.provisions.values()
    return [_column(answer, one, by_norm) for one in provisions]


def _column(
    answer: Answer, provision: Provision, by_norm: Mapping[str, list[Mapping[str, Any]]]
) -> Column:
    agreement = answer.library.agreement
    names = [n.id for n in agreement.norms.values() if n.provision == provision.id]
    rows = [row for name in names for row in by_norm.get(name, ())]
    states = _states(answer, names, by_norm)
    firm = sum((bases(row) for row in rows), Counter())
    entered = firm.total()
    del firm["alleged"]
    claimed = _claims(answer, names)
    measured = _measured(answer, names)
    findings = _findings(answer, names)
    notable = bool(
        entered or claimed or measured or findings
        or any(r["state"] in ("depends", "fulfilled", "cured", "suspended") for r in rows)
        or any(r.get("overdue") or r["due"] for r in rows)
    )  # fmt: skip
    return Column(
        words.number(provision.id),
        provision.title,
        answer.view.address("provisions", provision.id),
        states[:FEW],
        max(0, len(states) - FEW),
        covered(rows),
        provision.text,
        _open(rows),
        claimed,
        measured,
        entries(answer, entered, sum(map(resting, rows))),
        marks.violations(firm) if firm else None,
        findings,
        notable,
    )


def _states(
    answer: Answer, names: list[str], by_norm: Mapping[str, list[Mapping[str, Any]]]
) -> tuple[State, ...]:
    """The different states, each with whose they are; what says the same is said once."""
    agreement = answer.library.agreement
    found: dict[Mark, list[str]] = {}
    for name in names:
        for row in by_norm.get(name, ()):
            who = words.instance(agreement, row["id"])
            found.setdefault(marks.of_instance(answer, row), []).append(who)
    alone = len(found) == 1
    told = []
    for mark, listed in found.items():
        named = list(dict.fromkeys(w for w in listed if w))
        many = len(named) > 2
        who = "" if alone or len(named) < len(set(listed)) else words.listed(named)
        told.append(State(f"{len(named)} bearers" if many and not alone else who, mark))
    order = ("decided", "found", "alleged", "depends", "overdue", "suspended", "cured")
    rank = {shape: at for at, shape in enumerate(order)}
    return tuple(sorted(told, key=lambda one: rank.get(one.mark.shape, len(order))))


def covered(rows: Sequence[Mapping[str, Any]]) -> Covered | None:
    """The least shares among instances; None where silence says nothing."""
    shares = [row["coverage"] for row in rows if "coverage" in row]
    if not shares:
        return None
    return Covered(min(s["time_share"] for s in shares), min(s["area_share"] for s in shares))


def _open(rows: list[Mapping[str, Any]]) -> tuple[str, ...]:
    names = dict.fromkeys(words.words(name) for row in rows for name in row["open"])
    return tuple(words.sentence(name) for name in names)


def _claims(answer: Answer, names: list[str]) -> tuple[str, ...]:
    """Who says, under no standard at all, that whom did what against these commitments."""
    agreement, question = answer.library.agreement, answer.question
    told: Counter[Teller] = Counter()
    for name in names:
        told += tellers([s.breaches for s in spreads(question, name, ANY_CLAIM).values()])
    rows = sorted(told.items(), key=lambda row: (row[0][0].casefold(), row[0][1].casefold()))
    return tuple(
        f"{words.who(agreement, speaker)}: {words.counted(count, 'act')} "
        f"by {'itself' if by == speaker else words.who(agreement, by)}"
        for (speaker, by), count in rows
    )


def entries(answer: Answer, entered: int, acts: int) -> str:
    """How many violations were entered, and how many of them on records."""
    told = []
    if acts:
        meeting = words.counted(acts, "entry meets", "entries meet")
        told.append(f"{meeting} the standard “{words.standard(answer.view.standard)}”")
    if silent := entered - acts:
        resting = words.counted(silent, "entry rests", "entries rest")
        told.append(f"{resting} on silence: no record that counts tells of what was owed")
    return "; ".join(told)


def _measured(answer: Answer, names: list[str]) -> tuple[str, ...]:
    agreement = answer.library.agreement
    zone = answer.question.zone
    records = {r.id: r.speaker for r in answer.question.view.of_type("measure")}
    told = []
    for one in answer.result["measures"]:
        if one.get("norm", "").partition("[")[0] not in names:
            continue
        speakers = sorted(
            {words.who(agreement, records[i]) for i in one["records"] if i in records}
        )
        unit = f" {words.words(one['unit'])}" if one["unit"] else ""
        limit = f"limit {one['limit']:,}{unit}"
        what = f"{words.words(one['name'])} of {words.who(agreement, one['of'])}"
        who = f"{words.listed(speakers)}: " if speakers else ""
        day = words.of_instant(one["at"], zone)
        told.append(f"{who}{what} {one['value']:,}{unit}, {day} ({limit})")
    return tuple(dict.fromkeys(told))


def _findings(answer: Answer, names: list[str]) -> tuple[str, ...]:
    agreement = answer.library.agreement
    zone = answer.question.zone
    told = []
    for one in answer.result.get("findings", ()):
        if one["norm"].partition("[")[0] not in names:
            continue
        against = f" by {words.who(agreement, one['against'])}" if one["against"] else ""
        stands = {"yes": "", "no": "; does not stand", "depends": "; stands under some readings"}
        told.append(
            f"{words.who(agreement, one['body'])}, {words.of_instant(one['at'], zone)}: "
            f"{words.words(one['result'])}{against}{stands[one['stands']]}"
        )
    return tuple(told)
