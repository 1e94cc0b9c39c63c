"""The assessment: every commitment's state, and under which readings and standards.

`assess` answers with plain data in the form of `servanda.assessment/1`; the same question always
gives the same data.  It makes assessments; only a body makes findings.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, overload

from servanda.engine import day_precision
from servanda.engine.assumptions import still_open
from servanda.engine.columns.facts import ColumnFacts
from servanda.engine.coverage import Watch, areas_of, coverage, silent_spans, watches
from servanda.engine.entered import Entered
from servanda.engine.funds import fund_accounts
from servanda.engine.guarantee import effects
from servanda.engine.history import Breach, History
from servanda.engine.implementation import level
from servanda.engine.instances import open_fields
from servanda.engine.ladder import ladder
from servanda.engine.measures import measures
from servanda.engine.question import Inputs, Question, unknown_speakers
from servanda.engine.readings import DEPENDS, Spread, agreed, spreads
from servanda.engine.silence import OBSERVED, types_missed
from servanda.engine.standing import findings
from servanda.evidence.instant import iso
from servanda.evidence.merge import standing
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.evidence.standard import Role
from servanda.evidence.weighing import counting
from servanda.model.norm import Norm, NormKind

SCHEMA = "servanda.assessment/1"
_CONTESTABLE = ("any_claim", "corroborated", "third_party")


def assess(inputs: Inputs, refused: tuple[Mapping[str, Any], ...] = ()) -> dict[str, Any]:
    """Assess an agreement; `refused` are rows that were kept apart when records were read."""
    return assess_question(Question.of(inputs), refused)


def assess_question(
    question: Question, refused: tuple[Mapping[str, Any], ...] = (), *, compared: bool = True
) -> dict[str, Any]:
    """As `assess`, on a question that is ready (and keeps its histories)."""
    return Assessment(question, refused, compared).plain()


class Assessment:
    """The parts of an assessment, each worked out when it is first asked for, and kept.

    Not `compared`: without what only other evidence standards and other places of a day can tell
    (`contested`, `day_precision`, the states by standard), which is most of the work; and breaches
    are `Listed`, since who has very many wants to count them.  `claims` and `unattributed`, which
    are as long as the records are many, are left out.
    """

    def __init__(
        self, question: Question, refused: tuple[Mapping[str, Any], ...] = (), compared: bool = True
    ) -> None:
        self.question = question
        self.refused = refused
        self.compared = compared
        self._spread = _Spreads(question)
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def head(self) -> dict[str, Any]:
        """What the question is."""
        question, inputs = self.question, self.question.inputs
        return {
            "agreement": question.agreement.header.plain(),
            "as_of": iso(question.as_of),
            "known_at": None if inputs.known_at is None else iso(inputs.known_at),
            "standard": inputs.standard,
            "readings": dict(sorted(question.fixed.items())),
            "assumptions": list(question.assumptions.texts),
        }

    def rows(self, norm: str) -> list[dict[str, Any]]:
        """One entry for each instance of a norm; only what these rest on is worked out."""
        if norm not in self._rows:
            declared = self.question.agreement.norms[norm]
            self._rows[norm] = [
                _norm(self.question, declared, one, self.compared)
                for one in self._spread[norm].values()
            ]
        return self._rows[norm]

    @cached_property
    def effects(self) -> list[dict[str, Any]]:
        return effects(self.question, self._spread, self.compared)

    def plain(self) -> dict[str, Any]:
        """Schema `servanda.assessment/1`."""
        question, compared, spread = self.question, self.compared, self._spread
        agreement, inputs = question.agreement, question.inputs
        asked = [norm for norm in agreement.norms.values() if inputs.asks_for(norm)]
        norms = [row for norm in asked for row in self.rows(norm.id)]
        undetermined = sorted(question.facts(inputs.standard).undetermined)
        return {
            "schema": SCHEMA,
            **self.head(),
            **({"merges": merges} if (merges := _merges(inputs)) else {}),
            "unknown_sources": unknown_speakers(question.view.records, question.speakers),
            "provisions": [
                {
                    "id": p.id,
                    "title": p.title,
                    "summary": p.text,
                    "implementation": level(p.id, agreement, spread),
                    "norms": [i for n in asked if n.provision == p.id for i in spread[n.id]],
                }
                for p in agreement.provisions.values()
                if not inputs.only or p.id in inputs.only or any(n.provision == p.id for n in asked)
            ],
            "norms": norms,
            "effects": self.effects,
            "measures": measures(question),
            "funds": fund_accounts(question),
            **({"unattributed": unattributed(question)} if compared else {}),
            **({"findings": findings(question)} if question.has_findings else {}),
            **({"claims": claims(question)} if compared else {}),
            "undetermined": undetermined,
            "refused": [dict(one) for one in self.refused],
        }


def _merges(inputs: Inputs) -> list[dict[str, Any]]:
    """The decisions in force that records tell of one occurrence, with author and reason."""
    return [merge.plain() for merge in standing(inputs.merges, inputs.known_at)]


class _Spreads(dict[str, Mapping[str, Spread]]):
    """The instances of each norm over all readings, worked out when they are asked for."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def __missing__(self, norm: str) -> Mapping[str, Spread]:
        self[norm] = spreads(self.question, norm, self.question.inputs.standard)
        return self[norm]


