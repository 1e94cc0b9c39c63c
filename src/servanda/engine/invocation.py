"""Guarantees: triggered and invoked, forfeited and lapsed (vocabulary, rule 8).

A finding speaks for the acts that it is about, or, where it names none, for those done by then; it
invokes or ends a guarantee only with an act that the text calls for, or where no act is known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from servanda.engine.history import Condition
from servanda.engine.reason import Reason
from servanda.engine.slot import AUTOMATIC, Forfeit, Slot
from servanda.evidence.finding import Finding
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.consequence import Effect
from servanda.model.norm import Norm, NormKind

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


def _decider(sim: "Simulation", norm: Norm) -> str | None:
    assumed = sim.settings.deciders.get(norm.id)
    if assumed is not None:
        return assumed
    return norm.decided_by if isinstance(norm.decided_by, str) else None


def _findings(sim: "Simulation", slot: Slot, result: str) -> list[Finding]:
    """Standing findings on the guarantee itself that have been made by now."""
    return [f for f in sim.findings_on(slot) if f.result == result and f.at <= sim.now]


def _decides(sim: "Simulation", norm: Norm, found: Iterable[Finding]) -> bool:
    decider = _decider(sim, norm)
    return decider == AUTOMATIC or any(f.body == decider for f in found)


# --- forfeited and lapsed -------------------------------------------------------------------------


def lapse(sim: "Simulation", slot: Slot) -> None:
    norm = slot.norm
    if norm.kind is not NormKind.GUARANTEE or not slot.flags.begun or slot.flags.lapsed:
        return
    if not slot.before.begun:
        return
    if slot.forfeits and not sim.findings:
        return  # the first act settles what is alleged; only a finding could be on a later one
    _collect(sim, slot)
    made = _findings(sim, slot, "forfeiture")
    behind = [(one, [*_on(one, made), *_by_the_way(sim, one)]) for one in slot.forfeits]
    found = [(one, on_it) for one, on_it in behind if on_it]
    alleged = [one for one in slot.forfeits if not sim.settings.findings_needed]
    unseen = [f for f in made if not f.about and not any(f in on_it for _, on_it in found)]
    deciding: list[Finding] = []
    if found:
        one, _ = found[0]
        slot.history.forfeiture = Condition("found", one.since, one.records, one.via)
        deciding = [f for _, on_it in found for f in on_it]
    elif unseen:
        since, records = unseen[0].at, (unseen[0].record.id,)
        slot.history.forfeiture = Condition("found", since, records)
        deciding = unseen
    elif alleged:
        one = alleged[0]
        slot.history.forfeiture = Condition("alleged", one.since, one.records, one.via)
    if slot.history.forfeiture.state != "none" and _decides(sim, norm, deciding):
        slot.set(lapsed=True, terminated=True, invoked=False)


def _collect(sim: "Simulation", slot: Slot) -> None:
    """Note the forfeiting acts that come about now."""
    for cause in slot.norm.lapses:
        if sim.holds(cause.condition, slot, Role.OFFENDING):
            reason = sim.evaluator.evaluate(
                cause.condition, slot.instance.env, sim.now, Role.OFFENDING
            )
            _note(slot, Forfeit(sim.now, tuple(r.id for r in reason.records()), cause.via))
    for effect in sim.effects_on(slot, "lapses"):
        records, findings = _behind(sim, effect)
        _note(slot, Forfeit(sim.now, records, effect.via, findings))


def _note(slot: Slot, one: Forfeit) -> None:
    """Acts that were noted before are not noted again, nor a stretch that only goes on."""
    noted = slot.noted.get(one.via)
    new = tuple(i for i in one.records if noted is None or i not in noted)
    if new or noted is None:
        slot.forfeits.append(replace(one, records=new))
        slot.noted.setdefault(one.via, set()).update(new)


def _on(one: Forfeit, made: Sequence[Finding]) -> list[Finding]:
    return [f for f in made if (set(f.about) & set(one.records) if f.about else one.since <= f.at)]


def _by_the_way(sim: "Simulation", one: Forfeit) -> list[Finding]:
    """Findings on the other norm whose breach forfeits, made by now."""
    return [f for f in sim.findings if f.record.id in one.findings and f.at <= sim.now]


def _behind(sim: "Simulation", effect: Effect) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The breaches that a consequence rests on: their records, and the findings on them."""
    if effect.condition is None:
        return (), ()
    breaches = sim.evaluator.states.breaches_of(effect.condition, sim.now)  # type: ignore[attr-defined]
    records = sorted({i for b in breaches for i in b.ids})
    return tuple(records), tuple(sorted({f for b in breaches for f in b.findings}))


