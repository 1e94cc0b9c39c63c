"""Implementation levels per provision, after the scale of the Peace Accords Matrix (rule 15).

0 nothing done, 1 minimal, 2 intermediate, 3 full; None for prohibitions, principles and what is not
yet due.  "PAM-style, not PAM data"; there is no number for a whole agreement.
"""

from collections.abc import Mapping
from typing import Any

from servanda.engine.readings import DEPENDS, Spread
from servanda.model.agreement import Agreement
from servanda.model.norm import NormKind

_DONE = ("fulfilled", "cured")
_UNDONE = ("breached",)
_WAITING = ("active", "suspended")
HALF = 0.5


def level(
    provision: str, agreement: Agreement, spreads: Mapping[str, Mapping[str, Spread]]
) -> dict[str, Any] | None:
    """Computed from the commitments of a provision, once one of them is done or overdue."""
    done = undone = waiting = 0
    for norm in agreement.norms.values():
        if norm.provision != provision or norm.kind not in (NormKind.ACHIEVE, NormKind.STAGED):
            continue
        for spread in spreads[norm.id].values():
            if spread.state == DEPENDS:
                return None
            done += spread.state in _DONE
            undone += spread.state in _UNDONE
            waiting += spread.state in _WAITING
    if done + undone == 0:
        return None
    share = done / (done + undone + waiting)
    value = 3 if share == 1 else 0 if share == 0 else 1 if share < HALF else 2
    return {"level": value, "method": "computed"}
