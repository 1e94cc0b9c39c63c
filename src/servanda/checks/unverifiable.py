"""Unverifiable: what no source and no coverage could ever show.

Some acts show themselves, since they consist in being declared. The rest has to be seen by
somebody: where the text names nobody who verifies, a breach told by the side it harms stays one
side's word.
"""

from collections.abc import Iterator
from dataclasses import replace

from servanda.checks.frame.context import Context, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import (
    bearers,
    binding,
    listed,
    patterns_of,
    signs,
    title_of,
)
from servanda.model import condition as c
from servanda.model.norm import Norm
from servanda.reason.acts import WITNESSES
from servanda.reason.ground import Ground
from servanda.reason.replay import Claim, Story, replays

ORDER = 16
TITLE = "Unverifiable"
CODES = {
    "SA1601": Code(Severity.GAP, "nobody is named who could show it"),
    "SA1602": Code(Severity.RISK, "shown by somebody who is not bound to look"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    for norm in context.norms:
        if not binding(norm) or not _needs_eyes(context, norm):
            continue
        if not norm.shown_by:
            yield _unseen(context, norm)
        else:
            yield from _not_bound(context, norm)


def _needs_eyes(context: Context, norm: Norm) -> bool:
    """Whether something in it does not consist in being declared by its actor."""
    assert norm.condition is not None
    types = context.agreement.record_types
    if any(types[p.type].declared_by is None for p in patterns_of(norm, context.agreement)):
        return True
    return any(isinstance(node, c.Measured | c.Outstanding) for node in _own(context, norm))


def _own(context: Context, norm: Norm) -> Iterator[c.Condition]:
    from servanda.engine.walk import walk

    if norm.condition is not None:
        yield from walk(norm.condition, context.agreement)


def _unseen(context: Context, norm: Norm) -> AuditWarning:
    held = None
    if context.sound:
        held = context.across([norm], on(_one_word, context, norm), terms=())
    story = None if held is None else held.story
    return AuditWarning(
        "SA1601",
        Severity.RISK if norm.open_on_purpose else Severity.GAP,
        (context.clause(norm),),
        f"Nobody is named who verifies {norm.id}: what one side tells of it stays its word.",
        story,
        no_story="" if story else "no act that breaches it could be told by one side alone",
        options=(
            Option(
                "Name who sees it, with what means and what access.",
                f"[{norm.id}: shown by …]",
                norm.provision,
            ),
            Option(
                "Let the sides declare it to each other, and inspect.",
                f"[{norm.id}: shown by declaration and inspection by …]",
                norm.provision,
            ),
        ),
    )


def _one_word(context: Context, ground: Ground, norm: Norm) -> Story | None:
    """A breach told only by another side: under the general standard it does not count."""
    for one in ground.setting.instances(norm.id)[:1]:
        story = context.prove(ground, [Claim(one.id, "breached")]).story
        if story is None:
            return None
        mine = set(bearers(context.agreement, norm)) if len(one.bearers) != 1 else set(one.bearers)
        others = [s for s in ground.setting.sides if s not in mine]
        if not others:
            return None
        rows = [
            {**row, "source": others[0]} if row["source"] in WITNESSES else row
            for row in story.rows
        ]
        kept = [
            row for row in rows if not str(row["id"]).endswith("b") or row["source"] != others[0]
        ]
        if kept == list(story.rows):
            return None
        told = (
            *story.told[:-1],
            (story.told[-1][0], f"{story.told[-1][1]} ({others[0]} alone says so)"),
        )
        shows = (Claim(one.id, "breached", False),)
        alone = replace(story, rows=tuple(kept), told=told, shows=shows)
        if replays(ground.setting, alone):
            return alone
    return None


def _not_bound(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    """Verifiers who do not sign and are given no duty to look."""
    agreement = context.agreement
    outside = [v for v in norm.shown_by if not signs(agreement, v) and not _asked(context, v)]
    known = [v for v in outside if v in agreement.actors]
    if known:
        yield AuditWarning(
            "SA1602",
            Severity.RISK,
            (context.clause(norm),),
            f"{norm.id} is to be shown by {listed([title_of(agreement, v) for v in known])}, on "
            "whom the "
            "text lays no duty to look, and to whom it grants no access.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Ask for its agreement, and grant it access.",
                    f"[{known[0]} has access to …; it reports to …]",
                    norm.provision,
                ),
            ),
        )


def _asked(context: Context, actor: str) -> bool:
    """Whether some norm gives it a duty, power, right or permission."""
    return any(actor in bearers(context.agreement, n) for n in context.norms)
