"""Writes an agreement as text: the inverse of loading.

`print_agreement` gives a bare file in canonical form that loads to an equal model.  Declarations
stand by kind, norms under their provisions; what the standard record types say is not repeated.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from itertools import chain
from typing import Any

from servanda.language.format import format_text
from servanda.language.load import standard_records
from servanda.language.print_condition import (
    Printer,
    duration,
    names,
    number,
)
from servanda.language.print_institution import print_institution
from servanda.language.print_norm import print_citation, print_descent, print_norm
from servanda.language.syntax import quote
from servanda.language.translations import print_translation
from servanda.model.actor import Actor
from servanda.model.agreement import Agreement, Header, MonthEnd, Provision, Statement
from servanda.model.condition import Every, Pattern, Some, Var
from servanda.model.definition import Define, State
from servanda.model.fund import Commitment, Fund, Measure, Tally
from servanda.model.norm import ForEach, NamedList, Norm
from servanda.model.place import Place, Zone
from servanda.model.record_type import RecordType
from servanda.model.term import CountsAs, Reading, Term
from servanda.model.unspecified import Unspecified

Lines = Iterator[str]


def print_agreement(agreement: Agreement) -> str:
    """The whole agreement in the language, in canonical form; raises ValueError if it cannot be."""
    text = "\n".join(_lines(agreement)) + "\n"
    formatted = format_text(text)
    if formatted.diagnostics:
        raise ValueError(formatted.diagnostics[0].title + f" in:\n{text}")
    return formatted.text


def _lines(agreement: Agreement) -> Lines:
    words = frozenset((*agreement.terms, *agreement.definitions, *agreement.states))

    def printer(declaration: object, besides: str | None = None) -> Printer:
        taken = (words | set(_variables(declaration))) - {besides or ""}
        return Printer(frozenset(taken), dict(agreement.record_types))

    yield from _header(agreement.header, printer(agreement.header))
    for record in agreement.record_types.values():
        if record != standard_records().get(record.id):
            yield from _record(record)
    for kind, write in _PLAIN:
        yield from chain.from_iterable(map(write, getattr(agreement, kind).values()))
    for kind, compose in _WITH_CONDITIONS:
        for declaration in getattr(agreement, kind).values():
            # inside its own readings the name of a term is a plain word
            besides = declaration.id if kind == "terms" else None
            yield from compose(declaration, printer(declaration, besides))
    for statement in agreement.statements:
        yield _statement(statement)
    under: dict[str | None, list[Norm]] = {}
    for norm in agreement.norms.values():
        under.setdefault(norm.provision, []).append(norm)
    for place in (None, *agreement.provisions):
        if place is not None:
            yield from _provision(agreement.provisions[place])
        for norm in under.get(place, ()):
            yield from print_norm(norm, printer(norm))


def _variables(node: Any) -> Iterable[str]:
    """All names that are variables or lists anywhere in a declaration."""
    match node:
        case Var():
            yield node.name
        case Some() | ForEach():
            yield from node.variables
        case Every():
            yield node.variable
        case NamedList():
            yield node.name
        case Define() | State():
            yield from node.parameters
        case Pattern() if not node.args:
            return
    if isinstance(node, tuple):
        for item in node:
            yield from _variables(item)
    elif is_dataclass(node):
        for part in fields(node):
            if part.name != "span":
                yield from _variables(getattr(node, part.name))


def _title(title: str | None) -> str:
    return "" if title is None else f" {quote(title)}"


def _or_open(value: str | Unspecified) -> str:
    return "unspecified" if isinstance(value, Unspecified) else value


def _note(note: str | None) -> Lines:
    if note is not None:
        yield f"  note {quote(note)}"


def _header(header: Header, printer: Printer) -> Lines:
    yield f"agreement {header.id} {quote(header.title)}"
    if header.zone != "UTC":
        yield f"  zone {header.zone}"
    if header.draft is not None:
        yield f"  draft {header.draft.isoformat()}"
    yield f"  status {header.status.value}"
    if header.languages:
        yield f"  languages {', '.join(header.languages)}"
    if header.authentic:
        yield f"  authentic {', '.join(header.authentic)}"
    if header.in_force_when is not None:
        yield f"  in force when {printer.condition(header.in_force_when)}"
    if header.first_day_counts:
        yield "  days include the first"
    if header.month_end is MonthEnd.NEXT_MONTH:
        yield "  months run into the next"
    if header.incomplete is not None:
        yield f"  incomplete {quote(header.incomplete)}"


def _record(record: RecordType) -> Lines:
    yield f"record {record.id}{_title(record.title)}"
    for arg in record.args:
        words = [f"  arg {arg.name} {arg.kind.value}"]
        words += ["many"] if arg.many else []
        words += [] if arg.required else ["optional"]
        words += [f"one of {names(arg.one_of)}"] if arg.one_of else []
        yield " ".join(words)
    if record.actor is not None:
        yield f"  actor {record.actor}"
    if record.identified_by is not None:
        yield f"  identified by {names(record.identified_by)}"
    if record.declared_by is not None:
        each = "each " if record.declared_by_each else ""
        yield f"  declared by {each}{record.declared_by}"
    for ending in record.endings:
        pairs = [a if a == b else f"{a} = {b}" for a, b in ending.same]
        yield f"  ends by {ending.type} with {{{', '.join(pairs)}}}"
    if record.event:
        yield "  event"
    if record.alone:
        yield "  alone"


def _actor(actor: Actor) -> Lines:
    yield f"{actor.kind.value} {actor.id}{_title(actor.title)}"
    if actor.side:
        yield "  side"
    if actor.country is not None:
        yield f"  country {actor.country}"
    if actor.open:
        yield "  open"
    if actor.members:
        yield f"  members {names(actor.members)}"
    if actor.voice:
        yield f"  voice {names(actor.voice)}"
    if not actor.signatory:
        yield "  not a signatory"
    yield from _note(actor.note)


def _place(place: Place) -> Lines:
    where = ""
    if place.unspecified:
        where = " unspecified"
    elif place.lat is not None and place.lon is not None:
        where = f" {number(place.lat)} {number(place.lon)}"
    yield f"place {place.id}{_title(place.title)}{where}"
    yield from _note(place.note)


def _zone(zone: Zone) -> Lines:
    source = f" from {quote(zone.source)}" if zone.source is not None else ""
    yield f"{zone.kind} {zone.id}{_title(zone.title)}{source}"
    if zone.schematic:
        yield "  schematic"
    if zone.as_of is not None:
        known = "unspecified" if isinstance(zone.as_of, Unspecified) else zone.as_of.isoformat()
        yield f"  as of {known}"
    yield from _note(zone.note)


def _fund(fund: Fund, printer: Printer) -> Lines:
    yield f"fund {fund.id}{_title(fund.title)} in {fund.currency}"
    for commitment in fund.commitments:
        yield f"  commitment {_commitment(commitment)}"
    if fund.spend_only_on is not None:
        yield f"  spend only on {printer.value(fund.spend_only_on)}"
    if fund.release_by is not None:
        yield f"  release by {_or_open(fund.release_by)}"
    for to, share in fund.profit_share:
        yield f"  profit {number(share)} percent to {to}"
    if fund.on_close_to is not None:
        yield f"  on close to {_or_open(fund.on_close_to)}"
    yield from _note(fund.note)


def _commitment(commitment: Commitment) -> str:
    if commitment.remainder_of is not None:
        what = f"remainder of {commitment.remainder_of}"
        what += f" after {commitment.after}" if commitment.after is not None else ""
    elif commitment.amount is None or isinstance(commitment.amount, Unspecified):
        what = "unspecified"
    else:
        what = number(commitment.amount)
    if commitment.due is None:
        return f"{commitment.by} {what}"
    open_due = isinstance(commitment.due, Unspecified)
    due = "unspecified" if open_due else str(commitment.due)
    return f"{commitment.by} {what} by {due}"


def _term(term: Term, printer: Printer) -> Lines:
    yield f"term {term.id}{_title(term.title)}"
    if term.inert:
        yield "  inert"
    for reading in term.readings:
        yield f"  reading {_reading(reading, printer)}"
    if term.decided_by is not None:
        yield f"  decided by {_or_open(term.decided_by)}"
    if term.until_decided is not None:
        yield f"  until decided read as {term.until_decided}"
    if term.open_on_purpose is not None:
        yield f"  left open on purpose {quote(term.open_on_purpose)}"
    yield from _note(term.note)


def _reading(reading: Reading, printer: Printer) -> str:
    text = f"{reading.name}{_title(reading.note)}"
    value: Any = reading.value
    if isinstance(value, CountsAs):
        text += f": counts {printer.value(value.units)} as {value.party}"
    elif isinstance(value, Pattern) and not value.args and value.place is None and not value.new:
        text += f": ({value.type})"
    elif value is not None:
        is_value = type(value).__name__ in _VALUE_NAMES
        text += f": {printer.value(value) if is_value else printer.condition(value)}"
    if reading.owners:
        text += f" owned by {', '.join(reading.owners)}"
    return text


_VALUE_NAMES = ("Name", "Var", "TermValue", "SetOf", "MembersOf", "ListValue", "Bound")


def _measure(measure: Measure) -> Lines:
    yield f"measure {measure.id}{_title(measure.title)} in {measure.unit}"


def _tally(tally: Tally) -> Lines:
    by = f" by {names(tally.categories)}" if tally.categories else ""
    yield f"tally {tally.id}{_title(tally.title)}{by}"


def _definition(definition: Define | State, printer: Printer) -> Lines:
    parameters = f"({', '.join(definition.parameters)})" if definition.parameters else ""
    head = f"{definition.id}{parameters}{_title(definition.title)}"
    if isinstance(definition, Define):
        yield f"define {head} as {printer.condition(definition.condition)}"
        return
    yield f"state {head}"
    yield f"  begins when {printer.condition(definition.begins)}"
    if definition.ends is not None:
        yield f"  ends when {printer.condition(definition.ends)}"


def _statement(statement: Statement) -> str:
    by = f" by {statement.by}" if statement.by is not None else ""
    return f"{statement.kind} {statement.id}{by} {quote(statement.text)}"


def _provision(provision: Provision) -> Lines:
    yield f"provision {provision.id} {quote(provision.title)}"
    if provision.text:
        for line in provision.text.split("\n"):
            yield f"  text {quote(line)}"
    for translation in provision.translations:
        yield from (f"  {line}" for line in print_translation(translation))
    for bracket in provision.brackets:
        reads = f" reads {bracket.reading}" if bracket.reading is not None else ""
        yield f"  bracket {quote(bracket.owner)} {quote(bracket.text)}{reads}"
    if provision.left_for_later:
        yield "  norms left for later"
    if provision.open_on_purpose is not None:
        yield f"  left open on purpose {quote(provision.open_on_purpose)}"
    if provision.not_public is not None:
        yield f"  not public {quote(provision.not_public)}"
    for descent in provision.descends_from:
        yield f"  {print_descent(descent)}"
    for drop in provision.drops:
        why = f" {quote(drop.why)}" if drop.why is not None else ""
        yield f"  drops {drop.draft} {', '.join(drop.clauses)}{why}"
    for citation in provision.citations:
        yield f"  {print_citation(citation)}"


# Declarations that hold no conditions, in the order in which they are written.
_PLAIN: tuple[tuple[str, Callable[[Any], Lines]], ...] = (
    ("actors", _actor),
    ("places", _place),
    ("zones", _zone),
    ("measures", _measure),
    ("tallies", _tally),
)
# Those that do, and need to know which words are taken.
_WITH_CONDITIONS: tuple[tuple[str, Callable[[Any, Printer], Lines]], ...] = (
    ("funds", _fund),
    ("institutions", print_institution),
    ("terms", _term),
    ("definitions", _definition),
    ("states", _definition),
)

__all__ = ["duration", "print_agreement"]
