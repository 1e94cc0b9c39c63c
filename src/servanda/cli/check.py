"""`servanda check`: errors and warnings of an agreement, each with place, reason and cure."""

import sys
from typing import Any

from servanda.cli.options import agreement, as_json, command, output


def add(commands: Any) -> None:
    parser = command(commands, "check", "check an agreement for errors and gaps", run)
    agreement(parser)
    output(parser)
    parser.add_argument(
        "--fail-on", choices=("warning",), help="exit with 1 when there is one (errors: always 2)"
    )


def run(options: Any) -> int:
    from servanda import library
    from servanda.language.load import render

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
        if loaded.diagnostics:
            print(render(loaded.diagnostics), file=sys.stderr if errors else sys.stdout)
        print(_summary(loaded, len(errors), len(warnings)))
    if errors:
        return 2
    return 1 if warnings and options.fail_on == "warning" else 0


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
        return f"{errors} error{'s' if errors != 1 else ''}; nothing can be assessed yet."
    a = loaded.agreement
    parts = [
        f"{len(a.provisions)} provisions",
        f"{len(a.norms)} commitments",
        f"{len(a.terms)} disputed terms",
    ]
    return f"{a.id}: {', '.join(parts)}; {errors} errors, {warnings} warnings."
