"""What a text leaves open, written as open."""

from dataclasses import dataclass, field

from servanda.model.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Unspecified:
    """The text leaves this open: a deadline never passes, a decider never decides."""

    span: Span = field(default=NOWHERE, compare=False)