def _norm(question: Question, norm: Norm, spread: Spread, compared: bool) -> dict[str, Any]:
    fixed = question.fixed
    histories = spread.histories
    parting = spread.parting(fixed)
    instance = histories[0].instance
    found: dict[str, Any] = {
        "id": spread.instance,
        "kind": kind(spread),
        "bearer": list(instance.bearers),
        "state": spread.state,
    }
    if spread.state == DEPENDS:
        found["by_reading"] = [
            {
                "readings": readings,
                "state": cases[0].state,
                "since": _instant(_same([c.since for c in cases])),
                "due": _instant(_same([c.due for c in cases])),
            }
            for readings, cases in spread.by_reading(parting)
        ]
    found["since"] = _instant(spread.since)
    found["due"] = _instant(spread.due)
    found["open"] = still_open(norm, spread.instance, open_fields(norm), question.assumptions)
    if any(case.flags.overdue for case in spread.allowed):
        found["overdue"] = True
    if any(case.flags.late for case in spread.allowed):
        found["late"] = True
    if compared and _contested(question, norm.id, spread.instance):
        found["contested"] = True
    if compared and day_precision.matters(question, norm.id, spread):
        found["day_precision"] = True
    listed = Listed(spread.breaches)
    found["breaches"] = list(listed) if compared else listed
    found["depends_on"] = {
        "readings": {t: spread.states_by(t, fixed) for t in spread.mattering(fixed)},
    }
    if compared:
        found["depends_on"]["standards"] = {
            s: _state(question, norm.id, spread.instance, s) for s in question.standards
        }
    if norm.steps:
        found["steps"] = ladder(norm, spread, question.as_of)
    if norm.kind in OBSERVED or types_missed(norm, question.agreement):
        _observe(found, question, norm, spread)
    return found


def kind(spread: Spread) -> str:
    """The kind of a norm; where readings part a binding norm from a political one, “depends”."""
    return agreed({h.instance.norm.kind.value for h in spread.histories}) or DEPENDS


class Listed(Sequence[dict[str, Any]]):
    """Entries as an assessment tells them, each when it is asked for; `entered` counts them."""

    def __init__(self, entered: Entered) -> None:
        self.entered = entered

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, slice):
            return [_breach(*entry) for entry in self.entered[index]]
        return _breach(*self.entered[index])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (_breach(*entry) for entry in self.entered)

    def __len__(self) -> int:
        return len(self.entered)

    def of_record(self, identity: str) -> list[dict[str, Any]]:
        """Those in which a record counts."""
        return [_breach(*entry) for entry in self.entered.of_record(identity)]


def _breach(breach: Breach, readings: list[dict[str, str]] | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "at": iso(breach.at),
        "by": list(breach.by),
        "basis": breach.basis,
        "records": list(breach.ids),
    }
    if breach.findings:
        found["findings"] = list(breach.findings)
    if breach.disputed:
        found["disputed"] = True
    if readings is not None:
        found["readings"] = readings
    return found


def _state(question: Question, norm: str, instance: str, standard: str) -> str:
    spread = spreads(question, norm, standard).get(instance)
    return "inactive" if spread is None else spread.state


