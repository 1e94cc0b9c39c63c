"""Rights without a duty, powers without a holder, institutions without rules.

After Hohfeld a right of one is a duty of another; a power needs somebody who has it; a body needs
seats, a quorum, a vote, a rule of evidence and an appeal before it can decide anything.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, missing
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import (
    bearers,
    listed,
    names_of,
    patterns_of,
    signers,
    spoken,
)
from servanda.model import condition as c
from servanda.model.institution import Institution, VoteRule
from servanda.model.norm import Norm, NormKind

ORDER = 9
TITLE = "Rights, powers and institutions without rules"
CODES = {
    "SA0901": Code(Severity.GAP, "a rule that an institution lacks"),
    "SA0902": Code(Severity.GAP, "a body that is set up and has no rules"),
    "SA0903": Code(Severity.GAP, "a right that nobody has to honour"),
    "SA0904": Code(Severity.GAP, "a power, right or permission without a holder"),
    "SA0905": Code(Severity.RISK, "a body without seats for some who sign"),
    "SA0907": Code(Severity.BREAKS, "a quorum or vote that its members cannot give"),
    "SA0906": Code(Severity.RISK, "bodies whose tasks overlap"),
}
RULES = {
    "members": "who sits in it",
    "quorum": "how many must take part",
    "vote": "how it decides",
    "evidence": "what evidence it needs",
    "appeal": "where its findings can be appealed",
}
_ESTABLISHING = "institution"  # the argument that names a body that is set up


def check(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for institution in agreement.institutions.values():
        if not institution.own_rules:
            yield from _rules(context, institution)
            yield from _counted(context, institution)
    yield from _set_up(context)
    for norm in context.norms:
        if norm.kind is NormKind.RIGHT and not _honoured(context, norm):
            yield _right(context, norm)
        allowing = norm.kind in (NormKind.POWER, NormKind.RIGHT, NormKind.PERMISSION)
        if allowing and (norm.bearers is None or not norm.bearers.values):
            yield AuditWarning(
                "SA0904",
                Severity.GAP,
                (context.clause(norm, "bearers"),),
                f"{norm.id} is a {norm.kind.value} that nobody has.",
                no_story=IN_THE_TEXT,
                options=(Option("Name who has it.", f"[{norm.id}: bearer …]", norm.provision),),
            )


def _rules(context: Context, institution: Institution) -> Iterator[AuditWarning]:
    actor = context.agreement.actors.get(institution.id)
    for name, what in RULES.items():
        if not missing(getattr(institution, name)):
            continue
        if name == "members" and actor is not None and actor.members:
            continue
        if name == "evidence" and not institution.competent_for:
            continue
        if name == "appeal" and not institution.competent_for:
            continue
        yield AuditWarning(
            "SA0901",
            Severity.BREAKS if name == "vote" else Severity.GAP,
            (Clause(f"{institution.id}.{name}", institution.span),),
            f"{institution.title or spoken(institution.id)}: the text does not say {what}.",
            no_story=IN_THE_TEXT,
            options=(Option("Say it.", f"[{institution.id}: {name} …]"),),
        )


def _counted(context: Context, institution: Institution) -> Iterator[AuditWarning]:
    """Whether as many can take part and vote as the rules ask for."""
    if not isinstance(institution.members, c.Value):
        return
    members = len(set(names_of(context.agreement, institution.members)))
    rule = institution.vote
    wrong = []
    if isinstance(institution.quorum, int) and institution.quorum > members:
        wrong.append(f"its quorum is {institution.quorum}")
    if isinstance(rule, VoteRule) and rule.seats is not None and rule.seats != members:
        wrong.append(f"it votes with {rule.seats} seats")
    if wrong and members:
        yield AuditWarning(
            "SA0907",
            Severity.BREAKS,
            (Clause(f"{institution.id}.members", institution.span),),
            f"{institution.title or spoken(institution.id)} has {members} members by the text, and "
            f"{' and '.join(wrong)}.",
            no_story=IN_THE_TEXT,
            options=(
                Option("Let seats, quorum and vote agree.", f"[{institution.id}: members {{…}}]"),
            ),
        )


def _set_up(context: Context) -> Iterator[AuditWarning]:
    """Bodies that a norm sets up: without rules, without seats for all, beside others."""
    agreement = context.agreement
    supervising = [i for i in agreement.institutions.values() if "*" in i.competent_for]
    for norm in context.norms:
        for pattern in patterns_of(norm, agreement):
            each = norm.bearers is not None and norm.bearers.each
            if pattern.type != "establishes" or norm.duty != "achieve" or each:
                continue  # what each sets up for itself is its own
            for name in (
                n for a in pattern.args if a.name == _ESTABLISHING for n in _names(context, a.value)
            ):
                if name in agreement.funds:
                    continue
                if name not in agreement.institutions:
                    yield AuditWarning(
                        "SA0902",
                        Severity.GAP,
                        (context.clause(norm),),
                        f"{norm.id} sets up {spoken(name)}, and the text gives it no seats, no "
                        "vote and "
                        "no task that a finding could rest on.",
                        no_story=IN_THE_TEXT,
                        options=(
                            Option(
                                "Give it rules, or say that it only advises.",
                                f"[institution {name}: members … vote … competent for …]",
                                norm.provision,
                            ),
                        ),
                    )
                yield from _seats(context, norm, name)
                if supervising and name not in agreement.institutions and _oversees(context, norm):
                    other = supervising[0]
                    yield AuditWarning(
                        "SA0906",
                        Severity.RISK,
                        (context.clause(norm), Clause(other.id, other.span)),
                        f"{spoken(name)} and {spoken(other.id)} both watch over the agreement, "
                        "and nothing "
                        "says how the one relates to the other.",
                        no_story=IN_THE_TEXT,
                        options=(
                            Option(
                                "Divide the tasks, or put the one under the other.",
                                f"[{name} reports to {other.id}]",
                                norm.provision,
                            ),
                        ),
                    )


def _oversees(context: Context, norm: Norm) -> bool:
    """By the words of its provision: whether the body is to see that the agreement is kept."""
    provision = context.agreement.provisions.get(norm.provision or "")
    words = f"{norm.text or ''} {provision.text if provision else ''}".lower()
    return any(
        w in words for w in ("compliance", "complied", "watches over", "monitors the agreement")
    )


def _seats(context: Context, norm: Norm, name: str) -> Iterator[AuditWarning]:
    """Who signs and takes no part: neither sets it up nor is said to sit in it."""
    agreement = context.agreement
    institution = agreement.institutions.get(name)
    seated = set(bearers(agreement, norm))
    if institution is not None and isinstance(institution.members, c.Value):
        seated |= set(names_of(agreement, institution.members))
    if institution is not None and missing(institution.members):
        return  # told as a rule that it lacks
    left = [s for s in signers(agreement) if s not in seated]
    if left and len(left) < len(signers(agreement)):
        yield AuditWarning(
            "SA0905",
            Severity.RISK,
            (context.clause(norm),),
            f"{spoken(name)} is set up without a seat for {listed([spoken(s) for s in left])}, who "
            "sign as well.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Give them seats, or a right to be heard.",
                    f"[{name}: members … with {', '.join(left)} as …]",
                    norm.provision,
                ),
            ),
        )


def _names(context: Context, value: c.Value) -> tuple[str, ...]:
    return names_of(context.agreement, value)


# --- rights ---------------------------------------------------------------------------------------


def _honoured(context: Context, right: Norm) -> bool:
    """Whether somebody else owes the bearer something in the matter of a right.

    A duty counts that stands in the same provision or is about acts of the same kind.
    """
    agreement = context.agreement
    mine = set(bearers(agreement, right))
    types = {p.type for p in patterns_of(right, agreement)}
    for norm in context.norms:
        if norm is right or norm.duty not in ("achieve", "maintain", "not"):
            continue
        if not set(bearers(agreement, norm)) - mine:
            continue
        owed = set(names_of(agreement, norm.toward)) if norm.toward is not None else set()
        same = {p.type for p in patterns_of(norm, agreement)} & types
        if same and owed & mine:
            return True
        if norm.provision == right.provision and owed & mine and norm.duty == "not":
            return True
    return False


def _right(context: Context, right: Norm) -> AuditWarning:
    toward = right.toward
    who = listed(names_of(context.agreement, toward)) if toward is not None else "anybody"
    return AuditWarning(
        "SA0903",
        Severity.GAP,
        (context.clause(right),),
        f"{right.id} is a right, and no clause obliges {who or 'anybody'} to honour it.",
        no_story=IN_THE_TEXT,
        options=(
            Option(
                "Write the duty that answers to it.",
                f"[prohibition: bearer {who}: not …, what {right.id} allows is not hindered]",
                right.provision,
            ),
        ),
    )
