"""A run: the histories of all norms under one evidence standard and one reading of every term.

Histories are made when they are asked for, a component of norms at a time, each after those that it
needs.  Findings need bodies that are established, so that those norms are worked out first, on the
records alone.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from servanda.docket.case import cases
from servanda.docket.judge import Ruling, judged
from servanda.docket.rules import Rules
from servanda.engine.axis import EARLIEST
from servanda.engine.boundaries import once_each
from servanda.engine.calendar import Calendar
from servanda.engine.closure import instance_terms, own_conditions
from servanda.engine.columns.evaluator import ColumnEvaluator
from servanda.engine.columns.facts import ColumnFacts
from servanda.engine.columns.simulation import ColumnSimulation
from servanda.engine.facts import Facts
from servanda.engine.history import Breach, Flags, History, in_state
from servanda.engine.instances import Instance, instances
from servanda.engine.keyed import Keyed
from servanda.engine.lifecycle import Simulation
from servanda.engine.priority import going_before
from servanda.engine.reason import EnvValue
from servanda.engine.reference import Evaluator
from servanda.engine.slot import Settings, Slot
from servanda.engine.strata import Strata
from servanda.engine.walk import walk
from servanda.evidence.finding import Finding
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.consequence import Effect
from servanda.model.institution import VoteRule

Shared = dict[tuple[object, ...], dict[str, tuple[History, ...]]]


@dataclass
class Run:
    """`facts` belong to the standard; `assignment` gives a reading for each term that is asked."""

    facts: Facts
    assignment: Mapping[str, str]
    strata: Strata
    settings: Settings
    votes: Mapping[str, VoteRule] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    with_findings: bool = True
    parent: Callable[["Run", str], "Run | None"] | None = None
    shared: Shared | None = None
    closure: Callable[[str], Iterable[str]] = lambda norm: ()
    _histories: dict[str, tuple[History, ...]] = field(default_factory=dict)
    _consulted: dict[str, frozenset[str]] = field(default_factory=dict)
    _instances: dict[str, tuple[Instance, ...]] = field(default_factory=dict)
    _keyed: dict[str, Keyed] = field(default_factory=dict)
    _current: Simulation | None = None
    _findings: tuple[Finding, ...] | None = None

    def __post_init__(self) -> None:
        agreement = self.agreement
        if self.with_findings and self.findings():
            vouching: dict[str, set[str]] = {}
            for finding in self.findings():
                if finding.stands and finding.result != "no_breach":
                    for record in finding.about:
                        vouching.setdefault(record, set()).add(finding.body)
            if vouching:
                evidence = replace(
                    self.facts.evidence,
                    vouching={r: frozenset(b) for r, b in vouching.items()},
                )
                self.facts = self.facts.vouched(evidence)
        self.evaluator = (ColumnEvaluator if self.columnar else Evaluator)(
            self.facts, self.assignment, Calendar.of(agreement.header), self, self.lists
        )

    @property
    def columnar(self) -> bool:
        return isinstance(self.facts, ColumnFacts)

    @property
    def agreement(self) -> Agreement:
        return self.facts.world.agreement

    # --- findings -------------------------------------------------------------------------------

    def findings(self) -> tuple[Finding, ...]:
        """All findings of the view, each with its standing."""
        if not self.with_findings:
            return ()
        if self._findings is None:
            self._findings = tuple(ruling.finding for ruling in self.rulings())
        return self._findings

    def rulings(self) -> tuple[Ruling, ...]:
        """All findings of the view with their cases, votes and appeals."""
        papers = self.facts.world.papers
        if not papers.findings:
            return ()
        rules = self.rules()
        return judged(papers, rules, cases(papers, rules))

    def rules(self) -> Rules:
        """The rules of the bodies, as they are here."""
        agreement = self.agreement
        return Rules(
            agreement.institutions,
            self.facts.evidence.speakers,
            Calendar.of(agreement.header),
            self.facts.world.view.as_of,
            self.votes,
            self._established(),
            agreement.members_of,
        )

    def _established(self) -> dict[str, int | None]:
        """Since when each institution is set up, on the records alone."""
        plain = Run(
            self.facts,
            self.assignment,
            self.strata,
            replace(self.settings, findings_needed=False),
            self.votes,
            self.lists,
            with_findings=False,
        )
        found: dict[str, int | None] = {}
        for institution in self.agreement.institutions.values():
            if institution.established_by is not None:
                since = [
                    next((t for t, f in zip(h.times, h.flags, strict=True) if f.fulfilled), None)
                    for h in plain.histories(institution.established_by)
                ]
                found[institution.id] = min((s for s in since if s is not None), default=None)
        return found

    # --- histories ------------------------------------------------------------------------------

    def instances(self, norm: str) -> tuple[Instance, ...]:
        if norm not in self._instances:
            self._instances[norm] = instances(self.agreement.norms[norm], self.evaluator)
        return self._instances[norm]

    def histories(self, norm: str) -> tuple[History, ...]:
        """The histories of all instances of a norm."""
        if norm not in self._histories:
            sharing = self.parent(self, norm) if self.parent is not None else None
            if sharing is not None and sharing is not self:
                self._histories[norm] = sharing.histories(norm)
                self._consulted[norm] = sharing.consulted(norm)
            else:
                self._work_out(self.strata.component[norm])
        return self._histories[norm]

    def consulted(self, norm: str) -> frozenset[str]:
        """The terms whose readings were asked for when a norm was worked out."""
        self.histories(norm)
        return self._consulted.get(norm, frozenset(self.assignment))

    def _work_out(self, component: tuple[str, ...]) -> None:
        """Simulate a component, or take histories that rest on the very same answers.

        Under most readings and standards most norms rest on the same facts; what was worked out
        for one serves the others.
        """
        for norm in component:
            self._prepare_needs(norm, component)
        if self.shared is None:
            self._simulate(component)
            return
        with self.evaluator.answers.collecting() as asked:
            key = self._rests_on(component)
        terms = frozenset(asked & set(self.assignment))
        self._consulted.update((norm, terms) for norm in component)
        if key in self.shared:
            self._histories.update(self.shared[key])
        else:
            self._simulate(component)
            self.shared[key] = {norm: self._histories[norm] for norm in component}

    def _rests_on(self, component: tuple[str, ...]) -> tuple[object, ...]:
        """All that the histories of a component depend on, as one comparable value."""
        own = frozenset(component)
        answers = self.evaluator.answers
        agreement = self.agreement
        found: list[object] = [
            component,
            self.settings.findings_needed,
            tuple(f.record.id for f in self.findings() if f.stands),
        ]
        clauses = []
        for norm in component:
            declared = agreement.norms[norm]
            telling = {id(cond) for cond in declared.telling}
            for instance in self.instances(norm):
                clauses += [
                    (instance, cond, id(cond) in telling) for cond in own_conditions(declared)
                ]
        for incoming in self._incoming(component).values():
            clauses += [
                (instance, effect.condition, True)
                for source, effect in incoming
                if effect.condition is not None
                for instance in self.instances(source)
            ]
        for norm in component:
            clauses += [
                (instance, before.allowed, True)
                for before in going_before(agreement.norms[norm], agreement)
                if before.allowed is not None
                for instance in self.instances(before.id)
            ]
        if self.findings():
            clauses += [
                (instance, other.condition, True)
                for other in agreement.norms.values()
                if other.upon_finding is not None and other.condition is not None
                for instance in self.instances(other.id)
            ]
        for instance, cond, tells in clauses:
            found.append(instance.id)
            for role in Role if tells else (Role.FULFILLING,):
                answer = answers.of(cond, instance.env, role, own)
                if not tells and not self.evaluator.asks_states(cond):
                    answer = self.evaluator.course(cond, instance.env, role)
                found.append(answer)
        for norm in component:
            answers.terms.update(instance_terms(agreement.norms[norm], agreement))
            found.append(tuple((i.id, i.bearers, i.vacant) for i in self.instances(norm)))
        if self.facts.world.view.of_type("finding"):
            for institution in agreement.institutions.values():
                if institution.established_by is not None:
                    answers.terms.update(self.closure(institution.established_by))
        return tuple(found)

    def _simulate(self, component: tuple[str, ...]) -> None:
        made = {n: tuple(History(i) for i in self.instances(n)) for n in component}
        self._histories.update(made)
        slots = [Slot(h) for n in component for h in made[n]]
        if self.columnar and self._each_by_itself(component):
            for slot in slots:
                self._simulate_together(component, [slot])
        else:
            self._simulate_together(component, slots)

    def _each_by_itself(self, component: tuple[str, ...]) -> bool:
        """Whether no instance asks for the state of another that is worked out with it."""
        if len(component) > 1:
            return False
        norm = self.agreement.norms[component[0]]
        onto = [effect for _, effect in self.agreement.effects_on(norm.id)]
        if any(e.target.norm == norm.id for e in norm.effects):
            return False
        asked = [*own_conditions(norm), *(e.condition for e in onto if e.condition is not None)]
        before = going_before(norm, self.agreement)
        return not any(b.id == norm.id for b in before) and not any(
            isinstance(node, c.StateOf | c.KeptFor) and node.norm == norm.id
            for cond in asked
            for node in walk(cond, self.agreement)
        )

    def _simulate_together(self, component: tuple[str, ...], slots: list[Slot]) -> None:
        incoming = self._incoming(component)
        simulation = (ColumnSimulation if self.columnar else Simulation)(
            slots,
            self.strata.order[component],
            self.evaluator,
            self.findings(),
            self.settings,
            incoming,
            {source: self.instances(source) for found in incoming.values() for source, _ in found},
            {n: tuple(going_before(self.agreement.norms[n], self.agreement)) for n in component},
            self.facts.world.view.as_of,
        )
        outer, self._current = self._current, simulation
        simulation.run()
        self._current = outer
        for slot in slots:
            self._settle_bases(slot.history)

    def _prepare_needs(self, norm: str, component: tuple[str, ...]) -> None:
        """Make the histories that a component needs before it starts."""
        for needed in self.strata.needs[norm]:
            if needed not in component:
                self.histories(needed)

    def _incoming(self, component: Iterable[str]) -> dict[str, list[tuple[str, Effect]]]:
        onto = {norm: self.agreement.effects_on(norm) for norm in component}
        return {n: [(s.id, effect) for s, effect in each] for n, each in onto.items() if each}

    def _settle_bases(self, history: History) -> None:
        """Mark breaches as found or decided, and as disputed (rule 7)."""
        norm = history.instance.norm
        standing = [
            f
            for f in self.findings()
            if f.stands and f.result == "breach" and f.on(norm.id, history.instance.id)
        ]
        if not standing and not self.facts.world.view.of_type("disputes"):
            return  # all are alleged
        for breach in history.breaches:
            on_it = [f for f in standing if self._covers(f, breach)]
            if on_it:
                breach.findings = tuple(sorted({*breach.findings, *(f.record.id for f in on_it)}))
                breach.basis = "decided" if self._acted_on(on_it, breach) else "found"
            breach.disputed = self._disputed(history.instance, breach)

    def _covers(self, finding: Finding, breach: Breach) -> bool:
        belongs = self.facts.evidence.speakers.belongs
        if finding.against is not None and breach.by:
            if not any(belongs(finding.against, b) for b in breach.by):
                return False
        if finding.about and breach.records:
            return bool(set(finding.about) & set(breach.ids))
        return breach.at <= finding.at  # one that names no record means what was done by then

    def _acted_on(self, findings: list[Finding], breach: Breach) -> bool:
        """Whether a consequence that the agreement names has been taken on a finding."""
        for norm in self.agreement.norms.values():
            if norm.upon_finding != "breach" or norm.condition is None:
                continue
            for offender in breach.by:
                acts = self.evaluator.acts(norm.condition, {"offender": offender}, Role.FULFILLING)
                if any(fact.at >= f.at for fact, _ in acts for f in findings):
                    return True
        return False

    def _disputed(self, instance: Instance, breach: Breach) -> bool:
        """Whether a party concerned disputes a record of the occurrence."""
        speakers = self.facts.evidence.speakers
        for record in self.facts.world.view.of_type("disputes"):
            party = record.word("party")
            if party and speakers.speaks_for(record.speaker, party):
                records = self._told(breach)
                concerned = _concerned(instance, records)
                if {r.id for r in records} & set(record.words("record")) and any(
                    speakers.belongs(party, one) for one in concerned
                ):
                    return True
        return False

    def _told(self, breach: Breach) -> tuple[Record, ...]:
        """All records of the occurrences of a breach, those that do not count among them."""
        types = {record.type for record in breach.records}
        return tuple(
            record
            for occurrence in (o for t in types for o in self.facts.world.by_type.get(t, ()))
            if occurrence.ids & set(breach.ids)
            for record in occurrence.records
        )

    # --- what the evaluator asks ------------------------------------------------------------------

    def matching(self, norm: str, keys: tuple[EnvValue, ...]) -> Sequence[History]:
        """The histories of the instances that keys name; what is empty names all."""
        histories, known = self.histories(norm), self._keyed.get(norm)
        if known is None or known.histories is not histories:
            known = self._keyed[norm] = Keyed(histories)
        return known.matching(keys)

    def _flags(self, history: History, at: int) -> Flags:
        simulation = self._current
        if simulation is not None and at >= simulation.now:
            now = simulation.flags_of(history)
            if now is not None:
                return now
        return history.at(at)

    def holds(self, state: c.StateOf, keys: tuple[EnvValue, ...], at: int) -> bool:
        asked = [h for h in self.matching(state.norm, keys) if not h.instance.vacant]
        return in_state(state.state, [self._flags(h, at) for h in asked])

    def settled(self, norm: str) -> bool:
        """Whether the histories of a norm are complete, and not just being made."""
        simulation = self._current
        return simulation is None or norm not in simulation.norms

    def changes(self, norm: str, keys: tuple[EnvValue, ...] = ()) -> tuple[int, ...]:
        return tuple(sorted({t for h in self.matching(norm, keys) for t in h.times}))

    def changes_back(
        self, norm: str, keys: tuple[EnvValue, ...], last: int, first: int
    ) -> Iterator[int]:
        """When instances changed, from one instant back to just after another; the latest first."""
        found = [h.changes_back(last, first) for h in self.matching(norm, keys)]
        return found[0] if len(found) == 1 else once_each(heapq.merge(*found, reverse=True))

    def kept_since(self, norm: str, keys: tuple[EnvValue, ...], at: int) -> int | None:
        """Since when all instances are active without an entry; None if one is not active."""
        since = EARLIEST
        matching = [h for h in self.matching(norm, keys) if not h.instance.vacant]
        for history in matching:
            flags = self._flags(history, at)
            if not flags.running or history.activated is None:
                return None
            since = max(since, history.activated, history.last_entry(at) or EARLIEST)
        return since if matching else None

    def breaches_of(self, cond: c.Condition, at: int) -> list[Breach]:
        """Open breaches that a condition asks for by “N is breached”."""
        found = []
        for node in walk(cond, self.agreement, self.assignment):
            if isinstance(node, c.StateOf) and node.state == "breached":
                keys = tuple(self.evaluator.key_of(k, {}) for k in node.keys)
                for history in self.matching(node.norm, keys):
                    found += [b for b in history.breaches if b.at <= at and not b.cleared]
        return found


def _concerned(instance: Instance, records: Iterable[Record]) -> frozenset[str]:
    """Who owes, who is owed, and whom the records name."""
    found = set(instance.bearers)
    for value in instance.env.values():
        found.update((value,) if isinstance(value, str) else value)
    for record in records:
        found.update(value for value in record.args.values() if isinstance(value, str))
    return frozenset(found)
