"""Assumptions of a run: what the text leaves open, filled in for once (vocabulary, rule 3).

`NORM.FIELD=VALUE`; one instance may be named.  Fields: deadline (a date, or "30 days after EVENT"),
decided_by, vote, areas and other lists, payer, holder, amount, every.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from servanda.engine.slot import AUTOMATIC
from servanda.evidence.finding import parse_vote
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.institution import VoteRule
from servanda.model.norm import Bearers, By, Deadline, ForEach, Norm, Within
from servanda.model.quantity import Comparison, Duration, Quantity

_RELATIVE = re.compile(r"(\d{1,5}) (hours|days|weeks|months|years|day|week|month|year) after (\S+)")
_ASSUMPTION = re.compile(r"(?P<what>[^=]+)\.(?P<field>[a-z_]+)=(?P<value>.+)")
UNIT_WORDS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


class BadAssumption(ValueError):
    """An assumption cannot be made; the message says why and what can."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed, ready for a run; `texts` as they were given, in order."""

    texts: tuple[str, ...] = ()
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    deciders: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, VoteRule] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: frozenset[tuple[str, str]] = frozenset()


def apply(agreement: Agreement, texts: Iterable[str]) -> tuple[Agreement, Assumptions]:
    """Read assumptions; those that change a norm's wording are written into the agreement."""
    given = tuple(texts)
    deadlines: dict[str, Deadline] = {}
    deciders: dict[str, str] = {}
    votes: dict[str, VoteRule] = {}
    lists: dict[str, tuple[str, ...]] = {}
    norms = dict(agreement.norms)
    filled: set[tuple[str, str]] = set()
    for text in given:
        what, name, value = _split(text)
        if name == "vote":
            if what not in agreement.institutions:
                raise BadAssumption(f"{text}: {_unknown(what, agreement.institutions)}")
            votes[what] = _vote(text, value)
            continue
        if name == "decided_by" and what in agreement.terms:
            deciders[what] = _decider(text, value, agreement)
            continue
        norm = norms.get(what.split("[")[0])
        if norm is None:
            raise BadAssumption(f"{text}: {_unknown(what, agreement.norms)}")
        match name:
            case "deadline":
                deadlines[what] = _deadline(text, value, agreement)
                if what == norm.id:
                    norms[norm.id] = replace(norm, deadline=deadlines[what])
                elif isinstance(deadlines[what], Within) and not value.endswith(" in_force"):
                    raise BadAssumption(
                        f"{text}: for one instance a deadline is a date or counts from in_force"
                    )
            case "decided_by":
                deciders[norm.id] = _decider(text, value, agreement)
            case "payer" | "holder":
                norms[norm.id] = _borne_by(norm, value, agreement)
            case "amount":
                norms[norm.id] = _amount(text, norm, value)
            case "every":
                norms[norm.id] = replace(norm, every=_duration(text, value))
            case _ if any(one.name == name for one in norm.lists):
                lists[name] = tuple(part.strip() for part in value.split(",") if part.strip())
            case _:
                raise BadAssumption(
                    f"{text}: {norm.id} leaves no “{name}” open; it can be assumed: "
                    + ", ".join(_assumable(norm))
                )
        filled.add((norm.id, name))
    assumed = Assumptions(given, deadlines, deciders, votes, lists, frozenset(filled))
    return replace(agreement, norms=norms), assumed


def _split(text: str) -> tuple[str, str, str]:
    found = _ASSUMPTION.fullmatch(text.strip())
    if found is None:
        raise BadAssumption(f"“{text}” is no assumption: write NORM.FIELD=VALUE")
    value = found["value"].strip().strip('"“”')
    return found["what"].strip(), found["field"], value


def _unknown(name: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name.split("[", maxsplit=1)[0], list(known), n=1)
    return f"nothing is called “{name}”" + (f"; did you mean {close[0]}?" if close else "")


def _assumable(norm: Norm) -> list[str]:
    lists = [one.name for one in norm.lists]
    return ["deadline", "decided_by", "payer", "holder", "amount", "every", *lists]


def _decider(text: str, value: str, agreement: Agreement) -> str:
    if value != AUTOMATIC and value not in agreement.actors:
        known = (AUTOMATIC, *agreement.institutions)
        raise BadAssumption(
            f"{text}: it is decided by an actor of the agreement, or {AUTOMATIC}; "
            f"{_unknown(value, known)}"
        )
    return value


