"""Acts against prohibitions: which offend, which are allowed by a norm that goes before.

Acts are judged by the states just before them (vocabulary, rules 1 and 4).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from servanda.engine.acts import acts_of, is_act
from servanda.engine.facts import Fact
from servanda.engine.history import Breach
from servanda.engine.instances import Instance
from servanda.engine.slot import Slot
from servanda.engine.walk import walk
from servanda.evidence.finding import Finding
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.norm import NormKind
from servanda.model.unspecified import Unspecified

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


def index_acts(sim: "Simulation", slot: Slot) -> None:
    """Index the offending acts; what rests on states just being worked out is sought later."""
    cond = slot.norm.condition
    assert cond is not None
    slot.guarded = rests_on_own(sim, slot)
    if slot.guarded:
        for instant in sim.evaluator.boundaries(cond, slot.instance.env, Role.OFFENDING):
            sim.push(instant)
    offences = () if slot.guarded else tuple(_offences(sim, slot))
    for offence in _entries(sim, slot, offences):
        slot.acts.setdefault(offence[0].at, []).append(offence)
        sim.push(offence[0].at)
    if sim.settings.findings_needed:
        for finding in _breaches(sim, slot):
            if not finding.about:
                fact = Fact(finding.at, finding.at, (finding.record,))
                slot.acts.setdefault(finding.at, []).append((fact, finding.record.id))


def rests_on_own(sim: "Simulation", slot: Slot) -> bool:
    """Whether acts, or what allows them, rest on states that are worked out with this one."""
    agreement, assignment = sim.evaluator.facts.world.agreement, sim.evaluator.assignment
    conds = [norm.condition for norm in (slot.norm, *sim.before.get(slot.norm.id, ()))]
    return any(
        isinstance(node, c.StateOf | c.KeptFor) and node.norm in sim.norms
        for cond in conds
        if cond is not None and sim.evaluator.asks_states(cond)
        for node in walk(cond, agreement, assignment)
    )


def _breaches(sim: "Simulation", slot: Slot) -> list[Finding]:
    return [f for f in sim.findings_on(slot) if f.result == "breach"]


def _entries(sim: "Simulation", slot: Slot, offences: Sequence[Fact]) -> Iterator[tuple[Fact, str]]:
    """The offences that count, each with the finding on it, where a finding is needed."""
    if not sim.settings.findings_needed:
        yield from ((fact, "") for fact in offences)
        return
    for finding in _breaches(sim, slot):
        for fact in offences:
            if set(fact.ids) & set(finding.about):
                yield fact, finding.record.id


def index_allowed(sim: "Simulation", slot: Slot) -> None:
    """Acts that a norm which goes before this one allows, with the instances that do."""
    acts = {(fact.at, fact.ids) for found in slot.acts.values() for fact, _ in found}
    for norm in sim.before.get(slot.norm.id, ()) if acts and not slot.guarded else ():
        assert norm.condition is not None
        for instance in sim.evaluator.states.instances(norm.id):
            for fact, _ in sim.evaluator.acts(norm.condition, instance.env, Role.OFFENDING):
                if (fact.at, fact.ids) in acts:
                    slot.allowed.setdefault((fact.at, fact.ids), []).append(instance)


def _is_allowed(sim: "Simulation", slot: Slot, fact: Fact) -> bool:
    """Whether a norm that goes before this one was active just before the act."""
    known = slot.allowed.get((fact.at, fact.ids), ())
    return any(
        sim.evaluator.states.holds(
            c.StateOf(instance.norm.id, (), "active"), instance.key, sim.now - 1
        )
        for instance in (_allowing(sim, slot, fact) if slot.guarded else known)
    )


def _allowing(sim: "Simulation", slot: Slot, fact: Fact) -> Iterator[Instance]:
    """The instances that allow an act of now, by the states just before it."""
    for norm in sim.before.get(slot.norm.id, ()):
        assert norm.condition is not None
        for instance in sim.evaluator.states.instances(norm.id):
            acts = acts_of(sim.evaluator, norm.condition, instance.env, Role.OFFENDING, sim.now)
            if any(other.ids == fact.ids for other, _ in acts):
                yield instance


def _offences(sim: "Simulation", slot: Slot, at: int | None = None) -> Iterable[Fact]:
    """Acts of one occurrence once, in the order of time; all, or those of now."""
    cond, ev, env = slot.norm.condition, sim.evaluator, slot.instance.env
    assert cond is not None
    role = Role.OFFENDING
    if is_act(ev, cond):
        seen: dict[tuple[int, tuple[str, ...]], Fact] = {}
        found = ev.acts(cond, env, role) if at is None else acts_of(ev, cond, env, role, at)
        for fact, _ in found:
            seen.setdefault((fact.at, fact.ids), fact)
        return [seen[key] for key in sorted(seen)]
    begun = []
    for instant in ev.boundaries(cond, env, role) if at is None else (at,):
        reason = ev.evaluate(cond, env, instant, role)
        if reason.holds and not slot.offends:
            begun.append(Fact(instant, instant, reason.records()))
        slot.offends = reason.holds
    return begun


def judge_acts(sim: "Simulation", slot: Slot) -> None:
    """Offending acts count while the norm was active and not suspended just before."""
    done = slot.acts.get(sim.now, [])
    if slot.guarded:
        done = [*done, *_entries(sim, slot, tuple(_offences(sim, slot, sim.now)))]
    if not done or not slot.before.running or slot.before.suspended:
        return
    acts = [(fact, finding) for fact, finding in done if not _is_allowed(sim, slot, fact)]
    if not acts:
        return
    for fact, finding in acts:
        if (fact.at, fact.ids) in slot.entered:
            continue
        slot.entered.add((fact.at, fact.ids))
        breach = Breach(fact.at, slot.instance.bearers, "act", fact.records)
        if finding:
            breach.findings = (finding,)
        slot.enter(breach)
    slot.set(breached=slot.norm.kind is not NormKind.POLITICAL, cured=False)
    push_cure(sim, slot)


def push_cure(sim: "Simulation", slot: Slot) -> None:
    cure = slot.norm.cure
    if cure is not None and not isinstance(cure.within, Unspecified):
        sim.push(sim.evaluator.calendar.due_within(cure.within, sim.now))
