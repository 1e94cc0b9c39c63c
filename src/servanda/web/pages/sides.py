"""What else is told of drafts: words, brackets with their owners, balance, positions.

In: a comparison (`servanda.comparison/1`) and its columns.  Out: rows for a page.  It lists; it
weighs nothing, and nobody is taken at a word said of another draft.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from servanda.compare.reading import by_drafts
from servanda.web import words
from servanda.web.pages.matrix import Column, Stretches

Found = Mapping[str, Any]
GIVEN = {
    "gives": "gives",
    "gets": "gets",
    "keeps": "keeps",
    "irreversible": "gives for good: no act of the language takes it back",
    "moves_first": "moves first: it waits for no other commitment",
}
FATES = {
    "added": "added",
    "removed": "left out",
    "not told before": "not told whether the first has it",
    "not told after": "not told whether the second has it",
}


@dataclass(frozen=True, slots=True)
class Worded:
    """A point whose words differ between two neighbouring drafts."""

    pair: str
    points: str
    pieces: Stretches


@dataclass(frozen=True, slots=True)
class Bracketed:
    """Wording that is not agreed: whose it is, and which reading, where it is one."""

    draft: str
    point: str
    address: str
    text: str
    owned: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A party's list: by the letters of the drafts under which it stands."""

    party: str
    lists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A position, as it was told and by whom; `sources` are addresses or names."""

    day: str
    party: str
    point: str
    position: str
    paraphrase: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Positions:
    title: str
    said: tuple[Said, ...]
    sticks: tuple[tuple[str, str, bool], ...]


def worded(columns: Sequence[Column], found: Found) -> list[Worded]:
    neighbours = {(a.letter, b.letter): f"{a.title} → {b.title}" for a, b in pairwise(columns)}
    return [
        Worded(
            neighbours[one["before"], one["after"]],
            " → ".join(dict.fromkeys(words.number(row[s]) for s in ("before", "after"))),
            tuple((k, v) for stretch in row["words"] for k, v in stretch.items()),
        )
        for one in found["comparisons"]
        if (one["before"], one["after"]) in neighbours
        for row in one["wording"]
    ]


def brackets(columns: Sequence[Column]) -> list[Bracketed]:
    return [
        Bracketed(
            column.title,
            f"{words.number(p.id)} · {p.title}",
            f"{column.address}/provisions/{p.id}",
            p.text,
            tuple((b.owner, b.text, words.words(b.reading or "")) for b in p.brackets),
        )
        for column in columns
        for p in column.library.agreement.provisions.values()
        if p.brackets
    ]


def others(found: Found) -> list[tuple[str, list[str]]]:
    """Terms, bodies, funds, groups, the head: by pair of drafts, in sentences."""
    titles = {d["letter"]: d["title"] for d in found["drafts"]}
    told = []
    for one in found["comparisons"]:
        said = [
            f"{row['what']} {words.words(row['name'])}: {words.words(text)}"
            for row in one["others"]
            for text in row["told"]
        ]
        for fate, phrase in FATES.items():
            by_kind: dict[str, list[str]] = {}
            for row in one["others"]:
                if row["fate"] == fate and not row["parts"]:
                    by_kind.setdefault(row["what"], []).append(words.words(row["name"]))
            said += [f"{what}, {phrase}: {', '.join(names)}" for what, names in by_kind.items()]
        if said:
            told.append((f"{titles[one['before']]} → {titles[one['after']]}", said))
    return told


def balance(found: Found) -> list[Given]:
    """By party what it gives, gets and keeps, and under which drafts."""
    told = []
    for row in found["balance"]:
        lists = []
        for name, phrase in GIVEN.items():
            by_letter = {letter: one[name] for letter, one in row["drafts"].items()}
            grouped = by_drafts(found, by_letter)
            if grouped:
                lists.append((phrase, tuple((k, ", ".join(v)) for k, v in grouped.items())))
        if lists:
            told.append(Given(words.words(row["party"]), tuple(lists)))
    return told


def positions(columns: Sequence[Column], found: Found) -> list[Positions]:
    """What parties said of each draft, and where it sticks by the latest position of each."""
    return [
        Positions(
            column.title,
            tuple(_said(row) for row in found["positions"] if row["draft"] == column.letter),
            tuple(
                (
                    _point(row["point"], row["sub"]),
                    "; ".join(f"{words.words(p)}: {said}" for p, said in row["said"].items()),
                    row["opposed"],
                )
                for row in found["sticking_points"][column.letter]
            ),
        )
        for column in columns
    ]


def said_before(found: Found) -> list[tuple[str, str, str]]:
    """Who said otherwise before, on the same thing: then, and later."""
    titles = {d["letter"]: d["title"] for d in found["drafts"]}
    return [
        (
            words.words(row["party"]),
            _short(row["earlier"], titles),
            _short(row["later"], titles),
        )
        for row in found["said_before"]
    ]


def _short(row: Found, titles: Mapping[str, str]) -> str:
    point = _point(row["point"], row["sub"])
    position = words.words(row["position"])
    return f"{row['date']}: {position} ({point} of “{titles[row['draft']]}”): {row['paraphrase']}"


def _said(row: Found) -> Said:
    detail = f" ({row['detail']})" if row["detail"] else ""
    return Said(
        row["date"],
        words.words(row["party"]),
        _point(row["point"], row["sub"]),
        words.words(row["position"]) + detail,
        row["paraphrase"] or "",
        tuple(row["sources"]),
    )


def _point(point: str, sub: str | None) -> str:
    return "the whole" if point == "whole" else f"{words.number(point)}{sub or ''}"
