"""Norms out of declarations: clause by clause, then what a norm of its kind must have."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from servanda.language import values
from servanda.language.assemble import Clause, Declared
from servanda.language.conditions import Conditions, instance_keys, variable_name
from servanda.language.requirements import check_kind, check_otherwise
from servanda.language.scope import SIGNATORIES, Names, Place, Refused, Scope, all_of
from servanda.language.syntax import Node, is_tree, unquote
from servanda.language.translations import translated
from servanda.model.condition import And, Condition, MembersOf, Not, Or, Pattern, Reads, SetOf, Var
from servanda.model.condition import Value as AnyValue
from servanda.model.consequence import Consequence, Cure, Step, Target
from servanda.model.descent import Descent
from servanda.model.norm import (
    Bearers,
    By,
    Citation,
    ClockStop,
    CountedFrom,
    ForEach,
    Lapse,
    NamedList,
    Norm,
    NormKind,
    Open,
    Reservation,
    Start,
    Strength,
    Within,
)
from servanda.model.quantity import Duration
from servanda.model.record_type import ArgKind, ArgType
from servanda.model.span import Span
from servanda.model.unspecified import Unspecified

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
    check_otherwise(built.cure, declared, names.report)
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
            why="There is one instance of the norm for each value; the line must say which.",
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A clause that is being built: its tree, and what its names stand for."""

    at: Place
    scope: Scope
    tree: Node

    @property
    def span(self) -> Span:
        return self.at.span(self.tree)

    @property
    def child(self) -> Node:
        return self.tree.children[0] if self.tree.children else None

    def condition(self, node: Node) -> Condition:
        return Conditions(self.at, self.scope).build(node)

    def maybe(self, node: Node) -> Condition | None:
        return None if node is None else self.condition(node)

    def actor(self, node: Node) -> AnyValue:
        return values.value(self.at, self.scope, node, _ACTOR)

    def at_most(self, node: Node) -> Duration | None:
        return None if node is None else values.duration(self.at, node, metric=True)

    def time(self, node: Node, *, metric: bool = False) -> Duration | Unspecified:
        if not is_tree(node):
            return Unspecified(self.span)
        return values.duration(self.at, node, metric=metric)


def _with(norm: Norm, clause: Clause, at: Place, scope: Scope) -> Norm:
    """The norm with what one clause says."""
    kind = str(clause.tree.data)
    line = _Line(at, scope, clause.tree)
    if kind in _ONE_CONDITION:
        one: dict[str, Any] = {_ONE_CONDITION[kind]: line.condition(line.child)}
        return replace(norm, **one)
    if kind in _CONDITIONS:
        field = _CONDITIONS[kind]
        joined: dict[str, Any] = {field: (*getattr(norm, field), line.condition(line.child))}
        return replace(norm, **joined)
    if kind in VERBS:
        verb = VERBS[kind] if norm.kind in TOLD_BY_VERB else None
        return replace(norm, condition=line.condition(line.child), verb=verb)
    if kind.startswith("bearer_"):
        return replace(norm, bearers=_bearers(clause.tree, at, scope))
    if kind in _TIMES:
        return replace(norm, **_TIMES[kind](line))
    if kind in _FOLLOWING:
        return _FOLLOWING[kind](norm, line)
    return _with_words(norm, kind, clause.tree, at)


# Clauses that hold a condition alone, with the field they fill or are added to.
_ONE_CONDITION: dict[str, Any] = {"exists_when": "exists_when", "until": "until"}
_CONDITIONS: dict[str, Any] = {
    "terminated_when": "terminated_when",
    "released_when": "released_when",
    "suspended_while": "suspended_while",
    "reopens_when": "reopens_when",
    "trigger": "triggers",
}


def _start(line: _Line) -> Start:
    each, condition = line.tree.children
    return Start(line.condition(condition), each is not None, line.span)


