"""Which records of a type match a pattern, asked once for each shape.

What does not depend on the shape alone, numbers and places, is compared in columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from servanda.engine.columns.located import relations
from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Facts, Ground
from servanda.evidence.table import MISSING, Ints, Mask
from servanda.model.condition import Bound
from servanda.model.record_type import ArgKind, RecordType

Bindings = tuple[tuple[str, str], ...]
NO_MATCH = -1


@dataclass(frozen=True, slots=True)
class Match:
    """The places among the rows of a type that match, in order, and the number of what each binds.

    `undetermined` are rows of which it cannot be said whether they are where the pattern asks.
    """

    places: Ints
    binding: Ints
    bindings: Sequence[Bindings]
    undetermined: Ints


def match(facts: Facts, rows: Rows, ground: Ground) -> Match:
    """`rows` are those of the type that the pattern asks for."""
    record_type = facts.world.agreement.record_types[ground.type]
    bounds = [(name, m) for name, m in ground.args if isinstance(m, Bound)]
    plain = replace(
        ground,
        args=tuple((name, m) for name, m in ground.args if not isinstance(m, Bound)),
        places=None,
        within_km=None,
    )
    shapes, which = rows.shapes
    known: dict[Bindings, int] = {}
    # Of the shapes that match or may, in order: the number, that of what it binds, whether it may.
    told: list[tuple[int, int, bool]] = []
    noted, facts.undetermined = facts.undetermined, set()
    for number in _conceivable(facts, rows, plain, record_type):
        bound = facts.matched(rows.table.example(int(shapes[number])), plain, record_type)
        if bound is not None or facts.undetermined:
            binding = NO_MATCH if bound is None else known.setdefault(bound, len(known))
            told.append((number, binding, bool(facts.undetermined)))
            facts.undetermined.clear()
    facts.undetermined = noted
    numbers, bindings, unsure = np.array(told, np.int64).reshape(-1, 3).T
    places = rows.of_shapes(numbers)
    place_of = np.empty(len(shapes), np.int64)  # nothing is asked of the others
    place_of[numbers] = np.arange(len(told))
    of_row = place_of[which[places]]
    found, undetermined = bindings[of_row], unsure[of_row] != 0
    for name, bound_by in bounds:
        found[~_within(rows, name, bound_by, places)] = NO_MATCH
    if ground.places is not None:
        inside, unclear = _located(facts, rows, ground, record_type, places, found != NO_MATCH)
        undetermined |= unclear
        found[~inside] = NO_MATCH
    kept = found != NO_MATCH
    return Match(places[kept], found[kept], tuple(known), rows.rows[places[undetermined]])


def _conceivable(
    facts: Facts, rows: Rows, ground: Ground, record_type: RecordType
) -> Sequence[int]:
    """The shapes that name what the pattern asks for; all where nothing tells them apart so."""
    everything = range(len(rows.shapes[0]))
    if _regions(facts, ground):
        return everything
    fewest, found = len(everything), None
    actors = facts.world.agreement.actors
    for name, matcher in ground.args:
        declared = record_type.arg(name)
        if declared is None or not isinstance(matcher, frozenset) or declared.kind in _ASKED:
            continue
        names = set(matcher)
        for actor in (actors[m] for m in matcher if m in actors):
            names |= {*actor.members, *actor.voice}
        index = rows.index(name)
        some = [index[word] for word in names if word in index]
        if (at_most := sum(map(len, some))) < fewest:
            fewest, found = at_most, some
    return everything if found is None else sorted(set().union(*found))


# Kinds of arguments that are matched by more than the word that is given.
_ASKED = (ArgKind.PLACE, ArgKind.TERRITORY, ArgKind.NUMBER, ArgKind.MONEY)


def _regions(facts: Facts, ground: Ground) -> set[str]:
    """Regions whose territory a pattern asks for."""
    record_type = facts.world.agreement.record_types[ground.type]
    kinds = {a.name: a.kind for a in record_type.args}
    return {
        m
        for name, matcher in ground.args
        if kinds.get(name) is ArgKind.TERRITORY and isinstance(matcher, frozenset)
        for m in matcher
        if m not in facts.world.agreement.actors
    }


def one_by_one(facts: Facts, ground: Ground) -> bool:
    """Whether a pattern asks of each record what its shape does not tell.

    So with the territory of a region that changes in time, or beside a number, which is looked at
    before or after it.
    """
    regions = _regions(facts, ground)
    numbers = any(isinstance(matcher, Bound) for _, matcher in ground.args)
    return any(r in facts.world.atlas.versions for r in regions) or (bool(regions) and numbers)


def _within(rows: Rows, name: str, bound: Bound, places: Ints) -> Mask:
    codes, known = rows.numbers(name)
    holds = np.array(
        [bound.comparison.holds(n, bound.quantity.amount) for n in known] + [False], bool
    )
    return holds[np.where(codes[places] == MISSING, len(known), codes[places])]


def _located(
    facts: Facts, rows: Rows, ground: Ground, record_type: RecordType, places: Ints, asked: Mask
) -> tuple[Mask, Mask]:
    assert ground.places is not None
    inside = np.zeros(len(places), bool)
    unclear = inside.copy()
    inside[asked], unclear[asked] = relations(
        rows.table,
        rows.rows[places[asked]],
        ground.places,
        ground.within_km,
        facts.world.atlas,
        lambda record: facts.located(record, record_type, ground),
    )
    return inside, unclear
