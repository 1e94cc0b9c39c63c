"""Who can end what, as text or Markdown: the frame of each page, and the overview."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from servanda.cli import text
from servanda.cli.ended_one import actor_page, attribution, commitment_page
from servanda.cli.ended_page import Page
from servanda.ends.alone import WITHHOLDS_CONSENT
from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Alone, Answer, Commitment, Ends, Seats
from servanda.ends.seats import holding
from servanda.ends.told import VERBS, ids, kinds, restored, settled, some, together, under, ways
from servanda.engine.phrase import words
from servanda.model.agreement import Agreement
from servanda.reason.acts import OUTSIDE
from servanda.reason.doers import EVENTS
from servanda.reason.groups import Settled

FEW = 6  # ids named on a line
OVER = (Power.END, Power.SUSPEND, Power.UNDO, Power.TRIGGER, Power.INVOKE, Power.FORFEIT)
EXPLAINED = (
    "A page of risks for those who draft: it says what the text leaves open to be done, never "
    "that anybody would or should, and finds nothing about anybody. Groups are the smallest that "
    "can by their own acts, while everybody else does what is owed and nothing more. Courses of "
    "events are HYPOTHETICAL; the evaluator has replayed each of them."
)


def render(
    lib: Any, found: Ends, options: Any, readings: Mapping[str, str], markdown: bool
) -> Iterator[str]:
    page = Page(markdown)
    seats = {one.body: one for one in found.seats}
    yield page.title(lib.agreement.header.title)
    yield page.paragraph(_opening(lib, found, options, readings))
    if options.actor is not None:
        yield from actor_page(page, options.actor, found, OVER)
    elif options.norm is not None:
        for one in found.commitments:
            yield from commitment_page(page, one, seats, OVER)
        yield from attribution(page, found.attribution, True)
    else:
        yield from _overview(page, found, seats, lib.agreement)
    yield from _bodies(page, found.seats, options.norm is not None)
    yield from _undecided(page, found)
    if options.norm is None and options.actor is None:
        name = options.agreement
        yield ""
        yield page.paragraph(
            f"More: servanda ends {name} NORM (courses of events, who can restore it), --actor "
            "NAME (all that one can by its own acts), --assume NORM.FIELD=VALUE, --format json."
        )


def _opening(lib: Any, found: Ends, options: Any, readings: Mapping[str, str]) -> str:
    fixed = ", ".join(f"{t} = {r}" for t, r in readings.items()) or "each reading by itself"
    assumed = f" Assumed: {'; '.join(options.assume)}." if options.assume else ""
    open_ = ""
    if found.undecided:
        told = text.number(len(found.undecided), "question")
        was = "was" if len(found.undecided) == 1 else "were"
        open_ = f" {told} {was} not decided in the time given: see the end."
    return (
        f"Who can end what, by the text as it stands ({lib.agreement.header.status.value}); "
        f"readings: {fixed}.{assumed} {EXPLAINED}{open_}"
    )


# --- overview -------------------------------------------------------------------------------------


def _overview(
    page: Page, found: Ends, seats: Mapping[str, Seats], agreement: Agreement
) -> Iterator[str]:
    still = []
    yield ""
    yield page.head("What can be ended, suspended, called for or taken back")
    for norm, listed in together(found).items():
        rows: dict[str, list[Commitment]] = {}
        for one in listed:
            for row in _short(one, seats):
                rows.setdefault(row, []).append(one)
        if not rows:
            still.append(norm)
            continue
        yield page.item(norm + (f": {listed[0].text}" if listed[0].text else ""), 0, "▪")
        for row, mine in rows.items():
            which = "" if len(mine) == len(listed) else f" {' '.join(map(_key, mine))}"
            yield page.item(row + which, 1)
    if still:
        yield ""
        yield page.head("What no clause ends or suspends")
        yield page.item(
            f"{text.number(len(still), 'commitment')}: the text has no clause by which anybody "
            f"ends, suspends or takes back {some(still, FEW)}"
        )
    yield from _beginnings(page, found, seats)
    yield from _each_alone(page, found, agreement)
    yield from attribution(page, found.attribution, False)


def _key(one: Commitment) -> str:
    """The part of an instance's id that tells it from the others."""
    return one.id.removeprefix(one.norm)


def _short(one: Commitment, seats: Mapping[str, Seats]) -> Iterator[str]:
    """One line for each group, power and readings; clauses of one group are joined."""
    joined: dict[tuple[Any, ...], dict[str, None]] = {}
    asked = one.of(*OVER)
    for answer in asked:
        for said, way in ways(answer, seats):
            back = "" if way.back is None else _joined(restored(way.back, seats))
            key = (answer.power, said, back, answer.readings)
            joined.setdefault(key, {})[kinds(way)] = None
    for (power, group, back, readings), acts in joined.items():
        yield f"{power}: {group} ({'; '.join(acts)}){back}{_only(readings)}"
    able = {answer.power for answer in asked if answer.ways}
    for power in dict.fromkeys(a.power for a in asked):
        mine = [a for a in asked if a.power is power]
        left = sorted({name for a in mine if not a.ways for name in a.open})
        doubtful = any(a.settled is Settled.UNDECIDED for a in mine)
        if left:
            yield f"{power}: nobody, as long as {', '.join(left)} is left open"
        elif power not in able and not doubtful:
            yield f"{power}: {settled(min(mine, key=lambda a: a.settled is Settled.PROVED))}"
        if doubtful:
            others = "whether other groups can" if power in able else "whether anybody can"
            yield f"{power}: {others} was not decided"


