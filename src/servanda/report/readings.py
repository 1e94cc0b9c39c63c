"""Readings in few words: what holds under many combinations is said once.

In: combinations of readings (term → reading).  Out: a short text such as
`start = on_25_march, protected = kremlin_list or kyiv_list`; terms that make no difference are left
out, and nothing is said of a combination that was not given.
"""

from collections.abc import Iterable, Mapping, Sequence

Combination = Mapping[str, str]
Cube = dict[str, frozenset[str]]


def domain(combinations: Iterable[Combination]) -> dict[str, list[str]]:
    """All readings of each term that occur, in order."""
    found: dict[str, dict[str, None]] = {}
    for one in combinations:
        for term, reading in one.items():
            found.setdefault(term, {})[reading] = None
    return {term: list(readings) for term, readings in found.items()}


def concise(some: Sequence[Combination], readings: Mapping[str, Sequence[str]]) -> list[str]:
    """The combinations in few words, joined where they differ in one term alone."""
    terms = [t for t in readings if any(t in one for one in some)]
    cubes: list[Cube] = [{t: frozenset({one[t]}) for t in terms if t in one} for one in some]
    while (joined := _join(cubes, terms)) is not None:
        cubes = joined
    return [_say(cube, readings) for cube in cubes]


def _join(cubes: list[Cube], terms: Sequence[str]) -> list[Cube] | None:
    """The list with two cubes made one; None where no two differ in one term alone."""
    for term in reversed(terms):
        seen: dict[tuple[tuple[str, frozenset[str]], ...], int] = {}
        for index, cube in enumerate(cubes):
            rest = tuple(sorted((t, r) for t, r in cube.items() if t != term))
            if rest in seen and term in cube:
                other = cubes[seen[rest]]
                both = {t: (r | cube[t] if t == term else r) for t, r in other.items()}
                return [both if i == seen[rest] else c for i, c in enumerate(cubes) if i != index]
            seen.setdefault(rest, index)
    return None


def _say(cube: Cube, readings: Mapping[str, Sequence[str]]) -> str:
    told = [
        f"{term} = {' or '.join(r for r in readings[term] if r in chosen)}"
        for term, chosen in cube.items()
        if len(chosen) < len(readings[term])
    ]
    return ", ".join(told) or "every reading"
