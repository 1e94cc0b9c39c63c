"""Disputed terms out of declarations: what each reading stands for."""

from dataclasses import replace

from servanda.language import values
from servanda.language.assemble import Declared
from servanda.language.conditions import Conditions
from servanda.language.scope import FORCE, Names, Place, Refused, Scope
from servanda.language.syntax import Node, is_tree, unquote
from servanda.model.condition import Condition, SetOf, TermHolds, TermValue, Value
from servanda.model.norm import Unspecified
from servanda.model.term import CountsAs, Reading, Term

_VALUES = ("plain", "bound", "set", "members", "literal")


def enter_readings(declared: Declared, names: Names) -> None:
    """Note the readings of a term by name, before any is built."""
    info = names.terms[str(declared.tree.children[0])]
    for clause in declared.all("reading"):
        name, _, body, _ = clause.tree.children
        at = Place(clause.line, names)
        if str(name) in info.readings:
            names.report.error(
                "SV0402",
                f"the reading `{name}` is declared twice",
                at.span(name),
                fix="Give one of the two another name.",
            )
            continue
        info.readings[str(name)] = body


def settle_kinds(names: Names) -> None:
    """Find the terms that hold or fail by themselves: a reading of theirs is a condition."""
    changed = True
    while changed:
        changed = False
        for info in names.terms.values():
            if not info.holds and any(_is_condition(b, names) for b in info.readings.values()):
                info.holds = changed = True


def _is_condition(body: Node, names: Names) -> bool:
    if body is None or is_tree(body, "counts", *_VALUES):
        return False
    if is_tree(body, "conj"):
        return not any(is_tree(part, *_VALUES) for part in body.children)
    word = bare(body)
    if word is None:
        return True
    if word in names.terms:
        return names.terms[word].holds
    return word == FORCE or names.calls.get(word) == ()


def bare(node: Node) -> str | None:
    """The name, if a condition consists of one name alone."""
    if not is_tree(node, "apply"):
        return None
    new, name, *rest = node.children
    return str(name) if new is None and all(part is None for part in rest) else None


def term(declared: Declared, names: Names) -> Term:
    at = Place(declared.line, names)
    name, title = declared.tree.children
    text = unquote(title) if title is not None else None
    found = Term(str(name), text, span=at.span(name))
    for clause in declared.clauses:
        at, tree = Place(clause.line, names), clause.tree
        child: Node = tree.children[0] if tree.children else None
        try:
            match str(tree.data):
                case "reading":
                    found = replace(found, readings=(*found.readings, _reading(found, tree, at)))
                case "decided_by":
                    decider = (
                        Unspecified(at.span(child))
                        if child.type == "UNSPECIFIED"
                        else names.actor(str(child), at.span(child))
                    )
                    found = replace(found, decided_by=decider)
                case "until_decided":
                    found = replace(found, until_decided=_known_reading(found.id, child, at))
                case "inert":
                    found = replace(found, inert=True)
                case "left_open":
                    found = replace(found, open_on_purpose=unquote(child))
                case _:
                    found = replace(found, note=unquote(child))
        except Refused:
            continue
    return found


def _known_reading(term: str, token: Node, at: Place) -> str:
    known = at.names.terms[term].readings
    if str(token) not in known:
        at.names.report.unknown(
            "SV0405",
            f"the term `{term}` has no reading `{token}`",
            at.span(token),
            str(token),
            known,
            why=f"Its readings are {', '.join(known) or 'none'}.",
            fix="Correct the name, or add the reading.",
        )
        raise Refused
    return str(token)


def _reading(term: Term, tree: Node, at: Place) -> Reading:
    name, note, body, owners = tree.children
    owned = () if owners is None else owners.children
    return Reading(
        at.identifier(name),
        _body(term.id, body, at) if body is not None else None,
        unquote(note) if note is not None else None,
        tuple(at.names.actor(str(t), at.span(t)) for t in owned),
        at.span(tree),
    )


def _body(term: str, body: Node, at: Place) -> Value | Condition | CountsAs:
    names, scope = at.names, Scope(own_term=term)
    if is_tree(body, "counts"):
        units, party = body.children
        found = values.value(at, scope, units)
        assert isinstance(found, SetOf)
        return CountsAs(found, names.actor(str(party), at.span(party)), at.span(body))
    if is_tree(body, "bound"):
        compare, amount = body.children
        return values.bound(at, compare, amount.children[0], amount.children[1], amount)
    if is_tree(body, "plain"):
        return values.value(at, scope, body)
    word = bare(body)
    if word is not None and not _is_condition(body, names):
        return values.named(at, scope, body.children[1])
    if is_tree(body, "conj") and any(is_tree(part, *_VALUES) for part in body.children):
        items: list[Value] = []
        for part in body.children:
            items.extend(_members(term, part, at, (term,)))
        return SetOf(tuple(dict.fromkeys(items)), at.span(body))
    if word == term:
        return TermHolds(term, at.span(body))
    return Conditions(at, scope).build(body)


def _members(term: str, part: Node, at: Place, seen: tuple[str, ...]) -> list[Value]:
    """What a part of `reading_a and {x, y}` adds: the items of a set, or of another reading."""
    if is_tree(part, "plain"):
        found = values.value(at, Scope(own_term=term), part)
        return list(found.items) if isinstance(found, SetOf) else [found]
    word = bare(part)
    readings = at.names.terms[term].readings
    if word is None or word not in readings:
        at.names.report.unknown(
            "SV0512",
            "a set can be joined with another reading of the same term only",
            at.span(part),
            word or "",
            readings,
            why=f"The readings of `{term}` are {', '.join(readings)}.",
            fix="Name the reading first, then what is added: `reading_a and {x, y}`.",
        )
        raise Refused
    body = readings[word]
    if word in seen or body is None:
        at.names.report.error(
            "SV0511" if word in seen else "SV0512",
            f"the reading `{word}` is built from itself"
            if word in seen
            else f"the reading `{word}` is no set",
            at.span(part),
            fix="List the members in full.",
        )
        raise Refused
    parts = body.children if is_tree(body, "conj") else [body]
    if len(parts) == 1 and bare(body) is not None and bare(body) not in readings:
        return [values.named(at, Scope(own_term=term), body.children[1])]
    found_items: list[Value] = []
    for inner in parts:
        found_items.extend(_members(term, inner, at, (*seen, word)))
    return found_items


__all__ = ["TermValue", "bare", "enter_readings", "settle_kinds", "term"]
