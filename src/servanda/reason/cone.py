"""What a goal can depend on: the nodes, instances and acts that are below it, and no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from servanda.reason.ground import Ground, Node

_NO_NODES = ("norm", "due_after", "checked", "decided", "each", "automatic")


@dataclass(frozen=True)
class Cone:
    """`nodes` stand above what they are made of as far as there is no circle."""

    ground: Ground
    nodes: tuple[int, ...]
    instances: frozenset[str]
    acts: frozenset[int]


def cone_of(ground: Ground, goals: Iterable[int]) -> Cone:
    """The cone of some goals; a ground problem has to be closed first."""
    asked = tuple(dict.fromkeys(goals))
    key = (asked, len(ground.nodes), len(ground.acts), len(ground.owed))
    if key not in ground.cones:
        ground.cones[key] = _cone(ground, asked)
    found: Cone = ground.cones[key]
    return found


def _cone(ground: Ground, goals: Iterable[int]) -> Cone:
    seen: dict[int, None] = {}
    instances: set[str] = set()
    acts: set[int] = set()
    enders: dict[int, set[int]] = {}
    for later, earlier in ground.ends():
        enders.setdefault(earlier, set()).add(later)
    pending = [*goals]
    while pending:
        number = pending.pop()
        if number in seen:
            continue
        seen[number] = None
        node = ground.nodes[number]
        pending.extend(node.parts)
        found = set(_acts(ground, number, node))
        if node.kind == "pattern" and not node.of[1]:
            found |= {later for act in found for later in enders.get(act, ())}
        if node.kind == "flag" and node.of[0] not in instances:
            instances.add(node.of[0])
            rules = ground.rules[node.of[0]]
            pending.extend(_nodes_of(rules))
            for made in rules.get("decided", {}).values():
                found |= {act for act, _ in made}
                pending.extend(carried for _, carried in made)
        for known in (ground.required, ground.owed):
            pending.extend(known[a] for a in found if a in known)
        acts |= found
    return Cone(ground, tuple(reversed(seen)), frozenset(instances), frozenset(acts))


def _acts(ground: Ground, number: int, node: Node) -> Iterable[int]:
    match node.kind:
        case "pattern":
            return sorted(ground.matched.get(number, ()))
        case "act":
            return node.of[:1]
        case "latest":
            return [act for act, _ in ground.told(node)]
        case _:
            return ()


def _nodes_of(rules: Mapping[str, Any]) -> Iterator[int]:
    for name, value in rules.items():
        if name in _NO_NODES:
            continue
        if name == "allowed":
            for pair in value:
                yield from pair
        else:
            yield value
