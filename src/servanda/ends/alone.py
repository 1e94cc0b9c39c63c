"""What each actor can do alone: the groups of one, and those of a body that one member carries."""

from collections.abc import Iterable, Iterator, Mapping

from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Alone, Answer, Commitment, Seats, Way
from servanda.ends.seats import people


def alone(
    commitments: Iterable[Commitment], seats: Mapping[str, Seats]
) -> dict[str, tuple[Alone, ...]]:
    """By actor all that it can do without anybody else, in the order of the text."""
    found: dict[str, list[Alone]] = {}
    for one in commitments:
        for actor, what in (*_does(one, seats), *_blocks(one, seats)):
            found.setdefault(actor, []).append(what)
    return {actor: tuple(found[actor]) for actor in sorted(found)}


def _does(one: Commitment, seats: Mapping[str, Seats]) -> Iterator[tuple[str, Alone]]:
    for answer in one.answers:
        if answer.power in BLOCKS.values() and answer.power is not Power.INVOKE:
            continue  # who begins or performs it is no power over it
        for way in answer.ways:
            good = None if way.back is None else way.back.for_good
            for actor, body in _single(way.group, seats):
                yield (
                    actor,
                    Alone(
                        answer.power,
                        one.id,
                        answer.clause,
                        answer.cause,
                        doing(way, answer),
                        body,
                        good,
                        answer.readings,
                    ),
                )


def _blocks(one: Commitment, seats: Mapping[str, Seats]) -> Iterator[tuple[str, Alone]]:
    for block in one.blocks:
        asked = next((a for a in one.answers if a.power is BLOCKS[block.power]), None)
        clause, cause = ("", "") if asked is None else (asked.clause, asked.cause)
        for group in block.groups:
            for actor, body in _single(group, seats, blocking=True):
                by = "by not doing its part"
                yield (
                    actor,
                    Alone(
                        block.power, one.id, clause, cause, by, body, None, block.readings
                    ),
                )


def _single(
    group: tuple[str, ...], seats: Mapping[str, Seats], blocking: bool = False
) -> Iterator[tuple[str, str | None]]:
    """Actors that make up a group alone, with the body that they carry or hold up."""
    if len(group) == 1:
        yield group[0], None
    bodies = [name for name in group if name in seats]
    if not bodies:
        return
    for one in people(group, seats, blocking) or ():
        if len(one) == 1 and one != group:
            yield one[0], bodies[0]


def doing(way: Way, answer: Answer) -> str:
    """What a group does, in words; where it only lets time pass, that it omits what it owes."""
    acts = [event.what for event in way.acts]
    if acts:
        return "; ".join(acts)
    waits = [event.what for event in way.events if not event.ordinary]
    omitting = "omits what it owes: " if way.group else ""
    return omitting + "; ".join(waits) if waits else answer.cause
