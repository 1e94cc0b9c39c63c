"""`servanda convert`: files of a data set as records; what was rejected, and why, kept beside."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.cli import text
from servanda.cli.options import as_json, command

if TYPE_CHECKING:
    from servanda.connect.connector import Settings
    from servanda.connect.convert import State, Tally, Tick

FILE = "connectors.yaml"  # beside an agreement: what words of data sets mean in it


def add(commands: Any) -> None:
    parser = command(commands, "convert", "convert files of a data set into records", run)
    parser.add_argument("files", nargs="*", metavar="FILE", help="CSV or JSON Lines, also zipped")
    parser.add_argument("--connector", metavar="NAME", help="what they are; see --list")
    parser.add_argument("--list", action="store_true", help="list the connectors and stop")
    parser.add_argument(
        "--agreement", metavar="A", help=f"whose record types, time zone, map and {FILE} count"
    )
    parser.add_argument("--mapping", metavar="YAML", help=f"instead of the agreement's {FILE}")
    parser.add_argument("--to", metavar="JSONL", help="where the records go; else standard output")
    parser.add_argument("--rejected", metavar="JSONL", help="else beside --to")
    parser.add_argument("--resume", action="store_true", help="go on after an interruption")
    parser.add_argument("--retrieved", metavar="T", help="when you got the files; else their time")
    parser.add_argument(
        "--public", action="store_true", help="leave out what may not be passed on, and count it"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--fail-on", choices=("rejected",), help="exit with 1 when there is one")


def run(options: Any) -> int:
    from servanda.connect import Unusable, connectors
    from servanda.library import InputError

    if options.list:
        text.say(_listed(connectors().values()))
        return 0
    if not options.connector or not options.files:
        raise InputError("Name the connector and at least one file: --connector NAME FILE….")
    if options.resume and not options.to:
        raise InputError("--resume needs --to: only what went into a file can be gone on with.")
    if options.format == "json" and not options.to:
        raise InputError("--format json needs --to: else records and summary would be mixed.")
    try:
        return _convert(options)
    except Unusable as error:
        raise InputError(str(error)) from error


def _listed(known: Any) -> Iterator[str]:
    for connector in known:
        yield text.bold(connector.name)
        yield text.wrap(connector.title + ".", 2)
        yield text.wrap(f"Licence: {connector.licence.name}. {connector.note}", 2)


def _convert(options: Any) -> int:
    from servanda.connect import find
    from servanda.connect.convert import Target, accepted_before, convert, load_state
    from servanda.connect.provenance import of_file
    from servanda.library import InputError

    connector = find(options.connector)
    settings = settings_of(options.agreement, options.mapping, connector.name)
    missing = [name for name in options.files if not Path(name).is_file()]
    if missing:
        raise InputError(f"{', '.join(missing)}: there is no such file.")
    sources = [
        (Path(f), of_file(connector.name, connector.licence, Path(f), options.retrieved))
        for f in options.files
    ]
    to = Path(options.to) if options.to else None
    rejected = Path(options.rejected) if options.rejected else to and _beside(to, "rejected.jsonl")
    state_file = to and _beside(to, "state.json")
    start, seen = None, None
    if options.resume and to and state_file:
        start, seen = load_state(state_file), None
        _cut(to, rejected, start)
        seen = accepted_before(to)
    mode = "a" if options.resume else "w"
    with ExitStack() as opened:
        records_out = opened.enter_context(to.open(mode, encoding="utf-8")) if to else sys.stdout
        rejected_out = (
            opened.enter_context(rejected.open(mode, encoding="utf-8")) if rejected else None
        )
        target = Target(records_out, rejected_out, state_file, options.public)
        with _progress(sum(p.bytes for _, p in sources)) as tick:
            tally = convert(connector, sources, settings, target, start=start, seen=seen, tick=tick)
    provenance = [p.plain() for _, p in sources]
    if to and state_file:
        _beside(to, "provenance.json").write_text(as_json(provenance) + "\n", encoding="utf-8")
        state_file.unlink()
    if rejected and not tally.rejected:
        rejected.unlink()
    _report(options, connector.licence, tally, rejected, provenance)
    return int(options.fail_on == "rejected" and tally.rejected > 0)


def settings_of(agreement: str | None, mapping: str | None, connector: str) -> "Settings":
    """What a connector may use: an agreement's vocabulary and map, and the mapping for it."""
    from zoneinfo import ZoneInfo

    from servanda import library
    from servanda.connect import Settings
    from servanda.language.load import standard_records

    if agreement is None:
        found = _mapping(Path(mapping)) if mapping else {}
        return Settings(standard_records(), ZoneInfo("UTC"), mapping=_part(found, connector))
    lib = library.load(agreement)
    if mapping:
        found = _mapping(Path(mapping))
    else:
        beside = lib.folder / FILE if lib.folder else None
        found = _mapping(beside) if beside and beside.is_file() else {}
    return Settings(
        lib.agreement.record_types,
        lib.zone,
        lib.atlas,
        _part(found, connector),
        _expected(lib),
    )


