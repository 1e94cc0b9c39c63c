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

from sqlalchemy import select

from servanda.evidence.refused import short
from servanda.evidence.rows import Bad
from servanda.ledger.drafting import Drafting
from servanda.ledger.entry import Entry, decode
from servanda.ledger.importing import Import
from servanda.ledger.ledger import Draft, Reader
from servanda.ledger.rows import RowOrBad
from servanda.ledger.schema import entries
from servanda.ledger.standing import Standing, standing
from servanda.ledger.words import CLASSES

AT_ONCE = 500  # entries that are read together
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
        make = Drafting(asked.source.name, asked.handling, asked.check, reader.keys, asked.clock())
        made = [(line, row, _draft(make, line, row)) for line, row in rows]
        tokens = [d.token for _, _, d in made if isinstance(d, Draft) and d.token is not None]
        known = asked.ledger.store.backend.seqs(reader.connection, tokens)
        held = _entries(reader, sorted(known.values()))
        there = {token: held[seq] for token, seq in known.items()}
        trial = _Trial(asked, standing(reader), audience, own, there)
        return [trial.one(line, row, draft) for line, row, draft in made]


def _draft(make: Drafting, line: int, row: Mapping[str, Any] | Bad) -> Draft | Bad:
    """The draft of a row, or why there is none."""
    try:
        return row if isinstance(row, Bad) else make.draft(line, row)
    except Bad as error:
        return error


def _entries(reader: Reader, seqs: list[int]) -> dict[int, Entry]:
    """Entries by their places, many at a time."""
    found: dict[int, Entry] = {}
    for start in range(0, len(seqs), AT_ONCE):
        part = select(entries).where(entries.c.seq.in_(seqs[start : start + AT_ONCE]))
        for row in reader.connection.execute(part).fetchall():
            found[row.seq] = reader.entry(row)
    return found


@dataclass
class _Trial:
    """`there` are the entries that have the id of a row already, by its token."""

    asked: Import
    stand: Standing
    audience: str
    own: str | None
    there: Mapping[bytes, Entry]
    _drafts: dict[bytes, Draft] = field(default_factory=dict)

    def one(self, line: int, row: Mapping[str, Any] | Bad, draft: Draft | Bad) -> Tried:
        if isinstance(draft, Bad) or isinstance(row, Bad):
            reason = short(str(draft))
            held = {} if isinstance(row, Bad) else row
            return Tried(line, Outcome.REFUSED, held, reason, named_field(reason))
        assert draft.token is not None
        if draft.token in self.there:
            return self._known(line, row, self.there[draft.token])
        if draft.token in self._drafts:
            first = decode(0, b"", b"", self._drafts[draft.token].lines)
            clash = self.asked.clash(line, row, first)
            if clash is not None:
                return Tried(line, Outcome.REFUSED, row, clash.reason, "id", clash.shown)
            return Tried(line, Outcome.ALREADY, row)
        self._drafts[draft.token] = draft
        return Tried(line, Outcome.NEW, row)

    def _known(self, line: int, row: Mapping[str, Any], other: Entry) -> Tried:
        clash = self.asked.clash(line, row, other if other.own else None)
        if clash is None:
            return Tried(line, Outcome.ALREADY, row)
        if not other.own or not self._sees(other):
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
