"""Instances: whom and what a norm is about, one by one.

The key of an instance is its bearer, where there is one instance per bearer, then its subjects in
the order of the `for each` clauses: `p[Bearer,Subject]`.  A norm whose instances come from acts has
a single vacant instance, named by the bare id, until somebody acts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from servanda.engine.axis import EARLIEST
from servanda.engine.reason import Env, EnvValue
from servanda.engine.reference import Evaluator
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.norm import ForEach, Norm, NormKind
from servanda.model.unspecified import Unspecified


@dataclass(frozen=True)
class Instance:
    norm: Norm
    key: tuple[str, ...] = ()
    env: Env = field(default_factory=dict)
    bearers: tuple[str, ...] = ()
    vacant: bool = False

    @property
    def id(self) -> str:
        return f"{self.norm.id}[{','.join(self.key)}]" if self.key else self.norm.id


def instances(norm: Norm, evaluator: Evaluator) -> tuple[Instance, ...]:
    """All instances of a norm on the facts that count, in the order of the text."""
    norm = as_read(norm, evaluator)
    envs: list[dict[str, EnvValue]] = [{}]
    for clause in norm.for_each:
        envs = [{**env, **more} for env in envs for more in _bindings(clause, env, evaluator)]
    if not envs:
        return (Instance(norm, bearers=_named(norm), vacant=True),)
    found = [one for env in envs for one in _per_bearer(norm, env, evaluator)]
    if norm.exists_when is not None:
        cond = norm.exists_when
        found = [
            i for i in found if evaluator.evaluate(cond, i.env, EARLIEST, Role.FULFILLING).holds
        ]
    return tuple({i.key: i for i in found}.values())


def as_read(norm: Norm, evaluator: Evaluator) -> Norm:
    """The norm with its strength under the readings assumed: as it is, or political."""
    if norm.strength is None:
        return norm
    when = norm.strength.political_when
    if when is not None and not evaluator.holds(when, {}, EARLIEST, Role.FULFILLING):
        return norm
    known = evaluator.facts.world.political
    if id(norm) not in known:
        known[id(norm)] = norm, replace(norm, kind=NormKind.POLITICAL, verb=norm.duty)
    return known[id(norm)][1]


def ordered(value: c.Value, env: Env, evaluator: Evaluator) -> tuple[str, ...]:
    """The names that a value stands for, in the order in which they are written."""
    match value:
        case c.SetOf(items):
            nested = (name for item in items for name in ordered(item, env, evaluator))
            return tuple(dict.fromkeys(nested))
        case c.MembersOf(group):
            return evaluator.facts.world.agreement.members_of(group)
        case _:
            return tuple(sorted(evaluator.names(value, env) or ()))


def _bindings(
    clause: ForEach, env: Mapping[str, EnvValue], evaluator: Evaluator
) -> Iterable[dict[str, EnvValue]]:
    found: dict[tuple[str, ...], None] = {}
    if clause.domain is not None:
        found.update(((name,), None) for name in ordered(clause.domain, env, evaluator))
    if clause.where is not None:
        facts = evaluator.facts.find(evaluator.ground(clause.where, env), Role.FULFILLING)
        acted = set()
        for fact in facts:
            bound = dict(fact.bindings)
            if all(v in bound for v in clause.variables):
                acted.add(tuple(bound[v] for v in clause.variables))
        found.update((values, None) for values in sorted(acted))
    return [dict(zip(clause.variables, values, strict=True)) for values in found]


def _named(norm: Norm) -> tuple[str, ...]:
    if norm.bearers is None:
        return ()
    return tuple(v.name for v in norm.bearers.values if isinstance(v, c.Name))


def _per_bearer(norm: Norm, env: dict[str, EnvValue], evaluator: Evaluator) -> Iterable[Instance]:
    subjects = [v for clause in norm.for_each for v in clause.variables]
    if norm.bearers is None or not norm.bearers.values:
        yield Instance(norm, _key(subjects, env), env)
        return
    values = norm.bearers.values
    names = tuple(
        dict.fromkeys(name for value in values for name in ordered(value, env, evaluator))
    )
    if norm.bearers.each:
        for name in names:
            rest = frozenset(names) - {name}
            inner = {**env, "bearer": name, **_toward(norm, rest, env, evaluator)}
            yield Instance(norm, (name, *_key(subjects, env)), inner, (name,))
        return
    bearer: EnvValue = names[0] if len(names) == 1 else frozenset(names)
    inner = {**env, "bearer": bearer, **_toward(norm, frozenset(), env, evaluator)}
    first = [v.name for v in values if isinstance(v, c.Var)]
    subjects = [*first, *(s for s in subjects if s not in first)]
    yield Instance(norm, _key(subjects, env), inner, names)


def _toward(
    norm: Norm, rest: frozenset[str], env: Env, evaluator: Evaluator
) -> dict[str, EnvValue]:
    if norm.toward is None:
        return {"other": rest} if rest else {}
    if isinstance(norm.toward, c.Var) and norm.toward.name in ("other", "others"):
        return {"other": rest}
    names = evaluator.names(norm.toward, env)
    return {"other": names} if names else {}


def _key(subjects: Iterable[str], env: Mapping[str, EnvValue]) -> tuple[str, ...]:
    return tuple(value for s in subjects if isinstance(value := env.get(s), str))


def open_fields(norm: Norm) -> tuple[str, ...]:
    """What the text of a norm leaves open, by name."""
    found = []
    if norm.bearers is not None and not norm.bearers.values:
        found.append("bearer")
    if norm.bearers is not None and norm.bearers.open:
        found.append("bearers")
    if isinstance(norm.deadline, Unspecified):
        found.append("deadline")
    if isinstance(norm.decided_by, Unspecified):
        found.append("decided_by")
    if isinstance(norm.every, Unspecified):
        found.append("every")
    found += [one.name for one in norm.lists if isinstance(one.value, Unspecified)]
    found += [one.name for one in norm.open]
    if norm.cure is not None and isinstance(norm.cure.within, Unspecified):
        found.append("cure")
    if isinstance(norm.grace, Unspecified):
        found.append("grace")
    found += [f"{step.name}.after" for step in norm.steps if isinstance(step.after, Unspecified)]
    found += [
        f"{step.name or 'otherwise'}.decided_by"
        for step in norm.steps
        if isinstance(step.decider, Unspecified)
    ]
    return tuple(dict.fromkeys(found))
