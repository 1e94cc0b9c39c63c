"""Fields of records that nobody knows: a slip such as `clamed_by` changes what a record says.

In: rows as they are read.  Out: each unknown field once, with where it stood first, how often, and
the field that may have been meant.  Nothing is refused and nothing is lost for it: what is not
understood is left where it is.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# What data sets and people keep beside a record; it says nothing that is assessed.
BESIDE = frozenset(
    (
        *("url", "urls", "note", "notes", "class", "organ", "at_least", "comment", "title"),
        *("pass_on", "event_type", "sub_event_type", "type_of_violence", "sides", "sources"),
        *("deaths", "channel", "outlets", "reports", "origin", "viina", "read_from", "code_status"),
    )
)
PLACE = ("lat", "lon", "name")
MAX_TOLD = 100  # fields of one file; a table of another sort has columns without end
MAX_NAME = 60  # characters of one that are shown


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field that no record has: the file and line where it stood first, and in how many rows."""

    file: str
    line: int
    name: str
    rows: int
    near: str = ""

    @property
    def told(self) -> str:
        """What is said about it."""
        name = self.name if len(self.name) <= MAX_NAME else f"{self.name[: MAX_NAME - 1]}…"
        often = f" (in {self.rows:,} rows)" if self.rows > 1 else ""
        hint = f"; did you mean “{self.near}”?" if self.near else ""
        return f"“{name}” is no field of a record{often}: it is kept and says nothing here{hint}"


@dataclass
class Noting:
    """Collects the unknown fields of one file as its rows go by."""

    file: str
    known: Iterable[str]
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known = frozenset((*self.known, *BESIDE))

    def note(self, line: int, row: Mapping[str, Any], rows: int = 1) -> None:
        """Take up the fields of a row, which stands for so many alike."""
        for name in _names(row):
            if name not in self._known and (name in self._seen or len(self._seen) < MAX_TOLD):
                first, before = self._seen.get(name, (line, 0))
                self._seen[name] = first, before + rows

    def found(self) -> tuple[UnknownField, ...]:
        return tuple(
            UnknownField(self.file, line, name, rows, _near(name, self.known))
            for name, (line, rows) in self._seen.items()
        )


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    """The names of the fields, and of those within `place` that it does not have."""
    for name, value in row.items():
        yield str(name)
        if name == "place" and isinstance(value, Mapping):
            yield from (f"place.{inner}" for inner in value if inner not in PLACE)


def _near(name: str, known: Iterable[str]) -> str:
    """The field that may be meant; one that differs in capitals and marks alone comes first."""
    plain = {_plain(k): k for k in (*known, *(f"place.{p}" for p in PLACE))}
    if _plain(name) in plain:
        return plain[_plain(name)]
    close = difflib.get_close_matches(_plain(name), list(plain), n=1, cutoff=0.75)
    return plain[close[0]] if close else ""


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")
