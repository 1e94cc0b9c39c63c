"""Days in chains of commitments: can all deadlines be met, also if each is used to the last day?

In: a setting. Out: groups of deadlines that exclude each other (z3, with the least group that
does), pairs of which the first can use up the time of the second, and what months of unequal
length do. Days are counted from entry into force; what no day is known of is left free.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from servanda.engine.calendar import Calendar
from servanda.engine.strata import start_of
from servanda.model import condition as c
from servanda.model.agreement import MonthEnd
from servanda.model.norm import By, Norm, Within
from servanda.model.quantity import Duration
from servanda.reason import extra
from servanda.reason.acts import acts_for
from servanda.reason.ground import days
from servanda.reason.replay import Claim, Story, made
from servanda.reason.setting import Setting

_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass
class Chains:
    setting: Setting
    _variables: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def z3(self) -> Any:
        return extra.z3()

    def _day(self, name: str) -> Any:
        return self._variables.setdefault(name, self.z3.Int(name))

    def _dated(self) -> list[Norm]:
        return [
            n
            for n in self.setting.agreement.norms.values()
            if n.duty == "achieve" and isinstance(n.deadline, Within | By)
        ]

    # --- z3 -------------------------------------------------------------------------------------

    def _rules(self, norm: Norm) -> Iterator[Any]:
        """A norm is done no earlier than it can begin, nor than what it waits for is done."""
        done = self._day(f"done:{norm.id}")
        yield done >= self._day("in_force")
        for earliest in self._earliest(start_of(norm).condition):
            yield done >= earliest

    def _earliest(self, cond: c.Condition) -> Iterator[Any]:
        """Days before which a condition cannot hold."""
        match cond:
            case c.FromInstant(at):
                yield self._number(day_at(at))
            case c.InForce():
                yield self._day("in_force")
                when = self.setting.agreement.header.in_force_when
                if isinstance(when, c.FromInstant):
                    yield from self._earliest(when)
            case c.StateOf(norm, _, "fulfilled"):
                yield self._day(f"done:{norm}")
            case c.StateOf(norm, _, "expired"):
                until = self.setting.agreement.norms[norm].until
                if until is not None:
                    yield from self._earliest(until)
            case c.After(duration, body) | c.Lasting(duration, body):
                shortest = (
                    days(duration) * 28 // 31 if duration.unit == "months" else days(duration)
                )
                for day in self._earliest(body):
                    yield day + shortest
            case c.KeptFor(_, _, duration):
                yield self._day("in_force") + days(duration)
            case c.And(parts):
                for part in parts:
                    yield from self._earliest(part)
            case c.TermHolds(term):
                yield from self._earliest(self.setting.evaluator.term_condition(term))
            case _:
                return

    def _due(self, norm: Norm) -> Any:
        """The last day; None where it cannot be put as a day."""
        grace = days(norm.grace) if isinstance(norm.grace, Duration) else 0
        if norm.clock_stops:
            return None
        match norm.deadline:
            case By(day):
                return self._number(day) + grace
            case Within(duration, of):
                event = self._event(of)
                return None if event is None else event + days(duration) + grace
            case _:
                return None

    def _event(self, cond: c.Condition) -> Any:
        """The day of an event, where it is exactly one."""
        match cond:
            case c.InForce():
                return self._day("in_force")
            case c.FromInstant(at):
                return self._number(day_at(at))
            case c.StateOf(norm, _, "fulfilled"):
                return self._day(f"done:{norm}")
            case c.TermHolds(term):
                return self._event(self.setting.evaluator.term_condition(term))
            case _:
                return None

    def _number(self, day: date) -> int:
        return day.toordinal()

    def impossible(self) -> list[tuple[str, ...]]:
        """Least groups of deadlines that no days meet, each once; the last of a group waits."""
        solver = self.z3.Solver()
        solver.set("timeout", 5000)
        norms = {n.id: n for n in self.setting.agreement.norms.values() if n.duty == "achieve"}
        for norm in norms.values():
            solver.add(*self._rules(norm))
        marks = {}
        for norm in self._dated():
            due = self._due(norm)
            if due is None:
                continue
            mark = self.z3.Bool(f"meets:{norm.id}")
            marks[norm.id] = mark
            solver.add(self.z3.Implies(mark, self._day(f"done:{norm.id}") <= due))
        at = self.setting.agreement.header.in_force_when
        if isinstance(at, c.FromInstant):
            solver.add(self._day("in_force") == self._event(at))
        found: list[tuple[str, ...]] = []
        left = dict(marks)
        while left and solver.check(*left.values()) == self.z3.unsat:
            core = {str(m).removeprefix("meets:") for m in solver.unsat_core()}
            core = self._least(solver, core, marks)
            group = tuple(n for n in marks if n in core)
            found.append(group)
            left = {n: m for n, m in left.items() if n not in core}
        return found

    def _least(self, solver: Any, core: set[str], marks: dict[str, Any]) -> set[str]:
        for name in sorted(core):
            smaller = core - {name}
            if solver.check(*(marks[n] for n in smaller)) == self.z3.unsat:
                core = smaller
        return core

    def over_before(self, norm: Norm, needed: Iterable[str]) -> bool:
        """Whether a norm that begins only while others are active begins after one has expired."""
        return any(self._over(other, self._earliest(start_of(norm).condition)) for other in needed)

    def over_at_once(self, norm: Norm) -> bool:
        """Whether a norm has ended by the first day on which it can begin."""
        return self._over(norm.id, self._earliest(start_of(norm).condition))

    def over_before_due(self, norm: Norm) -> bool:
        """Whether a norm expires no later than its last day, so that nobody can be late."""
        due = self._due(norm)
        return due is not None and self._over(norm.id, iter((due,)))

    def _over(self, norm: str, days_: Iterator[Any]) -> bool:
        until = self.setting.agreement.norms[norm].until
        end = None if until is None else self._end(until)
        if end is None:
            return False
        solver = self.z3.Solver()
        solver.set("timeout", 2000)
        at = self._day("at")
        waits = list(days_)
        solver.add(at < end, *(at >= day for day in waits))
        return bool(waits) and solver.check() == self.z3.unsat

    def _end(self, cond: c.Condition) -> Any:
        """The day on which a condition begins to hold, where it is exactly one."""
        match cond:
            case c.After(duration, body):
                event = self._event(body)
                return None if event is None or not duration.exact else event + days(duration)
            case c.FromInstant(at):
                return self._number(day_at(at))
            case c.TermHolds(term):
                return self._end(self.setting.evaluator.term_condition(term))
            case _:
                return None

    # --- the last day ---------------------------------------------------------------------------

    def fragile(self) -> Iterator[tuple[str, str]]:
        """(prior, after): prior done on its last day can be after the last day of `after`."""
        agreement = self.setting.agreement
        for norm in self._dated():
            for prior in self._waits_for(start_of(norm).condition):
                before = agreement.norms.get(prior)
                if before is None or not isinstance(before.deadline, Within | By):
                    continue
                first, second = self._due(before), self._due(norm)
                if first is None or second is None:
                    continue
                solver = self.z3.Solver()
                done = self._day(f"done:{prior}")
                solver.add(done == first, second < done, *self._rules(before))
                solver.add(self._day("in_force") > _FIRST.toordinal())
                solver.add(self._day("in_force") < _LAST.toordinal())
                if solver.check() == self.z3.sat and not self._relative_to(norm, prior):
                    yield prior, norm.id

    def _relative_to(self, norm: Norm, prior: str) -> bool:
        return (
            isinstance(norm.deadline, Within)
            and isinstance(norm.deadline.of, c.StateOf)
            and norm.deadline.of.norm == prior
        )

    def _waits_for(self, cond: c.Condition) -> Iterable[str]:
        match cond:
            case c.StateOf(norm, _, "fulfilled"):
                yield norm
            case c.And(parts):
                for part in parts:
                    yield from self._waits_for(part)
            case _:
                return

    def at_the_last(self, setting: Setting, prior: str, after: str) -> Story | None:
        """A course in which the first is done on its last day, and the second is late at once."""
        agreement = setting.agreement
        before = agreement.norms[prior]
        one, two = setting.instances(prior), setting.instances(after)
        if len(one) != 1 or not two or before.condition is None:
            return None
        first = setting.first_day + timedelta(days=1)
        acts = []
        when = agreement.header.in_force_when
        if isinstance(when, c.Consent):
            from servanda.reason.acts import consent_act

            acts.append((first, consent_act(setting, when, {})))
        elif isinstance(when, c.FromInstant):
            at = when.at
            first = day_at(at)
        last = self._last_day(before, first)
        if last is None or not isinstance(before.condition, c.Pattern):
            return None
        act = next(acts_for(setting, before.condition, one[0].env), None)
        if act is None:
            return None
        acts.append((last, act))
        shows = (
            Claim(one[0].id, "done"),
            Claim(one[0].id, "breached", False),
            Claim(two[0].id, "breached"),
        )
        return made(setting, acts, shows, last + timedelta(days=2))

    def _last_day(self, norm: Norm, in_force: date) -> date | None:
        calendar = Calendar.of(self.setting.agreement.header)
        match norm.deadline:
            case By(day):
                return day
            case Within(duration, c.InForce()):
                return calendar.later(in_force, duration)
            case Within(duration, c.FromInstant(at)):
                return calendar.later(day_at(at), duration)
            case _:
                return None

    # --- months ---------------------------------------------------------------------------------

    def month_ends(self, norm: Norm, duration: Duration) -> str:
        """What a term of months comes to after a 31 January, by either rule."""
        calendar = Calendar.of(self.setting.agreement.header)
        one, other = both_rules(calendar, date(2027, 1, 31), duration)
        return f"{norm.id}: {duration.amount} {duration.unit} after 2027-01-31 is {one} or {other}"

    def seams(self) -> Iterator[tuple[str, str, date]]:
        """Pairs of which one ends and the other begins after one event, in months and in days."""
        norms = list(self.setting.agreement.norms.values())
        calendar = Calendar.of(self.setting.agreement.header)
        ends = [(n, n.until) for n in norms if isinstance(n.until, c.After)]
        for norm in norms:
            begins = start_of(norm).condition
            if not isinstance(begins, c.After):
                continue
            for other, until in ends:
                mixed = (until.duration.unit in ("months", "years")) is not (
                    begins.duration.unit in ("months", "years")
                )
                if other is norm or until.body != begins.body or not mixed:
                    continue
                day = _apart(calendar, until.duration, begins.duration)
                if day is not None:
                    yield other.id, norm.id, day


def day_at(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def _apart(calendar: Calendar, one: Duration, other: Duration) -> date | None:
    """A day after which two terms end on different days, where on others they end together."""
    together, apart = False, None
    for number in range(731):
        day = date(2027, 1, 1) + timedelta(days=number)
        if calendar.later(day, one) == calendar.later(day, other):
            together = True
        elif apart is None:
            apart = day
    return apart if together else None


def both_rules(calendar: Calendar, day: date, duration: Duration) -> tuple[date, date]:
    """Where a term ends by either rule for months without such a day."""
    last = replace(calendar, month_end=MonthEnd.LAST_DAY)
    following = replace(calendar, month_end=MonthEnd.NEXT_MONTH)
    return last.later(day, duration), following.later(day, duration)


def zone_names(country: str | None) -> tuple[str, ...]:
    """The time zones of a country by its ISO code, from the IANA table that tzdata ships."""
    if country is None:
        return ()
    from importlib.resources import files

    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple(sorted(row[2] for row in rows if row[0] == country))
