"""The working state of an instance while its history is made, and what a run assumes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from servanda.engine.axis import EARLIEST
from servanda.engine.facts import Fact
from servanda.engine.history import Breach, Flags, History
from servanda.engine.instances import Instance
from servanda.engine.reason import Env
from servanda.model.norm import Deadline, Norm

AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Forfeit:
    """What forfeits a guarantee: since when, by which records, under which name; `findings` are
    those on another norm whose breach it is.
    """

    since: int
    records: tuple[str, ...]
    via: str | None = None
    findings: tuple[str, ...] = ()


@dataclass
class Slot:
    """The working state of one instance while its history is made."""

    history: History
    flags: Flags = field(default_factory=Flags)
    before: Flags = field(default_factory=Flags)
    start_held: bool = False
    round: int = 0
    activated: int | None = None
    reopened: int = EARLIEST
    paused_at: int | None = None
    failing: bool = False
    fails_since: int | None = None
    forfeits: list[Forfeit] = field(default_factory=list)
    noted: dict[str | None, set[str]] = field(default_factory=dict)  # their records, by `via`
    acts: dict[int, list[tuple[Fact, str]]] = field(default_factory=dict)
    guarded: bool = False  # acts rest on states that are being worked out with this one
    offends: bool = False  # what is forbidden and no act goes on
    allowed: dict[tuple[int, tuple[str, ...]], list[Instance]] = field(default_factory=dict)
    standing: list[Breach] = field(default_factory=list)  # entries that are not cleared
    entered: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)  # acts among entries
    made_up: int | None = None  # the latest missed deadline of which the entry is cleared
    performed: tuple[Env, int] | None = None  # of what and when the records show it

    instance: Instance = field(init=False)
    norm: Norm = field(init=False)

    def __post_init__(self) -> None:
        self.instance = self.history.instance
        self.norm = self.instance.norm

    def set(self, **changes: object) -> None:
        self.flags = self.flags._replace(**changes)  # type: ignore[arg-type]

    def enter(self, breach: Breach) -> None:
        self.history.breaches.append(breach)
        self.standing.append(breach)

    def clear(self, entries: Iterable[Breach]) -> None:
        """Clear some entries; all are looked at once, however often others are cleared."""
        for breach in entries:
            breach.cleared = True
            if breach.kind == "missed":
                self.made_up = max(self.made_up or breach.at, breach.at)
        self.standing = [breach for breach in self.standing if not breach.cleared]


@dataclass
class Settings:
    """What a run assumes about norms, beyond readings: deadlines, deciders, how findings count."""

    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    deciders: Mapping[str, str] = field(default_factory=dict)
    findings_needed: bool = False
