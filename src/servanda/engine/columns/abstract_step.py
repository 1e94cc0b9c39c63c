"""A step of norms that are worked out together, told by the order of instants alone.

A step asks of an instant no more than whether it lies before another.  So it is made, by the very
rules of the reference, with small numbers in the place of instants: now is 0.  What it does is told
in words that hold of every step that begins alike, so that it need be made only once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from servanda.engine.axis import EARLIEST
from servanda.engine.columns.inputs import Inputs, Test, Unfit
from servanda.engine.history import Breach, Flags, History
from servanda.engine.instances import Instance
from servanda.engine.lifecycle import Simulation
from servanda.engine.reason import Env, Reason
from servanda.engine.slot import Slot
from servanda.engine.strata import conditions, start_of
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind, Within

NOW = 0
# A deadline to come, one that runs out in a moment, just now, or has run out.
TO_COME, NEXT, PAST = 2, 1, -3
RELATIONS = (TO_COME, NEXT, NOW, PAST)
# When it was begun and when undone: after the deadline or before it.
_ACTIVATED_LATE, _ACTIVATED, _UNDONE_LATE, _UNDONE = -2, -9, -2, -6
_PAUSED = -5
_RECENT = -1  # an entry of what is owed now; of earlier ones nothing is asked


class Kept(NamedTuple):
    """What an instance carries from one step to the next.

    `due` of the flags only says whether, `activated` and `reopened` lie before or after it.
    """

    flags: Flags = Flags()
    start_held: bool = False
    activated: int | None = None
    reopened: int = EARLIEST
    paused: bool = False
    failing: bool = False
    fails: bool = False
    made_up: bool = False


class Deed(NamedTuple):
    """What a step does to one instance; `entered` are kinds of entries, each with its instant."""

    slot: int
    activated: bool = False
    due: str = ""  # "set", "moved": so much later as it was paused
    paused: bool = False
    reopened: bool = False
    entered: tuple[tuple[str, str], ...] = ()
    cleared: bool = False
    performed: bool = False
    straddling: bool = False  # asked whether an act was done whose period holds the deadline
    acts: bool = False


class State(NamedTuple):
    """What a step rests on beside its inputs; `looked` says which windows' conditions held."""

    kept: tuple[Kept, ...]
    looked: tuple[bool, ...]
    first: bool = False


class Step(NamedTuple):
    following: State
    deeds: tuple[Deed, ...]
    turned: tuple[tuple[int, bool], ...]  # the windows whose conditions begin or cease to hold


