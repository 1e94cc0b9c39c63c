"""The docket of each body for people: cases, their steps, evidence, votes, appeals, what is next.

In: a question to the engine, and an audience.  Out: plain data in the form of `servanda.cases/1`.
Whether a body was set up may depend on a reading; then a finding `stands` “depends”.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from servanda.docket.appeal import Appeal
from servanda.docket.case import Case, Key, Step, cases, strays
from servanda.docket.judge import Ruling, judged
from servanda.docket.next_step import Next, standing
from servanda.docket.numbers import numbered
from servanda.docket.papers import COMPLAINT, Papers, current, made, told_by
from servanda.docket.rules import Rules
from servanda.docket.shown import AUDIENCES, class_of, shown_to
from servanda.docket.turns import Hand, Turn, turns
from servanda.engine.question import Question
from servanda.engine.standing import assignments, findings
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.instant import iso
from servanda.evidence.record import Record
from servanda.model.institution import VoteKind, VoteRule
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified
from servanda.report.record_search import by_id

SCHEMA = "servanda.cases/1"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What is before the bodies of an agreement, as of the instant of a question."""

    papers: Papers
    rules: Rules
    cases: Mapping[Key, Case]
    rulings: tuple[Ruling, ...]

    def within(self, case: Case) -> list[Ruling]:
        """The rulings that were made in a case."""
        return [one for one in self.rulings if any(c is case for c in one.cases)]

    def next_of(self, case: Case) -> str:
        """What comes next in a case; empty where nothing does."""
        coming = standing(case, self.within(case), self.rules).next
        return "" if coming is None else coming.step

    def turns(self, key: Key, hand: Hand) -> tuple[Turn, ...]:
        """The papers that somebody may write in a case now."""
        case = self.cases[key]
        return turns(case, self.within(case), self.papers, self.rules, hand)


def proceedings(question: Question) -> Proceedings:
    """The cases and rulings that the records of a question tell of."""
    run = question.run(question.inputs.standard, next(assignments(question), {}))
    papers, rules = question.world.papers, run.rules()
    found = cases(papers, rules)
    return Proceedings(papers, rules, found, judged(papers, rules, found))


def docket(
    question: Question, audience: str = AUDIENCES[-1], before: Proceedings | None = None
) -> Row:
    """All cases, findings on a body's own motion, and complaints that open no case."""
    before = before or proceedings(question)
    papers, rules, found, rulings = before.papers, before.rules, before.cases, before.rulings
    lodged = _lodged(question)
    names = numbered(found, lodged)
    known_at = question.inputs.known_at
    put_in = _put_in(question, papers)
    told = _Telling(papers, rules, audience, put_in, _stands(question))
    return {
        "schema": SCHEMA,
        "agreement": question.agreement.id,
        "as_of": iso(question.as_of),
        "known_at": None if known_at is None else iso(known_at),
        "audience": audience,
        "cases": [told.case(case, names[key], before.within(case)) for key, case in found.items()],
        "own_motion": [
            told.ruling(r) for r in rulings if not r.cases and told.shows(r.finding.record)
        ],
        "no_case": [
            {"complaint": record.id, "body": record.word("body"), "why": why}
            for record, why in strays(papers, rules)
            if told.shows(record)
        ],
        "withdrawn": _withdrawn(lodged, papers),
    }


def _lodged(question: Question) -> list[Record]:
    """All complaints that were reported and dated by then, what was taken back among them."""
    records: Sequence[Record] = question.inputs.records
    if isinstance(records, Excerpt):
        records = records.of_shapes(lambda shape: shape.type == COMPLAINT)
    return [r for r in records if r.type == COMPLAINT and _by_then(question, r)]


def _by_then(question: Question, record: Record) -> bool:
    """Whether a record was reported by the instant of knowledge and dated up to that asked."""
    known_at, at = question.inputs.known_at, record.at
    heard = known_at is None or record.reported <= known_at
    return heard and at is not None and at.last <= question.as_of


def _put_in(question: Question, papers: Papers) -> dict[str, Record]:
    """The records that were put in as evidence, by id, as far as they were known by then."""
    submits = [r for (kind, _), found in papers.about.items() if kind == "submits" for r in found]
    ids = list(dict.fromkeys(i for r in submits for i in r.words("evidence")))
    found = by_id(question.inputs.records, ids)
    return {i: r for i, r in found.items() if _by_then(question, r)}


def _stands(question: Question) -> Mapping[str, Row]:
    return {row["id"]: row for row in findings(question)}


