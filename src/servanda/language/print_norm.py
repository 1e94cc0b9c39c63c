"""Writes norms of the model as text: the inverse of norms.py."""

from collections.abc import Iterator

from servanda.language.print_condition import Printer, duration
from servanda.language.scope import SIGNATORIES
from servanda.language.syntax import quote
from servanda.language.translations import print_translation
from servanda.model.condition import MembersOf, Var
from servanda.model.consequence import Consequence, Cure, Step
from servanda.model.descent import Descent
from servanda.model.norm import (
    Bearers,
    By,
    Citation,
    CountedFrom,
    Deadline,
    ForEach,
    Norm,
    NormKind,
    Within,
)
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified

_KEYWORD = {
    NormKind.ACHIEVE: "obligation",
    NormKind.MAINTAIN: "obligation",
    NormKind.PROHIBITION: "prohibition",
    NormKind.PERMISSION: "permission",
    NormKind.RIGHT: "right",
    NormKind.POWER: "power",
    NormKind.IMMUNITY: "immunity",
    NormKind.POLITICAL: "commitment",
    NormKind.PRINCIPLE: "principle",
    NormKind.GUARANTEE: "guarantee",
    NormKind.EFFECT: "effect",
    NormKind.RULE: "rule",
    NormKind.STAGED: "staged",
}
# The verb of the kinds that tell it; the others carry their own.
_VERB = {
    NormKind.ACHIEVE: "achieve",
    NormKind.STAGED: "achieve",
    NormKind.MAINTAIN: "maintain",
    NormKind.PROHIBITION: "not",
    NormKind.IMMUNITY: "not",
    NormKind.PERMISSION: "may",
    NormKind.RIGHT: "may",
    NormKind.POWER: "may",
}


def print_norm(norm: Norm, printer: Printer) -> Iterator[str]:
    """The lines of a norm, one a clause."""
    title = f" {quote(norm.text)}" if norm.text is not None else ""
    yield f"{_KEYWORD[norm.kind]} {norm.id}{title}"
    for clause in _clauses(norm, printer):
        yield f"  {clause}"


def _clauses(norm: Norm, p: Printer) -> Iterator[str]:
    for each in norm.for_each:
        yield _for_each(each, p)
    yield from _who(norm, p)
    if norm.exists_when is not None:
        yield f"exists when {p.condition(norm.exists_when)}"
    for named in norm.lists:
        held = "unspecified" if isinstance(named.value, Unspecified) else p.value(named.value)
        yield f"list {named.name} {held}"
    if norm.condition is not None:
        verb = norm.verb or _VERB.get(norm.kind, "achieve")
        yield f"{verb} {p.condition(norm.condition)}"
    yield from _times(norm, p)
    yield from _changes(norm, p)
    yield from _words(norm, p)


def _who(norm: Norm, p: Printer) -> Iterator[str]:
    """Who bears the norm, towards whom."""
    if norm.bearers is not None:
        yield f"bearer {_bearers(norm.bearers, p)}"
    if norm.toward is not None:
        other = isinstance(norm.toward, Var) and norm.toward.name == "other"
        yield "toward the other" if other else f"toward {p.value(norm.toward)}"
    if norm.beneficiary is not None:
        yield f"beneficiary {p.value(norm.beneficiary)}"
    if norm.non_signatory:
        yield "not a signatory"


def _times(norm: Norm, p: Printer) -> Iterator[str]:
    """From when, by when, until when."""
    if norm.start is not None:
        yield f"from {'each ' if norm.start.each else ''}{p.condition(norm.start.condition)}"
    if norm.deadline is not None:
        yield _deadline(norm.deadline, p)
    if norm.grace is not None:
        yield f"grace {_time(norm.grace)}"
    if norm.every is not None:
        yield f"every {_time(norm.every)}"
    if norm.until is not None:
        yield f"until {p.condition(norm.until)}"


def _changes(norm: Norm, p: Printer) -> Iterator[str]:
    """What triggers, stops, ends or restores it, and what follows from it."""
    for trigger in norm.triggers:
        yield f"trigger {p.condition(trigger)}"
    for lapse in norm.lapses:
        yield f"lapses when {p.condition(lapse.condition)}{_via(lapse.via)}"
    for stop in norm.clock_stops:
        most = f" for at most {duration(stop.at_most)}" if stop.at_most is not None else ""
        yield f"clock stops while {p.condition(stop.condition)}{most}"
    for keyword, conditions in (
        ("suspended while", norm.suspended_while),
        ("terminated when", norm.terminated_when),
        ("released when", norm.released_when),
        ("reopens when", norm.reopens_when),
    ):
        for condition in conditions:
            yield f"{keyword} {p.condition(condition)}"
    if norm.cure is not None:
        yield _cure(norm.cure, p)
    for named in (True, False):
        for step in norm.steps:
            if (step.name is not None) is named:
                yield _step(step, p)
    for consequence in norm.consequences:
        yield _consequence(consequence, p)


