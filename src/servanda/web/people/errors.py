"""What a person can put right: told on the page, with the field that it concerns."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refusal(Exception):
    """`field` is the name of a field of the form, or empty."""

    message: str
    field: str = ""

    def __str__(self) -> str:
        return self.message
