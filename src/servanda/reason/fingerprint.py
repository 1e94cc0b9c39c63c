"""A fingerprint of what goals depend on: equal for problems that are the same but for numbering."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from servanda.reason.cone import cone_of
from servanda.reason.ground import Ground


def fingerprint(ground: Ground, goals: Iterable[int]) -> str:
    """Nodes by their place in the cone, acts by what they are; rules by instance."""
    asked = list(goals)
    cone = cone_of(ground, asked)
    place = {number: at for at, number in enumerate(reversed(cone.nodes), 2)} | {0: 0, 1: 1}
    acts = {act: ground.acts[act].key for act in cone.acts}
    lines: list[Any] = [[place[goal] for goal in asked]]
    for number in reversed(cone.nodes):
        node = ground.nodes[number]
        of: Any = node.of
        if node.kind == "act":
            of = acts[node.of[0]]
        elif node.kind == "pattern":
            matched = ground.matched.get(number, ())
            of = (node.of[1], sorted(acts[a] for a in matched))
        elif node.kind == "latest":
            of = (node.of, sorted((acts[a], holds) for a, holds in ground.told(node)))
        elif node.kind == "open":
            of = node.of[0]
        lines.append((node.kind, [place[p] for p in node.parts], of))
    for one in sorted(cone.instances):
        for name, value in sorted(ground.rules[one].items()):
            if name == "allowed":
                lines.append((one, name, [[place[n] for n in pair] for pair in value]))
            elif name == "decided":
                told = {r: [(acts[a], place[on]) for a, on in made] for r, made in value.items()}
                lines.append((one, name, told))
            elif name in ("norm", "due_after", "checked", "each", "automatic"):
                lines.append((one, name, value))
            else:
                lines.append((one, name, place[value]))
    for known in (ground.required, ground.owed):
        lines.append(sorted((acts[a], place[n]) for a, n in known.items() if a in acts))
    return blake2b(repr(lines).encode(), digest_size=16).hexdigest()
