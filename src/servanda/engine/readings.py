"""What a norm says under each combination of readings, and which terms make the difference.

No reading is the default (vocabulary, rule 10).  A term matters when changing it alone, the others
fixed somehow, changes the state, the due instant or a breach at some instant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from servanda.engine.entered import Entered, Readings
from servanda.engine.history import Breach, Flags, History, ManyBreaches
from servanda.engine.question import Question
from servanda.model.norm import NormKind

DEPENDS = "depends"
Key = tuple[tuple[str, str], ...]
Signature = tuple[object, ...]


def signature(history: History | None) -> Signature:
    """All that a change of reading may change: states and dues over time, and breaches."""
    if history is None:
        return ()
    return (history.shown(), history.when_entered())


@dataclass(frozen=True)
class Case:
    """One instance under one combination of readings; `history` None: it does not exist there."""

    assignment: Mapping[str, str]
    history: History | None
    allowed: bool

    @property
    def flags(self) -> Flags:
        if self.history is None or not self.history.flags:
            return Flags()
        return self.history.flags[-1]

    @property
    def state(self) -> str:
        return self.flags.shown

    @property
    def due(self) -> int | None:
        return self.flags.due

    @property
    def since(self) -> int | None:
        return None if self.history is None else self.history.since()


def _entries(history: History | None) -> Sequence[Breach]:
    """The entries of breaches; acts against an expectation are none."""
    if history is None or history.instance.norm.kind is NormKind.POLITICAL:
        return []
    return history.breaches


@dataclass(frozen=True)
class Spread:
    """An instance of a norm under a standard, over all combinations of the terms in its closure."""

    instance: str
    terms: tuple[str, ...]
    cases: tuple[Case, ...]

    @cached_property
    def allowed(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.allowed)

    @property
    def histories(self) -> tuple[History, ...]:
        return tuple(c.history for c in self.allowed if c.history is not None)

    @property
    def state(self) -> str:
        return agreed({case.state for case in self.allowed}) or DEPENDS

    @property
    def due(self) -> int | None:
        dues = {case.due for case in self.allowed}
        return dues.pop() if len(dues) == 1 else None

    @property
    def since(self) -> int | None:
        starts = {case.since for case in self.allowed}
        return starts.pop() if len(starts) == 1 else None

    def mattering(self, fixed: Mapping[str, str]) -> tuple[str, ...]:
        """Terms whose change alone changes anything, the others open or fixed as they are."""
        return tuple(t for t in self.terms if self._matters(t, fixed, whole=True))

    def parting(self, fixed: Mapping[str, str]) -> tuple[str, ...]:
        """Open terms whose change alone changes the state or the due instant as it stands."""
        return tuple(
            t for t in self.terms if t not in fixed and self._matters(t, fixed, whole=False)
        )

    def _matters(self, term: str, fixed: Mapping[str, str], whole: bool) -> bool:
        seen: dict[Key, Signature] = {}
        for case in self.cases:
            others = {t: r for t, r in case.assignment.items() if t != term}
            if any(fixed.get(t, r) != r for t, r in others.items()):
                continue
            found = signature(case.history) if whole else (case.state, case.due)
            if seen.setdefault(tuple(others.items()), found) != found:
                return True
        return False

    def by_reading(self, terms: Sequence[str]) -> list[tuple[dict[str, str], list[Case]]]:
        """Cases grouped by the readings of some terms, in the order of the text."""
        groups: dict[Key, list[Case]] = {}
        for case in self.allowed:
            groups.setdefault(tuple((t, case.assignment[t]) for t in terms), []).append(case)
        return [(dict(key), cases) for key, cases in groups.items()]

    def states_by(self, term: str, fixed: Mapping[str, str]) -> dict[str, str]:
        """The state for each reading of one term, where the others agree."""
        found: dict[str, set[str]] = {}
        for case in self.cases:
            if all(fixed.get(t, r) == r for t, r in case.assignment.items() if t != term):
                found.setdefault(case.assignment[term], set()).add(case.state)
        return {reading: agreed(states) or DEPENDS for reading, states in found.items()}

    @cached_property
    def breaches(self) -> Entered:
        """Every entry under any allowed combination, with those under which it holds.

        Those are told over the terms that matter; None where it holds under all.
        """
        same: dict[int, list[int]] = {}  # combinations of one history
        for place, case in enumerate(self.allowed):
            same.setdefault(id(case.history), []).append(place)
        many = self._many(list(same.values()))
        return self._each(list(same.values())) if many is None else many

    def _many(self, same: list[list[int]]) -> Entered | None:
        """The entries, if they are very many and the same wherever there are any."""
        alike: list[int] = []
        some: ManyBreaches | None = None
        for places in same:
            entries = _entries(self.allowed[places[0]].history)
            if not len(entries):
                continue
            if not isinstance(entries, ManyBreaches):
                return None
            if some is not None and not some.alike(entries):
                return None
            some = entries
            alike += places
        return None if some is None else some.entered(self._told(alike))

    def _told(self, places: Sequence[int]) -> Readings:
        return self.narrowed([dict(self.allowed[i].assignment) for i in sorted(places)])

    def _each(self, same: list[list[int]]) -> Entered:
        found: dict[tuple[int, tuple[str, ...], tuple[str, ...], str], tuple[Breach, list[int]]]
        found = {}
        for places in same:
            for breach in _entries(self.allowed[places[0]].history):
                key = (breach.at, breach.by, breach.ids, breach.kind)
                known = found.get(key)
                found[key] = (breach, places) if known is None else (known[0], known[1] + places)
        told: dict[tuple[int, ...], Readings] = {}
        entered = []
        for _, (breach, places) in sorted(found.items(), key=lambda one: one[0][:3]):
            those = tuple(places)
            if those not in told:
                told[those] = self._told(those)
            entered.append((breach, told[those]))
        return Entered(entered)

    def narrowed(self, assignments: list[dict[str, str]]) -> Readings:
        """The readings under which something holds, over the terms that matter; None for all."""
        if len(assignments) == len(self.allowed):
            return None
        chosen = [frozenset(a.items()) for a in assignments]
        everything = [frozenset(case.assignment.items()) for case in self.allowed]
        terms = [t for t in self.terms if not _free(t, chosen, everything)]
        narrow = [{t: a[t] for t in terms} for a in assignments]
        return [dict(key) for key in dict.fromkeys(tuple(n.items()) for n in narrow)]


def _free(
    term: str, chosen: list[frozenset[tuple[str, str]]], among: list[frozenset[tuple[str, str]]]
) -> bool:
    """Whether membership never depends on a term."""
    inside = set(chosen)
    verdict: dict[frozenset[tuple[str, str]], bool] = {}
    for one in among:
        rest = frozenset(pair for pair in one if pair[0] != term)
        if verdict.setdefault(rest, one in inside) != (one in inside):
            return False
    return True


def agreed(states: set[str]) -> str | None:
    return next(iter(states)) if len(states) == 1 else None


def spreads(question: Question, norm: str, standard: str) -> dict[str, Spread]:
    """All instances of a norm under a standard, over all readings that can matter."""
    key = (norm, standard)
    if key not in question.kept:
        question.kept[key] = _spreads(question, norm, standard)
    found: dict[str, Spread] = question.kept[key]
    return found


def _spreads(question: Question, norm: str, standard: str) -> dict[str, Spread]:
    terms = question.closures[norm]
    made = [
        (assignment, question.histories(norm, standard, assignment), question.allowed(assignment))
        for assignment in question.assignments(terms)
    ]
    ids: dict[str, None] = {}
    for _, found, allowed in made:
        if allowed:
            ids.update(dict.fromkeys(found))
    vacant = {norm} if len(ids) > 1 else set()
    return {
        instance: Spread(
            instance,
            terms,
            tuple(Case(a, found.get(instance), allowed) for a, found, allowed in made),
        )
        for instance in ids
        if instance not in vacant
    }
