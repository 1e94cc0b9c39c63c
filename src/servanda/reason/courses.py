"""Courses of events: the shortest one that brings something about, and what no course can.

In: a ground problem and a goal. Out: a course (acts and waits in order), or that there is none
whatever anybody does, or that neither could be decided. clingo does the search. A course is only
a proposal: `replay` asks the reference evaluator. “None” rests on a relaxed problem, in which
whatever may hold does hold and nothing is ever undone: what is out of reach there is so for good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from servanda.reason import extra
from servanda.reason.budget import Budget
from servanda.reason.cone import cone_of
from servanda.reason.ground import FALSE, Ground
from servanda.reason.prune import pruned
from servanda.reason.soonest import Soon, Soonest

LONGEST = 7  # steps of a course that are tried

RULES = """
time(0..k). step(1..k).
1 { do(A,T) : act(A) ; tick(X,T) : clock(X) } 1 :- step(T), not idle(T).
:- do(A,T), needs(A,F), not holds(F,T-1).
:- tick(X,T), tick(X,S), S < T, once_only(X).
:- tick(X,T), elapsed(X,F), not holds(F,T-1).
:- tick(X,T), kept(X,F), not holds(F,T-1).
:- tick(X,T), tick(Y,S), before(Y,X), T < S.
holds(0,T) :- time(T).
holds(F,T) :- conj(F), time(T), holds(G,T) : part(F,G).
holds(F,T) :- disj(F), part(F,G), holds(G,T).
holds(F,T) :- neg(F,G), time(T), not holds(G,T).
holds(F,T) :- once(F,G), holds(G,S), time(T), S <= T.
holds(F,T) :- since(F,L,R), holds(R,T).
holds(F,T) :- since(F,L,R), holds(F,T-1), holds(L,T).
holds(F,T) :- isact(F,A), do(A,T).
holds(F,T) :- passing(F), matches(A,F), do(A,T).
holds(F,T) :- lasting(F), matches(A,F), stands(A,T).
stands(A,T) :- do(A,T).
stands(A,T) :- stands(A,T-1), time(T), not ended(A,T).
ended(A,T) :- do(B,T), ends(B,A).
holds(F,T) :- date(F), tick(F,S), time(T), S <= T.
holds(F,T) :- elapsed(F,_), tick(F,S), time(T), S <= T.
holds(F,T) :- kept(F,G), tick(F,T), holds(G,T).
holds(F,T) :- kept(F,G), holds(F,T-1), holds(G,T).
told_bad(F,T) :- bad(F,A), do(A,T).
told_good(F,T) :- good(F,A), do(A,T).
holds(F,T) :- latest(F,1), time(T), not spoilt(F,T).
holds(F,T) :- latest(F,0), told_good(F,T).
holds(F,T) :- latest(F,0), holds(F,T-1), time(T), not told_bad(F,T).
spoilt(F,T) :- told_bad(F,T).
spoilt(F,T) :- spoilt(F,T-1), time(T), not told_good(F,T).
holds(F,T) :- state(F,B,_), holds(B,T).
holds(F,T) :- state(F,_,E), holds(F,T-1), time(T), not holds(E,T).
holds(F,T) :- flag(F,I,W), has(I,W,T).

has(I,begun,T) :- rule(I,begun,F), holds(F,T).
has(I,begun,T) :- has(I,begun,T-1), time(T).
has(I,suspended,T) :- rule(I,suspended,F), holds(F,T), has(I,begun,T).
has(I,expired,T) :- rule(I,expired,F), holds(F,T), has(I,begun,T).
has(I,expired,T) :- has(I,expired,T-1), time(T), not anew(I,T).
anew(I,T) :- each(I), rule(I,begun,F), holds(F,T), not holds(F,T-1), has(I,begun,T-1), time(T).
ended_by(I,T) :- rule(I,terminated,F), holds(F,T), has(I,begun,T).
has(I,terminated,T) :- ended_by(I,T).
has(I,terminated,T) :- has(I,terminated,T-1), time(T), not anew(I,T).
has(I,terminated,T) :- rule(I,released,F), holds(F,T), has(I,begun,T), not has(I,fulfilled,T).
has(I,terminated,T) :- rule(I,taken_back,F), holds(F,T), has(I,fulfilled,T), not has(I,cured,T).
has(I,terminated,T) :- has(I,lapsed,T).
gone(I,T) :- has(I,terminated,T).
gone(I,T) :- has(I,expired,T).
has(I,running,T) :- has(I,begun,T), not gone(I,T).
has(I,fulfilled,T) :- rule(I,achieve,F), holds(F,T), has(I,begun,T), not has(I,suspended,T),
    not has(I,expired,T), not ended_by(I,T), not was_gone(I,T).
