"""A log of events in columns: time-points with their stamps, and per predicate the events.

Columns are numpy arrays of whole numbers or floats; strings are codes into a sorted list, so that
the order of codes is the order of strings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from servanda.model.formula import Kind


@dataclass(frozen=True, slots=True)
class Relation:
    """The events of one predicate: a column for each argument, and the time-point of each event."""

    kinds: tuple[Kind, ...]
    columns: tuple[Any, ...]
    at: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a log that is not used: where, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class EventLog:
    """The stamp of each time-point and the events of each predicate.

    `numbers` are the time-points' own numbers where they are not 0, 1, 2 …
    """

    stamps: Any
    relations: Mapping[str, Relation]
    strings: Sequence[str] = ("",)
    codes: Mapping[str, int] = field(default_factory=lambda: {"": 0})
    problems: Sequence[Problem] = ()
    numbers: Any = None
