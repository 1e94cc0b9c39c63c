"""Institutions out of their trees: who sits in them, how they vote, what goes before a finding."""

from dataclasses import replace
from typing import Any

from servanda.language import values
from servanda.language.assemble import Declared
from servanda.language.declarations import actor_or_open, known
from servanda.language.scope import Names, Place, Refused, Scope, all_of
from servanda.language.syntax import Node, is_tree, unquote
from servanda.model.institution import Institution, VoteBase, VoteKind, VoteRule
from servanda.model.quantity import Duration
from servanda.model.record_type import ArgKind, ArgType
from servanda.model.unspecified import Unspecified

_ACTOR = ArgType("actor", ArgKind.ACTOR)
_SEATS: dict[str, Any] = {"chair": "chair", "seats": "members", "casting_vote": "casting_vote"}
_WHO: dict[str, Any] = {
    "complaints_by": "complaints_by",
    "joint_verification_by": "verification",
}
_CLOCKS: dict[str, Any] = {
    "acknowledges_within": "acknowledgement",
    "notice_within": "notice",
    "reply_within": "reply",
}
_COUNTED = (VoteKind.MAJORITY, VoteKind.TWO_THIRDS)


def institution(declared: Declared, names: Names) -> Institution:
    at = Place(declared.line, names)
    name, title = declared.tree.children
    told = None if title is None else unquote(title)
    found = Institution(str(name), told, span=at.span(name))
    for clause in declared.clauses:
        try:
            found = _with(found, clause.tree, Place(clause.line, names))
        except Refused:
            continue
    return found


def _with(found: Institution, tree: Node, at: Place) -> Institution:
    child: Node = tree.children[0] if tree.children else None
    names = at.names
    kind = str(tree.data)
    if kind in _SEATS:
        return replace(found, **{_SEATS[kind]: _value_or_open(child, at)})
    if kind in _WHO:
        return _demanding(found, **{_WHO[kind]: _value_or_open(child, at)})
    if kind in _CLOCKS:
        return _demanding(found, **{_CLOCKS[kind]: _duration_or_open(child, at)})
    match kind:
        case "quorum":
            return replace(found, quorum=_quorum(child, at))
        case "vote":
            return replace(found, vote=_vote(child, at))
        case "own_rules":
            return replace(found, own_rules=True)
        case "evidence":
            standard = Unspecified(at.span(child)) if _open(child) else str(child)
            return replace(found, evidence=standard)
        case "hears_after":
            known(at, child, "institution", names.institutions)
            return _demanding(found, hears_after=str(child))
        case "severity":
            return _demanding(found, severity=_scale(child, at))
        case "appeal":
            return _appeal(replace(found, appeal=actor_or_open(child, at)), tree, at)
        case "competent_for":
            return replace(found, competent_for=_competent_for(child, at))
        case "established_by":
            return replace(found, established_by=names.norm(str(child), at.span(child)))
        case "decides_terms":
            all_of(lambda token: known(at, token, "term", names.terms), child.children)
            return replace(found, decides_terms=_names(child))
        case _:
            return replace(found, note=unquote(child))


def _demanding(found: Institution, **demands: Any) -> Institution:
    return replace(found, procedure=replace(found.procedure, **demands))


def _open(token: Node) -> bool:
    return getattr(token, "type", "") == "UNSPECIFIED"


def _names(node: Node) -> tuple[str, ...]:
    return tuple(str(token) for token in node.children)


def _value_or_open(node: Node, at: Place) -> Any:
    if _open(node):
        return Unspecified(at.span(node))
    return values.value(at, Scope(), node, _ACTOR)


def _quorum(node: Node, at: Place) -> int | Unspecified:
    return Unspecified(at.span(node)) if _open(node) else values.whole(at, node, "a quorum", 1)


def _duration_or_open(node: Node, at: Place) -> Duration | Unspecified:
    return Unspecified(at.span(node)) if _open(node) else values.duration(at, node)


