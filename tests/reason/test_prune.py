"""Rules that cannot apply are left out, and nothing else: the answer sets are the same."""

from typing import Any

import pytest

from servanda.reason import extra
from servanda.reason.courses import RULES
from servanda.reason.groups import GROUPS
from servanda.reason.prune import pruned
from tests.reason.relaxed import RELAXED

SMALL = """a(1). b(2).
c(X) :- a(X).
d(X) :- missing(X).
e(X) :- d(X), a(X).
f(X) :- a(X), not missing(X).
g(X) :- b(X), c(Y) : a(Y).
{ h(X) : b(X) }.
:- missing(X), a(X).
i(X) :- missing(X).
i(X) :- b(X).
j(X) :- i(X).
#minimize { X : h(X) }.
#show f/1. #show g/1. #show j/1.
"""
BAN = 'lasting(5). matches(0,5). act(0). act(1). ends(1,0). who("A"). by(0,"A"). by(1,"A").'
FACTS = {
    "a state that an act brings about": f"{BAN} goal(5). prefix(0). whole. true.",
    "a deadline": 'date(3). clock(3). once_only(3). goal(4). flag(4,"n",breached). true. whole. '
    'prefix(0). rule("n",begun,0). rule("n",due,3). rule("n",achieve,5). owes("n","A"). '
    f'owed("n"). {BAN}',
    "nothing that can be reached": "goal(1). true. prefix(0). whole.",
}


def models(rules: str, facts: str, length: int = 2) -> set[tuple[str, ...]]:
    control: Any = extra.clingo().Control(
        ["0", "--warn=none", f"-c k={length}", "--opt-mode=ignore"]
    )
    control.add("base", [], facts + rules)
    control.ground([("base", [])])
    found: set[tuple[str, ...]] = set()
    with control.solve(yield_=True) as handle:
        for model in handle:
            found.add(tuple(sorted(map(str, model.symbols(shown=True)))))
    return found


def test_what_needs_what_is_not_there_is_left_out() -> None:
    left = pruned(SMALL, "")
    assert "d(X)" not in left and "e(X)" not in left
    assert ":- missing(X), a(X)." not in left
    assert "f(X) :- a(X), not missing(X)." in left
    assert "i(X) :- b(X)." in left and "j(X) :- i(X)." in left
    assert models(left, "") == models(SMALL, "") != set()


def test_a_fact_brings_its_rules_back() -> None:
    assert "e(X) :- d(X), a(X)." in pruned(SMALL, "missing(7).")


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("rules", [RULES + GROUPS, RELAXED], ids=["courses", "relaxed"])
def test_the_rules_of_courses_have_the_same_models(name: str, rules: str) -> None:
    facts = FACTS[name] + "\n"
    assert models(pruned(rules, facts), facts) == models(rules, facts)
    assert len(pruned(rules, facts)) < len(rules)
