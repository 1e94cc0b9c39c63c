"""Which clause of one draft answers which clause of another.

In: two drafts, and the pairs that a person has set.  Out: pairs of norms, each with how it was
found.  In this order: what a person says; what is word for word the same under the same id; what a
clause says that it descends from, by norm or by provision, also where both descend from one clause
of a third draft; what is alike enough.  A person's word stands against all others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from servanda.compare.draft import Draft
from servanda.compare.likeness import Features, features, likeness
from servanda.model.agreement import Agreement
from servanda.model.descent import Descent, Drop
from servanda.model.norm import Norm

Clause = tuple[str, str]  # the letter of a draft, and the id of a norm in it
# Below this two clauses are held to be about different things; within provisions that answer each
# other less is needed.  Set on the bundled drafts: see docs/compare.md.
ALIKE = 0.45
ALIKE_WITHIN = 0.2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clauses that answer each other; `score` only where their likeness decided."""

    before: str
    after: str
    how: str  # "by hand", "same", "declared", "common ancestor", "content"
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person has set: pairs of norms, and norms of either draft that stand alone."""

    pairs: tuple[tuple[str, str], ...] = ()
    alone_before: frozenset[str] = frozenset()
    alone_after: frozenset[str] = frozenset()


@dataclass
class _Search:
    """The pairs found so far; `free` says which norms may still be paired."""

    before: Agreement
    after: Agreement
    settled: Settled
    ours: dict[str, Features]
    theirs: dict[str, Features]
    pairs: list[Pair] = field(default_factory=list)

    def add(self, a: str, b: str, how: str, score: float | None = None) -> None:
        if (a, b) not in {(p.before, p.after) for p in self.pairs}:
            self.pairs.append(Pair(a, b, how, score))

    def free(self) -> tuple[list[str], list[str]]:
        used = {p.before for p in self.pairs}, {p.after for p in self.pairs}
        ours, theirs = self.settled.alone_before | used[0], self.settled.alone_after | used[1]
        return (
            [name for name in self.before.norms if name not in ours],
            [name for name in self.after.norms if name not in theirs],
        )

    def by_likeness(self, pairs: Iterable[tuple[str, str]], how: str, least: float) -> None:
        """The best pairs first, each norm once; equal scores go by their places in both texts."""
        place = _places(self.before, self.after)
        scored = [(likeness(self.ours[a], self.theirs[b]), a, b) for a, b in pairs]

        def rank(row: tuple[float, str, str]) -> tuple[float, list[int]]:
            return -row[0], sorted((place[0][row[1]], place[1][row[2]]))

        ours, theirs = map(set, self.free())
        for score, a, b in sorted((row for row in scored if row[0] >= least), key=rank):
            if a in ours and b in theirs:
                self.add(a, b, how, round(score, 2))
                ours.remove(a)
                theirs.remove(b)


def align(before: Draft, after: Draft, settled: Settled | None = None) -> tuple[Pair, ...]:
    """The pairs, in the order of the first draft; a clause may be in several."""
    ours, theirs = (
        {name: features(side.norm(name)) for name in side.agreement.norms}
        for side in (before, after)
    )
    search = _Search(before.agreement, after.agreement, settled or Settled(), ours, theirs)
    for a, b in search.settled.pairs:
        search.add(a, b, "by hand")
    _the_same(search)
    _declared(search)
    _cousins(search)
    _within_provisions(search)
    search.by_likeness(_elsewhere(search), "content", ALIKE)
    place = _places(search.before, search.after)
    return tuple(sorted(search.pairs, key=lambda p: (place[0][p.before], place[1][p.after])))


def _places(*agreements: Agreement) -> list[dict[str, int]]:
    return [{name: i for i, name in enumerate(one.norms)} for one in agreements]


def _the_same(search: _Search) -> None:
    """Under one id in two versions of one agreement, or equal in every word."""
    ours, theirs = search.free()
    versions = search.before.id == search.after.id
    for name in ours:
        equal = search.before.norms[name] == search.after.norms.get(name)
        if name in theirs and (versions or equal):
            search.add(name, name, "same")


def _declared(search: _Search) -> None:
    """What one of the two says of the other, norm by norm; a clause may answer several."""
    ours, theirs = search.free()
    found = []
    for a, b in product(ours, theirs):
        one, other = search.before.norms[a], search.after.norms[b]
        if a in named(other.descends_from, search.before.id) or b in named(
            one.descends_from, search.after.id
        ):
            found.append((a, b))
    for a, b in found:
        search.add(a, b, "declared")


def _cousins(search: _Search) -> None:
    """Clauses that both descend from one clause of a third draft, the most alike first."""
    ours, theirs = search.free()
    kin = [
        (a, b)
        for a, b in product(ours, theirs)
        if _ancestors(search.before.norms[a]) & _ancestors(search.after.norms[b])
    ]
    search.by_likeness(kin, "common ancestor", 0.0)


def _within_provisions(search: _Search) -> None:
    """What provisions say of each other brings their norms together, where these are alike."""
    ours, theirs = search.free()
    close = [
        (a, b)
        for a, b in product(ours, theirs)
        if answers(search.before, _place(search.before, a), search.after, _place(search.after, b))
    ]
    search.by_likeness(close, "declared", ALIKE_WITHIN)


def _elsewhere(search: _Search) -> Iterator[tuple[str, str]]:
    """Pairs left to likeness alone: no clause is matched against what it says it comes from."""
    ours, theirs = search.free()
    above = {b: ancestry(search.after, search.after.norms[b]) for b in theirs}
    for a in ours:
        mine = ancestry(search.before, search.before.norms[a])
        for b in theirs:
            drafts = mine.keys() & above[b].keys()
            if search.before.id == search.after.id:
                drafts -= {search.before.id}
            if all(mine[draft] & above[b][draft] for draft in drafts):
                yield a, b


def ancestry(agreement: Agreement, norm: Norm) -> dict[str, set[str]]:
    """By draft the clauses that a norm is or takes the place of, each with its provision.

    What a norm says of itself goes before what its provision says.
    """
    place = agreement.provisions.get(norm.provision or "")
    lines = {agreement.id: {norm.id, *([place.id] if place is not None else [])}}
    for line in norm.descends_from or (place.descends_from if place is not None else ()):
        found = lines.setdefault(line.draft, set())
        for name in line.clauses:
            found |= {name, name.partition(".")[0]}
    return lines


def answers(before: Agreement, p: str | None, after: Agreement, q: str | None) -> bool:
    """Whether two provisions answer each other by what they say of each other, or of a third."""
    one, other = before.provisions.get(p or ""), after.provisions.get(q or "")
    if one is None or other is None:
        return False
    kin = _kin(one.descends_from) & _kin(other.descends_from)
    return bool(kin) or replaces(before, p, after, q)


def replaces(before: Agreement, p: str | None, after: Agreement, q: str | None) -> bool:
    """Whether one of two provisions says that it takes the place of the other."""
    one, other = before.provisions.get(p or ""), after.provisions.get(q or "")
    if one is None or other is None:
        return False
    named_after = named(other.descends_from, before.id)
    return one.id in named_after or other.id in named(one.descends_from, after.id)


def named(lines: Sequence[Descent | Drop], draft: str) -> frozenset[str]:
    """The clauses of a draft that such lines name."""
    return frozenset(clause for line in lines if line.draft == draft for clause in line.clauses)


def _kin(lines: Sequence[Descent]) -> set[tuple[str, str]]:
    return {(line.draft, clause) for line in lines for clause in line.clauses}


def _ancestors(norm: Norm) -> set[tuple[str, str]]:
    return _kin(norm.descends_from)


def _place(agreement: Agreement, norm: str) -> str | None:
    return agreement.norms[norm].provision


def shared_names(pairs: Iterable[tuple[Clause, Clause]]) -> dict[Clause, str]:
    """One name for all clauses that are connected by pairs."""
    parent: dict[Clause, Clause] = {}

    def root(one: Clause) -> Clause:
        while (above := parent.setdefault(one, one)) != one:
            one = above
        return one

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {one: ":".join(root(one)) for one in list(parent)}


def unknown_descents(before: Draft, after: Draft) -> Iterator[tuple[str, str, str]]:
    """Clauses that a draft names of the other and that are not there: (draft, clause, named)."""
    for one, other in ((before.agreement, after.agreement), (after.agreement, before.agreement)):
        known = {*other.norms, *other.provisions}
        lines: list[tuple[str, Descent | Drop]] = []
        for provision in one.provisions.values():
            lines += [(provision.id, line) for line in provision.descends_from]
            lines += [(provision.id, line) for line in provision.drops]
        for norm in one.norms.values():
            lines += [(norm.id, line) for line in norm.descends_from]
        for clause, line in lines:
            if line.draft == other.id:
                yield from ((one.id, clause, name) for name in line.clauses if name not in known)
