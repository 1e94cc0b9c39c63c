"""A copy of a ledger from an export: the same entries, the same hashes, closed where it was closed.

The export is verified first.  The copy has keys of its own and cannot be continued: it is for
reading, checking and assessing.
"""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from servanda.ledger import attachments, outsider
from servanda.ledger.entry import Entry, from_members, targets
from servanda.ledger.errors import LedgerError
from servanda.ledger.ledger import COLUMNS, SECRETS, Ledger, _found, _settle
from servanda.ledger.outsider import commitments_of, root_of, unhex
from servanda.ledger.sealing import SECRET, closed_line, open_line, seal, secrets
from servanda.ledger.store import WAIT
from servanda.ledger.words import ROW_KINDS
from servanda.ledger.wrapping import wrap

STEP = 5_000


def is_export(path: Path) -> bool:
    """Whether a path is the folder of an export."""
    return path.is_dir() and (path / "manifest.json").is_file()


def restore(
    folder: Path,
    place: str,
    keys: Path | None = None,
    wait: float = WAIT,
    advanced: Callable[[int], None] = lambda _: None,
) -> Ledger:
    """Make a copy of a ledger where there is none; raises LedgerError for an export that fails."""
    try:
        failures, counts, manifest = outsider.verify(str(folder))
    except outsider.Bad as error:
        raise LedgerError(f"{folder}: {error}.") from error
    if failures:
        where, how = failures[0]
        raise LedgerError(
            f"{folder} does not verify, nothing was imported: {where}: {how} "
            f"({len(failures)} in all; see `servanda ledger verify {folder}`)."
        )
    ledger = _found(place, str(manifest["title"]), keys, wait, None, True)
    files = _files(manifest)
    with ledger._writing() as writer, (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        insert = ledger.store.backend.insert
        key = writer.keys.wrapping[writer.wrapping]
        while step := [json.loads(line) for line in islice(lines, STEP)]:
            fresh = secrets(len(step))
            rows, refs = [], []
            for at, line in enumerate(step):
                secret = fresh[at * SECRET : (at + 1) * SECRET]
                row, tokens = _row(ledger, line, secret)
                rows.append(row)
                refs += [(token, line["seq"]) for token in tokens]
                for number, name in files.get(line["seq"], ()):
                    data = (folder / name).read_bytes()
                    attachments.keep(ledger, secret, line["seq"], number, data)
            insert(writer.connection, "entries", COLUMNS, rows)
            insert(writer.connection, "refs", ("token", "seq"), refs)
            first = step[0]["seq"]
            insert(
                writer.connection, "secrets", SECRETS, [wrap(first, fresh, writer.wrapping, key)]
            )
            advanced(step[-1]["seq"] + 1)
            writer.tail = (step[-1]["seq"], bytes.fromhex(step[-1]["hash"]))
        ledger.id = bytes.fromhex(counts["ledger"])
        _settle(writer.connection, ledger)
    return ledger


def _row(ledger: Ledger, line: dict[str, Any], secret: bytes) -> tuple[Any, Iterator[bytes]]:
    """A row of the table for one line of the export, and the tokens that it points at."""
    seq, hash_ = line["seq"], bytes.fromhex(line["hash"])
    found, _ = commitments_of(line)
    if found is None:
        root = unhex(line["root"], 32, "the root")
        return (seq, root, hash_, None, None, None, None, None), iter(())
    root = root_of(found)
    lines: list[bytes] = []
    members: list[str | None] = []
    for field in line["fields"]:
        if isinstance(field, str):
            lines.append(closed_line(bytes.fromhex(field)))
            members.append(None)
        else:
            lines.append(open_line(bytes.fromhex(field[0]), field[1]))
            members.append(field[1])
    entry: Entry = from_members(seq, hash_, root, members)
    _, body = seal(secret, lines)
    token = None if entry.id is None else ledger.keys.token(entry.id)
    handling = entry.handling.handling if "handling" in entry.own else None
    pointed = targets(entry.row) if entry.kind in ROW_KINDS else entry.about
    tokens = (ledger.keys.token(target) for target in dict.fromkeys(pointed))
    row = (seq, root, hash_, token, entry.own.get("kind"), handling, entry.recorded, body)
    return row, tokens


def _files(manifest: dict[str, Any]) -> dict[int, list[tuple[int, str]]]:
    """The attachments that the export holds unaltered, by entry and number."""
    found: dict[int, list[tuple[int, str]]] = {}
    numbers: dict[int, int] = {}
    for one in manifest["attachments"]:
        number = numbers.get(one["seq"], 0)
        numbers[one["seq"]] = number + 1
        if one["file"] is not None and not one.get("stripped"):
            found.setdefault(one["seq"], []).append((number, one["file"]))
    return found
