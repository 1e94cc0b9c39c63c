"""Which records of a type match a pattern, asked once for each shape.

What does not depend on the shape alone, numbers and places, is compared in columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from servanda.engine.columns.located import relations
from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Facts, Ground
from servanda.evidence.columns import MISSING, Ints, Mask
from servanda.model.condition import Bound
from servanda.model.record_type import ArgKind, RecordType

Bindings = tuple[tuple[str, str], ...]
NO_MATCH = -1


@dataclass(frozen=True, slots=True)
class Match:
    """For each row of a type the number of what its match binds, NO_MATCH where it is none.

    `undetermined` are rows of which it cannot be said whether they are where the pattern asks.
    """

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
    binding = np.full(len(shapes), NO_MATCH, np.int64)
    unsure = np.zeros(len(shapes), bool)
    noted, facts.undetermined = facts.undetermined, set()
    for number, shape in enumerate(shapes):
        bound = facts.matched(rows.table.example(int(shape)), plain, record_type)
        if bound is not None:
            binding[number] = known.setdefault(bound, len(known))
        if facts.undetermined:
            unsure[number] = True
            facts.undetermined.clear()
    facts.undetermined = noted
    found = binding[which]
    for name, bound_by in bounds:
        found[~_within(rows, name, bound_by)] = NO_MATCH
    undetermined = unsure[which]
    if ground.places is not None:
        inside, unclear = _located(facts, rows, ground, record_type, found != NO_MATCH)
        undetermined |= unclear
        found[~inside] = NO_MATCH
    return Match(found, tuple(known), rows.rows[undetermined])


def one_by_one(facts: Facts, ground: Ground) -> bool:
    """Whether a pattern asks of each record what its shape does not tell.

    So with the territory of a region that changes in time, or beside a number, which is looked at
    before or after it.
    """
    record_type = facts.world.agreement.record_types[ground.type]
    kinds = {a.name: a.kind for a in record_type.args}
    regions = {
        m
        for name, matcher in ground.args
        if kinds.get(name) is ArgKind.TERRITORY and isinstance(matcher, frozenset)
        for m in matcher
        if m not in facts.world.agreement.actors
    }
    numbers = any(isinstance(matcher, Bound) for _, matcher in ground.args)
    return any(r in facts.world.atlas.versions for r in regions) or (bool(regions) and numbers)


def _within(rows: Rows, name: str, bound: Bound) -> Mask:
    codes, known = rows.numbers(name)
    holds = np.array(
        [bound.comparison.holds(n, bound.quantity.amount) for n in known] + [False], bool
    )
    return holds[np.where(codes == MISSING, len(known), codes)]


def _located(
    facts: Facts, rows: Rows, ground: Ground, record_type: RecordType, asked: Mask
) -> tuple[Mask, Mask]:
    assert ground.places is not None
    inside = np.zeros(len(rows.rows), bool)
    unclear = inside.copy()
    inside[asked], unclear[asked] = relations(
        rows.table,
        rows.rows[asked],
        ground.places,
        ground.within_km,
        facts.world.atlas,
        lambda record: facts.located(record, record_type, ground),
    )
    return inside, unclear
