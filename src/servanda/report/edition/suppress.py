"""Small counts are kept back, and as many others as keep them from being worked out of the totals.

In: a table of counts.  Out: the same table with its totals; None stands where a count is kept back.
A count that is kept back might be another, whoever adds up and takes away: totals are sums, so the
table is a network in which each count is a flow, and a count is fixed by what is shown only if no
way leads round through others that are kept back.
"""

from collections import deque
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

    def steps(self, node: Node, closed: bool) -> Iterator[tuple[Edge, Node]]:
        """Counts that may be one more or one less, and where that leads.

        With `closed` only those that are kept back.
        """
        for edge in self._at[node]:
            if closed and edge not in self.hidden:
                continue
            start, end = self.ends(edge)
            if node == start:
                yield edge, end
            elif self.values[edge] > 0:
                yield edge, start

    def fixed(self, edge: Edge) -> bool:
        """Whether what is shown leaves this count only one value."""
        start, end = self.ends(edge)
        more = self._reaches(end, start, edge)
        return not more and not (self.values[edge] > 0 and self._reaches(start, end, edge))

    def _reaches(self, start: Node, goal: Node, without: Edge) -> bool:
        seen, waiting = {start}, deque([start])
        while waiting:
            node = waiting.popleft()
            if node == goal:
                return True
            for edge, other in self.steps(node, closed=True):
                if edge != without and other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return False

    def way_round(self, edge: Edge) -> list[Edge]:
        """The counts to keep back so that this one may be one more; the fewest and smallest."""
        start, end = self.ends(edge)
        best: dict[Node, int] = {end: 0}
        came: dict[Node, tuple[Edge, Node]] = {}
        waiting: list[tuple[int, Node]] = [(0, end)]
        while waiting:
            cost, node = heappop(waiting)
            if node == start:
                break
            if cost > best[node]:
                continue
            for step, other in self.steps(node, closed=False):
                if step == edge:
                    continue
                further = cost + (0 if step in self.hidden else self.values[step] + SMALL)
                if further < best.get(other, further + 1):
                    best[other], came[other] = further, (step, node)
                    heappush(waiting, (further, other))
        found, node = [], start
        while node != end:
            step, node = came[node]
            found.append(step)
        return found


def kept_back(counts: Sequence[Sequence[int]], small: int = SMALL) -> Kept:
    """The table with its totals, without counts from 1 to `small` - 1 and what tells them."""
    rows, columns = range(len(counts)), range(len(counts[0]) if counts else 0)
    values = {(r, c): counts[r][c] for r in rows for c in columns}
    values |= {(r, -1): sum(counts[r]) for r in rows}
    values |= {(-1, c): sum(counts[r][c] for r in rows) for c in columns}
    values[-1, -1] = sum(map(sum, counts))
    network = _Network(values)
    network.hidden = {edge for edge, value in values.items() if 0 < value < small}
    for edge in sorted(network.hidden):  # what is kept back on the way lies on a way round itself
        if network.fixed(edge):
            network.hidden.update(network.way_round(edge))

    def shown(row: int, column: int) -> int | None:
        return None if (row, column) in network.hidden else values[row, column]

    return Kept(
        tuple(tuple(shown(r, c) for c in columns) for r in rows),
        tuple(shown(r, -1) for r in rows),
        tuple(shown(-1, c) for c in columns),
        shown(-1, -1),
    )
