"""Rules that cannot apply, left out before the solver reads them.

In: rules of a logic program and facts.  Out: the rules whose positive conditions some fact or some
other rule left can meet; the answers are the same.  Preparing a rule costs the solver the same
whether it applies or not, and a problem has few of the kinds of condition that the rules know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_STATEMENT = re.compile(r"\.\s*(?:\n|$)")
_NAME = re.compile(r"\b([a-z_]\w*)\(")
_NEGATED = re.compile(r"\bnot\s+\w+(?:\([^()]*\))?")


@dataclass(frozen=True, slots=True)
class _Rule:
    """`makes` are the predicates that it can make true, `needs` those without which it cannot."""

    text: str
    makes: frozenset[str]
    needs: frozenset[str]


def pruned(rules: str, facts: str) -> str:
    """The rules that can apply; names that stand anywhere in the facts count as met."""
    return _kept(rules, frozenset(_NAME.findall(facts)))


@lru_cache(maxsize=512)
def _kept(rules: str, given: frozenset[str]) -> str:
    known = set(given)
    statements = _statements(rules)
    waiting = list(statements)
    while able := [one for one in waiting if one.needs <= known]:
        waiting = [one for one in waiting if not one.needs <= known]
        known.update(name for one in able for name in one.makes)
    left_out = set(map(id, waiting))
    return "\n".join(one.text for one in statements if id(one) not in left_out) + "\n"


@lru_cache(maxsize=8)
def _statements(rules: str) -> tuple[_Rule, ...]:
    return tuple(_read(rules))


def _read(rules: str) -> Iterator[_Rule]:
    for found in _STATEMENT.split(rules):
        text = found.strip()
        if not text:
            continue
        head, _, body = ("", "", "") if text.startswith("#") else text.partition(":-")
        first = body.split(":", maxsplit=1)[0]
        if first != body:  # a literal with a condition of its own asks for nothing by itself
            first = first.rpartition("), ")[0]
        needs = frozenset(_NAME.findall(_NEGATED.sub("", first)))
        yield _Rule(f"{text}.", frozenset(_NAME.findall(head)), needs)
