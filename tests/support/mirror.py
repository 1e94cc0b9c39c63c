"""Mirrored twins of stories: the roles of two parties swapped (rule 17).

A story says which twin it has:

    Mirrored: yes                 the facts swapped; the clauses it rests on are the same both ways
    Mirrored: with its clauses    the facts swapped, and the parties in the clauses too
    Mirrored: no, REASON          neither: places do not move, and a place is what it rests on

The two parties are the first two that the agreement declares.  Where others change places with
them (state media, a town on either side), the story says so: `Swapped: A and B, C and D`.
"""

import re
from dataclasses import replace

from servanda.library import Library
from tests.support import copies, story
from tests.support.story import Section, Story

YES, WITH_CLAUSES, NO = "yes", "with its clauses", "no, "
KINDS = (YES, WITH_CLAUSES)
# Cells that say which record it is and when, not who did what.
_FIXED = ("id", "at", "type", "reported", "received")


def pairs(told: Story) -> dict[str, str]:
    """Each name with the one that takes its place; none where one party is alone."""
    if told.swapped:
        both = [pair.strip().split(" and ") for pair in told.swapped.split(",")]
    else:
        text = told.text or copies.text_of(told.agreement)
        both = [re.findall(r"^party (\w+)", text, flags=re.M)[:2]]
        both = [pair for pair in both if len(pair) == 2]
    assert all(len(pair) == 2 for pair in both), f"{told.path.name}: no two to be swapped: {both}"
    return {one: other for pair in both for one, other in (pair, pair[::-1])}


def twin(told: Story) -> Story:
    """The story with the facts swapped, in records, questions and expectations."""
    names = pairs(told)

    def sentence(text: str) -> str:
        return _swap(text, names)

    def rows(given: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{n: c if n in _FIXED else sentence(c) for n, c in row.items()} for row in given]

    def section(one: Section) -> Section:
        options = {
            n: [sentence(x) for x in v]
            if isinstance(v, list)
            else (sentence(v) if n == "standard" else v)
            for n, v in one.options.items()
        }
        expected = [(sentence(what), sentence(value)) for what, value in one.expected]
        return replace(one, options=options, rows=rows(one.rows), expected=expected)

    return replace(told, rows=rows(told.rows), sections=[section(s) for s in told.sections])


def clauses(told: Story) -> Library:
    """The agreement of a story with the two parties swapped in every clause.

    Who they are stays: the blocks that declare the parties, with their countries, are not touched.
    """
    names = pairs(told)
    text = told.text or copies.text_of(told.agreement)
    swapped = "\n".join(
        line if line.startswith("party ") else _swap(line, names) for line in text.split("\n")
    )
    original = story.library_of(told)
    return copies.with_text(original, swapped)


def _swap(text: str, names: dict[str, str]) -> str:
    pattern = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"\b({pattern})\b", lambda m: names[m[0]], text)
