"""Outside law: clauses beside obligations that stand outside the text. It cites, it never rules.

What is cited, and when, stands in data/outside_law.yaml: by kinds of acts, words, bodies and the
ISO code of a country. Whether the rule applies, and with what effect, is for lawyers to say.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from servanda.checks.frame.context import Context, missing
from servanda.checks.frame.warning import AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import bearers, binding, named_in, patterns_of, spoken, title_of
from servanda.model.norm import Norm

ORDER = 17
TITLE = "Outside law (it cites, it never rules)"
CODES = {"SA1701": Code(Severity.RISK, "a clause beside an obligation outside the text")}


def sources(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The source of an entry, and what of it was written from knowledge alone."""
    unchecked = entry.get("unchecked")
    rest = () if unchecked is None else (f"not yet held against the source: {unchecked}",)
    return (f"source: {entry['source']}", *rest)


@cache
def entries() -> tuple[Mapping[str, Any], ...]:
    import yaml

    text = (files("servanda.checks") / "data" / "outside_law.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


def check(context: Context) -> Iterator[AuditWarning]:
    for entry in entries():
        found = [norm for norm in context.norms if _touches(context, norm, entry["when"])]
        if not found:
            continue
        law, says = entry["law"], entry["says"]
        for norm in found:
            yield AuditWarning(
                "SA1701",
                Severity.RISK,
                (context.clause(norm, entry["id"]),),
                f"{norm.id} stands beside {law}: {says}",
                no_story="law outside the text is no event that a record could show",
                options=(
                    Option(
                        "Have it examined, and say in the text how the two go together.",
                        f"[{norm.id}: without prejudice to {law}]",
                        norm.provision,
                    ),
                ),
                detail=sources(entry),
            )


def _touches(context: Context, norm: Norm, when: Mapping[str, Any]) -> bool:
    """Whether a norm is of the kind that a rule is about: everything that is asked must be so."""
    agreement = context.agreement
    tests = {
        "types": lambda wanted: bool({p.type for p in patterns_of(norm, agreement)} & set(wanted)),
        "text": lambda wanted: any(w in (norm.text or "").lower() for w in wanted),
        "words": lambda wanted: any(w in _words(context, norm) for w in wanted),
        "duty": lambda wanted: norm.duty in wanted,
        "kinds": lambda wanted: norm.kind.value in wanted,
        "named": lambda wanted: bool(_named(context, norm) & set(wanted)),
        "actors": lambda wanted: bool(_declared(context) & set(wanted)),
        "country": lambda wanted: wanted in _countries(context, norm),
        "undated": lambda wanted: (missing(norm.deadline) and missing(norm.every)) is wanted,
        "outsider": lambda wanted: _outsider(context, norm) is wanted,
        "binding": lambda wanted: binding(norm) is wanted,
    }
    return all(tests[name](wanted) for name, wanted in when.items())


def _words(context: Context, norm: Norm) -> str:
    provision = context.agreement.provisions.get(norm.provision or "")
    acts = " ".join(sorted(named_in([norm], context.agreement)))
    said = f"{norm.id} {norm.text or ''} {provision.title if provision else ''} {spoken(acts)}"
    return said.replace(".", " ").replace("_", " ").lower()


def _named(context: Context, norm: Norm) -> set[str]:
    """Ids and titles of all that a norm names or is borne by, groups of which they are members "
    "too."""
    agreement = context.agreement
    named = {*bearers(agreement, norm), *named_in([norm], agreement)}
    return named | {title_of(agreement, n) for n in named}


def _declared(context: Context) -> set[str]:
    """Ids and titles of all who are declared."""
    actors = context.agreement.actors.values()
    return {a.id for a in actors} | {a.title for a in actors if a.title}


def _countries(context: Context, norm: Norm) -> set[str | None]:
    agreement = context.agreement
    return {agreement.actors[b].country for b in bearers(agreement, norm) if b in agreement.actors}


def _outsider(context: Context, norm: Norm) -> bool:
    from servanda.checks.frame.words import is_money, signs

    agreement = context.agreement
    return (
        any(
            not signs(agreement, b) and not is_money(b, agreement) and b in agreement.actors
            for b in bearers(agreement, norm)
        )
        and norm.non_signatory
    )
