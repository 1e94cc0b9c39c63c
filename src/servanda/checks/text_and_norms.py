"""Text without norm, norm without text, drift between them; diverging text witnesses.

The words of a provision and its norms are held side by side: every number, date and actor of the
one should stand in the other. That is done by words alone, and says no more than that they
differ.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from servanda.checks.frame.context import Context
from servanda.checks.frame.doers import doers
from servanda.checks.frame.numbers import dates_in, numbers_in, ordinals_in
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import listed, names_of, signers, spoken, title_of
from servanda.engine.closure import own_conditions
from servanda.engine.walk import children, values, walk
from servanda.model import condition as c
from servanda.model.agreement import Provision
from servanda.model.norm import By, Norm, Within
from servanda.model.quantity import Duration, Quantity
from servanda.report.negotiation import negotiation

ORDER = 15
TITLE = "Text and norms"
CODES = {
    "SA1501": Code(Severity.GAP, "text without norm"),
    "SA1502": Code(Severity.GAP, "a norm without text"),
    "SA1503": Code(Severity.RISK, "numbers or dates that differ between text and norms"),
    "SA1504": Code(Severity.RISK, "actors that differ between text and norms"),
    "SA1505": Code(Severity.RISK, "published wordings that differ"),
    "SA1506": Code(Severity.RISK, "an authentic text that is missing"),
    "SA1508": Code(Severity.GAP, "a duty whose act is somebody else's"),
    "SA1507": Code(Severity.RISK, "another draft that says otherwise"),
}
_ALL_OF_THEM = re.compile(r"\b(each|both|either|neither|every|parties|sides)\b", re.IGNORECASE)
_PLAIN = frozenset({Decimal(0), Decimal(1), Decimal(2)})  # too common to mean anything


def check(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    by_provision: dict[str, list[Norm]] = {}
    for norm in context.norms:
        if norm.provision is not None:
            by_provision.setdefault(norm.provision, []).append(norm)
    for provision in agreement.provisions.values():
        norms = by_provision.get(provision.id, [])
        if not norms:
            if not provision.left_for_later:
                yield _one(
                    "SA1501",
                    provision,
                    f"{provision.id} has text and no norm: what it says is never assessed.",
                    f"[{provision.id}: obligation … | norms left for later]",
                )
            continue
        if not provision.text.strip():
            yield _one(
                "SA1502",
                provision,
                f"{provision.id} has norms and no text: no reader can see what they rest on.",
                f"[{provision.id}: …]",
            )
            continue
        yield from _numbers(context, provision, norms)
        yield from _actors(context, provision, norms)
    for norm in context.norms:
        if norm.provision is None:
            yield AuditWarning(
                "SA1502",
                Severity.GAP,
                (context.clause(norm),),
                f"{norm.id} belongs to no provision: no words of the text carry it.",
                no_story=IN_THE_TEXT,
                options=(Option("Move it under its words.", f"[{norm.id}: under …]"),),
            )
        yield from doers(context, norm)
    yield from _wordings(context)
    yield from _authentic(context)


def _one(code: str, provision: Provision, sentence: str, text: str) -> AuditWarning:
    severity = Severity.RISK if provision.open_on_purpose else CODES[code].severity
    return AuditWarning(
        code,
        severity,
        (Clause(provision.id, provision.span),),
        sentence,
        no_story=IN_THE_TEXT,
        options=(Option("Bring the words and the norms together.", text, provision.id),),
    )


# --- numbers --------------------------------------------------------------------------------------


def _numbers(context: Context, provision: Provision, norms: list[Norm]) -> Iterator[AuditWarning]:
    said, dates = numbers_in(provision.text), dates_in(provision.text)
    ordinals = ordinals_in(provision.text)
    for norm in norms:
        meant = {n for n in _amounts(norm) if n not in _PLAIN}
        missing = sorted(n for n in meant if n not in said and n not in ordinals)
        last = _last_days(norm)  # “until 30 June” in words is `until 2027-07-01`
        days = sorted(d for d in _days(norm) if d not in dates and last.get(d) not in dates)
        if not missing and not days:
            continue
        told = [f"{n:,f}" for n in missing] + [d.isoformat() for d in days]
        yield AuditWarning(
            "SA1503",
            Severity.RISK,
            (context.clause(norm), Clause(provision.id, provision.span)),
            f"{norm.id} says {listed(told)}, which the words of {provision.id} do not.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Put the number into the words, or take it out of the norm.",
                    f"[{provision.id}: … {told[0]} …]",
                    provision.id,
                ),
            ),
        )
    meant = {n for norm in norms for n in (*_amounts(norm), *_called(context, norm))}
    days_meant = {d for norm in norms for d in (*_days(norm), *_last_days(norm).values())}
    meant |= {Decimal(part) for d in days_meant for part in (d.day, d.year)}
    left = sorted(n for n in said if n not in meant and n not in _PLAIN and _counts(provision, n))
    if left and any(_amounts(norm) for norm in norms):
        yield AuditWarning(
            "SA1503",
            Severity.RISK,
            (Clause(provision.id, provision.span), *(context.clause(n) for n in norms)),
            f"The words of {provision.id} say {listed([f'{n:,f}' for n in left])}, which no norm "
            "of it "
            "does.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Write the norm for it, or take it out of the words.",
                    f"[{norms[0].id}: … {left[0]:f} …]",
                    provision.id,
                ),
            ),
        )


def _counts(provision: Provision, number: Decimal) -> bool:
    """Whether a number is followed by what it counts, and is no year or number of a point."""
    if 1900 <= number <= 2100:
        return False
    return not re.search(
        rf"\b(?:point|article|paragraph|resolution)s? {number:f}\b", provision.text, re.I
    )


def _inside(norm: Norm) -> Iterator[c.Condition]:
    """The nodes of a norm's own conditions, without what they call by name."""
    pending = list(own_conditions(norm))
    pending += [e.when for e in norm.consequences if e.when is not None]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))


