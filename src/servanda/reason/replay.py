"""Stories: a course of events with dates, and the replay that alone makes it believed.

In: steps that a search found and what they are to show.  Out: a story, if the reference evaluator,
given its records and nothing else, finds what it claims; otherwise nothing.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from servanda.engine.history import History
from servanda.evidence.instant import day_period, parse_period
from servanda.evidence.standard import Role
from servanda.reason.acts import Act, dated
from servanda.reason.budget import Budget
from servanda.reason.courses import LONGEST, Found, Step, Verdict, shortest
from servanda.reason.ground import Ground, Node, days
from servanda.reason.setting import STANDARD, Row, Setting, instant

NEVER_ENDING = 3650  # days after which “for ever” is asked: ten years


@dataclass(frozen=True, slots=True)
class Claim:
    """What a story shows at its end: that an instance has a state, or has it not.

    `word` is a state, or `triggered`, `forfeited` (alleged at least), `running`, `clean` (running
    without an entry), `done` (fulfilled, late or not), `given` (what is owed is there) or `found`
    (a breach on which a finding stands).
    """

    instance: str
    word: str
    holds: bool = True

    def __str__(self) -> str:
        yes, no = _TOLD.get(self.word, (f"is {self.word}", f"is not {self.word}"))
        return f"{self.instance} {yes if self.holds else no}"


_TOLD = {
    "begun": ("has begun", "has not begun"),
    "running": ("is active", "is not active"),
    "done": ("is fulfilled", "is not fulfilled"),
    "clean": ("is active without a breach", "is not active without a breach"),
    "given": ("has what it asks for", "no longer has what it asks for"),
    "found": ("is found in breach", "is not found in breach"),
    "triggered": ("is called for (alleged)", "is not called for"),
    "forfeited": ("is forfeited (alleged)", "is not forfeited"),
}


@dataclass(frozen=True, slots=True)
class Story:
    """A HYPOTHETICAL course of events; `told` has a day and a sentence for each step."""

    rows: tuple[Row, ...]
    told: tuple[tuple[str, str], ...]
    as_of: str
    readings: tuple[tuple[str, str], ...]
    shows: tuple[Claim, ...]
    standard: str = STANDARD


@dataclass(frozen=True, slots=True)
class Proof:
    """A story, or why there is none: out of reach, or not decided (`tried` says what was)."""

    verdict: Verdict
    story: Story | None = None
    tried: str = ""


def prove(
    ground: Ground,
    wants: Sequence[Claim],
    budget: Budget,
    also: Sequence[Claim] = (),
    goal: int | None = None,
    later: int = 0,
    without: frozenset[str] = frozenset(),
    longest: int = LONGEST,
) -> Proof:
    """The shortest course after which all that is wanted holds, replayed; `also` is replayed only.

    `goal` is a node that has to hold as well; `later` puts the end so many days after the course;
    `without` leaves out what some actors do; courses of up to `longest` steps are tried.
    """
    setting = ground.setting
    nodes = [_node(ground, want) for want in wants]
    wanted = ground.both([*nodes, *(() if goal is None else (goal,))])
    found = shortest(ground, wanted, budget, longest, without)
    if found.verdict is not Verdict.FOUND:
        return Proof(found.verdict, tried=found.tried)
    story = tell(ground, found, (*wants, *also), later)
    if replays(setting, story):
        return Proof(Verdict.FOUND, story)
    return Proof(Verdict.UNDECIDED, tried="an example that the evaluator did not bear out")


def _node(ground: Ground, want: Claim) -> int:
    norm = want.instance.split("[")[0]
    one = next(i for i in ground.setting.instances(norm) if i.id == want.instance)
    flag = ground.flag(one, want.word)
    return flag if want.holds else ground.opposite(flag)


def tell(ground: Ground, found: Found, shows: Sequence[Claim], later: int = 0) -> Story:
    """Give the steps of a course their days."""
    setting = ground.setting
    day, hour = setting.first_day, 12
    rows: list[dict[str, Any]] = []
    told: list[tuple[str, str]] = []
    waited = False
    for serial, step in enumerate(found.steps, 1):
        if step.act is not None:
            day += timedelta(days=0 if waited else 1)
            act = ground.acts[step.act]
            made = list(dated(setting, act, instant(day, hour), serial))
            rows += made
            told.append((day.isoformat(), describe(setting, act)))
            day += timedelta(days=act.days)
            waited = False
        else:
            until, what = _waited(ground, step, day)
            waited = until > day  # a day that has come already moves nothing
            day = until
            told.append((day.isoformat(), what))
    day += timedelta(days=later)
    end = f"{day.isoformat()}T13:00:00Z"
    if rows and not later and found.steps[-1].act is not None:
        end = str(rows[-1]["at"])  # what holds at the very instant of the last act
    if later:
        told.append((day.isoformat(), f"nothing else has happened for {_span(later)}"))
    return Story(
        tuple(rows),
        tuple(told),
        end,
        tuple(sorted(setting.assignment.items())),
        tuple(shows),
    )


def _waited(ground: Ground, step: Step, day: date) -> tuple[date, str]:
    assert step.wait is not None
    node = ground.nodes[step.wait]
    if node.kind == "date":
        return max(day, date.fromisoformat(node.of[0])), "the day comes"
    length = node.of[0] + _grace(ground, step.wait) + 2
    return day + timedelta(days=length), f"{_span(node.of[0])} pass, and nothing else happens"


def _grace(ground: Ground, number: int) -> int:
    """How much longer than its clock a deadline waits: its grace."""
    return max(
        (
            rules["due_after"] - ground.nodes[number].of[0]
            for rules in ground.rules.values()
            if rules.get("due") == number and "due_after" in rules
        ),
        default=0,
    )


def _span(length: int) -> str:
    if length >= 730:
        return f"{length // 365} years"
    return f"{length} day{'' if length == 1 else 's'}"


def describe(setting: Setting, act: Act) -> str:
    """An act in words: the title of its record type, and what the record says."""
    parts = []
    for row in act.rows:
        declared = setting.agreement.record_types[row["type"]]
        said = [f"{name} {_plain(value)}" for name, value in row["args"].items()]
        if "place" in row:
            said.append(f"at {row['place']['name']}")
        parts.append(f"{declared.title or declared.id}: {', '.join(said)}")
    return "; ".join(parts)


def _plain(value: Any) -> str:
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)


def standing(
    setting: Setting, rows: Sequence[Row], as_of: str, standard: str = STANDARD
) -> "Standing":
    """What the evaluator finds at the end of some rows."""
    last = parse_period(as_of, setting.zone).last
    return Standing(setting, rows, last, standard)


@dataclass
class Standing:
    """The evaluator's answer on some rows; histories are worked out when asked for."""

    setting: Setting
    rows: Sequence[Row]
    at: int
    standard: str = STANDARD

    def __post_init__(self) -> None:
        self.question, self.run = self.setting.run(self.rows, self.at, self.standard)

    def under(self, standard: str) -> "Standing":
        """The same rows under another standard."""
        other = copy(self)
        other.standard = standard
        other.question, other.run = self.question, self.setting.alone(self.question, standard)
        return other

    def history(self, instance: str) -> History | None:
        norm = instance.split("[", maxsplit=1)[0]
        if norm not in self.setting.agreement.norms:
            return None
        return next((h for h in self.run.histories(norm) if h.instance.id == instance), None)

    def holds(self, claim: Claim) -> bool:
        history = self.history(claim.instance)
        if claim.word == "given":
            return self._given(history) is claim.holds
        return _has(history, claim.word, self.at) is claim.holds

    def _given(self, history: History | None) -> bool:
        """Whether what an instance is to bring about is there now, whatever became of the duty."""
        if history is None or history.instance.norm.condition is None:
            return False
        one = history.instance
        assert one.norm.condition is not None
        return self.run.evaluator.holds(one.norm.condition, one.env, self.at, Role.FULFILLING)

    def shown(self, norm: str) -> dict[str, str]:
        """The state of each instance of a norm."""
        return {h.instance.id: h.at(self.at).shown for h in self.run.histories(norm)}


