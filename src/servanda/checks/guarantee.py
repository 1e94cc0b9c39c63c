"""Guarantees: a trigger that nobody decides, a response without content, a forfeiture too wide.

The hard questions are asked of clingo: can the guarantee be lost by acts of others alone, and is
it lost to the beneficiary who defends itself? Mirrored acts show what ends it and would not call
for it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.elsewhere import elsewhere
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import listed, names_of, spoken
from servanda.engine.instances import open_fields
from servanda.engine.strata import start_of
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind
from servanda.reason.acts import Act, acts_for
from servanda.reason.courses import reachable
from servanda.reason.ground import TRUE, Ground, Node
from servanda.reason.replay import Claim, Story, made

ORDER = 6
TITLE = "Guarantee: trigger, response, forfeiture"
SHORT = 5  # steps of a course in which a guarantee is called for and then lost
CODES = {
    "SA0601": Code(Severity.BREAKS, "a trigger that nobody decides"),
    "SA0602": Code(Severity.GAP, "a response without content or clock"),
    "SA0603": Code(Severity.RISK, "a forfeiture wider than the trigger"),
    "SA0604": Code(Severity.BREAKS, "a guarantee that others can end"),
    "SA0605": Code(Severity.RISK, "a guarantee that ends while it is called for"),
    "SA0606": Code(Severity.RISK, "a trigger or forfeiture that rests on attribution alone"),
    "SA0608": Code(Severity.BREAKS, "a decider that cannot find it"),
    "SA0607": Code(Severity.GAP, "a guarantee promised without guarantor or content"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    for norm in context.norms:
        if norm.kind is NormKind.GUARANTEE:
            yield from _undecided(context, norm)
            yield from _powerless(context, norm)
            yield from _response(context, norm)
            yield from _wider(context, norm)
            yield from _ended(context, norm)
            yield from _unattributed(context, norm)
        elif _promised(norm):
            yield _empty(context, norm)


def _undecided(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    if not missing(norm.decided_by):
        return
    held = context.across([norm], on(_called, context, norm))
    yield AuditWarning(
        "SA0601",
        Severity.BREAKS,
        (context.clause(norm, "decided_by"),),
        f"Nobody decides that {norm.id} is called for: it is not invoked, whatever happens.",
        held.story,
        no_story="" if held.story else "no course of events was found that calls for it",
        options=(
            Option("Name a body, with its vote.", f"[{norm.id}: decided by …]", norm.provision),
            Option(
                "Let it act by itself, on stated evidence, within a stated time.",
                f"[{norm.id}: automatic … hours after …]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _powerless(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    """A decider is named, and no finding of it could stand."""
    body = norm.decided_by
    if not isinstance(body, str):
        return
    held = context.across([norm], on(_unheard, context, norm, body))
    if held.story is None:
        return
    yield AuditWarning(
        "SA0608",
        Severity.BREAKS,
        (context.clause(norm, "decided_by"),),
        f"{body} is to decide that {norm.id} is called for, and no finding of it can stand: it is "
        "not the body competent for it, has no vote, or is never set up.",
        held.story,
        options=(
            Option(
                "Give it the competence and a vote, or name the body that has them.",
                f"[institution {body}: vote … competent for {{{norm.id}}}]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _unheard(context: Context, ground: Ground, norm: Norm, body: str) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        act = ground.finding(body, one, "trigger")
        if act is not None and reachable(ground, [ground.required.get(act, TRUE)])[0]:
            return None
        wants, also = [Claim(one.id, "triggered")], [Claim(one.id, "invoked", False)]
        lasting = context.prove(ground, wants, also, later=30).story
        return lasting or context.prove(ground, wants, also).story
    return None


def _called(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        wants, also = [Claim(one.id, "triggered")], [Claim(one.id, "invoked", False)]
        lasting = context.prove(ground, wants, also, later=30).story
        return lasting or context.prove(ground, wants, also).story
    return None


# --- response -------------------------------------------------------------------------------------


def responses(context: Context, norm: Norm) -> list[Norm]:
    """Norms that begin when a guarantee is invoked."""
    return [
        n
        for n in context.norms
        if any(
            isinstance(node, c.StateOf) and node.norm == norm.id and node.state == "invoked"
            for node in walk(start_of(n).condition, context.agreement)
        )
    ]


def _response(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    found = [n for n in responses(context, norm) if n.kind is not NormKind.EFFECT]
    if not found and not norm.steps:
        yield AuditWarning(
            "SA0602",
            Severity.GAP,
            (context.clause(norm),),
            f"Nothing is owed when {norm.id} is invoked: it has no response.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Say who does what, within what time.",
                    f"[obligation … from each {norm.id} is invoked within …]",
                    norm.provision,
                ),
            ),
        )
    for answer in found:
        open_ = [f for f in open_fields(answer) if f not in ("bearers",)]
        if not open_ and not missing(answer.deadline):
            continue
        content = [f for f in open_ if f != "deadline"]
        clauses = (answer, ""), (norm, ""), *((answer, name) for name in open_)
        yield AuditWarning(
            "SA0602",
            Severity.GAP,
            tuple(context.clause(*one) for one in clauses),
            f"The response {answer.id} leaves open: {listed(map(spoken, open_ or ['deadline']))}.",
            no_story=IN_THE_TEXT,
            options=(
                *(
                    Option(
                        f"Say which {spoken(name)} is owed, in steps if it is to grow.",
                        f"[{answer.id}: {spoken(name)}: …]",
                        answer.provision,
                    )
                    for name in content
                ),
                Option(
                    "Say what is owed and by when.",
                    f"[{answer.id}: within … hours of {norm.id} is invoked: …]",
                    answer.provision,
                ),
            ),
            detail=elsewhere(context, answer.provision) if content else (),
        )


# --- forfeiture -----------------------------------------------------------------------------------


def _wider(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    """An act of the beneficiary that forfeits, and the same act against it that calls for "
    "nothing."""
    held = context.across([norm], on(_mirrored, context, norm))
    if held.story is None:
        return
    yield AuditWarning(
        "SA0603",
        Severity.RISK,
        (context.clause(norm, "lapses"), context.clause(norm, "triggers")),
        f"{norm.id} is forfeited by an act that, done against its beneficiary, does not call for "
        "it: the forfeiture is wider than the trigger.",
        held.story,
        options=(
            Option(
                "Measure both by one yardstick.",
                f"[{norm.id}: lapses when … as grave as what triggers it]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _mirrored(context: Context, ground: Ground, norm: Norm) -> Story | None:
    setting = ground.setting
    one = next(iter(setting.instances(norm.id)), None)
    parties = _two(context, norm)
    if one is None or parties is None:
        return None
    for lapse in norm.lapses:
        for node in walk(lapse.condition, context.agreement, setting.assignment):
            if not isinstance(node, c.Pattern):
                continue
            for act in acts_for(setting, node, one.env):
                if parties[0] not in act.by:
                    continue
                other = _swapped(act, parties)
                begun = context.prove(ground, [Claim(one.id, "running")]).story
                if begun is None:
                    return None
                day = setting.first_day + timedelta(days=len(begun.told) + 3)
                story = _after(
                    ground, begun, [(day, other), (day + timedelta(days=10), act)], one.id
                )
                if story is not None:
                    return story
    return None


def _after(
    ground: Ground, begun: Story, acts: list[tuple[date, Act]], instance: str
) -> Story | None:
    from dataclasses import replace

    from servanda.reason.replay import replays

    shows = (Claim(instance, "forfeited"), Claim(instance, "triggered", False))
    told = made(ground.setting, acts, (), acts[-1][0])
    if told is None:
        return None
    rows = tuple({**row, "id": f"t{row['id']}"} for row in told.rows)
    story = replace(told, rows=(*begun.rows, *rows), told=(*begun.told, *told.told), shows=shows)
    return story if replays(ground.setting, story) else None


def _two(context: Context, norm: Norm) -> tuple[str, str] | None:
    """The beneficiary, and the one against whom the guarantee is given."""
    if norm.beneficiary is None:
        return None
    mine = names_of(context.agreement, norm.beneficiary)
    named = [
        n
        for cond in norm.triggers
        for node in walk(cond, context.agreement)
        for value in _values(node)
        for n in names_of(context.agreement, value)
    ]
    sides = [a.id for a in context.agreement.actors.values() if a.is_side]
    other = [n for n in named if n in sides and n not in mine]
    return (mine[0], other[0]) if mine and other else None


def _values(node: c.Condition) -> tuple[c.Value, ...]:
    from servanda.engine.walk import values

    return values(node)


def _swapped(act: Act, parties: tuple[str, str]) -> Act:
    """The act with the two parties changed; its place is left out, since it lies with one."""
    swap = {parties[0]: parties[1], parties[1]: parties[0]}
    rows = tuple(
        {
            "type": row["type"],
            "args": {
                k: swap.get(v, v) if isinstance(v, str) else v for k, v in row["args"].items()
            },
        }
        for row in act.rows
    )
    return Act(rows, frozenset(swap.get(b, b) for b in act.by))


# --- ended when needed ----------------------------------------------------------------------------


def _ended(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    parties = _two(context, norm)
    if parties is None:
        return
    without = frozenset({parties[0]})
    held = context.across(
        [norm, *_sources(context, norm)],
        on(_lost, context, norm, without),
    )
    if held.story is not None:
        yield AuditWarning(
            "SA0604",
            Severity.BREAKS,
            (context.clause(norm), *(context.clause(n) for n in _sources(context, norm))),
            f"{norm.id} can be ended by acts of others alone, while it is called for: it is gone "
            "when its beneficiary needs it most.",
            held.story,
            options=(
                Option(
                    "Let only a breach by the beneficiary itself end it.",
                    f"[{norm.id}: lapses when … by {parties[0]}, found by …]",
                    norm.provision,
                ),
            ),
            readings=held.readings,
        )
    held = context.across([norm], on(_forfeited, context, norm, parties[0]))
    if held.story is not None:
        yield AuditWarning(
            "SA0605",
            Severity.RISK,
            (context.clause(norm, "lapses"),),
            f"{norm.id} is forfeited by what {parties[0]} does while it is called for: an answer "
            "to what calls for it may end it.",
            held.story,
            options=(
                Option(
                    "Except what is done in self-defence while the trigger lasts.",
                    f"[{norm.id}: lapses when … and not (the trigger holds)]",
                    norm.provision,
                ),
            ),
            readings=held.readings,
        )


def _sources(context: Context, norm: Norm) -> list[Norm]:
    """Other norms that end the guarantee."""
    return [n for n in context.norms if any(e.target.norm == norm.id for e in n.effects)]


def _lost(
    context: Context, ground: Ground, norm: Norm, without: frozenset[str], goal: int = TRUE
) -> Story | None:
    """Called for first, then forfeited, and still called for at the end; `goal` holds as well."""
    for one in ground.setting.instances(norm.id)[:1]:
        called, gone = ground.flag(one, "triggered"), ground.flag(one, "forfeited")
        before = ground.add(Node("once", (ground.both([called, ground.opposite(gone)]),)))
        first = ground.both([before, goal])
        wants = [Claim(one.id, "triggered"), Claim(one.id, "forfeited")]
        return context.prove(ground, wants, goal=first, without=without, longest=SHORT).story
    return None


def _forfeited(context: Context, ground: Ground, norm: Norm, party: str) -> Story | None:
    """Lost by an act of one party that is among those that end it."""
    for one in ground.setting.instances(norm.id)[:1]:
        ending = [
            ground.add(Node("act", of=(ground.act(act),)))
            for lapse in norm.lapses
            for node in walk(lapse.condition, context.agreement, ground.setting.assignment)
            if isinstance(node, c.Pattern)
            for act in acts_for(ground.setting, node, one.env)
            if party in act.by
        ]
        done = ground.add(Node("once", (ground.either(ending),)))
        if ending and (story := _lost(context, ground, norm, frozenset(), done)) is not None:
            return story
    return None


def _unattributed(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    held = context.across([norm], on(_nobody, context, norm))
    if held.story is None:
        return
    placed = [
        node
        for lapse in norm.lapses
        for node in walk(lapse.condition, context.agreement)
        if isinstance(node, c.Pattern) and node.place is not None
    ]
    where = (
        " It is judged by where the act is recorded, not by what it was aimed at." if placed else ""
    )
    yield AuditWarning(
        "SA0606",
        Severity.RISK,
        (context.clause(norm, "lapses" if norm.lapses else "triggers"),),
        f"{norm.id} turns on who did it, and no body is named that attributes: an act of nobody "
        f"known neither calls for it nor ends it.{where}",
        held.story,
        options=(
            Option(
                "Name who attributes, on what evidence, within what time.",
                f"[{norm.id}: attribution by … within … hours]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _nobody(context: Context, ground: Ground, norm: Norm) -> Story | None:
    """The shortest course that calls for it, told without a name."""
    if not missing(norm.decided_by):
        return None
    from dataclasses import replace

    from servanda.evidence.record import UNATTRIBUTED
    from servanda.reason.replay import replays

    for one in ground.setting.instances(norm.id)[:1]:
        for word in ("forfeited", "triggered"):
            story = context.prove(ground, [Claim(one.id, word)]).story
            if story is None:
                continue
            last = str(story.rows[-1]["id"]).rstrip("ab")
            types = ground.setting.agreement.record_types
            rows = []
            for row in story.rows:
                actor = types[row["type"]].actor
                mine = str(row["id"]).rstrip("ab") == last
                unnamed = {actor: UNATTRIBUTED} if mine and actor is not None else {}
                rows.append({**row, "args": {**row["args"], **unnamed}})
            told = (*story.told[:-1], (story.told[-1][0], f"{story.told[-1][1]} (nobody is named)"))
            shows = (Claim(one.id, word, False),)
            nameless = replace(story, rows=tuple(rows), told=told, shows=shows)
            if replays(ground.setting, nameless):
                return nameless
    return None


# --- promised -------------------------------------------------------------------------------------


def _promised(norm: Norm) -> bool:
    words = f"{norm.id} {norm.text or ''}".lower()
    return "guarantee" in words and norm.condition is None and norm.kind is NormKind.PRINCIPLE


def _empty(context: Context, norm: Norm) -> AuditWarning:
    lacks = [
        name
        for name, lacking in (
            ("guarantor", norm.bearers is None or not norm.bearers.values),
            ("content", norm.condition is None),
            ("begin", norm.start is None),
        )
        if lacking
    ]
    return AuditWarning(
        "SA0607",
        Severity.RISK if norm.open_on_purpose else Severity.GAP,
        (context.clause(norm),),
        f"{norm.id} promises a guarantee without {listed(lacks)}.",
        no_story=IN_THE_TEXT,
        options=(
            Option(
                "Say who guarantees what, from when, or point to the clause that does.",
                f"[{norm.id}: as laid down in …]",
                norm.provision,
            ),
        ),
    )
