"""Definitions that refer to their own past, where that says no more than SINCE or ONCE does.

    L = a OR PREV L              L = ONCE a
    L = a OR (c AND PREV L)      L = c SINCE a
    L = a OR PREV (c AND L)      L = (PREV c) SINCE a

Others are evaluated in rounds, which is right and slow.
"""

from servanda.model import formula as f


def closed_form(let: f.Let) -> f.Formula | None:
    """A definition without recursion that holds at the same instants; None where there is none."""
    if not isinstance(let.definition, f.Or):
        return None
    handed = [p for p in let.definition.parts if _uses(p, let.name)]
    begun = tuple(p for p in let.definition.parts if not _uses(p, let.name))
    if len(handed) != 1 or not begun:
        return None
    begins = begun[0] if len(begun) == 1 else f.Or(begun, let.at)
    match handed[0]:
        case f.Temporal("previous", f.ANY, body):
            kept = _beside(let, body, before=False)
            left = None if kept is None else _all(kept)
            if left is not None and left != f.TRUE:
                left = f.Temporal("previous", f.ANY, left, let.at)
        case part:
            kept = _beside(let, part, before=True)
            left = None if kept is None else _all(kept)
    return None if left is None else f.Dyadic("since", f.ANY, left, begins, let.at)


def _beside(let: f.Let, formula: f.Formula, *, before: bool) -> tuple[f.Formula, ...] | None:
    """What stands beside the one use of the definition, with its own parameters."""
    own: f.Formula = f.Predicate(let.name, tuple(map(f.Variable, let.parameters)))
    if before:
        own = f.Temporal("previous", f.ANY, own)
    parts = formula.parts if isinstance(formula, f.And) else (formula,)
    rest = tuple(p for p in parts if p != own)
    if len(rest) != len(parts) - 1 or any(_uses(p, let.name) for p in rest):
        return None
    return rest


def _all(parts: tuple[f.Formula, ...]) -> f.Formula:
    if not parts:
        return f.TRUE
    return parts[0] if len(parts) == 1 else f.And(parts)


def _uses(formula: f.Formula, name: str) -> bool:
    if isinstance(formula, f.Predicate):
        return formula.name == name
    return any(_uses(c, name) for c in f.children(formula))