# --- triggered and invoked ------------------------------------------------------------------------


def invoke(sim: "Simulation", slot: Slot) -> None:
    norm = slot.norm
    if norm.kind is not NormKind.GUARANTEE or not slot.flags.begun:
        return
    trigger = next((t for t in norm.triggers if sim.holds(t, slot, Role.OFFENDING)), None)
    made = _findings(sim, slot, "trigger")
    if trigger is not None:
        reason = sim.evaluator.evaluate(trigger, slot.instance.env, sim.now, Role.OFFENDING)
        on_it = _about(made, reason)
        slot.history.trigger = _trigger(sim, slot, reason, on_it)
    else:
        on_it = [f for f in made if not f.about and not _over(sim, slot, f)]
        slot.history.trigger = _unseen(on_it)
    holds = slot.history.trigger.state != "none"
    invoked = holds and _decides(sim, norm, on_it) and not slot.flags.lapsed
    if invoked != slot.flags.invoked:
        slot.set(invoked=invoked)


def _trigger(sim: "Simulation", slot: Slot, reason: Reason, on_it: Sequence[Finding]) -> Condition:
    """What is said and found of a trigger that holds now; found, it is dated by its acts."""
    if sim.settings.findings_needed and not on_it:
        return Condition()
    earlier = slot.history.trigger
    since = sim.now
    if earlier.state != "none" and earlier.since is not None:
        since = earlier.since
    elif sim.settings.findings_needed:
        since = _dated(reason, on_it)
    ids = tuple(r.id for r in reason.records())
    return Condition("found" if on_it else "alleged", since, ids)


def _about(made: Sequence[Finding], reason: Reason) -> list[Finding]:
    """Findings about an act that triggers now; one that names none means those done by then."""
    ids = {r.id for r in reason.records()}
    first = min((f.at for f in reason.acts()), default=None)
    return [f for f in made if (ids & set(f.about) if f.about else first is None or first <= f.at)]


def _dated(reason: Reason, on_it: Sequence[Finding]) -> int:
    """Dated by the records that findings are about, else by the finding."""
    about = {i for f in on_it for i in f.about}
    dates = [fact.at for fact in reason.acts() if about & set(fact.ids)]
    return min(dates, default=on_it[0].at)


def _unseen(on_it: Sequence[Finding]) -> Condition:
    """A trigger that a body has found and no record shows."""
    if not on_it:
        return Condition()
    return Condition("found", on_it[0].at, tuple(f.record.id for f in on_it))


def _over(sim: "Simulation", slot: Slot, finding: Finding) -> bool:
    """Whether what a finding without records is on has ended since."""
    agreement = sim.evaluator.facts.world.agreement
    for trigger in slot.norm.triggers:
        state = agreement.states.get(trigger.name) if isinstance(trigger, c.Call) else None
        if state is None or state.ends is None:
            continue
        assert isinstance(trigger, c.Call)
        env = sim.evaluator.arguments(state.parameters, trigger, slot.instance.env)
        ends = sim.evaluator.acts(state.ends, env, Role.FULFILLING)
        if any(finding.at <= fact.at <= sim.now for fact, _ in ends):
            return True
    return False
