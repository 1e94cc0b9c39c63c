"""Who can end what in words, one line for each way: for a comparison, and for a report."""

from collections.abc import Mapping, Sequence

from servanda.ends.alone import doing
from servanda.ends.power import Power
from servanda.ends.result import Answer, Commitment, Ends, Readings, Seats, Way
from servanda.ends.run import who_ends
from servanda.ends.seats import people
from servanda.engine.phrase import words
from servanda.library import Library
from servanda.reason.doers import EVENTS

ON_ENDING = (Power.END, Power.SUSPEND, Power.FORFEIT, Power.UNDO)
VERBS = {
    Power.START: "begins",
    Power.FULFIL: "fulfils it",
    Power.END: "ends it",
    Power.SUSPEND: "suspends it",
    Power.UNDO: "takes back what was given",
    Power.TRIGGER: "calls for it",
    Power.INVOKE: "has it invoked",
    Power.FORFEIT: "forfeits it",
    Power.BLOCK_START: "keeps it from beginning",
    Power.BLOCK_FULFILMENT: "keeps it from being fulfilled",
    Power.BLOCK_INVOCATION: "keeps it from being invoked",
}
SECONDS = 30.0  # for each draft of a comparison


def enders(library: Library, seconds: float = SECONDS) -> dict[str, list[str]]:
    """By norm the ways of ending, suspending, forfeiting or taking back; for `compare`."""
    found = who_ends(library, seconds=seconds, attribution=False, only=ON_ENDING)
    return lines(found)


def lines(found: Ends) -> dict[str, list[str]]:
    """By norm one line for each group and power, without days and instances."""
    by_norm: dict[str, dict[str, None]] = {}
    for one in found.commitments:
        for answer in one.of(*ON_ENDING):
            for way in answer.ways:
                line = f"{who(way.group)}: {answer.power} ({kinds(way)}){_when(answer)}"
                by_norm.setdefault(one.norm, {})[line] = None
            if answer.open and not answer.ways:
                left = ", ".join(answer.open)
                by_norm.setdefault(one.norm, {})[f"nobody: {answer.power} ({left} left open)"] = (
                    None
                )
    return {norm: list(listed) for norm, listed in by_norm.items()}


def kinds(way: Way) -> str:
    """The kinds of act of a way, without their details."""
    types = list(dict.fromkeys(words(e.type) for e in way.acts if e.type is not None))
    return ", ".join(types) or ("by omission" if way.group else "time passes")


def _when(answer: Answer) -> str:
    return f", if {under(answer.readings)}" if answer.readings else ""


def who(group: Sequence[str], seats: Mapping[str, Seats] | None = None) -> str:
    """A group in a sentence: `A alone`, `A and B together`, `nobody: time passes`."""
    if not group:
        return "nobody, by itself"
    if tuple(group) == (EVENTS,):
        return "no actor, by events"
    names = [_named(name, seats or {}) for name in group]
    if len(names) == 1:
        return f"{names[0]} alone"
    return f"{', '.join(names[:-1])} and {names[-1]} together"


def _named(name: str, seats: Mapping[str, Seats]) -> str:
    body = seats.get(name)
    if body is None:
        return "events" if name == EVENTS else words(name)
    rule = f"vote {body.rule}" if body.carriers is None else body.rule
    return f"{words(name)} ({rule})"


def under(readings: tuple[Readings, ...]) -> str:
    """Readings in a sentence, where an answer holds only under some."""
    return " or ".join(", ".join(f"{t} = {r}" for t, r in one) for one in readings)


def by_members(group: Sequence[str], seats: Mapping[str, Seats], blocking: bool = False) -> str:
    """Which members suffice, where a group has a body whose seats are known; else empty."""
    if not any(seats.get(name) is not None for name in group):
        return ""
    found = people(group, seats, blocking)
    if found is None:
        lacking = [seats[n].why for n in group if n in seats and seats[n].why]
        return "; ".join(lacking)
    some = [" and ".join(map(words, one)) for one in found[:3]]
    more = f" or {len(found) - 3} other groups" if len(found) > 3 else ""
    return f"it takes {' or '.join(some)}{more}"


def does(way: Way, answer: Answer) -> str:
    return doing(way, answer)


def instances(listed: Sequence[Commitment]) -> str:
    """Several instances of a norm in one name."""
    return listed[0].id if len(listed) == 1 else f"{listed[0].norm} (all {len(listed)})"
