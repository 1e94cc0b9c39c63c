"""What cannot be done without: the steps that every course to a goal has to take, and a few that
may do.

In: a ground problem, a goal, and which acts and omissions there are.  Out: None where no course
reaches the goal; else the steps that every course needs (Keyder, Richter and Helmert, *Sound and
complete landmarks for and/or graphs*, 2010), or a set of steps that is small.  Both rest on a
relaxed problem, in which whatever may hold does hold and nothing is ever undone: “none” is for
good, and the number of steps needed is a lower bound.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from servanda.reason.cone import Cone
from servanda.reason.ground import FALSE, TRUE

Steps = frozenset[tuple[str, int]]
NOTHING: Steps = frozenset()


def needed(
    cone: Cone,
    kinds: Mapping[int, int],
    goals: Iterable[int],
    allowed: Callable[[int], int],
    omits: Callable[[str], bool],
) -> Steps | None:
    """The steps that every course needs at the end of which all goals hold; None: there is none.

    `kinds` gives acts that are alike one number; `allowed` says of an act which node has to hold
    for it to be done (FALSE: it may not be), `omits` of an instance whether its deadline may pass
    unperformed.
    """
    acts = {a: before for a in cone.acts if (before := allowed(a)) != FALSE}
    return _Relaxed(cone, kinds, acts, omits, _common, _differs).all_of(goals)


def enough(
    cone: Cone,
    goals: Iterable[int],
    allowed: Callable[[int], int],
    omits: Callable[[str], bool],
    ordinary: frozenset[int],
) -> Steps | None:
    """A few steps that reach the goals, if nothing is undone; each act stands for itself, and one
    of the `ordinary` course is taken rather than another."""
    acts = {a: before for a in cone.acts if (before := allowed(a)) != FALSE}

    def fewest(able: Sequence[Steps]) -> Steps:
        return min(able, key=lambda steps: (len(steps), _own(steps, ordinary), sorted(steps)))

    return _Relaxed(cone, {}, acts, omits, fewest, _is_smaller).all_of(goals)


def _common(able: Sequence[Steps]) -> Steps:
    return frozenset.intersection(*able)


def _own(steps: Steps, ordinary: frozenset[int]) -> int:
    return sum(kind == "act" and number not in ordinary for kind, number in steps)


def _differs(new: Steps | None, old: Steps | None) -> bool:
    return new != old


def _is_smaller(new: Steps | None, old: Steps | None) -> bool:
    return new is not None and (old is None or len(new) < len(old))


class _Relaxed:
    """Steps by node, worked out anew until nothing changes."""

    def __init__(
        self,
        cone: Cone,
        kinds: Mapping[int, int],
        acts: Mapping[int, int],
        omits: Callable[[str], bool],
        choose: Callable[[Sequence[Steps]], Steps],
        counts: Callable[[Steps | None, Steps | None], bool],
    ) -> None:
        self.ground, self.kinds, self.usable, self.omits = cone.ground, kinds, acts, omits
        self.choose = choose
        self.found: dict[int, Steps | None] = {TRUE: NOTHING, FALSE: None}
        while True:
            changed = False
            for number in cone.nodes:
                new = self._steps(number)
                if counts(new, self.found.get(number)):
                    self.found[number] = new
                    changed = True
            if not changed:
                return

    def all_of(self, parts: Iterable[int]) -> Steps | None:
        union: set[tuple[str, int]] = set()
        for part in parts:
            steps = self.found.get(part)
            if steps is None:
                return None
            union |= steps
        return frozenset(union)

    def one_of(self, choices: Iterable[Steps | None]) -> Steps | None:
        able = [one for one in choices if one is not None]
        return self.choose(able) if able else None

    def _act(self, number: int) -> Steps | None:
        if number not in self.usable:
            return None
        before = self.all_of([self.ground.required.get(number, TRUE), self.usable[number]])
        return None if before is None else before | {("act", self.kinds.get(number, number))}

    def _steps(self, number: int) -> Steps | None:
        node = self.ground.nodes[number]
        match node.kind:
            case "and":
                return self.all_of(node.parts)
            case "or":
                return self.one_of(self.found.get(p) for p in node.parts)
            case "not":
                return NOTHING if self.may_fail(node.parts[0]) else None
            case "once":
                return self.found.get(node.parts[0])
            case "since":
                return self.found.get(node.parts[1])
            case "state":
                return self.found.get(node.parts[0])
            case "act":
                return self._act(node.of[0])
            case "pattern":
                matched = self.ground.matched.get(number, ())
                return self.one_of(map(self._act, matched)) if matched else NOTHING
            case "date":
                return frozenset({("wait", number)})
            case "elapsed" | "kept":
                before = self.found.get(node.parts[0])
                return None if before is None else before | {("wait", number)}
            case "latest":
                if node.of[-1]:
                    return NOTHING
                return self.one_of(self._act(a) for a, holds in self.ground.told(node) if holds)
            case "flag":
                return self._flag(node.of[0], node.of[1])
            case _:
                return NOTHING  # it is open: it may hold and need not

    def may_fail(self, number: int) -> bool:
        """Whether a node may fail to hold at some time."""
        if number in (TRUE, FALSE):
            return number == FALSE
        node = self.ground.nodes[number]
        match node.kind:
            case "and":
                return any(map(self.may_fail, node.parts))
            case "or":
                return all(map(self.may_fail, node.parts))
            case "not":
                return self.found.get(node.parts[0]) is not None
            case "latest":
                if not node.of[-1]:
                    return True
                told = self.ground.told(node)
                return any(self._act(a) is not None for a, holds in told if not holds)
            case _:
                return True

    def _flag(self, one: str, word: str) -> Steps | None:
        rules = self.ground.rules[one]

        def both(*names: str) -> Steps | None:
            return self.all_of([rules.get(name, FALSE) for name in names])

        match word:
            case "begun" | "running" | "clean":
                return both("begun")
            case "suspended" | "expired" | "triggered" | "forfeited":
                return both("begun", word)
            case "fulfilled" | "done":
                return both("begun", "achieve")
            case "terminated":
                taken = self.one_of([both("begun", "achieve", "taken_back")])
                ended = [both("begun", "terminated"), both("begun", "released")]
                return self.one_of([taken, *ended, self._decided(one, "forfeiture", "forfeited")])
            case "lapsed":
                return self._decided(one, "forfeiture", "forfeited")
            case "invoked":
                return self._decided(one, "trigger", "triggered")
            case "breached" | "cured":
                return self._breached(one, rules, both)
            case _:
                return NOTHING

    def _decided(self, one: str, result: str, word: str) -> Steps | None:
        rules = self.ground.rules[one]
        if rules.get("automatic"):
            return self.all_of([rules["begun"], rules.get(word, FALSE)])
        before = self.all_of([rules["begun"]])
        if before is None:
            return None
        deciding = self.one_of(
            None
            if (on := self.found.get(carried)) is None or (by := self._act(act)) is None
            else on | by
            for act, carried in rules.get("decided", {}).get(result, ())
        )
        return None if deciding is None else before | deciding

    def _breached(
        self, one: str, rules: Mapping[str, Any], both: Callable[..., Steps | None]
    ) -> Steps | None:
        ways = []
        if "forbidden" in rules:
            ways.append(both("begun", "forbidden"))
        if "achieve" in rules and "due" in rules and self.omits(one):
            ways.append(both("begun", "due"))
        if "maintain" in rules and self.may_fail(rules["maintain"]):
            if rules.get("checked"):
                ways.append(both("begun"))
            if "due" in rules:
                ways.append(both("begun", "due"))
        return self.one_of(ways)
