"""The ladder of steps after a breach: which of them have been reached, and who decides on each."""

from typing import Any

from servanda.engine.history import History
from servanda.engine.readings import Spread
from servanda.evidence.instant import iso
from servanda.model.consequence import Step
from servanda.model.norm import Norm
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified


def ladder(norm: Norm, spread: Spread, as_of: int) -> list[dict[str, Any]]:
    """One entry a step: its name, since when it is reached, its decider.

    `reached` is the same under every reading allowed, or null; a step without a name is
    “otherwise”, what follows when the time for a cure has passed.
    """
    found = []
    for step in norm.steps:
        instants = {_reached(norm, step, history, as_of) for history in spread.histories}
        since = instants.pop() if len(instants) == 1 else None
        found.append(
            {
                "step": step.name or "otherwise",
                "reached": iso(since) if since is not None else None,
                "decided_by": step.decider if isinstance(step.decider, str) else None,
            }
        )
    return found


def _reached(norm: Norm, step: Step, history: History, as_of: int) -> int | None:
    since = None
    for at, flags in zip(history.times, history.flags, strict=True):
        since = (at if since is None else since) if flags.breached else None
    after = step.after
    if step.name is None:
        after = norm.cure.within if norm.cure is not None else None
    if since is None or isinstance(after, Unspecified):
        return None
    reached = since + (after.ticks if isinstance(after, Duration) else 0)
    return reached if reached <= as_of else None
