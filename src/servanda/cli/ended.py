"""Who can end what, as text or Markdown: an overview, one commitment, or one actor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servanda.cli import text
from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Alone, Answer, Attribution, Commitment, Ends, Seats, Way
from servanda.ends.told import VERBS, by_members, does, kinds, under, who
from servanda.engine.phrase import condition as phrase
from servanda.engine.phrase import words
from servanda.model.condition import InForce
from servanda.reason.doers import EVENTS
from servanda.reason.groups import Settled

IN_FORCE = phrase(InForce())
FEW = 6  # ids named on a line
OVER = (Power.END, Power.SUSPEND, Power.UNDO, Power.TRIGGER, Power.INVOKE, Power.FORFEIT)
MARKS = {Settled.PROVED: "", Settled.SEARCHED: "?", Settled.UNDECIDED: "?"}
EXPLAINED = (
    "The smallest groups that can, with everybody else doing what is owed and nothing more. "
    "Courses of events are HYPOTHETICAL; the evaluator has replayed each of them. Nothing here "
    "is a finding about anybody, or says that anybody would."
)


@dataclass(frozen=True)
class Page:
    """Lines for a terminal, or the same as Markdown."""

    markdown: bool

    def title(self, said: str) -> str:
        return f"# {said}" if self.markdown else text.bold(said)

    def head(self, said: str) -> str:
        return f"## {said}" if self.markdown else text.rule(said)

    def paragraph(self, said: str) -> str:
        return f"{_escaped(said)}\n" if self.markdown else text.wrap(said)

    def item(self, said: str, level: int = 0, mark: str = "·") -> str:
        if self.markdown:
            return "  " * level + f"- {_escaped(said)}"
        return text.item(said, 2 + 2 * level, mark)


def _escaped(said: str) -> str:
    for sign in "\\*_[]<>`":
        said = said.replace(sign, f"\\{sign}")
    return text.clean(said)


def render(
    lib: Any, found: Ends, options: Any, readings: Mapping[str, str], markdown: bool
) -> Iterator[str]:
    page = Page(markdown)
    seats = {one.body: one for one in found.seats}
    header = lib.agreement.header
    yield page.title(header.title)
    fixed = ", ".join(f"{t} = {r}" for t, r in readings.items()) or "each reading by itself"
    assumed = f" Assumed: {'; '.join(options.assume)}." if options.assume else ""
    yield page.paragraph(
        f"Who can end what, by the text as it stands ({header.status.value}); readings: "
        f"{fixed}.{assumed} {EXPLAINED}"
    )
    if options.actor is not None:
        yield from _actor(page, options.actor, found.alone.get(options.actor, ()))
    elif options.norm is not None:
        for one in found.commitments:
            yield from _commitment(page, one, seats)
        yield from _attribution(page, found.attribution, True)
    else:
        yield from _overview(page, found, seats)
    yield from _bodies(page, found.seats, options.norm is not None)
    yield from _undecided(page, found)
    if options.norm is None and options.actor is None:
        name = options.agreement
        yield ""
        yield page.paragraph(
            f"More: servanda ends {name} NORM (courses of events, who can bring it back), "
            "--actor NAME (all that one can do alone), --assume NORM.FIELD=VALUE, --format json."
        )


# --- overview -------------------------------------------------------------------------------------


def _overview(page: Page, found: Ends, seats: Mapping[str, Seats]) -> Iterator[str]:
    by_norm: dict[str, list[Commitment]] = {}
    for one in found.commitments:
        by_norm.setdefault(one.norm, []).append(one)
    touched: dict[str, None] = {}
    for norm, listed in by_norm.items():
        rows: dict[str, list[Commitment]] = {}
        for one in listed:
            for row in _short(one, seats):
                rows.setdefault(row, []).append(one)
        if rows:
            if not touched:
                yield ""
                yield page.head("What can be ended, suspended, called for or taken back")
            touched[norm] = None
            yield page.item(norm + (f": {listed[0].text}" if listed[0].text else ""), 0, "▪")
            for row, mine in rows.items():
                which = "" if len(mine) == len(listed) else f" {' '.join(map(_key, mine))}"
                yield page.item(row + which, 1)
    still = [n for n in dict.fromkeys(c.norm for c in found.commitments) if n not in touched]
    if still:
        yield ""
        yield page.head("What nobody can end or suspend")
        yield page.item(
            f"{text.number(len(still), 'commitment')}: the text has no clause that ends, suspends "
            f"or takes back {_some(still)}"
        )
    yield from _beginnings(page, found, seats)
    yield from _each_alone(page, found)
    yield from _attribution(page, found.attribution, False)


def _key(one: Commitment) -> str:
    """The part of an instance's id that tells it from the others."""
    return one.id.removeprefix(one.norm)