def _words(norm: Norm, p: Printer) -> Iterator[str]:
    """The clauses that hold names and texts."""
    if norm.upon_finding is not None:
        yield f"upon finding of {norm.upon_finding}"
    if norm.decided_by is not None:
        yield f"decided by {_decider(norm.decided_by)}"
    if norm.strength is not None:
        when = norm.strength.political_when
        yield f"strength political{f' when {p.condition(when)}' if when is not None else ''}"
    if norm.subject_to:
        yield f"subject to {', '.join(norm.subject_to)}"
    if norm.notwithstanding:
        yield f"notwithstanding {', '.join(norm.notwithstanding)}"
    if norm.shown_by:
        yield f"shown by {', '.join(norm.shown_by)}"
    for field in norm.open:
        yield f"open {field.name}{f' {quote(field.why)}' if field.why is not None else ''}"
    for reservation in norm.reservations:
        yield f"reservation by {reservation.by} {quote(reservation.text)}"
    if norm.open_on_purpose is not None:
        yield f"left open on purpose {quote(norm.open_on_purpose)}"
    for note in norm.notes:
        yield f"note {quote(note)}"
    for descent in norm.descends_from:
        yield print_descent(descent)
    for citation in norm.citations:
        yield print_citation(citation)
    for translation in norm.translations:
        yield from print_translation(translation)


def print_descent(descent: Descent) -> str:
    """Which clauses of another draft this one takes the place of."""
    return f"descends from {descent.draft} {', '.join(descent.clauses)}"


def print_citation(citation: Citation) -> str:
    """Where a clause or provision stands in a text witness."""
    text = f"source {citation.witness}"
    if citation.paragraph is not None:
        text += f" paragraph {citation.paragraph}"
        text += f" digest {quote(citation.digest)}" if citation.digest is not None else ""
    return text


def _for_each(each: ForEach, p: Printer) -> str:
    text = f"for each {', '.join(each.variables)}"
    if each.domain is not None:
        text += f" in {p.value(each.domain)}"
    if each.where is not None:
        text += " and" if each.domain is not None else ""
        text += f" where {p.condition(each.where)}"
    return text


def _bearers(bearers: Bearers, p: Printer) -> str:
    if not bearers.values:
        return "unspecified"
    if bearers.values == (MembersOf(SIGNATORIES),) and not bearers.each and bearers.open is None:
        return "all signatories"
    listed = ", ".join(p.value(value) for value in bearers.values)
    if bearers.each:
        listed = f"each of {{{listed}}}"
    return listed + (f", others {quote(bearers.open)}" if bearers.open is not None else "")


def _deadline(deadline: Deadline, p: Printer) -> str:
    match deadline:
        case Within():
            told = deadline.counted_from
            of = "of" if told is CountedFrom.EVENT else f"of {told.value} of"
            return f"within {duration(deadline.duration)} {of} {p.condition(deadline.of)}"
        case By():
            return f"by {deadline.day.isoformat()}"
        case Unspecified():
            return "deadline unspecified"


def _time(length: Duration | Unspecified) -> str:
    return "unspecified" if isinstance(length, Unspecified) else duration(length)


def _cure(cure: Cure, p: Printer) -> str:
    by = f" by {p.condition(cure.condition)}" if cure.condition is not None else ""
    return f"on breach cure within {_time(cure.within)}{by}"


def _step(step: Step, p: Printer) -> str:
    text = "otherwise"
    if step.name is not None:
        title = f" {quote(step.text)}" if step.text is not None else ""
        after = "unspecified" if step.after is None else _time(step.after)
        text = f"step {step.name}{title} after {after}"
    if step.consequence is not None:
        text += f" {_acts_on(step.consequence, p)}"
    if step.decider is not None:
        text += f" decided by {_decider(step.decider)}"
    if step.consequence is not None and step.consequence.at_most is not None:
        text += f" for at most {duration(step.consequence.at_most)}"
    return text


def _acts_on(consequence: Consequence, p: Printer) -> str:
    fulfilled = "fulfilled " if consequence.only_fulfilled else ""
    return (
        f"{consequence.verb} {fulfilled}{consequence.target.norm}{p.keys(consequence.target.keys)}"
    )


def _consequence(consequence: Consequence, p: Printer) -> str:
    text = _acts_on(consequence, p)
    if consequence.when is not None:
        text += f" when {p.condition(consequence.when)}"
    if consequence.decider is not None:
        text += f" decided by {_decider(consequence.decider)}"
    if consequence.at_most is not None:
        text += f" for at most {duration(consequence.at_most)}"
    return text + _via(consequence.via)


def _decider(decider: str | Unspecified) -> str:
    return "unspecified" if isinstance(decider, Unspecified) else decider


def _via(via: str | None) -> str:
    return f" via {quote(via)}" if via is not None else ""
