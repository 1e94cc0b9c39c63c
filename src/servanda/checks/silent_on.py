"""Silent on: topics that guidance on peace agreements asks for, and the text has not.

The checklist is data/silent_on.yaml. A topic counts as treated when its words stand anywhere in
the text or among what the norms are about: whether it is treated well is not asked here.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from servanda.checks.frame.context import Context
from servanda.checks.frame.warning import AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import named_in, nodes_of, patterns_of, spoken
from servanda.checks.outside_law import sources
from servanda.model import condition as c

ORDER = 18
TITLE = "Silent on"
CODES = {"SA1801": Code(Severity.RISK, "a topic that guidance asks for and the text has not")}


@cache
def topics() -> tuple[Mapping[str, Any], ...]:
    import yaml

    text = (files("servanda.checks") / "data" / "silent_on.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


def check(context: Context) -> Iterator[AuditWarning]:
    features = _features(context)
    words = _words(context)
    header = context.agreement.header
    for topic in topics():
        if topic["for"] not in features or any(w in words for w in topic["words"]):
            continue
        yield AuditWarning(
            "SA1801",
            Severity.RISK,
            (Clause(topic["id"], header.span),),
            f"The text is silent on {topic['title']}.",
            no_story="what a text does not say no course of events can show",
            options=(
                Option(topic["option"], f"[{topic['title']}: …]"),
                Option(
                    "Say that it is left for later, and to whom.", f"[{topic['title']}: left to …]"
                ),
            ),
            detail=sources(topic),
        )


def _features(context: Context) -> set[str]:
    """What kind of agreement it is, by what its norms are about."""
    agreement = context.agreement
    types = {p.type for n in context.norms for p in patterns_of(n, agreement) if n.duty == "not"}
    found = set()
    if types & {"attack", "enters"}:
        found.add("ceasefire")
    areas = {z.id for z in agreement.zones.values() if z.kind == "zone"}
    if any(
        p.type in ("forces_present", "forces_withdrawn") and areas & named_in([n], agreement)
        for n in context.norms
        for p in patterns_of(n, agreement)
    ):
        found.add("zone")
    if agreement.tallies:
        found.add("people")
    return found


def _words(context: Context) -> str:
    """All words of the text, of its norms, and of what they count, in one."""
    agreement = context.agreement
    said = [f"{p.title} {p.text}" for p in agreement.provisions.values()]
    for norm in context.norms:
        said += [norm.id, norm.text or "", *(p.type for p in patterns_of(norm, agreement))]
        for node in nodes_of(norm, agreement):
            if isinstance(node, c.Outstanding):
                said.append(node.tally)
    said += [spoken(" ".join(sorted(named_in(context.norms, agreement))))]
    said += [f"{s.kind} {s.text}" for s in agreement.statements]
    return " ".join(said).replace("_", " ").lower()
