"""Who can end what as plain data, schema `servanda.ends/1`; the same input gives the same data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from servanda.ends.result import (
    Alone,
    Answer,
    Attribution,
    Back,
    Block,
    Commitment,
    Ends,
    Readings,
    Seats,
    Way,
)
from servanda.ends.run import SECONDS, who_ends
from servanda.ends.seats import people
from servanda.library import Library, load_draft
from servanda.reason.replay import Story

SCHEMA = "servanda.ends/1"


def ends(
    agreement: Library | str | Path,
    norm: str | None = None,
    *,
    readings: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    seconds: float = SECONDS,
) -> dict[str, Any]:
    """Who can end what in an agreement; `norm` is a commitment, an instance, or a provision."""
    library = agreement if isinstance(agreement, Library) else load_draft(agreement)
    found = who_ends(library, norm, readings, assume, seconds)
    return plain(library, found, readings or {}, assume)


def plain(
    library: Library, found: Ends, readings: Mapping[str, str], assume: Sequence[str]
) -> dict[str, Any]:
    seats = {one.body: one for one in found.seats}
    return {
        "schema": SCHEMA,
        "agreement": library.agreement.header.plain(),
        "readings": dict(readings),
        "assumptions": list(assume),
        "errors": library.loaded.plain_errors(),
        "commitments": [_commitment(one, seats) for one in found.commitments],
        "alone": [
            {"actor": actor, "can": [_alone(one) for one in listed]}
            for actor, listed in found.alone.items()
        ],
        "bodies": [_seats(one) for one in found.seats],
        "attribution": [_attribution(one) for one in found.attribution],
        "undecided": list(found.undecided),
        "readings_cut": list(found.readings_cut),
    }


def _commitment(one: Commitment, seats: Mapping[str, Seats]) -> dict[str, Any]:
    return {
        "id": one.id,
        "norm": one.norm,
        "kind": one.kind,
        "text": one.text,
        "bearers": list(one.bearers),
        "owed_to": list(one.owed_to),
        "answers": [_answer(answer, seats) for answer in one.answers],
        "blocks": [_block(block, seats) for block in one.blocks],
    }


def _answer(one: Answer, seats: Mapping[str, Seats]) -> dict[str, Any]:
    return {
        "power": one.power.value,
        "clause": one.clause,
        "cause": one.cause,
        "ways": [_way(way, seats) for way in one.ways],
        "settled": one.settled.value,
        "steps": one.steps,
        "doubt": one.doubt or None,
        "left_open": list(one.open),
        "after_beginning": one.begun,
        "readings": _readings(one.readings),
    }


def _way(one: Way, seats: Mapping[str, Seats]) -> dict[str, Any]:
    return {
        "group": list(one.group),
        "people": _people(one.group, seats, False),
        "events": [
            {
                "day": e.day,
                "what": e.what,
                "by": list(e.by),
                "ordinary": e.ordinary,
                "type": e.type,
            }
            for e in one.events
        ],
        "story": _story(one.story),
        "back": None if one.back is None else _back(one.back),
    }


def _people(
    group: Sequence[str], seats: Mapping[str, Seats], blocking: bool
) -> list[list[str]] | None:
    found = people(group, seats, blocking)
    return None if found is None else [list(one) for one in found]


def _back(one: Back) -> dict[str, Any]:
    return {
        "for_good": one.for_good,
        "groups": [list(group) for group in one.groups],
        "settled": one.settled.value,
        "steps": one.steps,
        "stories": [_story(story) for story in one.stories],
    }


def _block(one: Block, seats: Mapping[str, Seats]) -> dict[str, Any]:
    return {
        "power": one.power.value,
        "clause": one.clause,
        "cause": one.cause,
        "groups": [
            {"group": list(group), "people": _people(group, seats, True)} for group in one.groups
        ],
        "settled": one.settled.value,
        "steps": one.steps,
        "readings": _readings(one.readings),
    }


def _story(one: Story) -> dict[str, Any]:
    """A course of events, with the records that tell it and what the evaluator finds."""
    return {
        "hypothetical": True,
        "as_of": one.as_of,
        "standard": one.standard,
        "readings": dict(one.readings),
        "shows": [{"instance": c.instance, "state": c.word, "holds": c.holds} for c in one.shows],
        "records": [dict(row) for row in one.rows],
    }


def _alone(one: Alone) -> dict[str, Any]:
    return {
        "power": one.power.value,
        "instance": one.instance,
        "clause": one.clause,
        "cause": one.cause,
        "by": one.by,
        "through": one.through,
        "for_good": one.for_good,
        "readings": _readings(one.readings),
        "settled": one.settled.value,
    }


def _seats(one: Seats) -> dict[str, Any]:
    return {
        "body": one.body,
        "rule": one.rule,
        "carriers": _listed(one.carriers),
        "blockers": _listed(one.blockers),
        "why": one.why or None,
    }


def _listed(groups: tuple[tuple[str, ...], ...] | None) -> list[list[str]] | None:
    return None if groups is None else [list(group) for group in groups]


def _attribution(one: Attribution) -> dict[str, Any]:
    return {
        "power": one.power,
        "instance": one.instance,
        "to": list(one.to),
        "act": one.act,
        "actor": one.actor,
        "told": [{"how": t.how, "by": t.by or None, "under": dict(t.under)} for t in one.told],
        "readings": dict(one.readings),
    }


def _readings(listed: tuple[Readings, ...]) -> list[dict[str, str]]:
    return [dict(one) for one in listed]
