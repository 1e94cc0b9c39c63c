"""A warning: what may break, in which clauses, shown by what, and what the drafters can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from servanda.model.span import Span
from servanda.reason.replay import Story


class Severity(StrEnum):
    """`breaks`: the text defeats itself; `gap`: what must be known is not said; `risk`: the rest.

    Deliberate ambiguity is a risk, never a defect.
    """

    BREAKS = "breaks"
    GAP = "gap"
    RISK = "risk"


ORDER = (Severity.BREAKS, Severity.GAP, Severity.RISK)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that a warning is about: `norm`, `norm.field`, an institution's rule, a term."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Option:
    """Something that the drafters could decide: a sentence, and the bracketed text for it."""

    sentence: str
    text: str
    provision: str | None = None


@dataclass(frozen=True, slots=True)
class AuditWarning:
    """`readings` lists combinations under which it holds; empty means under every reading.

    `story` shows it; where no course of events can, `no_story` says why.
    """

    code: str
    severity: Severity
    clauses: tuple[Clause, ...]
    sentence: str
    story: Story | None = None
    no_story: str = ""
    options: tuple[Option, ...] = ()
    readings: tuple[Mapping[str, str], ...] = ()
    detail: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.clauses[0].id if self.clauses else ""

    @property
    def id(self) -> str:
        return f"{self.code}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Undecided:
    """What a check could not decide, and what it tried; it never claims absence."""

    check: str
    what: str
    tried: str


@dataclass(frozen=True, slots=True)
class Code:
    severity: Severity
    title: str


IN_THE_TEXT = "it shows in the text itself: no course of events is needed"
