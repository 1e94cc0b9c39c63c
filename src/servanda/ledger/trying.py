"""What an import would do, row by row, without entering anything: a dry run.

In: an import as it was asked for, and its rows.  Out: for each row whether it would be entered, is
in the ledger already, or would be refused, with the field and the reason.  What stands in the
ledger under the same id is shown to whoever may see it, and to nobody else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from servanda.evidence.refused import short
from servanda.evidence.rows import Bad
from servanda.ledger.drafting import Drafting
from servanda.ledger.entry import Entry, decode
from servanda.ledger.importing import Import
from servanda.ledger.ledger import Draft, Reader
from servanda.ledger.rows import RowOrBad
from servanda.ledger.standing import Standing, standing
from servanda.ledger.words import CLASSES

_QUOTED = re.compile(r"“([^”]+)”")
_WITHOUT = re.compile(r"^without “?(\w+)")


class Outcome(StrEnum):
    NEW = "new"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tried:
    """A row and what would become of it; `shown` is what stands there and what was given."""

    line: int
    outcome: Outcome
    row: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    field: str = ""
    shown: tuple[str, str] | None = None


def tried(
    asked: Import,
    rows: Iterable[RowOrBad],
    audience: str = CLASSES[-1],
    own: str | None = None,
) -> list[Tried]:
    """The rows with what would become of them; `own` is a source that sees its own entries."""
    with asked.ledger.reading() as reader:
        trial = _Trial(asked, reader, standing(reader), audience, own)
        return [trial.one(line, row) for line, row in rows]


@dataclass
class _Trial:
    asked: Import
    reader: Reader
    stand: Standing
    audience: str
    own: str | None
    _drafts: dict[bytes, Draft] = field(default_factory=dict)

    def __post_init__(self) -> None:
        now = self.asked.clock()
        self._make = Drafting(
            self.asked.source.name, self.asked.handling, self.asked.check, self.reader.keys, now
        )

    def one(self, line: int, row: Mapping[str, Any] | Bad) -> Tried:
        try:
            if isinstance(row, Bad):
                raise row
            draft = self._make.draft(line, row)
        except Bad as error:
            held = {} if isinstance(row, Bad) else row
            reason = short(str(error))
            return Tried(line, Outcome.REFUSED, held, reason, named_field(reason))
        assert draft.token is not None
        known = self.asked.ledger.store.backend.seqs(self.reader.connection, [draft.token])
        if draft.token in known:
            return self._known(line, row, self.reader.at(known[draft.token]))
        if draft.token in self._drafts:
            first = decode(0, b"", b"", self._drafts[draft.token].lines)
            clash = self.asked.clash(line, row, first)
            if clash is not None:
                return Tried(line, Outcome.REFUSED, row, clash.reason, "id", clash.shown)
            return Tried(line, Outcome.ALREADY, row)
        self._drafts[draft.token] = draft
        return Tried(line, Outcome.NEW, row)

    def _known(self, line: int, row: Mapping[str, Any], other: Entry | None) -> Tried:
        clash = self.asked.clash(line, row, other if other is not None and other.own else None)
        if clash is None:
            return Tried(line, Outcome.ALREADY, row)
        if other is None or not self._sees(other):
            reason = f"id “{str(row['id']).strip()}” stands in the ledger with other content"
            return Tried(line, Outcome.REFUSED, row, reason, "id")
        return Tried(line, Outcome.REFUSED, row, clash.reason, "id", clash.shown)

    def _sees(self, entry: Entry) -> bool:
        """Whether the whole entry may be shown to the audience."""
        is_own = self.own is not None and entry.row.get("source") == self.own
        seen = self.stand.handling_of(entry).shown_to(self.audience, None, is_own)
        return seen and (self.audience == CLASSES[-1] or not self.stand.hidden(entry))


def named_field(reason: str) -> str:
    """The field that a reason is about, such as `at` or `args.by`; empty where it names none."""
    if (missing := _WITHOUT.match(reason)) is not None:
        return missing[1]
    if reason.startswith("“") and (found := _QUOTED.match(reason)) is not None:
        return found[1]
    if reason.startswith("unknown record type"):
        return "type"
    found = re.search(r"has no argument “([^”]+)”", reason)
    return "" if found is None else f"args.{found[1]}"