def _short(one: Commitment, seats: Mapping[str, Seats]) -> Iterator[str]:
    """One line for each group, power and readings; clauses of one group are joined."""
    joined: dict[tuple[Any, ...], dict[str, None]] = {}
    for answer in one.of(*OVER):
        for way in answer.ways:
            key = (answer.power, who(way.group, seats), _back(way, seats), answer.readings)
            joined.setdefault(key, {})[kinds(way)] = None
    for (power, group, back, readings), acts in joined.items():
        only = f"; only if {under(readings)}" if readings else ""
        yield f"{power}: {group} ({'; '.join(acts)}){back}{only}"
    open_ = {(a.power, name) for a in one.of(*OVER) if not a.ways for name in a.open}
    for power in dict.fromkeys(p for p, _ in sorted(open_)):
        names = ", ".join(sorted(name for p, name in open_ if p is power))
        yield f"{power}: nobody, as long as {names} is left open"
    doubtful = [a.power.value for a in one.of(*OVER) if a.settled is Settled.UNDECIDED]
    if doubtful:
        yield f"not decided: {', '.join(dict.fromkeys(doubtful))}"


def _back(way: Way, seats: Mapping[str, Seats]) -> str:
    back = way.back
    if back is None:
        return ""
    if back.for_good:
        return ", for good"
    if not back.groups:
        return f", no way back found within {back.steps} steps"
    return f"; back by {' or '.join(who(group, seats) for group in back.groups)}"


def _beginnings(page: Page, found: Ends, seats: Mapping[str, Seats]) -> Iterator[str]:
    """Who has to act for commitments to begin, and so can keep them from it."""
    by_group: dict[tuple[str, str], dict[str, None]] = {}
    for one in found.commitments:
        for answer in one.of(Power.START):
            only = f"; if {under(answer.readings)}" if answer.readings else ""
            groups = " or ".join(who(way.group, seats) for way in answer.ways)
            if not answer.ways and answer.open:
                groups = f"nobody, as long as {', '.join(answer.open)} is left open"
            elif not answer.ways:
                proved = answer.settled is Settled.PROVED
                groups = "nobody, by any course" if proved else "not decided"
            by_group.setdefault((groups, only), {})[one.norm] = None
    yield ""
    yield page.head("Who has to act for it to begin (each can keep it from it)")
    for (groups, only), norms in by_group.items():
        yield page.item(f"{groups}: {_some(list(norms))}{only}")


def _each_alone(page: Page, found: Ends) -> Iterator[str]:
    if not set(found.alone) - {EVENTS}:
        return
    yield ""
    yield page.head("What each can do alone")
    for actor, listed in found.alone.items():
        if actor == EVENTS:
            continue
        yield page.item(words(actor), 0, "▪")
        entry = [o for o in listed if o.power is Power.BLOCK_START and o.cause == IN_FORCE]
        for power in (*OVER, *BLOCKS):
            mine = [o for o in listed if o.power is power and o not in entry]
            names = list(dict.fromkeys(one.instance for one in mine))
            if names:
                yield page.item(f"{VERBS[power]}: {_some(names)}", 1)
        if entry:
            count = len({one.instance for one in entry})
            yield page.item(
                f"keeps the agreement from entering into force, and with it {count} of "
                f"{len(found.commitments)} (withholds its consent){_only(entry)}",
                1,
            )


def _only(listed: Sequence[Alone]) -> str:
    readings = {one.readings for one in listed if one.readings}
    return f"; if {under(readings.pop())}" if len(readings) == 1 else ""


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


# --- one commitment -------------------------------------------------------------------------------


def _commitment(page: Page, one: Commitment, seats: Mapping[str, Seats]) -> Iterator[str]:
    yield ""
    yield page.head(one.id)
    owed = f", for {', '.join(map(words, one.owed_to))}" if one.owed_to else ""
    bearers = ", ".join(map(words, one.bearers)) or "left open"
    yield page.paragraph(f"{one.text or one.kind}. Borne by {bearers}{owed}.")
    for power in Power:
        for answer in one.of(power):
            same = [
                a for a in one.of(power) if (a.clause, a.cause) == (answer.clause, answer.cause)
            ]
            if answer.ways or not any(a.ways for a in same):
                yield from _answer(page, answer, seats)
    for block in one.blocks:
        only = f"; if {under(block.readings)}" if block.readings else ""
        groups = " or ".join(_blocker(group, seats) for group in block.groups)
        yield page.item(f"{VERBS[block.power]}: {groups or 'nobody'}{only}", 0, "▪")


