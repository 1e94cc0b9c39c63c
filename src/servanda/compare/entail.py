"""Whether one condition follows from another, as far as their form shows it.

In: two conditions, each of a draft.  Out: True where the second holds whenever the first does.
False says only that the form does not show it: the rules below are sound and not complete.  Each
form of condition follows from one of its own kind; `and`, `or`, `not`, readings of terms and entry
into force are taken apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from servanda.compare.direction import Extent
from servanda.compare.draft import Draft, substituted
from servanda.compare.quantities import at_least_as_long, bounded, limit_within, window_within
from servanda.compare.values import Values
from servanda.model import condition as c


@dataclass(frozen=True)
class Entailment:
    """Conditions of the draft `left` laid beside conditions of the draft `right`."""

    left: Draft
    right: Draft
    _known: dict[tuple[Any, Any], bool] = field(default_factory=dict, repr=False)

    @property
    def flipped(self) -> "Entailment":
        return Entailment(self.right, self.left)

    @property
    def values(self) -> Values:
        return Values(self.left, self.right)

    def extent(self, before: c.Condition, after: c.Condition) -> Extent:
        """How the occasions of the two lie to each other."""
        widens, narrows = self.follows(before, after), self.flipped.follows(after, before)
        if widens and narrows:
            return Extent.SAME
        return Extent.WIDER if widens else Extent.NARROWER if narrows else Extent.OPEN

    def follows(self, p: c.Condition, q: c.Condition) -> bool:
        """Whether q of the right draft holds whenever p of the left one does."""
        known = self._known.get((p, q))
        if known is None:
            self._known[p, q] = False  # a circle through readings shows nothing
            known = self._known[p, q] = self._follows(p, q)
        return known

    def _follows(self, p: c.Condition, q: c.Condition) -> bool:
        if self._same(p, q):
            return True
        if isinstance(p, c.Or):
            return all(self.follows(part, q) for part in p.parts)
        if isinstance(q, c.And):
            return all(self.follows(p, part) for part in q.parts)
        if isinstance(p, c.And) and any(self.follows(part, q) for part in p.parts):
            return True
        if isinstance(q, c.Or) and any(self.follows(p, part) for part in q.parts):
            return True
        if isinstance(p, c.Not) and isinstance(q, c.Not):
            return self.flipped.follows(q.body, p.body)
        return self._by_name(p, q) or self._alike(p, q)

    def _same(self, p: c.Condition, q: c.Condition) -> bool:
        """The same words, and the words mean the same in both drafts."""
        if p != q:
            return False
        for node in _nodes(p):
            match node:
                case c.TermValue(term) | c.TermHolds(term) | c.Reads(term):
                    if not self.values.same_term(term):
                        return False
                case c.Call(name) if not self._same_state(name):
                    return False
        return True

    def _same_state(self, name: str) -> bool:
        ours, theirs = self.left.agreement.states.get(name), self.right.agreement.states.get(name)
        if ours is None or theirs is None:
            return False
        a, b = self.left.seen(ours), self.right.seen(theirs)
        ends = (a.ends is None and b.ends is None) or (
            a.ends is not None and b.ends is not None and self._same(a.ends, b.ends)
        )
        return a.parameters == b.parameters and ends and self._same(a.begins, b.begins)

    def _by_name(self, p: c.Condition, q: c.Condition) -> bool:
        """Through what a name stands for: every reading of a term, entry into force."""
        if isinstance(p, c.TermHolds):
            told = list(_readings(self.left, p.term))
            return bool(told) and all(t is not None and self.follows(t, q) for t in told)
        if isinstance(q, c.TermHolds):
            told = list(_readings(self.right, q.term))
            return bool(told) and all(t is not None and self.follows(p, t) for t in told)
        if isinstance(p, c.InForce) and not isinstance(q, c.InForce):
            when = self.left.agreement.header.in_force_when
            return when is not None and self.follows(self.left.seen(when), q)
        if isinstance(q, c.InForce) and not isinstance(p, c.InForce):
            when = self.right.agreement.header.in_force_when
            return when is not None and self.follows(p, self.right.seen(when))
        return False

    def _alike(self, p: c.Condition, q: c.Condition) -> bool:  # noqa: C901  one case a form
        """Forms of one kind, side by side."""
        within, same = self.values.within, self.values.same
        match p, q:
            case c.Pattern(), c.Pattern():
                return self._pattern(p, q)
            case c.Call(), c.Call():
                return self._state(p, q)
            case c.StateOf(), c.StateOf():
                # “breached” means any instance, “fulfilled” all of those that are named
                wide, narrow = (q, p) if p.state == "breached" else (p, q)
                keys = narrow.keys[: len(wide.keys)] == wide.keys
                return (p.norm, p.state) == (q.norm, q.state) and keys
            case c.KeptFor(), c.KeptFor():
                longer = at_least_as_long(p.duration, q.duration)
                return (p.norm, p.keys) == (q.norm, q.keys) and longer
            case c.Consent(), c.Consent():
                return within(q.of, p.of) and _consents(p, q)
            case c.FromInstant(), c.FromInstant():
                return type(p.at) is type(q.at) and p.at >= q.at
            case c.Same(), c.Same():
                return p.left == q.left and within(p.right, q.right)
            case c.Measured(), c.Measured():
                bound = bounded(p.comparison, p.quantity, q.comparison, q.quantity)
                return same(p.measure, q.measure) and same(p.of, q.of) and bound
            case c.Outstanding(), c.Outstanding():
                bound = bounded(p.comparison, p.quantity, q.comparison, q.quantity)
                alike = same(p.holder, q.holder) and same(p.category, q.category)
                return p.tally == q.tally and alike and bound
            case c.Aggregate(), c.Aggregate():
                return self._aggregate(p, q)
            case c.Temporal(), c.Temporal():
                past = p.op in ("once", "eventually")
                inner, outer = (p.window, q.window) if past else (q.window, p.window)
                fits = (
                    window_within(inner, outer)
                    if p.op not in ("previous", "next")
                    else p.window == q.window
                )
                return p.op == q.op and fits and self.follows(p.body, q.body)
            case c.Dyadic(), c.Dyadic():
                fits = p.op == q.op and window_within(p.window, q.window)
                return fits and self.follows(p.left, q.left) and self.follows(p.right, q.right)
            case c.Lasting(), c.Lasting():
                return at_least_as_long(p.duration, q.duration) and self.follows(p.body, q.body)
            case c.After(), c.After():
                return p.duration == q.duration and self.follows(p.body, q.body)
            case c.Some(), c.Some():
                body = substituted(q.body, _renamed(q.variables, p.variables))
                return len(p.variables) == len(q.variables) and self.follows(p.body, body)
            case c.Every(), c.Every():
                body = substituted(q.body, _renamed((q.variable,), (p.variable,)))
                return self.flipped.values.within(q.domain, p.domain) and self.follows(p.body, body)
            case _:
                return False

    def _pattern(self, p: c.Pattern, q: c.Pattern) -> bool:
        if p.type != q.type or (q.new and not p.new):
            return False
        told = {arg.name: arg.value for arg in p.args}
        if not all(a.name in told and self._arg(q.type, told[a.name], a) for a in q.args):
            return False
        if q.place is None:
            return True
        if p.place is None or not self.values.within(p.place.place, q.place.place):
            return False
        return p.place.within is None or (
            q.place.within is not None and limit_within(p.place.within, q.place.within)
        )

    def _arg(self, kind: str, told: c.Value, asked: c.Arg) -> bool:
        """An argument that takes a list names all of them; of any other one is enough."""
        record = self.right.agreement.record_types.get(kind)
        arg = record.arg(asked.name) if record is not None else None
        if arg is not None and arg.many:
            return self.values.same(told, asked.value)
        return self.values.within(told, asked.value)

    def _state(self, p: c.Call, q: c.Call) -> bool:
        """A state follows where its beginning does, and it ends no earlier."""
        ours, theirs = (
            self.left.agreement.states.get(p.name),
            self.right.agreement.states.get(q.name),
        )
        if ours is None or theirs is None or len(ours.parameters) != len(theirs.parameters):
            return False
        if not all(map(self.values.within, p.args, q.args)):
            return False
        a = self.left.seen(ours)
        b = substituted(self.right.seen(theirs), _renamed(theirs.parameters, ours.parameters))
        lasts = b.ends is None or (a.ends is not None and self.flipped.follows(b.ends, a.ends))
        return self.follows(a.begins, b.begins) and lasts

    def _aggregate(self, p: c.Aggregate, q: c.Aggregate) -> bool:
        """More records make a count no smaller; of sums and averages that is not known."""
        if (p.op, p.argument, p.window) != (q.op, q.argument, q.window):
            return False
        alike = self.follows(p.body, q.body) and self.flipped.follows(q.body, p.body)
        rising = p.op == "count" and q.comparison in ("at least", "more than")
        if not alike and not (rising and self.follows(p.body, q.body)):
            return False
        if isinstance(p.quantity, c.MeasuredLimit) or isinstance(q.quantity, c.MeasuredLimit):
            return p.comparison == q.comparison and _measured(p.quantity, q.quantity, p.comparison)
        return bounded(p.comparison, p.quantity, q.comparison, q.quantity)


def _consents(p: c.Consent, q: c.Consent) -> bool:
    """Consent by fewer means, in fewer capacities, that more can withdraw, is asked for more."""
    able = not q.capacities or (bool(p.capacities) and set(p.capacities) <= set(q.capacities))
    means = set(p.types) <= set(q.types) and set(q.withdrawn_by) <= set(p.withdrawn_by)
    return means and able


def _measured(p: Any, q: Any, comparison: str) -> bool:
    """Limits that are measured: the same measure, and a share that is no easier to keep."""
    if not isinstance(p, c.MeasuredLimit) or not isinstance(q, c.MeasuredLimit):
        return False
    if replace(p, percent=q.percent) != q:
        return False
    if comparison in ("at least", "more than"):
        return p.percent >= q.percent
    return p.percent <= q.percent if comparison in ("at most", "less than") else p == q


def _readings(draft: Draft, term: str) -> Iterator[c.Condition | None]:
    """The conditions that a term may stand for; None for a reading that is none."""
    for reading in draft.agreement.terms[term].readings:
        value = reading.value
        yield draft.seen(value) if isinstance(value, c.Condition) else None


def _renamed(names: tuple[str, ...], others: tuple[str, ...]) -> dict[str, c.Value]:
    return {a: c.Var(b) for a, b in zip(names, others, strict=False)}


def _nodes(node: Any) -> Iterator[Any]:
    """A piece of the model and all its parts."""
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from _nodes(part)
    elif is_dataclass(node):
        for one in fields(node):
            if one.name != "span":
                yield from _nodes(getattr(node, one.name))
