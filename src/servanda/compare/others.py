"""Changes of what clauses use: terms and readings, bodies, funds, groups, the head, brackets.

They are told beside the clauses, since one of them may bear on many.  Which way a clause goes by a
changed term shows at that clause.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from servanda.compare import spoken
from servanda.compare.change import Aspect, Fate, OtherChange, Part
from servanda.compare.direction import Direction, of_order
from servanda.compare.draft import Draft
from servanda.compare.entail import Entailment
from servanda.language.print_condition import Printer
from servanda.model import condition as c
from servanda.model.actor import Actor
from servanda.model.fund import Commitment, Fund
from servanda.model.institution import Institution, VoteRule
from servanda.model.term import CountsAs, Reading, Term
from servanda.model.unspecified import Unspecified

_ACTOR_LISTS = ("members", "voice")
_RULES = ("chair", "members", "quorum", "vote", "evidence", "appeal", "competent_for")


def others(before: Draft, after: Draft) -> Iterator[OtherChange]:
    """All of them, kind by kind, in the order of the texts."""
    yield from _head(before, after)
    kinds: tuple[tuple[str, str, Callable[[Draft, Any, Draft, Any], Iterator[Part]]], ...] = (
        ("term", "terms", _term),
        ("body", "institutions", _institution),
        ("fund", "funds", _fund),
        ("actor", "actors", _actor),
    )
    for what, group, compare in kinds:
        ours: Mapping[str, Any] = getattr(before.agreement, group)
        theirs: Mapping[str, Any] = getattr(after.agreement, group)
        for name, one in ours.items():
            if name in theirs:
                parts = tuple(compare(before, one, after, theirs[name]))
                if parts:
                    yield OtherChange(what, name, Fate.CHANGED, parts)
            elif what != "actor":
                yield OtherChange(what, name, _absent(after, Fate.REMOVED, Fate.NOT_TOLD_AFTER))
        for name in theirs:
            if name not in ours and what != "actor":
                yield OtherChange(what, name, _absent(before, Fate.ADDED, Fate.NOT_TOLD_BEFORE))
    yield from _brackets(before, after)


def _absent(draft: Draft, known: Fate, unknown: Fate) -> Fate:
    return known if draft.agreement.header.incomplete is None else unknown


def _rule(before: str | None, after: str | None, words: str) -> Part:
    return Part(Aspect.RULE, before, after, Direction.UNDECIDED, words)


def _instead(name: str, before: str, after: str) -> Iterator[Part]:
    if before != after:
        yield _rule(before, after, f"{name}: {after} instead of {before}")


def _or_open(value: Any) -> str:
    match value:
        case None:
            return "nothing said"
        case Unspecified():
            return spoken.OPEN
        case VoteRule(kind, needed, seats, veto):
            carried = f"{needed} of {seats}" if needed is not None else kind.value
            return carried + (f", veto {_or_open(veto)}" if veto is not None else "")
        case str() | int():
            return spoken.words(str(value))
        case tuple():
            return spoken.listed(list(value)) or "nothing said"
        case _:
            return spoken.listed(spoken.names(value)) or "nothing said"


def _head(before: Draft, after: Draft) -> Iterator[OtherChange]:
    """Status of the text, and what brings it into force."""
    a, b = before.agreement.header, after.agreement.header
    parts = list(_instead("status", a.status.value, b.status.value))
    if a.in_force_when is not None and b.in_force_when is not None:
        p, q = before.seen(a.in_force_when), after.seen(b.in_force_when)
        extent = Entailment(before, after).extent(p, q)
        if extent != "same":
            was, now = spoken.condition(p, before), spoken.condition(q, after)
            parts.append(_rule(was, now, f"in force: once {now} instead of once {was}"))
    elif a.in_force_when is not None or b.in_force_when is not None:
        silent = after if b.in_force_when is None else before
        if silent.agreement.header.incomplete is None:
            was, now = (_in_force(draft) for draft in (before, after))
            parts.append(_rule(was, now, f"in force: {now} instead of {was}"))
    for name, x, y in (
        ("the first day counts", a.first_day_counts, b.first_day_counts),
        ("a term of months", a.month_end.value, b.month_end.value),
        ("days are counted in", a.zone, b.zone),
    ):
        parts += _instead(name, str(x), str(y))
    if parts:
        yield OtherChange("draft", "head", Fate.CHANGED, tuple(parts))


def _in_force(draft: Draft) -> str:
    when = draft.agreement.header.in_force_when
    return "never" if when is None else f"once {spoken.condition(when, draft)}"


def _term(before: Draft, a: Term, after: Draft, b: Term) -> Iterator[Part]:
    """Readings that came, went or mean something else, and who decides on them."""
    ours, theirs = ({r.name: r for r in x.readings} for x in (a, b))
    for name, reading in ours.items():
        was = _reading(before, reading)
        if name not in theirs:
            yield _rule(was, None, f"no longer read as {was}")
        elif before.seen(reading.value) != after.seen(theirs[name].value):
            now = _reading(after, theirs[name])
            yield _rule(was, now, f"read as {now} instead of {was}")
    for name, reading in theirs.items():
        if name not in ours:
            now = _reading(after, reading)
            yield _rule(None, now, f"also read as {now}")
    yield from _instead("decided by", _or_open(a.decided_by), _or_open(b.decided_by))
    yield from _instead("until decided", _or_open(a.until_decided), _or_open(b.until_decided))


def _reading(draft: Draft, reading: Reading) -> str:
    name = spoken.words(reading.name)
    value = reading.value
    if value is None:
        return name
    if isinstance(value, CountsAs):
        units = spoken.listed(spoken.names(value.units))
        return f"{name} ({units} as {spoken.words(value.party)})"
    if isinstance(value, c.Condition):
        return f"{name} ({spoken.condition(value, draft)})"
    return f"{name} ({Printer(records=dict(draft.agreement.record_types)).value(value)})"


def _institution(before: Draft, a: Institution, after: Draft, b: Institution) -> Iterator[Part]:
    one, other = before.seen(a), after.seen(b)
    for name in _RULES:
        if getattr(one, name) != getattr(other, name):
            was, now = _or_open(getattr(a, name)), _or_open(getattr(b, name))
            yield _rule(was, now, f"{spoken.words(name)}: {now} instead of {was}")
    if set(a.decides_terms) != set(b.decides_terms):
        yield from _instead("decides on", _or_open(a.decides_terms), _or_open(b.decides_terms))


def _fund(_: Draft, a: Fund, __: Draft, b: Fund) -> Iterator[Part]:
    """Who commits how much, who shares, who releases."""
    ours, theirs = ({x.by: x for x in fund.commitments} for fund in (a, b))
    for giver in dict.fromkeys((*ours, *theirs)):
        yield from _commitment(giver, ours.get(giver), theirs.get(giver), b.currency)
    for name, x, y in (
        ("release by", a.release_by, b.release_by),
        ("on close to", a.on_close_to, b.on_close_to),
        ("currency", a.currency, b.currency),
    ):
        yield from _instead(name, _or_open(x), _or_open(y))
    share_a, share_b = dict(a.profit_share), dict(b.profit_share)
    for party in dict.fromkeys((*share_a, *share_b)):
        was, now = share_a.get(party), share_b.get(party)
        direction = of_order(float(was or 0), float(now or 0), Direction.STRONGER)
        if direction is not None:
            told_was, told_now = (
                f"{spoken.number(x)} percent" if x is not None else None for x in (was, now)
            )
            words = f"profit from {told_was or 'none'} to {told_now or 'none'}"
            yield Part(Aspect.RULE, told_was, told_now, direction, words, (party,), "owed")
    spent = [spoken.listed(spoken.names(f.spend_only_on)) or "anything" for f in (a, b)]
    yield from _instead("spent only on", *spent)


def _commitment(
    giver: str, a: Commitment | None, b: Commitment | None, currency: str
) -> Iterator[Part]:
    was, now = (_committed(x, currency) for x in (a, b))
    due_was, due_now = (None if x is None else _due(x) for x in (a, b))
    if was != now:
        before, after = (Decimal(0) if x is None else x.amount for x in (a, b))
        direction: Direction | None = None
        if isinstance(before, Decimal) and isinstance(after, Decimal):
            direction = of_order(float(before), float(after), Direction.STRONGER)
        words = f"commitment from {was or 'none'} to {now or 'none'}"
        yield Part(Aspect.RULE, was, now, direction or Direction.UNDECIDED, words, (giver,))
    elif due_was != due_now:
        words = f"due {due_now} instead of {due_was}"
        yield Part(Aspect.DEADLINE, due_was, due_now, Direction.UNDECIDED, words, (giver,))


def _committed(one: Commitment | None, currency: str) -> str | None:
    if one is None:
        return None
    if one.remainder_of is not None:
        return f"the rest of {spoken.words(one.remainder_of)}"
    if one.amount is None or isinstance(one.amount, Unspecified):
        return f"an amount {spoken.OPEN}"
    return f"{spoken.number(one.amount)} {currency}"


def _due(one: Commitment) -> str:
    return spoken.OPEN if one.due is None or isinstance(one.due, Unspecified) else str(one.due)


def _actor(_: Draft, a: Actor, __: Draft, b: Actor) -> Iterator[Part]:
    """Who belongs to a group, speaks for it, signs."""
    for name in _ACTOR_LISTS:
        was, now = set(getattr(a, name)), set(getattr(b, name))
        gone = [x for x in getattr(a, name) if x not in now]
        come = [x for x in getattr(b, name) if x not in was]
        if gone or come:
            told = [f"also {spoken.listed(come)}"] if come else []
            told += [f"no longer {spoken.listed(gone)}"] if gone else []
            words = f"{name}: {' and '.join(told)}"
            yield _rule(", ".join(gone) or None, ", ".join(come) or None, words)
    yield from _instead("signs", *("yes" if x.signatory else "no" for x in (a, b)))


def _brackets(before: Draft, after: Draft) -> Iterator[OtherChange]:
    """Wording that is not agreed in one draft and is not in brackets in the other."""
    ours, theirs = _in_brackets(before), _in_brackets(after)
    for (place, owner, text), known, fate in (
        *((row, theirs, Fate.REMOVED) for row in ours),
        *((row, ours, Fate.ADDED) for row in theirs),
    ):
        if (owner, text) not in {(o, t) for _, o, t in known}:
            told = f"{owner}: “{text}”"
            gone = fate is Fate.REMOVED
            was, now = (told, None) if gone else (None, told)
            words = f"{'no longer ' if gone else ''}not agreed; {told}"
            part = Part(Aspect.TEXT_STATUS, was, now, Direction.NONE, words)
            yield OtherChange("brackets", place, fate, (part,))


def _in_brackets(draft: Draft) -> list[tuple[str, str, str]]:
    provisions = draft.agreement.provisions.values()
    return [(p.id, one.owner, one.text) for p in provisions for one in p.brackets]
