"""The lanes of a provision: from timelines of the library to what is drawn, and to its table twin.

In: an answer and a provision.  Out: groups of lanes and rows that say the same in words.  Instances
with the same course share a group.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from servanda.model.norm import Norm
from servanda.report.timeline import NEVER, Lane, Stretch, Timeline, timelines
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.draw import lanes as drawn

SHORT = marks.Mark("depends", "depends", marks.DEPENDS)  # the lanes below say on what
ROWS = 250  # of the table; the JSON has more
FEW = 4  # readings of one instance in the picture; the table has all


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch in the table: whose, under which reading, from when to when, in which state."""

    who: str
    reading: str
    start: str
    end: str
    mark: marks.Mark
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lanes:
    """`folded` readings are in the table alone."""

    wide: str
    narrow: str
    lines: tuple[Line, ...]
    days: int
    folded: int
    earlier: int


def of_provision(answer: Answer, norms: list[Norm]) -> Lanes | None:
    """None where nothing has begun."""
    question = answer.question
    found = [(norm, timelines(question, norm)) for norm in norms]
    starts = [
        s.start
        for _, listed in found
        for t in listed
        for lane in (t.joint, *t.lanes)
        for s in lane.stretches
        if s.start > NEVER
    ]
    if not starts or min(starts) >= question.as_of:
        return None
    first, last = min(starts), question.as_of
    groups = [g for norm, listed in found for g in _groups(answer, norm, listed)]
    told = answer.holding.hypothetical
    wide, narrow = (
        drawn.draw(groups, first, last, question.zone, told, narrow=narrow)
        for narrow in (False, True)
    )
    lines = tuple(line for norm, listed in found for line in _lines(answer, norm, listed))
    days = round((last - first) / 86_400_000_000)
    folded = sum(max(0, len(t.lanes) - FEW) for _, listed in found for t in listed)
    earlier = sum(
        lane.earlier for _, listed in found for t in listed for lane in t.lanes or (t.joint,)
    )
    return Lanes(wide, narrow, lines[:ROWS], days, folded, earlier + max(0, len(lines) - ROWS))


def _groups(answer: Answer, norm: Norm, listed: Iterable[Timeline]) -> list[drawn.Group]:
    alike: dict[str, list[Timeline]] = {}
    for one in listed:
        alike.setdefault(repr((one.joint, one.lanes, one.watched)), []).append(one)
    return [_group(answer, norm, together) for together in alike.values()]


def _group(answer: Answer, norm: Norm, together: list[Timeline]) -> drawn.Group:
    agreement = answer.library.agreement
    one = together[0]
    names = [words.instance(agreement, t.instance) for t in together]
    named = [n for n in names if n]
    title = words.listed(named) if len(named) <= 3 else f"{named[0]} and {len(named) - 1} more"
    text = words.sentence(norm.text or norm.id)
    seen, watched = _seen(answer, one)
    found = [_lane(answer, one.joint, "no reading fixed" if one.lanes else "")]
    terms = {t for lane in one.lanes for readings in lane.readings for t in readings}
    found += [
        _lane(answer, lane, words.label(answer.library, lane.readings, terms) or "otherwise")
        for lane in one.lanes[:FEW]
    ]
    return drawn.Group(title or text, text if title else "", tuple(found), watched, seen)


def _seen(answer: Answer, one: Timeline) -> tuple[str, tuple[tuple[int, int], ...] | None]:
    row = answer.row(one.instance)
    if row is None or "coverage" not in row:
        return "", None
    return f"{words.share(row['coverage']['time_share'])} of time", one.watched


def _lane(answer: Answer, lane: Lane, label: str) -> drawn.Lane:
    zone = answer.question.zone
    bars = tuple(drawn.Bar(s.start, s.end, _mark(s)) for s in lane.stretches)
    acts = tuple(
        drawn.Act(a.at, marks.BASES[a.basis].shape, f"{a.basis}, {words.day_at(a.at, zone)}")
        for a in lane.acts
    )
    now = bars[-1].mark if bars else marks.INACTIVE
    told = "; ".join(f"from {_day(answer, bar.start)} {bar.mark.word}" for bar in bars)
    count = len(acts) + lane.earlier
    single = f"; {words.counted(count, 'single act')}" if acts else ""
    head = f"{label}: " if label else ""
    return drawn.Lane(label, bars, acts, now.word, f"{head}{told or now.word}{single}")


def _mark(stretch: Stretch) -> marks.Mark:
    mark = marks.of_state(stretch.state, stretch.basis)
    return SHORT if mark is marks.ON_READING else mark


def _day(answer: Answer, at: int) -> str:
    return words.day_at(at, answer.question.zone) if at > NEVER else "the beginning"


def _lines(answer: Answer, norm: Norm, listed: Iterable[Timeline]) -> Iterable[Line]:
    agreement = answer.library.agreement
    for one in listed:
        who = words.instance(agreement, one.instance) or words.sentence(norm.text or norm.id)
        for lane in one.lanes or (one.joint,):
            reading = words.under(answer.library, lane.readings)
            for s in lane.stretches:
                end = "" if s.end > answer.question.as_of else _day(answer, s.end)
                yield Line(who, reading, _day(answer, s.start), end, _mark(s))
            for act in lane.acts:
                kind = {"act": "single act", "missed": "deadline passed"}.get(act.kind, "not kept")
                mark = marks.Mark(
                    marks.BASES[act.basis].shape, f"{kind}: {act.basis}", marks.BREACH
                )
                yield Line(who, reading, _day(answer, act.at), "", mark, act.records)
