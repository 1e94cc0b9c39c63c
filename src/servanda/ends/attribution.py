"""What an act does when nobody is named for it, or when it is falsely laid at somebody's door.

In: ways in which one actor alone brings something about, and acts that breach a prohibition.  Out:
for each manner of telling the act, under which evidence standards it has the same effect, and who
loses by it.  The evaluator is asked about the very same course, told otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from servanda.ends.answers import Search
from servanda.ends.breach import breaches
from servanda.ends.power import Power
from servanda.ends.result import Attribution, Commitment, Told, Way
from servanda.ends.world import World
from servanda.evidence.record import UNATTRIBUTED
from servanda.evidence.standard import PARTY_PREFIX
from servanda.reason.acts import WITNESSES, doer_of
from servanda.reason.replay import Claim, Standing, Story, standing

ASKED = (Power.END, Power.SUSPEND, Power.TRIGGER, Power.FORFEIT, Power.INVOKE)
BREACH = "breach"


@dataclass
class Attributing:
    """Answers of the evaluator are kept by the records that they rest on."""

    search: Search
    standards: Sequence[str]
    _kept: dict[str, Standing] = field(default_factory=dict)

    def of(self, commitments: Sequence[Commitment]) -> Iterator[Attribution]:
        seen: set[tuple[str, str, str, str]] = set()
        for one in commitments:
            for power, way, claims in self._effects(one):
                found = self._one(one, power, way, claims)
                if found is None:
                    continue
                key = (found.power, found.instance, found.act, found.actor)
                if key not in seen:
                    seen.add(key)
                    yield found

    def _effects(self, one: Commitment) -> Iterator[tuple[str, Way, tuple[Claim, ...]]]:
        for answer in one.of(*ASKED):
            for way in answer.ways:
                if len(way.group) == 1 and way.acts:
                    yield answer.power, way, way.story.shows
        yield from self._breaches(one)

    def _breaches(self, one: Commitment) -> Iterator[tuple[str, Way, tuple[Claim, ...]]]:
        for way in breaches(self.search, one):
            yield BREACH, way, way.story.shows

    def _one(
        self, one: Commitment, power: str, way: Way, claims: tuple[Claim, ...]
    ) -> Attribution | None:
        """The act that decides, told in other manners."""
        world = self.search.world(dict(way.story.readings))
        place = _deciding(world, way)
        if place is None:
            return None
        rows, who = place
        actor = str(rows[0]["args"][who])
        manners: list[tuple[str, str, Sequence[str]]] = [("nobody is named", UNATTRIBUTED, ())]
        if (accuser := _accuser(world, actor, one.bearers)) is not None:
            manners.append(("one side alone says so", actor, (accuser,)))
        manners.append(("two of no side say so", actor, WITNESSES))
        return Attribution(
            power,
            one.id,
            _losing(one, power, actor),
            way.acts[-1].what,
            actor,
            tuple(
                Told(
                    name,
                    " and ".join(by),
                    self._told(world, way.story, rows, who, named, by or WITNESSES, claims),
                )
                for name, named, by in manners
            ),
            way.story.readings,
        )

    def _told(
        self,
        world: World,
        story: Story,
        rows: Sequence[Mapping[str, Any]],
        who: str,
        named: str,
        sources: Sequence[str],
        claims: tuple[Claim, ...],
    ) -> tuple[tuple[str, bool], ...]:
        """Under which standards the claims hold, if the act is told so."""
        first = rows[0]
        others = [row for row in story.rows if row not in rows]
        made = [
            {**first, "id": f"t{at}", "args": {**first["args"], who: named}, "source": source}
            for at, source in enumerate(sources)
        ]
        heard = [
            name for name in self.standards if self._concerns(name, first["args"][who], sources)
        ]
        seen = self._standing(world, [*others, *made], story.as_of)
        return tuple((name, all(map(seen.under(name).holds, claims))) for name in heard)

    @staticmethod
    def _concerns(standard: str, actor: object, sources: Sequence[str]) -> bool:
        """Whether a standard can differ here: the account of one who says nothing is silent."""
        if not standard.startswith(PARTY_PREFIX):
            return True
        return standard.removeprefix(PARTY_PREFIX) in (actor, *sources)

    def _standing(self, world: World, rows: Sequence[Mapping[str, Any]], as_of: str) -> Standing:
        key = repr((sorted(world.setting.assignment.items()), rows, as_of))
        if key not in self._kept:
            self._kept[key] = standing(world.setting, rows, as_of)
        return self._kept[key]


def _losing(one: Commitment, power: str, actor: str) -> tuple[str, ...]:
    """Who loses by it: whoever stands accused or is called to account, or has the benefit."""
    if power == BREACH:
        return one.bearers
    if power in (Power.TRIGGER, Power.INVOKE):
        return (actor,)
    return one.owed_to or one.bearers


def _deciding(world: World, way: Way) -> tuple[list[Mapping[str, Any]], str] | None:
    """The records of the last act of a way that somebody could be falsely named for."""
    types = world.setting.agreement.record_types
    for row in reversed(way.story.rows):
        declared = types[row["type"]]
        who = doer_of(declared)
        if who is None or declared.alone or row["type"] in ("finding", "casts_vote", "decides"):
            continue
        if row["args"].get(who) not in way.group:
            continue
        mark = str(row["id"]).rstrip("ab")
        return [r for r in way.story.rows if str(r["id"]).rstrip("ab") == mark], who
    return None


def _accuser(world: World, actor: str, bearers: Sequence[str]) -> str | None:
    """A side that is not the one that acts, and rather none that bears the commitment."""
    actors = world.setting.agreement.actors
    others = [one for one in world.setting.sides if one != actor and actors[one].is_side]
    return next((side for side in others if side not in bearers), next(iter(others), None))
