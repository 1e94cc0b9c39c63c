"""Small counts are kept back, and as many others as keep them from being worked out of the totals.

In: a table of counts.  Out: the same table with its totals; None stands where a count is kept back.
A count that is kept back might be another, whoever adds up and takes away: totals are sums, so the
table is a network in which each count is a flow, and a count is fixed by what is shown only if no
way leads round through others that are kept back.

Readers also know that a small count is small: from three that are kept back and make twelve they
would learn that each is four.  So, wherever there is such a way, small counts stay small on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

# A count of at least one and fewer than this may point at somebody.
SMALL = 5

# A node is a row or a column; -1 is that of the totals.
Node = tuple[str, int]
Edge = tuple[int, int]  # row and column; -1: the total
Row = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts by row and column, with their totals; None: kept back."""

    counts: tuple[Row, ...]
    by_row: Row
    by_column: Row
    total: int | None


@dataclass
class _Network:
    """Every count as a flow; totals close the circles.  `hidden` are the counts kept back."""

    values: dict[Edge, int]
    small: int
    hidden: set[Edge] = field(default_factory=set)
    _at: dict[Node, list[Edge]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for edge in self.values:
            for node in self.ends(edge):
                self._at.setdefault(node, []).append(edge)

    @staticmethod
    def ends(edge: Edge) -> tuple[Node, Node]:
        """From where to where a count flows: row to column, and totals back."""
        row, column = ("row", edge[0]), ("column", edge[1])
        return (column, row) if (edge[0] < 0) != (edge[1] < 0) else (row, column)

    def may_rise(self, edge: Edge, strict: bool) -> bool:
        """Whether a count may be one more; with `strict` what is small stays small."""
        return not strict or self.values[edge] != self.small - 1

    def may_fall(self, edge: Edge, strict: bool) -> bool:
        """Whether it may be one less; with `strict` something stays something."""
        return self.values[edge] > (1 if strict else 0)

    def steps(self, node: Node, strict: bool) -> Iterator[tuple[Edge, Node]]:
        """Counts that may be one more or one less, and where that leads."""
        for edge in self._at[node]:
            start, end = self.ends(edge)
            if node == start and self.may_rise(edge, strict):
                yield edge, end
            elif node == end and self.may_fall(edge, strict):
                yield edge, start

    def way_round(self, edge: Edge, strict: bool) -> list[Edge] | None:
        """What to keep back besides so that this count may be another: the fewest and smallest.

        Empty where it may be already; None where there is no such way.
        """
        start, end = self.ends(edge)
        ways = []
        if self.may_rise(edge, strict):
            ways.append(self._way(end, start, edge, strict))
        if self.may_fall(edge, strict):
            ways.append(self._way(start, end, edge, strict))
        found = [way for way in ways if way is not None]
        return min(found, key=lambda way: way[0])[1] if found else None

    def _way(
        self, start: Node, goal: Node, without: Edge, strict: bool
    ) -> tuple[int, list[Edge]] | None:
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Edge, Node]] = {}
        waiting: list[tuple[int, Node]] = [(0, start)]
        while waiting:
            cost, node = heappop(waiting)
            if node == goal:
                return cost, self._shown_on(came, start, goal)
            if cost > best[node]:
                continue
            for edge, other in self.steps(node, strict):
                if edge == without:
                    continue
                further = cost + (0 if edge in self.hidden else self.values[edge] + self.small)
                if further < best.get(other, further + 1):
                    best[other], came[other] = further, (edge, node)
                    heappush(waiting, (further, other))
        return None

    def _shown_on(self, came: dict[Node, tuple[Edge, Node]], start: Node, goal: Node) -> list[Edge]:
        found, node = [], goal
        while node != start:
            edge, node = came[node]
            if edge not in self.hidden:
                found.append(edge)
        return found


def kept_back(counts: Sequence[Sequence[int]], small: int = SMALL) -> Kept:
    """The table with its totals, without counts from 1 to `small` - 1 and what tells them."""
    rows, columns = range(len(counts)), range(len(counts[0]) if counts else 0)
    values = {(r, c): counts[r][c] for r in rows for c in columns}
    values |= {(r, -1): sum(counts[r]) for r in rows}
    values |= {(-1, c): sum(counts[r][c] for r in rows) for c in columns}
    values[-1, -1] = sum(map(sum, counts))
    network = _Network(values, small)
    network.hidden = {edge for edge, value in values.items() if 0 < value < small}
    for edge in sorted(network.hidden):  # what is kept back on the way lies on a way round itself
        way = network.way_round(edge, strict=True)
        if way is None:
            way = network.way_round(edge, strict=False)
        network.hidden.update(way or ())

    def shown(row: int, column: int) -> int | None:
        return None if (row, column) in network.hidden else values[row, column]

    return Kept(
        tuple(tuple(shown(r, c) for c in columns) for r in rows),
        tuple(shown(r, -1) for r in rows),
        tuple(shown(-1, c) for c in columns),
        shown(-1, -1),
    )
