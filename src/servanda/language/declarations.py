"""All declarations but norms, record types and institutions: each out of its tree and clauses."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from servanda.language import values
from servanda.language.assemble import Declared
from servanda.language.conditions import Conditions
from servanda.language.diagnostics import shown
from servanda.language.scope import Names, Place, Refused, Scope, both
from servanda.language.syntax import Node, is_tree, unquote
from servanda.model.actor import Actor, ActorKind
from servanda.model.agreement import DraftStatus, Header, MonthEnd, Statement
from servanda.model.definition import Define, State
from servanda.model.fund import Commitment, Fund, Measure, Tally
from servanda.model.place import Place as PlaceModel
from servanda.model.place import Zone
from servanda.model.unspecified import Unspecified

_NOTHING = Scope()


def _text(token: Node) -> str | None:
    return None if token is None else unquote(token)


def _names(node: Node) -> tuple[str, ...]:
    return () if node is None else tuple(str(token) for token in node.children)


def _open(token: Node) -> bool:
    return getattr(token, "type", "") == "UNSPECIFIED"


def header(declared: Declared, names: Names) -> Header:
    at = Place(declared.line, names)
    name, title = declared.tree.children
    said = frozenset(declared.seen)
    found = Header(str(name), unquote(title), said=said, span=at.span(name))
    for clause in declared.clauses:
        at, tree = Place(clause.line, names), clause.tree
        child: Node = tree.children[0]
        try:
            match str(tree.data):
                case "time_zone":
                    found = replace(found, zone=_time_zone(at, child))
                case "draft":
                    found = replace(found, draft=values.day(at, child))
                case "status":
                    found = replace(found, status=_status(at, tree))
                case "languages":
                    found = replace(found, languages=_names(child))
                case "authentic":
                    found = replace(found, authentic=_names(child))
                case "days":
                    found = replace(found, first_day_counts=str(child).startswith("include"))
                case "months":
                    runs_on = str(child).startswith("run")
                    found = replace(found, month_end=_MONTH_END[runs_on])
                case "incomplete":
                    found = replace(found, incomplete=unquote(child))
                case _:
                    condition = Conditions(at, _NOTHING).build(child)
                    found = replace(found, in_force_when=condition)
        except Refused:
            continue
    return found


_MONTH_END = {False: MonthEnd.LAST_DAY, True: MonthEnd.NEXT_MONTH}


def _time_zone(at: Place, token: Node) -> str:
    import zoneinfo

    name = str(token)
    try:
        if name in _OF_THE_MACHINE:
            raise KeyError(name)
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        at.names.report.unknown(
            "SV0401",
            f"there is no time zone `{shown(name)}`",
            at.span(token),
            name,
            zoneinfo.available_timezones(),
            why="Days are counted in the zone of the agreement.",
            fix="Write a name of the IANA list, such as `Europe/Paris` or `UTC`.",
        )
        raise Refused from None
    return name


_OF_THE_MACHINE = ("localtime", "posixrules", "Factory")  # elsewhere they mean something else


def _status(at: Place, tree: Node) -> DraftStatus:
    text = " ".join(str(token) for token in tree.children)
    known = [status.value for status in DraftStatus]
    if text not in known:
        at.names.report.unknown(
            "SV0504",
            f"a draft is never “{text}”",
            at.span(tree.children[0]),
            text,
            known,
            why=f"A draft is one of: {', '.join(known)}.",
            fix="Write one of them.",
        )
        raise Refused
    return DraftStatus(text)


def actor(declared: Declared, names: Names) -> Actor:
    at = Place(declared.line, names)
    kind, name, title = declared.tree.children
    found = Actor(str(name), ActorKind(str(kind)), _text(title), span=at.span(name))
    for clause in declared.clauses:
        tree = clause.tree
        child: Node = tree.children[0] if tree.children else None
        match str(tree.data):
            case "side":
                found = replace(found, side=True)
            case "open_group":
                found = replace(found, open=True)
            case "members":
                found = replace(found, members=_names(child))
            case "voice":
                found = replace(found, voice=_names(child))
            case "country":
                found = replace(found, country=str(child))
            case "no_signatory":
                found = replace(found, signatory=False)
            case _:
                found = replace(found, note=unquote(child))
    return found


def place(declared: Declared, names: Names) -> PlaceModel:
    at = Place(declared.line, names)
    name, title, where = declared.tree.children
    found = PlaceModel(str(name), _text(title), span=at.span(name))
    if is_tree(where, "nowhere"):
        found = replace(found, unspecified=True)
    elif where is not None:
        lat, lon = (values.number(at, token) for token in where.children)
        if abs(lat) > 90 or abs(lon) > 180:
            names.report.error(
                "SV0308",
                "these coordinates are not on the globe",
                at.span(where),
                why="Latitude comes first, from -90 to 90; then longitude, from -180 to 180.",
                fix="Check their order and signs.",
            )
        found = replace(found, lat=lat, lon=lon)
    note = declared.one("note")
    return replace(found, note=unquote(note.tree.children[0])) if note else found


def zone(declared: Declared, names: Names) -> Zone:
    at = Place(declared.line, names)
    kind, name, title, source = declared.tree.children
    found = Zone(str(name), str(kind), _text(source), _text(title), span=at.span(name))
    if found.source is not None:
        _geometry(at, source, found.source)
    for clause in declared.clauses:
        at, tree = Place(clause.line, names), clause.tree
        try:
            match str(tree.data):
                case "schematic":
                    found = replace(found, schematic=True)
                case "as_of":
                    token = tree.children[0]
                    known = Unspecified(at.span(token)) if _open(token) else values.day(at, token)
                    found = replace(found, as_of=known)
                case _:
                    found = replace(found, note=unquote(tree.children[0]))
        except Refused:
            continue
    return found


def _geometry(at: Place, token: Node, source: str) -> None:
    file, _, feature = source.partition("#")
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file or ":" in file:
        problem = "It leads out of the agreement's folder, and the geometry ships with the text."
    elif not feature or path.suffix not in (".geojson", ".json"):
        problem = "It does not name a feature of a GeoJSON file."
    else:
        return
    at.names.report.error(
        "SV0503",
        "this source of geometry cannot be used",
        at.span(token),
        why=problem,
        fix='Write file and feature: `from "zones.geojson#feature-id"`.',
    )


def measure(declared: Declared, names: Names) -> Measure:
    name, title, unit = declared.tree.children
    at = Place(declared.line, names)
    return Measure(str(name), str(unit), _text(title), at.span(name))


def tally(declared: Declared, names: Names) -> Tally:
    name, title, categories = declared.tree.children
    at = Place(declared.line, names)
    return Tally(str(name), _names(categories), _text(title), at.span(name))


def fund(declared: Declared, names: Names) -> Fund:
    at = Place(declared.line, names)
    name, title, currency = declared.tree.children
    found = Fund(str(name), str(currency), _text(title), span=at.span(name))
    for clause in declared.clauses:
        at, tree = Place(clause.line, names), clause.tree
        child: Node = tree.children[0] if tree.children else None
        try:
            match str(tree.data):
                case "commitment":
                    made = (*found.commitments, _commitment(tree, at))
                    found = replace(found, commitments=made)
                case "spend_only_on":
                    found = replace(found, spend_only_on=values.value(at, _NOTHING, child))
                case "release_by":
                    found = replace(found, release_by=actor_or_open(child, at))
                case "profit":
                    share = values.number(at, child)
                    to = names.actor(str(tree.children[1]), at.span(tree.children[1]))
                    found = replace(found, profit_share=(*found.profit_share, (to, share)))
                    _percentages(found, at, tree)
                case "on_close_to":
                    found = replace(found, on_close_to=actor_or_open(child, at))
                case _:
                    found = replace(found, note=unquote(child))
        except Refused:
            continue
    return found


def _percentages(found: Fund, at: Place, tree: Node) -> None:
    shares = [share for _, share in found.profit_share]
    if sum(shares) > 100 or min(shares) < 0:
        at.names.report.fault(
            "SV0308",
            "the shares of the profit are more than all of it, or less than nothing",
            at.span(tree),
            why=f"Together they are {sum(shares)} percent.",
            fix="Correct the percentages.",
        )


def actor_or_open(token: Node, at: Place) -> str | Unspecified:
    """The actor that is named, or that the text leaves it open."""
    if _open(token):
        return Unspecified(at.span(token))
    return at.names.actor(str(token), at.span(token))


def _commitment(tree: Node, at: Place) -> Commitment:
    by, amount, due = tree.children
    names = at.names
    found = Commitment(names.actor(str(by), at.span(by)), span=at.span(tree))
    if due is not None:
        day = Unspecified(at.span(due)) if _open(due) else values.day(at, due)
        found = replace(found, due=day)
    if is_tree(amount, "amount"):
        token = amount.children[0]
        sum_of = Unspecified(at.span(token)) if _open(token) else values.number(at, token)
        return replace(found, amount=sum_of)
    of, after = amount.children
    both(
        lambda: known(at, of, "measure", names.measures),
        lambda: None if after is None else known(at, after, "fund", names.funds),
    )
    return replace(found, remainder_of=str(of), after=str(after) if after is not None else None)


def known(at: Place, token: Node, what: str, declared: Any) -> None:
    """Refuse a name of a measure, fund and the like that nothing declares."""
    if str(token) not in declared:
        article = "an" if what.startswith("i") else "a"
        at.names.report.unknown(
            "SV0401",
            f"no {what} is called `{token}`",
            at.span(token),
            str(token),
            declared,
            why=f"What is named here is {article} {what} that the text declares.",
            fix="Correct the name, or declare it.",
        )
        raise Refused


def define(declared: Declared, names: Names) -> Define | None:
    at = Place(declared.line, names)
    name, _, title, body = declared.tree.children
    parameters = names.calls.get(str(name), ())
    try:
        condition = Conditions(at, Scope(frozenset(parameters))).build(body)
    except Refused:
        return None
    return Define(str(name), parameters, condition, _text(title), at.span(name))


def state(declared: Declared, names: Names) -> State | None:
    at = Place(declared.line, names)
    name, _, title = declared.tree.children
    parameters = names.calls.get(str(name), ())
    scope = Scope(frozenset(parameters))
    built: dict[str, Any] = {}
    for clause in declared.clauses:
        try:
            condition = Conditions(Place(clause.line, names), scope).build(clause.tree.children[0])
        except Refused:
            continue
        built[clause.keyword] = condition
    if "begins when" not in declared.seen:
        names.report.error(
            "SV0601",
            "a clause is missing: `begins when`",
            declared.span,
            why="A state lasts from an act that begins it until one that ends it.",
            fix="Add a line like this:\n  begins when CONDITION",
        )
    if "begins when" not in built:
        return None
    return State(
        str(name),
        parameters,
        built["begins when"],
        built.get("ends when"),
        _text(title),
        at.span(name),
    )


def statement(declared: Declared, names: Names) -> Statement:
    at = Place(declared.line, names)
    kind, name, by, text = declared.tree.children
    owner = None
    if by is not None:
        try:
            owner = names.actor(str(by), at.span(by))
        except Refused:
            owner = str(by)
    words = " ".join(str(kind).split())
    return Statement(words, str(name), owner, unquote(text), at.span(name))