def _within(line: _Line) -> Within:
    length, told, of = line.tree.children
    counted = CountedFrom(str(told).split()[0]) if told is not None else CountedFrom.EVENT
    return Within(values.duration(line.at, length), line.condition(of), counted, line.span)


def _cure(line: _Line) -> Cure:
    within, by = line.tree.children
    return Cure(line.time(within), line.maybe(by), line.span)


_TIMES: dict[str, Callable[[_Line], dict[str, Any]]] = {
    "start": lambda line: {"start": _start(line)},
    "within": lambda line: {"deadline": _within(line)},
    "by": lambda line: {"deadline": By(values.day(line.at, line.child), line.span)},
    "deadline": lambda line: {"deadline": Unspecified(line.span)},
    "grace": lambda line: {"grace": line.time(line.child)},
    "recurring": lambda line: {"every": line.time(line.child)},
    "cure": lambda line: {"cure": _cure(line)},
}


def _toward(norm: Norm, line: _Line) -> Norm:
    child = line.child
    return replace(norm, toward=Var("other", line.span) if child is None else line.actor(child))


def _beneficiary(norm: Norm, line: _Line) -> Norm:
    return replace(norm, beneficiary=line.actor(line.child))


def _clock_stop(norm: Norm, line: _Line) -> Norm:
    condition, most = line.tree.children
    stop = ClockStop(line.condition(condition), line.at_most(most), line.span)
    return replace(norm, clock_stops=(*norm.clock_stops, stop))


def _lapse(norm: Norm, line: _Line) -> Norm:
    condition, via = line.tree.children
    name = unquote(via) if via is not None else None
    return replace(norm, lapses=(*norm.lapses, Lapse(line.condition(condition), name, line.span)))


def _follows(norm: Norm, line: _Line) -> Norm:
    found = _consequence(line.tree, line.at, line.scope)
    return replace(norm, consequences=(*norm.consequences, found))


def _step(norm: Norm, line: _Line) -> Norm:
    name, text, after, follows = line.tree.children
    consequence, decider = _followed(follows, line)
    if str(name) in (step.name for step in norm.steps):
        line.at.names.report.error(
            "SV0310",
            f"the step `{name}` is there twice",
            line.at.span(name),
            why="Decisions name the step that they take.",
            fix="Give it another name.",
        )
        raise Refused
    made = Step(
        str(name),
        unquote(text) if text is not None else None,
        line.time(after, metric=True),
        decider,
        consequence,
        line.span,
    )
    return replace(norm, steps=_in_order((*norm.steps, made)))


def _otherwise(norm: Norm, line: _Line) -> Norm:
    consequence, decider = _followed(line.child, line)
    made = Step(decider=decider, consequence=consequence, span=line.span)
    return replace(norm, steps=_in_order((*norm.steps, made)))


