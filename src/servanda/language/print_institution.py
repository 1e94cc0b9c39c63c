"""Writes institutions: the inverse of reading them, clauses in canonical order."""

from collections.abc import Iterator
from typing import Any

from servanda.language.print_condition import Printer, duration, names
from servanda.language.syntax import quote
from servanda.model.institution import Institution, VoteKind, VoteRule
from servanda.model.procedure import Procedure
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified

OPEN = "unspecified"


def print_institution(institution: Institution, printer: Printer) -> Iterator[str]:
    """The lines of a declaration."""
    title = "" if institution.title is None else f" {quote(institution.title)}"
    yield f"institution {institution.id}{title}"
    for clause, given in _clauses(institution):
        if given is not None:
            yield f"  {clause} {_value(given, printer)}"


def _clauses(institution: Institution) -> Iterator[tuple[str, Any]]:
    """Each clause with what it says, as a value or as text; None where it is absent."""
    asked = institution.procedure
    yield "chair", institution.chair
    yield "members", institution.members
    yield "quorum", institution.quorum
    yield "vote", institution.vote
    yield "casting vote", institution.casting_vote
    yield "own", "rules" if institution.own_rules else None
    yield "evidence", institution.evidence
    yield "complaints by", asked.complaints_by
    yield "hears after", asked.hears_after
    yield "acknowledges within", asked.acknowledgement
    yield "notice within", asked.notice
    yield "reply within", asked.reply
    yield "joint verification by", asked.verification
    yield "severity", names(asked.severity) if isinstance(asked.severity, tuple) else asked.severity
    yield "appeal", _appeal(institution.appeal, asked)
    if institution.competent_for:
        every = institution.competent_for == ("*",)
        yield "competent for", "everything else" if every else names(institution.competent_for)
    yield "established by", institution.established_by
    yield "decides terms", names(institution.decides_terms) if institution.decides_terms else None
    yield "note", None if institution.note is None else quote(institution.note)


def _value(given: Any, printer: Printer) -> str:
    match given:
        case str() | int():
            return str(given)
        case Unspecified():
            return OPEN
        case Duration():
            return duration(given)
        case VoteRule():
            return _vote(given, printer)
        case _:
            return printer.value(given)


def _appeal(to: str | Unspecified | None, asked: Procedure) -> str | None:
    if to is None:
        return None
    text = OPEN if isinstance(to, Unspecified) else to
    if asked.appeal_within is not None:
        text += f" within {_open_or_duration(asked.appeal_within)}"
    return text + (" with suspensive effect" if asked.appeal_suspends else "")


def _open_or_duration(given: Duration | Unspecified) -> str:
    return OPEN if isinstance(given, Unspecified) else duration(given)


def _vote(vote: VoteRule, printer: Printer) -> str:
    text = f"{vote.needed} of {vote.seats}" if vote.kind is VoteKind.COUNT else vote.kind.value
    if vote.base is not None:
        text += f" of {OPEN if isinstance(vote.base, Unspecified) else vote.base.value}"
    if vote.period is not None:
        text += f" {_open_or_duration(vote.period)}"
    return text if vote.veto is None else f"{text} veto {_value(vote.veto, printer)}"
