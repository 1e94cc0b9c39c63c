"""Who can end what by trying everything: all courses of a few steps, through the evaluator alone.

The alphabet (acts and waits) is that of the ground problem; nothing else of the search is used: no
solver, no landmarks.  States, breaches and clauses are what the evaluator says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from servanda.ends.asked import Question
from servanda.ends.back import restored
from servanda.ends.world import World
from servanda.engine.history import Breach
from servanda.evidence.standard import Role
from servanda.model.condition import Not
from servanda.reason.courses import Step
from servanda.reason.groups import smallest
from servanda.reason.replay import Claim, Standing, replays, standing

Steps = tuple[Step, ...]


@dataclass
class Brute:
    """All courses of up to `most` steps in a world; standings are kept by course."""

    world: World
    most: int
    _standings: dict[Steps, Standing] = field(default_factory=dict)

    def alphabet(self) -> list[Step]:
        ground = self.world.ground
        waits = [
            Step(wait=number)
            for number, node in enumerate(ground.nodes)
            if node.kind in ("date", "elapsed", "kept")
        ]
        return [*(Step(act=a) for a in range(len(ground.acts))), *waits]

    def courses(self) -> Iterator[Steps]:
        for length in range(1, self.most + 1):
            for steps in product(self.alphabet(), repeat=length):
                waits = [s.wait for s in steps if s.wait is not None]
                single = [w for w in waits if self.world.ground.nodes[w].kind != "kept"]
                if len(single) == len(set(single)) and self._clocks_run(steps):
                    yield steps

    def _clocks_run(self, steps: Steps) -> bool:
        """Whether waits are waited for only when there is something to wait for."""
        for at, step in enumerate(steps):
            if step.wait is None:
                continue
            node = self.world.ground.nodes[step.wait]
            if node.kind == "date":
                later = [
                    self.world.ground.nodes[s.wait].of[0]
                    for s in steps[:at]
                    if s.wait is not None and self.world.ground.nodes[s.wait].kind == "date"
                ]
                if any(other > node.of[0] for other in later):
                    return False
        return True

    def groups(self, question: Question) -> list[frozenset[str]]:
        """The minimal groups that have a course of up to `most` steps."""
        able = {g for steps in self.courses() for g in self._able(question, steps)}
        return smallest(able)

    def back(self, question: Question, prefix: Steps, room: int) -> list[frozenset[str]]:
        """The minimal groups that can bring it back within some steps after a course."""
        over = self.world.story(prefix, restored(question), later=1)
        if replays(self.world.setting, over):
            return [frozenset()]
        able: set[frozenset[str]] = set()
        for length in range(1, room + 1):
            for more in product(self.alphabet(), repeat=length):
                steps = (*prefix, *more)
                if not self._possible(steps):
                    continue
                end = self.standing(steps)
                if all(map(end.holds, restored(question))):
                    able.update(self._group(question, steps, len(prefix)))
        return smallest(able)

    def begun(self, question: Question, prefix: Steps, room: int) -> list[frozenset[str]]:
        """The minimal groups that can within some steps after a course by which it begins."""
        able: set[frozenset[str]] = set()
        for length in range(1, room + 1):
            for more in product(self.alphabet(), repeat=length):
                steps = (*prefix, *more)
                if self._possible(steps) and self._does(question, steps):
                    able.update(self._group(question, steps, len(prefix)))
        return smallest(able)

    def _possible(self, steps: Steps) -> bool:
        waits = [s.wait for s in steps if s.wait is not None]
        return len(waits) == len(set(waits)) and self._clocks_run(steps)

    # --- one course -------------------------------------------------------------------------------

    def standing(self, steps: Steps) -> Standing:
        if steps not in self._standings:
            story = self.world.story(steps)
            self._standings[steps] = standing(self.world.setting, story.rows, story.as_of)
        return self._standings[steps]

    def _able(self, question: Question, steps: Steps) -> Iterator[frozenset[str]]:
        if not self._does(question, steps):
            return
        splits = (0,) if question.aim.counted else range(len(steps))
        for since in splits:
            if question.aim.counted or self._ordinary(question, steps[:since]):
                yield from self._group(question, steps, since)

    def _does(self, question: Question, steps: Steps) -> bool:
        """Whether the last step of a course does what is asked."""
        end = self.standing(steps)
        if not all(map(end.holds, question.after)) or not self._because(question, end):
            return False
        return all(map(self.standing(steps[:-1]).holds, question.before))

    @staticmethod
    def _because(question: Question, end: Standing) -> bool:
        part = question.because
        if part is None or part.said is None:
            return True
        return end.run.evaluator.holds(part.said, part.env, end.at, Role.OFFENDING)

    def _ordinary(self, question: Question, steps: Steps) -> bool:
        """Whether a course is one of performing, in which nothing is breached."""
        if not all(self._performs(steps[:at], step) for at, step in enumerate(steps)):
            return False
        seen = self.standing(steps)
        if any(True for _ in self._entries(seen, question)):
            return False
        return all(seen.holds(claim) for claim in question.before)

    def _performs(self, before: Steps, step: Step) -> bool:
        """Whether a step is a wait, or performs what its author owes, be it early."""
        if step.act is None or step.act in self.world.doers.ordinary:
            return True
        authors = self.world.doers.authors[step.act]
        now, then = self.standing(before), self.standing((*before, step))
        return any(
            now.holds(Claim(one.id, "running")) and then.holds(Claim(one.id, "given"))
            for norm in self.world.setting.agreement.norms.values()
            if norm.duty in ("achieve", "maintain")
            for one in self.world.instances(norm.id)
            if authors & set(one.bearers) and isinstance(norm.condition, Not)
        )

    def _group(self, question: Question, steps: Steps, since: int) -> Iterator[frozenset[str]]:
        """Those who act after `since`, with one of those who owe what is omitted in a wait."""
        acting: frozenset[str] = frozenset()
        omitting: list[frozenset[str]] = []
        for at in range(since, len(steps)):
            step = steps[at]
            if step.act is not None:
                if not (question.aim.given and step.act in self.world.ground.consents):
                    acting |= self.world.doers.authors[step.act]
                continue
            before, after = self.standing(steps[:at]), self.standing(steps[: at + 1])
            omitting += self._breaches(after, question, before.at, after.at)
        for chosen in product(*omitting):
            yield acting | frozenset(chosen)

    def _breaches(
        self, seen: Standing, question: Question, after: int, until: int
    ) -> list[frozenset[str]]:
        """Who owes what is newly missed between two instants, of what bears on the question."""
        return [
            frozenset(breach.by)
            for breach in self._entries(seen, question)
            if after < breach.at <= until and breach.kind != "act" and breach.by
        ]

    def _entries(self, seen: Standing, question: Question) -> Iterator[Breach]:
        """All entries by then of what bears on the question."""
        for norm in self._bearing(question):
            for history in seen.run.histories(norm):
                yield from (breach for breach in history.breaches if breach.at <= seen.at)

    def _bearing(self, question: Question) -> list[str]:
        """Norms that a question can depend on, by the engine's own order of work."""
        needs = self.world.setting.base.strata.needs
        reached: set[str] = set()
        pending = [question.instance.norm.id]
        while pending:
            current = pending.pop()
            if current not in reached:
                reached.add(current)
                pending.extend(needs[current])
        return sorted(reached)
