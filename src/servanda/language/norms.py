"""Norms out of declarations: clause by clause, then what a norm of its kind must have."""

from dataclasses import replace

from servanda.language import values
from servanda.language.assemble import Clause, Declared
from servanda.language.conditions import Conditions, instance_keys, variable_name
from servanda.language.requirements import check_kind
from servanda.language.scope import SIGNATORIES, Names, Place, Refused, Scope
from servanda.language.syntax import Node, is_tree, unquote
from servanda.model.condition import And, Condition, MembersOf, Not, Or, Pattern, Reads, SetOf
from servanda.model.condition import Value as AnyValue
from servanda.model.condition import Var
from servanda.model.norm import (
    Bearers,
    By,
    Citation,
    ClockStop,
    Consequence,
    Cure,
    ForEach,
    Lapse,
    NamedList,
    Norm,
    NormKind,
    Open,
    Reservation,
    Start,
    Strength,
    Target,
    Unspecified,
    Within,
)
from servanda.model.record_type import ArgKind, ArgType

KINDS = {
    "obligation": NormKind.ACHIEVE,  # or MAINTAIN, by its clause
    "prohibition": NormKind.PROHIBITION,
    "permission": NormKind.PERMISSION,
    "right": NormKind.RIGHT,
    "power": NormKind.POWER,
    "immunity": NormKind.IMMUNITY,
    "commitment": NormKind.POLITICAL,
    "principle": NormKind.PRINCIPLE,
    "guarantee": NormKind.GUARANTEE,
    "effect": NormKind.EFFECT,
    "rule": NormKind.RULE,
    "staged": NormKind.STAGED,
}
VERBS = {"achieve": "achieve", "maintain": "maintain", "must_not": "not", "may": "may"}
# Kinds that do not tell by themselves what is to be done with the condition.
TOLD_BY_VERB = (NormKind.POLITICAL, NormKind.RULE)

_ACTOR = ArgType("actor", ArgKind.ACTOR)


def norm(declared: Declared, names: Names) -> Norm | None:
    """The norm that a declaration says; None after its head was refused."""
    at = Place(declared.line, names)
    keyword, name, title = declared.tree.children
    built = Norm(
        at.identifier(name),
        KINDS[str(keyword)],
        provision=declared.provision,
        text=unquote(title) if title is not None else None,
        span=at.span(name),
    )
    if str(keyword) == "obligation" and declared.one("maintain"):
        built = replace(built, kind=NormKind.MAINTAIN)
    scope = Scope(implicit=_implicit(declared))
    rest: list[Clause] = []
    for clause in declared.clauses:  # what introduces names comes first, wherever it stands
        try:
            if clause.keyword == "for each":
                found, scope = _for_each(clause, names, scope)
                built = replace(built, for_each=(*built.for_each, found))
            elif clause.keyword == "list":
                scope = replace(scope, lists=scope.lists | {str(clause.tree.children[0])})
                rest.append(clause)
            else:
                rest.append(clause)
        except Refused:
            continue
    introduced = sum(len(each.variables) for each in built.for_each)
    if built.id in names.norms:
        names.norms[built.id].variables = 1 + introduced
    for clause in rest:
        try:
            built = _with(built, clause, Place(clause.line, names), scope)
        except Refused:
            continue
    check_kind(str(keyword), declared, names.report)
    return built


def _implicit(declared: Declared) -> frozenset[str]:
    found = set()
    if "bearer" in declared.seen:
        found.add("bearer")
    toward = declared.one("toward")
    if toward is not None and not toward.tree.children:
        found.add("other")
    if "upon finding of" in declared.seen:
        found.add("offender")
    return frozenset(found)


def _for_each(clause: Clause, names: Names, scope: Scope) -> tuple[ForEach, Scope]:
    at = Place(clause.line, names)
    variables, domain, *where = clause.tree.children
    introduced = tuple(variable_name(at, token) for token in variables.children)
    scope = scope.having(*introduced)
    pattern = where[0] if where else None
    if not where and domain is None and pattern is None:
        at.names.report.error(
            "SV0304",
            "nothing says what the variable ranges over",
            at.span(clause.tree),
            fix="Such a line looks like this:\n  for each x in {A, B} and where TYPE argument x",
        )
        raise Refused
    values_of = values.value(at, scope, domain) if domain is not None else None
    found = Conditions(at, scope).build(pattern) if pattern is not None else None
    if found is not None and not isinstance(found, Pattern):
        at.names.report.error(
            "SV0506",
            "after `where` stands the pattern of one record type",
            at.span(pattern),
            why="The instances come from the records that match it.",
            fix="Move the rest into `exists when`.",
        )
        raise Refused
    return ForEach(introduced, values_of, found, at.span(clause.tree)), scope