def _in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Named steps first, as the formatter writes them."""
    return tuple(sorted(steps, key=lambda step: step.name is None))


def _followed(tree: Node, line: _Line) -> tuple[Consequence | None, str | Unspecified | None]:
    """What a step brings about, if anything, and who decides on it."""
    *acts_on, decider, most = tree.children if is_tree(tree, "follows") else (*tree.children, None)
    by = _decider(decider, line.at) if decider is not None else None
    if not acts_on:
        return None, by
    verb, fulfilled, target = acts_on
    consequence = Consequence(
        str(verb),
        _target(str(verb), target, line.at, line.scope),
        only_fulfilled=fulfilled is not None,
        at_most=line.at_most(most),
        span=line.at.span(tree),
    )
    return consequence, by


def _with_strength(norm: Norm, line: _Line) -> Norm:
    return replace(norm, strength=_strength(line.tree, line.at, line.scope))


def _with_list(norm: Norm, line: _Line) -> Norm:
    name, members = line.tree.children
    held: AnyValue | Unspecified = Unspecified(line.span)
    if getattr(members, "type", "") != "UNSPECIFIED":
        held = values.value(line.at, line.scope, members)
    return replace(norm, lists=(*norm.lists, NamedList(str(name), held, line.span)))


_FOLLOWING: dict[str, Callable[[Norm, _Line], Norm]] = {
    "toward": _toward,
    "beneficiary": _beneficiary,
    "clock_stops": _clock_stop,
    "lapses_when": _lapse,
    "step": _step,
    "otherwise": _otherwise,
    "consequence": _follows,
    "strength": _with_strength,
    "list": _with_list,
}


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
            ids = all_of(lambda t: at.names.norm(str(t), at.span(t)), child.children)
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
        case "translation":
            return replace(norm, translations=translated(norm.translations, tree, at))
        case "left_open":
            return replace(norm, open_on_purpose=unquote(child))
        case "note":
            return replace(norm, notes=(*norm.notes, unquote(child)))
        case "descent":
            return replace(norm, descends_from=(*norm.descends_from, descent(tree, at)))
        case _:
            return replace(norm, citations=(*norm.citations, citation(tree, at)))


def descent(tree: Node, at: Place) -> Descent:
    """`descends from DRAFT CLAUSE, CLAUSE`."""
    draft, clauses = tree.children
    return Descent(str(draft), tuple(str(token) for token in clauses.children), at.span(tree))


def citation(tree: Node, at: Place) -> Citation:
    """`source WITNESS paragraph n digest "hex"`."""
    witness, paragraph, digest = tree.children
    number = values.whole(at, paragraph, "a paragraph", 1) if paragraph is not None else None
    text = unquote(digest) if digest is not None else None
    if text is not None and not re.fullmatch(r"[0-9a-f]{16,64}", text):
        at.names.report.error(
            "SV0503",
            "this is no digest",
            at.span(digest),
            why="A digest opens a SHA-256: 16 to 64 digits of 0-9 and a-f.",
            fix="Work it out over the paragraph's text in UTF-8, without the line end.",
        )
        raise Refused
    return Citation(at.identifier(witness), number, text, at.span(tree))


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
    found = all_of(lambda n: values.value(at, scope, n, _ACTOR), nodes)
    if kind == "bearer_each":
        only = found[0]
        found = only.items if isinstance(only, SetOf) else found
        return Bearers(found, True, others, span)
    if any(isinstance(v, SetOf) for v in found):
        at.names.report.error(
            "SV0503",
            "a set does not say whether its members bear it together or each",
            span,
            why="Borne together, one of them alone cannot fulfil it; borne by each, each has to.",
            fix="Write `bearer A, B` for together, or `bearer each of {A, B}`.",
        )
        raise Refused
    return Bearers(found, False, others, span)


def _consequence(tree: Node, at: Place, scope: Scope) -> Consequence:
    verb, fulfilled, target, when, decider, most, via = tree.children
    return Consequence(
        str(verb),
        _target(str(verb), target, at, scope),
        Conditions(at, scope).build(when) if when is not None else None,
        fulfilled is not None,
        _decider(decider, at) if decider is not None else None,
        values.duration(at, most, metric=True) if most is not None else None,
        unquote(via) if via is not None else None,
        at.span(tree),
    )


def _target(verb: str, target: Node, at: Place, scope: Scope) -> Target:
    """The norm that a consequence acts on, with the instances it names."""
    name, keys = target.children
    norm = at.names.norm(str(name), at.span(name))
    if verb == "lapses" and at.names.norms[norm].kind is not NormKind.GUARANTEE:
        at.names.report.error(
            "SV0602",
            f"`{norm}` is no guarantee, and only guarantees lapse",
            at.span(target),
            why="To lapse is to end for good without a breach, as a guarantee does.",
            fix=f"Write `terminates {norm}`.",
        )
        raise Refused
    return Target(norm, instance_keys(at, scope, norm, keys), at.span(target))


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
