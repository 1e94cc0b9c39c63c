"""`servanda compare`: what changed in meaning from one draft to another, and for whom."""

from typing import Any

SUMMARY = "show what changed in meaning between drafts, and for whom"


def add(commands: Any) -> None:
    from servanda.cli.options import command, output

    parser = command(commands, "compare", SUMMARY, run)
    parser.add_argument(
        "drafts", metavar="DRAFT", nargs="+", help="two or more: ids of bundled ones, or paths"
    )
    parser.add_argument(
        "--part",
        action="append",
        default=[],
        metavar="NAME",
        help="show a part in full; may be repeated; `all` shows everything",
    )
    parser.add_argument(
        "--align",
        metavar="FILE",
        help="YAML that says which clauses belong together, against all other signs",
    )
    parser.add_argument(
        "--rank",
        metavar="FILE",
        help="YAML with your own ranking of clauses: a second table that says so",
    )
    parser.add_argument(
        "--fail-on",
        choices=("difference",),
        help="exit with 1 where the drafts differ",
    )
    parser.add_argument(
        "--ends",
        action="store_true",
        help="also who can end what: which ways came and went (see servanda ends)",
    )
    output(parser)


def run(options: Any) -> int:
    from servanda.cli import EXIT_MET, text
    from servanda.cli.options import as_json
    from servanda.cli.progress import working
    from servanda.compare.result import compare

    with working("comparing"):
        found = compare(
            *options.drafts,
            align_file=options.align,
            rank_file=options.rank,
            who_ends=_enders if options.ends else None,
        )
    if options.format == "json":
        print(as_json(found))
    else:
        text.say(_text(found, options.drafts, options.part))
    return EXIT_MET if options.fail_on and _differ(found) else 0


def _enders(library: Any) -> Any:
    """Who can end what in a draft; without a solver a message says how to get one."""
    from servanda.ends.told import enders
    from servanda.library import InputError
    from servanda.reason.extra import MissingExtra

    try:
        return enders(library)
    except MissingExtra as error:
        raise InputError(str(error)) from error


def _differ(found: Any) -> bool:
    """Whether anything but places and remarks differs between two of the drafts."""
    return any(
        count and fate not in ("same", "moved")
        for one in found["comparisons"]
        for fate, count in one["counts"].items()
    )


def _text(found: Any, drafts: list[str], named: list[str]) -> Any:
    import difflib

    from servanda.cli.compared import PARTS, opening, start
    from servanda.library import InputError

    for name in named:
        if name not in (*PARTS, "all"):
            close = difflib.get_close_matches(name, [*PARTS, "all"], n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise InputError(f"--part {name}: there are {', '.join((*PARTS, 'all'))}.{hint}")
    if not named:
        return opening(found, drafts)
    return start(found, list(PARTS) if "all" in named else list(dict.fromkeys(named)))
