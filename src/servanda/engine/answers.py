"""What a condition rests on, as one comparable value.

The answer of a condition is the condition with its leaves replaced by what the records, readings
and other norms say to them.  A condition with equal answers is true at the same instants, whatever
standard or readings it was asked under; so that work is done once and shared.  Parts that no record
can make true are folded away, and with them the readings that then do not matter.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servanda.engine.closure import leaf_terms
from servanda.engine.consent import consent_instant
from servanda.engine.facts import Fact, Ground, Matcher
from servanda.engine.quantities import SINCE
from servanda.engine.walk import unbound
from servanda.evidence.standard import Role
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.history import History
    from servanda.engine.reason import Env, EnvValue
    from servanda.engine.reference import Evaluator

Answer = Hashable
EnvKey = tuple[tuple[str, object], ...]


NOTHING: frozenset[str] = frozenset()
MOST = 200_000  # answers that are kept; of very many instances each asks for its own, and once


def env_key(env: "Env") -> EnvKey:
    """A binding of variables as a value that can be looked up."""
    return tuple(sorted(env.items())) if len(env) > 1 else tuple(env.items())


@dataclass
class Answers:
    """Answers under one evaluator; kept, since the same conditions are asked again and again."""

    evaluator: "Evaluator"
    matching: "Callable[[str, tuple[EnvValue, ...]], Sequence[History]]"
    consulted: Callable[[str], frozenset[str]] = lambda norm: NOTHING
    _known: dict[tuple[int, EnvKey, Role, frozenset[str]], tuple[Answer, frozenset[str]]] = field(
        default_factory=dict
    )
    _reading: list[set[str]] = field(default_factory=lambda: [set()])

    @property
    def terms(self) -> set[str]:
        """The disputed terms whose readings have been asked for, in the innermost collection."""
        return self._reading[-1]

    @contextmanager
    def collecting(self) -> Iterator[set[str]]:
        """Gather the terms whose readings are asked for inside."""
        self._reading.append(set())
        try:
            yield self._reading[-1]
        finally:
            self._reading.pop()

    def of(self, cond: c.Condition, env: "Env", role: Role, own: frozenset[str]) -> Answer:
        """The answer; norms in `own` are being worked out now and stand for themselves."""
        key = (id(cond), env_key(env), role, own)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > MOST:
                self._known.clear()
            self._reading.append(set())  # as `collecting`, which takes longer than many an answer
            try:
                answer = self._of(cond, env, role, own)
            finally:
                asked = self._reading.pop()
            found = self._known[key] = answer, frozenset(asked) if asked else NOTHING
        self._reading[-1].update(found[1])
        return found[0]

    # One branch for each form of a condition.
    def _of(  # noqa: C901, PLR0915
        self, cond: c.Condition, env: "Env", role: Role, own: frozenset[str]
    ) -> Answer:
        evaluator = self.evaluator
        world = evaluator.facts.world
        match cond:
            case c.Pattern(type=kind):
                if kind not in world.by_type or not evaluator.conceivable(cond, env, role):
                    return False
                self.terms.update(leaf_terms(cond, world.agreement))
                return evaluator.facts.answer(evaluator.ground(cond, env), role)
            case c.StateOf(norm, keys) | c.KeptFor(norm, keys):
                self.terms.update(leaf_terms(cond, world.agreement))
                named = tuple(evaluator.key_of(k, env) for k in keys)
                if norm in own:
                    return (id(cond), named)
                histories = self.matching(norm, named)
                self.terms.update(self.consulted(norm))
                if isinstance(cond, c.StateOf) and _never(cond.state, histories):
                    return False
                return (id(cond), named, *(self.of_history(h) for h in histories))
            case c.Reads(term, reading):
                self.terms.add(term)
                return evaluator.assignment.get(term) == reading
            case c.TermHolds(term):
                self.terms.add(term)
                return self.of(evaluator.term_condition(term), env, role, own)
            case c.Call(name) if name in world.agreement.definitions:
                defined = world.agreement.definitions[name]
                inner = evaluator.arguments(defined.parameters, cond, env)
                return self.of(defined.condition, inner, role, own)
            case c.Call(name):
                state = world.agreement.states[name]
                inner = evaluator.arguments(state.parameters, cond, env)
                begins = self.of(state.begins, inner, Role.OFFENDING, own)
                ends = state.ends and self.of(state.ends, inner, Role.FULFILLING, own)
                return begins and ("state", id(state), begins, ends)
            case c.InForce():
                when = world.agreement.header.in_force_when
                return when is not None and ("in force", self.of(when, {}, Role.FULFILLING, own))
            case c.Consent():
                self.terms.update(leaf_terms(cond, world.agreement))
                parties = evaluator.names(cond.of, env) or frozenset()
                found = consent_instant(evaluator.facts, parties, cond)
                return found is not None and (
                    "consent",
                    found[0],
                    world.interned(_facts(found[1])),
                )
            case c.Same(left, right):
                self.terms.update(leaf_terms(cond, world.agreement))
                one, other = evaluator.names(left, env), evaluator.names(right, env)
                # What is unbound is settled for each value that records give.
                waits = unbound(left, env) or unbound(right, env)
                return (id(cond), one, other) if waits else bool(one and other and one <= other)
            case c.Measured():
                self.terms.update(leaf_terms(cond, world.agreement))
                names = evaluator.names(cond.measure, env) or frozenset()
                args: tuple[tuple[str, Matcher], ...] = (("name", names),)
                if holders := evaluator.names(cond.of, env):
                    args += (("of", holders),)
                facts = evaluator.facts.find(Ground("measure", args), Role.OFFENDING)
                return (id(cond), world.interned(_facts(facts)))
            case c.Outstanding():
                self.terms.update(leaf_terms(cond, world.agreement))
                who = tuple(evaluator.names(v, env) for v in (cond.holder, cond.category))
                facts = evaluator.facts.find(Ground("tally", ()), Role.FULFILLING)
                return (id(cond), who, world.interned(_facts(facts)))
            case c.Not(body):
                inner_answer = self.of(body, env, role, own)
                return not inner_answer if isinstance(inner_answer, bool) else ("not", inner_answer)
            case c.And(parts):
                return self._fold("and", parts, env, role, own, settles=False)
            case c.Or(parts):
                return self._fold("or", parts, env, role, own, settles=True)
            case c.Dyadic(left=left, right=right):
                both = (self.of(left, env, role, own), self.of(right, env, role, own))
                return (id(cond), both)
            case c.Every(variable, domain, body):
                self.terms.update(leaf_terms(cond, world.agreement))
                members = evaluator.names(domain, env)
                return members is not None and (
                    id(cond),
                    tuple(self.of(body, {**env, variable: m}, role, own) for m in sorted(members)),
                )
            case c.Aggregate(body=body, quantity=c.MeasuredLimit(measure=measure)):
                ground = Ground("measure", (("name", frozenset({measure})),))
                facts = evaluator.facts.find(ground, Role.OFFENDING)
                added = self.of(body, env, role, own)
                return (id(cond), env.get(SINCE), added, world.interned(_facts(facts)))
            case c.Some(_, body) | c.Aggregate(body=body) | c.Temporal(body=body):
                return (id(cond), env.get(SINCE), self.of(body, env, role, own))
            case c.Lasting(_, body) | c.After(_, body):
                return (id(cond), self.of(body, env, role, own))
            case _:
                return id(cond)

    def _fold(
        self,
        word: str,
        parts: tuple[c.Condition, ...],
        env: "Env",
        role: Role,
        own: frozenset[str],
        *,
        settles: bool,
    ) -> Answer:
        """A conjunction falls with one false part, a disjunction stands with one true part.

        Readings are asked last: where the records settle it, they do not matter.
        """
        open_parts: list[Answer] = []
        for part in sorted(parts, key=_asks_reading):
            answer = self.of(part, env, role, own)
            if answer is settles:
                return settles
            if not isinstance(answer, bool):
                open_parts.append(answer)
        if not open_parts:
            return not settles
        return (word, *open_parts)

    def of_history(self, history: "History") -> int:
        """All that other norms can ask of an instance."""
        return self.evaluator.facts.world.interned(
            (
                history.instance.id,
                history.instance.vacant,
                tuple(history.times),
                tuple(history.flags),
                history.activated,
                history.entered(),
            )
        )


def _never(state: str, histories: "Iterable[History]") -> bool:
    """Whether no instance is ever in a state."""
    match state:
        case "inactive":
            return False
        case "active":
            return not any(flags.running for h in histories for flags in h.flags)
        case "fulfilled":
            return not any(flags.fulfilled or flags.cured for h in histories for flags in h.flags)
        case _:
            return not any(getattr(flags, state) for h in histories for flags in h.flags)


def _asks_reading(cond: c.Condition) -> bool:
    return isinstance(cond.body if isinstance(cond, c.Not) else cond, c.Reads)


def _facts(facts: Iterable[Fact]) -> tuple[object, ...]:
    return tuple((f.at, f.first, f.ids, f.bindings) for f in facts)
