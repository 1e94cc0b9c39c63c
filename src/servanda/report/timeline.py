"""States over time: for each instance of a commitment its lanes, one for each reading that differs.

In: a question and a commitment.  Out: lanes of spans in microseconds UTC, up to the instant of the
assessment; single acts; and the spans in which somebody watched for what the commitment is about.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from servanda.engine.coverage import EVERYWHERE, areas_of, silent_spans, watches
from servanda.engine.history import History
from servanda.engine.question import Question
from servanda.engine.readings import DEPENDS, Case, Spread, signature, spreads
from servanda.engine.silence import types_missed
from servanda.model.norm import Norm

BASES = ("alleged", "found", "decided")
NEVER = -(1 << 60)
MOST = 1_000  # acts of one lane that are told one by one, the latest
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state that holds from `start` up to `end`; `basis` only where it is breached."""

    start: int
    end: int
    state: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An entry: an act against the commitment, or a deadline that passed."""

    at: int
    by: tuple[str, ...]
    kind: str
    basis: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """What is said under some readings; none are named where all say the same.

    `acts` are the latest; `earlier` counts those before them, which are not told one by one.
    """

    readings: tuple[dict[str, str], ...]
    stretches: tuple[Stretch, ...]
    acts: tuple[Act, ...]
    state: str
    due: int | None
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """One instance: `joint` is what holds without fixing a reading; `watched` is None where
    silence says nothing about such a commitment."""

    instance: str
    bearers: tuple[str, ...]
    joint: Lane
    lanes: tuple[Lane, ...]
    watched: tuple[Span, ...] | None


def timelines(question: Question, norm: Norm) -> tuple[Timeline, ...]:
    """The instances of a commitment, in the order of the text."""
    found = spreads(question, norm.id, question.inputs.standard)
    return tuple(_timeline(question, norm, spread) for spread in found.values())


def _timeline(question: Question, norm: Norm, spread: Spread) -> Timeline:
    groups: dict[object, list[Case]] = {}
    for case in spread.allowed:
        groups.setdefault(signature(case.history), []).append(case)
    lanes = tuple(_lane(question, spread, cases) for cases in groups.values())
    bearers = spread.histories[0].instance.bearers if spread.histories else ()
    joint = lanes[0] if len(lanes) == 1 else _joint(spread, lanes)
    return Timeline(
        spread.instance,
        tuple(bearers),
        joint,
        () if len(lanes) == 1 else lanes,
        _watched(question, norm, spread),
    )


def _lane(question: Question, spread: Spread, cases: Sequence[Case]) -> Lane:
    narrowed = spread.narrowed([dict(case.assignment) for case in cases])
    history, state = cases[0].history, cases[0].state
    readings = tuple(narrowed or ())
    if history is None:
        return Lane(readings, (), (), state, None)
    earlier = max(0, len(history.breaches) - MOST)
    acts = tuple(Act(e.at, e.by, e.kind, e.basis, e.ids) for e in history.latest(MOST))
    stretches = tuple(_stretches(history, acts, question.as_of))
    return Lane(readings, stretches, acts, state, cases[0].due, earlier)


def _stretches(history: History, acts: Sequence[Act], as_of: int) -> Iterator[Stretch]:
    shown = [(at, state) for at, state, _ in history.shown()]
    for index, (at, state) in enumerate(shown):
        end = shown[index + 1][0] if index + 1 < len(shown) else as_of + 1
        if end <= at:
            continue
        if state == "breached":
            yield from _by_basis(at, end, acts)
        else:
            yield Stretch(at, end, state)


def _by_basis(start: int, end: int, acts: Sequence[Act]) -> Iterator[Stretch]:
    """A breached stretch, cut where what it rests on becomes firmer."""
    reached, basis = start, BASES[0]
    for act in acts:
        if start <= act.at < end and BASES.index(act.basis) > BASES.index(basis):
            if act.at > reached:
                yield Stretch(reached, act.at, "breached", basis)
            reached, basis = act.at, act.basis
    yield Stretch(reached, end, "breached", basis)


def _joint(spread: Spread, lanes: Sequence[Lane]) -> Lane:
    """What all lanes agree on over time; where they do not, it depends."""
    edges = sorted({t for lane in lanes for s in lane.stretches for t in (s.start, s.end)})
    found: list[Stretch] = []
    for start, end in pairwise(edges):
        said = {_at(lane, start) for lane in lanes}
        state, basis = said.pop() if len(said) == 1 else (DEPENDS, None)
        last = found[-1] if found else None
        if last is not None and (last.state, last.basis, last.end) == (state, basis, start):
            found[-1] = Stretch(last.start, end, state, basis)
        else:
            found.append(Stretch(start, end, state, basis))
    return Lane((), tuple(found), (), spread.state, spread.due)


def _at(lane: Lane, instant: int) -> tuple[str, str | None]:
    for one in lane.stretches:
        if one.start <= instant < one.end:
            return one.state, one.basis
    return "inactive", None


def _watched(question: Question, norm: Norm, spread: Spread) -> tuple[Span, ...] | None:
    """When somebody whose word counts watched some of the area, while silence mattered."""
    types = types_missed(norm, question.agreement)
    histories = [h for h in spread.histories if h.activated is not None]
    if not types or not histories:
        return None
    facts = question.facts(question.inputs.standard)
    areas = areas_of(norm.condition, facts)
    useful = [
        w
        for w in watches(facts, question.zone)
        if w.types & types
        and (w.area == EVERYWHERE or facts.world.atlas.area_share([w.area], areas) > 0)
    ]
    spans = sorted(
        (max(start, w.start), min(end, w.end))
        for history in histories
        for start, end in silent_spans(history, question.as_of)
        for w in useful
        if max(start, w.start) < min(end, w.end)
    )
    return tuple(_joined(spans))


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
