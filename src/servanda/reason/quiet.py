"""Which bans a course could break at all: only of those it has to be asked that it does not.

In: a ground problem, what a course is to bring about, and bans of which none should be broken on
the way.  Out: the bans that something done in such a course could offend.  A course does nothing
that what it is to bring about does not depend on, so that the rest is quiet by itself.
"""

from collections.abc import Sequence

from servanda.engine.instances import Instance
from servanda.reason.cone import cone_of
from servanda.reason.ground import FALSE, Ground
from servanda.reason.soonest import Soonest


def at_risk(ground: Ground, goals: Sequence[int], bans: Sequence[Instance]) -> list[Instance]:
    """The bans that a course to the goals, or what keeps it from breaking a ban, could break."""
    flags = {one.id: ground.flag(one, "breached") for one in bans}
    ground.close()
    broken = {one.id: ground.rules[one.id].get("forbidden", FALSE) for one in bans}
    risky: list[Instance] = []
    while True:
        asked = [*goals, *(flags[one.id] for one in risky)]
        soonest = Soonest(ground, only=cone_of(ground, asked).acts)
        can = soonest.of([broken[one.id] for one in bans])
        found = [one for one, soon in zip(bans, can, strict=True) if soon.can]
        if len(found) <= len(risky):
            return risky
        risky = found
