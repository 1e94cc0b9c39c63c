"""`servanda ends`: who can end what, alone or together."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SUMMARY = "show who can end, suspend, trigger, restore or block what"


def add(commands: Any) -> None:
    from servanda.cli.options import agreement, command, output, what_if

    parser = command(commands, "ends", SUMMARY, run)
    agreement(parser)
    parser.add_argument(
        "norm",
        metavar="NORM",
        nargs="?",
        help="a commitment, one of its instances, or a provision: with courses of events",
    )
    parser.add_argument(
        "--actor", metavar="NAME", help="all that one actor can by its own acts, or by not acting"
    )
    what_if(parser)
    parser.add_argument(
        "--standard",
        metavar="S",
        help="the evidence standard under which a missing or false name is judged "
        "(default: each of them)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=60.0,
        help="time for the whole; what is not settled by then is told as not decided (default: 60)",
    )
    parser.add_argument(
        "--fail-on",
        choices=("undecided",),
        help="exit with 1 where something was not decided",
    )
    output(parser, "markdown")


def run(options: Any) -> int:
    from servanda import library
    from servanda.cli.ended import render
    from servanda.cli.options import as_json, chosen_readings, chosen_standard
    from servanda.cli.text import number, say
    from servanda.ends.plain import plain
    from servanda.ends.run import who_ends
    from servanda.language.load import render as render_errors
    from servanda.reason.extra import MissingExtra

    lib = library.load_draft(options.agreement)
    errors = lib.loaded.errors
    if errors:
        print(render_errors(errors), file=sys.stderr)
        told = number(len(errors), "error")
        print(f"The draft has {told}: it is answered as far as it could be read.", file=sys.stderr)
    if not 0 <= options.seconds < float("inf"):
        raise library.InputError(
            f"--seconds {options.seconds}: give a number of seconds, 0 or more (60 is usual)."
        )
    readings = chosen_readings(options.reading)
    standard = None if options.standard is None else chosen_standard(lib, options.standard)
    try:
        with _progress() as progress:
            found = who_ends(
                lib,
                options.norm,
                readings,
                options.assume,
                options.seconds,
                progress,
                standard=standard,
            )
    except MissingExtra as error:
        raise library.InputError(str(error)) from error
    if options.actor is not None:
        _known_actor(lib, options.actor, found)
    if options.format == "json":
        print(as_json(plain(lib, found, readings, options.assume)))
    else:
        markdown = options.format == "markdown"
        say(render(lib, found, options, readings, markdown))
    return 2 if errors else int(options.fail_on == "undecided" and bool(found.undecided))


def _known_actor(lib: Any, name: str, found: Any) -> None:
    import difflib

    from servanda.library import InputError

    known = [*lib.agreement.actors, *(a for a in found.alone if a not in lib.agreement.actors)]
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise InputError(f"--actor {name}: that is no actor of the agreement.{hint}")


@contextmanager
def _progress() -> Iterator[Any]:
    """The commitment at work on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("looking for who can end what …") as status:
        yield lambda name: status.update(f"{name} …")
