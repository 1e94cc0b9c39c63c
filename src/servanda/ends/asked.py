"""What is asked of one instance: for each power and each clause that gives it, an aim.

In: a ground problem and an instance.  Out: questions; a clause that says “or” is asked part by
part, so that every kind of act is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from servanda.ends.power import Power
from servanda.engine.instances import Instance
from servanda.engine.phrase import condition as phrase
from servanda.engine.reason import Env
from servanda.model import condition as c
from servanda.model.consequence import DECISION, Consequence
from servanda.model.norm import NormKind
from servanda.model.unspecified import Unspecified
from servanda.reason.causes import incoming
from servanda.reason.doers import lasting, takes_back
from servanda.reason.ground import FALSE, TRUE, Ground, Node
from servanda.reason.problem import Aim
from servanda.reason.replay import Claim


@dataclass(frozen=True)
class Part:
    """One alternative of a clause: in words, as a node, and as it stands."""

    clause: str
    cause: str
    node: int
    said: c.Condition | None = None
    env: Env = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """`before` holds just before the last step, `after` at the end; `clause` is where it stands.

    `cause` says in words what the clause asks; `open` what the text leaves open of it; `because`
    is the clause itself, which has to hold at the end.
    """

    power: Power
    instance: Instance
    clause: str
    cause: str
    aim: Aim
    after: tuple[Claim, ...]
    before: tuple[Claim, ...] = ()
    open: tuple[str, ...] = ()
    because: "Part | None" = None

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.power, self.clause, self.cause)


def questions(ground: Ground, one: Instance) -> Iterator[Question]:
    """All that is asked of an instance, in the order of the powers."""
    ground.flag(one, "begun")
    ground.close()
    yield start_question(ground, one)
    if one.norm.duty == "achieve":
        yield _fulfil(ground, one)
    if one.norm.kind is NormKind.GUARANTEE:
        yield from _guarantee(ground, one)
    yield from _ends(ground, one)
    yield from _suspends(ground, one)
    yield from left_open(ground, one)
    if one.norm.duty in ("achieve", "maintain"):
        yield from _undone(ground, one)


def start_question(ground: Ground, one: Instance) -> Question:
    node = ground.rules[one.id]["begun"]
    start = one.norm.start
    cause = phrase(c.InForce() if start is None else start.condition, one.env)
    aim = Aim(node, counted=True)
    return Question(Power.START, one, "from", cause, aim, (Claim(one.id, "begun"),))


def _fulfil(ground: Ground, one: Instance) -> Question:
    assert one.norm.condition is not None
    lists = tuple(
        f"{one.norm.id}.{named.name}"
        for named in one.norm.lists
        if isinstance(named.value, Unspecified)
    )
    aim = Aim(ground.flag(one, "done"), counted=True, given=True)
    cause = phrase(one.norm.condition, one.env)
    after = (Claim(one.id, "done"),)
    return Question(Power.FULFIL, one, "achieve", cause, aim, after, open=lists)


# --- what ends and suspends -----------------------------------------------------------------------

RUNNING, NOT_SUSPENDED = ("running", True), ("suspended", False)


def _asks(
    ground: Ground,
    one: Instance,
    power: Power,
    after: tuple[str, bool],
    standing: tuple[tuple[str, bool], ...],
    part: Part,
    open_: tuple[str, ...] = (),
) -> Question:
    """A question: a state that holds after, states that hold before, and the clause between."""
    goal = ground.both([_flag(ground, one, *after), part.node])
    stands = ground.both([_flag(ground, one, *state) for state in standing])
    return Question(
        power,
        one,
        part.clause,
        part.cause,
        Aim(goal, stands),
        (Claim(one.id, *after),),
        tuple(Claim(one.id, *state) for state in standing),
        open_,
        part,
    )


def _flag(ground: Ground, one: Instance, word: str, holds: bool = True) -> int:
    node = ground.flag(one, word)
    return node if holds else ground.opposite(node)


def _ends(ground: Ground, one: Instance) -> Iterator[Question]:
    norm, standing = one.norm, (RUNNING, NOT_SUSPENDED)
    if norm.kind is NormKind.GUARANTEE:
        yield from _decided(ground, one, Power.END, "lapsed", [*_forfeits(ground, one)])
    clauses: list[tuple[str, str, tuple[c.Condition, ...]]] = [
        ("until", "expired", () if norm.until is None else (norm.until,)),
        ("terminated when", "terminated", norm.terminated_when),
        ("released when", "terminated", norm.released_when),
    ]
    for clause, word, conds in clauses:
        for part in _parts(ground, clause, conds, one.env):
            yield _asks(ground, one, Power.END, (word, True), standing, part)
    for part in _effects(ground, one, ("released", "taken_back")):
        yield _asks(ground, one, Power.END, ("terminated", True), standing, part)


def _suspends(ground: Ground, one: Instance) -> Iterator[Question]:
    after, standing = ("suspended", True), (RUNNING, NOT_SUSPENDED)
    for part in _parts(ground, "suspended while", one.norm.suspended_while, one.env):
        yield _asks(ground, one, Power.SUSPEND, after, standing, part)
    for part in _effects(ground, one, ("suspended",)):
        yield _asks(ground, one, Power.SUSPEND, after, standing, part)


def _undone(ground: Ground, one: Instance) -> Iterator[Question]:
    """What was brought about or kept is there no more: by acts that take back such acts."""
    rules = ground.rules[one.id]
    node = owed(ground, one)
    back = sorted(takes_back(ground, node))
    if not lasting(ground, node) or not back:
        return
    undoing = ground.either(
        ground.add(Node("once", (ground.add(Node("act", of=(act,))),))) for act in back
    )
    done = ("done",) if one.norm.duty == "achieve" else ()
    goal = ground.both([ground.opposite(node), undoing])
    stands = [ground.flag(one, w) for w in ("running", *done)]
    cond = one.norm.condition
    assert cond is not None and one.norm.duty is not None
    contrary = cond.body if isinstance(cond, c.Not) else c.Not(cond)
    yield Question(
        Power.UNDO,
        one,
        "reopens when" if rules.get("reopened", FALSE) != FALSE else one.norm.duty,
        phrase(contrary, one.env),
        Aim(goal, ground.both([*stands, node])),
        (Claim(one.id, "given", False),),
        tuple(Claim(one.id, word) for word in ("running", *done, "given")),
    )


def owed(ground: Ground, one: Instance) -> int:
    """The node of what an instance asks to be brought about or kept."""
    rules = ground.rules[one.id]
    node: int = rules["achieve"] if one.norm.duty == "achieve" else rules["maintain"]
    return node


# --- guarantees -----------------------------------------------------------------------------------


def _guarantee(ground: Ground, one: Instance) -> Iterator[Question]:
    running = (RUNNING, NOT_SUSPENDED)
    calm = (*running, ("triggered", False))
    for part in _parts(ground, "trigger", one.norm.triggers, one.env):
        yield _asks(ground, one, Power.TRIGGER, ("triggered", True), calm, part)
    triggers = [*_parts(ground, "trigger", one.norm.triggers, one.env)]
    yield from _decided(ground, one, Power.INVOKE, "invoked", triggers)
    aim = Aim(ground.flag(one, "invoked"), counted=True, given=True)
    said = (Claim(one.id, "invoked"),)
    yield Question(Power.BLOCK_INVOCATION, one, "decided by", decider(ground, one), aim, said)
    kept = (*running, ("forfeited", False))
    for part in _forfeits(ground, one):
        yield _asks(ground, one, Power.FORFEIT, ("forfeited", True), kept, part)


def _decided(
    ground: Ground, one: Instance, power: Power, word: str, parts: list[Part]
) -> Iterator[Question]:
    """What a decision brings about: on each of its grounds, and with none of them on record."""
    standing = (RUNNING, NOT_SUSPENDED, (word, False))
    open_, who = undecided(ground, one), decider(ground, one)
    for part in parts:
        cause = f"{part.cause}; {who}"
        yield _asks(ground, one, power, (word, True), standing, _once(ground, part, cause), open_)
    if not any(ground.rules[one.id].get("decided", {}).values()):
        return
    never = ground.opposite(ground.either(_once(ground, part, "").node for part in parts))
    said = c.Not(c.Or(tuple(earlier(part.said) for part in parts if part.said is not None)))
    part = Part("decided by", f"{who}, with none of that on record", never, said, one.env)
    yield _asks(ground, one, power, (word, True), standing, part)


def _once(ground: Ground, part: Part, cause: str) -> Part:
    """That a part has held: what was decided on may be over when it is decided."""
    said = None if part.said is None else earlier(part.said)
    node = part.node if part.node in (TRUE, FALSE) else ground.add(Node("once", (part.node,)))
    return replace(part, cause=cause, node=node, said=said)


def earlier(cond: c.Condition) -> c.Condition:
    return c.Temporal("once", None, cond)


def _forfeits(ground: Ground, one: Instance) -> Iterator[Part]:
    lapses = tuple(lapse.condition for lapse in one.norm.lapses)
    yield from _parts(ground, "lapses when", lapses, one.env)
    yield from _effects(ground, one, ("forfeited",))


def decider(ground: Ground, one: Instance) -> str:
    """Who decides on a guarantee, in words."""
    body = one.norm.decided_by
    if not isinstance(body, str):
        return "nobody is named who decides"
    automatic = ground.rules[one.id].get("automatic")
    return "its conditions act by themselves" if automatic else f"{body} decides"


def undecided(ground: Ground, one: Instance) -> tuple[str, ...]:
    """The clauses for which nobody can decide on a guarantee: left open, or without a vote."""
    body, agreement = one.norm.decided_by, ground.setting.agreement
    if not isinstance(body, str):
        return (f"{one.norm.id}.decided_by",)
    institution = agreement.institutions.get(body)
    rules = ground.rules[one.id]
    if rules.get("automatic") or any(rules.get("decided", {}).values()) or institution is None:
        return ()
    vote = institution.vote
    return (f"{body}.vote",) if vote is None or isinstance(vote, Unspecified) else ()


def left_open(ground: Ground, one: Instance) -> Iterator[Question]:
    """What other norms would do to it, if the text did not leave open who decides or when."""
    for source in ground.setting.agreement.norms.values():
        told: list[tuple[Consequence, object, object]] = [
            (one_, one_.decider, None) for one_ in source.consequences
        ]
        told += [(s.consequence, s.decider, s.after) for s in source.steps if s.consequence]
        for consequence, who, after in told:
            if consequence.target.norm != one.norm.id:
                continue
            fields = (("decided_by", who), ("after", after))
            open_ = tuple(
                f"{source.id}.{name}" for name, value in fields if isinstance(value, Unspecified)
            )
            power = {"suspends": Power.SUSPEND, "lapses": Power.FORFEIT}.get(
                consequence.verb, Power.END
            )
            if open_ and _meant(ground, source.id, consequence.target.keys, one):
                cause = _when(consequence.when, {})
                aim = Aim(FALSE)
                yield Question(
                    power, one, f"{source.id} {consequence.verb}", cause, aim, (), (), open_
                )


def _meant(ground: Ground, source: str, keys: tuple[c.Value, ...], one: Instance) -> bool:
    """Whether a consequence of some instance of a norm is meant for this one."""
    return any(
        one.id in {found.id for found in ground.instances(one.norm.id, keys, other.env)}
        for other in ground.setting.instances(source)
    )


# --- clauses in parts -----------------------------------------------------------------------------


def _parts(ground: Ground, clause: str, conds: tuple[c.Condition, ...], env: Env) -> Iterator[Part]:
    """Each alternative of some clauses with its node."""
    for cond in conds:
        if isinstance(cond, c.Or):
            yield from _parts(ground, clause, cond.parts, env)
        else:
            yield Part(clause, phrase(cond, env), ground.node(cond, env), cond, env)


def _effects(ground: Ground, one: Instance, names: tuple[str, ...]) -> Iterator[Part]:
    """What other norms do to it, alternative by alternative."""
    for name, source, effect, node in incoming(ground, one):
        if name not in names:
            continue
        clause, cond = f"{source.id} {effect.verb}", effect.condition
        if not isinstance(cond, c.Or):
            yield Part(clause, _when(cond, source.env), node, cond, source.env)
            continue
        running = ground.flag(source, "running")
        for part in _parts(ground, clause, cond.parts, source.env):
            yield replace(part, node=ground.both([running, part.node]))


def _when(cond: c.Condition | None, env: Env) -> str:
    """The condition of an effect in words; one that a body decides on names the body."""
    match cond:
        case None:
            return "while it is active"
        case c.And((when, c.Dyadic("since", None, _, c.And((c.Pattern(kind, args), _))), *_)) if (
            kind == DECISION
        ):
            return f"{phrase(when, env)}, and {_decides(args)}"
        case _:
            return phrase(cond, env)


def _decides(args: tuple[c.Arg, ...]) -> str:
    named = {arg.name: arg.value for arg in args}
    body = named.get("body")
    return f"{body.name if isinstance(body, c.Name) else 'a body'} decides so"
