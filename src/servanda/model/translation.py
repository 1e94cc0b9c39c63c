"""The words of a clause in another language, and whether that text is authentic."""

from dataclasses import dataclass, field

from servanda.model.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Translation:
    """`translation uk authentic "…"`; `authentic` is None where the clause says nothing of it.

    What the clause leaves unsaid, the header may say for all (`authentic en, uk`).  A translation
    is never merged with the text: where authentic texts differ, that is a matter for readings
    (Vienna Convention on the Law of Treaties, article 33).
    """

    language: str
    text: str
    authentic: bool | None = None
    span: Span = field(default=NOWHERE, compare=False)
