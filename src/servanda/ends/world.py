"""A world: the agreement under one reading of every term, in which questions are searched.

In: a library and readings.  Out: the groups of a question, with stories that the reference
evaluator has replayed; nothing else is believed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from servanda.ends.asked import Question, questions
from servanda.ends.power import Power
from servanda.ends.result import Event
from servanda.engine.instances import Instance
from servanda.evidence.standard import Role
from servanda.reason.budget import Budget
from servanda.reason.cone import cone_of
from servanda.reason.courses import Found, Step, Verdict
from servanda.reason.doers import Doers, doers
from servanda.reason.ground import Ground
from servanda.reason.groups import Course, Groups, search
from servanda.reason.problem import Problem
from servanda.reason.replay import Claim, Standing, Story, standing, tell
from servanda.reason.setting import Setting


@dataclass
class World:
    """`setting` has the readings; courses that were replayed are kept, and so are starts."""

    setting: Setting
    ground: Ground = field(init=False)
    _standings: dict[tuple[Step, ...], Standing] = field(default_factory=dict)
    _starts: dict[int, Groups] = field(default_factory=dict)
    _asked: dict[str, tuple[Question, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ground = Ground(self.setting)

    @cached_property
    def doers(self) -> Doers:
        return doers(self.ground)

    def instances(self, norm: str) -> tuple[Instance, ...]:
        assert self.doers is not None
        return self.setting.instances(norm)

    def questions(self, one: Instance) -> tuple[Question, ...]:
        if one.id not in self._asked:
            assert self.doers is not None  # all is grounded
            self._asked[one.id] = tuple(questions(self.ground, one))
            self.ground.close()
        return self._asked[one.id]

    def groups(
        self,
        question: Question,
        budget: Budget,
        known: Iterable[Course] = (),
        longest: int | None = None,
    ) -> Groups:
        """All minimal groups of a question; those of starts that are one condition are shared."""
        aim = question.aim
        if question.power is Power.START and not aim.prefix and aim.goal in self._starts:
            found = self._starts[aim.goal]
            good = tuple(c for c in found.courses if self.judged(question, c))
            if len(good) == len(found.courses):
                return found
        problem = Problem.of(self.ground, self.doers, aim)
        found = search(
            problem, lambda course: self.judged(question, course), budget, known, longest
        )
        if question.power is Power.START and not aim.prefix:
            self._starts.setdefault(aim.goal, found)
        return found

    def _kind(self, act: int) -> str:
        """The type of record that an act is told by: of proceedings, the finding."""
        types = [str(row["type"]) for row in self.ground.acts[act].rows]
        return "finding" if "finding" in types else types[-1]

    # --- replay -----------------------------------------------------------------------------------

    def judged(self, question: Question, course: Course) -> bool:
        """Whether the evaluator finds, on the course alone, what the question asks for."""
        end = self._standing(course.steps)
        if end is None or not shown(end, question):
            return False
        if course.kept and not self._orderly(question, end):
            return False
        if not question.before:
            return True
        if not self.holds(course.steps[:-1], question.before):
            return False
        if question.aim.counted or question.aim.prefix:
            return True
        first = self._standing(course.steps[: course.since])
        return self.holds(course.steps[: course.since], question.before) and self._orderly(
            question, first
        )

    def holds(self, steps: tuple[Step, ...], claims: Iterable[Claim]) -> bool:
        """Whether the evaluator finds all that is claimed at the end of some steps."""
        seen = self._standing(steps)
        return seen is not None and all(map(seen.holds, claims))

    def _orderly(self, question: Question, first: Standing | None) -> bool:
        """Whether nothing that bears on the question is breached in the ordinary course."""
        aim = question.aim
        if first is None:
            return False
        for one in sorted(cone_of(self.ground, (aim.goal, aim.stands)).instances):
            history = first.history(one)
            if history is not None and any(b.at <= first.at for b in history.breaches):
                return False
        return True

    def _standing(self, steps: tuple[Step, ...]) -> Standing | None:
        if steps not in self._standings:
            story = self.story(steps)
            try:
                self._standings[steps] = standing(self.setting, story.rows, story.as_of)
            except ValueError:
                return None
        return self._standings[steps]

    def replayed(self, story: Story, question: Question) -> bool:
        """Whether a story of another world is one here as well."""
        try:
            end = standing(self.setting, story.rows, story.as_of)
        except ValueError:
            return False
        return shown(end, question)

    def story(
        self, steps: tuple[Step, ...], shows: tuple[Claim, ...] = (), later: int = 0
    ) -> Story:
        return tell(self.ground, Found(Verdict.FOUND, steps), shows, later)

    def events(self, course: Course) -> tuple[Event, ...]:
        """The steps of a course in words, with their authors."""
        told = self.story(course.steps).told
        made = []
        for at, (step, (day, what)) in enumerate(zip(course.steps, told, strict=True)):
            by = () if step.act is None else tuple(sorted(self.doers.authors[step.act]))
            kind = None if step.act is None else self._kind(step.act)
            made.append(Event(day, what, by, at < course.since, kind))
        return tuple(made)


def shown(end: Standing, question: Question) -> bool:
    """Whether all that a question asks for holds at the end, and the clause that it is about."""
    part = question.because
    if part is not None and part.said is not None:
        evaluator = end.run.evaluator
        if not evaluator.holds(part.said, part.env, end.at, Role.OFFENDING):
            return False
    return all(map(end.holds, question.after))