def _withdrawn(lodged: Iterable[Record], papers: Papers) -> list[str]:
    """Complaints that were taken back: they are no cases, and keep their numbers."""
    instead = {old: r.id for r in lodged for old in r.replaces}
    standing_ones = {r.id for r in papers.complaints}
    ids = {current(r.id, instead) for r in lodged}
    return sorted(ids - standing_ones)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Tells cases as plain data to an audience; `stands` has the standing of each finding."""

    papers: Papers
    rules: Rules
    audience: str
    records: Mapping[str, Record]
    stands: Mapping[str, Row]

    def shows(self, record: Record) -> bool:
        return shown_to(record, self.audience)

    def case(self, case: Case, number: str, rulings: Sequence[Ruling]) -> Row:
        at = standing(case, rulings, self.rules)
        if not self.shows(case.complaint):
            return {"body": case.body.id, "number": number, "status": at.status, "withheld": True}
        return {
            "body": case.body.id,
            "number": number,
            "status": at.status,
            "withheld": False,
            "complaint": case.complaint.id,
            "complainant": case.complainant,
            "respondent": case.respondent,
            "norm": case.norm,
            "about": list(case.complaint.words("about")),
            "opened": iso(case.opened),
            "referred_from": case.referred_from,
            "referred_to": case.referred_to,
            "steps": [self._step(step) for step in case.steps],
            "verified_by": {who: iso(at) for who, at in case.verified_by.items()},
            "evidence": self._evidence(case),
            "facts": [self._facts(record) for record in case.facts],
            "findings": [self.ruling(r) for r in rulings if self.shows(r.finding.record)],
            "minutes": [r.id for r in self._of_body("minutes", case)],
            "action_points": [self._action_point(r) for r in self._of_body("action_point", case)],
            "not_counted": list(case.not_counted),
            "lacking": list(at.lacking),
            "next": None if at.next is None else _next(at.next),
        }

    def _step(self, step: Step) -> Row:
        return {
            "step": step.name,
            "demanded": step.demanded,
            "at": _instant(step.at),
            "record": step.record,
            "due": _instant(step.due),
            "late": step.late(self.rules.as_of),
        }

    def _evidence(self, case: Case) -> list[Row]:
        """The exhibits, numbered in the order in which they were put in; each record once."""
        put_in = {i: r for r in reversed(case.evidence) for i in r.words("evidence")}
        order = dict.fromkeys(i for r in case.evidence for i in r.words("evidence"))
        return [self._exhibit(n, i, put_in[i]) for n, i in enumerate(order, 1)]

    def _exhibit(self, number: int, identity: str, by: Record) -> Row:
        record = self.records.get(identity)
        head = {"exhibit": number, "by": by.word("by"), "submitted": iso(made(by))}
        if record is None:
            return {**head, "record": identity, "withheld": False, "missing": True}
        told = {**head, "handling": class_of(record), "type": record.type}
        if not self.shows(record):
            return {**told, "record": None, "withheld": True}
        assert record.at is not None
        return {
            **told,
            "record": identity,
            "withheld": False,
            "at": iso(record.at.last),
            "source": record.source,
        }

    def _facts(self, record: Record) -> Row:
        return {
            "record": record.id,
            "at": iso(made(record)),
            "occurrence": record.word("occurrence"),
            "attributed_to": record.word("attributed_to"),
            "responsible": list(record.words("responsible")),
            "severity": record.word("severity"),
            "dissents": self._dissents(record.id),
        }

    def ruling(self, ruling: Ruling) -> Row:
        record, cast, vote = ruling.finding.record, ruling.ballot, ruling.vote
        stands = self.stands.get(record.id, {"stands": "no", "why_not": ()})
        found: Row = {
            "id": record.id,
            "body": ruling.finding.body,
            "norm": ruling.finding.norm,
            "result": ruling.finding.result,
            "against": ruling.finding.against,
            "made": iso(made(record)),
            "stands": stands["stands"],
            "why_not": list(stands["why_not"]),
            "since": iso(ruling.finding.at) if ruling.finding.stands else None,
            "dissents": self._dissents(record.id),
            "appeals": [_appeal(one) for one in ruling.appeals],
        }
        if cast is not None and vote is not None:
            found["vote"] = {
                "rule": _rule(self.rules, ruling.finding.body),
                "carried": not vote.why_not,
                "in_favour": _number(cast.in_favour),
                "against": _number(cast.against),
                "abstained": cast.abstained,
                "votes": {by: r.word("vote") for by, r in cast.votes.items()},
                "not_counted": list(cast.not_counted),
                "silence_until": _instant(vote.silence_until),
            }
        return found

    def _dissents(self, identity: str) -> list[Row]:
        return [{"by": r.word("by"), "record": r.id} for r in self.papers.on("dissents", identity)]

    def _of_body(self, kind: str, case: Case) -> list[Record]:
        found = self.papers.on(kind, case.complaint.id)
        return [r for r in found if told_by(r, case.body.id, self.rules.speakers)]

    def _action_point(self, record: Record) -> Row:
        words = {name: record.word(name) for name in ("holder", "task", "due")}
        return {"record": record.id, **words}


def _next(coming: Next) -> Row:
    return {"step": coming.step, "who": list(coming.who), "due": _instant(coming.due)}


def _appeal(one: Appeal) -> Row:
    decided = one.decision
    return {
        "record": one.record.id,
        "by": one.by,
        "at": iso(made(one.record)),
        "state": "ignored" if one.ignored else "pending" if one.pending else "decided",
        "why": one.ignored or None,
        "result": None if decided is None else decided.word("result"),
        "decision": None if decided is None else decided.id,
    }


def _rule(rules: Rules, body: str) -> str | None:
    """The voting rule in the words of the language; None where there is none."""
    rule = rules.votes.get(body, rules.institutions[body].vote)
    return rule_words(rule) if isinstance(rule, VoteRule) else None


def rule_words(rule: VoteRule) -> str:
    """A voting rule in the words of the language, but for whose the veto is."""
    text = rule.kind.value
    if rule.kind is VoteKind.COUNT:
        text = f"{rule.needed} of {rule.seats}"
    if rule.base is not None:
        text += f" of {'unspecified' if isinstance(rule.base, Unspecified) else rule.base.value}"
    if isinstance(rule.period, Duration):
        text += f" {rule.period.amount} {rule.period.unit}"
    return text if rule.veto is None else f"{text} with veto"


def _number(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _instant(value: int | None) -> str | None:
    return None if value is None else iso(value)
