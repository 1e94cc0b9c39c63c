"""`servanda records`: what records hold, candidate duplicates, contradictions, coverage, merges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from servanda.cli import text
from servanda.cli.options import (
    agreement,
    as_json,
    choices,
    command,
    output,
    question,
    warn_refused,
)

SHOWN = 40  # of each list, as text; the JSON has all


def add(commands: Any) -> None:
    parser = command(commands, "records", "look into records: doubles, contradictions", run)
    agreement(parser)
    choices(parser)
    output(parser)
    parser.add_argument("--duplicates", action="store_true", help="pairs that may be one")
    parser.add_argument(
        "--least", type=float, default=0.5, metavar="SCORE", help="of those; 0 to 1, default 0.5"
    )
    parser.add_argument("--contradictions", action="store_true", help="who says what instead")
    parser.add_argument("--coverage", action="store_true", help="who watched what, by month")
    parser.add_argument(
        "--merge", nargs="+", metavar="ID", help="print an entry that merges these; see --because"
    )
    parser.add_argument("--author", metavar="NAME", help="who decides, for --merge")
    parser.add_argument("--because", metavar="REASON", help="why, for --merge")
    parser.add_argument("--undo", action="store_true", help="for --merge: take it back")


def run(options: Any) -> int:
    from servanda.cli.progress import working
    from servanda.report import records as report

    lib, asked, refused = question(options)
    warn_refused(refused)
    merges = asked.inputs.merges
    standing = asked.inputs.known()
    if options.merge:
        print(as_json_line(_merge(options, {r.id for r in standing})))
        return 0
    found: dict[str, Any] = {"overview": report.overview(lib, standing)}
    with working("comparing records"):
        if options.duplicates:
            found["duplicates"] = report.duplicates(lib, standing, options.least)
        if options.contradictions:
            found["contradictions"] = report.contradicting(lib, standing)
        if options.coverage:
            found["coverage"] = _coverage(asked, standing)
    if merges:
        found["merges"] = [m.plain() for m in merges]
    print(as_json(found)) if options.format == "json" else text.say(_render(found))
    return 0


def as_json_line(data: Mapping[str, Any]) -> str:
    import json

    return json.dumps(data, ensure_ascii=False)


def _merge(options: Any, known: set[str]) -> dict[str, Any]:
    """An entry with author and reason, to be appended to a file of merges."""
    from datetime import UTC, datetime

    from servanda.evidence.merge import merge_of
    from servanda.library import InputError

    unknown = [i for i in options.merge if i not in known]
    if unknown:
        raise InputError(f"--merge: there is no record {', '.join(unknown)}.")
    row = {
        "records": options.merge,
        "author": options.author,
        "reason": options.because,
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "undone": options.undo,
    }
    try:
        return merge_of(row).plain()
    except ValueError as error:
        raise InputError(f"--merge: {error}. Say --author NAME --because REASON.") from error


def _coverage(asked: Any, standing: Any) -> dict[str, Any]:
    """Who watched, whether that counts under the standard, and covered shares by month."""
    from servanda.engine.coverage import watches
    from servanda.engine.coverage_by_period import coverage_by_period
    from servanda.report import records as report

    counting = watches(asked.facts(asked.inputs.standard), asked.zone)
    counted = {record for watch in counting for record in watch.records}
    watched = [{**row, "counts": row["record"] in counted} for row in report.watched(standing)]
    norms = asked.agreement.norms.values()
    periods = [asdict(row) for norm in norms for row in coverage_by_period(asked, norm)]
    return {"standard": asked.inputs.standard, "watched": watched, "periods": periods}


def _render(found: Mapping[str, Any]) -> Iterator[str]:
    yield from _overview(found["overview"])
    if "duplicates" in found:
        yield ""
        yield text.bold("Candidate duplicates (a proposal; nothing is merged)")
        yield from _cut(found["duplicates"], _duplicate)
    if "contradictions" in found:
        yield ""
        yield text.bold("Contradictions, by who says what")
        yield from _cut(found["contradictions"], _contradiction)
    if "coverage" in found:
        yield ""
        yield text.bold("Who watched")
        yield from _cut(found["coverage"]["watched"], _watched)
        yield ""
        name = text.standard(found["coverage"]["standard"])
        yield text.bold("Covered shares by commitment and month") + f" (standard {name})"
        yield from _cut(found["coverage"]["periods"], _period)
    for merge in found.get("merges", ()):
        done = "taken apart" if merge["undone"] else "merged"
        yield text.item(
            f"{done}: {', '.join(merge['records'])} by {merge['author']}, {merge['at']}: "
            f"{merge['reason']}",
            2,
            "=",
        )


def _overview(found: Mapping[str, Any]) -> Iterator[str]:
    first, last = text.moment(found["first"]), text.moment(found["last"])
    span = f", {first} to {last}" if first else ""
    yield text.wrap(f"{text.number(found['records'], 'record')}{span}.")
    for name, count in found["types"].items():
        apart = " (claimed totals: never added to occurrences)" if name == "claim_total" else ""
        yield text.item(f"{count:,} {name}{apart}", 2, "·")
    yield text.wrap(
        f"{found['unattributed']:,} name no actor; {found['day_precision']:,} are dated by day or "
        f"longer; {found['without_place']:,} have no place; "
        f"{text.number(len(found['speakers']), 'speaker')}."
    )


def _cut(rows: Sequence[Any], line: Any) -> Iterator[str]:
    if not rows:
        yield "  none"
    for row in rows[:SHOWN]:
        yield from line(row)
    if len(rows) > SHOWN:
        yield f"  … and {len(rows) - SHOWN:,} more; --format json has all"


def _duplicate(row: Mapping[str, Any]) -> Iterator[str]:
    counted = "; counted as one by rule 6" if row["counted"] else ""
    why = ", ".join(row["reasons"])
    yield text.item(f"{row['score']:.2f}  {row['one']} and {row['other']}: {why}{counted}", 2, "·")


def _contradiction(row: Mapping[str, Any]) -> Iterator[str]:
    maybe = " (possible: they may be of two events)" if row["possible"] else ""
    yield text.item(f"{text.moment(row['at'])} {row['type']}, {row['about']}{maybe}", 2, "≠")
    for position in row["positions"]:
        yield text.item(
            f"{position['value']}: {', '.join(position['speakers'])} "
            f"({', '.join(position['records'][:5])}"
            f"{', …' if len(position['records']) > 5 else ''})",
            6,
            "·",
        )


def _watched(row: Mapping[str, Any]) -> Iterator[str]:
    means = f" by {row['via']}" if row["via"] else ""
    counts = "" if row["counts"] else "; does not count under this standard"
    told = f"says {row['speaker']}, {row['record']}{counts}"
    yield text.item(
        f"{row['source']}{means}: {', '.join(row['types'])} in {row['area']}, "
        f"{text.moment(row['from'])} to {row['until']} ({told})",
        2,
        "·",
    )


def _period(row: Mapping[str, Any]) -> Iterator[str]:
    by = f", by {', '.join(row['by'])}" if row["by"] else ""
    yield text.item(
        f"{row['period']}  {row['instance']}: {row['time_share']:.0%} of the time, "
        f"{row['area_share']:.0%} of the area, {row['share']:.0%} of both{by}",
        2,
        "·",
    )
