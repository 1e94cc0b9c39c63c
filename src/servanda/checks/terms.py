"""Disputed terms without decider or interim rule; used and never defined; defined and never used.

A disputed term is shown by one course of events that comes out differently under two readings.
Deliberate ambiguity is listed as a risk.
"""

from collections.abc import Iterator
from dataclasses import replace

from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import bearers, named_in, nodes_of, spoken
from servanda.engine.closure import own_conditions, own_terms, terms_of
from servanda.engine.instances import Instance
from servanda.engine.walk import patterns, values, walk
from servanda.model import condition as c
from servanda.model.actor import ActorKind
from servanda.model.agreement import Provision
from servanda.model.definition import Define, State
from servanda.model.norm import Norm
from servanda.model.place import Place, Zone
from servanda.model.span import Span
from servanda.model.term import Term
from servanda.model.unspecified import Unspecified
from servanda.reason.ground import Ground, Node
from servanda.reason.replay import Claim, Story, replays

ORDER = 7
TITLE = "Disputed terms, undefined and unused words"
CODES = {
    "SA0701": Code(Severity.GAP, "a disputed term that nobody decides"),
    "SA0702": Code(Severity.GAP, "a place that the text does not locate"),
    "SA0703": Code(Severity.GAP, "a list that the text does not give"),
    "SA0704": Code(Severity.GAP, "a matter that the text leaves open"),
    "SA0705": Code(Severity.GAP, "a group without known limits that owes something"),
    "SA0706": Code(Severity.GAP, "a category of people that the text does not define"),
    "SA0707": Code(Severity.RISK, "defined and never used"),
    "SA0708": Code(Severity.RISK, "left open on purpose"),
}
SHORT = 5  # steps of an example that tells two readings apart
_WORDS = ("breached", "done", "begun", "triggered", "forfeited")


