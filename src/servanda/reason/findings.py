"""Findings that would stand: what a body and those before it have to do, and whose votes carry it.

In: an institution of the agreement.  Out: acts, each a few papers (complaint, notice, reply or the
wait for it, verification, finding, votes) that the docket lets stand; the smallest groups of
members whose votes carry a decision, however the others vote; or what the text leaves open, so
that it cannot be said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from servanda.model.condition import Value
from servanda.model.institution import Institution, VoteBase, VoteKind, VoteRule
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified
from servanda.reason.acts import Act
from servanda.reason.setting import Setting

MAX_CARRIERS = 500  # groups of members that are listed one by one
ENOUGH = 99  # votes for a finding where nobody is named


@dataclass(frozen=True, slots=True)
class Carried:
    """The smallest groups whose votes carry it; None where that cannot be said, with why.

    `among` has all who sit in it; `rule` is the rule in words.
    """

    rule: str
    groups: tuple[frozenset[str], ...] | None = None
    among: frozenset[str] = frozenset()
    why: str = ""


def carried(setting: Setting, body: Institution) -> Carried:
    """Whose votes carry a decision of a body, however the others vote."""
    if body.own_rules:
        return Carried("rules of its own", why="it goes by rules of its own, outside the agreement")
    rule = body.vote
    if rule is None or isinstance(rule, Unspecified):
        return Carried("left open", why=f"{body.id}.vote is left open")
    said = _said(rule, body)
    for part, given in (("veto", rule.veto), ("of", rule.base), ("quorum", body.quorum)):
        if isinstance(given, Unspecified):
            return Carried(said, why=f"{body.id}.{part} is left open")
    chairs = _who(setting, body.chair)
    if rule.kind in (VoteKind.CHAIR, VoteKind.CO_CHAIRS):
        if not chairs or (rule.kind is VoteKind.CO_CHAIRS and len(chairs) < 2):
            return Carried(said, why=f"{body.id}.chair is left open")
        return Carried(said, (chairs | (_who(setting, rule.veto) or frozenset()),), chairs)
    if isinstance(rule.period, Unspecified):
        return Carried(said, why=f"{body.id}.vote silence is left open")
    among = _who(setting, body.members)
    if not among:
        return Carried(said, why=f"who sits in {body.id} is not said")
    return _counted(setting, body, rule, among, said)


def _counted(
    setting: Setting, body: Institution, rule: VoteRule, among: frozenset[str], said: str
) -> Carried:
    seats = len(among)
    veto = _who(setting, rule.veto) or frozenset()
    casting = _who(setting, body.casting_vote) or frozenset()
    match rule.kind:
        case VoteKind.COUNT:
            least = rule.needed or seats
        case VoteKind.MAJORITY:
            least = seats // 2 + 1
        case VoteKind.TWO_THIRDS:
            least = -(-2 * seats // 3)
        case _:
            least = seats
    quorum = body.quorum if isinstance(body.quorum, int) else 0
    size = max(least, quorum)
    if size > seats:
        return Carried(said, why=f"{body.id} has {seats} seats, and {size} would be needed")
    found = [frozenset(one) for one in _some(among, size)]
    if rule.kind is VoteKind.MAJORITY and casting and seats % 2 == 0 and size - 1 >= quorum:
        found += [one for one in map(frozenset, _some(among, size - 1)) if casting <= one]
    found = [one | veto for one in found]
    smallest = [one for one in found if not any(other < one for other in found)]
    if len(found) >= MAX_CARRIERS:
        return Carried(said, None, among, f"any {size} of the {seats} who sit in it")
    unique = sorted(set(smallest), key=lambda one: (len(one), sorted(one)))
    return Carried(said, tuple(unique), among | veto)


def _some(among: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    for at, one in enumerate(combinations(sorted(among), size)):
        if at >= MAX_CARRIERS:
            return
        yield one


def _said(rule: VoteRule, body: Institution) -> str:
    """A voting rule in words."""
    said = rule.kind.value.replace("_", " ")
    if rule.kind is VoteKind.COUNT:
        said = f"{rule.needed} of {rule.seats}"
    elif isinstance(rule.base, VoteBase):
        said = f"{said} of {rule.base.value}"
    elif rule.kind is VoteKind.SILENCE and isinstance(rule.period, Duration):
        said = f"silence for {rule.period.amount} {rule.period.unit}"
    if rule.veto is not None:
        said += ", with a veto"
    if isinstance(body.quorum, int):
        said += f", quorum {body.quorum}"
    return said


def _who(setting: Setting, value: Value | Unspecified | None) -> frozenset[str]:
    if value is None or isinstance(value, Unspecified):
        return frozenset()
    return setting.evaluator.names(value, {}) or frozenset()


# --- acts -----------------------------------------------------------------------------------------


def finding_acts(setting: Setting, body: Institution, norm: str, result: str) -> Iterator[Act]:
    """Findings that would stand, one for each who may complain; none where none can be carried."""
    votes = carried(setting, body)
    if not body.own_rules and not isinstance(body.vote, VoteRule):
        return
    for papers, by in _proceedings(setting, body, norm):
        about = {"about": ["@1"]} if papers else {}
        args: dict[str, Any] = {"body": body.id, "norm": norm, "result": result, **about}
        rows = [*papers, {"type": "finding", "args": args, "source": body.id}]
        if not votes.groups or body.own_rules:
            args["votes_for"] = str(_enough(body))
            yield Act((*rows,), by | {body.id})
            continue
        place = len(rows)
        rows += [_vote(place, member) for member in sorted(votes.groups[0])]
        yield Act((*rows,), by | {body.id})


def _enough(body: Institution) -> int:
    rule = body.vote if isinstance(body.vote, VoteRule) else None
    needed = rule.needed if rule is not None and rule.needed else ENOUGH
    return max(needed, body.quorum if isinstance(body.quorum, int) else 0)


def _vote(place: int, member: str) -> dict[str, Any]:
    args = {"by": member, "on": f"@{place}", "vote": "in_favour"}
    return {"type": "casts_vote", "args": args, "source": member}


def _proceedings(
    setting: Setting, body: Institution, norm: str
) -> Iterator[tuple[list[dict[str, Any]], frozenset[str]]]:
    """What has to be done before a body finds, with those who do it; nothing where none must."""
    asked = body.procedure
    parts = (asked.hears_after, asked.acknowledgement, asked.notice, asked.reply)
    if all(part is None for part in (*parts, asked.verification)):
        yield [], frozenset()
        return
    may = _who(setting, asked.complaints_by) or frozenset(
        a.id for a in setting.agreement.actors.values() if a.is_side
    )
    together = sorted(_who(setting, asked.verification))
    for one in sorted(may):
        against = next((s for s in setting.sides if s != one), one)
        first = asked.hears_after or body.id
        case = {"case": "@1"}
        rows = [_paper("complaint", one, body=first, by=one, norm=norm, against=against)]
        if asked.hears_after is not None:
            rows.append(_paper("refers", first, body=first, to=body.id, **case))
        rows.append(_paper("registers", body.id, body=body.id, **case))
        rows.append(_paper("notifies", body.id, body=body.id, party=against, **case))
        rows += [_paper("verifies_jointly", who, by=[who], **case) for who in together]
        if isinstance(asked.reply, Duration):  # its time passes: nobody has to reply
            rows[-1]["wait"] = _days(asked.reply) + 2
        yield rows, frozenset({one, first, *together})


def _days(duration: Duration) -> int:
    calendar = {"months": 31, "years": 366}.get(duration.unit)
    return duration.amount * calendar if calendar else -(-duration.ticks // 86_400_000_000)


def _paper(kind: str, source: str, **args: Any) -> dict[str, Any]:
    return {"type": kind, "args": args, "source": source}
