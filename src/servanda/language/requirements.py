"""Which clauses each kind of norm must have, and which it cannot have."""

from dataclasses import dataclass

from servanda.language.assemble import Declared
from servanda.language.diagnostics import Reporter

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
    _exclusive(declared, verbs, "says twice what is to be done", report)
    _exclusive(declared, [d for d in DEADLINES if d in seen], "has several deadlines", report)
    for verb in verbs:
        if verb not in needs.verbs:
            _out_of_place(declared, verb, named, needs.verbs, report)
    if needs.verb_needed and not verbs:
        _missing(declared, f"{named} says what is to be done", needs.verbs, report)
    for keyword in needs.clauses:
        if keyword not in seen:
            _missing(declared, f"{named} has a `{keyword}` clause", (keyword,), report)
    if any(verb in needs.deadline_for for verb in verbs) and not (
        {*DEADLINES, "every"} & seen or "exists when" in seen and kind == "rule"
    ):
        report.error(
            "SV0601",
            "a deadline is missing",
            declared.span,
            why="What is to be achieved is due at some time, and the text must not hide that it "
            "leaves the time open.",
            fix="Write `within 30 days of CONDITION`, `by 2026-01-31`, or, if the text gives none:\n"
            "  deadline unspecified",
        )
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


def _missing(declared: Declared, rule: str, keywords: tuple[str, ...], report: Reporter) -> None:
    examples = [_EXAMPLES.get(k, f"{k} CONDITION") for k in keywords]
    quoted = " or ".join(f"`{k}`" for k in keywords)
    report.error(
        "SV0601",
        f"a clause is missing: {quoted}",
        declared.span,
        why=f"{rule[0].upper()}{rule[1:]}.",
        fix="Add a line like this:\n" + "\n".join(f"  {e}" for e in examples),
    )


def _exclusive(declared: Declared, found: list[str], what: str, report: Reporter) -> None:
    if len(found) < 2:
        return
    second = [c for c in declared.clauses if c.keyword in found][1:2]
    report.error(
        "SV0310",
        f"the norm {what}",
        second[0].line.whole if second else declared.span,
        why=f"It has {' and '.join(f'`{k}`' for k in found)}.",
        fix="Keep one, and make a norm of its own of the other.",
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
