"""Claims side by side: what each side says, what others say, and how much was observed meanwhile.

In: an answer.  Out: rows by commitment and month; counts never stand without coverage.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.evidence.instant import iso
from servanda.model.norm import Norm
from servanda.report.claims import OTHERS, Row, rows, sides, totals
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.respond import either
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
SCHEMA = "servanda.claims/1"


@dataclass(frozen=True, slots=True)
class Month:
    """`said` in the order of the sides, others last; `covered` None: silence says nothing here."""

    period: str
    said: tuple[int, ...]
    acts: int
    standing: int
    time: float | None
    area: float | None
    by: str


@dataclass(frozen=True, slots=True)
class Group:
    """One instance with its months."""

    title: str
    address: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Claimed totals about one thing: a column for each who claims, a row for each claim."""

    about: str
    claims: tuple[tuple[str, str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    names: tuple[str, ...]
    groups: tuple[Group, ...]
    quiet: int
    totals: tuple[Totals, ...]


def found(answer: Answer) -> list[tuple[Norm, tuple[Row, ...]]]:
    question = answer.question
    return answer.derived(
        "claims", lambda: [(n, rows(question, n)) for n in question.agreement.norms.values()]
    )


def shown(answer: Answer) -> Shown:
    """Instances about which something is claimed; those about which nobody says anything count."""
    question, agreement = answer.question, answer.library.agreement
    order = sides(question)
    groups, quiet = [], set()
    for norm, listed in found(answer):
        by_instance: dict[str, list[Row]] = {}
        for row in listed:
            by_instance.setdefault(row.instance, []).append(row)
        for instance, months in by_instance.items():
            if not any(m.acts or m.standing for m in months):
                quiet.add(norm.id)
                continue
            who = words.instance(agreement, instance)
            text = words.sentence(norm.text or norm.id)
            title = f"{words.number(norm.provision or '')} · {text}{f' ({who})' if who else ''}"
            address = answer.view.address("provisions", norm.provision or norm.id, why=instance)
            told = tuple(_month(answer, m, order) for m in months)
            groups.append(Group(title, address, told))
    names = (*(words.who(agreement, s) for s in order), "Others")
    return Shown(names, tuple(groups), len(quiet), _totals(answer))


def _month(answer: Answer, row: Row, order: tuple[str, ...]) -> Month:
    first = date.fromisoformat(f"{row.period}-01")
    return Month(
        f"{words.MONTHS[first.month - 1]} {first.year}",
        tuple(row.said.get(side, 0) for side in (*order, OTHERS)),
        row.acts,
        row.standing,
        row.time_share,
        row.area_share,
        words.listed([words.words(name) for name in row.by]),
    )


def _totals(answer: Answer) -> tuple[Totals, ...]:
    question, agreement = answer.question, answer.library.agreement
    return tuple(
        Totals(
            words.words(about) or "not said",
            tuple(
                (
                    words.who(agreement, t.by),
                    "" if t.count is None else f"{t.count:,.0f}",
                    "" if t.against is None else words.who(agreement, t.against),
                    t.period or "",
                    words.day_at(t.at, question.zone),
                    answer.view.address("records", t.record),
                )
                for t in sorted(listed, key=lambda t: (t.by.casefold(), t.at))
            ),
        )
        for about, listed in totals(question).items()
    )


def plain(answer: Answer) -> dict[str, Any]:
    """Schema `servanda.claims/1`."""
    head = ("agreement", "as_of", "known_at", "standard", "readings")
    listed = [asdict(row) for _, some in found(answer) for row in some]
    return {
        "schema": SCHEMA,
        **{name: answer.head[name] for name in head},
        "hypothetical": answer.holding.hypothetical,
        "sides": list(sides(answer.question)),
        "rows": [{**r, "said": {k or "others": v for k, v in r["said"].items()}} for r in listed],
        "totals": [
            {"about": about, **asdict(t), "at": iso(t.at)}
            for about, some in totals(answer.question).items()
            for t in some
        ],
    }


@router.get("/agreements/{agreement}/claims", name="claims")
@router.get("/agreements/{agreement}/claims.json", name="claims.json")
def page(request: Request, view: Annotated[View, Depends(view_of)]) -> Response:
    """What each side claims, what others say, and what was covered, by commitment and month."""
    answer: Answer = request.app.state.desk.answer(view)
    return either(request, "claims.html", lambda: plain(answer), lambda: context(answer), answer)


def context(answer: Answer) -> dict[str, Any]:
    return {
        **frame(answer, "claims", "Claims side by side", "claims"),
        "page": answer.derived("claims page", lambda: shown(answer)),
    }
