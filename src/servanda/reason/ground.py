"""An agreement as a finite problem: conditions as nodes, what can be done as acts, norms as rules.

In: a setting.  Out: a table of nodes that `courses` writes for clingo.  Every form of condition has
its node; what cannot be put so is `open`: it may hold and need not, so that nothing that rests on
it is ever claimed.  Patterns are matched with acts by the engine's own matching.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from servanda.engine.instances import Instance
from servanda.engine.priority import going_before
from servanda.engine.reason import Env
from servanda.engine.slot import AUTOMATIC
from servanda.engine.strata import start_of
from servanda.evidence.finding import competent
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.institution import Institution, VoteKind, VoteRule
from servanda.model.norm import By, Norm, NormKind, Within
from servanda.model.quantity import Duration
from servanda.reason.acts import (
    Act,
    acts_for,
    consent_act,
    dated,
    measure_act,
    meeting,
    tally_act,
)
from servanda.reason.causes import incoming
from servanda.reason.findings import finding_acts
from servanda.reason.setting import Setting, instant
from servanda.reason.sums import sum_acts

TRUE, FALSE = 0, 1
_DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` with the nodes, acts or instances that it is made of; see `courses.RULES`."""

    kind: str
    parts: tuple[int, ...] = ()
    of: tuple[Any, ...] = ()


