"""`servanda audit`: what will break before it is signed."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servanda.cli import text
from servanda.cli.options import agreement, as_json, command, output

MARKS = {"breaks": "◆", "gap": "○", "risk": "·"}
NAMES = {
    "breaks": "What defeats itself",
    "gap": "What is not said",
    "risk": "What may be a risk",
}
FEW = 4  # subjects named on a line


def add(commands: Any) -> None:
    parser = command(commands, "audit", "find what will break before it is signed", run)
    agreement(parser)
    output(parser)
    parser.add_argument(
        "--check",
        action="append",
        default=[],
        metavar="NAME",
        help="one check by name, number or code, with its stories; may be repeated",
    )
    parser.add_argument("--all", action="store_true", help="every warning with its story")
    parser.add_argument(
        "--fail-on",
        choices=("breaks", "gap", "risk", "undecided"),
        help="exit with 1 when there is such a warning or a more severe one",
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="for each check (default: 30)")
    parser.add_argument(
        "--witness", metavar="ID", help="the records of a warning's story; by id, code or clause"
    )
    parser.add_argument("--out", metavar="FILE", help="where --witness writes them")
    parser.add_argument(
        "--fix", metavar="FILE", help="write a copy with bracketed text for the drafters to decide"
    )


def run(options: Any) -> int:
    from servanda import library
    from servanda.checks.frame.run import audit
    from servanda.language.load import render
    from servanda.reason.extra import MissingExtra

    lib = library.load_draft(options.agreement)
    errors = lib.loaded.errors
    if errors:
        print(render(errors), file=sys.stderr)
        told = text.number(len(errors), "error")
        print(f"The draft has {told}: it is audited as far as it could be read.", file=sys.stderr)
    try:
        with _progress() as progress:
            result = audit(lib, options.check, options.seconds, progress)
    except MissingExtra as error:
        raise library.InputError(str(error)) from error
    if options.witness is not None:
        return _witness(options, result) or (2 if errors else 0)
    if options.fix is not None:
        _fix(options, result)
    elif options.format == "json":
        from servanda.checks.frame.plain import plain

        print(as_json(plain(result)))
    else:
        text.say(render_audit(result, options.all or bool(options.check)))
    return 2 if errors else _met(options.fail_on, result)


def _met(wanted: str | None, result: Any) -> int:
    if wanted is None:
        return 0
    if wanted == "undecided":
        return int(bool(result.undecided))
    order = list(NAMES)
    return int(any(order.index(w.severity) <= order.index(wanted) for w in result.warnings))


def _progress() -> Any:
    """The check at work on standard error, where that is a terminal."""
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Iterator[Any]:
        if not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console

        with Console(stderr=True).status("checking …") as status:
            yield lambda title: status.update(f"{title} …")

    return shown()


# --- text -----------------------------------------------------------------------------------------


def render_audit(result: Any, whole: bool) -> Iterator[str]:
    header = result.library.agreement.header
    yield text.bold(header.title)
    counts = [
        text.number(sum(w.severity == s for w in result.warnings), what)
        for s, what in (("breaks", "break"), ("gap", "gap"), ("risk", "risk"))
    ]
    yield text.wrap(
        f"Audit of the text as it stands ({header.status.value}): {', '.join(counts)}. It finds "
        "what may break; it makes no finding about anybody. Stories are HYPOTHETICAL."
    )
    titles = {code: c.title for one in result.checks for code, c in one.codes.items()}
    for severity, name in NAMES.items():
        found = [w for w in result.warnings if w.severity == severity]
        if not found:
            continue
        yield ""
        yield text.rule(name)
        if whole:
            for warning in found:
                yield from _long(warning, titles[warning.code])
        elif severity == "breaks":
            for warning in found:
                yield text.item(f"{warning.sentence} {_where(warning)}", 2, MARKS[severity])
                yield text.wrap(f"{warning.id}{_readings(warning)}", 4)
        else:
            yield from _short(found, titles, MARKS[severity])
    yield from _undecided(result)
    yield ""
    if result.warnings and not whole:
        name = result.library.agreement.id
        yield text.wrap(
            f"More: servanda audit {name} --check NAME (stories and options), --all, "
            "--witness ID --out FILE (a story's records), --fix FILE (bracketed text)."
        )
        yield text.wrap("Checks: " + ", ".join(one.name for one in result.checks) + ".")
    elif not result.warnings:
        yield text.wrap(
            "No warning. That says no more than that these checks found nothing in this text."
        )


def _short(found: list[Any], titles: dict[str, str], mark: str) -> Iterator[str]:
    """One line for each code: its title, how often, and where."""
    by_code: dict[str, list[Any]] = {}
    for warning in found:
        by_code.setdefault(warning.code, []).append(warning)
    for code, listed in by_code.items():
        names = list(dict.fromkeys(w.subject for w in listed))
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        yield text.item(f"{code} {titles[code]}: {', '.join(names[:FEW])}{more}", 2, mark)


def _long(warning: Any, title: str) -> Iterator[str]:
    yield text.item(f"{warning.id}: {title}", 0, MARKS[warning.severity])
    yield text.wrap(warning.sentence, 4)
    yield text.wrap(f"Clauses: {_clauses(warning)}{_readings(warning)}", 4)
    if warning.story is not None:
        yield text.wrap("HYPOTHETICAL course of events:", 4)
        for day, what in warning.story.told:
            yield text.item(what, 6, day)
        shows = "; ".join(str(claim) for claim in warning.story.shows)
        yield text.wrap(f"As of {warning.story.as_of[:10]}: {shows}.", 6, 2)
    else:
        yield text.wrap(f"No story: {warning.no_story}.", 4)
    for line in warning.detail:
        yield text.item(line, 4, "›")
    for option in warning.options:
        yield text.item(f"{option.sentence} {option.text}", 4, "□")
    yield ""


def _where(warning: Any) -> str:
    span = warning.clauses[0].span if warning.clauses else None
    return f"({span.file}:{span.line})" if span is not None and span.file else ""


def _clauses(warning: Any) -> str:
    shown = [f"{c.id} (line {c.span.line})" if c.span.file else c.id for c in warning.clauses[:8]]
    more = f" and {len(warning.clauses) - 8} more" if len(warning.clauses) > 8 else ""
    return f"{', '.join(shown)}{more}"


def _readings(warning: Any) -> str:
    if not warning.readings:
        return ""
    told = [", ".join(f"{t} = {r}" for t, r in one.items()) for one in warning.readings]
    return f"; only if {' or '.join(told)}"


def _undecided(result: Any) -> Iterator[str]:
    if not result.undecided:
        return
    yield ""
    yield text.rule("Not decided")
    for one in result.undecided:
        yield text.item(f"{one.check}: {one.what} (tried: {one.tried})", 2, "?")


# --- files ----------------------------------------------------------------------------------------


def _witness(options: Any, result: Any) -> int:
    from servanda.checks.frame.plain import readings_of, story
    from servanda.library import InputError

    warning = result.find(options.witness)
    if warning.story is None:
        raise InputError(f"{warning.id} has no story: {warning.no_story}.")
    import json

    rows = [{**row, "note": "HYPOTHETICAL"} for row in story(warning.story)["records"]]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if options.out is None:
        print(lines, end="")
        return 0
    Path(options.out).write_text(lines, encoding="utf-8")
    fixed = [f"--reading {t}={r}" for t, r in readings_of(result, warning.story).items()]
    instance = warning.story.shows[0].instance if warning.story.shows else warning.subject
    words = [f'servanda explain {options.agreement} "{instance}"', f"--records {options.out}"]
    words += [f"--as-of {warning.story.as_of}", *fixed]
    print(f"{options.out}: {text.number(len(rows), 'record')}, HYPOTHETICAL. See it with:")
    print("  " + " \\\n      ".join(words))
    return 0


def _fix(options: Any, result: Any) -> None:
    from servanda.checks.frame.fix import proposals
    from servanda.library import InputError

    path = Path(options.fix)
    folder = result.library.agreement.folder
    if folder is not None and path.exists() and path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"--fix {path}: that file is part of the agreement; name another.")
    made = proposals(result)
    path.write_text(made, encoding="utf-8")
    count = made.count('bracket "for the drafters"')
    print(
        f"{path}: {text.number(count, 'bracket')} for the drafters to decide; the text is as it "
        "was."
    )
