"""What a check is given: the agreement, settings under its readings, time, and a way to warn.

Readings are gone through here, so that every check says under which it holds in one way.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from servanda.checks.frame.warning import Clause, Undecided
from servanda.engine.closure import own_terms, terms_of
from servanda.engine.question import REFERENCE, Inputs, Question
from servanda.engine.strata import NegativeCycle, strata
from servanda.library import Library
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm
from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified
from servanda.reason.budget import Budget
from servanda.reason.ground import Ground
from servanda.reason.guards import Guards
from servanda.reason.readings import Readings, parted
from servanda.reason.replay import Claim, Proof, Story, prove, replays
from servanda.reason.setting import Setting

MANY_NORMS = 150  # from here on the first reading is grounded at once: that is quicker
MOST_READINGS = 32  # combinations that one warning is tried under


@dataclass
class Context:
    """`library` is what was read; `undecided` collects what could not be decided."""

    library: Library
    seconds: float
    check: str = ""
    budget: Budget = field(default_factory=lambda: Budget(0))
    undecided: list[Undecided] = field(default_factory=list)
    _grounds: dict[tuple[tuple[str, str], ...], Ground] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    def begin(self, check: str) -> None:
        """Start the clock of a check."""
        self.check, self.budget = check, Budget(self.seconds)

    @property
    def agreement(self) -> Agreement:
        return self.library.agreement

    @property
    def norms(self) -> Iterable[Norm]:
        return self.agreement.norms.values()

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """A value that several checks need, made once."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @property
    def sound(self) -> bool:
        """Whether the evaluator can work with the agreement at all."""

        def tried() -> bool:
            try:
                strata(self.agreement)
            except NegativeCycle:
                return False
            return all(term.readings for term in self.agreement.terms.values())

        return bool(self.kept("sound", tried))

    # --- settings -------------------------------------------------------------------------------

    @property
    def first(self) -> dict[str, str]:
        """The first reading of every term: where a search begins, never a default."""
        return {t.id: t.readings[0].name for t in self.agreement.terms.values() if t.readings}

    def ground(self, readings: Readings | None = None) -> Ground:
        chosen = {**self.first, **(readings or {})}
        key = tuple(sorted(chosen.items()))
        if key not in self._grounds:
            lib = self.library
            inputs = Inputs(lib.agreement, lib.atlas, sources=lib.sources, engine=REFERENCE)
            base = self.kept("question", lambda: Question.of(inputs))
            ground = Ground(Setting(base, chosen))
            if len(lib.agreement.norms) > MANY_NORMS and chosen == self.first:
                ground.everything()
            self._grounds[key] = ground
        return self._grounds[key]

    def guards(self, readings: Readings | None = None) -> Guards:
        setting = self.ground(readings).setting
        key = f"guards:{sorted(setting.assignment.items())}"
        made: Guards = self.kept(key, lambda: Guards(setting))
        return made

    def terms(self, norms: Iterable[Norm]) -> tuple[str, ...]:
        """Terms that the clauses of some norms mention; entry into force is left out."""
        at_entry = self.kept("terms", lambda: terms_of(c.InForce(), self.agreement))
        found: set[str] = set()
        for norm in norms:
            own = self.kept(f"terms:{norm.id}", lambda: own_terms(norm, self.agreement))  # noqa: B023
            found |= own - at_entry
        return tuple(t for t in self.agreement.terms if t in found)

    def readings(self, terms: Sequence[str]) -> Iterator[dict[str, str]]:
        """Combinations of readings of some terms, at most MOST_READINGS."""
        each = [[r.name for r in self.agreement.terms[t].readings] for t in terms]
        for chosen in islice(product(*each), MOST_READINGS):
            yield dict(zip(terms, chosen, strict=True))

    def singly(self, terms: Sequence[str]) -> Iterator[dict[str, str]]:
        """The first readings of some terms, and each term varied alone."""
        base = {t: self.first[t] for t in terms}
        yield base
        yield from _varied(self, base)

    # --- proving --------------------------------------------------------------------------------

    def prove(
        self, ground: Ground, wants: Sequence[Claim], also: Sequence[Claim] = (), **more: Any
    ) -> Proof:
        """A story is looked for once for all checks."""
        key = ("story", tuple(wants), tuple(also), *sorted(more.items()))
        made: Proof | None = ground.kept.get(key)
        if made is None:
            made = prove(ground, wants, self.budget, also, **more)
            if made.story is not None:
                ground.kept[key] = made
        return made

    def across(
        self,
        norms: Sequence[Norm],
        show: Callable[[Ground], Story | None],
        terms: Sequence[str] | None = None,
    ) -> "Across":
        """Try to show something under the readings of what some norms mention.

        Each term is varied alone; those that change the outcome are then combined.  A story found
        under one reading is first replayed under the next: that is quicker than a search.
        """
        asked = self.terms(norms) if terms is None else tuple(terms)
        trial = _Trial(self, show, norms[0].id if norms else "")
        holding = [r for r in self.singly(asked) if trial.holds(r)]
        if not holding:
            return Across(None, ())
        centre = holding[0]
        matter = [
            t
            for t in asked
            if len({trial.holds(r) for r in (centre, *_varied(self, centre, t))}) > 1
        ]
        results = [(r, trial.holds({**centre, **r})) for r in self.readings(matter)]
        return Across(trial.story, parted(results))

    def leave(self, what: str, tried: str) -> None:
        """Note that something could not be decided."""
        one = Undecided(self.check, what, tried)
        if one not in self.undecided:
            self.undecided.append(one)

    def out_of_time(self, about: str) -> None:
        """Note, once for a check, from where on its time did not suffice."""
        if all(one.check != self.check for one in self.undecided):
            self.leave(f"{about} and what comes after it", f"{self.seconds:g} seconds")

    # --- clauses --------------------------------------------------------------------------------

    def clause(self, norm: Norm, name: str = "") -> Clause:
        """The clause of a norm by name, with its line; the norm's own where it has no span."""
        return Clause(f"{norm.id}.{name}" if name else norm.id, span_of(norm, name))


