"""The command line: reads options, calls the library, prints.  No logic lives here.

Exit codes: 0 done; 1 done and what `--fail-on` names was met; 2 bad input, explained on standard
error; 130 interrupted.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

RECORDS = (".jsonl", ".csv", ".parquet")
EXIT_MET = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130

COMMANDS = (
    "check",
    "fmt",
    "show",
    "assess",
    "explain",
    "matrix",
    "plan",
    "cases",
    "audit",
    "ends",
    "compare",
    "records",
    "fetch",
    "convert",
    "tracks",
    "mfotl",
    "ledger",
    "serve",
    "tour",
)
DESCRIPTION = """\
Peace agreements as models that people read, audit, compare and monitor.

AGREEMENT is the id of a bundled agreement or a path to one of your own.
Servanda makes assessments; only a body makes findings."""


class Parser(argparse.ArgumentParser):
    """Says how records are given to whoever names a file of them alone."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized") and message.endswith(RECORDS):
            message += " (records are given with --records FILE)"
        super().error(message)


def parser() -> argparse.ArgumentParser:
    from importlib import import_module

    import servanda
    from servanda.cli.options import examples

    top = Parser(
        "servanda",
        description=DESCRIPTION,
        epilog="examples:\n" + examples("servanda"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"servanda {servanda.__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in COMMANDS:
        import_module(f"servanda.cli.{name}").add(commands)
    return top


# Objects made before those no longer used are looked for, and how often all are looked at: nearly
# all that an assessment makes stays, so that looking often is work for nothing.
GATHERING = (100_000, 50, 100)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code and never lets a traceback through."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    gc.set_threshold(*GATHERING)
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return 0
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return explain_failure(error)


def explain_failure(error: Exception) -> int:
    """Say on standard error what went wrong; a fault of ours is named as one."""
    from servanda.characters import blotted
    from servanda.ledger.errors import LedgerError
    from servanda.library import InputError

    if isinstance(error, InputError | LedgerError):
        print(blotted(str(error)), file=sys.stderr)
    elif isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        told = f"Cannot read or write{where}: {error.strerror or error}."
        print(blotted(told), file=sys.stderr)
    else:
        if os.environ.get("SERVANDA_DEBUG"):
            raise error
        print(
            f"This is a fault in Servanda, not in your input: {type(error).__name__}: {error}\n"
            "Set SERVANDA_DEBUG=1 to see where it happened, and report it with the input.",
            file=sys.stderr,
        )
    return EXIT_BAD_INPUT
