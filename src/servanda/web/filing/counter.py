"""The counter at which records are filed: tried first, then entered, each in the trail.

In: who files, an agreement, and rows.  Out: what would become of each row, or what became of it.
The line of the trail is written before the ledger is asked, so that nothing that was filed here
stands in a ledger without one.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from fastapi import Request

from servanda.evidence.checked import to_record
from servanda.evidence.place_names import placed
from servanda.evidence.rows import Bad
from servanda.ledger.errors import Busy, LedgerError
from servanda.ledger.handling import Handling, handling_of
from servanda.ledger.importing import Import, Source, enter
from servanda.ledger.ledger import Ledger, open_ledger
from servanda.ledger.rows import RowOrBad, Text
from servanda.ledger.rows import rows as rows_of
from servanda.ledger.trying import Outcome, Tried, tried
from servanda.library import Library
from servanda.web.filing.rights import why_not
from servanda.web.filing.tray import Held
from servanda.web.people.asking import session_of
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office
from servanda.web.people.person import Person
from servanda.web.people.sight import Sight, seen_by
from servanda.web.problems import Problem
from servanda.web.view import View

MAX_ROWS = 5_000  # of one file that is uploaded
WAIT = 10.0  # seconds that filing waits for another writer
FORMS = {"jsonl": False, "ndjson": False, "csv": True}  # endings; whether it is CSV
LOOSE = ("at", "reported")  # what the server fills in differs when a form is sent twice


@dataclass(frozen=True)
class Entered:
    """What became of an upload; `before` says that the same file was entered earlier."""

    rows: tuple[Tried, ...]
    entered: int
    already: int
    before: bool


@dataclass(frozen=True)
class Counter:
    """`place` is that of the ledger.  Whose paper somebody writes was decided by the case: with
    `paper` it is not asked again who the source is.
    """

    person: Person
    library: Library
    place: str
    office: Office
    paper: bool = False

    @property
    def now(self) -> int:
        return int(self.office.clock() * 1_000_000)

    @cached_property
    def ledger(self) -> Ledger:
        return open_ledger(self.place, wait=WAIT)

    @property
    def shut(self) -> str:
        """Why nobody enters anything into this ledger; empty where it can be continued."""
        if not self.ledger.copy:
            return ""
        return "The ledger of this server is a copy of another: it can be read, not continued."

    @property
    def sight(self) -> Sight:
        agreement = self.library.agreement
        return seen_by(self.person).within({*agreement.actors, *agreement.institutions})

    def check(self, row: Mapping[str, Any], line: int) -> None:
        """Raises Bad for a row that cannot serve, or that this person may not file."""
        types = self.library.agreement.record_types
        placed(to_record(row, types, self.library.zone, line), types, self.library.atlas)
        if not self.paper and (why := why_not(self.person, self.library, row)):
            raise Bad(why)

    # --- one record ---

    def preview(self, row: Mapping[str, Any], handling: Handling) -> Tried:
        """What would become of one record; raises a problem where the ledger cannot be asked."""
        with told():
            asked = Import(
                self.ledger, Source("by hand"), handling, lambda: self.now, None, self.check
            )
            sight = self.sight
            (found,) = tried(asked, [(0, self._as_before(row))], sight.audience, sight.own)
        return found

    def enter(self, row: Mapping[str, Any], handling: Handling) -> Tried:
        """Enter one record, where nothing speaks against it; the same again is one entry."""
        found = self.preview(row, handling)
        if found.outcome is not Outcome.NEW:
            return found
        about = {"type": str(row.get("type")), "source": str(row.get("source"))}
        self._note(f"record:{row['id']}", about)
        try:
            with told():
                enter(self.ledger, row, handling, self.now)
        except Problem:
            again = self.preview(row, handling)  # somebody sent it at the same moment
            if again.outcome is Outcome.NEW:
                raise
            return again
        return found

    def _as_before(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row with the times under which it stands already, if it is the same otherwise."""
        with self.ledger.reading() as reader:
            seq = reader.seq_of(str(row.get("id", "")))
            entry = None if seq is None else reader.at(seq)
        if entry is None:
            return row
        held = {name: entry.row[name] for name in LOOSE if name in entry.row}
        bare = {name: value for name, value in row.items() if name not in LOOSE}
        same = bare == {name: value for name, value in entry.row.items() if name not in LOOSE}
        return {**bare, **held} if same else row

    # --- a file ---

    def try_file(self, held: Held, handling: Handling) -> list[Tried]:
        """What would become of each row of a file; raises Refusal for one that is not read."""
        rows = _limited(held)
        sight = self.sight
        with told():
            return tried(self._asked(held, handling), rows, sight.audience, sight.own)

    def enter_file(self, held: Held, handling: Handling) -> Entered:
        """Enter the rows against which nothing speaks; the others are kept apart, row by row."""
        before = {one.line: one for one in self.try_file(held, handling)}
        self._note(f"file:{held.digest[:16]}", {"rows": str(len(before)), "sha256": held.digest})
        with told():
            done = self._asked(held, handling).run(_limited(held))
        for one in done.refused:
            known = before.get(one.line)
            if known is None or known.outcome is not Outcome.REFUSED:
                shown = Tried(one.line, Outcome.REFUSED, {}, one.reason)
                before[one.line] = shown if known is None else replace(known, reason=one.reason)
        rows = tuple(before[line] for line in sorted(before))
        return Entered(rows, done.entered, done.already, done.seq is None and done.entered > 0)

    def _asked(self, held: Held, handling: Handling) -> Import:
        how = f"agreement {self.library.agreement.id}, by {self.person.title}"
        if self.person.acts_for is not None:
            how += f" of {self.person.acts_for}"
        source = Source(held.name, held.digest, len(held.data), how)
        return Import(self.ledger, source, handling, lambda: self.now, None, self.check)

    def _note(self, on: str, detail: Mapping[str, str]) -> None:
        with self.office.store.writing() as connection:
            told_of = {"agreement": self.library.agreement.id, **detail}
            self.office.note(connection, self.person, "files", on, **told_of)


