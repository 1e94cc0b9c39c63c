"""Conditions that an agreement names: plain definitions, and states with a beginning and an end."""

from dataclasses import dataclass, field

from servanda.model.condition import Condition
from servanda.model.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Define:
    """`define NAME(params) as C`."""

    id: str
    parameters: tuple[str, ...]
    condition: Condition
    title: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """`state NAME(params)`: holds from an act that begins it until each such act has been ended.

    A beginning is a single pattern of records under a guard; every record that matches opens the
    state, and it holds while any is open.  An ending act closes the openings that came before it
    (and, when it names a place, those located there).
    """

    id: str
    parameters: tuple[str, ...]
    begins: Condition
    ends: Condition | None = None
    title: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