def _contested(question: Question, norm: str, instance: str) -> bool:
    """A deadline missed under one standard and met under another, for some readings."""
    if not any(history.missed for history in _histories(question, norm, instance)):
        return False
    missed: set[frozenset[tuple[str, str]]] = set()
    met: set[frozenset[tuple[str, str]]] = set()
    for standard in _CONTESTABLE:
        spread = spreads(question, norm, standard).get(instance)
        for case in spread.allowed if spread is not None else ():
            if case.history is None:
                continue
            key = frozenset(case.assignment.items())
            if case.history.missed:
                missed.add(key)
            elif case.flags.fulfilled and not case.flags.late:
                met.add(key)
    return bool(missed & met)


def _histories(question: Question, norm: str, instance: str) -> Iterator[History]:
    """Histories of an instance under every standard that may contest a deadline."""
    for standard in _CONTESTABLE:
        spread = spreads(question, norm, standard).get(instance)
        yield from spread.histories if spread is not None else ()


def _observe(found: dict[str, Any], question: Question, norm: Norm, spread: Spread) -> None:
    """What silence means here: never keeping, only what was watched (rule 13).

    What is forbidden has words for it; for all else the covered shares say it.
    """
    histories = [h for h in spread.histories if h.activated is not None]
    if norm.kind not in OBSERVED:
        histories = [h for h in histories if silent_spans(h, question.as_of)]
    if not histories:
        return
    facts = question.facts(question.inputs.standard)
    seen = _watches(question)
    shares = [coverage(h, seen, facts, areas_of(norm.condition, facts)) for h in histories]
    time_share = min(s.time_share for s in shares)
    area_share = min(s.area_share for s in shares)
    found["coverage"] = {"time_share": round(time_share, 6), "area_share": round(area_share, 6)}
    if norm.kind not in OBSERVED:
        return
    political = [h for h in histories if h.instance.norm.kind is NormKind.POLITICAL]
    if any(h.breaches for h in political):
        found["observed"] = "not observed"
    elif not found["breaches"]:
        watched = time_share > 0 and area_share > 0
        found["observed"] = "no violation recorded" if watched else "not monitored"


def _watches(question: Question) -> tuple[Watch, ...]:
    key = ("", "watches")
    if key not in question.kept:
        found = watches(question.facts(question.inputs.standard), question.zone)
        question.kept[key] = found
    kept: tuple[Watch, ...] = question.kept[key]
    return kept


def unattributed(question: Question) -> list[str]:
    """Records of acts that name nobody, where the occurrence counts under the standard (rule 5)."""
    facts = question.facts(question.inputs.standard)
    if isinstance(facts, ColumnFacts):
        from servanda.engine.columns.unattributed import unattributed as in_columns

        return in_columns(facts)
    found = []
    for type_name, occurrences in question.world.by_type.items():
        record_type = question.agreement.record_types[type_name]
        actor = record_type.arg(record_type.actor) if record_type.actor else None
        if actor is None:
            continue
        nobody = (UNATTRIBUTED, None) if actor.required else (UNATTRIBUTED,)
        for occurrence in occurrences:
            unnamed = [r for r in occurrence.records if r.args.get(actor.name) in nobody]
            if not unnamed:
                continue
            counted = counting(
                occurrence.records, facts.standard, Role.OFFENDING, None, facts.evidence
            )
            found += [r.id for r in unnamed if r in counted]
    return sorted(found)


def claims(question: Question) -> list[dict[str, Any]]:
    """The numbers that somebody claims, in the claimant's words."""
    return [_claim(r) for r in question.view.of_type("claim_total")]


def _claim(record: Record) -> dict[str, Any]:
    count = record.number("count")
    assert record.at is not None
    return {
        "id": record.id,
        "by": record.word("by") or record.speaker,
        "speaker": record.speaker,
        "about": record.word("about"),
        "against": record.word("against"),
        "count": None if count is None else plain_number(count),
        "period": record.word("period"),
        "at": iso(record.at.last),
    }


def plain_number(value: Decimal) -> int | float:
    """A measure or tally as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


def _instant(instant: int | None) -> str | None:
    return None if instant is None or instant < -(1 << 60) else iso(instant)


def _same(values: list[int | None]) -> int | None:
    return values[0] if len(set(values)) == 1 else None
