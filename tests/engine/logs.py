"""A small world for tests of conditions: acts at whole instants, conditions over them, and the
plain definition of each operator, instant by instant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from servanda.engine.axis import Axis, Microseconds
from servanda.engine.calendar import Calendar
from servanda.engine.facts import Fact, Facts, Ground, Spell, World
from servanda.engine.reference import Evaluator
from servanda.evidence.instant import Period
from servanda.evidence.record import Record
from servanda.evidence.source import Speakers
from servanda.evidence.standard import Role, gather
from servanda.evidence.view import view
from servanda.geo import Atlas
from servanda.library import from_text
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.quantity import Comparison, Duration, Quantity, Window

TEXT = """\
agreement log "Acts at whole instants"
  zone UTC
  draft 2026-01-01

party A
party B

record p "an act"
  arg by actor
  actor by
  event
record q "another act"
  arg by actor
  actor by
  event
record s "something that lasts until it ends"
  arg by actor
  actor by
  ends by x with {by}
record x "its end"
  arg by actor
  actor by
  event
"""
TYPES = ("p", "q", "s", "x")
UNIT = "microseconds"
Log = Sequence[tuple[int, str]]  # position, type


@cache
def agreement() -> Agreement:
    return from_text(TEXT).agreement


class NoStates:
    """Conditions here ask for no norm's state."""

    def holds(self, state: c.StateOf, keys: object, at: int) -> bool:
        raise AssertionError

    def changes(self, norm: str, keys: object = ()) -> tuple[int, ...]:
        raise AssertionError

    def matching(self, norm: str, keys: object) -> tuple[object, ...]:
        raise AssertionError

    def kept_since(self, norm: str, keys: object, at: int) -> int | None:
        raise AssertionError

    def histories(self, norm: str) -> tuple[object, ...]:
        raise AssertionError

    def consulted(self, norm: str) -> frozenset[str]:
        raise AssertionError


@dataclass
class LogFacts(Facts):
    """Facts whose positions are given, on whatever axis."""

    log: Log = ()

    def find(self, ground: Ground, role: Role) -> tuple[Fact, ...]:
        return tuple(
            Fact(at, at, (record(number, at, kind),))
            for number, (at, kind) in enumerate(self.log)
            if kind == ground.type
        )


def record(number: int, at: int, kind: str) -> Record:
    return Record(f"r{number:03d}", kind, "A", at, Period(at, at), {"by": "A"})


def evaluator(log: Log, axis: Axis | None = None) -> Evaluator:
    log = sorted(log)
    records = tuple(record(n, at, kind) for n, (at, kind) in enumerate(log))
    world = World(agreement(), Atlas.standard(), view(records, 1 << 60, None))
    evidence = gather(records, agreement().record_types, Speakers({}, {}), False)
    facts = LogFacts(world, "any_claim", evidence, log=log)
    return Evaluator(facts, {}, Calendar(ZoneInfo("UTC")), NoStates(), axis=axis or Microseconds())  # type: ignore[arg-type]


# --- generated logs and conditions --------------------------------------------------------------

logs = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(TYPES)), max_size=10, unique=True)


def _window(bounds: tuple[int, int | None]) -> Window:
    low, width = bounds
    upper = None if width is None else Duration(low + width, UNIT)
    return Window(Duration(low, UNIT), upper)


windows = st.none() | st.builds(
    _window, st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3))
)
leaves = st.sampled_from(TYPES).map(c.Pattern)
PAST = ("once", "historically", "previous")
FUTURE = ("eventually", "always", "next")
counts = st.builds(
    lambda kind, window, comparison, number: c.Aggregate(
        "count",
        None,
        c.Pattern(kind),
        window,
        comparison,
        Quantity(Decimal(number)),
    ),
    st.sampled_from(TYPES),
    st.none() | st.integers(0, 4).map(lambda n: Duration(n, UNIT)),
    st.sampled_from(Comparison),
    st.integers(0, 3),
)


