"""Acts against prohibitions: which offend, which are allowed by a norm that goes before.

Acts are judged by the states just before them (vocabulary, rules 1 and 4).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from servanda.engine.acts import is_act
from servanda.engine.facts import Fact
from servanda.engine.history import Breach
from servanda.engine.slot import Slot
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.norm import NormKind
from servanda.model.unspecified import Unspecified

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


def index_acts(sim: "Simulation", slot: Slot) -> None:
    cond = slot.norm.condition
    assert cond is not None
    if not sim.settings.findings_needed:
        for fact in _offences(sim, slot):
            slot.acts.setdefault(fact.at, []).append((fact, ""))
            sim.push(fact.at)
        return
    for finding in sim.findings_on(slot):
        if finding.result != "breach":
            continue
        covered = [f for f in _offences(sim, slot) if set(f.ids) & set(finding.about)]
        for fact in covered:
            slot.acts.setdefault(fact.at, []).append((fact, finding.record.id))
            sim.push(fact.at)
        if not finding.about:
            fact = Fact(finding.at, finding.at, (finding.record,))
            slot.acts.setdefault(finding.at, []).append((fact, finding.record.id))


def index_allowed(sim: "Simulation", slot: Slot) -> None:
    """Acts that a norm which goes before this one allows, with the instances that do."""
    acts = {(fact.at, fact.ids) for found in slot.acts.values() for fact, _ in found}
    for norm in sim.before.get(slot.norm.id, ()) if acts else ():
        assert norm.condition is not None
        for instance in sim.evaluator.states.instances(norm.id):
            for fact, _ in sim.evaluator.acts(norm.condition, instance.env, Role.OFFENDING):
                if (fact.at, fact.ids) in acts:
                    slot.allowed.setdefault((fact.at, fact.ids), []).append(instance)


def _is_allowed(sim: "Simulation", slot: Slot, fact: Fact) -> bool:
    """Whether a norm that goes before this one was active just before the act."""
    return any(
        sim.evaluator.states.holds(
            c.StateOf(instance.norm.id, (), "active"), instance.key, sim.now - 1
        )
        for instance in slot.allowed.get((fact.at, fact.ids), ())
    )


def _offences(sim: "Simulation", slot: Slot) -> Iterable[Fact]:
    """Acts of one occurrence once, in the order of time."""
    cond = slot.norm.condition
    assert cond is not None
    role = Role.OFFENDING
    if is_act(sim.evaluator, cond):
        seen: dict[tuple[int, tuple[str, ...]], Fact] = {}
        for fact, _ in sim.evaluator.acts(cond, slot.instance.env, role):
            seen.setdefault((fact.at, fact.ids), fact)
        return [seen[key] for key in sorted(seen)]
    found = []
    held = False
    for instant in sim.evaluator.boundaries(cond, slot.instance.env, role):
        reason = sim.evaluator.evaluate(cond, slot.instance.env, instant, role)
        if reason.holds and not held:
            found.append(Fact(instant, instant, reason.records()))
        held = reason.holds
    return found


def judge_acts(sim: "Simulation", slot: Slot) -> None:
    """Offending acts count while the norm was active and not suspended just before."""
    if sim.now not in slot.acts or not slot.before.running or slot.before.suspended:
        return
    acts = [(f, finding) for f, finding in slot.acts[sim.now] if not _is_allowed(sim, slot, f)]
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
