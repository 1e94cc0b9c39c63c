"""What follows from a norm or its breach: cure, ladder of steps, suspension, termination, lapse.

A snapback is `terminates fulfilled TARGET`: what had been given ends.  Each consequence says who
decides on it; without a decider it follows by itself, and an unspecified decider never decides.
"""

from dataclasses import dataclass, field

from servanda.model import condition as c
from servanda.model.quantity import Duration
from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified

DECISION = "decides"  # the record type of a body's decision: `decides body B decision WORD`


@dataclass(frozen=True, slots=True)
class Target:
    """A norm, or some of its instances, that a consequence acts on."""

    norm: str
    keys: tuple[c.Value, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows on another norm: `suspends | terminates | lapses TARGET [when C]`.

    `terminates fulfilled TARGET` touches only what has been fulfilled.  `decider` None means that
    it follows by itself; `at_most` bounds a suspension; `via` names it in a forfeiture and in the
    record of a decision.
    """

    verb: str
    target: Target
    when: c.Condition | None = None
    only_fulfilled: bool = False
    decider: str | Unspecified | None = None
    at_most: Duration | None = None
    via: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Cure:
    """`on breach cure within 60 days`: a breach made good in time is cured."""

    within: Duration | Unspecified
    condition: c.Condition | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: `step NAME "text" after 10 days decided by B suspends TARGET`.

    It is reached once the norm has been in breach for `after` without a break.  The step without
    a name is `otherwise …`: reached when the time for a cure has passed.
    """

    name: str | None = None
    text: str | None = None
    after: Duration | Unspecified | None = None
    decider: str | Unspecified | None = None
    consequence: Consequence | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a norm does to others: the verb, whom it touches, and all that brings it about."""

    verb: str
    target: Target
    condition: c.Condition | None
    only_fulfilled: bool = False
    via: str | None = None


def effects(
    norm: str,
    keys: tuple[c.Value, ...],
    cure: Cure | None,
    steps: tuple[Step, ...],
    consequences: tuple[Consequence, ...],
) -> tuple[Effect, ...]:
    """Consequences and steps of a norm; those that nobody can bring about are left out."""
    found = [_effect(one, one.when, one.decider, one.via) for one in consequences]
    for step in steps:
        if step.consequence is not None and (when := reached(norm, keys, cure, step)) is not None:
            found.append(_effect(step.consequence, when, step.decider, step.name))
    return tuple(effect for effect in found if effect is not None)


def reached(
    norm: str, keys: tuple[c.Value, ...], cure: Cure | None, step: Step
) -> c.Condition | None:
    """When a step is reached: so long in breach; None where the text leaves the time open."""
    breached = c.StateOf(norm, keys, "breached")
    after = step.after
    if step.name is None:
        if cure is None:
            return breached
        after = cure.within
    if isinstance(after, Unspecified):
        return None
    return breached if after is None else c.Lasting(after, breached)


def _effect(
    one: Consequence,
    when: c.Condition | None,
    decider: str | Unspecified | None,
    name: str | None,
) -> Effect | None:
    if isinstance(decider, Unspecified):
        return None
    if decider is not None:
        when = decided(decider, name or one.target.norm, when)
    if one.at_most is not None and when is not None:
        when = c.And((when, c.Not(c.Lasting(one.at_most, when))))
    return Effect(one.verb, one.target, when, one.only_fulfilled, one.via)


def decided(body: str, name: str, when: c.Condition | None) -> c.Condition:
    """A body's decision of that name, taken while the condition for it has held without a break."""
    args = (c.Arg("body", c.Name(body)), c.Arg("decision", c.Name(name)))
    taken = c.Pattern(DECISION, args, new=True)
    if when is None:
        return c.Pattern(DECISION, args)
    return c.And((when, c.Dyadic("since", None, when, c.And((taken, when)))))
