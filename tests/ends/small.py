"""Small agreements for the tests of who can end what, and the search on them."""

from typing import Any

from servanda import library
from servanda.ends.answers import Search
from servanda.ends.result import Answer, Ends
from servanda.ends.run import assumed, who_ends
from servanda.engine.question import REFERENCE, Inputs, Question
from servanda.library import Library
from servanda.reason.budget import Budget

PATIENT = 1200.0  # seconds: what a test finds does not depend on what else runs
HEAD = """agreement small "A small one"
  zone UTC
  draft 2026-01-01
  in force when {in_force}

party A
  side
party B
  side
body Council
"""


def loaded(text: str, in_force: str = "2026-02-01") -> Library:
    return library.from_text(HEAD.format(in_force=in_force) + text)


def searched(lib: Library, assume: tuple[str, ...] = ()) -> Search:
    inputs = Inputs(
        assumed(lib.agreement, assume), lib.atlas, sources=lib.sources, engine=REFERENCE
    )
    return Search(Question.of(inputs), {}, Budget(PATIENT))


def found(text: str, norm: str | None = None, in_force: str = "2026-02-01", **more: Any) -> Ends:
    return who_ends(loaded(text, in_force), norm, seconds=PATIENT, **more)


def answers(ends: Ends, instance: str, power: str) -> list[Answer]:
    (one,) = [c for c in ends.commitments if c.id == instance]
    return [a for a in one.answers if a.power == power]


def groups(ends: Ends, instance: str, power: str) -> list[tuple[str, ...]]:
    """All groups that have a power over an instance, whatever the clause."""
    return sorted({g for a in answers(ends, instance, power) for g in a.groups})
