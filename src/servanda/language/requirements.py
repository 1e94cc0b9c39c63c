"""Which clauses each kind of norm must have, and which it cannot have."""

from dataclasses import dataclass

from servanda.language.assemble import Declared
from servanda.language.diagnostics import Reporter
from servanda.model.consequence import Cure
from servanda.model.quantity import Duration

VERBS = ("achieve", "maintain", "not", "may")
DEADLINES = ("within", "by", "deadline")


@dataclass(frozen=True, slots=True)
class Needs:
    """`verbs` it can have; whether one is needed; further clauses that it needs."""

    verbs: tuple[str, ...] = ()
    verb_needed: bool = True
    clauses: tuple[str, ...] = ("bearer", "from")
    deadline_for: tuple[str, ...] = ()  # the verbs with which a deadline is needed


NEEDS = {
    "obligation": Needs(("achieve", "maintain"), deadline_for=("achieve",)),
    "staged": Needs(("achieve",), deadline_for=("achieve",)),
    "prohibition": Needs(("not",)),
    "immunity": Needs(("not",)),
    "permission": Needs(("may",)),
    "right": Needs(("may",)),
    "power": Needs(("may",)),
    "commitment": Needs(("achieve", "maintain", "not")),
    "principle": Needs((), False, ("bearer",)),
    "guarantee": Needs((), False, ("bearer", "from", "trigger", "decided by")),
    "effect": Needs((), False, ("from",)),
    "rule": Needs(VERBS, False, ()),
}

# Clauses that only some kinds can have.
ONLY = {
    "trigger": ("guarantee",),
    "lapses when": ("guarantee",),
    "beneficiary": ("guarantee",),
    "upon finding of": ("power",),
}

_EXAMPLES = {
    "bearer": "bearer A, or: bearer unspecified",
    "from": "from in_force",
    "trigger": "trigger CONDITION",
    "decided by": "decided by BODY, or: decided by unspecified",
}


def check_kind(kind: str, declared: Declared, report: Reporter) -> None:
    """Report missing clauses, clauses that exclude each other, and clauses out of place."""
    needs, seen = NEEDS[kind], declared.seen
    named = f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
    verbs = [verb for verb in VERBS if verb in seen]
    deadlines = [deadline for deadline in DEADLINES if deadline in seen]
    _exclusive(declared, verbs, "says twice what is to be done", _TWO_NORMS, report)
    _exclusive(declared, deadlines, "has several deadlines", "Keep one.", report)
    for verb in verbs:
        if verb not in needs.verbs:
            _out_of_place(declared, verb, named, needs.verbs, report)
    _report_missing(kind, named, declared, verbs, report)
    for keyword, kinds in ONLY.items():
        if keyword in seen and kind not in kinds:
            clause = declared.one(keyword)
            report.error(
                "SV0602",
                f"`{keyword}` does not belong to {named}",
                clause.line.whole if clause else declared.span,
                why=f"Only a {' or '.join(kinds)} has it.",
                fix="Remove the clause, or change the kind of the norm.",
            )


def check_otherwise(cure: Cure | None, declared: Declared, report: Reporter) -> None:
    """What follows when the time for a cure has passed needs a time of fixed length."""
    clause = declared.one("otherwise")
    within = cure.within if cure is not None else None
    if clause is not None and isinstance(within, Duration) and not within.exact:
        report.error(
            "SV0507",
            f"`otherwise` cannot follow a cure that is counted in {within.unit}",
            clause.line.whole,
            why=f"{within.unit.capitalize()} differ in length, and this needs a fixed one.",
            fix="Write the time for the cure in days: `60 days`.",
        )


def _report_missing(
    kind: str, named: str, declared: Declared, verbs: list[str], report: Reporter
) -> None:
    """One message for all that a norm does not say."""
    needs, seen = NEEDS[kind], declared.seen
    what: list[str] = []
    rules: list[str] = []
    examples: list[str] = []
    has = f"{named[0].upper()}{named[1:]}"
    if needs.verb_needed and not {*VERBS} & seen:
        what.append(" or ".join(f"`{verb}`" for verb in needs.verbs))
        rules.append(f"{has} says what {_DUTY.get(needs.verbs[0], 'is to be done')}.")
        examples += [f"{verb} CONDITION" for verb in needs.verbs]
    for keyword in needs.clauses:
        if keyword not in seen:
            what.append(f"`{keyword}`")
            rules.append(f"{has} {_REASONS[keyword]}.")
            examples.append(_EXAMPLES[keyword])
    due = any(verb in needs.deadline_for for verb in verbs)
    if due and not {*DEADLINES, "every"} & seen:
        what.append("a deadline")
        rules.append(
            "What is to be achieved is due at some time; where the text leaves the time open, that "
            "is said as well."
        )
        examples += ["deadline unspecified", "within 30 days of in_force"]
    if not what:
        return
    several = len(what) > 1
    report.error(
        "SV0601",
        f"{'clauses are' if several else 'a clause is'} missing: {', '.join(what)}",
        declared.span,
        why=" ".join(rules),
        fix=f"Add {'lines like these' if several else _one_of(examples)}:\n"
        + "\n".join(f"  {example}" for example in examples),
    )


_DUTY = {"not": "must not be done", "may": "may be done"}
_REASONS = {
    "bearer": "is borne by somebody, even where the text does not say by whom",
    "from": "binds from some time on",
    "trigger": "is triggered by something",
    "decided by": "says who decides that it was triggered, or that nobody is named",
}


def _one_of(examples: list[str]) -> str:
    return "a line like this" if len(examples) == 1 else "one of these lines"


_TWO_NORMS = "Keep one, and make a norm of its own of the other."


def _exclusive(declared: Declared, found: list[str], what: str, fix: str, report: Reporter) -> None:
    if len(found) < 2:
        return
    second = [c for c in declared.clauses if c.keyword in found][1:2]
    report.error(
        "SV0310",
        f"the norm {what}",
        second[0].line.whole if second else declared.span,
        why=f"It has {' and '.join(f'`{k}`' for k in found)}.",
        fix=fix,
    )


def _out_of_place(
    declared: Declared, verb: str, named: str, verbs: tuple[str, ...], report: Reporter
) -> None:
    clause = declared.one(verb)
    has = " or ".join(f"`{v}`" for v in verbs)
    report.error(
        "SV0602",
        f"`{verb}` does not belong to {named}",
        clause.line.whole if clause else declared.span,
        why=f"{named.capitalize()} has {has}."
        if verbs
        else f"{named.capitalize()} has no such line.",
        fix="Change the clause, or the kind of the norm.",
    )
