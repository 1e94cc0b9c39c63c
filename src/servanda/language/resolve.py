"""From parsed declarations to the model: first all names, then everything that uses them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from servanda.language import declarations, institutions, norms, records, terms
from servanda.language.assemble import Declared
from servanda.language.checks import check_agreement
from servanda.language.diagnostics import Reporter
from servanda.language.names import Words
from servanda.language.scope import Names, NormInfo, Place, Refused, TermInfo
from servanda.language.syntax import Node, unquote
from servanda.language.translations import translated
from servanda.model.agreement import Agreement, Bracket, Header, Provision, Statement
from servanda.model.descent import Drop
from servanda.model.record_type import RecordType
from servanda.model.span import Span

HEADLESS = Header("unnamed", "A draft whose head could not be read")  # an error has been told
# Names of one group must differ from each other.
_HEAD = "what a condition can open with"


@dataclass(slots=True)
class Source:
    """All that the files of an agreement declare, in order; provisions come with their prose.

    `words` are those of its code, to tell look-alikes.
    """

    declared: list[Declared] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    words: Words = field(default_factory=Words)


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

    entered = _enter_all(source, names)
    _enter_records(of("record"), names, standard)
    for declared in of("term"):
        if id(declared) in entered:
            terms.enter_readings(declared, names)
    terms.settle_kinds(names)

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
        header=header or HEADLESS,
        provisions=_provisions(source, names),
        actors=build("actor", declarations.actor),
        places=build("place", declarations.place),
        zones=build("zone", declarations.zone),
        terms=build("term", terms.term),
        record_types=names.records,
        measures=build("measure", declarations.measure),
        tallies=build("tally", declarations.tally),
        funds=build("fund", declarations.fund),
        institutions=build("institution", institutions.institution),
        definitions=build("define", declarations.define),
        states=build("state", declarations.state),
        norms=build("norm", norms.norm),
        statements=_statements(of("statement"), names),
        folder=folder,
    )
    for check in names.later:
        check()
    check_agreement(agreement, names, source.declared)
    return agreement if header is not None or agreement.norms else None


def _enter_all(source: Source, names: Names) -> set[int]:
    """Enter all names; gives the declarations (by `id`) whose name is theirs alone."""
    for provision in source.provisions:
        if names.declare("provision", "a provision", provision.id, provision.span):
            names.provisions[provision.id] = provision.span
    return {id(declared) for declared in source.declared if _enter(declared, names)}


# Where the name stands among the words of a head; the others declare none, or enter it later.
_NAME_AT = {
    **dict.fromkeys(("actor", "zone", "norm"), 1),
    **dict.fromkeys(("place", "term", "measure", "tally", "fund", "institution"), 0),
    **dict.fromkeys(("define", "state"), 0),
}
# The group within which a name is unique (see above), and how messages call the thing.
_GROUPS = {
    "actor": ("actor", "an actor"),
    "place": ("place", "a place"),
    "zone": ("place", "a place"),
    "term": (_HEAD, "a term"),
    "measure": (_HEAD, "a measure"),
    "tally": ("tally", "a tally"),
    "fund": ("fund", "a fund"),
    "institution": ("institution", "an institution"),
    "define": (_HEAD, "a definition"),
    "state": (_HEAD, "a definition"),
    "norm": (_HEAD, "a norm"),
}


def _enter(declared: Declared, names: Names) -> bool:
    """Enter the name that a declaration gives; False when it is taken or cannot be a name."""
    if declared.context not in _NAME_AT:
        return True
    at = Place(declared.line, names)
    token = declared.tree.children[_NAME_AT[declared.context]]
    try:
        name, span = at.identifier(token), at.span(token)
    except Refused:
        return False
    group, what = _GROUPS[declared.context]
    fresh = names.declare(group, what, name, span)
    _note(declared, name, span, names, fresh)
    opens = declared.context in ("term", "measure", "define", "state")
    if fresh and opens and name in names.records:
        names.report.error(
            "SV0402",
            f"`{name}` is the name of a record type already",
            span,
            why="A condition that opens with it would have two meanings.",
            fix="Choose another name.",
        )
    return fresh


def _note(declared: Declared, name: str, span: Span, names: Names, fresh: bool) -> None:
    """Remember what must be known of a declaration before anything is built."""
    at = Place(declared.line, names)
    children = declared.tree.children
    match declared.context:
        case "actor":
            names.actors[name] = span
            for clause in declared.all("members", "voice"):
                for member in clause.tree.children[0].children:
                    names.actors.setdefault(str(member), Place(clause.line, names).span(member))
        case "place" | "zone":
            names.places[name] = span
        case "term":
            names.terms.setdefault(name, TermInfo(span))
        case "measure":
            names.measures[name] = str(children[2])
        case "tally":
            listed = children[2].children if children[2] is not None else ()
            names.tallies[name] = tuple(str(token) for token in listed)
        case "fund":
            names.funds[name] = span
        case "institution":
            names.institutions[name] = span
        case "norm" if fresh:
            names.norms[name] = NormInfo(norms.KINDS[str(children[0])], span)
        case "define" | "state":
            names.calls[name] = _parameters(at, children[1])


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
                why="Nobody could tell which of the two is meant.",
                fix="Name each parameter once.",
            )
            continue
        found.append(name)
    return tuple(found)


def _enter_records(
    items: Sequence[Declared], names: Names, standard: dict[str, RecordType]
) -> None:
    """Enter the record types of the text, and what it adds to those that exist."""
    for declared in items:
        try:
            found = records.record_type(declared, names)
        except Refused:
            continue
        base = names.records.get(found.id)
        if base is not None:
            found = records.merge(base, found, names, found.id in standard)
        names.records[found.id] = found
    for found in names.records.values():
        if found is not standard.get(found.id):
            records.check(found, names)


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
                why="It says something about the provision that it stands under.",
                fix="Move it under the heading of its provision: `## p1. Title`.",
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
            return replace(provision, translations=translated(provision.translations, tree, at))
        case "left_for_later":
            return replace(provision, left_for_later=True)
        case "left_open":
            return replace(provision, open_on_purpose=unquote(child))
        case "not_public":
            return replace(provision, not_public=unquote(child))
        case "descent":
            descent = norms.descent(tree, at)
            return replace(provision, descends_from=(*provision.descends_from, descent))
        case "drops":
            return replace(provision, drops=(*provision.drops, _drop(tree, at)))
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


def _drop(tree: Any, at: Place) -> Drop:
    draft, clauses, why = tree.children
    named = tuple(str(token) for token in clauses.children)
    return Drop(str(draft), named, unquote(why) if why is not None else None, at.span(tree))


def _statements(items: Sequence[Declared], names: Names) -> tuple[Statement, ...]:
    return tuple(declarations.statement(declared, names) for declared in items)


__all__ = ["Source", "Span", "resolve", "standard_types"]