def _has(history: History | None, word: str, at: int) -> bool:
    if history is None:
        return False
    flags = history.at(at)
    match word:
        case "running":
            return flags.running
        case "clean":
            return flags.running and not history.breaches
        case "done":
            return flags.fulfilled or flags.cured
        case "found":
            return any(b.basis in ("found", "decided") for b in history.breaches if b.at <= at)
        case "triggered":
            return history.trigger.state != "none"
        case "forfeited":
            return history.forfeiture.state != "none"
        case _:
            return bool(getattr(flags, word))


def replays(setting: Setting, story: Story) -> bool:
    """Whether the reference evaluator finds all that a story claims."""
    try:
        end = standing(setting, story.rows, story.as_of)
    except ValueError:
        return False
    return all(end.holds(claim) for claim in story.shows)


def made(
    setting: Setting,
    acts: Iterable[tuple[date, Act]],
    shows: Sequence[Claim],
    as_of: date,
    remarks: Sequence[tuple[str, str]] = (),
) -> Story | None:
    """A story of given acts on given days; None where it does not replay."""
    rows: list[dict[str, Any]] = []
    told = list(remarks)
    for serial, (day, act) in enumerate(acts, 1):
        rows += dated(setting, act, instant(day), serial)
        told.append((day.isoformat(), describe(setting, act)))
    told.sort(key=lambda pair: pair[0])
    story = Story(
        tuple(rows),
        tuple(told),
        f"{as_of.isoformat()}T13:00:00Z",
        tuple(sorted(setting.assignment.items())),
        tuple(shows),
    )
    return story if replays(setting, story) else None


__all__ = ["NEVER_ENDING", "Claim", "Node", "Proof", "Story", "day_period", "days", "prove"]
