"""Impossible or fragile deadlines: none at all, clocks without a start, chains that cannot be met.

Latest-start analysis: z3 asks whether all deadlines of a chain can be met at once, and whether who
uses all the time that it has leaves the next none.  Month-ends and time zones are counted with the
engine's own calendar.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import binding, clocked, dated
from servanda.engine.strata import start_of
from servanda.model import condition as c
from servanda.model.norm import CountedFrom, Norm, NormKind, Within
from servanda.reason.courses import Verdict
from servanda.reason.dates import Chains, zone_names
from servanda.reason.ground import Ground
from servanda.reason.replay import NEVER_ENDING, Claim, Story

ORDER = 3
TITLE = "Impossible or fragile deadlines"
CODES = {
    "SA0301": Code(Severity.GAP, "no deadline: never too late"),
    "SA0302": Code(Severity.BREAKS, "a limit that is never checked"),
    "SA0303": Code(Severity.GAP, "a clock whose start is disputed"),
    "SA0304": Code(Severity.RISK, "a clock that runs from a receipt that nobody has to record"),
    "SA0305": Code(Severity.BREAKS, "deadlines that cannot all be met"),
    "SA0306": Code(Severity.RISK, "a deadline that another can use up"),
    "SA0307": Code(Severity.RISK, "months of unequal length, counted by no rule of the text"),
    "SA0308": Code(Severity.RISK, "a day without end: the text names no time zone"),
    "SA0309": Code(Severity.GAP, "a clock that never starts"),
    "SA0311": Code(Severity.GAP, "a commitment that does not say when it begins"),
    "SA0310": Code(Severity.BREAKS, "terms that should meet and do not at month-ends"),
}


_TIMELESS = (NormKind.PRINCIPLE, NormKind.RULE)


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    for norm in context.norms:
        if norm.start is None and norm.kind not in _TIMELESS:
            yield _no_begin(context, norm)
        if binding(norm):
            yield from _undated(context, norm)
            yield from _clock(context, norm)
    yield from _chains(context)
    yield from _months(context)
    yield from _zone(context)


def _no_begin(context: Context, norm: Norm) -> AuditWarning:
    return AuditWarning(
        "SA0311",
        Severity.RISK if norm.open_on_purpose else Severity.GAP,
        (context.clause(norm, "start"),),
        f"{norm.id} does not say from when it binds.",
        no_story="it is taken to begin with the agreement, for want of a rule",
        options=(Option("Say it.", f"[{norm.id}: from in_force | from …]", norm.provision),),
    )


def _undated(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    if norm.duty == "achieve" and missing(norm.deadline) and missing(norm.every):
        held = context.across([norm], on(_for_ever, context, norm), terms=())
        yield AuditWarning(
            "SA0301",
            Severity.RISK if norm.open_on_purpose else Severity.GAP,
            (context.clause(norm, "deadline"),),
            f"{norm.id} has no deadline: "
            + (
                "ten years later it is still owed, and not breached."
                if held.story
                else "it is never too late for it."
            ),
            held.story,
            no_story="" if held.story else "no course of events was found in which it begins",
            options=(
                Option(
                    "Give it a day, or a time after an event.",
                    f"[{norm.id}: within … days of in_force | by …]",
                    norm.provision,
                ),
            ),
        )
    if norm.duty == "maintain" and norm.deadline is not None and missing(norm.deadline):
        held = context.across([norm], on(_unchecked, context, norm), terms=())
        yield AuditWarning(
            "SA0302",
            Severity.BREAKS,
            (context.clause(norm, "deadline"),),
            f"{norm.id} is never checked: from when it counts is left open, so that it is "
            "broken for ten years without a breach.",
            held.story,
            no_story="" if held.story else "no measure that exceeds it could be invented",
            options=(
                Option(
                    "Say from when it counts, or strike the deadline.",
                    f"[{norm.id}: by … | (no deadline)]",
                    norm.provision,
                ),
            ),
        )


def _for_ever(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        wants = [Claim(one.id, "running"), Claim(one.id, "done", False)]
        also = [Claim(one.id, "breached", False)]
        return context.prove(ground, wants, also, later=NEVER_ENDING).story
    return None


def _unchecked(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        assert norm.condition is not None
        broken = ground.opposite(ground.node(norm.condition, one.env))
        wants = [Claim(one.id, "running")]
        also = [Claim(one.id, "breached", False)]
        return context.prove(ground, wants, also, goal=broken, later=NEVER_ENDING).story
    return None


# --- clocks ---------------------------------------------------------------------------------------


def _clock(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    if not isinstance(norm.deadline, Within):
        return
    within = norm.deadline
    if isinstance(within.of, c.TermHolds):
        term = context.agreement.terms[within.of.term]
        if missing(term.decided_by) and term.until_decided is None:
            yield _disputed(context, norm, term.id)
    if within.counted_from is CountedFrom.RECEIPT:
        yield AuditWarning(
            "SA0304",
            Severity.RISK,
            (context.clause(norm, "deadline"),),
            f"The clock of {norm.id} runs from a receipt: where nobody records it, none runs.",
            no_story="what is not recorded cannot be shown by records",
            options=(
                Option(
                    "Count from the event, or take a letter as received after some days.",
                    f"[{norm.id}: received at the latest … days after it was sent]",
                    norm.provision,
                ),
            ),
        )
    held = context.across([norm], on(_no_start, context, norm))
    if held.story is not None:
        yield AuditWarning(
            "SA0309",
            Severity.GAP,
            (context.clause(norm, "deadline"),),
            f"The clock of {norm.id} starts with what can never come: it is never too late.",
            held.story,
            options=(
                Option(
                    "Let the clock start with what will come.",
                    f"[{norm.id}: within … of in_force]",
                    norm.provision,
                ),
            ),
            readings=held.readings,
        )


def _no_start(context: Context, ground: Ground, norm: Norm) -> Story | None:
    from servanda.reason.courses import reachable

    assert isinstance(norm.deadline, Within)
    for one in ground.setting.instances(norm.id)[:1]:
        of = ground.node(norm.deadline.of, one.env)
        begun = ground.flag(one, "begun")
        can_start, can_begin = reachable(ground, [of, begun])
        if can_begin and not can_start:
            return _for_ever(context, ground, norm)
    return None


def _disputed(context: Context, norm: Norm, term: str) -> AuditWarning:
    """One course, told under two readings: breached by the one, in time by the other."""
    story: Story | None = None
    told: tuple[str, ...] = ()
    for readings in context.readings([term]):
        ground = context.ground(readings)
        one = ground.setting.instances(norm.id)[0]
        proof = context.prove(ground, [Claim(one.id, "breached")])
        if proof.story is None:
            continue
        for other in context.readings([term]):
            claims = (Claim(one.id, "breached", False),)
            if other != readings and _under(context, other, proof.story, claims):
                story = proof.story
                told = (f"the same records, {term} = {other[term]}: not breached",)
                break
        if story is not None:
            break
    return AuditWarning(
        "SA0303",
        Severity.GAP,
        (context.clause(norm, "deadline"), _term_clause(context, term)),
        f"When the clock of {norm.id} starts is disputed ({term}), and nobody decides it.",
        story,
        no_story="" if story else "no example tells the readings apart",
        options=(
            Option(
                "Name the event, or who decides.",
                f"[{term}: decided by …]",
                norm.provision,
            ),
        ),
        detail=told,
    )


def _under(
    context: Context, readings: dict[str, str], story: Story, shows: tuple[Claim, ...]
) -> bool:
    from dataclasses import replace

    from servanda.reason.replay import replays

    return replays(context.ground(readings).setting, replace(story, shows=shows))


def _term_clause(context: Context, term: str) -> Clause:
    return Clause(term, context.agreement.terms[term].span)


# --- chains ---------------------------------------------------------------------------------------


def _chains(context: Context) -> Iterator[AuditWarning]:
    chains = Chains(context.ground().setting)
    for group in chains.impossible():
        norms = [context.agreement.norms[n] for n in group]
        last = norms[-1]
        held = context.across(norms, on(_late, context, last))
        yield AuditWarning(
            "SA0305",
            Severity.BREAKS,
            tuple(context.clause(n, "deadline") for n in norms),
            f"The deadlines of {' and '.join(group)} cannot all be met, whoever does what when."
            if len(group) > 1
            else f"The deadline of {last.id} is over before it can begin.",
            held.story,
            no_story="" if held.story else "z3 finds no days for it; no single course shows that",
            options=(
                Option(
                    "Move one of the days, or let what waits begin earlier.",
                    f"[{last.id}: within … days of {_start_name(last)}]",
                    last.provision,
                ),
            ),
        )
    for prior, after in chains.fragile():
        norm = context.agreement.norms[after]
        held = context.across([norm], on(_at_the_last, context, chains, prior, after))
        if held.story is None:
            continue
        yield AuditWarning(
            "SA0306",
            Severity.RISK,
            (
                context.clause(norm, "deadline"),
                context.clause(context.agreement.norms[prior], "deadline"),
            ),
            f"Who uses all the time that {prior} gives leaves none for {after}: it is late "
            "without a fault of its bearer.",
            held.story,
            options=(
                Option(
                    "Count its time from what it waits for.",
                    f"[{after}: within … days of {prior} is fulfilled]",
                    norm.provision,
                ),
            ),
            readings=held.readings,
        )


def _at_the_last(
    context: Context, ground: Ground, chains: Chains, prior: str, after: str
) -> Story | None:
    return chains.at_the_last(ground.setting, prior, after)


def _late(context: Context, ground: Ground, norm: Norm) -> Story | None:
    one = ground.setting.instances(norm.id)[0]
    proof = context.prove(ground, [Claim(one.id, "breached")])
    return proof.story if proof.verdict is Verdict.FOUND else None


def _start_name(norm: Norm) -> str:
    condition = start_of(norm).condition
    return (
        f"{condition.norm} is {condition.state}" if isinstance(condition, c.StateOf) else "in_force"
    )


# --- months and zones -----------------------------------------------------------------------------


def _months(context: Context) -> Iterator[AuditWarning]:
    chains = Chains(context.ground().setting)
    yield from _seams(context, chains)
    if "months" in context.agreement.header.said:
        return
    norms = [
        (norm, name, duration)
        for norm in context.norms
        for name, duration in clocked(norm)
        if duration.unit in ("months", "years")
    ]
    if norms:
        yield AuditWarning(
            "SA0307",
            Severity.RISK,
            tuple(context.clause(norm, name) for norm, name, _ in norms),
            "Months and years are counted, and the text does not say where a term ends whose month "
            "has no such day: 31 January and a month is 28 February or 3 March.",
            no_story="both ways of counting are shown in detail",
            options=(
                Option(
                    "Say it in the head of the agreement, or count days.",
                    "[months end on the last day | run into the next month]",
                ),
            ),
            detail=tuple(chains.month_ends(norm, length) for norm, _, length in norms),
        )


def _seams(context: Context, chains: Chains) -> Iterator[AuditWarning]:
    for one, other, day in chains.seams():
        first, second = context.agreement.norms[one], context.agreement.norms[other]
        yield AuditWarning(
            "SA0310",
            Severity.BREAKS,
            (context.clause(second, "start"), context.clause(first, "until")),
            f"{one} ends and {other} begins after the same event, the one counted in months, the "
            f"other in days: after {day} they do not meet.",
            no_story="the days are counted with the engine's own calendar",
            options=(
                Option(
                    "Let the one begin when the other has expired.",
                    f"[{other}: from {one} is expired]",
                    second.provision,
                ),
            ),
        )


def _zone(context: Context) -> Iterator[AuditWarning]:
    header = context.agreement.header
    by_day = [n for n in context.norms if dated(n)]
    if "zone" in header.said or not by_day:
        return
    zones = sorted({z for a in context.agreement.actors.values() for z in zone_names(a.country)})
    yield AuditWarning(
        "SA0308",
        Severity.RISK,
        tuple(context.clause(n, "deadline") for n in by_day[:1]),
        "Deadlines are days, and the text does not say in which time zone a day ends"
        + (f" (the parties have {', '.join(zones[:3])})." if zones else "."),
        no_story="UTC is used here, for want of a rule",
        options=(Option("Name it in the head of the agreement.", "[zone …]"),),
    )
