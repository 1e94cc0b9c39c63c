"""Words that stand beside names, and given names: what names_of_people.py knows of language.

In: two lists that come with the package.  Out: sets of words in small letters.
"""

import re
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    text = files("servanda.ledger").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("--")]


@cache
def words(section: str) -> frozenset[str]:
    """The words of one section of people_words.txt: titles, not people, named after, …"""
    parts = re.split(r"^\[(.+)\]$", "\n".join(_lines("people_words.txt")), flags=re.M)
    return frozenset(dict(zip(parts[1::2], parts[2::2], strict=True))[section].split())


@cache
def given_names() -> frozenset[str]:
    """Given names of Ukrainian, Russian, English and some other usage, in both scripts."""
    return frozenset(word for line in _lines("given_names.txt") for word in line.split())
