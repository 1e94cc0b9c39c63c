"""A problem: what a group is to bring about, and what is known of it before anything is searched.

In: a ground problem with its doers, and an aim.  Out: who can matter, whose doing an act is, which
steps a group needs, how many it takes at least, and a few that may do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from servanda.reason import landmarks
from servanda.reason.cone import Cone, cone_of
from servanda.reason.courses import Step
from servanda.reason.doers import Doers
from servanda.reason.ground import FALSE, TRUE, Ground


@dataclass(frozen=True, slots=True)
class Aim:
    """`goal` holds at the end; `stands` just before the last step, and where the group sets in
    after an ordinary course.

    `counted`: there is no ordinary course, all acts count; `given`: but for the consents by which
    the agreement enters into force.  `prefix`: the course begins with these steps, whoever takes
    them; the group acts after them.
    """

    goal: int
    stands: int = TRUE
    counted: bool = False
    given: bool = False
    prefix: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Problem:
    """An aim with all that its search rests on."""

    ground: Ground
    doers: Doers
    aim: Aim
    cone: Cone
    _needed: dict[frozenset[str], landmarks.Steps | None] = field(default_factory=dict)

    @classmethod
    def of(cls, ground: Ground, made: Doers, aim: Aim) -> "Problem":
        return cls(
            ground, made, aim, cone_of(ground, [aim.goal, aim.stands, *acts_of(ground, aim)])
        )

    def by(self, act: int) -> frozenset[str]:
        """Whose doing an act is here; a consent that is given is nobody's."""
        given = self.aim.given and act in self.ground.consents
        return frozenset() if given else self.doers.authors[act]

    def who(self) -> frozenset[str]:
        """Everybody whose doing or omitting can matter."""
        acting = {p for act in self.cone.acts for p in self.by(act)}
        return frozenset(acting | {p for i in self.cone.instances for p in self.doers.owes[i]})

    def needed(self, group: frozenset[str]) -> landmarks.Steps | None:
        """The steps that every course of a group needs; None: whatever it does, it cannot."""
        if group not in self._needed:
            self._needed[group] = self._worked_out(group)
        return self._needed[group]

    def _worked_out(self, group: frozenset[str]) -> landmarks.Steps | None:
        return landmarks.needed(
            self.cone, self.doers.like, self.goals, self._allowed(group), self._omits(group)
        )

    def least(self, group: frozenset[str]) -> int:
        """How many steps it takes at least: those needed, and one where they are too few."""
        steps = self.needed(group)
        if steps is None:
            return 0
        like, may = self.doers.like, self._allowed(group)

        def allowed(act: int) -> int:
            return may(act) if ("act", like.get(act, act)) in steps else FALSE

        alone = landmarks.needed(self.cone, like, self.goals, allowed, self._omits(group))
        return len(steps) + (alone is None)

    def enough(self, group: frozenset[str]) -> landmarks.Steps | None:
        """A few steps that may do for a group, as far as can be what others owe."""
        ordinary = frozenset(a for a in self.doers.ordinary if not self.by(a) <= group)
        return landmarks.enough(
            self.cone, self.goals, self._allowed(group), self._omits(group), ordinary
        )

    @property
    def goals(self) -> tuple[int, int]:
        return self.aim.goal, self.aim.stands

    def _allowed(self, group: frozenset[str]) -> Callable[[int], int]:
        """What has to hold for an act to be done: of the group, or in an ordinary course."""
        done = frozenset(s.act for s in self.aim.prefix if s.act is not None)
        whole = self.aim.counted or bool(self.aim.prefix)
        ordinary = frozenset() if whole else self.doers.ordinary

        def allowed(act: int) -> int:
            if act in ordinary or act in done or self.by(act) <= group:
                return TRUE
            return FALSE if whole else self.ground.owed.get(act, FALSE)

        return allowed

    def _omits(self, group: frozenset[str]) -> Callable[[str], bool]:
        """Whether a deadline may pass: by an omission of the group, or of nobody."""

        def omits(one: str) -> bool:
            owing = self.doers.owes[one]
            return bool(self.aim.prefix) or not owing or bool(owing & group)

        return omits


def acts_of(ground: Ground, aim: Aim) -> Iterator[int]:
    """Nodes that the acts of a prefix belong to."""
    acts = {step.act for step in aim.prefix}
    yield from (n for n, found in ground.matched.items() if found & acts)
    yield from (step.wait for step in aim.prefix if step.wait is not None)