def conditions(depth: int = 3) -> st.SearchStrategy[c.Condition]:
    base = leaves | counts
    if depth == 0:
        return base
    inner = conditions(depth - 1)
    return st.one_of(
        base,
        st.builds(c.Not, inner),
        st.builds(lambda a, b: c.And((a, b)), inner, inner),
        st.builds(lambda a, b: c.Or((a, b)), inner, inner),
        st.builds(c.Temporal, st.sampled_from(PAST + FUTURE), windows, inner),
        st.builds(c.Dyadic, st.sampled_from(("since", "until")), windows, inner, inner),
        st.builds(c.Lasting, st.integers(0, 3).map(lambda n: Duration(n, UNIT)), inner),
    )


# --- the plain definitions ----------------------------------------------------------------------


@dataclass
class Plain:
    """Truth by the definitions alone, over a finite stretch of positions."""

    log: Log
    domain: Sequence[int]
    stamp: Callable[[int], int] = field(default=lambda position: position)

    def table(self, cond: c.Condition) -> Mapping[int, bool]:
        parts = [self.table(p) for p in _parts(cond)]
        return {t: self._at(cond, parts, t) for t in self.domain}

    def _at(self, cond: c.Condition, parts: list[Mapping[int, bool]], t: int) -> bool:
        match cond:
            case c.Pattern(kind):
                return self._pattern(kind, t)
            case c.Aggregate(_, _, c.Pattern(kind), window, comparison, Quantity() as quantity):
                found = [
                    at
                    for at, k in self.log
                    if k == kind
                    and at <= t
                    and (window is None or self.stamp(t) - self.stamp(at) <= window.ticks)
                ]
                return comparison.holds(Decimal(len(found)), quantity.amount)
            case c.Not():
                return not parts[0][t]
            case c.And():
                return all(p[t] for p in parts)
            case c.Or():
                return any(p[t] for p in parts)
            case c.Temporal("previous" | "next" as op, window, _):
                other = t - 1 if op == "previous" else t + 1
                return other in parts[0] and self._inside(t, other, window) and parts[0][other]
            case c.Temporal(op, window, _):
                seen = [parts[0][u] for u in self._range(t, window, future=op in FUTURE)]
                return any(seen) if op in ("once", "eventually") else all(seen)
            case c.Dyadic(op, window, _, _):
                future = op == "until"
                return any(
                    parts[1][u] and all(parts[0][v] for v in self._between(t, u, future))
                    for u in self._range(t, window, future=future)
                )
            case c.Lasting(duration, _):
                return all(
                    parts[0][u]
                    for u in self.domain
                    if u <= t and self.stamp(t) - self.stamp(u) <= duration.ticks
                )
        raise AssertionError(cond)

    def _pattern(self, kind: str, t: int) -> bool:
        starts = [at for at, k in self.log if k == kind and at <= t]
        if kind != "s":
            return t in starts
        ends = [at for at, k in self.log if k == "x"]
        return any(not any(a < e <= t for e in ends) for a in starts)

    def _inside(self, t: int, u: int, window: Window | None) -> bool:
        low, high = (0, None) if window is None else window.ticks
        distance = abs(self.stamp(t) - self.stamp(u))
        return low <= distance and (high is None or distance <= high)

    def _range(self, t: int, window: Window | None, *, future: bool) -> list[int]:
        return [
            u for u in self.domain if (u >= t if future else u <= t) and self._inside(t, u, window)
        ]

    def _between(self, t: int, u: int, future: bool) -> list[int]:
        return [v for v in self.domain if (t <= v < u if future else u < v <= t)]


def _parts(cond: c.Condition) -> tuple[c.Condition, ...]:
    match cond:
        case c.And(parts) | c.Or(parts):
            return parts
        case c.Dyadic(left=left, right=right):
            return (left, right)
        case c.Not(body) | c.Temporal(body=body) | c.Lasting(body=body):
            return (body,)
        case _:
            return ()


def spells(facts: Facts, kind: str) -> tuple[Spell, ...]:
    return facts.spells(Ground(kind, ()), Role.FULFILLING)
