"""Names, lists and terms of two drafts: which stands for no more than the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from servanda.compare.draft import Draft
from servanda.compare.quantities import bounded
from servanda.model import condition as c


@dataclass(frozen=True)
class Values:
    """Values of the draft `left` laid beside values of the draft `right`."""

    left: Draft
    right: Draft

    @property
    def flipped(self) -> "Values":
        return Values(self.right, self.left)

    def same(self, v: c.Value, w: c.Value) -> bool:
        """Whether both stand for the same, under whatever reading."""
        return self.within(v, w) and self.flipped.within(w, v)

    def within(self, v: c.Value, w: c.Value) -> bool:
        """Whether whatever v may stand for is also something that w may stand for."""
        match v, w:
            case c.Bound(), c.Bound():
                return bounded(v.comparison, v.quantity, w.comparison, w.quantity)
            case (c.Bound(), _) | (_, c.Bound()):
                return False
            case c.TermValue(), c.TermValue() if v == w and self.same_term(v.term):
                return True
        ours, theirs = list(_told(self.left, v)), list(_told(self.right, w))
        return bool(ours and theirs) and all(a <= b for a in ours for b in theirs)

    def same_term(self, term: str) -> bool:
        """Whether a term has the same readings in both drafts; their remarks may differ."""
        ours, theirs = self.left.agreement.terms.get(term), self.right.agreement.terms.get(term)
        if ours is None or theirs is None:
            return False
        told = {r.name: self.left.seen(r.value) for r in ours.readings}
        return told == {r.name: self.right.seen(r.value) for r in theirs.readings}


def _told(draft: Draft, value: c.Value) -> Iterator[frozenset[c.Value]]:
    """What a value stands for, once for each reading of the terms in it; nothing where open."""
    match value:
        case c.TermValue(term):
            for reading in draft.agreement.terms[term].readings:
                if isinstance(reading.value, c.Value):
                    yield from _told(draft, reading.value)
                else:
                    yield frozenset((value,))
        case c.SetOf(items):
            found = [frozenset[c.Value]()]
            for item in items:
                found = [a | b for a in found for b in _told(draft, item)]
            yield from found
        case c.MembersOf(group) if _closed(draft, group):
            yield frozenset(c.Name(name) for name in draft.agreement.members_of(group))
        case _:
            yield frozenset((value,))


def _closed(draft: Draft, group: str) -> bool:
    actor = draft.agreement.actors.get(group)
    return actor is not None and not actor.open