def _called(context: Context, norm: Norm) -> set[Decimal]:
    """The numbers in definitions, states and terms that the conditions of a norm call by name."""
    return _numbers_of(
        node for cond in own_conditions(norm) for node in walk(cond, context.agreement)
    )


def _amounts(norm: Norm) -> set[Decimal]:
    """The numbers in the clauses of a norm themselves."""
    durations: list[object] = [norm.grace, norm.every]
    if isinstance(norm.deadline, Within):
        durations.append(norm.deadline.duration)
    if norm.cure is not None:
        durations.append(norm.cure.within)
    durations += [s.after for s in norm.steps]
    durations += [s.consequence.at_most for s in norm.steps if s.consequence is not None]
    durations += [e.at_most for e in norm.consequences]
    durations += [s.at_most for s in norm.clock_stops]
    own = {Decimal(d.amount) for d in durations if isinstance(d, Duration)}
    return own | _numbers_of(_inside(norm))


def _numbers_of(nodes: Iterable[c.Condition]) -> set[Decimal]:
    found: set[Decimal] = set()
    durations: list[object] = []
    for node in nodes:
        match node:
            case c.Measured(quantity=quantity) | c.Outstanding(quantity=quantity):
                found.add(quantity.amount)
            case c.Aggregate(quantity=quantity, window=window):
                durations.append(window)
                if isinstance(quantity, Quantity):
                    found.add(quantity.amount)
                else:
                    found |= {quantity.percent} if quantity.percent != 100 else set()
                    found |= {quantity.less.amount} if quantity.less is not None else set()
            case (
                c.After(duration=duration)
                | c.Lasting(duration=duration)
                | c.KeptFor(duration=duration)
            ):
                durations.append(duration)
            case c.Temporal(window=span) | c.Dyadic(window=span) if span is not None:
                durations += [span.lower, span.upper]
            case c.Pattern(args=args, place=place):
                found |= {a.value.quantity.amount for a in args if isinstance(a.value, c.Bound)}
                if place is not None and place.within is not None:
                    found.add(place.within.amount)
            case _:
                pass
    return found | {Decimal(d.amount) for d in durations if isinstance(d, Duration)}


