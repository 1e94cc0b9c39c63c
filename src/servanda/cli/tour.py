"""`servanda tour`: the main job on real input, in three parts; what `make run` shows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from servanda.cli import text
from servanda.cli.options import command

DRAFT = "ukraine-28-point"
PAUSE = "energy-moratorium-2025"
COURSE_UNTIL = "2026-05-01"
MARK = "HYPOTHETICAL"
LOCATED = "attack"


def add(commands: Any) -> None:
    command(commands, "tour", "show what it does on the bundled agreements", run)


def run(options: Any) -> int:
    from servanda.cli.progress import working

    for part in (a_draft, a_pause, a_course, what_next):
        with working("assessing under all readings and standards"):
            lines = list(part())
        text.say([*lines, ""])
    return 0


def a_draft() -> Iterator[str]:
    """The flagship as it stands."""
    from servanda import library
    from servanda.cli.show import heading, summary
    from servanda.report.draft import draft
    from servanda.report.negotiation import contested

    found = draft(library.load(DRAFT))
    yield text.rule("1  A draft as it stands")
    yield from heading(found)
    yield ""
    yield from summary(found)
    yield ""
    yield "Disputed at the source (in our words; side by side, none is settled here):"
    one, against = contested(found["negotiation"]["statements"])[0]
    for said in (one, *against):
        yield text.item(f"{said['date']}, {said['speaker']}: {said['says']}", 2, "≠")


def a_pause() -> Iterator[str]:
    """The pause of strikes on energy, on reported facts."""
    from servanda import asking, library
    from servanda.cli.matrix import render
    from servanda.engine.assess import assess_question
    from servanda.engine.matrix import matrix
    from servanda.evidence.record import UNATTRIBUTED

    lib = library.load(PAUSE)
    asked, _ = asking.question(lib)
    result = assess_question(asked)
    yield text.rule("2  A pause of strikes, on reported facts")
    yield text.bold(result["agreement"]["title"])
    yield text.wrap(
        "Nothing was signed and nobody watched. What follows is claimed or reported, by the "
        "sources listed with the agreement; only a body makes findings."
    )
    yield ""
    yield "Claimed totals (the last of each side; claims, never added to located records):"
    for claim in last_claims(result["claims"]):
        yield text.item(
            f"{claim['by']}: {claim['count']:,} by {claim['against']}, {claim['period']}", 2, "≠"
        )
    strikes = [r for r in asked.view.records if r.type == LOCATED]
    named = [r for r in strikes if r.args.get("by") != UNATTRIBUTED]
    own = {a.id for a in lib.agreement.actors.values() if a.is_side}
    outside = [r for r in named if asked.speakers.side_of(r.speaker) not in own]
    yield ""
    yield text.item(
        f"{len(strikes)} reports of single strikes, {len([r for r in strikes if r.place])} of "
        f"them with a place; {len(named)} name who struck, {len(outside)} of these by a source "
        "of no side",
        2,
    )
    shares = [n["coverage"]["time_share"] for n in result["norms"] if n.get("coverage")]
    covered = max(shares, default=0.0)
    yield text.item(
        "covered by observers: nothing, so that silence says nothing (“not monitored”)"
        if not covered
        else f"covered by observers: {covered:.0%} of the time",
        2,
    )
    yield from render(matrix(asked))


def last_claims(claims: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The latest claimed total of each party about each other."""
    latest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for claim in sorted(claims, key=lambda c: str(c["at"])):
        latest[claim["by"], claim["against"]] = claim
    return list(latest.values())


def a_course() -> Iterator[str]:
    """An invented course of events for the flagship, with the roles as told and swapped."""
    from servanda import library
    from servanda.report.course import both_ways, courses, sides

    lib = library.load(DRAFT)
    told, swapped = both_ways(lib, courses(lib)[0], COURSE_UNTIL)
    one, other = sides(lib)
    yield text.rule("3  A course of events that never happened")
    yield from _hypothetical(
        [
            f"Invented records, assessed as of {told['as_of'][:10]}, no reading fixed. Each point "
            f"is shown as told and with the roles of {one} and {other} swapped.",
            "Where a point binds one side alone, the swap does not mirror: that is the text.",
        ]
    )
    for mine, theirs in zip(told["provisions"], swapped["provisions"], strict=True):
        yield from _hypothetical([text.bold(f"{mine['id']} {mine['title']}")])
        if not mine["norms"]:
            yield from _hypothetical(["  · no commitments written yet"])
            continue
        first, second = _states(told, mine), _states(swapped, theirs)
        if first == second:
            yield from _hypothetical(f"  {line}" for line in first)
        else:
            yield from _hypothetical(f"  as told: {line}" for line in first if line not in second)
            yield from _hypothetical(f"  swapped: {line}" for line in second if line not in first)
            yield from _hypothetical(f"  both:    {line}" for line in first if line in second)


def _states(result: Mapping[str, Any], provision: Mapping[str, Any]) -> list[str]:
    from servanda.report.course import states

    lines = []
    for state, ids in states(result, provision).items():
        short = [i.removeprefix(f"{provision['id']}.") for i in ids]
        more = f" and {len(short) - 3} more" if len(short) > 4 else ""
        lines.append(f"{text.state(state)} {', '.join(short[:3] if more else short)}{more}")
    return lines


def _hypothetical(lines: Iterable[str]) -> Iterator[str]:
    import textwrap

    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        for row in textwrap.wrap(
            line, text.width() - len(MARK) - 1, subsequent_indent=indent + "    "
        ):
            yield f"{MARK} {row}"


def what_next() -> Iterator[str]:
    """The commands to try now."""
    from servanda.cli.options import examples

    yield text.rule("Next")
    yield "  In .venv/bin, or after `source .venv/bin/activate`:"
    yield from examples("next").splitlines()
