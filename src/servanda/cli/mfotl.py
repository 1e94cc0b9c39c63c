"""`servanda mfotl`: a formula of the peers' monitors over a log in their formats."""

import sys
import textwrap
from pathlib import Path
from typing import Any

from servanda.cli.options import as_json, command, output

_SHOWN = 20


def add(commands: Any) -> None:
    parser = command(commands, "mfotl", "monitor a temporal formula over a log of events", run)
    parser.add_argument(
        "--sig", required=True, metavar="S", help="signature, such as P(int) Q(string)"
    )
    parser.add_argument("--formula", required=True, metavar="F", help="formula, in a file")
    parser.add_argument(
        "--log", required=True, metavar="L", help="log: text (may be .gz), .csv or .parquet"
    )
    parser.add_argument(
        "--open-end", action="store_true", help="more may come: what is pending stays pending"
    )
    parser.add_argument(
        "--negate", action="store_true", help="monitor the negation: where a policy is not kept"
    )
    parser.add_argument("--output", metavar="FILE", help="write the verdicts to a file")
    output(parser)


def run(options: Any) -> int:
    from servanda.mfotl import FormatError, monitor_files

    try:
        found = monitor_files(
            Path(options.sig),
            Path(options.formula),
            Path(options.log),
            open_end=options.open_end,
            negate=options.negate,
        )
    except FormatError as error:
        _say(str(error))
        return 2
    if options.output is not None:
        with Path(options.output).open("wb") as out:
            _write(found, options.format, out)
    else:
        sys.stdout.flush()
        _write(found, options.format, _Standard())
    if found.verdicts.decided == 0 and len(found.log.stamps):
        print(
            "no time-point is decided: with an open end what has no bound in the future waits",
            file=sys.stderr,
        )
    problems = found.log.problems
    for one in problems[:_SHOWN]:
        _say(f"{one.where}: {one.reason}")
    if len(problems) > _SHOWN:
        print(f"… and {len(problems) - _SHOWN} more like these", file=sys.stderr)
    return 2 if problems else 0


def _say(message: str) -> None:
    """On standard error, in lines that fit the screen; a quoted line of input stays as it is."""
    first, *quoted = message.split("\n")
    lines = textwrap.wrap(first, 80, subsequent_indent="  ", break_on_hyphens=False)
    print("\n".join([*lines, *quoted]), file=sys.stderr)


def _write(found: Any, form: str, out: Any) -> None:
    if form == "json":
        v = found.verdicts
        data = {
            "schema": "servanda.verdicts/1",
            "variables": list(v.variables),
            "decided": v.decided,
            "verdicts": found.rows(),
        }
        out.write((as_json(data) + "\n").encode())
    else:
        found.write(out)


class _Standard:
    """Bytes to standard output, also where a test has put a stream of text in its place."""

    def write(self, data: bytes) -> None:
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(bytes(data).decode())
        else:
            stream.write(data)
