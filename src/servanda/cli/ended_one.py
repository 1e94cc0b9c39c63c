"""Who can end what, for one commitment, for one actor, and where a name is missing or false."""

from collections.abc import Iterator, Mapping, Sequence

from servanda.cli.ended_page import Page
from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Alone, Answer, Attribution, Commitment, Ends, Seats, Way
from servanda.ends.told import (
    ANYBODY,
    VERBS,
    blocker,
    by_members,
    ids,
    restored,
    settled,
    under,
    ways,
)
from servanda.engine.phrase import words
from servanda.reason.groups import Settled

FEW = 6  # effects named on a line of the overview


# --- one commitment -------------------------------------------------------------------------------


def commitment_page(
    page: Page, one: Commitment, seats: Mapping[str, Seats], over: Sequence[Power]
) -> Iterator[str]:
    yield ""
    yield page.head(one.id)
    owed = f", for {', '.join(map(words, one.owed_to))}" if one.owed_to else ""
    bearers = ", ".join(map(words, one.bearers))
    borne = f"Borne by {bearers}{owed}" if bearers else f"Who bears it is left open{owed}"
    yield page.paragraph(f"{one.text or words(one.kind)}. {borne}.")
    if not one.of(*over):
        yield page.item("no clause of the text ends, suspends or takes it back", 0, "▪")
    for power in (*over, Power.START, Power.FULFIL):
        yield from _power(page, one.of(power), seats)
    for block in one.blocks:
        only = f"; if {under(block.readings)}" if block.readings else ""
        groups = " or ".join(blocker(group, seats) for group in block.groups)
        doubt = "" if block.settled is Settled.PROVED else f" ({_as_far(block.settled)})"
        yield page.item(f"{VERBS[block.power]}: {groups or 'nobody'}{only}{doubt}", 0, "▪")


def _as_far(how: Settled) -> str:
    if how is Settled.UNDECIDED:
        return "of the ways found; whether there are others was not decided"
    return "of the ways found; longer courses are not tried"


def _power(page: Page, asked: Sequence[Answer], seats: Mapping[str, Seats]) -> Iterator[str]:
    """The answers for one power; last those that nobody can give as long as something is open."""
    left: dict[tuple[str, ...], dict[str, None]] = {}
    for answer in asked:
        same = [a for a in asked if (a.clause, a.cause) == (answer.clause, answer.cause)]
        if answer.open and not answer.ways:
            left.setdefault(answer.open, {})[f"{answer.clause}: {answer.cause}"] = None
        elif answer.ways or not any(a.ways for a in same):
            yield from _answer(page, answer, seats)
    for names, clauses in left.items():
        power = asked[0].power
        yield page.item(f"{power}: nobody, as long as {', '.join(names)} is left open", 0, "▪")
        yield from (page.item(clause, 1) for clause in clauses)


def _answer(page: Page, answer: Answer, seats: Mapping[str, Seats]) -> Iterator[str]:
    only = f". Only if {under(answer.readings)}" if answer.readings else ""
    yield page.item(f"{answer.power} ({answer.clause}: {answer.cause}){only}", 0, "▪")
    for said, way in ways(answer, seats):
        yield from _way(page, said, way, seats, answer.begun)
    doubt = f": {answer.doubt}" if answer.settled is Settled.UNDECIDED else ""
    yield page.item(settled(answer) + doubt, 1, "=")


def _way(page: Page, said: str, way: Way, seats: Mapping[str, Seats], begun: bool) -> Iterator[str]:
    members = by_members(way.group, seats)
    named = " (the clause names no doer)" if said == ANYBODY else ""
    told = f" ({members})" if members else ""
    omits = ", by omission" if way.group and not way.acts else ""
    back = "" if way.back is None else f"; {restored(way.back, seats)}"
    yield page.item(f"{said}{named}{told}{omits}{back}", 1, "›")
    before = " [so it begins]" if begun else " [ordinary course]"
    for event in way.events:
        yield page.dated(event.day, event.what + (before if event.ordinary else ""), 2)


# --- one actor ------------------------------------------------------------------------------------


def actor_page(page: Page, name: str, found: Ends, over: Sequence[Power]) -> Iterator[str]:
    listed = found.alone.get(name, ())
    yield ""
    yield page.head(f"What {words(name)} can by its own acts, or by not acting")
    if not listed:
        yield page.item("nothing of what is asked here")
    for power in (*over, *BLOCKS):
        rows: dict[str, list[str]] = {}
        for one in listed:
            if one.power is power:
                rows.setdefault(_does(one), []).append(one.instance)
        if rows:
            yield page.item(VERBS[power], 0, "▪")
        for row, mine in rows.items():
            if len(mine) <= FEW:
                yield page.item(f"{ids(mine, found)}{row}", 1)
            else:
                yield page.item(f"{row.lstrip(',: ')}:", 1)
                yield page.item(ids(mine, found), 2)


def _does(one: Alone) -> str:
    through = f" through {words(one.through)}" if one.through else ""
    good = ", for good" if one.for_good else ""
    only = f"; only if {under(one.readings)}" if one.readings else ""
    doubt = "" if one.settled is Settled.PROVED else f" ({_as_far(one.settled)})"
    return f"{good}{through}: {one.by}{only}{doubt}"


# --- missing and false names ----------------------------------------------------------------------


def attribution(page: Page, listed: Sequence[Attribution], whole: bool) -> Iterator[str]:
    """Acts told without a name, or laid at somebody's door: under which standards they count."""
    if not listed:
        return
    yield ""
    yield page.head("When nobody is named for an act, or somebody falsely")
    yield page.paragraph(
        "The same acts, told in other manners: under which evidence standards the effect is then "
        "the same, and on whom it falls."
        if whole
        else "The same acts, told in other manners: under which evidence standards the effect is "
        "then the same."
    )
    by_effect: dict[tuple[int, str], dict[str, None]] = {}
    for one in listed:
        for at, told in enumerate(one.told):
            held = [name for name, holds in told.under if holds]
            by = f" ({told.by})" if told.by and whole else ""
            line = f"{told.how}{by}: {', '.join(held) or 'no effect under any standard'}"
            to = ", ".join(map(words, one.to))
            subject = f"{one.power} of {one.instance}"
            if whole:
                subject += (f", which falls on {to}" if to else "") + f": {one.act}"
            by_effect.setdefault((at, line), {})[subject] = None
    for (_, line), subjects in sorted(by_effect.items(), key=lambda item: item[0][0]):
        yield page.item(line, 0, "▪")
        if whole:
            yield from (page.item(subject, 1) for subject in subjects)
            continue
        names = list(subjects)
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        yield page.item(", ".join(names[:FEW]) + more, 1)
