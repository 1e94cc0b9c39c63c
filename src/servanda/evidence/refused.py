"""Rows that could not be used, each with where it stood and why."""

from dataclasses import dataclass

MAX_REASON = 300  # characters of a reason: it may quote what was given


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be used: where and why."""

    file: str
    line: int
    reason: str
    column: int | None = None


def short(reason: str) -> str:
    """A reason that quotes no more than a person reads."""
    return reason if len(reason) <= MAX_REASON else f"{reason[: MAX_REASON - 1]}…"
