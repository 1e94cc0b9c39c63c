"""What each actor can do alone: the groups of one, and those of a body that one member carries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Alone, Answer, Block, Commitment, Seats, Way
from servanda.ends.seats import people
from servanda.reason.groups import least_settled

WITHHOLDS = "withholds its part"
WITHHOLDS_CONSENT = "withholds its consent to the agreement"


def alone(
    commitments: Iterable[Commitment],
    seats: Mapping[str, Seats],
    consents: frozenset[str] = frozenset(),
) -> dict[str, tuple[Alone, ...]]:
    """By actor all that it can do without anybody else, in the order of the text.

    `consents` are the types of record by which the agreement enters into force.
    """
    found: dict[str, list[Alone]] = {}
    for one in commitments:
        for actor, what in _together([*_does(one, seats), *_blocks(one, seats, consents)]):
            found.setdefault(actor, []).append(what)
    return {actor: tuple(found[actor]) for actor in sorted(found)}


# An actor, what it can do, and under how many different answers in all.
_Said = tuple[str, Alone, int]


def _together(said: Iterable[_Said]) -> Iterator[tuple[str, Alone]]:
    """What holds under several readings is said once; under all of them, without readings."""
    merged: dict[tuple[str, ...], tuple[str, Alone, int, int]] = {}
    for actor, one, among in said:
        key = (actor, one.power, one.clause, one.cause, one.by, one.through or "")
        if key not in merged:
            merged[key] = (actor, one, 1, among)
            continue
        _, earlier, count, _ = merged[key]
        both = replace(
            earlier,
            readings=(*earlier.readings, *one.readings),
            settled=least_settled((earlier.settled, one.settled)),
        )
        merged[key] = (actor, both, count + 1, among)
    for actor, one, count, among in merged.values():
        yield actor, replace(one, readings=()) if count >= among else one


def _does(one: Commitment, seats: Mapping[str, Seats]) -> Iterator[_Said]:
    for answer in one.answers:
        if answer.power in (Power.START, Power.FULFIL):
            continue  # who begins or performs it is no power over it
        same = [a for a in one.of(answer.power) if (a.clause, a.cause) == _said(answer)]
        for way in answer.ways:
            good = None if way.back is None else way.back.for_good
            for actor, body in _single(way.group, seats):
                by = doing(way, answer)
                made = Alone(answer.power, one.id, *_said(answer), by, body, good, answer.readings)
                yield actor, made, len(same)


def _said(answer: Answer) -> tuple[str, str]:
    return answer.clause, answer.cause


def _blocks(
    one: Commitment, seats: Mapping[str, Seats], consents: frozenset[str]
) -> Iterator[_Said]:
    for block in one.blocks:
        same = [b for b in one.blocks if (b.power, b.cause) == (block.power, block.cause)]
        for group in block.groups:
            for actor, body in _single(group, seats, blocking=True):
                by = _withheld(one, block, body or actor, consents)
                made = Alone(block.power, one.id, block.clause, block.cause, by, body)
                told = replace(made, readings=block.readings, settled=block.settled)
                yield actor, told, len(same)


def _withheld(one: Commitment, block: Block, actor: str, consents: frozenset[str]) -> str:
    """What is withheld: its consent, where nothing else is asked of it in any way there is."""
    asked = {
        event.type
        for answer in one.of(BLOCKS[block.power])
        if answer.readings == block.readings
        for way in answer.ways
        for event in way.acts
        if actor in event.by
    }
    return WITHHOLDS_CONSENT if asked and asked <= consents else WITHHOLDS


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