@dataclass
class AbstractStep(Simulation):
    """The rules of `Simulation` at an instant that is called 0.

    `acting` tests whether acts against an instance are done now; `falling`, of a deadline that does
    not move with the activation, whether it is known, runs out next, now, has run out.
    """

    inputs: Inputs = field(kw_only=True)
    acting: Sequence[Test | None] = field(kw_only=True)
    falling: Sequence[tuple[Test, Test, Test, Test] | None] = field(kw_only=True)
    _first: bool = False
    _acted: set[int] = field(default_factory=set)
    _straddled: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.now = NOW
        self._arrange()
        for slot in self.slots:
            for cond in _asked(slot.norm):
                self.inputs.test(cond, slot.instance.env, self._role(slot.norm, cond))
            for source, effect in self.incoming.get(slot.norm.id, ()):
                for instance in self.sources.get(source, ()):
                    self.inputs.active(instance)
                    if effect.condition is not None:
                        self.inputs.test(effect.condition, instance.env, Role.OFFENDING)

    def begin(self) -> State:
        """The state before all instants."""
        for slot in self.slots:
            _load(slot, Kept(), TO_COME)
        for place, window in enumerate(self.inputs.windows):  # each after those inside it
            self.inputs.held |= window.inner() << place  # what held, held ever before
        return State(tuple(Kept() for _ in self.slots), self._look(), True)

    def made(self, state: State, due: Sequence[int]) -> Step:
        """The step from a state by the inputs of its instant, given how each deadline lies."""
        self._first = state.first
        self._acted.clear()
        self._straddled.clear()
        for slot, kept, relation in zip(self.slots, state.kept, due, strict=True):
            _load(slot, kept, relation)
        self._settle_all()
        looked = self._look()
        turned = tuple(
            (place, now)
            for place, (was, now) in enumerate(zip(state.looked, looked, strict=True))
            if was is not now
        )
        deeds = [self._deed(p, k) for p, k in enumerate(state.kept)]
        following = State(tuple(_kept(slot, self._first) for slot in self.slots), looked)
        return Step(following, tuple(d for d in deeds if d != Deed(d.slot)), turned)

    def _look(self) -> tuple[bool, ...]:
        return tuple(window.inner() for window in self.inputs.windows)

    def _deed(self, place: int, kept: Kept) -> Deed:
        slot = self.slots[place]
        entered = tuple((b.kind, _WHEN[b.at]) for b in slot.history.breaches)
        activated, due = slot.round > 0, ""
        if slot.flags.due is not None:
            if activated or kept.flags.due is None:
                due = "set"
            elif kept.paused and slot.paused_at != _PAUSED:
                due = "moved"
        return Deed(
            place,
            activated=activated,
            due=due,
            paused=slot.paused_at == NOW,
            reopened=slot.reopened == NOW,
            entered=entered,
            cleared=len(slot.standing) < _missed(slot, kept) + len(entered),
            performed=slot.performed is not None,
            straddling=id(slot) in self._straddled,
            acts=id(slot) in self._acted,
        )

    # --- what a step asks -----------------------------------------------------------------------

    def holds(self, cond: c.Condition, slot: Slot, role: Role = Role.FULFILLING) -> bool:
        return self.inputs.test(cond, slot.instance.env, role)()

    def holds_of(self, cond: c.Condition, instance: Instance) -> bool:
        return self.inputs.test(cond, instance.env, Role.OFFENDING)()

    def _source_active(self, instance: Instance) -> bool:
        return self.inputs.active(instance)()

    def reason(self, cond: c.Condition, slot: Slot, role: Role) -> Reason:
        return Reason(cond, False)  # records are looked up when somebody asks for them

    def due(self, slot: Slot) -> int | None:
        if slot.flags.due is not None or not slot.flags.begun:
            return slot.flags.due
        falling = self.falling[self._place[id(slot)]]
        if falling is None:
            if self._first or slot.activated == EARLIEST:
                return None
            if slot.activated != NOW:
                raise Unfit
            relation = TO_COME
        else:
            known, following, now, past = falling
            if not known():
                return None
            relation = PAST if past() else TO_COME
            if following() or now() or (past() and slot.activated != NOW):
                raise Unfit
        slot.set(due=relation)
        return relation

    def straddling(self, slot: Slot, env: Env, due: int) -> int | None:
        self._straddled.add(id(slot))
        return None

    def show(self, slot: Slot, env: Env, at: int) -> None:
        slot.performed = env, at

    def push(self, instant: int | None) -> None:
        """Which instants follow is told by the deeds."""

    def _judge(self, slot: Slot) -> None:
        acting = self.acting[self._place[id(slot)]]
        if acting is not None and acting() and slot.before.running and not slot.before.suspended:
            self._acted.add(id(slot))
            slot.set(breached=slot.norm.kind is not NormKind.POLITICAL, cured=False)

    @cached_property
    def _place(self) -> dict[int, int]:
        return {id(slot): place for place, slot in enumerate(self.slots)}


_WHEN = {NOW: "now", PAST: "due", _UNDONE_LATE: "reopened", _UNDONE: "reopened"}


def _asked(norm: Norm) -> Iterator[c.Condition]:
    """The conditions that a step asks for; acts and what deadlines run from are told otherwise."""
    for flag, cond in conditions(norm):
        if flag and not (isinstance(norm.deadline, Within) and cond is norm.deadline.of):
            yield cond
    yield start_of(norm).condition


def _missed(slot: Slot, kept: Kept) -> bool:
    """Whether an entry of a missed deadline stands open; of earlier rounds nothing is asked."""
    return kept.flags.breached and slot.norm.duty == "achieve"


def _load(slot: Slot, kept: Kept, due: int) -> None:
    """Put an instance into a state; the deadline lies so."""
    slot.flags = kept.flags if kept.flags.due is None else kept.flags._replace(due=due)
    slot.start_held, slot.activated, slot.reopened = kept.start_held, kept.activated, kept.reopened
    slot.paused_at = _PAUSED if kept.paused else None
    slot.failing, slot.fails_since = kept.failing, _RECENT if kept.fails else None
    slot.standing = [Breach(_RECENT, (), "missed")] * _missed(slot, kept)
    slot.made_up = _RECENT if kept.made_up else None
    slot.performed, slot.round = None, 0
    slot.history = History(slot.instance)


def _kept(slot: Slot, first: bool) -> Kept:
    due, own = slot.flags.due, max(slot.activated or 0, slot.reopened)
    activated, reopened = slot.activated, slot.reopened
    if activated == NOW:
        late = due is not None and due < NOW
        activated = EARLIEST if first else _ACTIVATED_LATE if late else _ACTIVATED
    if reopened == NOW:
        reopened = _UNDONE_LATE if due is not None and due < NOW else _UNDONE
    return Kept(
        slot.flags if due is None else slot.flags._replace(due=TO_COME),
        slot.start_held,
        activated,
        reopened,
        slot.paused_at is not None,
        slot.failing,
        slot.fails_since is not None,
        slot.made_up is not None and slot.made_up >= own,
    )
