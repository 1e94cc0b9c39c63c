"""How soon something can hold: what is worked out by hand says what clingo says of the rules.

The relaxed problem stands in relaxed.py as rules; that a course has to be so long at least is
held against the search itself, which finds nothing shorter.
"""

import pytest

from servanda import library
from servanda.engine.question import Inputs
from servanda.reason import extra
from servanda.reason.budget import Budget
from servanda.reason.courses import LONGEST, RULES, facts_of, solve
from servanda.reason.ground import FALSE, TRUE, Ground, Node
from servanda.reason.setting import Setting
from servanda.reason.soonest import FAR, Soonest
from tests.checks.operators import FOLDER as CLEAN
from tests.checks.operators import NAMES as CLEAN_NAMES
from tests.reason.relaxed import RELAXED
from tests.reason.small import ground

WORDS_ALONE = "geneva-19-point"  # a draft without commitments: nothing can be reached
TEXTS = [n for n in library.bundled() if n != WORDS_ALONE]
TEXTS += [str(CLEAN / name) for name in CLEAN_NAMES]
EVERY = 5  # nodes of which one is asked how soon: a search for each takes its time


def whole(text: str) -> Ground:
    lib = library.load_draft(text)
    chosen = {t.id: t.readings[0].name for t in lib.agreement.terms.values()}
    made = Ground(Setting.of(Inputs(lib.agreement, lib.atlas, sources=lib.sources), chosen))
    made.everything()
    return made


def by_rules(made: Ground, goals: list[int], without: frozenset[str]) -> set[int]:
    """What can be reached in the relaxed problem, as clingo works it out."""
    control = extra.clingo().Control(["--warn=none"])
    control.add("base", [], facts_of(made, goals, without) + RELAXED)
    control.ground([("base", [])])
    with control.solve(yield_=True) as handle:
        return {s.arguments[0].number for m in handle for s in m.symbols(shown=True)}


@pytest.mark.parametrize("text", TEXTS)
def test_what_can_be_reached_is_what_the_rules_say(text: str) -> None:
    made = whole(text)
    goals = [n for n in range(len(made.nodes)) if n not in (TRUE, FALSE)]
    sides = [frozenset[str](), *(frozenset({side}) for side in made.setting.sides[:2])]
    for without in sides:
        found = Soonest(made, without).of(goals)
        can = {goal for goal, soon in zip(goals, found, strict=True) if soon.can}
        assert can == by_rules(made, goals, without)
        assert can


@pytest.mark.parametrize("text", TEXTS)
def test_no_course_is_shorter(text: str) -> None:
    made = whole(text)
    flags = [n for n, node in enumerate(made.nodes) if node.kind == "flag"][::EVERY]
    soonest = Soonest(made, frozenset()).of(flags)
    tried = 0
    for goal, soon in zip(flags, soonest, strict=True):
        facts = facts_of(made, [goal])
        for length in range(min(soon.steps, LONGEST - 2)):
            assert solve(RULES, facts, length, Budget(60)) is None, (made.nodes[goal], soon)
            tried += 1
    assert tried


def test_what_all_ways_take_is_counted() -> None:
    """The day and three acts that nothing can replace: four steps, though no act waits."""
    made = ground(
        "".join(
            f"obligation d.n{n}\n  bearer A\n  achieve enacts by A act law{n}\n"
            "  from in_force\n  deadline unspecified\n"
            for n in range(3)
        )
    )
    done = [made.flag(made.setting.instances(f"d.n{n}")[0], "done") for n in range(3)]
    goal = made.both(done)
    made.close()
    one, together = Soonest(made, frozenset()).of([done[0], goal])
    assert (one.steps, together.steps) == (2, 4)
    assert not Soonest(made, frozenset({"A"})).of([goal])[0].can


def test_what_rests_on_an_open_node_may_be_and_is_never_told() -> None:
    made = ground(
        "obligation d.n\n  bearer A\n  achieve enacts by A act law\n  from in_force\n"
        "  deadline unspecified\n"
    )
    node = made.add(Node("open", of=("something", 1)))
    made.close()
    (soon,) = Soonest(made, frozenset()).of([node])
    assert soon.can
    assert soon.steps == FAR
