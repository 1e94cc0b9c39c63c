"""What a comparison tells of the parties: balance, positions, and a user's own ranking."""

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.cli import text
from servanda.cli.sourced import words
from servanda.compare.reading import by_drafts

Found = Mapping[str, Any]
_GIVEN = {
    "gives": "gives",
    "gets": "gets",
    "keeps": "keeps",
    "irreversible": "gives for good: no act of the language takes it back",
    "moves_first": "moves first: it waits for no other commitment",
}


def balance(found: Found) -> Iterator[str]:
    """By party what it gives, gets and keeps, and under which drafts."""
    yield text.wrap("Lists, not weights. Letters say under which drafts.", 2)
    for row in found["balance"]:
        yield f"  {words(row['party'])}"
        for name, phrase in _GIVEN.items():
            lists = {letter: told[name] for letter, told in row["drafts"].items()}
            grouped = by_drafts(found, lists)
            if grouped:
                yield text.wrap(f"{phrase}:", 4)
            for letters, clauses in grouped.items():
                yield text.item(", ".join(clauses), 6, f"{letters}:")
    opened = by_drafts(found, found["balance_open"])
    if opened:
        yield text.wrap("borne by others too, or by nobody named:", 2)
        for letters, clauses in opened.items():
            yield text.item(", ".join(clauses), 6, f"{letters}:")


def positions(found: Found) -> Iterator[str]:
    """What parties said of each draft, where it sticks, what they had said before."""
    for draft in found["drafts"]:
        letter = draft["letter"]
        yield text.wrap(f"{letter}  {draft['title']}", 2)
        for row in found["positions"]:
            if row["draft"] == letter:
                yield text.item(f"{_position(row)}: {row['paraphrase']}", 4, "·")
                for source in row["sources"]:
                    yield text.item(_cut(source), 8, "source:")
        for row in found["sticking_points"][letter]:
            told = "; ".join(f"{words(party)}: {word}" for party, word in row["said"].items())
            mark = "≠" if row["opposed"] else "!"
            yield text.item(f"sticks at {row['point']}{row['sub']}: {told}", 4, mark)
    if found["said_before"]:
        yield text.wrap("said otherwise before, on the same thing:", 2)
    for row in found["said_before"]:
        earlier, later = row["earlier"], row["later"]
        told = f"{words(row['party'])}: {_short(earlier)}; then {_short(later)}"
        yield text.item(told, 4, "≠")


def _position(row: Found) -> str:
    detail = f" ({row['detail']})" if row["detail"] else ""
    point = "the whole" if row["point"] == "whole" else f"{row['point']}{row['sub'] or ''}"
    return f"{row['date']}  {words(row['party'])} on {point}: {words(row['position'])}{detail}"


def _short(row: Found) -> str:
    point = f"{row['draft']} {row['point']}{row['sub'] or ''}"
    return f"{row['date']} {words(row['position'])} on {point} ({row['paraphrase']})"


def _cut(address: str) -> str:
    bare = address.partition("://")[2].removeprefix("www.") or address
    room = text.width() - 16
    return bare if len(bare) <= room else f"{bare[: room - 1]}…"


def ranking(found: Found) -> Iterator[str]:
    """The balance once more, in the order that a user has set."""
    ranked = found["ranking"]
    if ranked is None:
        yield text.wrap("No ranking was given (--rank FILE).", 2)
        return
    yield text.wrap(f"Ranked by {ranked['by']}: {ranked['note']}.", 2)
    for row in ranked["rows"]:
        yield text.item(row["ranked"], 2, f"{row['rank']}.")
        for party, by_letter in row["parties"].items():
            told = [
                f"{letter} {' and '.join(found_) or 'nothing'}"
                for letter, found_ in by_letter.items()
            ]
            yield text.item(f"{words(party)}: {'; '.join(told)}", 6, "·")
    yield text.wrap(f"Not ranked: {text.number(ranked['not_ranked'], 'row')} of the table.", 2)