def _vote(text: str, value: str) -> VoteRule:
    try:
        return parse_vote(value)
    except ValueError as error:
        raise BadAssumption(f"{text}: {error}") from error


def _deadline(text: str, value: str, agreement: Agreement) -> Deadline:
    if relative := _RELATIVE.fullmatch(value):
        unit = UNIT_WORDS.get(relative[2], relative[2])
        return Within(Duration(int(relative[1]), unit), _event(text, relative[3], agreement))
    try:
        return By(date.fromisoformat(value))
    except ValueError as error:
        raise BadAssumption(
            f"{text}: a deadline is a date (2026-07-01) or “30 days after in_force”"
        ) from error


def _event(text: str, name: str, agreement: Agreement) -> c.Condition:
    if name == "in_force":
        return c.InForce()
    if name in agreement.terms:
        return c.TermHolds(name)
    if name in agreement.norms:
        return c.StateOf(name, (), "fulfilled")
    raise BadAssumption(f"{text}: “{name}” is no event: in_force, a term, or a norm’s fulfilment")


def _borne_by(norm: Norm, value: str, agreement: Agreement) -> Norm:
    """The norm borne by those named, and done by them where the text leaves open who acts."""
    names = tuple(c.Name(part.strip()) for part in value.split(",") if part.strip())
    if norm.for_each:
        clauses = tuple(_held_by(clause, names) for clause in norm.for_each)
        return replace(norm, for_each=clauses)
    each = norm.bearers is not None and norm.bearers.each
    condition = None if norm.condition is None else _done_by_bearer(norm.condition, agreement)
    bearers = Bearers(names, each=each or len(names) > 1)
    return replace(norm, bearers=bearers, condition=condition)


def _held_by(clause: ForEach, names: tuple[c.Name, ...]) -> ForEach:
    """Instances for those named, beside those who act."""
    if len(clause.variables) != 1 or clause.where is None:
        return clause
    known = () if clause.domain is None else (clause.domain,)
    return replace(clause, domain=c.SetOf((*known, *names)))


def _done_by_bearer(cond: c.Condition, agreement: Agreement) -> c.Condition:
    if isinstance(cond, c.Aggregate):
        return replace(cond, body=_done_by_bearer(cond.body, agreement))
    if not isinstance(cond, c.Pattern):
        return cond
    actor = agreement.record_types[cond.type].actor
    if actor is None or any(arg.name == actor for arg in cond.args):
        return cond
    return replace(cond, args=(c.Arg(actor, c.Var("bearer")), *cond.args))


def _amount(text: str, norm: Norm, value: str) -> Norm:
    words = value.split()
    try:
        number = Decimal(words[0].replace("_", ""))
    except (ArithmeticError, IndexError) as error:
        raise BadAssumption(f"{text}: an amount is a number and a currency (1_000 USD)") from error
    if not isinstance(norm.condition, c.Pattern):
        raise BadAssumption(f"{text}: {norm.id} is not about a payment")
    currency = words[1] if len(words) > 1 else None
    owed = c.Aggregate(
        "sum",
        "amount",
        norm.condition,
        None,
        Comparison.AT_LEAST,
        Quantity(number, currency),
    )
    return replace(norm, condition=owed)


def _duration(text: str, value: str) -> Duration:
    words = value.split()
    if len(words) == 2 and words[0].isdigit():
        return Duration(int(words[0]), UNIT_WORDS.get(words[1], words[1]))
    raise BadAssumption(f"{text}: write a number and a unit, such as 90 days")


def still_open(norm: Norm, instance: str, names: Iterable[str], given: Assumptions) -> list[str]:
    """The fields of a norm that stay open after what is assumed."""
    alias = {"bearer": ("payer", "holder"), "holders": ("holder",)}
    found = []
    for name in names:
        if name == "deadline":  # one instance may have been named
            assumed = bool({norm.id, instance} & set(given.deadlines))
        else:
            others = (name, *alias.get(name, ()))
            assumed = any((norm.id, other) in given.filled for other in others)
        if not assumed:
            found.append(name)
    return found
