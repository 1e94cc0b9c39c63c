"""Who bears a duty and who acts by it: the two should be the same, and nobody acts on itself."""

from collections.abc import Iterator

from servanda.checks.frame.context import Context
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Option, Severity
from servanda.checks.frame.words import listed
from servanda.model import condition as c
from servanda.model.norm import Norm
from servanda.model.record_type import ArgKind

CODE = "SA1508"


def doers(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    """A warning where the bearer and who acts differ, or somebody acts on or owes to itself."""
    if norm.bearers is None or norm.duty not in ("achieve", "not", "may"):
        return
    mine = {n for v in norm.bearers.values for n in _direct(v)}
    if not mine or (norm.bearers.each and len(mine) > 1):
        return
    wrong = []
    owed = set(_direct(norm.toward)) if norm.toward is not None else set()
    if len(mine) == 1 and owed == mine:
        wrong.append(f"owes it to {listed(sorted(owed))}, its own bearer")
    acting: set[str] = set()
    named: set[str] = set()
    for pattern in _duty(norm):
        doing, on_itself = _acting(context, pattern)
        acting |= doing
        named |= {n for arg in pattern.args for n in _direct(arg.value)}
        if on_itself:
            wrong.append(f"has {listed(sorted(doing))} act on itself")
    if acting and not named & _near(context, mine):
        wrong.append(
            f"is borne by {listed(sorted(mine))}, and the act is {listed(sorted(acting))}’s"
        )
    if wrong:
        yield AuditWarning(
            CODE,
            Severity.GAP,
            (context.clause(norm),),
            f"{norm.id} {' and '.join(dict.fromkeys(wrong))}.",
            no_story=IN_THE_TEXT,
            options=(
                Option("Say whose duty and whose act it is.", f"[{norm.id}: …]", norm.provision),
            ),
        )


def _near(context: Context, names: set[str]) -> set[str]:
    """Some actors, their members, and the groups that they belong to."""
    actors = context.agreement.actors
    members = {m for n in names if n in actors for m in actors[n].members}
    return names | members | {g.id for g in actors.values() if names & set(g.members)}


def _acting(context: Context, pattern: c.Pattern) -> tuple[set[str], bool]:
    """Who acts by a pattern, and whether it acts on itself."""
    record_type = context.agreement.record_types[pattern.type]
    named = {a.name: set(_direct(a.value)) for a in pattern.args}
    doing = named.get(record_type.actor or "", set())
    kinds = {a.name: a.kind for a in record_type.args}
    on_itself = any(
        doing and value and value <= doing
        for name, value in named.items()
        if name != record_type.actor and kinds.get(name) in (ArgKind.ACTOR, ArgKind.TERRITORY)
    )
    return doing, on_itself


def _duty(norm: Norm) -> Iterator[c.Pattern]:
    """The patterns of what is to be done or left undone; guards beside them are left out."""
    pending = [] if norm.condition is None else [norm.condition]
    while pending:
        node = pending.pop()
        if isinstance(node, c.Pattern):
            yield node
        elif isinstance(node, c.And | c.Or):
            pending.extend(node.parts)
        elif isinstance(node, c.Aggregate | c.Some | c.Every):
            pending.append(node.body)


def _direct(value: c.Value) -> tuple[str, ...]:
    match value:
        case c.Name(name):
            return (name,)
        case c.SetOf(items):
            return tuple(n for item in items for n in _direct(item))
        case _:
            return ()
