"""How soon, at the earliest, something can hold, and whether it can at all: without any search.

In: a ground problem and nodes of it.  Out: for each whether any course might reach it (“no” is for
good), and how many steps a course has to have at least: the longest way of things that need each
other, or the number of steps that no course can do without, whichever is more (Keyder, Richter and
Helmert, *Sound and complete landmarks for and/or graphs*, 2010).  Both rest on a relaxed problem,
in which whatever may hold does hold and nothing is ever undone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import NamedTuple

from servanda.reason.ground import FALSE, TRUE, Ground

FAR = 1_000_000  # steps: no course that is searched comes that far

Marks = frozenset[tuple[str, int]]


class Soon(NamedTuple):
    """`can`: some course might; `steps`: at least so many; `marks`: steps that all courses take.

    What rests on an open node `can` hold and is `FAR`: no course is ever told that rests on it.
    """

    can: bool
    steps: int
    marks: Marks


NEVER = Soon(False, FAR, frozenset())
AT_ONCE = Soon(True, 0, frozenset())
OPEN = Soon(True, FAR, frozenset())


def both(parts: Iterable[Soon]) -> Soon:
    """All of some: the slowest says when, and every step that one of them needs is needed."""
    found = list(parts)
    marks: Marks = frozenset().union(*(one.marks for one in found))
    steps = max((one.steps for one in found), default=0)
    return Soon(all(one.can for one in found), max(steps, len(marks)), marks)


def either(parts: Iterable[Soon]) -> Soon:
    """One of some: the soonest says when, and only what all of them need is needed."""
    found = [one for one in parts if one.can]
    near = [one for one in found if one.steps < FAR]
    if not near:
        return OPEN if found else NEVER
    marks = reduce(frozenset.intersection, (one.marks for one in near))
    return Soon(True, min(one.steps for one in near), marks)


def later(one: Soon, *marks: tuple[str, int]) -> Soon:
    """A step after something; `marks` names the step where it is always the same."""
    return both([one._replace(steps=min(one.steps + 1, FAR)), Soon(True, 0, frozenset(marks))])


@dataclass
class Soonest:
    """What was worked out is kept for as long as no act is added to the problem.

    `without` leaves out what some actors do by themselves; `only` names the acts that there are.
    """

    ground: Ground
    without: frozenset[str] = frozenset()
    only: frozenset[int] | None = None
    _known: dict[int, Soon] = field(default_factory=dict)
    _acts: int = -1

    def of(self, goals: Iterable[int]) -> list[Soon]:
        """For each goal how soon it can hold; the problem has to be closed."""
        asked = list(goals)
        if self._acts != len(self.ground.acts):
            self._acts, self._known = len(self.ground.acts), {TRUE: AT_ONCE, FALSE: NEVER}
        unknown = self._below(asked)
        changed = True
        while changed:  # from “never” towards sooner, until nothing changes
            changed = False
            for number in unknown:
                new = self._soon(number)
                if new != self._known.get(number, NEVER):
                    self._known[number] = new
                    changed = True
        for number in unknown:
            self._known.setdefault(number, NEVER)
        return [self._known[goal] for goal in asked]

    def _below(self, goals: Iterable[int]) -> list[int]:
        """What is not known yet, and stands below some goals: what others need comes first."""
        found: list[int] = []
        seen = set(self._known)
        pending = [(goal, False) for goal in goals]
        while pending:
            number, done = pending.pop()
            if done:
                found.append(number)
            elif number not in seen:
                seen.add(number)
                pending.append((number, True))
                pending += [(n, False) for n in self._needs(number) if n not in seen]
        return found

    def _needs(self, number: int) -> Iterator[int]:
        """The nodes that a node is worked out from."""
        node = self.ground.nodes[number]
        yield from node.parts
        required = self.ground.required
        if node.kind == "flag":
            rules = self.ground.rules[node.of[0]]
            yield from (rules[name] for name in _RULES if name in rules)
            for made in rules.get("decided", {}).values():
                for act, carried in made:
                    yield carried
                    if act in required:
                        yield required[act]
        else:
            yield from (required[act] for act in self._acts_of(number) if act in required)

    def _acts_of(self, number: int) -> Iterable[int]:
        node = self.ground.nodes[number]
        match node.kind:
            case "pattern":
                return self.ground.matched.get(number, ())
            case "act":
                return (int(node.of[0]),)
            case "latest":
                return [act for act, holds in self.ground.told(node) if holds]
            case _:
                return ()

    # --- one node -------------------------------------------------------------------------------

    def _at(self, number: int) -> Soon:
        return self._known.get(number, NEVER)

    def _act(self, number: int) -> Soon:
        by = self.ground.acts[number].by
        if (by and by <= self.without) or (self.only is not None and number not in self.only):
            return NEVER
        return later(self._at(self.ground.required.get(number, TRUE)), ("act", number))

    def _soon(self, number: int) -> Soon:
        node = self.ground.nodes[number]
        match node.kind:
            case "and":
                return both(map(self._at, node.parts))
            case "or":
                return either(map(self._at, node.parts))
            case "not":
                return AT_ONCE
            case "once" | "state":
                return self._at(node.parts[0])
            case "since":
                return self._at(node.parts[1])
            case "act":
                return self._act(node.of[0])
            case "pattern":
                acts = self._acts_of(number)
                return either(map(self._act, acts)) if acts else OPEN
            case "date":
                return later(AT_ONCE, ("wait", number))
            case "elapsed" | "kept":
                return later(self._at(node.parts[0]), ("wait", number))
            case "latest":
                if node.of[-1]:
                    return AT_ONCE
                return either([*map(self._act, self._acts_of(number)), OPEN])
            case "flag":
                return self._flag(*node.of)
            case _:
                return OPEN

    def _flag(self, one: str, word: str) -> Soon:
        rules = self.ground.rules[one]

        def rule(*names: str) -> Soon:
            return both(self._at(rules.get(name, FALSE)) for name in names)

        match word:
            case "begun" | "running" | "clean":
                return rule("begun")
            case "suspended" | "expired" | "triggered":
                return rule("begun", word)
            case "forfeited":
                return both([later(rule("begun")), rule("forfeited")])
            case "fulfilled" | "done":
                return rule("begun", "achieve")
            case "terminated":
                ways = [rule("begun", "terminated"), rule("begun", "released")]
                ways.append(rule("begun", "achieve", "taken_back"))
                return either([*ways, self._flag(one, "lapsed")])
            case "lapsed":
                return self._decided(one, "forfeiture", self._flag(one, "forfeited"))
            case "invoked":
                return self._decided(one, "trigger", rule("begun", "triggered"))
            case "breached":
                return self._breached(one)
            case "cured":
                return later(self._breached(one))
            case _:
                return NEVER

    def _decided(self, one: str, result: str, called: Soon) -> Soon:
        rules = self.ground.rules[one]
        if rules.get("automatic"):
            return called
        made = rules.get("decided", {}).get(result, ())
        return both([called, either(both([self._act(a), self._at(on)]) for a, on in made)])

    def _breached(self, one: str) -> Soon:
        rules = self.ground.rules[one]
        begun = self._at(rules["begun"])
        ways = []
        if "forbidden" in rules:
            ways.append(both([later(begun), self._at(rules["forbidden"])]))
        if "achieve" in rules and "due" in rules:
            ways.append(both([later(begun), self._at(rules["due"])]))
        if "maintain" in rules:
            if rules.get("checked"):
                ways.append(begun)
            if "due" in rules:
                ways.append(both([begun, self._at(rules["due"])]))
        return either(ways)


_RULES = (
    "begun",
    "suspended",
    "expired",
    "terminated",
    "released",
    "taken_back",
    "triggered",
    "forfeited",
    "forbidden",
    "achieve",
    "maintain",
    "due",
)