def _with(norm: Norm, clause: Clause, at: Place, scope: Scope) -> Norm:
    """The norm with what one clause says."""
    tree = clause.tree
    kind = str(tree.data)
    span = at.span(tree)
    conditions = Conditions(at, scope)

    def build(node: Node) -> Condition:
        return conditions.build(node)

    def value(node: Node) -> AnyValue:
        return values.value(at, scope, node, _ACTOR)

    child: Node = tree.children[0] if tree.children else None
    match kind:
        case "bearer_unspecified" | "bearer_signatories" | "bearer_each" | "bearer_together":
            return replace(norm, bearers=_bearers(tree, at, scope))
        case "toward":
            toward = Var("other", span) if child is None else value(child)
            return replace(norm, toward=toward)
        case "achieve" | "maintain" | "must_not" | "may":
            verb = VERBS[kind] if norm.kind in TOLD_BY_VERB else None
            return replace(norm, condition=build(child), verb=verb)
        case "exists_when":
            return replace(norm, exists_when=build(child))
        case "start":
            each, condition = tree.children
            return replace(norm, start=Start(build(condition), each is not None, span))
        case "within":
            length, of = tree.children
            return replace(norm, deadline=Within(values.duration(at, length), build(of), span))
        case "by":
            return replace(norm, deadline=By(values.day(at, child), span))
        case "deadline":
            return replace(norm, deadline=Unspecified(span))
        case "recurring":
            every = values.duration(at, child) if is_tree(child) else Unspecified(span)
            return replace(norm, every=every)
        case "until":
            return replace(norm, until=build(child))
        case "terminated_when":
            return replace(norm, terminated_when=(*norm.terminated_when, build(child)))
        case "released_when":
            return replace(norm, released_when=(*norm.released_when, build(child)))
        case "suspended_while":
            return replace(norm, suspended_while=(*norm.suspended_while, build(child)))
        case "reopens_when":
            return replace(norm, reopens_when=(*norm.reopens_when, build(child)))
        case "clock_stops":
            condition, most = tree.children
            longest = values.duration(at, most) if most is not None else None
            stop = ClockStop(build(condition), longest, span)
            return replace(norm, clock_stops=(*norm.clock_stops, stop))
        case "cure":
            within, by = tree.children
            time = values.duration(at, within) if is_tree(within) else Unspecified(span)
            return replace(norm, cure=Cure(time, build(by) if by is not None else None, span))
        case "consequence":
            return replace(norm, consequences=(*norm.consequences, _consequence(tree, at, scope)))
        case "trigger":
            return replace(norm, triggers=(*norm.triggers, build(child)))
        case "lapses_when":
            condition, via = tree.children
            lapse = Lapse(build(condition), unquote(via) if via is not None else None, span)
            return replace(norm, lapses=(*norm.lapses, lapse))
        case "beneficiary":
            return replace(norm, beneficiary=value(child))
        case "strength":
            return replace(norm, strength=_strength(tree, at, scope))
        case "list":
            name, members = tree.children
            held = (
                Unspecified(span)
                if getattr(members, "type", "") == "UNSPECIFIED"
                else values.value(at, scope, members)
            )
            return replace(norm, lists=(*norm.lists, NamedList(str(name), held, span)))
        case _:
            return _with_words(norm, kind, tree, at)