def _days(norm: Norm) -> set[date]:
    found = {node.at for node in _inside(norm) if isinstance(node, c.FromInstant)}
    days = {d.date() if isinstance(d, datetime) else d for d in found}
    return days | ({norm.deadline.day} if isinstance(norm.deadline, By) else set())


def _last_days(norm: Norm) -> dict[date, date]:
    """For the day on which a norm has ended the last day on which it holds, as words have it."""
    if not isinstance(norm.until, c.FromInstant):
        return {}
    day = norm.until.at.date() if isinstance(norm.until.at, datetime) else norm.until.at
    return {day: day - timedelta(days=1)}


# --- actors ---------------------------------------------------------------------------------------


def _actors(context: Context, provision: Provision, norms: list[Norm]) -> Iterator[AuditWarning]:
    agreement = context.agreement
    text = provision.text
    everybody = bool(_ALL_OF_THEM.search(text))
    signing = set(signers(agreement))
    for norm in norms:
        absent = [
            name
            for name in _own_actors(context, norm)
            if not _mentioned(context, name, text) and not (everybody and name in signing)
        ]
        if absent:
            yield AuditWarning(
                "SA1504",
                Severity.RISK,
                (context.clause(norm), Clause(provision.id, provision.span)),
                f"{norm.id} names {listed([title_of(agreement, a) for a in absent])}, whom the "
                "words of "
                f"{provision.id} do not.",
                no_story=IN_THE_TEXT,
                options=(
                    Option(
                        "Name them in the words, or take them out of the norm.",
                        f"[{provision.id}: … {title_of(agreement, absent[0])} …]",
                        provision.id,
                    ),
                ),
            )
    carried = {name for norm in norms for name in (*_own_actors(context, norm), *norm.shown_by)}
    silent = [
        actor.id
        for actor in agreement.actors.values()
        if actor.id not in carried
        and not any(
            actor.id in agreement.actors[n].members for n in carried if n in agreement.actors
        )
        and _by_name(actor.title or spoken(actor.id), text)
    ]
    if silent and carried:
        members = [
            f"{title_of(agreement, a)} (a member of {title_of(agreement, g)})"
            for a in silent
            for g in carried
            if g in agreement.actors and a in agreement.actors[g].members
        ]
        told = listed([title_of(agreement, a) for a in silent])
        yield _one(
            "SA1504",
            provision,
            f"The words of {provision.id} give {told} a part that no norm of it does."
            + (f" {members[0]} stands on one side." if members else ""),
            f"[{norms[0].id}: … {silent[0]} …]",
        )
    yield from _two_parts(context, provision, norms)


def _two_parts(context: Context, provision: Provision, norms: list[Norm]) -> Iterator[AuditWarning]:
    """Who mediates or supervises by the words, and is a member of one of those who owe."""
    agreement = context.agreement
    between = re.search(r"\b(mediat\w+|supervis\w+|arbitrat\w+)\b", provision.text, re.IGNORECASE)
    if between is None:
        return
    for norm in norms:
        named = _own_actors(context, norm)
        for actor in agreement.actors.values():
            title = actor.title or spoken(actor.id)
            groups = [
                g
                for g in named
                if g in agreement.actors and actor.id in agreement.actors[g].members
            ]
            if groups and actor.id not in named and _by_name(title, provision.text):
                yield AuditWarning(
                    "SA1504",
                    Severity.RISK,
                    (Clause(f"{provision.id}.{actor.id}", provision.span), context.clause(norm)),
                    f"The words of {provision.id} give {title} a part of its own "
                    f"({between[0].lower()}) that "
                    f"no norm carries, and it is a member of {title_of(agreement, groups[0])}, "
                    "who owes.",
                    no_story=IN_THE_TEXT,
                    options=(
                        Option(
                            "Say in a norm what the part is, or give it to somebody outside.",
                            f"[{norm.id}: {between[0].lower()} by …]",
                            provision.id,
                        ),
                    ),
                )