def check(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for term in agreement.terms.values():
        if missing(term.decided_by) and term.until_decided is None:
            yield _disputed(context, term)
    used = named_in(context.norms, agreement) | _in_terms(context)
    for place in agreement.places.values():
        if place.unspecified and place.id in used:
            users = [n for n in context.norms if place.id in named_in([n], agreement)]
            yield _gap(
                "SA0702",
                (Clause(place.id, place.span), *(context.clause(n) for n in users)),
                f"{spoken(place.id)} decides what counts, and the text does not say where it is.",
                f"[{place.id}: an annex with coordinates, or a map signed by all]",
            )
    for norm in context.norms:
        for one in norm.lists:
            if isinstance(one.value, Unspecified):
                yield from _unlisted(context, norm, one.name)
        for left in norm.open:
            why = f": {left.why}" if left.why else ""
            yield _gap(
                "SA0704",
                (Clause(f"{norm.id}.{left.name}", left.span),),
                f"{norm.id} leaves open {spoken(left.name)}{why}.",
                f"[{norm.id}: {spoken(left.name)} is …]",
                Severity.RISK if norm.open_on_purpose else Severity.GAP,
            )
    yield from _groups(context)
    yield from _categories(context)
    yield from _unused(context, used)
    yield from _on_purpose(context)


def _gap(
    code: str,
    clauses: tuple[Clause, ...],
    sentence: str,
    text: str,
    severity: Severity | None = None,
) -> AuditWarning:
    return AuditWarning(
        code,
        severity or CODES[code].severity,
        clauses,
        sentence,
        no_story=IN_THE_TEXT,
        options=(Option("Say it in the text, or say who will, and by when.", text),),
    )


# --- disputed terms -------------------------------------------------------------------------------


def _disputed(context: Context, term: Term) -> AuditWarning:
    users = [n for n in context.norms if term.id in own_terms(n, context.agreement)]
    found = None if term.inert or not context.sound else _told_apart(context, term, users)
    told: tuple[str, ...] = ()
    story = None
    if found is not None:
        story, claim, other = found
        told = (f"the same records, {term.id} = {other}: {replace(claim, holds=not claim.holds)}",)
    names = [r.name for r in term.readings]
    no_story = "it changes no state" if term.inert else "no example was found that tells them apart"
    return AuditWarning(
        "SA0701",
        Severity.RISK if term.open_on_purpose or term.inert else Severity.GAP,
        (Clause(term.id, term.span), *(context.clause(n) for n in users)),
        f"{term.title or spoken(term.id)} ({term.id}) is read in {len(names)} ways, nobody "
        "decides, "
        "and no rule holds meanwhile.",
        story,
        no_story="" if story else no_story,
        options=(
            Option("Name who decides, and within what time.", f"[{term.id}: decided by …]"),
            Option(
                "Say how it is read until it is decided.",
                f"[{term.id}: until decided read as {' | '.join(names)}]",
            ),
        ),
        detail=told,
    )


def _told_apart(context: Context, term: Term, users: list[Norm]) -> tuple[Story, Claim, str] | None:
    """A course that has one outcome under one reading and not under another."""
    for norm in users:
        for readings in context.readings([term.id]):
            ground = context.ground(readings)
            for one in ground.setting.instances(norm.id)[:2]:
                for word in _WORDS:
                    for goal in _goals(context, ground, term, one):
                        if context.budget.spent:
                            context.leave(f"an example for {term.id}", "some of its norms")
                            return None
                        claim = Claim(one.id, word)
                        story = context.prove(ground, [claim], goal=goal, longest=SHORT).story
                        if story is None:
                            if goal is None:
                                break  # out of reach: no further goal brings it nearer
                            continue
                        for other in context.readings([term.id]):
                            turned = replace(story, shows=(replace(claim, holds=False),))
                            setting = context.ground(other).setting
                            if other != readings and replays(setting, turned):
                                return story, claim, other[term.id]
    return None


def _goals(context: Context, ground: Ground, term: Term, one: Instance) -> Iterator[int | None]:
    """What a course should pass through: anything, a condition with the term, and all its acts."""
    yield None
    norm = one.norm
    conditions = list(own_conditions(norm))
    conditions += [
        e.condition
        for n in context.norms
        for e in n.effects
        if e.target.norm == norm.id and e.condition is not None
    ]
    for cond in conditions:
        if term.id not in terms_of(cond, context.agreement):
            continue
        whole = ground.node(cond, one.env, True)
        yield ground.add(Node("once", (whole,)))
        leaves = [x for x in walk(cond, context.agreement) if isinstance(x, c.Pattern)]
        if len(leaves) > 1:
            each = [ground.add(Node("once", (ground.node(x, one.env),))) for x in leaves]
            yield ground.add(Node("once", (ground.both([whole, *each]),)))


def _in_terms(context: Context) -> frozenset[str]:
    """Names that readings, definitions, states, funds and the head of the agreement mention."""
    from servanda.checks.frame.words import names_of

    agreement = context.agreement
    conditions = [d.condition for d in agreement.definitions.values()]
    conditions += [s.begins for s in agreement.states.values()]
    conditions += [s.ends for s in agreement.states.values() if s.ends is not None]
    if agreement.header.in_force_when is not None:
        conditions.append(agreement.header.in_force_when)
    found: set[str] = set()
    for term in agreement.terms.values():
        for reading in term.readings:
            if isinstance(reading.value, c.Condition):
                conditions.append(reading.value)
            elif isinstance(reading.value, c.Value):
                found.update(names_of(agreement, reading.value))
    for cond in conditions:
        for node in walk(cond, agreement):
            for value in values(node):
                found.update(names_of(agreement, value))
    return frozenset(found)


# --- lists, groups, categories --------------------------------------------------------------------


def _unlisted(context: Context, norm: Norm, name: str) -> Iterator[AuditWarning]:
    held = None
    if context.sound:
        held = context.across([norm], on(_never_done, context, norm), terms=())
    yield AuditWarning(
        "SA0703",
        Severity.RISK if norm.open_on_purpose else Severity.GAP,
        (context.clause(norm, name),),
        f"{norm.id} asks for every one of {spoken(name)}, and the text does not list them: it is "
        "never fulfilled.",
        None if held is None else held.story,
        no_story="" if held is not None and held.story else IN_THE_TEXT,
        options=(
            Option(
                "List them, or say who does.", f"[{norm.id}: list {name} {{…}}]", norm.provision
            ),
        ),
    )


def _never_done(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        found = patterns(norm.condition, context.agreement.definitions) if norm.condition else ()
        types = list(found)
        env = {**one.env, **{v: "example_area" for p in types for v in _free(p)}}
        doing = [ground.add(Node("once", (ground.node(p, env),))) for p in types[:1]]
        wants = [Claim(one.id, "running"), Claim(one.id, "done", False)]
        story = context.prove(ground, wants, goal=ground.both(doing), later=365).story
        if story is not None:
            return story
        return context.prove(ground, wants, later=365).story
    return None


def _free(pattern: c.Pattern) -> Iterator[str]:
    for value in values(pattern):
        if isinstance(value, c.Var):
            yield value.name


def _groups(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for actor in agreement.actors.values():
        if not actor.open or actor.kind is not ActorKind.GROUP:
            continue
        owed = [n for n in context.norms if actor.id in bearers(agreement, n)]
        if owed:
            yield _gap(
                "SA0705",
                (Clause(actor.id, actor.span), *(context.clause(n) for n in owed)),
                f"{spoken(actor.id)} owes something, and the text does not say who belongs to it, "
                "or which of its members owes what.",
                f"[{actor.id}: members {{…}}; each of them is bound by …]",
            )


def _categories(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    known = {*agreement.terms, *agreement.definitions, *agreement.measures}
    for tally in agreement.tallies.values():
        owed = [
            n
            for n in context.norms
            if any(
                isinstance(x, c.Outstanding) and x.tally == tally.id for x in nodes_of(n, agreement)
            )
        ]
        asked = {
            name
            for n in owed
            for clause in n.for_each
            if clause.domain is not None
            for name in _names(context, clause.domain)
        } | {
            name
            for n in owed
            for x in nodes_of(n, agreement)
            if isinstance(x, c.Outstanding)
            for name in _names(context, x.category)
        }
        missing_words = [w for w in tally.categories if w in asked and w not in known]
        missing_words = [w for w in missing_words if not _explained(context, w)]
        if owed and missing_words:
            yield _gap(
                "SA0706",
                (Clause(tally.id, tally.span), *(context.clause(n) for n in owed)),
                f"Who counts as {', '.join(spoken(w) for w in missing_words)} decides what is "
                "owed, "
                "and no clause says it.",
                "[“"
                + "”, “".join(spoken(w) for w in missing_words)
                + "” means …; lists are exchanged by …]",
            )


def _names(context: Context, value: c.Value) -> tuple[str, ...]:
    from servanda.checks.frame.words import names_of

    return names_of(context.agreement, value)


def _explained(context: Context, word: str) -> bool:
    """Whether a provision says what the word means: `“prisoner of war” means …`."""
    plain = spoken(word).lower()
    return any(
        plain in p.text.lower()
        and any(
            f"{plain}{m}" in p.text.lower().replace("”", "").replace('"', "")
            for m in (" means", " is anyone", " are those", " is whoever")
        )
        for p in context.agreement.provisions.values()
    )


# --- unused ---------------------------------------------------------------------------------------


def _unused(context: Context, used: frozenset[str]) -> Iterator[AuditWarning]:
    agreement = context.agreement
    everything = [node for n in context.norms for node in nodes_of(n, agreement)]
    named: list[Define | State] = [*agreement.definitions.values(), *agreement.states.values()]
    for definition in named:
        if not _called(context, definition.id):
            yield _idle(definition.id, definition.span, "definition")
    measured = {
        name for x in everything if isinstance(x, c.Measured) for name in _names(context, x.measure)
    }
    measured |= {
        x.quantity.measure
        for x in everything
        if isinstance(x, c.Aggregate) and isinstance(x.quantity, c.MeasuredLimit)
    }
    measured |= {
        co.remainder_of for f in agreement.funds.values() for co in f.commitments if co.remainder_of
    }
    measured |= used
    for measure in agreement.measures.values():
        if measure.id not in measured:
            yield _idle(measure.id, measure.span, "measure")
    tallied = {x.tally for x in everything if isinstance(x, c.Outstanding)}
    for tally in agreement.tallies.values():
        if tally.id not in tallied and tally.id not in used:
            yield _idle(tally.id, tally.span, "tally")
    areas: list[Place | Zone] = [*agreement.places.values(), *agreement.zones.values()]
    for where in areas:
        if where.id not in used:
            yield _idle(
                where.id, where.span, "line" if getattr(where, "kind", "") == "line" else "place"
            )


def _called(context: Context, name: str) -> bool:
    agreement = context.agreement
    conditions = [x for n in context.norms for x in nodes_of(n, agreement)]
    if agreement.header.in_force_when is not None:
        conditions += list(walk(agreement.header.in_force_when, agreement))
    return any(isinstance(x, c.Call) and x.name == name for x in conditions)


def _idle(name: str, span: Span, what: str) -> AuditWarning:
    return AuditWarning(
        "SA0707",
        Severity.RISK,
        (Clause(name, span),),
        f"The {what} {name} is declared, and no commitment uses it.",
        no_story=IN_THE_TEXT,
        options=(Option("Use it where it is meant, or take it out.", f"[{name}: … | (strike)]"),),
    )


def _on_purpose(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    things: list[Provision | Norm | Term] = [
        *agreement.provisions.values(),
        *agreement.norms.values(),
        *agreement.terms.values(),
    ]
    for one in things:
        if one.open_on_purpose is not None:
            yield AuditWarning(
                "SA0708",
                Severity.RISK,
                (Clause(one.id, one.span),),
                f"{one.id} is left open on purpose: {one.open_on_purpose}.",
                no_story=IN_THE_TEXT,
                options=(
                    Option(
                        "Agree at least on who decides if it comes to that, and on what holds "
                        "until then.",
                        f"[{one.id}: until agreed, …]",
                    ),
                ),
            )