def _expected(lib: Any) -> Any:
    """Where points of an agreement should lie; None if its parties are not on the base map."""
    on_map = {lib.atlas.country_of(unit) for unit in lib.atlas.unit_ids()}
    there = any(actor.country in on_map for actor in lib.agreement.actors.values())
    return lib.atlas.extent if there else None


def _mapping(path: Path) -> dict[str, Any]:
    from servanda.beside.document import read_yaml
    from servanda.library import InputError

    document = read_yaml(path.parent, path.name) if path.is_file() else None
    if document is None:
        raise InputError(f"--mapping {path}: there is no such file.")
    if not isinstance(document.data, dict):
        raise InputError(f"{path.name} is no mapping: write CONNECTOR: {{…}}.")
    return document.data


def _part(mapping: dict[str, Any], connector: str) -> dict[str, Any]:
    from servanda.library import InputError

    part = mapping.get(connector) or {}
    if not isinstance(part, dict):
        raise InputError(f"The mapping of {connector} is no table: write {connector}: {{…}}.")
    return part


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.stem}.{ending}")


def _cut(to: Path, rejected: Path | None, state: "State") -> None:
    """Cut the files back to what the state vouches for."""
    for path, size in ((to, state.records_size), (rejected, state.rejected_size)):
        if path is not None and path.exists():
            with path.open("r+b") as stream:
                stream.truncate(size)


@contextmanager
def _progress(total: int) -> Iterator["Tick"]:
    """A bar on standard error at a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _bytes, _rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("{task.fields[rows]:,} rows"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total, rows=0)
        yield lambda done, rows: bar.update(task, completed=done, rows=rows)


def _report(
    options: Any, licence: Any, tally: "Tally", rejected: Path | None, provenance: list[Any]
) -> None:
    from dataclasses import asdict

    if options.format == "json":
        counts = {**asdict(tally), "rejected_file": str(rejected) if tally.rejected else None}
        print(as_json({**counts, "provenance": provenance}))
        return
    out = sys.stdout if options.to else sys.stderr
    print(
        f"{tally.read:,} rows read: {tally.accepted:,} accepted, {tally.rejected:,} rejected, "
        f"{tally.merged:,} merged with an equal one.",
        file=out,
    )
    if tally.rejected:
        print(f"Rejected rows with line, column and reason: {rejected or 'not kept'}.", file=out)
    if tally.held_back:
        print(
            f"{tally.held_back:,} left out, not to be passed on: {licence.name}.",
            file=out,
        )
    elif not licence.pass_on and tally.accepted:
        print(text.wrap(f"Not to be passed on: {licence.name}. See --public."), file=out)
    print(text.wrap(f"Source: {licence.attribution}. Licence: {licence.name}."), file=out)
