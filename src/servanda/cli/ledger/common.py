"""What the verbs share: their options, opening a ledger, the clock, progress."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.cli.options import RAW, examples, output

if TYPE_CHECKING:
    from servanda.ledger.handling import Handling
    from servanda.ledger.keys import Signer
    from servanda.ledger.ledger import Ledger

AUDIENCE = "confidential"


def verb(verbs: Any, name: str, summary: str, run: Any, ledger: bool = True) -> Any:
    """Add a verb with its help, examples and function."""
    added = verbs.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog="examples:\n" + examples(f"ledger_{name}"),
        formatter_class=RAW,
    )
    added.set_defaults(run=run)
    if ledger:
        added.add_argument(
            "--ledger",
            metavar="L",
            default=os.environ.get("SERVANDA_LEDGER"),
            help="a file, or postgresql://…; default: SERVANDA_LEDGER",
        )
        added.add_argument(
            "--keys",
            metavar="FILE",
            type=Path,
            help="its key file; default: SERVANDA_LEDGER_KEYS, else L.keys",
        )
        added.add_argument(
            "--wait",
            metavar="SECONDS",
            type=float,
            default=30.0,
            help="how long to wait for another writer; default: 30",
        )
    output(added)
    return added


def handling_options(parser: Any) -> None:
    from servanda.ledger.words import CLASSES, CONSENTS, DEFAULT_CLASS, USES

    parser.add_argument(
        "--handling",
        choices=CLASSES,
        metavar="CLASS",
        default=DEFAULT_CLASS,
        help=f"who may see it: {', '.join(CLASSES)}; default: {DEFAULT_CLASS}",
    )
    parser.add_argument(
        "--consent",
        choices=CONSENTS,
        metavar="SCOPE",
        default="not_recorded",
        help=f"what the source agreed to: {', '.join(CONSENTS)}; default: not_recorded",
    )
    parser.add_argument(
        "--use",
        action="append",
        choices=USES,
        metavar="USE",
        help=f"what it may be used for: {', '.join(USES)}; may be repeated; default: assessment "
        "and proceedings",
    )


def handling_of(options: Any) -> "Handling":
    from servanda.ledger.handling import Handling, handling_of

    use = tuple(options.use) if options.use else Handling().use
    return handling_of(options.handling, options.consent, use)


def audience_option(parser: Any) -> None:
    from servanda.ledger.words import CLASSES

    parser.add_argument(
        "--for",
        dest="audience",
        choices=CLASSES,
        metavar="CLASS",
        default=AUDIENCE,
        help=f"see what this audience may see: {', '.join(CLASSES)}; default: everything",
    )


def place(options: Any) -> str:
    """Where the ledger is, as given; raises LedgerError when nothing says so."""
    from servanda.ledger.errors import LedgerError

    if not options.ledger:
        raise LedgerError("Which ledger? Name it with --ledger, or in SERVANDA_LEDGER.")
    return str(options.ledger)


def opened(options: Any) -> "Ledger":
    from servanda.ledger.ledger import open_ledger

    return open_ledger(place(options), options.keys, options.wait)


def signer_of(path: str | None) -> "Signer | None":
    """The private key in a file; its passphrase comes from SERVANDA_PASSPHRASE."""
    if path is None:
        return None
    from servanda.ledger import keys

    return keys.load(Path(path), passphrase())


def passphrase() -> bytes | None:
    word = os.environ.get("SERVANDA_PASSPHRASE")
    return word.encode() if word else None


def now() -> int:
    """The present instant in microseconds: the only clock of the ledger."""
    return time.time_ns() // 1000


@contextmanager
def advancing(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=total)
        yield lambda done: bars.update(task, completed=done)