def _scale(node: Node, at: Place) -> tuple[str, ...] | Unspecified:
    if _open(node):
        return Unspecified(at.span(node))
    words = _names(node)
    twice = next((token for token in node.children if words.count(str(token)) > 1), None)
    if twice is not None:
        at.names.report.error(
            "SV0402",
            f"the scale names `{twice}` twice",
            at.span(node),
            why="Its words go from the least to the gravest, each once.",
            fix="Remove one of the two.",
        )
        raise Refused
    return words


def _appeal(found: Institution, tree: Node, at: Place) -> Institution:
    _, within, suspensive = tree.children
    if within is not None:
        found = _demanding(found, appeal_within=_duration_or_open(within, at))
    return _demanding(found, appeal_suspends=True) if suspensive is not None else found


def _competent_for(node: Node, at: Place) -> tuple[str, ...]:
    if not is_tree(node):
        return ("*",)
    return all_of(lambda token: at.names.norm(str(token), at.span(token)), node.children)


def _vote(node: Node, at: Place) -> VoteRule | Unspecified:
    if _open(node):
        return Unspecified(at.span(node))
    rule, veto = node.children
    found = _count(rule, at) if is_tree(rule, "vote_count") else _by(rule, at)
    blocked = _value_or_open(veto, at) if veto is not None else None
    return replace(found, veto=blocked, span=at.span(node))


def _count(rule: Node, at: Place) -> VoteRule:
    needed = values.whole(at, rule.children[0], "a number of votes", 1)
    seats = values.whole(at, rule.children[1], "a number of seats", 1)
    if needed > seats:
        at.names.report.error(
            "SV0308",
            f"{needed} of {seats} votes can never be reached",
            at.span(rule),
            why=f"There are {seats} seat{'' if seats == 1 else 's'}.",
            fix="Write the votes needed first, then the seats: `5 of 7`.",
        )
        raise Refused
    return VoteRule(VoteKind.COUNT, needed, seats)


def _by(rule: Node, at: Place) -> VoteRule:
    name, base, period = rule.children
    kinds = [kind.value for kind in VoteKind if kind is not VoteKind.COUNT]
    if str(name) not in kinds:
        at.names.report.unknown(
            "SV0504",
            f"“{name}” is no way to vote",
            at.span(name),
            str(name),
            kinds,
            why=f"A decision is carried by a number (5 of 7), or by {', '.join(kinds)}.",
            fix="Write one of them, or `unspecified`.",
        )
        raise Refused
    kind = VoteKind(str(name))
    if base is not None and kind not in _COUNTED:
        _misplaced(at, base, kind, "is not counted of anything", "majority of members")
    if period is not None and kind is not VoteKind.SILENCE:
        _misplaced(at, period, kind, "has no period", "silence 72 hours")
    lasting = None if period is None else _duration_or_open(period, at)
    return VoteRule(kind, base=None if base is None else _base(base, at), period=lasting)


def _misplaced(at: Place, node: Node, kind: VoteKind, why_not: str, example: str) -> None:
    at.names.report.error(
        "SV0513",
        f"a vote by {kind.value} {why_not}",
        at.span(node),
        why="`of` says of what a majority or two thirds are counted; a period is that of a silence "
        "procedure, within which somebody may object.",
        fix=f"Leave it out, or choose the rule that has it: `vote {example}`.",
    )
    raise Refused


def _base(token: Node, at: Place) -> VoteBase | Unspecified:
    if _open(token):
        return Unspecified(at.span(token))
    bases = [base.value for base in VoteBase]
    if str(token) not in bases:
        at.names.report.unknown(
            "SV0504",
            f"votes are not counted of `{token}`",
            at.span(token),
            str(token),
            bases,
            why="A majority or two thirds are of the votes cast (votes), of those who took part "
            "(present), or of all members (members).",
            fix="Write one of them, or `unspecified`.",
        )
        raise Refused
    return VoteBase(str(token))