def _blocker(group: Sequence[str], seats: Mapping[str, Seats]) -> str:
    members = by_members(group, seats, blocking=True)
    return who(group, seats) + (f" ({members})" if members else "")


def _answer(page: Page, answer: Answer, seats: Mapping[str, Seats]) -> Iterator[str]:
    only = f" Only if {under(answer.readings)}." if answer.readings else ""
    yield page.item(f"{answer.power} ({answer.clause}: {answer.cause}).{only}", 0, "▪")
    for way in answer.ways:
        members = by_members(way.group, seats)
        told = f" ({members})" if members else ""
        yield page.item(f"{who(way.group, seats)}{told}: {does(way, answer)}", 1, "›")
        for event in way.events:
            given = " [ordinary course]" if event.ordinary else ""
            yield page.item(f"{event.what}{given}", 2, event.day)
        if way.back is not None:
            yield page.item(f"as of {way.story.as_of[:10]}{_back(way, seats)}", 2, "=")
    if not answer.ways and answer.open:
        yield page.item(f"nobody, as long as {', '.join(answer.open)} is left open", 1, "›")
    elif not answer.ways and answer.settled is not Settled.UNDECIDED:
        yield page.item("nobody", 1, "›")
    yield page.item(_settled(answer), 1, "=")


def _settled(answer: Answer) -> str:
    match answer.settled:
        case Settled.PROVED:
            return "no other group can, by any course of events"
        case Settled.SEARCHED:
            return f"no other group can within {answer.steps} steps; longer courses are not tried"
        case _:
            return f"whether others can was not decided: {answer.doubt}"


# --- actors, attribution, bodies ------------------------------------------------------------------


def _actor(page: Page, name: str, listed: Sequence[Alone]) -> Iterator[str]:
    yield ""
    yield page.head(f"What {words(name)} can do alone")
    if not listed:
        yield page.item("nothing of what is asked here")
    for power in (*OVER, *BLOCKS):
        mine = [one for one in listed if one.power is power]
        if not mine:
            continue
        yield page.item(VERBS[power], 0, "▪")
        for one in mine:
            only = f"; only if {under(one.readings)}" if one.readings else ""
            through = f" through {words(one.through)}" if one.through else ""
            good = ", for good" if one.for_good else ""
            yield page.item(f"{one.instance}{good}{through}: {one.by}{only}", 1)


def _attribution(page: Page, listed: Sequence[Attribution], whole: bool) -> Iterator[str]:
    if not listed:
        return
    yield ""
    yield page.head("When nobody is named for an act, or somebody falsely")
    by_effect: dict[str, dict[str, None]] = {}
    for one in listed:
        for told in one.told:
            held = [name for name, holds in told.under if holds]
            by = f" ({told.by})" if told.by and whole else ""
            line = f"{told.how}{by}: {', '.join(held) or 'it has this effect under no standard'}"
            to = ", ".join(map(words, one.to))
            subject = f"{one.power} of {one.instance}" + (f", to {to}" if whole and to else "")
            if whole:
                subject += f": {one.act}"
            by_effect.setdefault(line, {})[subject] = None
    for line, subjects in by_effect.items():
        yield page.item(line, 0, "▪")
        if whole:
            yield from (page.item(subject, 1) for subject in subjects)
        else:
            yield page.item(_some(list(subjects)), 1)


def _bodies(page: Page, listed: Sequence[Seats], whole: bool) -> Iterator[str]:
    told = [one for one in listed if whole or one.why or one.carriers]
    if not told:
        return
    yield ""
    yield page.head("Bodies and their votes")
    for one in told:
        some = " or ".join(" and ".join(map(words, g)) for g in (one.carriers or ())[:4])
        more = f" or {len(one.carriers or ()) - 4} more" if len(one.carriers or ()) > 4 else ""
        said = f"carried by {some}{more}" if one.carriers else f"by whom, cannot be said: {one.why}"
        yield page.item(f"{words(one.body)} ({one.rule}): {said}")


def _undecided(page: Page, found: Ends) -> Iterator[str]:
    if not found.undecided and not found.readings_cut:
        return
    yield ""
    yield page.head("Not decided")
    yield from (page.item(one, 0, "?") for one in found.undecided)
    for norm in found.readings_cut:
        yield page.item(f"{norm}: not every combination of readings was tried", 0, "?")
