"""A setting: an agreement under one reading of every term, with the engine's own evaluator.

In: the inputs of a question and readings.  Out: instances of norms, names that values stand for and
conditions that need no record, all as the engine sees them; nothing is worked out a second time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from servanda.engine.closure import own_conditions
from servanda.engine.instances import Instance, instances
from servanda.engine.question import Inputs, Question
from servanda.engine.reason import Env
from servanda.engine.reference import Evaluator
from servanda.engine.run import Run
from servanda.engine.slot import Settings
from servanda.engine.walk import values, walk
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import Records, read_rows
from servanda.evidence.view import known, latest, view
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import By, ForEach, Norm
from servanda.model.record_type import ArgKind

Row = Mapping[str, Any]
STANDARD = "corroborated"
_FIRST_YEAR = date(2026, 1, 1)


@dataclass(frozen=True)
class Setting:
    """`assignment` gives a reading for every term; `base` is a question on no records at all.

    What does not depend on records or readings is worked out once in `base` and shared.
    """

    base: Question
    assignment: Mapping[str, str]

    @classmethod
    def of(cls, inputs: Inputs, assignment: Mapping[str, str]) -> "Setting":
        return cls(Question.of(inputs), assignment)

    @property
    def inputs(self) -> Inputs:
        return self.base.inputs

    @property
    def agreement(self) -> Agreement:
        return self.inputs.agreement

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agreement.header.zone)

    def read(self, rows: Sequence[Row]) -> Records:
        """Rows as records, places resolved as those of a file are."""
        types = self.agreement.record_types
        return with_known_places(read_rows(rows, types, self.zone), types, self.inputs.atlas)

    def run(
        self, rows: Sequence[Row] = (), as_of: int | None = None, standard: str = STANDARD
    ) -> tuple[Question, Run]:
        """The engine's run on some rows."""
        read = self.read(rows)
        if read.refused:
            raise ValueError(f"an example of ours is refused: {read.refused[0].reason}")
        base, inputs = self.base, replace(self.inputs, records=read.records, as_of=as_of)
        heard = known(read.records, None, frozenset())
        until = as_of if as_of is not None else latest(heard)
        seen = view(heard, base.as_of if until is None else until, None)
        question = Question(inputs, self.agreement, base.assumptions, seen, base.strata)
        if not question.has_findings:
            question.__dict__["closures"] = base.closures
        return question, self.alone(question, standard)

    def alone(self, question: Question, standard: str) -> Run:
        """One run by itself: sharing work between many costs more than it saves here."""
        assumed = question.assumptions
        return Run(
            question.facts(standard),
            self.assignment,
            question.strata,
            Settings(assumed.deadlines, assumed.deciders, question.needs_findings(standard)),
            assumed.votes,
            assumed.lists,
        )

    @cached_property
    def empty(self) -> Run:
        """The run in which nothing has happened."""
        return self.run()[1]

    @property
    def evaluator(self) -> Evaluator:
        return self.empty.evaluator

    @cached_property
    def sides(self) -> tuple[str, ...]:
        """Those whose acts a course invents first: the parties, then other sides."""
        actors = self.agreement.actors.values()
        return tuple(a.id for a in sorted(actors, key=lambda a: (a.kind != "party", not a.is_side)))

    @cached_property
    def _instances(self) -> dict[str, tuple[Instance, ...]]:
        return {}

    def instances(self, norm: str) -> tuple[Instance, ...]:
        """The instances of a norm; where acts make them, those that likely acts would make."""
        if norm not in self._instances:
            declared = self.agreement.norms[norm]
            found = self.empty.instances(norm)
            if any(one.vacant for one in found):
                found = self._invented(declared)
            self._instances[norm] = found
        return self._instances[norm]

    def _invented(self, norm: Norm) -> tuple[Instance, ...]:
        """Instances that acts would make: each variable one likely value."""
        named = tuple(
            replace(
                clause,
                variables=(variable,),
                domain=c.SetOf(tuple(c.Name(n) for n in names)),
                where=None,
            )
            for clause in norm.for_each
            for variable, names in self._likely(clause)
        )
        made = instances(replace(norm, for_each=named), self.evaluator)
        return tuple(replace(one, norm=norm) for one in made if not one.vacant)

    def comes_by(self, one: Instance) -> tuple[c.Pattern, ...]:
        """The acts without which an instance is not there; none where the text names it."""
        if not any(vacant.vacant for vacant in self.empty.instances(one.norm.id)):
            return ()
        return tuple(clause.where for clause in one.norm.for_each if clause.where is not None)

    def _likely(self, clause: ForEach) -> Iterable[tuple[str, tuple[str, ...]]]:
        """For each variable of a clause, values that records could give it."""
        if clause.where is None:
            return
        record_type = self.agreement.record_types[clause.where.type]
        named = {name for arg in clause.where.args for name in constants(arg.value)}
        actors = self.agreement.actors
        whole = [side for side in self.sides if actors[side].is_side] or self.sides
        others = tuple(side for side in whole if side not in named)
        for variable in clause.variables:
            declared = next(
                (
                    record_type.arg(arg.name)
                    for arg in clause.where.args
                    if isinstance(arg.value, c.Var) and arg.value.name == variable
                ),
                None,
            )
            if declared is not None and declared.kind is ArgKind.ACTOR:
                yield variable, others[:4]
            elif declared is not None and declared.one_of:
                yield variable, declared.one_of[:1]
            else:
                yield variable, ("first_class",)

    def static(self, cond: c.Condition, env: Env) -> bool:
        """A condition that asks for readings and values alone."""
        from servanda.engine.axis import EARLIEST
        from servanda.evidence.standard import Role

        return self.evaluator.holds(cond, env, EARLIEST, Role.FULFILLING)

    @cached_property
    def units(self) -> list[str]:
        """Units of the base map in which an example can be placed: those the text names, or one."""
        known = set(self.inputs.atlas.unit_ids())
        named: dict[str, None] = {}
        for norm in self.agreement.norms.values():
            for cond in own_conditions(norm):
                for node in walk(cond, self.agreement, self.assignment):
                    for value in values(node):
                        named.update((name, None) for name in constants(value) if name in known)
        return list(named)[:3] or sorted(known)[:1]

    # --- days -----------------------------------------------------------------------------------

    @cached_property
    def first_day(self) -> date:
        """The day on which an example begins: after the draft and before every date of the text."""
        dates = list(dates_of(self.agreement, self.assignment))
        day = (self.agreement.header.draft or _FIRST_YEAR) + timedelta(days=1)
        return min([day, *(d - timedelta(days=1) for d in dates)])


def constants(value: c.Value) -> Iterator[str]:
    """The names that stand in a value itself."""
    if isinstance(value, c.Name):
        yield value.name
    elif isinstance(value, c.SetOf):
        for item in value.items:
            yield from constants(item)


def dates_of(agreement: Agreement, assignment: Mapping[str, str]) -> Iterable[date]:
    """The dates from which something holds under the text."""
    for norm in agreement.norms.values():
        for cond in own_conditions(norm):
            for node in walk(cond, agreement, assignment):
                if isinstance(node, c.FromInstant):
                    yield node.at.date() if isinstance(node.at, datetime) else node.at
        if isinstance(norm.deadline, By):
            yield norm.deadline.day


def instant(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
