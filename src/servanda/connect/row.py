"""What becomes of a row: accepted as a record, merged with an equal one, or kept apart.

For every row that a connector reads there is exactly one of these, so that what was read is what
was accepted, rejected and merged.  (A row that makes several statements is one row per statement.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Unusable(ValueError):
    """A file or a mapping that cannot be used at all; the message says what, why and the cure."""


class Problem(ValueError):
    """Why a row, or one statement of it, cannot become a record."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as the source has it: cells by column name, and the line on which it starts."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record in its JSON form; `evidence.read.to_record` has accepted it."""

    line: int
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or one statement of it, that was kept apart, with the cells as they stood."""

    line: int
    reason: str
    column: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """A row that says to the letter what the record `into` says already."""

    line: int
    into: str


Row = Accepted | Rejected | Merged
