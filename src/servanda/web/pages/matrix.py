"""The matrix of drafts: a row for each thing on which they differ, a column for each draft.

In: a comparison (`servanda.comparison/1`).  Out: rows with what each draft says.  Each column is
told beside the nearest one before it that has the commitment; the order is that of the address,
and no draft is the one that others are measured by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from servanda.compare.reading import differs, for_whom, texts
from servanda.compare.wording import stretches
from servanda.library import Library
from servanda.web import words
from servanda.web.view import View

Found = Mapping[str, Any]
Stretches = tuple[tuple[str, str], ...]  # same, before or after; and the words
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COUNTS = (
    ("changed", "commitment changed", "commitments changed"),
    ("removed", "left out", "left out"),
    ("added", "added", "added"),
    ("moved", "the same elsewhere", "the same elsewhere"),
    ("same", "the same", "the same"),
)


@dataclass(frozen=True)
class Column:
    """A draft; `incomplete` says why it may hold more than is written."""

    letter: str
    library: Library

    @property
    def id(self) -> str:
        return self.library.agreement.id

    @property
    def title(self) -> str:
        return self.library.agreement.header.title

    @property
    def status(self) -> str:
        return self.library.agreement.header.status.value

    @property
    def day(self) -> str:
        given = self.library.agreement.header.draft
        return "" if given is None else words.day(given)

    @property
    def incomplete(self) -> str:
        return self.library.agreement.header.incomplete or ""

    @property
    def address(self) -> str:
        return View(self.id).address()


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is plain, same, changed, gone, new or untold; `op` names it in a few words."""

    kind: str
    op: str = ""
    text: Stretches = ()
    told: tuple[str, ...] = ()
    brackets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    title: str
    address: str
    clauses: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring columns: how many clauses became what, and for whom."""

    before: Column
    after: Column
    counts: tuple[tuple[int, str], ...]
    silent: tuple[str, ...]
    whom: tuple[tuple[str, str], ...]


def columns(libraries: Sequence[Library]) -> list[Column]:
    return [Column(letter, one) for letter, one in zip(LETTERS, libraries, strict=False)]


def pairs(listed: Sequence[Column], found: Found) -> list[Pair]:
    """What the changes do, between each two neighbours."""
    by_letters = {(one["before"], one["after"]): one for one in found["comparisons"]}
    return [_pair(a, b, found, by_letters[a.letter, b.letter]) for a, b in pairwise(listed)]


def _pair(before: Column, after: Column, found: Found, one: Found) -> Pair:
    counts = [(one["counts"][fate], x, xs) for fate, x, xs in COUNTS]
    worded = len(one["wording"])
    counts.append((worded, "point differs in words", "points differ in words"))
    silent = tuple(
        f"Of {words.counted(one['counts'][fate], 'commitment')} it is not told what "
        f"“{column.title}” says."
        for fate, column in (("not told before", before), ("not told after", after))
        if one["counts"][fate]
    )
    whom = tuple(
        (
            words.words(party),
            "; ".join(f"{d} in {words.listed(map(words.number, p))}" for d, p in told.items()),
        )
        for party, told in for_whom(found, one).items()
    )
    return Pair(before, after, tuple((n, x if n == 1 else xs) for n, x, xs in counts), silent, whom)


def rows(listed: Sequence[Column], found: Found) -> list[Row]:
    """Every row on which two of the drafts are known to differ."""
    known = _Known.of(listed, found)
    return [known.row(row) for row in found["table"] if differs(row)]


def rest(listed: Sequence[Column], found: Found) -> list[tuple[str, str]]:
    """The other rows: what all that are known to speak of it say alike, or what is not told."""
    known = _Known.of(listed, found)
    return [known.name(row) for row in found["table"] if not differs(row)]


@dataclass(frozen=True)
class _Known:
    columns: Sequence[Column]
    texts: Mapping[tuple[str, str], str | None]
    changes: Mapping[tuple[str, str, str], Found]

    @classmethod
    def of(cls, listed: Sequence[Column], found: Found) -> "_Known":
        changes = {}
        for one in found["comparisons"]:
            for change in one["clauses"]:
                for side in ("before", "after"):
                    if change[side] is not None:
                        key = (one["before"], one["after"], f"{side} {change[side]['id']}")
                        changes[key] = change
        return cls(listed, texts(found), changes)

    def name(self, row: Found) -> tuple[str, str]:
        """What a row is about: the id of the first clause and its words."""
        column = next(c for c in self.columns if row[c.letter]["clauses"])
        clause = row[column.letter]["clauses"][0]
        return clause, self.texts.get((column.letter, clause)) or ""

    def row(self, row: Found) -> Row:
        column = next(c for c in self.columns if row[c.letter]["clauses"])
        clauses = tuple(row[column.letter]["clauses"])
        agreement = column.library.agreement
        point = agreement.norms[clauses[0]].provision or ""
        provision = agreement.provisions.get(point)
        return Row(
            words.number(point),
            provision.title if provision is not None else point,
            View(column.id).address("provisions", point),
            clauses,
            tuple(self._cells(row)),
        )

    def _cells(self, row: Found) -> Iterator[Cell]:
        for place, column in enumerate(self.columns):
            earlier = [c for c in self.columns[:place] if row[c.letter]["clauses"]]
            yield self._cell(row, column, earlier[-1] if earlier else None, place)

    def _cell(self, row: Found, column: Column, beside: Column | None, place: int) -> Cell:
        cell = row[column.letter]
        if not cell["clauses"]:
            return self._absent(row, column, beside)
        brackets = self._brackets(column, cell["clauses"])
        said = self._said(row, column)
        if beside is None:
            lacking = any(row[c.letter]["lacks"] for c in self.columns[:place])
            kind, op = ("new", "Added") if lacking else ("plain", "")
            return Cell(kind, op, (("same", said),), (), brackets)
        if cell["number"] == row[beside.letter]["number"]:
            return Cell("same", f"as {beside.title}", (), (), brackets)
        changes = self._between(beside, column, cell["clauses"])
        told = tuple(words.words(t) for change in changes for t in change["told"])
        aspects = dict.fromkeys(p["aspect"] for change in changes for p in change["parts"])
        op = words.sentence(", ".join(list(aspects)[:4])) or "Changed"
        pieces = tuple(stretches(self._said(row, beside), said))
        return Cell("changed", op, pieces, told, brackets)

    def _absent(self, row: Found, column: Column, beside: Column | None) -> Cell:
        cell = row[column.letter]
        if not cell["lacks"]:
            return Cell("untold", "not told what it says")
        if beside is None:
            return Cell("gone", "", (), ("no such commitment",))
        changes = self._between(beside, column, row[beside.letter]["clauses"], "before")
        told = tuple(words.words(t) for change in changes for t in change["told"])
        return Cell("gone", "Left out", (), told or ("no such commitment",))

    def _between(
        self, before: Column, after: Column, clauses: Sequence[str], side: str = "after"
    ) -> list[Found]:
        keys = [(before.letter, after.letter, f"{side} {clause}") for clause in clauses]
        return [self.changes[key] for key in keys if key in self.changes]

    def _said(self, row: Found, column: Column) -> str:
        listed = [self.texts.get((column.letter, c)) or c for c in row[column.letter]["clauses"]]
        return words.sentence("; ".join(listed)) + "."

    def _brackets(self, column: Column, clauses: Sequence[str]) -> tuple[tuple[str, str], ...]:
        agreement = column.library.agreement
        points = dict.fromkeys(agreement.norms[c].provision or "" for c in clauses)
        found = [agreement.provisions[p] for p in points if p in agreement.provisions]
        return tuple((b.owner, b.text) for provision in found for b in provision.brackets)
