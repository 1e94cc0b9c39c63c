"""The voting institution that RTEC is measured on: its actions as records, states as its fluents.

In: the stream of actions and the intervals that RTEC recognised.  Out: records for the agreement
`voting.md`, and from its assessment the same lines, fluent by fluent and window by window.
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from servanda import asking, library
from servanda.engine.history import History
from servanda.engine.question import Question
from servanda.engine.readings import spreads

AGREEMENT = Path(__file__).with_name("voting.md")
MOTIONS = ("3", "6", "9")  # those that RTEC observed
BEGIN = datetime(2026, 1, 1, 1, tzinfo=UTC)  # time 0; its unit is a minute
UNIT = 60_000_000
WINDOW, END = 10, 101  # RTEC works in windows (0, 10], (10, 20] …; the last one ends here
TYPES = {
    "propose": "proposes",
    "second": "seconds",
    "vote": "votes",
    "close_ballot": "closes_ballot",
    "declare": "declares",
}
WEIGHT = {"aye": 1, "nay": -1}

Fluent = tuple[str, ...]  # name, arguments, value
Spans = tuple[tuple[int, int], ...]
Lines = set[tuple[Fluent, Spans]]

_LINE = re.compile(r"recognitions\(predictions,(\w+),\[\[(.*)\],?(.*)\],\[(.*)\]\)\.")
_WORD = re.compile(r"\w+")


def actions(file: Path, first: int = 0, last: int = END) -> Iterator[tuple[int, list[str]]]:
    """Time and words of the actions from one time to another."""
    with gzip.open(file, "rt") as lines:
        for line in lines:
            kind, at, _, agent, motion, *value = line.strip().split("|")
            if first <= int(at) <= last:
                yield int(at), [kind, agent, motion, *value]


def records(found: Iterable[tuple[int, list[str]]]) -> list[dict[str, Any]]:
    rows = []
    for number, (at, (kind, agent, motion, *value)) in enumerate(found):
        args: dict[str, Any] = {"by": f"A{agent}", "motion": f"M{motion}"}
        if kind == "vote":
            args |= {"choice": value[0], "weight": WEIGHT[value[0]]}
        if kind == "declare":
            args["outcome"] = value[0]
        when = (BEGIN + timedelta(minutes=at)).isoformat()
        rows.append(
            {"id": f"r{number}", "type": TYPES[kind], "at": when, "args": args, "source": "Clerk"}
        )
    return rows


def asked(rows: list[dict[str, Any]], engine: str) -> Question:
    """The minutes of the assembly are taken as they are: any claim counts."""
    as_of = (BEGIN + timedelta(minutes=END)).isoformat()
    question, refused = asking.question(
        library.load(AGREEMENT), rows, standard="any_claim", as_of=as_of, engine=engine
    )
    assert not refused
    return question


def expected(file: Path, last: int = END) -> Lines:
    """The lines of RTEC up to some window: a fluent with its value, and when it has it."""
    found = set()
    with gzip.open(file, "rt") as lines:
        for line in filter(str.strip, lines):
            match = _LINE.fullmatch(line.strip())
            assert match, line
            name, arguments, value, spans = match.groups()
            numbers = [int(n) for n in re.findall(r"\d+", spans)]
            pairs = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            if pairs[-1][1] <= last:
                found.add(((name, *_WORD.findall(arguments), value), pairs))
    return found


def recognised(question: Question, last: int = END) -> Lines:
    """The same lines from the states of commitments."""
    true = _states(question)
    fluents = dict(true)
    for motion in MOTIONS:
        steps = [true["status", motion, step] for step in ("proposed", "voting", "voted")]
        # A status is null where it is nothing else, from the beginning on.
        null = _except(((1, END),), _union(steps))
        fluents["status", motion, "null"] = null
        # A value false begins with what first makes it so; before that RTEC knows neither.
        early = "auxPerCloseBallot", motion
        fluents[*early, "false"] = _since(_first(steps[0]), true[*early, "true"])
        done_with = null[1][0] if len(null) > 1 else END
        for agent in _chairs(question):
            may = "per", "close_ballot", agent, motion
            fluents[*may, "false"] = _since(_first(steps[2]), true[*may, "true"])
            must = "obl", "declare", agent, motion, "carried"
            fluents[*must, "false"] = _since(done_with, true[*must, "true"])
    for agent in _chairs(question):
        held = true["sanctioned", agent, "true"]
        ended = held[0][1] if held else END
        fluents["sanctioned", agent, "false"] = _since(ended, held)
    return {line for fluent, spans in fluents.items() for line in _by_window(fluent, spans, last)}


def _states(question: Question) -> dict[Fluent, Spans]:
    """When each commitment is active, by the fluent that it stands for."""
    found: dict[Fluent, Spans] = {}

    def active(norm: str) -> Iterator[tuple[tuple[str, ...], Spans]]:
        for one in spreads(question, norm, question.inputs.standard).values():
            (history,) = one.histories
            if history.instance.vacant:
                continue  # nobody has acted
            # A fluent starts one unit after the action that starts it; and so it ends.
            spans = tuple((s + 1, e + 1) for s, e in _active(history))
            yield tuple(k[1:] if k[0] in "AM" else k for k in history.instance.key), spans

    for norm, status in (
        ("v.seconding", "proposed"),
        ("v.ballot", "voting"),
        ("v.outcome", "voted"),
    ):
        found |= {("status", m, status): spans for (m,), spans in active(norm)}
    found |= {("outcome", m, value): spans for (m, value), spans in active("v.declared")}
    found |= {("voted", who, m, value): s for (who, m, value), s in active("b.vote")}
    found |= {("auxPerCloseBallot", m, "true"): spans for (m,), spans in active("c.early")}
    for (who, m), spans in active("c.closing"):
        found["per", "close_ballot", who, m, "true"] = spans
    for (who, m), spans in active("d.declare"):
        found["obl", "declare", who, m, "carried", "true"] = spans
    found |= {("sanctioned", who, "true"): spans for (who,), spans in active("s.sanction")}
    return found


def _active(history: History) -> Iterator[tuple[int, int]]:
    began: int | None = None
    for at, flags in zip(history.times, history.flags, strict=True):
        if flags.running and began is None:
            began = at
        elif not flags.running and began is not None:
            yield _unit(began), _unit(at)
            began = None
    if began is not None:
        yield _unit(began), END


def _unit(instant: int) -> int:
    unit, rest = divmod(instant - round(BEGIN.timestamp()) * 1_000_000, UNIT)
    assert rest == 0, "everything happens at a whole unit"
    return unit


def _chairs(question: Question) -> list[str]:
    return [name[1:] for name in question.agreement.members_of("Chairs")]


def _first(spans: Spans) -> int:
    return spans[0][0] if spans else END


def _union(many: Iterable[Spans]) -> Spans:
    return tuple(sorted(span for spans in many for span in spans))


def _since(start: int, true: Spans) -> Spans:
    """From a time on, except where it is true."""
    return _except(((start, END),) if start < END else (), true)


def _except(spans: Spans, other: Spans) -> Spans:
    found = []
    for start, end in spans:
        at = start
        for s, e in other:
            if e > at and s < end:
                if s > at:
                    found.append((at, s))
                at = e
        if at < end:
            found.append((at, end))
    return tuple(found)


def _by_window(fluent: Fluent, spans: Spans, last: int) -> Iterator[tuple[Fluent, Spans]]:
    """As RTEC reports: cut where a window ends, a line for each window."""
    cut: Mapping[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end in spans:
        for window in range((start - 1) // WINDOW, (min(end, last) - 2) // WINDOW + 1):
            begin, stop = window * WINDOW + 1, (window + 1) * WINDOW + 1
            if (one := (max(start, begin), min(end, stop)))[0] < one[1]:
                cut[window].append(one)
    yield from ((fluent, tuple(pairs)) for pairs in cut.values())