def _own_actors(context: Context, norm: Norm) -> tuple[str, ...]:
    """Declared actors whom a norm's own clauses name."""
    agreement = context.agreement
    found: dict[str, None] = {}
    named = list(norm.bearers.values) if norm.bearers is not None else []
    named += [v for v in (norm.toward, norm.beneficiary) if v is not None]
    named += [clause.domain for clause in norm.for_each if clause.domain is not None]
    for node in _inside(norm):
        named += list(values(node))
    deciders = [
        norm.decided_by,
        *(s.decider for s in norm.steps),
        *(e.decider for e in norm.consequences),
    ]
    found.update((d, None) for d in deciders if isinstance(d, str))
    for value in named:
        if isinstance(value, c.MembersOf):
            found[value.group] = None
            continue
        found.update(
            (name, None)
            for name in names_of(agreement, value)
            if not isinstance(value, c.TermValue)
        )
    return tuple(name for name in found if name in agreement.actors)


def _mentioned(context: Context, name: str, text: str) -> bool:
    """Whether a text names an actor, also by a form of its name (“Ukrainian”)."""
    title = title_of(context.agreement, name)
    low = text.lower()
    names = {title.lower(), spoken(name).lower(), title.lower().removeprefix("the ")}
    if any(n in low for n in names):
        return True
    return any(
        len(n) >= 5 and re.search(rf"\b{re.escape(n[:5])}", low) for n in names if " " not in n
    )


def _by_name(title: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(title)}\b", text) is not None


# --- witnesses ------------------------------------------------------------------------------------


def _wordings(context: Context) -> Iterator[AuditWarning]:
    record = context.kept("negotiation", lambda: negotiation(context.library))
    for row in record["differences"]:
        provision = context.agreement.provisions.get(str(row.get("point")))
        if provision is not None:
            told = [f"{w.get('witness')}: {w.get('says')}" for w in row.get("wordings") or ()]
            yield _published("SA1505", provision, f"differ: {row.get('about')}", told)
    for draft in record["drafts"]:
        for row in draft.get("differences") or ():
            if draft.get("relation") != "competing" or not row.get("says"):
                continue
            for point in row.get("points") or ():
                provision = context.agreement.provisions.get(str(point))
                if provision is not None:
                    name = draft.get("title") or draft.get("id")
                    told = [f"{name}, {draft.get('date')}: {row.get('says')}"]
                    yield _published("SA1507", provision, "compete with another draft", told)


def _published(code: str, provision: Provision, what: str, told: list[str]) -> AuditWarning:
    return AuditWarning(
        code,
        Severity.RISK,
        (Clause(provision.id, provision.span),),
        f"Published wordings of {provision.id} {what}.",
        no_story="which wording is meant no course of events settles",
        options=(
            Option(
                "Agree on one text, and say which publication has it.",
                f"[{provision.id}: …]",
                provision.id,
            ),
        ),
        detail=tuple(told),
    )


def _authentic(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    header = agreement.header
    first = header.languages[0] if header.languages else None
    for language in header.authentic:
        if language == first:
            continue
        without = [
            p
            for p in agreement.provisions.values()
            if p.text and language not in {t.language for t in p.translations}
        ]
        if without:
            yield AuditWarning(
                "SA1506",
                Severity.RISK,
                tuple(Clause(p.id, p.span) for p in without),
                f"The text in {language} is to bind, and {listed([p.id for p in without])} have "
                "none.",
                no_story=IN_THE_TEXT,
                options=(Option("Write it before anybody signs.", f"[translation {language} …]"),),
            )
