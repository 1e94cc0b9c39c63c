"""Conditions out of trees: names are settled by scope, arguments by record type."""

from collections.abc import Callable
from dataclasses import dataclass

from servanda.language import values
from servanda.language.limits import MAX_CONDITION_DEPTH
from servanda.language.measured_limit import limit
from servanda.language.patterns import measured, membership, pattern
from servanda.language.scope import FORCE, Place, Refused, Scope, all_of
from servanda.language.syntax import Node, is_tree
from servanda.model.condition import (
    After,
    Aggregate,
    And,
    Call,
    Condition,
    Consent,
    Dyadic,
    Every,
    FromInstant,
    InForce,
    KeptFor,
    Lasting,
    Not,
    Or,
    Outstanding,
    Pattern,
    Reads,
    Same,
    SetOf,
    Some,
    StateOf,
    Temporal,
    TermHolds,
)
from servanda.model.norm import STATE_WORDS, NormKind
from servanda.model.record_type import ArgKind, ArgType

_ONLY_GUARANTEE = ("invoked", "lapsed")
_HOLDER = ArgType("holder", ArgKind.ACTOR)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Builds the conditions of one line."""

    at: Place
    scope: Scope
    depth: int = 0

    def build(self, node: Node) -> Condition:
        """The condition that a tree stands for; raises `Refused` after reporting an error."""
        while is_tree(node, "paren"):
            node = node.children[0]
        if self.depth > MAX_CONDITION_DEPTH:
            self._refuse(
                "SV0306",
                f"conditions are nested more than {MAX_CONDITION_DEPTH} deep",
                node,
                why="Nobody could follow it.",
                fix="Give parts of it a name with `define`.",
            )
        if not is_tree(node):
            return FromInstant(values.instant(self.at, node), self.at.span(node))
        builder = _BUILDERS.get(str(node.data))
        if builder is None:
            raise self._refuse(
                "SV0506",
                "a value stands here, and a condition is needed",
                node,
                why="A condition is the case or not; a name, number or set is neither.",
                fix="Compare it: `bearer in {A, B}`, `TERM is READING`.",
            )
        return builder(self, node)

    def inner(self, node: Node, *variables: str) -> Condition:
        scope = self.scope.having(*variables) if variables else self.scope
        return Conditions(self.at, scope, self.depth + 1).build(node)

    def _refuse(self, code: str, title: str, node: Node, **more: str) -> "Refused":
        self.at.names.report.error(code, title, self.at.span(node), **more)
        raise Refused

    # --- connectives ----------------------------------------------------------------------------

    def conj(self, node: Node) -> Condition:
        return And(all_of(self.inner, node.children), self.at.span(node))

    def disj(self, node: Node) -> Condition:
        return Or(all_of(self.inner, node.children), self.at.span(node))

    def negation(self, node: Node) -> Condition:
        return Not(self.inner(node.children[0]), self.at.span(node))

    def after(self, node: Node) -> Condition:
        length, body = node.children
        return After(values.duration(self.at, length), self.inner(body), self.at.span(node))

    def temporal(self, node: Node) -> Condition:
        op, bounds, body = node.children
        window = values.window(self.at, bounds) if bounds is not None else None
        return Temporal(str(op), window, self.inner(body), self.at.span(node))

    def dyadic(self, node: Node) -> Condition:
        left, op, bounds, right = node.children
        window = values.window(self.at, bounds) if bounds is not None else None
        first, second = all_of(self.inner, (left, right))
        return Dyadic(str(op), window, first, second, self.at.span(node))

    def lasting(self, node: Node) -> Condition:
        length, body = node.children
        held = values.duration(self.at, length, metric=True)
        return Lasting(held, self.inner(body), self.at.span(node))

    def some(self, node: Node) -> Condition:
        variables = self._variables(node.children[0])
        return Some(variables, self.inner(node.children[1], *variables), self.at.span(node))

    def every(self, node: Node) -> Condition:
        variable, domain, body = node.children
        name = self._variable(variable)
        return Every(
            name,
            values.value(self.at, self.scope, domain),
            self.inner(body, name),
            self.at.span(node),
        )

    def _variables(self, node: Node) -> tuple[str, ...]:
        found = tuple(self._variable(token) for token in node.children)
        if len(set(found)) < len(found):
            self._refuse(
                "SV0402",
                "a variable is introduced twice",
                node,
                why="Nobody could tell which of the two is meant.",
                fix="Name it once.",
            )
        return found

    def _variable(self, token: Node) -> str:
        return variable_name(self.at, token)

    # --- aggregates -----------------------------------------------------------------------------

    def count(self, node: Node) -> Condition:
        body, window, compare, amount = node.children
        return self._aggregate(node, "count", None, body, window, compare, amount)

    def aggregate(self, node: Node) -> Condition:
        op, argument, body, window, compare, amount = node.children
        name = self.at.identifier(argument)
        return self._aggregate(node, str(op).split()[0], name, body, window, compare, amount)

    def _aggregate(
        self,
        node: Node,
        op: str,
        argument: str | None,
        body: Node,
        window: Node,
        compare: Node,
        amount: Node,
    ) -> Condition:
        back = (
            values.duration(self.at, window.children[0], metric=True)
            if window is not None
            else None
        )
        return Aggregate(
            op,
            argument,
            self.inner(body),
            back,
            values.comparison(compare.children[0]),
            limit(self.at, self.scope, amount),
            self.at.span(node),
        )

    def outstanding(self, node: Node) -> Condition:
        tally, holder, category, compare, amount = node.children
        name, known = self.at.identifier(tally), self.at.names.tallies
        if name not in known:
            self.at.names.report.unknown(
                "SV0401",
                f"no tally is called `{name}`",
                self.at.span(tally),
                name,
                known,
                why="What is counted by holder and category is declared as a tally.",
                fix=f'Declare it: `tally {name} "title" by {{category, category}}`.',
            )
            raise Refused
        kind = ArgType("category", ArgKind.WORD, one_of=known[name])
        return Outstanding(
            name,
            values.value(self.at, self.scope, holder, _HOLDER),
            values.value(self.at, self.scope, category, kind),
            values.comparison(compare.children[0]),
            values.quantity(self.at, amount),
            self.at.span(node),
        )

    # --- leaves ---------------------------------------------------------------------------------

    def consent(self, node: Node) -> Condition:
        of, types, withdrawn, capacities = node.children
        return Consent(
            values.value(self.at, self.scope, of, ArgType("of", ArgKind.ACTOR)),
            self._types(types),
            self._types(withdrawn),
            () if capacities is None else tuple(str(t) for t in capacities.children),
            self.at.span(node),
        )

    def _types(self, node: Node) -> tuple[str, ...]:
        if node is None:
            return ()
        return all_of(lambda token: record_type(self.at, token), node.children)

    def is_(self, node: Node) -> Condition:
        target, right = node.children
        name, keys = target.children
        text, names, span = str(name), self.at.names, self.at.span(node)
        if keys is None and (self.scope.binds(text) or text in self.scope.lists):
            left = values.named(self.at, self.scope, name)
            return Same(left, values.value(self.at, self.scope, right), span)
        if text in names.norms:
            return StateOf(text, self._keys(text, keys), self._state(text, right), span)
        if keys is None and text in names.terms:
            return Reads(text, self._reading(text, right), span)
        if keys is None and text in ("bearer", "other", "offender"):
            values.named(self.at, self.scope, name)
        names.report.unknown(
            "SV0401",
            f"`{text}` is neither a norm, a term nor a variable",
            self.at.span(name),
            text,
            [*names.norms, *names.terms, *self.scope.variables, *self.scope.implicit],
            why="Before `is` stands a norm (is fulfilled), a term (is READING) or a variable.",
            fix="Correct the name, or declare it.",
        )
        raise Refused

    def kept(self, node: Node) -> Condition:
        target, length = node.children
        name, keys = target.children
        norm = self.at.names.norm(str(name), self.at.span(name))
        lasted = values.duration(self.at, length, metric=True)
        return KeptFor(norm, self._keys(norm, keys), lasted, self.at.span(node))

    def _keys(self, norm: str, keys: Node) -> tuple:  # type: ignore[type-arg]
        return instance_keys(self.at, self.scope, norm, keys)

    def _state(self, norm: str, right: Node) -> str:
        word = str(right.children[0]) if is_tree(right, "name") else ""
        kind = self.at.names.norms[norm].kind
        allowed = [s for s in STATE_WORDS if s not in _ONLY_GUARANTEE or kind is NormKind.GUARANTEE]
        if word not in allowed:
            self.at.names.report.unknown(
                "SV0505",
                f"a norm is never “{word}”" if word else "a norm has states, and this is none",
                self.at.span(right),
                word,
                allowed,
                why=f"Only a guarantee is {word}; the states of {norm} are {', '.join(allowed)}."
                if word in _ONLY_GUARANTEE
                else f"The states of {norm} are {', '.join(allowed)}.",
                fix="Write one of them.",
            )
            raise Refused
        return word

    def _reading(self, term: str, right: Node) -> str:
        names = self.at.names
        names.used_terms.add(term)
        word = str(right.children[0]) if is_tree(right, "name") else ""
        if word not in names.terms[term].readings:
            names.report.unknown(
                "SV0405",
                f"the term `{term}` has no reading `{word}`",
                self.at.span(right),
                word,
                names.terms[term].readings,
                why=f"Its readings are {', '.join(names.terms[term].readings) or 'none'}.",
                fix="Correct the name, or add the reading to the term.",
            )
            raise Refused
        return word

    def call(self, node: Node) -> Condition:
        name, *given = node.children
        text, names = self.at.identifier(name), self.at.names
        given = [g for g in given if g is not None]
        if text not in names.calls:
            names.report.unknown(
                "SV0401",
                f"nothing is defined as `{text}`",
                self.at.span(name),
                text,
                names.calls,
                why="A name with parentheses is a definition or a state.",
                fix=f"Define it: `define {text}(…) as CONDITION`, or correct the name.",
            )
            raise Refused
        wanted = names.calls[text]
        if len(given) != len(wanted):
            self._refuse(
                "SV0508",
                f"`{text}` takes {_arguments(len(wanted))}, and {_given(len(given))}",
                node,
                why=f"It is defined as `{text}({', '.join(wanted)})`.",
                fix="Give a value for each, between the parentheses.",
            )
        args = all_of(lambda g: values.value(self.at, self.scope, g), given)
        return Call(text, args, self.at.span(node))

    def apply(self, node: Node) -> Condition:
        new, name, *rest = node.children
        *items, place, within = rest
        text, names = str(name), self.at.names
        if new is None and not items and place is None:
            return self.bare(name)
        first = str(items[0]) if items else ""
        if new is None and place is None and first in ("in", "of"):
            if first == "in" and (self.scope.binds(text) or text not in names.records):
                return membership(self.at, self.scope, node, name, items)
            compared = any(getattr(i, "type", "") == "COMPARISON" for i in items)
            if text in names.measures or (
                compared and (text in names.terms or self.scope.binds(text))
            ):
                return measured(self.at, self.scope, node, name, items)
        return pattern(self.at, self.scope, node, new, name, items, place, within)

    def bare(self, name: Node) -> Condition:
        """A name alone: in_force, a term that holds, a definition without parameters, a type."""
        text, names, span = self.at.identifier(name), self.at.names, self.at.span(name)
        if text == FORCE:
            return InForce(span)
        if text in names.terms:
            names.used_terms.add(text)
            if not names.terms[text].holds:
                self._refuse(
                    "SV0506",
                    f"the term `{text}` cannot hold by itself",
                    name,
                    why="Its readings are values or mere names, not conditions.",
                    fix=f"Ask which reading is taken: `{text} is READING`.",
                )
            if given := names.terms[text].values:
                self._refuse(
                    "SV0506",
                    f"the term `{text}` cannot hold by itself under every reading",
                    name,
                    why=f"{' and '.join(given)} {'is' if len(given) == 1 else 'are'} no condition, "
                    "as the other readings are.",
                    fix=f"Say when it holds under {given[0]}, or ask which reading is taken:\n"
                    f"  {text} is READING",
                )
            return TermHolds(text, span)
        if text in names.calls:
            if names.calls[text]:
                self._refuse(
                    "SV0508",
                    f"`{text}` takes {_arguments(len(names.calls[text]))}, and none is given",
                    name,
                    why=f"It is defined as `{text}({', '.join(names.calls[text])})`.",
                    fix="Give a value for each, between the parentheses.",
                )
            return Call(text, (), span)
        if text in names.norms:
            self._refuse(
                "SV0506",
                f"`{text}` is a norm, and a condition asks for its state",
                name,
                why="A norm itself is neither true nor false.",
                fix=f"Write, for example, `{text} is fulfilled`.",
            )
        if text not in names.records:
            names.report.unknown(
                "SV0401",
                f"I do not know `{text}`",
                self.at.span(name),
                text,
                [*names.records, *names.terms, *names.calls, FORCE],
                why="A condition opens with a record type, a term, a definition or `in_force`.",
                fix="Correct the name, or declare it.",
            )
            raise Refused
        return Pattern(text, span=span)


_BUILDERS: dict[str, Callable[[Conditions, Node], Condition]] = {
    "conj": Conditions.conj,
    "disj": Conditions.disj,
    "negation": Conditions.negation,
    "after": Conditions.after,
    "temporal": Conditions.temporal,
    "dyadic": Conditions.dyadic,
    "lasting": Conditions.lasting,
    "some": Conditions.some,
    "every": Conditions.every,
    "count": Conditions.count,
    "aggregate": Conditions.aggregate,
    "outstanding": Conditions.outstanding,
    "consent": Conditions.consent,
    "is": Conditions.is_,
    "kept": Conditions.kept,
    "call": Conditions.call,
    "apply": Conditions.apply,
    "instant": lambda c, node: c.build(node.children[0]),
}


def _arguments(number: int) -> str:
    return "no arguments" if not number else f"{number} argument{'' if number == 1 else 's'}"


def _given(number: int) -> str:
    return "none is given" if not number else f"{number} {'is' if number == 1 else 'are'} given"


def variable_name(at: Place, token: Node) -> str:
    """The name of a variable that is introduced here."""
    text = at.identifier(token)
    if text in ("bearer", "other", "offender", FORCE) or "." in text:
        at.names.report.error(
            "SV0307",
            f"a variable cannot be called `{text}`",
            at.span(token),
            why="The word already stands for something in every norm."
            if "." not in text
            else "Names with a dot are ids of norms.",
            fix="Choose another name.",
        )
        raise Refused
    return text


def record_type(at: Place, token: Node) -> str:
    """The name of a record type, or an error."""
    text = at.identifier(token)
    if text not in at.names.records:
        at.names.report.unknown(
            "SV0403",
            f"no record type is called `{text}`",
            at.span(token),
            text,
            at.names.records,
            why="What can be recorded is listed in the standard record types and in the text.",
            fix=f'Correct the name, or declare it: `record {text} "what happens"`.',
        )
        raise Refused
    return text


def instance_keys(at: Place, scope: Scope, norm: str, keys: Node) -> tuple:  # type: ignore[type-arg]
    """The keys in square brackets behind a norm's id; their number is checked at the end."""
    if keys is None:
        return ()
    found = all_of(lambda key: values.value(at, scope, key), keys.children)

    def check() -> None:
        most = at.names.norms[norm].variables
        if len(found) > most:
            at.names.report.error(
                "SV0508",
                f"`{norm}` has {most} key{'' if most == 1 else 's'} at most, "
                f"and {_given(len(found))}",
                at.span(keys),
                why="The keys of an instance are its bearer, then what `for each` introduces.",
                fix="Leave out what is too much.",
            )

    at.names.later.append(check)
    return found


__all__ = ["Conditions", "SetOf", "instance_keys", "record_type", "variable_name"]
