"""`servanda ledger import`: enter the rows of files, or make a copy from an export."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.cli import EXIT_BAD_INPUT, text
from servanda.cli.ledger.common import (
    advancing,
    handling_of,
    handling_options,
    now,
    opened,
    place,
    signer_of,
    verb,
)
from servanda.cli.options import as_json, warn_unknown

if TYPE_CHECKING:
    from servanda.evidence.unknown_fields import Noting
    from servanda.ledger.drafting import Check
    from servanda.ledger.importing import Progress, Source
    from servanda.ledger.keys import Registered
    from servanda.ledger.ledger import Ledger
    from servanda.ledger.rows import RowOrBad

SHOWN = 20
OWN = ("jsonl", "csv", "parquet")


def add(verbs: Any) -> None:
    parser = verb(verbs, "import", "enter records from files, or copy a ledger from an export", run)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="JSON Lines, CSV or Parquet; “-” reads JSON Lines from standard input; "
        "the folder of an export makes a copy where there is no ledger yet",
    )
    parser.add_argument("--connector", metavar="NAME", help="how to read the files: csv, viina, …")
    parser.add_argument("--mapping", metavar="FILE", help="for the connector: its words as yours")
    parser.add_argument("--sign", metavar="KEY", help="sign the batch with this private key")
    parser.add_argument(
        "--agreement", metavar="A", help="refuse what this agreement has no record type for"
    )
    handling_options(parser)


def run(options: Any) -> int:
    from servanda.ledger.restoring import is_export

    if len(options.files) == 1 and is_export(Path(options.files[0])):
        return _copy(options)
    ledger = opened(options)
    check = _check(options.agreement)
    signer = signer_of(options.sign)
    if signer is not None:
        from servanda.ledger.signing import named

        check = _own_word(named(ledger, signer), check)
    done = []
    for name in options.files:
        source, rows = _source(name, options)
        done.append((name, _one(ledger, source, rows, options, signer, check)))
    _tell(options, done)
    return EXIT_BAD_INPUT if any(p.refused for _, p in done) else 0


def _one(
    ledger: "Ledger", source: "Source", rows: "Iterable[RowOrBad]", options: Any, *more: Any
) -> "Progress":
    from servanda.evidence.checked import FIELDS
    from servanda.evidence.unknown_fields import Noting
    from servanda.ledger.importing import Import

    signer, check = more
    asked: Import = Import(ledger, source, handling_of(options), now, signer, check)
    noting = Noting(source.name, FIELDS)
    with advancing(f"entering {source.name}") as advanced:
        done = asked.run(
            _noted(rows, noting), lambda progress: advanced(progress.entered + progress.already)
        )
    warn_unknown(noting.found())
    return done


def _noted(rows: "Iterable[RowOrBad]", noting: "Noting") -> "Iterator[RowOrBad]":
    """The rows as they come; fields that no record has are noted as they go by."""
    for line, row in rows:
        if isinstance(row, Mapping):
            noting.note(line, row)
        yield line, row


def _source(name: str, options: Any) -> "tuple[Source, Iterable[RowOrBad]]":
    from servanda.ledger.errors import LedgerError
    from servanda.ledger.importing import Source
    from servanda.ledger.rows import Text, digest_of, rows, rows_of_file

    connector = options.connector
    if name == "-":
        stream = Text(sys.stdin.buffer)
        measured = lambda: (stream.digest.hexdigest(), stream.size)  # noqa: E731
        return Source("standard input", measured=measured), rows(stream, connector == "csv")
    path = Path(name)
    if not path.is_file():
        raise LedgerError(f"{name}: there is no such file.")
    digest, size = digest_of(path)
    source = Source(path.name, digest, size, _how(options))
    if connector is None or (connector in OWN and options.mapping is None):
        return source, rows_of_file(path, connector)
    return source, _connected(options, path)


def _how(options: Any) -> str:
    """What decides, besides the file, what is entered: the same again is the same import."""
    from servanda.ledger.rows import digest_of

    told = [options.connector or ""]
    if options.mapping is not None and Path(options.mapping).is_file():
        told.append(f"mapping {digest_of(Path(options.mapping))[0][:16]}")
    if options.agreement is not None:
        told.append(f"agreement {options.agreement}")
    return ", ".join(part for part in told if part)


def _connected(options: Any, path: Path) -> "Iterator[RowOrBad]":
    """What a connector makes of a file, row by row."""
    from servanda import connect
    from servanda.cli.convert import settings_of
    from servanda.evidence.rows import Bad
    from servanda.ledger.errors import LedgerError

    try:
        connector = connect.find(options.connector)
        settings = settings_of(options.agreement, options.mapping, connector.name)
        for row in connect.read(connector, path, settings, name=path.name):
            if isinstance(row, connect.Accepted):
                yield row.line, row.record
            elif isinstance(row, connect.Rejected):
                yield row.line, Bad(row.reason)
    except connect.Unusable as error:
        raise LedgerError(str(error)) from error


def _check(agreement: str | None) -> "Check | None":
    if agreement is None:
        return None
    from servanda import library
    from servanda.evidence.checked import to_record

    lib = library.load(agreement)
    return lambda row, line: to_record(row, lib.agreement.record_types, lib.zone, line)


def _own_word(registration: "Registered", check: "Check | None") -> "Check":
    """A check besides the one given: a source's key signs records of that source alone."""
    from servanda.evidence.checked import check_dates
    from servanda.evidence.rows import Bad
    from servanda.ledger.signing import speaks

    def checked(row: Mapping[str, Any], line: int) -> None:
        if check is None:
            check_dates(row)
        else:
            check(row, line)
        if why := speaks(registration, row):
            raise Bad(why)

    return checked


def _tell(options: Any, done: "list[tuple[str, Progress]]") -> None:
    for name, progress in done:
        for one in progress.refused[:SHOWN]:
            print(f"{one.file or name}:{one.line}: not entered: {one.reason}", file=sys.stderr)
            for what, shown in zip(("there", "here"), one.shown or (), strict=False):
                print(f"    {what}: {text.clean(shown)}", file=sys.stderr)
        if len(progress.refused) > SHOWN:
            print(f"… and {len(progress.refused) - SHOWN} more rows", file=sys.stderr)
    if options.format == "json":
        print(as_json([_plain(name, progress) for name, progress in done]))
        return
    for name, progress in done:
        before = " before" if progress.seq is None and progress.finished else ""
        back = progress.resumed > 0 and not before
        resumed = f", resumed after line {progress.resumed}" if back else ""
        print(
            f"{name}: {progress.entered:,} entered{before}, {progress.already:,} there already, "
            f"{len(progress.refused):,} refused{resumed}"
        )


def _plain(name: str, progress: "Progress") -> dict[str, Any]:
    refused = [{"line": r.line, "reason": r.reason, "file": r.file} for r in progress.refused]
    return {
        "file": name,
        "entered": progress.entered,
        "already": progress.already,
        "refused": refused,
        "entry": progress.seq,
    }


def _copy(options: Any) -> int:
    from servanda.ledger.restoring import restore

    with advancing("copying entries") as advanced:
        made = restore(Path(options.files[0]), place(options), options.keys, options.wait, advanced)
    if options.format == "json":
        print(as_json({"ledger": made.id.hex(), "copy": True}))
    else:
        print(f"A copy of ledger {made.id.hex()}")
    return 0
