"""Cases: what a body has before it, with the steps that were taken and those that are demanded.

A case opens when a complaint is lodged with a body, or when another body refers one to it.  It is
known by the body and the id of the complaint.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servanda.docket.papers import LINKS, Papers, made, told_by
from servanda.docket.rules import Rules
from servanda.evidence.record import Record
from servanda.model.condition import Value
from servanda.model.institution import Institution
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified

Key = tuple[str, str]  # body, id of the complaint


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a case: when it was taken, by which record, and until when it was to be.

    `due` is the first instant too late; None where there is no such time, or it does not run yet.
    """

    name: str
    demanded: bool
    at: int | None = None
    record: str | None = None
    due: int | None = None

    def done(self, by: int) -> bool:
        return self.at is not None and self.at <= by

    def late(self, as_of: int) -> bool:
        """Whether it was taken too late, or is not taken though its time has passed."""
        return self.due is not None and (as_of if self.at is None else self.at) >= self.due


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its papers tell it.

    `verified_by` says from when each took part in a joint verification; `not_counted` are papers
    that do not count, with the reason.
    """

    body: Institution
    complaint: Record
    opened: int
    acknowledged: Step
    notified: Step
    replied: Step
    verified: Step
    established: Step
    verified_by: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[Record, ...] = ()
    facts: tuple[Record, ...] = ()
    referred_from: str | None = None
    referred_to: str | None = None
    number: str | None = None
    not_counted: tuple[str, ...] = ()

    @property
    def complainant(self) -> str:
        return self.complaint.word("by") or ""

    @property
    def respondent(self) -> str:
        return self.complaint.word("against") or ""

    @property
    def norm(self) -> str:
        return self.complaint.word("norm") or ""

    @property
    def steps(self) -> tuple[Step, ...]:
        return (self.acknowledged, self.notified, self.replied, self.verified, self.established)


def cases(papers: Papers, rules: Rules) -> dict[Key, Case]:
    """All cases by body and complaint, in the order in which they were opened."""
    found = [
        _case(_Before(papers, rules, rules.institutions[body], complaint), referral)
        for complaint in papers.complaints
        for body, referral in _bodies(complaint, papers, rules)
        if body in rules.institutions
    ]
    found.sort(key=lambda case: (case.opened, case.complaint.id))
    return {(case.body.id, case.complaint.id): case for case in found}


def strays(papers: Papers, rules: Rules) -> Iterator[tuple[Record, str]]:
    """Complaints that open no case, with the reason."""
    for complaint in papers.complaints:
        body = complaint.word("body") or ""
        if body not in rules.institutions:
            named = f"{body} is no institution of the agreement"
            yield complaint, named if body else "it does not say to which body"
        elif not told_by(complaint, body, rules.speakers):
            yield complaint, f"it is reported by {complaint.speaker} alone"
        elif missing := _left_out(complaint):
            yield complaint, f"it does not say {', '.join(missing)}"


def _left_out(complaint: Record) -> list[str]:
    return [arg for arg in ("by", "norm", "against") if complaint.word(arg) is None]


def _bodies(complaint: Record, papers: Papers, rules: Rules) -> Iterator[tuple[str, Record | None]]:
    """The body that a complaint is lodged with, and those to which it was referred from there."""
    body = complaint.word("body") or ""
    if not told_by(complaint, body, rules.speakers) or _left_out(complaint):
        return
    yield body, None
    have = {body}
    for record in papers.on("refers", complaint.id):
        lower, to = record.word("body") or "", record.word("to") or ""
        if lower in have and to not in have and told_by(record, lower, rules.speakers):
            have.add(to)
            yield to, record


@dataclass(frozen=True, slots=True)
class _Before:
    """The papers on one complaint before one body."""

    papers: Papers
    rules: Rules
    body: Institution
    complaint: Record

    def all(self, kind: str, **named: str | None) -> list[Record]:
        """Papers of a kind that count, and whose arguments name what is asked for."""
        return [
            record
            for record in self.papers.on(kind, self.complaint.id)
            if all(record.word(arg) == value for arg, value in named.items())
            and told_by(record, self.body.id, self.rules.speakers)
        ]

    def first(self, kind: str, **named: str | None) -> Record | None:
        return next(iter(self.all(kind, **named)), None)

    def verified_by(self) -> dict[str, int]:
        """From when each took part: told by the body of all, by one of them of itself."""
        speakers = self.rules.speakers
        found: dict[str, int] = {}
        for record in self.papers.on("verifies_jointly", self.complaint.id):
            for one in record.words("by"):
                if any(speakers.speaks_for(record.speaker, w) for w in (one, self.body.id)):
                    found.setdefault(one, made(record))
        return found

    def not_counted(self) -> Iterator[str]:
        for kind, arg in LINKS.items():
            for record in self.papers.on(kind, self.complaint.id) if arg == "case" else ():
                if not told_by(record, self.body.id, self.rules.speakers):
                    yield f"{record.id} ({kind}) is reported by {record.speaker} alone"


def _case(before: _Before, referral: Record | None) -> Case:
    rules, body, asked = before.rules, before.body, before.body.procedure
    respondent = before.complaint.word("against")
    opened = made(before.complaint if referral is None else referral)
    to_acknowledge = rules.due(asked.acknowledgement, opened)
    registered = before.first("registers", body=body.id)
    notice = before.first("notifies", body=body.id, party=respondent)
    notified = _taken("notified", asked.notice, notice, rules.due(asked.notice, opened))
    if notice is not None:
        received = made(notice) if notice.received is None else notice.received
        notified = Step("notified", notified.demanded, received, notice.id, notified.due)
    reply = before.first("replies", by=respondent)
    verified_by = before.verified_by()
    facts = before.all("establishes_facts", body=body.id)
    scale = asked.severity if isinstance(asked.severity, tuple) else ()
    rated = next((r for r in facts if r.word("severity") in scale), None)
    on_it = before.first("refers", body=body.id)
    return Case(
        body,
        before.complaint,
        opened,
        _taken("acknowledged", asked.acknowledgement, registered, to_acknowledge),
        notified,
        _taken("replied", asked.reply, reply, rules.due(asked.reply, notified.at)),
        _together(asked.verification, verified_by, rules),
        _taken("facts established", asked.severity, rated, None),
        verified_by,
        tuple(before.all("submits")),
        tuple(facts),
        None if referral is None else referral.word("body"),
        None if on_it is None else on_it.word("to"),
        None if registered is None else registered.word("number"),
        tuple(before.not_counted()),
    )


def _taken(
    name: str,
    asked: Duration | Unspecified | tuple[str, ...] | None,
    record: Record | None,
    due: int | None,
) -> Step:
    if record is None:
        return Step(name, asked is not None, due=due)
    return Step(name, asked is not None, made(record), record.id, due)


def _together(
    asked: Value | Unspecified | None, verified_by: Mapping[str, int], rules: Rules
) -> Step:
    """A joint verification is done once the last of those who must take part did."""
    names = rules.who(asked)
    since = [_took_part(name, verified_by, rules) for name in names or ()]
    told = [at for at in since if at is not None]
    done = max(told) if told and len(told) == len(since) else None
    return Step("verified together", asked is not None, done)


def _took_part(name: str, verified_by: Mapping[str, int], rules: Rules) -> int | None:
    """From when one of those who must take part did, itself or by one of its members."""
    own = [at for who, at in verified_by.items() if rules.is_one_of(who, frozenset({name}))]
    return min(own, default=None)
