"""Options that several commands share, and the question that they make."""

import argparse
import re
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servanda.engine.question import Question
    from servanda.evidence.refused import Refused
    from servanda.evidence.unknown_fields import UnknownField
    from servanda.library import Library
    from servanda.model.standard import Standard

RAW = argparse.RawDescriptionHelpFormatter


def examples(name: str) -> str:
    """The examples of a command, from examples.txt beside this file."""
    return _sections()[name].rstrip("\n") + "\n"


@cache
def _sections() -> dict[str, str]:
    text = (files("servanda.cli") / "examples.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def command(commands: Any, name: str, summary: str, run: Any) -> Any:
    """Add a command with its help, examples and function."""
    added = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog="examples:\n" + examples(name),
        formatter_class=RAW,
    )
    added.set_defaults(run=run)
    return added


def agreement(parser: Any) -> None:
    parser.add_argument("agreement", metavar="AGREEMENT", help="id of a bundled one, or a path")


def output(parser: Any, *formats: str) -> None:
    parser.add_argument(
        "--format", choices=("text", "json", *formats), default="text", help="default: text"
    )


def choices(parser: Any) -> None:
    """What an assessment is made on."""
    parser.add_argument(
        "--records",
        action="append",
        metavar="FILE",
        help="JSON Lines, CSV or Parquet; “-” reads JSON Lines from standard input; "
        "replaces the bundled records; may be repeated",
    )
    parser.add_argument(
        "--merges",
        metavar="JSONL",
        help="decisions that records tell of one occurrence: see servanda records --merge",
    )
    parser.add_argument(
        "--areas",
        action="append",
        default=[],
        metavar="GEOJSON",
        help="shapes that records name, such as areas seen; may be repeated",
    )
    parser.add_argument(
        "--tracks",
        action="append",
        default=[],
        metavar="JSONL",
        help="patrol tracks and camera uptime: what they covered is computed and added to the "
        "records; may be repeated",
    )
    parser.add_argument(
        "--ledger",
        metavar="L",
        help="a ledger's file or postgresql://…, in place of --records",
    )
    parser.add_argument("--as-of", metavar="T", help="state as of this day or instant")
    parser.add_argument("--known-at", metavar="T", help="only what was reported by then")
    parser.add_argument(
        "--standard",
        default="corroborated",
        metavar="S",
        help="any_claim, corroborated (default), third_party, findings, party:NAME, or your own "
        "rule, such as “2 independent sources or 1 monitor”; “@FILE” reads one from a file",
    )
    what_if(parser)
    parser.add_argument(
        "--engine",
        choices=("columnar", "reference"),
        default="columnar",
        help="which evaluator works it out; both give the same (default: columnar)",
    )
    parser.add_argument(
        "--trust-status", action="store_true", help="let a status typed into a file count"
    )


def what_if(parser: Any) -> None:
    """Readings and assumptions, of a command that asks under both."""
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="TERM=NAME",
        help="fix one reading of a disputed term; may be repeated",
    )
    parser.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NORM.FIELD=VALUE",
        help="fill in what the text leaves open; may be repeated",
    )


def question(options: Any) -> "tuple[Library, Question, tuple[Refused, ...]]":
    """The library and the question that the options ask; raises InputError."""
    from servanda import asking, library

    lib = library.load(options.agreement)
    for areas in options.areas:
        lib = library.with_areas(lib, Path(areas))
    records = _records(lib, options.records, getattr(options, "ledger", None))
    warn_unknown((lib.records if records is None else records).unknown)
    for tracks in options.tracks:
        if not Path(tracks).is_file():
            raise library.InputError(f"--tracks {tracks}: there is no such file.")
        given = lib.records if records is None else records
        lib, records = library.with_tracks(lib, given, Path(tracks))
    asked, refused = asking.question(
        lib,
        records,
        as_of=options.as_of,
        known_at=options.known_at,
        engine=options.engine,
        standard=chosen_standard(lib, options.standard),
        readings=chosen_readings(options.reading),
        assume=options.assume,
        trust_status=options.trust_status,
        only=getattr(options, "only", ()),
        merges=options.merges or (),
    )
    return lib, asked, refused


STDIN = "standard input"


def _records(lib: "Library", files: list[str] | None, ledger: str | None) -> Any:
    from servanda.evidence.place_names import with_known_places
    from servanda.evidence.read import MAX_BYTES, read_text, together
    from servanda.library import InputError

    if ledger is not None:
        if files is not None:
            raise InputError("Give --records or --ledger: an assessment is made on one of them.")
        from servanda.ledger.ledger import open_ledger
        from servanda.ledger.reading import records

        types = lib.agreement.record_types
        return records(open_ledger(ledger), types, lib.zone, atlas=lib.atlas)
    if files is None:
        return None
    found = []
    for name in files:
        if name == "-":
            text = sys.stdin.buffer.read(MAX_BYTES + 1).decode("utf-8-sig", errors="replace")
            types = lib.agreement.record_types
            read = read_text(text, STDIN, types, lib.zone)
            one = with_known_places(read, types, lib.atlas, STDIN)
        else:
            path = Path(name)
            if not path.is_file():
                problem = (
                    "it is no file: pipe it and write “-”"
                    if path.exists()
                    else "there is no such file"
                )
                raise InputError(f"--records {name}: {problem}.")
            one = lib.read([path])
        found.append(one)
    return together(found)


def chosen_standard(lib: "Library", given: str) -> "str | Standard":
    """A standard by its name, as a rule, or from the file behind “@”."""
    from servanda.asking import standard_of
    from servanda.language.limits import MAX_FILE_BYTES
    from servanda.library import InputError

    if not given.startswith("@"):
        return standard_of(lib, given)
    path = Path(given[1:])
    if not path.is_file():
        raise InputError(f"--standard {given}: there is no such file.")
    with path.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    return standard_of(lib, data.decode(errors="surrogateescape"), path.name)


def chosen_readings(given: list[str]) -> dict[str, str]:
    from servanda.library import InputError

    found: dict[str, str] = {}
    for text in given:
        term, equals, reading = text.partition("=")
        if not equals:
            raise InputError(f"--reading {text}: write TERM=NAME, such as invasion=any_crossing.")
        if found.setdefault(term, reading) != reading:
            raise InputError(f"--reading {term} is given twice, with different readings.")
    return found


def warn_refused(refused: "tuple[Refused, ...]") -> None:
    """Name the rows kept apart, on standard error; the rest goes on."""
    from servanda.cli import text

    for one in refused[:20]:
        where = f"{one.file}:" if one.file else ""
        print(text.wrap(f"{where}{one.line}: not used: {one.reason}", 0, 2), file=sys.stderr)
    if len(refused) > 20:
        print(f"… and {len(refused) - 20} more rows were not used", file=sys.stderr)


def warn_unknown(unknown: "tuple[UnknownField, ...]") -> None:
    """Name the fields that no record has, once each, on standard error; nothing is refused."""
    from servanda.cli import text

    for one in unknown[:20]:
        where = f"{one.file}:" if one.file else ""
        print(text.wrap(f"{where}{one.line}: note: {one.told}", 0, 2), file=sys.stderr)
    if len(unknown) > 20:
        print(f"… and {len(unknown) - 20} more fields that no record has", file=sys.stderr)


def as_json(data: Any) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2)
