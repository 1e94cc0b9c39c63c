"""Who can end what in words, one line for each way: for a comparison, and for a page."""

from collections.abc import Mapping, Sequence

from servanda.ends.power import Power
from servanda.ends.result import Answer, Back, Commitment, Ends, Readings, Seats, Way
from servanda.ends.run import who_ends
from servanda.ends.seats import people
from servanda.engine.phrase import words
from servanda.library import Library
from servanda.reason.acts import OUTSIDE
from servanda.reason.doers import EVENTS
from servanda.reason.groups import Settled

ON_ENDING = (Power.END, Power.SUSPEND, Power.FORFEIT, Power.UNDO)
VERBS = {
    Power.START: "begins it",
    Power.FULFIL: "fulfils it",
    Power.END: "ends it",
    Power.SUSPEND: "suspends it",
    Power.UNDO: "undoes what was given or kept",
    Power.TRIGGER: "calls for it",
    Power.INVOKE: "has it invoked",
    Power.FORFEIT: "forfeits it",
    Power.BLOCK_START: "keeps it from beginning",
    Power.BLOCK_FULFILMENT: "keeps it from being fulfilled",
    Power.BLOCK_INVOCATION: "keeps it from being invoked",
}
SECONDS = 30.0  # for each draft of a comparison
FEW_GROUPS = 3  # groups of members named on a line
ANYBODY = "anybody alone"
_NOBODY_NAMED = {EVENTS: "a doer not named", OUTSIDE: "anybody else"}


def enders(library: Library, seconds: float = SECONDS) -> dict[str, list[str]]:
    """By norm the ways of ending, suspending, forfeiting or taking back; for `compare`."""
    found = who_ends(library, seconds=seconds, attribution=False, only=ON_ENDING)
    return lines(found)


def lines(found: Ends) -> dict[str, list[str]]:
    """By norm one line for each group and power, without days and instances.

    What was not decided has its line too: a way that is not listed is then no way that is lost.
    """
    by_norm: dict[str, dict[str, None]] = {}
    for one in found.commitments:
        for answer in one.of(*ON_ENDING):
            by_norm.setdefault(one.norm, {}).update(dict.fromkeys(_lines(answer)))
    return {norm: list(listed) for norm, listed in by_norm.items() if listed}


def _lines(answer: Answer) -> list[str]:
    when = f", if {under(answer.readings)}" if answer.readings else ""
    listed = [f"{said}: {answer.power} ({kinds(way)}){when}" for said, way in ways(answer)]
    if answer.open and not answer.ways:
        listed.append(f"nobody: {answer.power} ({', '.join(answer.open)} left open)")
    if answer.settled is Settled.UNDECIDED:
        listed.append(f"not decided: {answer.power}{when}")
    return listed


def kinds(way: Way) -> str:
    """The kinds of act of a way, without their details."""
    types = list(dict.fromkeys(words(e.type) for e in way.acts if e.type is not None))
    return ", ".join(types) or ("by omission" if way.group else "time passes")


def _types(way: Way) -> frozenset[str | None]:
    return frozenset(event.type for event in way.acts)


def who(group: Sequence[str], seats: Mapping[str, Seats] | None = None) -> str:
    """A group in a sentence: `A alone`, `A and B together`, `no act of anybody`."""
    if not group:
        return "no act of anybody"
    if tuple(group) == (EVENTS,):
        return "a doer whom the text does not name"
    names = [_named(name, seats or {}) for name in group]
    if len(names) == 1:
        return f"{names[0]} alone"
    return f"{', '.join(names[:-1])} and {names[-1]} together"


def ways(answer: Answer, seats: Mapping[str, Seats] | None = None) -> list[tuple[str, Way]]:
    """The ways of an answer with who they are; where anybody can alone, that is one way."""
    free = next((way for way in answer.ways if way.group == (OUTSIDE,)), None)
    told: dict[int, tuple[str, Way]] = {}
    for at, way in enumerate(answer.ways):
        alike = free is not None and len(way.group) == 1 and _types(way) == _types(free)
        if not alike:
            told[at] = (who(way.group, seats), way)
        elif not any(said == ANYBODY for said, _ in told.values()):
            told[at] = (ANYBODY, free or way)
    return list(told.values())


