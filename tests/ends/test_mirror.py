"""Mirrored: with the parties in each other's place in the text, the answers change places too.

Whole bundled agreements and generated ones.  What is compared is everything that is said: groups,
kinds of act, how far it is settled, the way back, what is held up, and what names do.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from servanda import library
from servanda.ends.result import Ends
from servanda.ends.run import who_ends
from servanda.library import Library
from tests.ends.small import loaded
from tests.ends.test_exact import agreements, benefits
from tests.support import copies

Swap = Callable[[str], str]
PARTIES = {"Russia": "Ukraine", "Ukraine": "Russia", "RU": "UA", "UA": "RU"}
SMALL = {"A": "B", "B": "A"}


def parties(text: str) -> str:
    return re.sub(r"Russia|Ukraine|\bRU\b|\bUA\b", lambda m: PARTIES[m[0]], text)


def small(text: str) -> str:
    return re.sub(r"\b[AB]\b", lambda m: SMALL[m[0]], text)


def same(text: str) -> str:
    return text


def said(ends: Ends, swap: Swap) -> set[tuple[Any, ...]]:
    """All that is said, with the names in each other's place, in no order."""

    def names(groups: Any) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(map(swap, group)) for group in groups)

    def readings(listed: Any) -> frozenset[frozenset[tuple[str, str]]]:
        return frozenset(frozenset((swap(t), swap(r)) for t, r in one) for one in listed)

    found: set[tuple[Any, ...]] = set()
    for one in ends.commitments:
        key = swap(one.id)
        for a in one.answers:
            ways = frozenset(
                (
                    frozenset(map(swap, w.group)),
                    tuple(sorted(str(e.type) for e in w.events)),
                    None if w.back is None else (names(w.back.groups), w.back.for_good),
                )
                for w in a.ways
            )
            found.add((key, a.power, swap(a.clause), a.settled, a.open, ways, readings(a.readings)))
        for b in one.blocks:
            found.add((key, b.power, b.settled, names(b.groups), readings(b.readings)))
    for told in ends.attribution:
        under = frozenset(
            (t.how, frozenset((swap(n), holds) for n, holds in t.under)) for t in told.told
        )
        found.add((told.power, swap(told.instance), swap(told.actor), under))
    return found


def _copy(name: str, swap: Swap) -> Library:
    text = swap(copies.text_of(name))
    return replace(copies.with_text(library.load(name), text), folder=None)


@pytest.mark.parametrize(
    "name", ["energy-moratorium-2025", "easter-truce-2025", "e3-counter-draft", "ukraine-28-point"]
)
def test_a_bundled_agreement(name: str) -> None:
    given, mirrored = who_ends(_copy(name, same)), who_ends(_copy(name, parties))
    assert given.undecided == mirrored.undecided == ()
    told = said(given, parties)
    assert told and said(mirrored, same) ^ told == set()


@given(agreements() | benefits())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_generated_agreement(made: tuple[str, str]) -> None:
    text, in_force = made[0].replace("decided by automatic", "decided by unspecified"), made[1]
    given = who_ends(loaded(text, in_force))
    mirrored = who_ends(loaded(small(text), small(in_force)))
    assert said(mirrored, same) == said(given, small)
