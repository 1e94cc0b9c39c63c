"""From parsed declarations to the model: first all names, then everything that uses them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from servanda.language import declarations, norms, records, terms
from servanda.language.assemble import Declared
from servanda.language.checks import check_agreement
from servanda.language.diagnostics import Reporter
from servanda.language.scope import Names, NormInfo, Place, Refused, TermInfo
from servanda.language.syntax import Node, unquote
from servanda.model.agreement import Agreement, Bracket, Header, Provision, Statement
from servanda.model.record_type import RecordType
from servanda.model.span import Span

# Names of one group must differ from each other; what stands before `is` or opens a condition is
# one group, and so is what fills an argument.
_HEAD = "what a condition can open with"
_VALUE = "who and where"


@dataclass(slots=True)
class Source:
    """All that the files of an agreement declare, in order; provisions come with their prose."""

    declared: list[Declared] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)


def standard_types(items: Iterable[Declared], report: Reporter) -> dict[str, RecordType]:
    """The record types of the prelude."""
    names = Names(report)
    for declared in items:
        found = records.record_type(declared, names)
        names.records[found.id] = found
    for found in names.records.values():
        records.check(found, names)
    return names.records


def resolve(
    source: Source,
    standard: dict[str, RecordType],
    report: Reporter,
    known_place: Callable[[str], bool] | None,
    folder: Path | None,
) -> Agreement | None:
    """The agreement; None when no header was found.  All errors are in `report`."""
    names = Names(report, known_place, records=dict(standard))
    by_context: dict[str, list[Declared]] = {}
    for declared in source.declared:
        by_context.setdefault(declared.context, []).append(declared)

    def of(context: str) -> Sequence[Declared]:
        return by_context.get(context, ())

    for provision in source.provisions:
        if names.declare("provision", "a provision", provision.id, provision.span):
            names.provisions[provision.id] = provision.span
    entered = {id(d) for d in source.declared if _enter(d, names)}
    for declared in of("record"):
        _enter_record(declared, names, standard)
    for declared in of("term"):
        if id(declared) in entered:
            terms.enter_readings(declared, names)
    terms.settle_kinds(names)
    for found in names.records.values():
        if found is not standard.get(found.id):
            records.check(found, names)

    def build(context: str, builder: Callable[[Declared, Names], Any]) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for declared in of(context):
            if id(declared) not in entered:
                continue
            try:
                found = builder(declared, names)
            except Refused:
                continue
            if found is not None:
                built[found.id] = found
        return built

    header = _header(of("header"), names)
    agreement = Agreement(
        header=header or Header("", ""),
        provisions=_provisions(source, names),
        actors=build("actor", declarations.actor),
        places=build("place", declarations.place),
        zones=build("zone", declarations.zone),
        terms=build("term", terms.term),
        record_types=names.records,
        measures=build("measure", declarations.measure),
        tallies=build("tally", declarations.tally),
        funds=build("fund", declarations.fund),
        institutions=build("institution", declarations.institution),
        definitions=build("define", declarations.define),
        states=build("state", declarations.state),
        norms=build("norm", norms.norm),
        statements=_statements(of("statement"), names),
        folder=folder,
    )
    for check in names.later:
        check()
    check_agreement(agreement, names, source.declared)
    return agreement if header is not None else None


def _enter(declared: Declared, names: Names) -> bool:
    """Enter the name that a declaration gives; False when it gives none or one taken."""
    at = Place(declared.line, names)
    children = declared.tree.children
    match declared.context:
        case "actor" | "zone" | "norm":
            token = children[1]
        case "record" | "header" | "include" | "of_provision" | "provision" | "statement":
            return True
        case _:
            token = children[0]
    try:
        name, span = at.identifier(token), at.span(token)
    except Refused:
        return False
    match declared.context:
        case "actor":
            fresh = names.declare("actor", "an actor", name, span)
            names.actors[name] = span
            for clause in declared.all("members", "voice"):
                for member in clause.tree.children[0].children:
                    names.actors.setdefault(str(member), Place(clause.line, names).span(member))
        case "place" | "zone":
            fresh = names.declare("place", "a place", name, span)
            names.places[name] = span
        case "term":
            fresh = names.declare(_HEAD, "a term", name, span)
            names.terms.setdefault(name, TermInfo(span))
        case "measure":
            fresh = names.declare(_HEAD, "a measure", name, span)
            names.measures[name] = str(children[2])
        case "tally":
            fresh = names.declare("tally", "a tally", name, span)
            listed = children[2].children if children[2] is not None else ()
            names.tallies[name] = tuple(str(token) for token in listed)
        case "fund":
            fresh = names.declare("fund", "a fund", name, span)
            names.funds[name] = span
        case "institution":
            fresh = names.declare("institution", "an institution", name, span)
            names.institutions[name] = span
        case "define" | "state":
            fresh = names.declare(_HEAD, "a definition", name, span)
            names.calls[name] = _parameters(at, children[1])
        case _:
            fresh = names.declare(_HEAD, "a norm", name, span)
            if fresh:
                names.norms[name] = NormInfo(norms.KINDS[str(children[0])], span)
    if (
        fresh
        and name in names.records
        and declared.context in ("term", "measure", "define", "state")
    ):
        names.report.error(
            "SV0402",
            f"`{name}` is the name of a record type already",
            span,
            why="A condition that opens with it would have two meanings.",
            fix="Choose another name.",
        )
    return fresh


def _parameters(at: Place, node: Any) -> tuple[str, ...]:
    from servanda.language.conditions import variable_name

    found: list[str] = []
    for token in node.children[0].children if node is not None else ():
        try:
            name = variable_name(at, token)
        except Refused:
            continue
        if name in found:
            at.names.report.error(
                "SV0402",
                f"the parameter `{name}` is given twice",
                at.span(token),
                fix="Name each parameter once.",
            )
            continue
        found.append(name)
    return tuple(found)


def _enter_record(declared: Declared, names: Names, standard: dict[str, RecordType]) -> None:
    try:
        found = records.record_type(declared, names)
    except Refused:
        return
    base = names.records.get(found.id)
    if base is None:
        names.records[found.id] = found
    else:
        names.records[found.id] = records.merge(base, found, names, found.id in standard)


def _header(headers: Sequence[Declared], names: Names) -> Header | None:
    if not headers:
        names.report.error(
            "SV0603",
            "the text declares no agreement",
            why="An agreement has an id and a title, which everything else refers to.",
            fix='Write at the top:\n  agreement some-id "its title"',
        )
        return None
    for further in headers[1:]:
        names.report.error(
            "SV0603",
            "a second agreement is declared",
            further.span,
            why=f"The first is declared at {headers[0].span}.",
            fix="Keep one; an included file needs none.",
        )
    return declarations.header(headers[0], names)


def _provisions(source: Source, names: Names) -> dict[str, Provision]:
    """The provisions, each with what the lines in its blocks say of it."""
    built: dict[str, Provision] = {}
    for provision in source.provisions:
        built.setdefault(provision.id, provision)
    for declared in source.declared:
        if declared.context == "of_provision":
            lines = [(Place(declared.line, names), declared.tree.children[0])]
            above = declared.provision
        elif declared.context == "provision":
            lines = [(Place(clause.line, names), clause.tree) for clause in declared.clauses]
            above = str(declared.tree.children[0])
        else:
            continue
        if above is None or above not in built:
            names.report.error(
                "SV0408",
                "this line stands under no provision",
                declared.span,
                fix="Move it under the heading of its provision.",
            )
            continue
        for at, tree in lines:
            try:
                built[above] = _with(built[above], tree, at)
            except Refused:
                continue
    return built


def _with(provision: Provision, tree: Any, at: Place) -> Provision:
    child: Node = tree.children[0] if tree.children else None
    match str(tree.data):
        case "text":
            joined = f"{provision.text}\n{unquote(child)}" if provision.text else unquote(child)
            return replace(provision, text=joined)
        case "translation":
            language, text = str(child), unquote(tree.children[1])
            given = dict(provision.translations)
            given[language] = f"{given[language]}\n{text}" if language in given else text
            return replace(provision, translations=tuple(given.items()))
        case "left_for_later":
            return replace(provision, left_for_later=True)
        case "left_open":
            return replace(provision, open_on_purpose=unquote(child))
        case "bracket":
            owner, text, reading = tree.children
            found = Bracket(
                unquote(owner),
                unquote(text),
                str(reading) if reading is not None else None,
                at.span(tree),
            )
            return replace(provision, brackets=(*provision.brackets, found))
        case _:
            citation = norms.citation(tree, at)
            return replace(provision, citations=(*provision.citations, citation))


def _statements(items: Sequence[Declared], names: Names) -> tuple[Statement, ...]:
    return tuple(declarations.statement(declared, names) for declared in items)


__all__ = ["Source", "Span", "resolve", "standard_types"]