def blocker(group: Sequence[str], seats: Mapping[str, Seats]) -> str:
    """Who keeps something from coming about, in a sentence."""
    if OUTSIDE in group:
        return "nobody, since anybody may do it"
    members = by_members(group, seats, blocking=True)
    return who(group, seats) + (f" ({members})" if members else "")


def _named(name: str, seats: Mapping[str, Seats]) -> str:
    body = seats.get(name)
    if body is None:
        return _NOBODY_NAMED.get(name) or words(name)
    rule = f"vote {body.rule}" if body.carriers is None else body.rule
    return f"{words(name)} ({rule})"


def under(readings: tuple[Readings, ...]) -> str:
    """Readings in a sentence, where an answer holds only under some."""
    return " or ".join(", ".join(f"{t} = {r}" for t, r in one) for one in readings)


def by_members(group: Sequence[str], seats: Mapping[str, Seats], blocking: bool = False) -> str:
    """Which members suffice, where a group has a body whose seats are known; else why not."""
    if not any(seats.get(name) is not None for name in group):
        return ""
    found = people(group, seats, blocking)
    if found is None:
        lacking = [seats[n].why for n in group if n in seats and seats[n].why]
        return "; ".join(lacking)
    some = [" and ".join(map(words, one)) for one in found[:FEW_GROUPS]]
    rest = len(found) - FEW_GROUPS
    more = f" or {rest} other groups" if rest > 0 else ""
    return f"it takes {' or '.join(some)}{more}"


def restored(back: Back, seats: Mapping[str, Seats]) -> str:
    """The way back in words: for good, by whom, or how far it was looked for."""
    if back.for_good:
        return "for good"
    if back.groups:
        return f"back by {' or '.join(who(group, seats) for group in back.groups)}"
    if back.settled is Settled.UNDECIDED:
        return "whether it can come back was not decided"
    if back.settled is Settled.PROVED:
        return "no way back, by any course of events"
    return f"no way back within {back.steps} steps"


def settled(answer: Answer) -> str:
    """How far it is settled that nobody else can."""
    other = "no other group can" if answer.ways else "no group can"
    match answer.settled:
        case Settled.PROVED:
            return f"{other}, by any course of events"
        case Settled.SEARCHED:
            after = " after it begins" if answer.begun else ""
            return f"{other} within {answer.steps} steps{after}; longer courses are not tried"
        case _:
            return f"whether {'other groups' if answer.ways else 'anybody'} can was not decided"


def ids(listed: Sequence[str], found: Ends, few: int | None = None) -> str:
    """Ids on a line; all the instances of a norm under its name, `few` of the names at most."""
    chosen = dict.fromkeys(listed)
    by_norm: dict[str, list[str]] = {}
    for one in found.commitments:
        by_norm.setdefault(one.norm, []).append(one.id)
    whole = {
        norm for norm, mine in by_norm.items() if len(mine) > 1 and all(i in chosen for i in mine)
    }
    names: dict[str, None] = {}
    for name in chosen:
        norm = name.split("[", maxsplit=1)[0]
        all_ = norm in whole
        names[f"{norm} (all {len(by_norm[norm])})" if all_ else name] = None
    return some(list(names), few)


def some(names: Sequence[str], few: int | None = None) -> str:
    """Names on a line; how many more there are, where only a few are told."""
    told = names if few is None else names[:few]
    more = f" and {len(names) - len(told)} more" if len(told) < len(names) else ""
    return ", ".join(told) + more


def together(found: Ends) -> dict[str, list[Commitment]]:
    """The commitments by norm, in the order of the text."""
    by_norm: dict[str, list[Commitment]] = {}
    for one in found.commitments:
        by_norm.setdefault(one.norm, []).append(one)
    return by_norm
