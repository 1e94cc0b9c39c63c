"""Doers: whose act an act is, and which acts belong to the ordinary course of an agreement.

In: a ground problem with all its norms.  Out: for each act its authors; the acts that perform what
is owed; acts that only their author tells apart; and who omits where a deadline passes.  A measure
is the doing of him whom it measures.  What nobody does is the doing of `EVENTS`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from servanda.engine.instances import Instance
from servanda.model.actor import ActorKind
from servanda.reason.acts import Act, acts_for, by_anybody, doer_of
from servanda.reason.ground import Ground
from servanda.reason.setting import Row

EVENTS = "(events)"


@dataclass(frozen=True)
class Doers:
    """`like` gives acts that differ in their author alone the act that stands for them."""

    authors: tuple[frozenset[str], ...]
    ordinary: frozenset[int]
    like: dict[int, int] = field(default_factory=dict)
    owes: dict[str, frozenset[str]] = field(default_factory=dict)


def doers(ground: Ground) -> Doers:
    """Ground all norms, add the acts of others and those that take back, and say whose they are."""
    ground.everything()
    like = _by_others(ground)
    for act in [*_endings(ground)]:
        ground.act(act)
    ground.close()
    owes = {
        one.id: frozenset(one.bearers)
        for norm in ground.setting.agreement.norms
        for one in ground.setting.instances(norm)
    }
    authors = tuple(_authors(ground, act) for act in ground.acts)
    ordinary = _ordinary(ground)
    ground.owed = _owed(ground, ordinary)
    ground.close()
    return Doers(authors, ordinary, like, owes)


def _authors(ground: Ground, act: Act) -> frozenset[str]:
    found = act.by or frozenset(n for row in act.rows for n in _named(row, ("of", "by")))
    if (
        not act.by or act.rows[-1]["type"] == "measure"
    ):  # what is measured of a fund is no act of it
        found = frozenset(name for name in found if _has_will(ground, name))
    return found or frozenset({EVENTS})


def _named(row: Row, args: tuple[str, ...]) -> Iterator[str]:
    for arg in args:
        given: Any = row["args"].get(arg, ())
        yield from (given,) if isinstance(given, str) else given


def _has_will(ground: Ground, name: str) -> bool:
    actor = ground.setting.agreement.actors.get(name)
    return actor is not None and actor.kind is not ActorKind.HOLDING


# --- acts of others -------------------------------------------------------------------------------


def _by_others(ground: Ground) -> dict[int, int]:
    """Where a clause does not say who acts, the acts of others are added: who owes them first."""
    setting = ground.setting
    owing = _owing(ground)
    like = dict(ground.alike)
    for number, pattern, env in list(ground.patterns):
        for act in acts_for(setting, pattern, env):
            first = ground.act(act)
            for one in by_anybody(setting, pattern, act, owing.get(number, ())):
                other = ground.act(one)
                if other != first:
                    like[other] = first
    return like


def _owing(ground: Ground) -> dict[int, list[str]]:
    """Who owes that a pattern comes to hold, by the node of the pattern."""
    found: dict[int, list[str]] = {}
    for norm in ground.setting.agreement.norms:
        for one in ground.setting.instances(norm):
            for name in ("achieve", "maintain"):
                pending = [ground.rules[one.id].get(name, 0)]
                while pending:
                    number = pending.pop()
                    node = ground.nodes[number]
                    if node.kind == "pattern":
                        found.setdefault(number, []).extend(one.bearers)
                    elif node.kind != "not":
                        pending.extend(node.parts)
    return found


def _endings(ground: Ground) -> Iterator[Act]:
    """Acts that take back what another act brought about, where the types of records have such."""
    types = ground.setting.agreement.record_types
    for number in sorted(_ordinary(ground)):
        act = ground.acts[number]
        row = act.rows[-1]
        for ending in types[row["type"]].endings:
            args = {b: row["args"][a] for a, b in ending.same if a in row["args"]}
            declared = types[ending.type]
            if declared.id == row["type"]:
                continue  # another place of the same kind: who takes it is not settled
            for arg in declared.args:
                if arg.required and arg.name not in args:
                    args[arg.name] = row["args"].get(arg.name) or "example"
            who = doer_of(declared)
            given = args.get(who or "", ())
            by = frozenset((given,) if isinstance(given, str) else given)
            yield Act(({"type": ending.type, "args": args},), by)


# --- the ordinary course --------------------------------------------------------------------------


def _ordinary(ground: Ground) -> frozenset[int]:
    """Consents, and acts by which those who owe something perform it, be it before it is owed."""
    return frozenset(ground.consents | set(_performed(ground, performing)))


def _owed(ground: Ground, ordinary: frozenset[int]) -> dict[int, int]:
    """Acts of the ordinary course only while they are owed: those that take back something else."""
    when = _performed(ground, withdrawing)
    return {
        act: ground.either(ground.flag(one, "running") for one in owing)
        for act, owing in when.items()
        if act not in ordinary
    }


def _performed(
    ground: Ground, by: Callable[[Ground, int], Iterable[int]]
) -> dict[int, list[Instance]]:
    """Acts of bearers, or of nobody, by which what they owe comes to hold; with who owes it."""
    found: dict[int, list[Instance]] = {}
    for norm in ground.setting.agreement.norms:
        for one in ground.setting.instances(norm):
            rules = ground.rules[one.id]
            for name in ("achieve", "maintain"):
                for act in by(ground, rules[name]) if name in rules else ():
                    authors = _authors(ground, ground.acts[act])
                    if not one.bearers or authors & set(one.bearers) or EVENTS in authors:
                        found.setdefault(act, []).append(one)
    return found


def performing(ground: Ground, number: int) -> Iterator[int]:
    """The acts by which a condition can come to hold."""
    node = ground.nodes[number]
    match node.kind:
        case "pattern":
            yield from ground.matched.get(number, ())
        case "act":
            yield node.of[0]
        case "latest":
            yield from (act for act, holds in ground.told(node) if holds)
        case "and" | "or" | "once" | "since" | "elapsed" | "kept" | "state":
            for part in node.parts:
                yield from performing(ground, part)


def withdrawing(ground: Ground, number: int) -> Iterator[int]:
    """The acts by which something ceases, so that a condition comes to hold which denies it."""
    node = ground.nodes[number]
    match node.kind:
        case "not":
            yield from sorted(takes_back(ground, node.parts[0]))
        case "and" | "or":
            for part in node.parts:
                yield from withdrawing(ground, part)


def takes_back(ground: Ground, number: int) -> set[int]:
    """The acts by which a condition can cease to hold, once it holds."""
    node = ground.nodes[number]
    if node.kind == "not":
        return set(performing(ground, node.parts[0]))
    acts = set(performing(ground, number))
    ending = {later for later, earlier in ground.ends() if earlier in acts}
    told = set()
    if node.kind == "latest":
        told = {act for act, holds in ground.told(node) if not holds}
    return ending.union(told, *(takes_back(ground, part) for part in node.parts))


def lasting(ground: Ground, number: int) -> bool:
    """Whether a condition rests on states that acts bring about and others take back."""
    node = ground.nodes[number]
    match node.kind:
        case "pattern":
            return not node.of[1]
        case "latest":
            return True
        case "and" | "or" | "not":
            return all(lasting(ground, part) for part in node.parts)
        case _:
            return False
