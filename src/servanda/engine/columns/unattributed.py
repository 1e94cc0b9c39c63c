"""Records of acts that name nobody, in columns (vocabulary, rule 5)."""

import numpy as np

from servanda.engine.columns.counting import Groups, counted
from servanda.engine.columns.facts import ColumnFacts
from servanda.engine.columns.rows import Rows
from servanda.evidence.record import UNATTRIBUTED
from servanda.evidence.standard import Role
from servanda.evidence.table import Mask
from servanda.model.record_type import ArgType


def unattributed(facts: ColumnFacts) -> list[str]:
    """Their ids, in order."""
    world = facts.column_world
    found: list[str] = []
    for name in world.groups.of_type:
        record_type = world.agreement.record_types[name]
        actor = record_type.arg(record_type.actor) if record_type.actor else None
        if actor is None:
            continue
        rows = world.rows(name)
        nobody = _nobody(rows, actor)
        of_interest = np.zeros(int(rows.occurrence[-1]) + 1, bool)
        of_interest[rows.occurrence[nobody]] = True
        asked = np.flatnonzero(of_interest[rows.occurrence])
        if not len(asked):
            continue
        edge = np.flatnonzero(np.diff(rows.occurrence[asked])) + 1
        groups = Groups(asked, np.concatenate(([0], edge, [len(asked)])))
        counts = counted(facts, rows, groups, Role.OFFENDING, accused=False)
        chosen = rows.rows[asked[counts & nobody[asked]]]
        found += world.table.table.ids[chosen].to_list()
    return sorted(found)


def _nobody(rows: Rows, actor: ArgType) -> Mask:
    """Rows that say of nobody that it was them; where the actor may be left out, that say so."""
    words = (UNATTRIBUTED, None) if actor.required else (UNATTRIBUTED,)
    return rows.per_shape(lambda r: r.args.get(actor.name) in words).astype(bool)
