"""What other norms do to an instance: which effect of which norm, and when it works.

In: a ground problem and an instance.  Out: the name of the rule that an effect feeds (suspended,
released, taken back, forfeited), the instance that it comes from, the effect, and its node.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servanda.engine.instances import Instance
from servanda.model.consequence import Effect

if TYPE_CHECKING:
    from servanda.reason.ground import Ground

_RULES = {"suspends": "suspended", "lapses": "forfeited"}


def incoming(ground: "Ground", one: Instance) -> Iterator[tuple[str, Instance, Effect, int]]:
    """Effects on an instance, in the order of the text."""
    for source, effect in ground.setting.agreement.effects_on(one.norm.id):
        for other in ground.setting.instances(source.id):
            meant = ground.instances(one.norm.id, effect.target.keys, other.env)
            if one.id not in {m.id for m in meant}:
                continue
            parts = [ground.flag(other, "running")]
            if effect.condition is not None:
                parts.append(ground.node(effect.condition, other.env))
            name = _RULES.get(effect.verb)
            if name is None:
                name = "taken_back" if effect.only_fulfilled else "released"
            yield name, other, effect, ground.both(parts)