was_gone(I,T) :- gone(I,T-1), time(T), not anew(I,T).
has(I,fulfilled,T) :- has(I,fulfilled,T-1), time(T), not undone(I,T), not anew(I,T).
undone(I,T) :- rule(I,reopened,F), holds(F,T).
has(I,done,T) :- has(I,fulfilled,T).
before_now(I,T) :- has(I,begun,T-1), not has(I,suspended,T-1), not gone(I,T-1), time(T).
excused(I,T) :- allows(I,R,F), holds(R,T-1), holds(F,T).
entry(I,T) :- rule(I,forbidden,F), holds(F,T), before_now(I,T), not excused(I,T).
entry(I,T) :- rule(I,due,F), rule(I,achieve,_), holds(F,T), tick(F,T), before_now(I,T),
    not has(I,fulfilled,T-1).
entry(I,T) :- rule(I,maintain,F), checked(I,T), has(I,running,T), not has(I,suspended,T),
    not holds(F,T), not failing(I,T-1).
failing(I,T) :- rule(I,maintain,F), checked(I,T), has(I,running,T), not holds(F,T).
checked(I,T) :- checked_from_start(I), time(T).
checked(I,T) :- rule(I,maintain,_), rule(I,due,F), holds(F,T).
has(I,breached,T) :- entry(I,T).
has(I,breached,T) :- has(I,breached,T-1), time(T), not made_good(I,T), not anew(I,T).
made_good(I,T) :- has(I,fulfilled,T).
made_good(I,T) :- rule(I,maintain,F), holds(F,T).
made_good(I,T) :- rule(I,cured,F), holds(F,T), not entry(I,T).
has(I,cured,T) :- has(I,breached,T-1), made_good(I,T), time(T).
has(I,cured,T) :- has(I,cured,T-1), time(T), not entry(I,T), not anew(I,T).
has(I,clean,T) :- has(I,running,T), not entered(I,T).
entered(I,T) :- entry(I,T).
has(I,triggered,T) :- rule(I,triggered,F), holds(F,T), has(I,begun,T).
has(I,invoked,T) :- has(I,triggered,T), decided(I,trigger,A,F), do(A,S), S <= T,
    has(I,triggered,S), holds(F,T), not has(I,lapsed,T).
has(I,invoked,T) :- has(I,triggered,T), automatic(I), not has(I,lapsed,T).
has(I,forfeited,T) :- rule(I,forfeited,F), holds(F,T), has(I,begun,T-1), time(T).
has(I,forfeited,T) :- has(I,forfeited,T-1), time(T).
has(I,lapsed,T) :- has(I,forfeited,S), decided(I,forfeiture,A,F), do(A,S), S <= T, holds(F,T),
    time(T), not has(I,lapsed,T-1).
