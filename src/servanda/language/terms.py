"""Disputed terms out of declarations: what each reading stands for."""

from dataclasses import replace

from servanda.language import values
from servanda.language.assemble import Declared
from servanda.language.conditions import Conditions
from servanda.language.limits import MAX_CONDITION_DEPTH
from servanda.language.scope import FORCE, Names, Place, Refused, Scope, TermInfo, all_of, both
from servanda.language.syntax import Node, is_tree, unquote
from servanda.model.condition import Condition, SetOf, TermHolds, TermValue, Value
from servanda.model.term import CountsAs, Reading, Term
from servanda.model.unspecified import Unspecified

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
                why="A result that holds under it would not say under which of the two.",
                fix="Give one of the two another name.",
            )
            continue
        info.readings[str(name)] = body
        info.lines[str(name)] = clause.line


def settle_kinds(names: Names) -> None:
    """Find the terms that hold or fail by themselves: a reading of theirs is a condition."""
    named_by: dict[str, list[str]] = {}
    for term, info in names.terms.items():
        for body in info.readings.values():
            word = bare(body)
            if word in names.terms:
                named_by.setdefault(word, []).append(term)
    settled = [
        term
        for term, info in names.terms.items()
        if any(_is_condition(body, names) for body in info.readings.values())
    ]
    while settled:
        info = names.terms[settled[-1]]
        term = settled.pop()
        if not info.holds:
            info.holds = True
            settled += named_by.get(term, ())
    for info in names.terms.values():
        if info.holds:
            info.values = [
                reading
                for reading, body in info.readings.items()
                if not (_is_condition(body, names) or bare(body) in names.records)
            ]


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
    info = at.names.terms[term.id]
    if str(name) in info.refused:
        raise Refused
    try:
        value, owned_by = both(
            lambda: _body(term.id, str(name), body, at) if body is not None else None,
            lambda: all_of(lambda t: at.names.actor(str(t), at.span(t)), owned),
        )
    except Refused:
        info.refused.add(str(name))
        raise
    return Reading(
        at.identifier(name),
        value,
        unquote(note) if note is not None else None,
        owned_by,
        at.span(tree),
    )


def _body(term: str, name: str, body: Node, at: Place) -> Value | Condition | CountsAs:
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
        if names.terms[term].holds and word in names.records:
            return Conditions(at, scope).build(body)
        return values.named(at, scope, body.children[1])
    if is_tree(body, "conj") and any(is_tree(part, *_VALUES) for part in body.children):
        return SetOf(_joined(term, body, at, (name,)), at.span(body))
    if word == term:
        return TermHolds(term, at.span(body))
    return Conditions(at, scope).build(body)


def _joined(term: str, body: Node, at: Place, seen: tuple[str, ...]) -> tuple[Value, ...]:
    """The members of `reading_a and {x, y}`, each once."""
    parts = body.children if is_tree(body, "conj") else [body]
    found = all_of(lambda part: _members(term, part, at, seen), parts)
    return tuple(dict.fromkeys(member for members in found for member in members))


def _members(term: str, part: Node, at: Place, seen: tuple[str, ...]) -> tuple[Value, ...]:
    """What one part adds: the items of a set, or the members of another reading.

    `seen` are the readings that are being worked out.
    """
    if is_tree(part, "plain"):
        found = values.value(at, Scope(own_term=term), part)
        return found.items if isinstance(found, SetOf) else (found,)
    word = bare(part)
    info = at.names.terms[term]
    if word is None or word not in info.readings:
        at.names.report.unknown(
            "SV0512",
            "a set can be joined with another reading of the same term only",
            at.span(part),
            word or "",
            info.readings,
            why=f"The readings of `{term}` are {', '.join(info.readings)}.",
            fix="Name the reading first, then what is added: `reading_a and {x, y}`.",
        )
        raise Refused
    if word in info.refused:
        raise Refused
    if word not in info.members:
        _check_chain(word, part, at, info, seen)
        line = Place(info.lines[word], at.names)
        body = info.readings[word]
        name = bare(body)
        if name is not None and name not in info.readings:
            named = values.named(line, Scope(own_term=term), body.children[1])
            info.members[word] = (named,)
        else:
            info.members[word] = _joined(term, body, line, (*seen, word))
    return info.members[word]


def _check_chain(word: str, part: Node, at: Place, info: TermInfo, seen: tuple[str, ...]) -> None:
    """Refuse a reading that is no set, or that is built from itself."""
    if info.readings[word] is None:
        code, title = "SV0512", f"the reading `{word}` is no set"
        why = "It is a mere name, and nothing can be added to it."
    elif word in seen:
        code, title = "SV0511", f"the reading `{word}` is built from itself"
        why = "What belongs to it could never be worked out."
    elif len(seen) > MAX_CONDITION_DEPTH:
        code, title = "SV0306", "readings are built from each other in too long a row"
        why = f"More than {MAX_CONDITION_DEPTH} in a row are not followed."
    else:
        return
    at.names.report.error(code, title, at.span(part), why=why, fix="List the members in full.")
    info.refused.update(name for name in (*seen, word) if info.readings[name] is not None)
    raise Refused


__all__ = ["TermValue", "bare", "enter_readings", "settle_kinds", "term"]
