"""`servanda check`: errors and warnings of an agreement, each with place, reason and cure."""

import sys
from typing import Any

from servanda.cli import text
from servanda.cli.options import as_json, command, output


def add(commands: Any) -> None:
    parser = command(commands, "check", "check an agreement for errors and gaps", run)
    parser.add_argument(
        "agreement", metavar="AGREEMENT", nargs="?", help="id of a bundled one, or a path"
    )
    output(parser)
    parser.add_argument(
        "--fail-on", choices=("warning",), help="exit with 1 when there is one (errors: always 2)"
    )
    parser.add_argument(
        "--explain", metavar="CODE", help="what a message means and how to put it right"
    )


def run(options: Any) -> int:
    from servanda import library
    from servanda.language.load import render

    if options.explain is not None:
        return _explain(options.explain.upper())
    if options.agreement is None:
        raise library.InputError("Name an AGREEMENT, or a message: --explain SV0401.")
    loaded = library.check(options.agreement)
    errors = [d for d in loaded.diagnostics if d.severity == "error"]
    warnings = [d for d in loaded.diagnostics if d.severity != "error"]
    if options.format == "json":
        print(
            as_json(
                {
                    "agreement": str(options.agreement),
                    "diagnostics": [_plain(d) for d in loaded.diagnostics],
                }
            )
        )
    else:
        err_or_out = sys.stderr if errors else sys.stdout
        if loaded.diagnostics:
            print(render(loaded.diagnostics), file=err_or_out)
        print(_summary(loaded, len(errors), len(warnings)), file=err_or_out)
    if errors:
        return 2
    return 1 if warnings and options.fail_on == "warning" else 0


def _explain(code: str) -> int:
    from servanda.language.codes import CODES, page
    from servanda.library import InputError

    if code not in CODES:
        raise InputError(f"There is no message {code}; they are {min(CODES)} to {max(CODES)}.")
    print(page(code), end="")
    return 0


def _plain(diagnostic: Any) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "title": diagnostic.title,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "why": diagnostic.why,
        "fix": diagnostic.fix,
    }


def _summary(loaded: Any, errors: int, warnings: int) -> str:
    if loaded.agreement is None:
        return "Nothing can be assessed yet."
    a = loaded.agreement
    parts = [
        text.number(len(a.provisions), "provision"),
        text.number(len(a.norms), "commitment"),
        text.number(len(a.terms), "disputed term"),
    ]
    found = f"{text.number(errors, 'error')}, {text.number(warnings, 'warning')}"
    return f"{a.id}: {', '.join(parts)}; {found}."