def on(
    show: Callable[..., Story | None], context: Context, *about: Any
) -> Callable[[Ground], Story | None]:
    """A function of a ground alone: `show(context, ground, *about)`."""
    return lambda ground: show(context, ground, *about)


@dataclass
class _Trial:
    """Outcomes by reading, each tried once; the first story is kept."""

    context: Context
    show: Callable[[Ground], Story | None]
    about: str
    story: Story | None = None
    tried: dict[tuple[tuple[str, str], ...], bool] = field(default_factory=dict)

    def holds(self, readings: Readings) -> bool:
        key = tuple(sorted(readings.items()))
        if key not in self.tried:
            if self.context.budget.spent:
                self.context.out_of_time(self.about)
                return False
            ground = self.context.ground(readings)
            if self.story is not None and replays(ground.setting, self.story):
                self.tried[key] = True
            else:
                found = self.show(ground)
                self.story = self.story or found
                self.tried[key] = found is not None
        return self.tried[key]


def _varied(context: Context, base: Readings, only: str | None = None) -> Iterator[dict[str, str]]:
    """The readings with one term read in another way."""
    for term, chosen in base.items():
        if only is None or term == only:
            for reading in context.agreement.terms[term].readings:
                if reading.name != chosen:
                    yield {**base, term: reading.name}


@dataclass(frozen=True, slots=True)
class Across:
    """What was shown across readings: a story (None: under none), and under which."""

    story: Story | None
    readings: tuple[Readings, ...]


def span_of(norm: Norm, name: str) -> Span:
    value = getattr(norm, name.replace(" ", "_"), None) if name else None
    span = getattr(value, "span", NOWHERE)
    for one in norm.open:
        if one.name == name:
            span = one.span
    for listed in norm.lists:
        if listed.name == name:
            span = listed.span
    return span if isinstance(span, Span) and span.file else norm.span


def missing(value: object) -> bool:
    """A field that is not there counts like one that is left open."""
    return value is None or isinstance(value, Unspecified)
