"""Answers across readings: what is asked is searched in one world, and in those that may differ.

In: an agreement and the readings that are fixed.  Out: the commitments with their answers.  Each
term is read in another way alone; the terms that change an answer are then combined.  A question
that is the same problem in two worlds is searched once, and its courses are replayed in both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from servanda.ends.asked import Question, start_question, undecided
from servanda.ends.back import back
from servanda.ends.begun import once_begun
from servanda.ends.power import BLOCKS, Power
from servanda.ends.result import Answer, Block, Commitment, Readings, Way
from servanda.ends.world import World
from servanda.engine.instances import Instance
from servanda.engine.question import Question as Base
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm, NormKind
from servanda.reason.budget import Budget
from servanda.reason.cone import cone_of
from servanda.reason.fingerprint import fingerprint
from servanda.reason.ground import FALSE
from servanda.reason.groups import Groups, Settled, least_settled, transversals
from servanda.reason.readings import parted
from servanda.reason.setting import Setting

MAX_READINGS = 64  # combinations of readings that one commitment is tried under
PER_QUESTION = 3.0  # seconds, of sixty in all
PER_NORM = 6.0
WHOLE = 60.0

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Outcome:
    """What was found of one question in one world."""

    ways: tuple[Way, ...]
    found: Groups
    open: tuple[str, ...] = ()
    begun: bool = False  # after the course by which the commitment begins, which is no ordinary one

    @property
    def sign(self) -> tuple[Any, ...]:
        """Equal for outcomes that say the same; courses may be told with other days."""
        said = tuple((way.group, None if way.back is None else way.back.said) for way in self.ways)
        return (said, self.found.settled is Settled.UNDECIDED, self.open)


@dataclass
class Search:
    """`fixed` are readings that were chosen; `only` these powers are asked."""

    base: Base
    fixed: Mapping[str, str]
    budget: Budget
    only: frozenset[Power] = frozenset(Power)
    undecided: dict[str, None] = field(default_factory=dict)
    cut: dict[str, None] = field(default_factory=dict)
    _norm: Budget = field(default_factory=lambda: Budget(PER_NORM))
    _worlds: dict[tuple[tuple[str, str], ...], World] = field(default_factory=dict)
    _outcomes: dict[tuple[Key, str, str], tuple[Outcome, World]] = field(default_factory=dict)

    @property
    def agreement(self) -> Agreement:
        return self.base.agreement

    @property
    def more(self) -> float:
        """How many times the usual time there is, where there is more."""
        return max(1.0, self.budget.seconds / WHOLE)

    def world(self, readings: Mapping[str, str]) -> World:
        first = {t.id: t.readings[0].name for t in self.agreement.terms.values()}
        chosen = {**first, **readings, **self.fixed}
        key = tuple(sorted(chosen.items()))
        if key not in self._worlds:
            self._worlds[key] = World(Setting(self.base, chosen))
        return self._worlds[key]

    def commitments(self, norm: Norm) -> Iterator[Commitment]:
        """The instances of a norm, each with its answers."""
        terms = [t for t in self.base.closures[norm.id] if t not in self.fixed]
        self._norm = Budget(max(0.0, min(PER_NORM * self.more, self.budget.left)))
        trial = _Trial(self, norm, terms)
        for one in trial.instances.values():
            keys = list(dict.fromkeys(k for found in trial.tried.values() for k in found[one.id]))
            answers = [a for key in keys for a in trial.answers(one.id, key)]
            yield Commitment(
                one.id,
                norm.id,
                one.norm.kind.value,
                norm.text,
                one.bearers,
                owed_to(self.world({}), one),
                tuple(a for a in answers if a.power is not Power.BLOCK_INVOCATION),
                tuple(_blocks(answers)),
            )

    def outcome(self, world: World, question: Question) -> Outcome:
        """What was found of a question; searched once for all worlds in which it is the same."""
        aim = question.aim
        mark = fingerprint(world.ground, (aim.goal, aim.stands))
        key = (question.key, question.instance.id, mark)
        if key in self._outcomes:
            known, there = self._outcomes[key]
            if there is world or all(world.replayed(w.story, question) for w in known.ways):
                return known
        found = self._searched(world, question)
        self._outcomes.setdefault(key, (found, world))
        return found

    def _searched(self, world: World, question: Question) -> Outcome:
        left = min(PER_QUESTION * self.more, self._norm.left, self.budget.left)
        budget = Budget(max(0.0, left))
        found, begun = world.groups(question, budget), False
        if not found.courses and question.aim.goal != FALSE:
            starts = world.groups(start_question(world.ground, question.instance), budget)
            if later := once_begun(world, question, starts, budget):
                (question, found), begun = later, True
        ways = []
        for course in found.courses:
            story = world.story(course.steps, question.after)
            again = back(world, question, course, budget)
            ways.append(Way(tuple(sorted(course.group)), world.events(course), story, again))
        if found.settled is Settled.UNDECIDED:
            self.undecided[f"{question.instance.id}: {question.power}: {found.doubt}"] = None
        left_open = question.open or self._rests_on(world, question, found)
        return Outcome(tuple(ways), found, left_open, begun)

    @staticmethod
    def _rests_on(world: World, question: Question, found: Groups) -> tuple[str, ...]:
        """What the text leaves open of a guarantee that it rests on, where nobody can."""
        if found.courses or question.aim.goal == FALSE:
            return ()
        ground = world.ground
        cone = cone_of(ground, (question.aim.goal, question.aim.stands))
        flags = (ground.nodes[number] for number in cone.nodes)
        asked = {n.of[0] for n in flags if n.kind == "flag" and n.of[1] in ("invoked", "lapsed")}
        listed = (
            clause
            for norm in world.setting.agreement.norms.values()
            if norm.kind is NormKind.GUARANTEE
            for one in world.setting.instances(norm.id)
            if one.id in asked and one.id != question.instance.id
            for clause in undecided(ground, one)
        )
        return tuple(dict.fromkeys(listed))


@dataclass
class _Trial:
    """Outcomes of a norm by the readings that were tried, by instance and question."""

    search: Search
    norm: Norm
    terms: Sequence[str]
    instances: dict[str, Instance] = field(default_factory=dict)
    tried: dict[tuple[tuple[str, str], ...], dict[str, dict[Key, Outcome]]] = field(
        default_factory=dict
    )
    combined: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        agreement = self.search.agreement
        base = {t: agreement.terms[t].readings[0].name for t in self.terms}
        first = self._try(base)
        matter = []
        for term in self.terms:
            for reading in agreement.terms[term].readings[1:]:
                if self._signs(self._try({**base, term: reading.name})) != self._signs(first):
                    matter.append(term)
                    break
        each = [[r.name for r in agreement.terms[t].readings] for t in matter]
        combinations = list(islice(product(*each), MAX_READINGS + 1))
        if len(combinations) > MAX_READINGS:
            self.search.cut[self.norm.id] = None
        self.combined = [dict(zip(matter, c, strict=True)) for c in combinations[:MAX_READINGS]]
        for readings in self.combined:
            self._try({**base, **readings})
        self._base = base

    def _try(self, readings: Mapping[str, str]) -> dict[str, dict[Key, Outcome]]:
        key = tuple(sorted(readings.items()))
        if key not in self.tried:
            world = self.search.world(readings)
            found: dict[str, dict[Key, Outcome]] = {}
            for one in world.instances(self.norm.id):
                self.instances.setdefault(one.id, one)
                found[one.id] = {
                    q.key: self.search.outcome(world, q)
                    for q in world.questions(one)
                    if q.power in self.search.only
                }
            self.tried[key] = _Found(found)
        return self.tried[key]

    @staticmethod
    def _signs(found: Mapping[str, Mapping[Key, Outcome]]) -> dict[str, dict[Key, Any]]:
        return {i: {k: o.sign for k, o in one.items()} for i, one in found.items()}

    def answers(self, one: str, key: Key) -> Iterator[Answer]:
        """The answers to one question, one for each outcome, with the readings of each."""
        by_readings = []
        for readings in self.combined:
            found = self._try({**self._base, **readings})[one].get(key, _ABSENT)
            by_readings.append((readings, found))
        signs = {found.sign: found for _, found in reversed(by_readings)}
        for sign, found in reversed(signs.items()):
            if found is _ABSENT:
                continue
            held = parted([(r, other.sign == sign) for r, other in by_readings])
            power, clause, cause = key
            yield Answer(
                Power(power),
                clause,
                cause,
                found.ways,
                found.found.settled,
                found.found.steps,
                found.found.doubt,
                found.open,
                tuple(tuple(sorted(r.items())) for r in held),
                found.begun,
            )


class _Found(dict[str, dict[Key, Outcome]]):
    """An instance that is not there under some readings has no outcomes there."""

    def __missing__(self, key: str) -> dict[Key, Outcome]:
        return {}


_ABSENT = Outcome((), Groups((), Settled.PROVED), ("absent",))


def _blocks(answers: Sequence[Answer]) -> Iterator[Block]:
    """Who can hold it up: the smallest groups that have a hand in every way of bringing it about.

    The ways of invoking a guarantee are taken together: who blocks it has a hand in all of them.
    """
    for block, power in BLOCKS.items():
        asked = [answer for answer in answers if answer.power is power and answer.ways]
        by_readings: dict[tuple[Readings, ...], list[Answer]] = {}
        for answer in asked:
            by_readings.setdefault(answer.readings, []).append(answer)
        for readings, listed in by_readings.items():
            groups = [frozenset(group) for answer in listed for group in answer.groups]
            everybody = frozenset().union(*groups)
            found = [] if not all(groups) else transversals(groups, everybody)
            told = tuple(tuple(sorted(one)) for one in found)
            first = listed[0]
            settled = least_settled(a.settled for a in listed)
            steps = min(answer.steps for answer in listed)
            yield Block(block, first.clause, first.cause, told, settled, steps, readings)


def owed_to(world: World, one: Instance) -> tuple[str, ...]:
    """Those for whom a commitment is there: its counterparty, or the beneficiary of a guarantee."""
    found: dict[str, None] = {}
    for value in (one.norm.toward, one.norm.beneficiary):
        if value is not None:
            names = world.setting.evaluator.names(value, one.env) or ()
            found.update((name, None) for name in sorted(names) if name not in one.key[:1])
    return tuple(found)
