"""Where a piece of the model stands in its source text.

Every node of the model carries a span.  Spans never take part in comparison: two clauses that
say the same thing are equal wherever they stand.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line: `line` and `column` count from 1, `end_column` is exclusive."""

    file: str
    line: int
    column: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Span("", 0, 0, 0)
