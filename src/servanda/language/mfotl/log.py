"""Logs in the peers' text format, read with care: every event is checked and every error placed.

In: `@10 P(1) Q(2,"x")(3,y); @12 …`.  Out: stamps, and for each predicate the arguments and the
time-point of each event.  What cannot be read is refused with line and column; the rest goes on.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isnan
from typing import Any

from servanda.language.mfotl.signature import Signature
from servanda.model.event_log import Problem

LARGEST = 1 << 60  # of a time-stamp and of a whole number
_TOKEN = re.compile(
    r"""\s+|\#[^\n]*
      | (?P<string>"[^"]*"|'[^']*')
      | (?P<sign>[@(),;])
      | (?P<word>[^\s@(),;"'\#]+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_INT = re.compile(r"[+-]?\d{1,19}")


@dataclass(slots=True)
class RawRelation:
    """Events of one predicate as they were read; `at` is the index of their time-point."""

    columns: list[Any]
    at: Any


@dataclass(slots=True)
class RawLog:
    """A log as it was read; `numbers` are the time-points' own where they are not 0, 1, 2 …"""

    stamps: Any = field(default_factory=lambda: array("q"))
    relations: dict[str, RawRelation] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    numbers: Any = None


def read_text(text: str, name: str, signature: Signature) -> RawLog:
    """Read a whole log; never raises for what it holds."""
    reader = _Reader(text, name, signature)
    reader.read()
    return reader.log


class _Reader:
    def __init__(self, text: str, name: str, signature: Signature) -> None:
        self.text, self.name, self.signature = text, name, signature
        self.log = RawLog()
        for predicate, kinds in signature.items():
            columns: list[Any] = [_column(kind) for kind in kinds]
            self.log.relations[predicate] = RawRelation(columns, array("q"))
        self.lines: list[int] | None = None
        self.words = self._tokens()
        self.kind, self.word, self.at = next(self.words)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for found in _TOKEN.finditer(self.text):
            if found.lastgroup is not None:
                yield found.lastgroup, found[0], found.start()
        yield "end", "", len(self.text)

    def step(self) -> None:
        self.kind, self.word, self.at = next(self.words)

    def refuse(self, at: int, reason: str) -> None:
        if self.lines is None:
            self.lines = [0, *(m.end() for m in re.finditer("\n", self.text))]
        line = bisect_right(self.lines, at)
        column = at - self.lines[line - 1] + 1
        self.log.problems.append(Problem(f"{self.name}:{line}:{column}", reason))

    def skip_to(self, *words: str) -> None:
        while self.kind != "end" and not (self.kind == "sign" and self.word in words):
            self.step()

    def read(self) -> None:
        while self.kind != "end":
            if self.word != "@" or self.kind != "sign":
                self.refuse(self.at, f"A time-stamp is expected here, not “{self.word[:20]}”.")
                self.skip_to("@")
                continue
            self.step()
            if self.stamp():
                self.events()
            else:
                self.skip_to("@")

    def stamp(self) -> bool:
        word, at = self.word, self.at
        if self.kind != "word" or not _INT.fullmatch(word) or not 0 <= int(word) < LARGEST:
            self.refuse(at, f"“{word[:20]}” is no time-stamp; after “@” write a whole number.")
            return False
        stamp = int(word)
        stamps = self.log.stamps
        if len(stamps) and stamp < stamps[-1]:
            why = f"Time-stamp {stamp} is before {stamps[-1]}; time-stamps must not decrease."
            self.refuse(at, why)
            return False
        stamps.append(stamp)
        self.step()
        return True

    def events(self) -> None:
        while self.kind != "end" and self.word != "@":
            if self.word == ";" and self.kind == "sign":
                self.step()
                continue
            name, at = self.word, self.at
            if self.kind != "word":
                self.refuse(at, f"The name of a predicate is expected here, not “{name[:20]}”.")
                self.step()
                self.skip_to("@", ";")
                continue
            self.step()
            if self.word != "(":
                self.refuse(at, f"After {name[:40]} a “(” is expected.")
                continue
            if name not in self.signature:
                self.refuse(at, f"{name[:40]} is not in the signature.")
                while self.word == "(" and self.kind == "sign":
                    self.skip_to(")", "@")
                    if self.word == ")":
                        self.step()
                continue
            while self.word == "(" and self.kind == "sign":
                self.event(name)

    def event(self, name: str) -> None:
        start = self.at
        kinds = self.signature[name]
        self.step()
        values: list[Any] = []
        while self.kind in ("word", "string"):
            values.append((self.kind, self.word, self.at))
            self.step()
            if self.word == "," and self.kind == "sign":
                self.step()
                if self.kind not in ("word", "string"):
                    break
            else:
                break
        if self.word != ")" or self.kind != "sign":
            self.refuse(start, f"This event of {name} has no closing “)”.")
            self.skip_to(")", "@", ";")
            if self.word == ")":
                self.step()
            return
        self.step()
        if len(values) != len(kinds):
            why = f"{name} has {len(kinds)} arguments in the signature, {len(values)} here."
            self.refuse(start, why)
            return
        read = []
        for kind, (form, word, at) in zip(kinds, values, strict=True):
            value = _value(kind, form, word)
            if value is None:
                self.refuse(at, f"“{word[:40]}” is no {kind}.")
                return
            read.append(value)
        relation = self.log.relations[name]
        for column, one in zip(relation.columns, read, strict=True):
            column.append(one)
        relation.at.append(len(self.log.stamps) - 1)


def _column(kind: str) -> Any:
    return [] if kind == "string" else array("q" if kind == "int" else "d")


def _value(kind: str, form: str, word: str) -> int | float | str | None:
    if kind == "string":
        return word[1:-1] if form == "string" else word
    if form == "string":
        return None
    if kind == "int":
        whole = int(word) if _INT.fullmatch(word) else None
        return whole if whole is None or abs(whole) <= LARGEST else None
    try:
        number = float(word)
    except ValueError:
        return None
    return None if isnan(number) else number
