"""Readings under which something holds, told without the terms that do not matter."""

from collections.abc import Mapping, Sequence

Readings = Mapping[str, str]


def parted(results: Sequence[tuple[Readings, bool]]) -> tuple[Readings, ...]:
    """The readings under which something holds, without the terms that do not matter.

    Empty where it holds under all.
    """
    if all(holds for _, holds in results):
        return ()
    terms = list(results[0][0]) if results else []
    for term in list(terms):
        seen: dict[tuple[tuple[str, str], ...], bool] = {}
        rest = [t for t in terms if t != term]
        if all(
            seen.setdefault(tuple((t, r[t]) for t in rest), holds) is holds for r, holds in results
        ):
            terms = rest
    found: dict[tuple[tuple[str, str], ...], None] = {}
    for readings, holds in results:
        if holds:
            found[tuple((t, readings[t]) for t in terms)] = None
    return tuple(dict(one) for one in found)
