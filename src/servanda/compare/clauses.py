"""What became of every clause from one draft to another: changed how, moved, added, removed.

A clause without counterpart was removed only where that is known: the other draft is complete, says
that it drops the clause, or has put another provision in its place.  Otherwise it is not told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from servanda.compare import besides, spoken, times, what, who
from servanda.compare.align import Pair, ancestry, replaces
from servanda.compare.change import Aspect, Change, Clause, Fate, Part
from servanda.compare.direction import Direction
from servanda.compare.draft import Draft
from servanda.compare.entail import Entailment
from servanda.compare.two import Two
from servanda.model.agreement import Agreement, Provision
from servanda.model.norm import Norm, NormKind

# Each looks at one aspect; their order is that in which changes are told.
ASPECTS: tuple[Callable[[Two], Iterator[Part]], ...] = (
    who.kind,
    who.strength,
    who.bearer,
    who.owed_to,
    who.subjects,
    what.exists,
    what.condition,
    times.start,
    times.deadline,
    times.grace,
    times.every,
    times.pauses,
    times.clock,
    times.ends,
    times.cure,
    besides.consequences,
    besides.deciders,
    besides.priority,
    besides.said,
)
# Kinds that ask nothing of anybody, so that there is no more or less of them.
_WITHOUT = (NormKind.PRINCIPLE, NormKind.EFFECT)


@dataclass(frozen=True)
class Comparison:
    """Two drafts with their pairs; `enders` says for both who can end what, where that is known."""

    before: Draft
    after: Draft
    pairs: tuple[Pair, ...]
    enders: tuple[besides.Enders, besides.Enders] = ({}, {})
    logic: Entailment = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "logic", Entailment(self.before, self.after))

    def changes(self) -> Iterator[Change]:
        """Every clause, once for each that it answers, in the order of the texts."""
        of_first: dict[str, list[Pair]] = {}
        for pair in self.pairs:
            of_first.setdefault(pair.before, []).append(pair)
        for name, norm in self.before.agreement.norms.items():
            if name in of_first:
                yield from (self._pair(pair) for pair in of_first[name])
            else:
                yield self._alone(norm, self.before, self.after, gone=True)
        paired = {pair.after for pair in self.pairs}
        for name, norm in self.after.agreement.norms.items():
            if name not in paired:
                yield self._alone(norm, self.after, self.before, gone=False)

    def _pair(self, pair: Pair) -> Change:
        a = self.before.agreement.norms[pair.before]
        b = self.after.agreement.norms[pair.after]
        two = Two(self.before, self.after, a, b, self.logic)
        parts = tuple(part for look in ASPECTS for part in look(two))
        parts += tuple(besides.enders(two, *self.enders))
        moved = a.provision != b.provision
        fate = Fate.CHANGED if parts else Fate.MOVED if moved else Fate.SAME
        owed = tuple(one for one in who.owed(two.a) if one in who.owed(two.b))
        return Change(fate, clause(a), clause(b), parts, owed, pair, moved)

    def _alone(self, norm: Norm, here: Draft, there: Draft, *, gone: bool) -> Change:
        known, why = told_of(here.agreement, norm, there.agreement)
        was, now = (clause(norm), None) if gone else (None, clause(norm))
        if not known:
            return Change(Fate.NOT_TOLD_AFTER if gone else Fate.NOT_TOLD_BEFORE, was, now)
        part = _whole(norm, here, why, gone=gone)
        fate = Fate.REMOVED if gone else Fate.ADDED
        return Change(fate, was, now, (part,), who.owed(here.norm(norm.id)), why=why)


def clause(norm: Norm) -> Clause:
    return Clause(norm.id, norm.provision, norm.text)


def _whole(norm: Norm, draft: Draft, why: str | None, *, gone: bool) -> Part:
    """A whole clause that is there in one draft only."""
    told = norm.text or norm.id
    bearers = spoken.bearers(draft.norm(norm.id).bearers)
    kind = who.kind_in_words(norm)
    if norm.kind in _WITHOUT or (norm.duty is None and norm.kind is not NormKind.GUARANTEE):
        direction = Direction.NONE
    else:
        direction = Direction.WEAKER if gone else Direction.STRONGER
    words = f"{kind} {'removed' if gone else 'added'}{f' (“{why}”)' if why and gone else ''}"
    was, now = (told, None) if gone else (None, told)
    return Part(Aspect.CLAUSE, was, now, direction, words, bearers)


# --- what is known of a draft that lacks a clause -----------------------------------------------


def told_of(here: Agreement, norm: Norm, there: Agreement) -> tuple[bool, str | None]:
    """Whether it is known that a draft lacks a clause of another, and what it says of that."""
    lines = ancestry(here, norm)
    for provision in there.provisions.values():
        for drop in provision.drops:
            if set(drop.clauses) & lines.get(drop.draft, set()):
                return True, drop.why
    if there.header.incomplete is None:
        return True, None
    successors = [q for q in there.provisions.values() if _takes_its_place(here, norm, there, q)]
    if successors and all(q.not_public is None for q in successors):
        return True, None
    return False, None


def _takes_its_place(here: Agreement, norm: Norm, there: Agreement, q: Provision) -> bool:
    """Whether a provision stands where the clause would, directly or by a clause of a third."""
    if replaces(here, norm.provision, there, q.id):
        return True
    if not norm.descends_from:
        return False
    lines = ancestry(here, norm)
    return any(set(line.clauses) & lines.get(line.draft, set()) for line in q.descends_from)
