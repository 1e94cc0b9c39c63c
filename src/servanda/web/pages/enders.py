"""Rows of who can end what, for a page and for the comparison of drafts.

In: what the library found.  Out: for each commitment and power the groups that can, each with its
acts, the way back and a course of events; what each actor can do alone; what is left open or was
not decided, which never counts as absent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from servanda.ends.alone import WITHHOLDS_CONSENT
from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Alone, Answer, Commitment, Ends
from servanda.ends.seats import holding
from servanda.ends.told import (
    ANYBODY,
    VERBS,
    ids,
    kinds,
    restored,
    settled,
    some,
    together,
    under,
    ways,
)
from servanda.library import Library
from servanda.reason.acts import OUTSIDE
from servanda.reason.doers import EVENTS
from servanda.reason.groups import Settled
from servanda.web import words
from servanda.web.pages import story
from servanda.web.view import View

OVER = (Power.END, Power.SUSPEND, Power.UNDO, Power.TRIGGER, Power.INVOKE, Power.FORFEIT)
POWERS = {
    Power.END: "end",
    Power.SUSPEND: "suspend",
    Power.UNDO: "take back",
    Power.TRIGGER: "call for",
    Power.INVOKE: "have invoked",
    Power.FORFEIT: "forfeit",
}
FEW = 6  # ids named on a line
TIME, UNNAMED = "time alone", "a doer not named"


@dataclass(frozen=True, slots=True)
class Way:
    """A group, in words for each of it; `only` are the readings under which it can."""

    group: tuple[str, ...]
    who: str
    how: str
    back: str
    only: str
    story: story.Story | None


@dataclass(frozen=True, slots=True)
class Row:
    """One power over one commitment; `note` says what is left open, not decided, or nobody can."""

    norm: str
    number: str
    title: str
    address: str
    power: str
    ways: tuple[Way, ...]
    note: str
    decided: bool


def rows(view: View, library: Library, found: Ends) -> list[Row]:
    """Every power over which the text has a clause, in the order of the text."""
    told = []
    for name, listed in together(found).items():
        norm = library.agreement.norms[name]
        point = norm.provision or ""
        for power in OVER:
            asked = [(one, answer) for one in listed for answer in one.of(power)]
            if not asked:
                continue
            made = tuple(_ways(view.agreement, asked, len(listed), found))
            told.append(
                Row(
                    name,
                    words.number(point),
                    words.sentence(norm.text or name),
                    view.address("provisions", point),
                    POWERS[power],
                    made,
                    _note([answer for _, answer in asked], bool(made)),
                    all(answer.settled is not Settled.UNDECIDED for _, answer in asked),
                )
            )
    return told


def _ways(
    agreement: str, asked: Sequence[tuple[Commitment, Answer]], whole: int, found: Ends
) -> Iterator[Way]:
    """Groups that do the same alike share a line; which instances, where not all."""
    seats = {one.body: one for one in found.seats}
    alike: dict[tuple[str, ...], tuple[Way, dict[str, None]]] = {}
    for one, answer in asked:
        for said, way in ways(answer, seats):
            back = "" if way.back is None else restored(way.back, seats)
            begun = " once it has begun" if answer.begun else ""
            only = under(answer.readings)
            how = kinds(way) + begun
            key = (said, how, back, only)
            if key not in alike:
                events = [(e.day, e.what, e.ordinary) for e in way.events]
                course = story.of_course(agreement, way.story, events)
                made = Way(_group(said, way.group), words.words(said), how, back, only, course)
                alike[key] = (made, {})
            alike[key][1][one.id] = None
    for made, instances in alike.values():
        if len(instances) == whole:
            yield made
        else:
            which = ", ".join(_key(name) for name in list(instances)[:FEW])
            more = len(instances) - FEW
            told = f"{which} and {more} more" if more > 0 else which
            yield Way(
                made.group, f"{made.who} ({told})" if told else made.who, made.how, made.back,
                made.only, made.story,
            )  # fmt: skip


def _key(instance: str) -> str:
    """What tells an instance from its sisters, in words."""
    return words.words(instance.partition("[")[2].rstrip("]").replace(",", ", "))


def _group(said: str, group: Sequence[str]) -> tuple[str, ...]:
    if said == ANYBODY:
        return ("anybody",)
    if not group:
        return (TIME,)
    named = {EVENTS: UNNAMED, OUTSIDE: "anybody else"}
    return tuple(named.get(name) or words.words(name) for name in group)


def _note(asked: Sequence[Answer], able: bool) -> str:
    left = sorted({name for a in asked if not a.ways for name in a.open})
    if left:
        nobody = "by another clause nobody" if able else "nobody"
        return f"{nobody}, as long as {', '.join(left)} is left open"
    if any(a.settled is Settled.UNDECIDED for a in asked):
        return f"whether {'others' if able else 'anybody'} can was not decided"
    return "" if able else settled(min(asked, key=lambda a: a.settled is Settled.PROVED))


def still(library: Library, found: Ends) -> str:
    """The commitments that no clause ends, suspends or takes back."""
    names = [n for n, listed in together(found).items() if not any(o.of(*OVER) for o in listed)]
    return f"{words.counted(len(names), 'commitment')}: {some(names, 12)}" if names else ""


def beginnings(found: Ends) -> list[tuple[str, str]]:
    """Who has to act for commitments to begin, each of whom can keep them from it."""
    seats = {one.body: one for one in found.seats}
    by_group: dict[tuple[str, str], list[str]] = {}
    for one in found.commitments:
        for answer in one.of(Power.START):
            groups = " or ".join(said for said, _ in ways(answer, seats))
            doubtful = answer.settled is Settled.UNDECIDED
            if not groups and answer.open:
                groups = f"nobody, as long as {', '.join(answer.open)} is left open"
            if not groups:
                groups = "not decided" if doubtful else f"nobody ({settled(answer)})"
            elif answer.ways and doubtful:
                groups += " (others not excluded)"
            by_group.setdefault((groups, under(answer.readings)), []).append(one.id)
    return [
        (words.words(groups + _only(only)), ids(listed, found, FEW))
        for (groups, only), listed in by_group.items()
    ]


def each_alone(library: Library, found: Ends) -> list[tuple[str, list[tuple[str, str]]]]:
    """By actor all that it can do, or keep from coming about, without anybody else."""
    told = []
    for actor, listed in found.alone.items():
        if actor in (EVENTS, OUTSIDE):  # what anybody else can, each of those named can
            continue
        held = " (who holds it is not said)" if holding(library.agreement, actor) else ""
        told.append((words.words(actor) + held, list(_can(listed, found))))
    return told


def _can(listed: Sequence[Alone], found: Ends) -> Iterator[tuple[str, str]]:
    entry = [o for o in listed if o.by == WITHHOLDS_CONSENT]
    for power in (*OVER, *BLOCKS):
        mine = [o for o in listed if o.power is power and o not in entry]
        for only, some_of in _by_readings(mine):
            yield VERBS[power] + _only(only), ids([o.instance for o in some_of], found, FEW)
    for only, some_of in _by_readings(entry):
        count = len({o.instance for o in some_of})
        yield (
            "keeps the agreement from entering into force" + _only(only),
            f"by withholding its consent; {count} of {len(found.commitments)} do not begin then",
        )


def _by_readings(listed: Iterable[Alone]) -> list[tuple[str, list[Alone]]]:
    grouped: dict[str, list[Alone]] = {}
    for one in listed:
        grouped.setdefault(under(one.readings), []).append(one)
    return list(grouped.items())


def _only(readings: str) -> str:
    return f", only if {readings}" if readings else ""


def bodies(found: Ends) -> list[tuple[str, str, str]]:
    """Bodies, their rule, and whose votes carry; or why that cannot be said."""
    told = []
    for one in found.seats:
        groups = [" and ".join(map(words.words, g)) for g in one.carriers or ()]
        more = f" or {len(groups) - 4} more" if len(groups) > 4 else ""
        said = f"carried by {' or '.join(groups[:4])}{more}"
        if not one.carriers:
            said = f"by whom, cannot be said: {one.why}"
        told.append((words.words(one.body), one.rule, said))
    return told


def undecided(found: Ends) -> list[tuple[str, str, str]]:
    """Of what nothing is said: the power, the commitments, and why."""
    by_why: dict[tuple[str, str], list[str]] = {}
    for line in found.undecided:
        instance, power, why = line.split(": ", maxsplit=2)
        by_why.setdefault((power, why), []).append(instance)
    return [(power, ids(names, found), why) for (power, why), names in by_why.items()]


def in_few_words(found: Ends, norms: Sequence[str]) -> list[tuple[str, tuple[str, ...], str]]:
    """For a table of drafts: power, a group, and its kinds of act, for some commitments."""
    told: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    open_: dict[tuple[str, str], None] = {}
    for one in found.commitments:
        if one.norm not in norms:
            continue
        for answer in one.of(*OVER):
            power = POWERS[answer.power]
            for said, way in ways(answer):
                told.setdefault((power, _group(said, way.group)), {})[kinds(way)] = None
            if answer.settled is Settled.UNDECIDED:
                open_[power, "not decided"] = None
            elif answer.open and not answer.ways:
                open_[power, "left open"] = None
    listed = [(power, group, "; ".join(acts)) for (power, group), acts in told.items()]
    return [*listed, *((power, (), note) for power, note in open_)]