def counter_of(request: Request, view: View) -> Counter | None:
    """The counter for whoever asks; None where the server has no ledger."""
    place = request.app.state.settings.ledger
    library = request.app.state.desk.library(view.agreement)
    if place is None:
        return None
    return Counter(session_of(request).person, library, place, request.app.state.office)


def handled(handling: str, consent: str, use: Sequence[str]) -> Handling:
    """The handling that a form asks for; raises Refusal for words that are none."""
    if not use:
        raise Refusal("Say at least one thing for which it may be used.", "use")
    try:
        return handling_of(handling, consent, tuple(use))
    except LedgerError as error:
        raise Refusal(str(error), "handling") from error


def _limited(held: Held) -> list[RowOrBad]:
    """The rows of a file; raises Refusal where there are none, or too many."""
    ending = held.name.rpartition(".")[2].lower()
    if ending not in FORMS:
        raise Refusal(
            f"“{held.name}” ends neither in .jsonl nor in .csv: those two are read here.", "file"
        )
    text = Text(io.BytesIO(held.data), ends=FORMS[ending])
    found = list(islice(rows_of(text, FORMS[ending]), MAX_ROWS + 1))
    if not found:
        raise Refusal(f"There is no row in “{held.name}”.", "file")
    if len(found) > MAX_ROWS:
        raise Refusal(
            f"“{held.name}” has more than {MAX_ROWS:,} rows: part it, or use `servanda ledger "
            "import`.",
            "file",
        )
    return found


@contextmanager
def told() -> Iterator[None]:
    """What the ledger says, as a problem that a person can act on."""
    try:
        yield
    except Busy as error:
        raise Problem(
            503,
            "The ledger is busy",
            "Somebody else is writing to the ledger for longer than is waited here. Nothing was "
            "entered; send it again.",
        ) from error
    except LedgerError as error:
        raise Problem(409, "Not entered", str(error)) from error