def _with_words(norm: Norm, kind: str, tree: Node, at: Place) -> Norm:
    """The norm with a clause that holds names and texts only."""
    span = at.span(tree)
    child: Node = tree.children[0] if tree.children else None
    match kind:
        case "decided_by":
            return replace(norm, decided_by=_decider(child, at))
        case "upon_finding":
            return replace(norm, upon_finding=str(child))
        case "subject_to" | "notwithstanding":
            ids = tuple(at.names.norm(str(t), at.span(t)) for t in child.children)
            if kind == "subject_to":
                return replace(norm, subject_to=ids)
            return replace(norm, notwithstanding=ids)
        case "open_field":
            name, why = tree.children
            opened = Open(str(name), unquote(why) if why is not None else None, span)
            return replace(norm, open=(*norm.open, opened))
        case "shown_by":
            return replace(norm, shown_by=tuple(at.identifier(t) for t in child.children))
        case "no_signatory":
            return replace(norm, non_signatory=True)
        case "reservation":
            by = at.names.actor(str(child), at.span(child))
            made = Reservation(by, unquote(tree.children[1]), span)
            return replace(norm, reservations=(*norm.reservations, made))
        case "left_open":
            return replace(norm, open_on_purpose=unquote(child))
        case "note":
            return replace(norm, notes=(*norm.notes, unquote(child)))
        case _:
            return replace(norm, citations=(*norm.citations, citation(tree, at)))


def citation(tree: Node, at: Place) -> Citation:
    """`source WITNESS paragraph n`."""
    witness, paragraph = tree.children
    number = values.whole(at, paragraph, "a paragraph", 1) if paragraph is not None else None
    return Citation(at.identifier(witness), number, at.span(tree))


def _decider(token: Node, at: Place) -> str | Unspecified:
    if token.type == "UNSPECIFIED":
        return Unspecified(at.span(token))
    return at.names.actor(str(token), at.span(token))


def _bearers(tree: Node, at: Place, scope: Scope) -> Bearers:
    span = at.span(tree)
    kind = str(tree.data)
    if kind == "bearer_unspecified":
        return Bearers((), span=span)
    if kind == "bearer_signatories":
        return Bearers((MembersOf(SIGNATORIES, span),), span=span)
    nodes = list(tree.children if kind == "bearer_each" else tree.children[0].children)
    others = None
    nodes = [n for n in nodes if n is not None]
    if nodes and is_tree(nodes[-1], "others"):
        others = unquote(nodes.pop().children[0])
    found = tuple(values.value(at, scope, n, _ACTOR) for n in nodes)
    if kind == "bearer_each":
        only = found[0]
        found = only.items if isinstance(only, SetOf) else found
        return Bearers(found, True, others, span)
    if any(isinstance(v, SetOf) for v in found):
        at.names.report.error(
            "SV0503",
            "a set of bearers does not say whether they bear it together or each",
            span,
            fix="Write `bearer A, B` for together, or `bearer each of {A, B}`.",
        )
        raise Refused
    return Bearers(found, False, others, span)


def _consequence(tree: Node, at: Place, scope: Scope) -> Consequence:
    verb, fulfilled, target, when, decider, most, via = tree.children
    name, keys = target.children
    norm = at.names.norm(str(name), at.span(name))
    if str(verb) == "lapses" and at.names.norms[norm].kind is not NormKind.GUARANTEE:
        at.names.report.error(
            "SV0602",
            f"`{norm}` is no guarantee, and only guarantees lapse",
            at.span(target),
            fix="Write `terminates`.",
        )
        raise Refused
    return Consequence(
        str(verb),
        Target(norm, instance_keys(at, scope, norm, keys), at.span(target)),
        Conditions(at, scope).build(when) if when is not None else None,
        fulfilled is not None,
        _decider(decider, at) if decider is not None else None,
        values.duration(at, most) if most is not None else None,
        unquote(via) if via is not None else None,
        at.span(tree),
    )


def _strength(tree: Node, at: Place, scope: Scope) -> Strength:
    word, when = tree.children
    if str(word) != "political":
        at.names.report.error(
            "SV0504",
            f"a strength is never “{word}”",
            at.span(word),
            why="A norm binds in law unless its strength is political.",
            fix="Write `strength political`, or leave the clause out.",
        )
        raise Refused
    condition = Conditions(at, scope).build(when) if when is not None else None
    if condition is not None and not _asks_readings(condition):
        at.names.report.error(
            "SV0506",
            "the strength of a norm can depend on readings only",
            at.span(when),
            why="Events do not turn a binding norm into a political one.",
            fix="Write `strength political when TERM is READING`.",
        )
        raise Refused
    return Strength(condition, at.span(tree))


def _asks_readings(condition: Condition) -> bool:
    match condition:
        case Reads():
            return True
        case Not():
            return _asks_readings(condition.body)
        case And() | Or():
            return all(_asks_readings(part) for part in condition.parts)
    return False