@dataclass
class Ground:
    """Nodes, acts and rules of an agreement under one reading, made when they are asked for."""

    setting: Setting
    nodes: list[Node] = field(default_factory=lambda: [Node("true"), Node("false")])
    acts: list[Act] = field(default_factory=list)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    patterns: list[tuple[int, c.Pattern, Env]] = field(default_factory=list)
    pending: list[Instance] = field(default_factory=list)
    matched: dict[int, set[int]] = field(default_factory=dict)
    consents: set[int] = field(default_factory=set)  # acts that courses begin with if they can
    required: dict[int, int] = field(default_factory=dict)  # act → node that must hold before
    kept: dict[Any, Any] = field(default_factory=dict)  # what others have worked out of it
    owed: dict[int, int] = field(default_factory=dict)  # act → node while which it is owed
    alike: dict[int, int] = field(default_factory=dict)  # act by another → the act that it is like
    cones: dict[Any, Any] = field(default_factory=dict)  # kept by `cone_of`
    _known: dict[Node, int] = field(default_factory=dict)
    _acts: dict[str, int] = field(default_factory=dict)
    _matched_upto: tuple[int, int] = (0, 0)
    _ends: tuple[int, tuple[tuple[int, int], ...]] = (0, ())

    # --- nodes ----------------------------------------------------------------------------------

    def add(self, node: Node) -> int:
        if node not in self._known:
            self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return self._known[node]

    def act(self, act: Act) -> int:
        if act.key not in self._acts:
            self._acts[act.key] = len(self.acts)
            self.acts.append(act)
        return self._acts[act.key]

    def both(self, parts: Iterable[int]) -> int:
        kept = tuple(dict.fromkeys(p for p in parts if p != TRUE))
        if FALSE in kept:
            return FALSE
        return TRUE if not kept else kept[0] if len(kept) == 1 else self.add(Node("and", kept))

    def either(self, parts: Iterable[int]) -> int:
        kept = tuple(dict.fromkeys(p for p in parts if p != FALSE))
        if TRUE in kept:
            return TRUE
        return FALSE if not kept else kept[0] if len(kept) == 1 else self.add(Node("or", kept))

    def opposite(self, part: int) -> int:
        if part in (TRUE, FALSE):
            return FALSE if part == TRUE else TRUE
        return self.add(Node("not", (part,)))

    def flag(self, instance: Instance, word: str) -> int:
        """The node “this instance has that state”."""
        if instance.id not in self.rules:
            self.rules[instance.id] = {}
            self.pending.append(instance)
        return self.add(Node("flag", of=(instance.id, word)))

    # --- conditions -----------------------------------------------------------------------------

    def node(self, cond: c.Condition, env: Env, at_once: bool = False) -> int:  # noqa: C901
        """The node of a condition; `at_once` asks for acts at their own instant."""
        match cond:
            case c.Pattern():
                return self._pattern(cond, env, at_once)
            case c.StateOf():
                return self._state_of(cond, env)
            case c.KeptFor(norm, keys, duration):
                parts = [self.flag(i, "clean") for i in self.instances(norm, keys, env)]
                kept = self.both(parts) if parts else FALSE
                return self._clock("kept", kept, duration)
            case c.Reads() | c.Same():
                return TRUE if self.setting.static(cond, env) else FALSE
            case c.TermHolds(term):
                return self.node(self.setting.evaluator.term_condition(term), env, at_once)
            case c.Call():
                return self._call(cond, env, at_once)
            case c.InForce():
                when = self.setting.agreement.header.in_force_when
                return FALSE if when is None else self.add(Node("once", (self.node(when, {}),)))
            case c.Consent():
                act = self.act(consent_act(self.setting, cond, env))
                self.consents.add(act)
                return self.add(Node("once", (self.add(Node("act", of=(act,))),)))
            case c.FromInstant():
                return self.from_day(_day(cond))
            case c.Measured():
                return self._measured(cond, env)
            case c.Outstanding():
                return self._outstanding(cond, env)
            case c.Aggregate():
                return self._aggregate(cond, env)
            case c.Not(body):
                return self.opposite(self.node(body, env, at_once))
            case c.And(parts):
                return self.both(self.node(p, env, at_once) for p in parts)
            case c.Or(parts):
                return self.either(self.node(p, env, at_once) for p in parts)
            case c.Temporal("once", _, body):
                return self.add(Node("once", (self.node(body, env, at_once),)))
            case c.Temporal("historically", _, body):
                never = self.opposite(self.node(body, env, at_once))
                return self.opposite(self.add(Node("once", (never,))))
            case c.Dyadic("since", _, left, right):
                return self.add(Node("since", (self.node(left, env), self.node(right, env))))
            case c.Lasting(duration, body):
                return self._clock("kept", self.node(body, env), duration)
            case c.After(duration, body):
                begun = self.add(Node("once", (self.node(body, env),)))
                return self._clock("elapsed", begun, duration)
            case c.Some(variables, body):
                return self._some(variables, body, env, at_once)
            case c.Every(variable, domain, body):
                names = self.setting.evaluator.names(domain, env)
                if names is None:
                    return FALSE
                each = (self.node(body, {**env, variable: n}, at_once) for n in sorted(names))
                return self.both(each)
            case _:
                return self.add(Node("open", of=(repr(cond)[:60], len(self.nodes))))

    def from_day(self, day: date) -> int:
        if day <= self.setting.first_day:
            return TRUE
        return self.add(Node("date", of=(day.isoformat(),)))

    def _clock(self, kind: str, body: int, duration: Duration) -> int:
        if body == FALSE:
            return FALSE
        return self.add(Node(kind, (body,), (days(duration),)))

    def _pattern(self, pattern: c.Pattern, env: Env, at_once: bool) -> int:
        declared = self.setting.agreement.record_types[pattern.type]
        passing = at_once or pattern.new or declared.event
        ground = self.setting.evaluator.ground(pattern, env)
        node = Node("pattern", of=(repr(ground), passing))
        if node in self._known:
            return self._known[node]
        number = self.add(node)
        self.patterns.append((number, pattern, env))
        for act in acts_for(self.setting, pattern, env):
            self.act(act)
        return number

    def instances(self, norm: str, keys: tuple[c.Value, ...], env: Env) -> list[Instance]:
        wanted = [self.setting.evaluator.key_of(key, env) for key in keys]
        return [
            one
            for one in self.setting.instances(norm)
            if all(
                not want or (given in want if isinstance(want, frozenset) else given == want)
                for want, given in zip(wanted, one.key, strict=False)
            )
        ]

    def _state_of(self, cond: c.StateOf, env: Env) -> int:
        found = self.instances(cond.norm, cond.keys, env)
        match cond.state:
            case "fulfilled":
                return self.both(self.flag(i, "done") for i in found) if found else FALSE
            case "inactive":
                return self.opposite(self.either(self.flag(i, "begun") for i in found))
            case "active":
                return self.either(self.flag(i, "running") for i in found)
            case word:
                return self.either(self.flag(i, word) for i in found)

    def _call(self, cond: c.Call, env: Env, at_once: bool) -> int:
        agreement, ev = self.setting.agreement, self.setting.evaluator
        if cond.name in agreement.definitions:
            defined = agreement.definitions[cond.name]
            inner = ev.arguments(defined.parameters, cond, env)
            return self.node(defined.condition, inner, at_once)
        state = agreement.states[cond.name]
        inner = ev.arguments(state.parameters, cond, env)
        begins = self.node(state.begins, inner, True)
        ends = FALSE if state.ends is None else self.node(state.ends, inner, True)
        return self.add(Node("state", (begins, ends)))

    def _some(self, variables: tuple[str, ...], body: c.Condition, env: Env, at_once: bool) -> int:
        unit_asked = any(
            isinstance(node, c.Pattern) and any(a.name == "unit" for a in node.args)
            for node in _below(body, self.setting)
        )
        values = self.setting.units if unit_asked else list(self.setting.sides[:3])
        bound = [{**env, **dict.fromkeys(variables, value)} for value in values]
        return self.either(self.node(body, one, at_once) for one in bound)

    def _measured(self, cond: c.Measured, env: Env) -> int:
        measures = sorted(self.setting.evaluator.names(cond.measure, env) or ())
        holders = sorted(self.setting.evaluator.names(cond.of, env) or ())
        if not measures or not holders:
            return self.add(Node("open", of=("measure", repr(cond)[:60])))
        bound, unit = c.Bound(cond.comparison, cond.quantity), cond.quantity.unit
        name, holder = measures[0], holders[0]
        for holds in (True, False):
            self.act(measure_act(name, holder, meeting(bound, holds), unit))
        limit = cond.comparison, cond.quantity.amount
        return self.add(Node("latest", of=("measure", name, holder, *limit, True)))

    def _outstanding(self, cond: c.Outstanding, env: Env) -> int:
        holders = sorted(self.setting.evaluator.names(cond.holder, env) or ())
        categories = sorted(self.setting.evaluator.names(cond.category, env) or ())
        if not holders or not categories:
            return self.add(Node("open", of=("tally", repr(cond)[:60])))
        bound = c.Bound(cond.comparison, cond.quantity)
        counts = [n for n in range(11) if cond.comparison.holds(Decimal(n), cond.quantity.amount)]
        others = [n for n in range(11) if n not in counts]
        if not counts or not others:
            return self.add(Node("open", of=("tally", repr(bound)[:60])))
        self.act(tally_act(holders[0], categories[0], counts[0]))
        self.act(tally_act(holders[0], categories[0], others[-1]))
        limit = cond.comparison, cond.quantity.amount
        return self.add(Node("latest", of=("tally", holders[0], categories[0], *limit, False)))

    def _aggregate(self, cond: c.Aggregate, env: Env) -> int:
        """A sum that one act reaches, whoever may do it."""
        made = sum_acts(self.setting, cond, env)
        if not made:
            return self.add(Node("open", of=("aggregate", repr(cond)[:60])))
        acts = [self.act(one) for one in made]
        self.alike |= {act: acts[0] for act in acts[1:] if act != acts[0]}
        done = (self.add(Node("act", of=(act,))) for act in acts)
        return self.either(self.add(Node("once", (act,))) for act in done)

    # --- norms ----------------------------------------------------------------------------------

    def close(self) -> None:
        """Write the rules of every instance that a node asks about, until none is left."""
        while self.pending:
            self._rules(self.pending.pop())
        self._match()

    def _rules(self, one: Instance) -> None:
        norm, env, rules = one.norm, one.env, self.rules[one.id]
        rules["norm"] = norm.id
        rules["each"] = start_of(norm).each
        there = [Node("once", (self.node(p, env),)) for p in self.setting.comes_by(one)]
        rules["begun"] = self.both(
            [self.node(start_of(norm).condition, env), *map(self.add, there)]
        )
        rules["expired"] = FALSE if norm.until is None else self.node(norm.until, env)
        for name, conds in (
            ("terminated", norm.terminated_when),
            ("released", norm.released_when),
            ("suspended", norm.suspended_while),
            ("reopened", norm.reopens_when),
            ("triggered", norm.triggers),
            ("forfeited", tuple(lapse.condition for lapse in norm.lapses)),
        ):
            rules[name] = self.either([self.node(cond, env) for cond in conds])
        self._duty(one, rules)
        self._effects(one, rules)
        if norm.kind is NormKind.GUARANTEE:
            self._decider(norm, one, rules)

    def _duty(self, one: Instance, rules: dict[str, Any]) -> None:
        norm, env = one.norm, one.env
        if norm.condition is None or norm.duty is None:
            return
        match norm.duty:
            case "achieve":
                rules["achieve"] = self.node(norm.condition, env)
                self._deadline(norm, env, rules)
            case "maintain":
                rules["maintain"] = self.node(norm.condition, env)
                self._deadline(norm, env, rules)
                rules["checked"] = norm.deadline is None
            case "not":
                rules["forbidden"] = self.node(norm.condition, env, True)
                rules["allowed"] = [
                    (self.flag(other, "running"), self.node(before.condition, other.env, True))
                    for before in going_before(norm, self.setting.agreement)
                    if before.condition is not None
                    for other in self.setting.instances(before.id)
                ]
        if norm.cure is not None and norm.cure.condition is not None:
            rules["cured"] = self.node(norm.cure.condition, env, True)

    def _deadline(self, norm: Norm, env: Env, rules: dict[str, Any]) -> None:
        grace = days(norm.grace) if isinstance(norm.grace, Duration) else 0
        match norm.deadline:
            case Within(duration=duration, of=of):
                since = self.add(Node("once", (self.node(of, env),)))
                rules["due"] = self._clock("elapsed", since, duration)
                rules["due_after"] = days(duration) + grace + 1
            case By(day=day):
                rules["due"] = self.from_day(day + timedelta(days=grace + 1))
            case _:
                if isinstance(norm.every, Duration):
                    begun = self.node(start_of(norm).condition, env)
                    rules["due"] = self._clock(
                        "elapsed", self.add(Node("once", (begun,))), norm.every
                    )

    def _effects(self, one: Instance, rules: dict[str, Any]) -> None:
        for name, _, _, working in incoming(self, one):
            rules[name] = self.either([rules.get(name, FALSE), working])

    def _decider(self, norm: Norm, one: Instance, rules: dict[str, Any]) -> None:
        body = norm.decided_by
        rules["decided"] = {}
        rules["automatic"] = body == AUTOMATIC
        if not isinstance(body, str):
            return
        for result in ("trigger", "forfeiture"):
            rules["decided"][result] = self.findings(body, one, result)

    def finding(self, body: str, one: Instance, result: str) -> int | None:
        """The act of a finding that would stand; None where none can."""
        return next((act for act, _ in self.findings(body, one, result)), None)

    def findings(self, body: str, one: Instance, result: str) -> tuple[tuple[int, int], ...]:
        """Acts of findings that would stand, each with what holds once it is carried."""
        institution = competent(one.norm.id, self.setting.agreement.institutions)
        if institution is None or institution.id != body:
            return ()
        made = []
        for finding in finding_acts(self.setting, institution, one.id, result):
            act = self.act(finding)
            made.append((act, self._carried(institution, act)))
            if institution.established_by is not None:
                set_up = self.setting.instances(institution.established_by)
                done = [self.flag(i, "done") for i in set_up]
                self.required[act] = self.both(done) if done else FALSE
        return tuple(made)

    def _carried(self, body: Institution, act: int) -> int:
        """What holds once a finding is carried: in a silence procedure, that its time passed."""
        rule = body.vote
        if not isinstance(rule, VoteRule) or rule.kind is not VoteKind.SILENCE:
            return TRUE
        if not isinstance(rule.period, Duration):
            return FALSE
        made = self.add(Node("once", (self.add(Node("act", of=(act,))),)))
        return self._clock("elapsed", made, rule.period)

    # --- matching -------------------------------------------------------------------------------

    def _match(self) -> None:
        """Which acts match which patterns, as the engine matches records: only what is new."""
        acts, patterns = self._matched_upto
        if acts < len(self.acts):
            self._match_these(range(acts, len(self.acts)), self.patterns[:patterns])
        if patterns < len(self.patterns):
            types = {pattern.type for _, pattern, _ in self.patterns[patterns:]}
            numbers = [
                n for n, act in enumerate(self.acts) if types & {r["type"] for r in act.rows}
            ]
            self._match_these(numbers, self.patterns[patterns:])
        self._matched_upto = (len(self.acts), len(self.patterns))

    def _match_these(
        self, numbers: Iterable[int], patterns: Sequence[tuple[int, c.Pattern, Env]]
    ) -> None:
        if not patterns:
            return
        rows, owner = [], {}
        for number in numbers:
            at = instant(self.setting.first_day) + timedelta(days=2 * number)
            for row in dated(self.setting, self.acts[number], at, number):
                row["id"] = f"m{number}-{row['id']}"
                owner[row["id"]] = number
                rows.append(row)
        _, run = self.setting.run(rows)
        for node, pattern, env in patterns:
            found = run.evaluator.facts.find(run.evaluator.ground(pattern, env), Role.OFFENDING)
            new = {owner[i] for fact in found for i in fact.ids}
            self.matched.setdefault(node, set()).update(new)

    def everything(self) -> None:
        """Ground all norms at once: that is quicker than one after another."""
        for norm in self.setting.agreement.norms:
            for one in self.setting.instances(norm):
                self.flag(one, "begun")
        self.close()

    def told(self, node: Node) -> Iterable[tuple[int, bool]]:
        """The acts that measure or count what a node compares, and whether it then holds."""
        kind, one, two, comparison, limit, _ = node.of
        for number, act in enumerate(self.acts):
            row = act.rows[-1]
            if row["type"] != kind:
                continue
            args = row["args"]
            if kind == "measure" and (args["name"], args["of"]) == (one, two):
                yield number, comparison.holds(Decimal(args["value"]), limit)
            elif kind == "tally" and (args["holder"], args["category"]) == (one, two):
                left = Decimal(args["listed"]) - Decimal(args["returned"])
                yield number, comparison.holds(left, limit)

    def ends(self) -> tuple[tuple[int, int], ...]:
        """(later, earlier): acts that end the lasting state that another brings about."""
        if self._ends[0] != len(self.acts):
            self._ends = (len(self.acts), tuple(self._enders()))
        return self._ends[1]

    def _enders(self) -> Iterable[tuple[int, int]]:
        types = self.setting.agreement.record_types
        by_type: dict[str, list[int]] = {}
        for number, act in enumerate(self.acts):
            by_type.setdefault(act.rows[-1]["type"], []).append(number)
        for number, act in enumerate(self.acts):
            row = act.rows[-1]
            for ending in types[row["type"]].endings:
                for other in by_type.get(ending.type, ()):
                    theirs = self.acts[other].rows[-1]["args"]
                    if other != number and all(
                        row["args"].get(a) is None or row["args"].get(a) == theirs.get(b)
                        for a, b in ending.same
                    ):
                        yield other, number


def days(duration: Duration) -> int:
    """Whole days that are enough for a duration."""
    if duration.unit in _DAYS:
        return duration.amount * _DAYS[duration.unit]
    return -(-duration.ticks // 86_400_000_000)


def _day(cond: c.FromInstant) -> date:
    """The first day on all of which the condition holds."""
    if isinstance(cond.at, datetime):
        return cond.at.date() + timedelta(days=1)
    return cond.at


def _below(cond: c.Condition, setting: Setting) -> Iterable[c.Condition]:
    from servanda.engine.walk import walk

    return walk(cond, setting.agreement, setting.assignment)