has(I,lapsed,T) :- has(I,forfeited,T), automatic(I).
has(I,lapsed,T) :- has(I,lapsed,T-1), time(T), not anew(I,T).
:- goal(F), not holds(F,k).
#minimize { T,A : do(A,T), consent(A) }.
#show do/2. #show tick/2.
"""


class Verdict(StrEnum):
    FOUND = "found"
    NEVER = "never"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a course: an act, or a wait (until a day, or for so many days)."""

    act: int | None = None
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the steps, or why there are none; `tried` says how far the search went."""

    verdict: Verdict
    steps: tuple[Step, ...] = ()
    tried: str = ""


def shortest(
    ground: Ground,
    goal: int,
    budget: Budget,
    longest: int = LONGEST,
    without: frozenset[str] = frozenset(),
) -> Found:
    """The shortest course at the end of which the goal holds; `without` acts of some actors
    alone."""
    soon = _soonest(ground, [goal], without)[0]
    if not soon.can:
        return Found(Verdict.NEVER)
    key = ("course", goal, without, longest, len(ground.acts))
    if key not in ground.kept:
        found = _search(ground, goal, budget, range(soon.steps, longest + 1), without)
        if budget.spent:
            return found
        ground.kept[key] = found
    return cast("Found", ground.kept[key])


def _search(
    ground: Ground, goal: int, budget: Budget, lengths: range, without: frozenset[str]
) -> Found:
    """A course of one of some lengths, the shortest first."""
    facts = facts_of(ground, [goal], without) if lengths else ""
    for length in lengths:
        if budget.spent:
            return Found(Verdict.UNDECIDED, tried=f"courses of up to {length - 1} steps")
        model = solve(RULES, facts, length, budget)
        if model is not None:
            return Found(Verdict.FOUND, steps_of(model))
    return Found(Verdict.UNDECIDED, tried=f"courses of up to {lengths.stop - 1} steps")


def reachable(
    ground: Ground, goals: Sequence[int], without: frozenset[str] = frozenset()
) -> list[bool]:
    """For each goal whether any course might reach it; False is for good."""
    return [soon.can for soon in _soonest(ground, goals, without)]


def _soonest(ground: Ground, goals: Sequence[int], without: frozenset[str]) -> list[Soon]:
    ground.close()
    key = ("soonest", without)
    return cast("Soonest", ground.kept.setdefault(key, Soonest(ground, without))).of(goals)


def _control(rules: str, facts: str, length: int) -> Any:
    clingo = extra.clingo()
    control = clingo.Control(["--warn=none", f"-c k={length}"], logger=lambda *_: None)
    control.add("base", [], facts + pruned(rules, facts))
    control.ground([("base", [])])
    return control


def solve(rules: str, facts: str, length: int, budget: Budget) -> list[Any] | None:
    control = _control(rules, facts, length)
    best: list[Any] | None = None
    with control.solve(yield_=True, async_=True) as handle:
        while True:
            handle.resume()
            if not handle.wait(max(0.01, budget.left)):
                handle.cancel()
                return best
            model = handle.model()
            if model is None:
                return best
            best = list(model.symbols(shown=True))  # each is better than the one before


def steps_of(symbols: list[Any]) -> tuple[Step, ...]:
    by_time: dict[int, Step] = {}
    for symbol in symbols:
        number, at = (argument.number for argument in symbol.arguments)
        by_time[at] = Step(act=number) if symbol.name == "do" else Step(wait=number)
    return tuple(by_time[at] for at in sorted(by_time))


def facts_of(ground: Ground, goals: Iterable[int], without: frozenset[str] = frozenset()) -> str:
    """The problem as facts: only what the goals can depend on."""
    goals = list(goals)
    lines = [f"goal({goal})." for goal in goals]
    cone = cone_of(ground, goals)
    seen, instances = cone.nodes, cone.instances
    lines += [line for number in sorted(seen) for line in _node_facts(ground, number)]
    lines += [line for one in sorted(instances) for line in _rule_facts(one, ground.rules[one])]
    acts = {a for a in cone.acts if not (ground.acts[a].by and ground.acts[a].by <= without)}
    for act in sorted(acts):
        lines.append(f"act({act}).")
        if act in ground.consents:
            lines.append(f"consent({act}).")
        if act in ground.required:
            lines.append(f"needs({act},{ground.required[act]}).")
    lines += [f"ends({b},{a})." for b, a in ground.ends() if a in acts and b in acts]
    lines += _order(ground, seen)
    return "\n".join(lines) + "\n"


_PLAIN = {"and": "conj", "or": "disj"}


def _node_facts(  # noqa: C901  one branch for each kind of node
    ground: Ground, number: int
) -> Iterable[str]:
    node = ground.nodes[number]
    match node.kind:
        case "and" | "or":
            yield f"{_PLAIN[node.kind]}({number})."
            yield from (f"part({number},{part})." for part in node.parts)
        case "not":
            yield f"neg({number},{node.parts[0]})."
        case "once":
            yield f"once({number},{node.parts[0]})."
        case "since":
            yield f"since({number},{node.parts[0]},{node.parts[1]})."
        case "state":
            yield f"state({number},{node.parts[0]},{node.parts[1]})."
        case "act":
            yield f"isact({number},{node.of[0]})."
        case "pattern":
            yield f"{'passing' if node.of[1] else 'lasting'}({number})."
            found = ground.matched.get(number, ())
            yield from (f"matches({act},{number})." for act in sorted(found))
            if not found:
                yield f"open({number})."
        case "date":
            yield f"date({number}). clock({number}). once_only({number})."
        case "elapsed":
            yield f"elapsed({number},{node.parts[0]}). clock({number}). once_only({number})."
        case "kept":
            yield f"kept({number},{node.parts[0]}). clock({number})."
        case "latest":
            yield f"latest({number},{int(node.of[-1])})."
            for act, holds in ground.told(node):
                yield f"{'good' if holds else 'bad'}({number},{act})."
        case "flag":
            yield f'flag({number},"{node.of[0]}",{node.of[1]}).'
        case "open":
            yield f"open({number})."


def _rule_facts(one: str, rules: dict[str, Any]) -> Iterable[str]:
    for name, value in rules.items():
        match name:
            case "norm" | "due_after":
                continue
            case "checked":
                if value:
                    yield f'checked_from_start("{one}").'
            case "each" | "automatic":
                if value:
                    yield f'{name}("{one}").'
            case "decided":
                for result, made in value.items():
                    yield from (f'decided("{one}",{result},{a},{on}).' for a, on in made)
            case "allowed":
                yield from (f'allows("{one}",{a},{b}).' for a, b in value)
            case _:
                if value != FALSE:
                    yield f'rule("{one}",{name},{value}).'


def _order(ground: Ground, seen: Iterable[int]) -> list[str]:
    dates = sorted((ground.nodes[n].of[0], n) for n in seen if ground.nodes[n].kind == "date")
    return [f"before({a},{b})." for i, (_, a) in enumerate(dates) for _, b in dates[i + 1 :]]
