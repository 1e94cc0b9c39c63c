"""Guarantees: triggered and invoked, forfeited and lapsed (vocabulary, rule 8)."""

from typing import TYPE_CHECKING

from servanda.engine.history import Condition
from servanda.engine.reason import Reason
from servanda.engine.slot import AUTOMATIC, Slot
from servanda.evidence.finding import Finding
from servanda.evidence.standard import Role
from servanda.model.consequence import Effect
from servanda.model.norm import Norm, NormKind

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


def _decider(sim: "Simulation", norm: Norm) -> str | None:
    assumed = sim.settings.deciders.get(norm.id)
    if assumed is not None:
        return assumed
    return norm.decided_by if isinstance(norm.decided_by, str) else None


def lapse(sim: "Simulation", slot: Slot) -> None:
    norm = slot.norm
    if norm.kind is not NormKind.GUARANTEE or not slot.flags.begun or slot.flags.lapsed:
        return
    if not slot.before.begun:
        return
    forfeited = slot.history.forfeiture
    if forfeited.state == "none":
        forfeited = _forfeiture(sim, slot)
    found = [f for f in sim.findings_on(slot) if f.result == "forfeiture" and f.at <= sim.now]
    if found:
        since = forfeited.since if forfeited.since is not None else found[0].at
        records = forfeited.records or tuple(found[0].about)
        forfeited = Condition("found", since, records, forfeited.via)
    slot.history.forfeiture = forfeited
    decider = _decider(sim, norm)
    if (decider == AUTOMATIC and forfeited.state != "none") or any(
        f.body == decider for f in found
    ):
        slot.set(lapsed=True, terminated=True, invoked=False)


def _forfeiture(sim: "Simulation", slot: Slot) -> Condition:
    """The first condition of forfeiture that comes about now (without its finding)."""
    for lapse in slot.norm.lapses:
        if sim.settings.findings_needed:
            continue
        if sim.holds(lapse.condition, slot, Role.OFFENDING):
            reason = sim.evaluator.evaluate(
                lapse.condition, slot.instance.env, sim.now, Role.OFFENDING
            )
            ids = tuple(r.id for r in reason.records())
            return Condition("alleged", sim.now, ids, lapse.via)
    for effect in sim.effects_on(slot, "lapses"):
        records, found = _behind(sim, effect)
        return Condition("found" if found else "alleged", sim.now, records, effect.via)
    return Condition()


def _behind(sim: "Simulation", effect: Effect) -> tuple[tuple[str, ...], bool]:
    """The breaches that a consequence rests on: their records, and whether they are found."""
    if effect.condition is None:
        return (), False
    breaches = sim.evaluator.states.breaches_of(effect.condition, sim.now)  # type: ignore[attr-defined]
    records = sorted({i for b in breaches for i in b.ids})
    return tuple(records), any(b.findings for b in breaches)


def invoke(sim: "Simulation", slot: Slot) -> None:
    norm = slot.norm
    if norm.kind is not NormKind.GUARANTEE or not slot.flags.begun:
        return
    trigger = next((t for t in norm.triggers if sim.holds(t, slot, Role.OFFENDING)), None)
    reason = None
    if trigger is not None:
        reason = sim.evaluator.evaluate(trigger, slot.instance.env, sim.now, Role.OFFENDING)
    found = [f for f in sim.findings_on(slot) if f.result == "trigger" and f.at <= sim.now]
    slot.history.trigger = _trigger(sim, slot, reason, found)
    decider = _decider(sim, norm)
    holds = slot.history.trigger.state != "none"
    decided = decider == AUTOMATIC or any(f.body == decider for f in found)
    invoked = holds and decided
    if (invoked and not slot.flags.lapsed) != slot.flags.invoked:
        slot.set(invoked=not slot.flags.invoked)


def _trigger(
    sim: "Simulation", slot: Slot, reason: Reason | None, found: list[Finding]
) -> Condition:
    earlier = slot.history.trigger
    if reason is not None:
        ids = tuple(r.id for r in reason.records())
        about = [f for f in found if not f.about or set(f.about) & set(ids)]
        if sim.settings.findings_needed and not about:
            return Condition()
        since = earlier.since if earlier.state != "none" else sim.now
        return Condition("found" if about else "alleged", since, ids)
    unseen = [f for f in found if not f.about]
    if unseen and not slot.history.trigger.via:
        since = earlier.since if earlier.state != "none" else sim.now
        return Condition("found", since, tuple(f.record.id for f in unseen))
    return Condition()
