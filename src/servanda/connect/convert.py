"""Converting files to records on disk: accepted and rejected rows, a count, and where to go on.

Every thousand rows the files are flushed and the state is written; after an interruption the files
are cut back to that state and reading goes on behind its line.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from servanda.connect.connector import Connector, Settings
from servanda.connect.provenance import Provenance
from servanda.connect.row import Accepted, Merged, Rejected, Row, Unusable
from servanda.connect.stream import Seen, content_digest, read
from servanda.connect.table import opened

EVERY = 1000  # rows between two states
READ_FROM = "read_from"  # the field by which a record points at its file and line

# Called with the bytes read so far and the rows seen so far.
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows were read, and what became of them: read = accepted + rejected + merged.

    `held_back`: accepted, but not written, because the licence forbids passing them on.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    merged: int = 0
    held_back: int = 0

    def with_row(self, row: Row, written: bool) -> "Tally":
        return Tally(
            self.read + 1,
            self.accepted + isinstance(row, Accepted),
            self.rejected + isinstance(row, Rejected),
            self.merged + isinstance(row, Merged),
            self.held_back + (isinstance(row, Accepted) and not written),
        )


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversion stands: files done, the file and line being read, sizes written so far."""

    done: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    records_size: int = 0
    rejected_size: int = 0
    tally: Tally = field(default_factory=Tally)


def load_state(path: Path) -> State:
    """The state of an interrupted conversion; raises Unusable if there is none to go on from."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return State(**{**data, "done": tuple(data["done"]), "tally": Tally(**data["tally"])})
    except FileNotFoundError:
        raise Unusable(f"There is nothing to resume: {path.name} is not there.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{path.name} is no state of a conversion: {error}") from error


def save_state(path: Path, state: State) -> None:
    """Written beside and renamed, so that an interruption leaves the old state or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(asdict(state)), encoding="utf-8")
    os.replace(fresh, path)


@dataclass(frozen=True)
class Target:
    """Where to write: records and rejected rows as JSON Lines, and the state between.

    `public` leaves out what may not be passed on; the tally says how much that was.
    """

    records: IO[str]
    rejected: IO[str] | None = None
    state: Path | None = None
    public: bool = False


def convert(
    connector: Connector,
    sources: Sequence[tuple[Path, Provenance]],
    settings: Settings,
    target: Target,
    *,
    start: State | None = None,
    seen: Seen | None = None,
    tick: Tick = lambda _bytes, _rows: None,
) -> Tally:
    """Read files through a connector and write what became of their rows."""
    state = start or State()
    known: Seen = {} if seen is None else seen
    before = 0
    for path, provenance in sources:
        if provenance.sha256 not in state.done:
            if state.file != provenance.sha256:
                state = replace(state, file=provenance.sha256, line=0)
            for reached, position in _file(
                connector, path, provenance, settings, target, state, known
            ):
                state = reached
                _keep(target, state)
                tick(before + position, state.tally.read)
            state = replace(state, done=(*state.done, provenance.sha256), file="", line=0)
            _keep(target, state)
        before += provenance.bytes
        tick(before, state.tally.read)
    return state.tally


def _file(
    connector: Connector,
    path: Path,
    provenance: Provenance,
    settings: Settings,
    target: Target,
    state: State,
    seen: Seen,
) -> Iterator[tuple[State, int]]:
    """The states on the way through a file, each with the position in it, and the last one."""
    since = 0
    with opened(path) as (stream, raw):
        for row in read(connector, stream, settings, name=path.name, after=state.line, seen=seen):
            # A state is complete only between lines: a line may make several statements.
            if since >= EVERY and row.line != state.line:
                since = 0
                yield state, raw.tell()
            since += 1
            written = _write(row, target, provenance)
            state = replace(state, line=row.line, tally=state.tally.with_row(row, written))
        yield state, raw.tell()


def _write(row: Row, target: Target, provenance: Provenance) -> bool:
    match row:
        case Accepted(line, record):
            if target.public and not provenance.licence.pass_on:
                return False
            origin = {"file": provenance.file, "sha256": provenance.sha256, "line": line}
            _line(target.records, {**record, READ_FROM: origin})
        case Rejected(line, reason, column, cells) if target.rejected is not None:
            kept = {"file": provenance.file, "line": line, "column": column, "reason": reason}
            _line(target.rejected, {**kept, "row": dict(cells)})
    return True


def _line(stream: IO[str], data: Mapping[str, Any]) -> None:
    stream.write(json.dumps(data, ensure_ascii=False) + "\n")


def _keep(target: Target, state: State) -> None:
    if target.state is not None:
        sizes = replace(
            state, records_size=_size(target.records), rejected_size=_size(target.rejected)
        )
        save_state(target.state, sizes)


def _size(stream: IO[str] | None) -> int:
    if stream is None:
        return 0
    stream.flush()
    return os.fstat(stream.fileno()).st_size


def accepted_before(records: Path) -> dict[str, bytes]:
    """What an earlier run accepted, by id: needed to go on merging and refusing as it did."""
    found = {}
    with records.open(encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            row.pop(READ_FROM, None)
            found[str(row["id"])] = content_digest(row)
    return found
