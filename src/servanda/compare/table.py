"""Several drafts in one table: a row for what they say of one thing, a column for each draft.

In: the comparisons of each two of them.  Out: rows; drafts that say the same have the same number
in a row.  No draft comes first: a number says only who says the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servanda.compare.align import shared_names
from servanda.compare.change import Change, Fate
from servanda.compare.clauses import told_of
from servanda.compare.draft import Draft

SAME = (Fate.SAME, Fate.MOVED)
Clause = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """`number` where the draft has it; else whether it is known to have none, and why."""

    clauses: tuple[str, ...] = ()
    number: int | None = None
    lacks: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What the drafts say of one thing, by letter."""

    cells: dict[str, Cell]

    @property
    def differs(self) -> bool:
        """Whether two drafts are known to say different things, or one to say nothing."""
        known = [c.number for c in self.cells.values() if c.number is not None or c.lacks]
        return len(set(known)) > 1


Compared = dict[tuple[str, str], Sequence[Change]]


def table(drafts: Sequence[Draft], compared: Compared) -> list[Row]:
    """The rows, in the order of the first draft that has each."""
    links = [
        ((a, change.before.id), (b, change.after.id), change.fate)
        for (a, b), changes in compared.items()
        for change in changes
        if change.before is not None and change.after is not None
    ]
    names = shared_names((one, other) for one, other, _ in links)
    groups: dict[str, list[Clause]] = {}
    for draft in drafts:
        for norm in draft.agreement.norms:
            clause = (draft.mark, norm)
            groups.setdefault(names.get(clause, ":".join(clause)), []).append(clause)
    same = {frozenset((one, other)) for one, other, fate in links if fate in SAME}
    return [_row(drafts, group, same) for group in groups.values()]


def _row(drafts: Sequence[Draft], group: Sequence[Clause], same: set[frozenset[Clause]]) -> Row:
    by_letter: dict[str, list[str]] = {}
    for letter, norm in group:
        by_letter.setdefault(letter, []).append(norm)
    numbers: dict[str, int] = {}
    for letter, norms in by_letter.items():
        alike = next(
            (
                numbers[other]
                for other in numbers
                if _all_same((letter, norms), (other, by_letter[other]), same)
            ),
            None,
        )
        numbers[letter] = alike or len(set(numbers.values())) + 1
    cells = {}
    for draft in drafts:
        if draft.mark in by_letter:
            cells[draft.mark] = Cell(tuple(by_letter[draft.mark]), numbers[draft.mark])
        else:
            cells[draft.mark] = _absent(draft, group, {d.mark: d for d in drafts})
    return Row(cells)


def _all_same(
    one: tuple[str, list[str]], other: tuple[str, list[str]], same: set[frozenset[Clause]]
) -> bool:
    """Whether each clause of one has one of the other that says the same."""
    (a, ours), (b, theirs) = one, other
    if len(ours) != len(theirs):
        return False
    return all(any(frozenset(((a, x), (b, y))) in same for y in theirs) for x in ours)


def _absent(draft: Draft, group: Sequence[Clause], by_letter: dict[str, Draft]) -> Cell:
    told = list(_told(draft, group, by_letter))
    lacks = any(known for known, _ in told)
    return Cell(lacks=lacks, why=next((why for known, why in told if known and why), None))


def _told(
    draft: Draft, group: Sequence[Clause], by_letter: dict[str, Draft]
) -> Iterator[tuple[bool, str | None]]:
    for letter, norm in group:
        here = by_letter[letter].agreement
        yield told_of(here, here.norms[norm], draft.agreement)