def _joined(back: str) -> str:
    return f", {back}" if back == "for good" else f"; {back}"


def _only(readings: Sequence[Any]) -> str:
    return f"; only if {under(tuple(readings))}" if readings else ""


def _beginnings(page: Page, found: Ends, seats: Mapping[str, Seats]) -> Iterator[str]:
    """Who has to act for commitments to begin, and so can keep them from it."""
    by_group: dict[tuple[str, str], list[str]] = {}
    for one in found.commitments:
        for answer in one.of(Power.START):
            key = (_starters(answer, seats), _only(answer.readings))
            by_group.setdefault(key, []).append(one.id)
    yield ""
    yield page.head("Who has to act for it to begin (each can keep it from it)")
    for (groups, only), listed in by_group.items():
        yield page.item(f"{groups}: {ids(listed, found, FEW)}{only}")


def _starters(answer: Answer, seats: Mapping[str, Seats]) -> str:
    groups = " or ".join(said for said, _ in ways(answer, seats))
    doubtful = answer.settled is Settled.UNDECIDED
    if answer.ways:
        return f"{groups} (others not excluded)" if doubtful else groups
    if answer.open:
        return f"nobody, as long as {', '.join(answer.open)} is left open"
    return "not decided" if doubtful else f"nobody ({settled(answer)})"


def _each_alone(page: Page, found: Ends, agreement: Agreement) -> Iterator[str]:
    if not set(found.alone) - {EVENTS, OUTSIDE}:
        return
    yield ""
    yield page.head("What each can by its own acts, or by not acting")
    for actor, listed in found.alone.items():
        if actor in (EVENTS, OUTSIDE):  # what anybody else can, each of those named can
            continue
        held = " (who holds it is not said)" if holding(agreement, actor) else ""
        yield page.item(words(actor) + held, 0, "▪")
        entry = [o for o in listed if o.by == WITHHOLDS_CONSENT]
        for power in (*OVER, *BLOCKS):
            by_readings: dict[str, list[str]] = {}
            for one in listed:
                if one.power is power and one not in entry:
                    by_readings.setdefault(_only(one.readings), []).append(one.instance)
            for only, names in by_readings.items():
                yield page.item(f"{VERBS[power]}: {ids(names, found, FEW)}{only}", 1)
        yield from _entry(page, entry, found)


def _entry(page: Page, listed: Sequence[Alone], found: Ends) -> Iterator[str]:
    by_readings: dict[str, set[str]] = {}
    for one in listed:
        by_readings.setdefault(_only(one.readings), set()).add(one.instance)
    for only, names in by_readings.items():
        yield page.item(
            f"keeps the agreement from entering into force, and so {len(names)} of "
            f"{len(found.commitments)} from beginning (withholds its consent){only}",
            1,
        )


# --- bodies, and what was not decided -------------------------------------------------------------


def _bodies(page: Page, listed: Sequence[Seats], whole: bool) -> Iterator[str]:
    told = [one for one in listed if whole or one.why or one.carriers]
    if not told:
        return
    yield ""
    yield page.head("Bodies and their votes")
    for one in told:
        groups = [" and ".join(map(words, g)) for g in one.carriers or ()]
        said = f"carried by {' or '.join(groups[:4])}"
        more = f" or {len(groups) - 4} more" if len(groups) > 4 else ""
        if not one.carriers:
            said = f"by whom, cannot be said: {one.why}"
        yield page.item(f"{words(one.body)} ({one.rule}): {said}{more}")


def _undecided(page: Page, found: Ends) -> Iterator[str]:
    """What nothing is said about: neither that somebody can, nor that nobody can."""
    if not found.undecided and not found.readings_cut:
        return
    yield ""
    yield page.head("Not decided")
    if found.undecided:
        yield page.paragraph(
            "Of these nothing is said but what is listed above: others may be able to as well. "
            "With more time (--seconds), with readings fixed or for one commitment alone, more "
            "can be decided."
        )
    by_why: dict[tuple[str, str], list[str]] = {}
    for line in found.undecided:
        instance, power, why = line.split(": ", maxsplit=2)
        by_why.setdefault((power, why), []).append(instance)
    for (power, why), names in by_why.items():
        yield page.item(f"{power}: {ids(names, found)} ({why})", 0, "?")
    for norm in found.readings_cut:
        yield page.item(f"{norm}: not every combination of readings was tried", 0, "?")
