"""Who may see an entry and what it may be used for: handling class, consent scope, permitted use.

The classes widen from `confidential` (named officers of the ledger) over `body` (the body that
keeps it) and `parties` to `public`.  An entry that says nothing is for the body alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servanda.ledger.errors import LedgerError
from servanda.ledger.words import CLASSES, CONSENTS, DEFAULT_CLASS, USES


@dataclass(frozen=True, slots=True)
class Handling:
    """What may be done with an entry."""

    handling: str = DEFAULT_CLASS
    consent: str = "not_recorded"
    use: tuple[str, ...] = ("assessment", "proceedings")

    def plain(self) -> dict[str, Any]:
        return {"class": self.handling, "consent": self.consent, "use": list(self.use)}

    def shown_to(self, audience: str, use: str | None = None, own: bool = False) -> bool:
        """Whether an audience may see it, for a use (None: whatever use).

        Its `own` entries a source sees, whatever their class.
        """
        if not own and CLASSES.index(self.handling) > CLASSES.index(audience):
            return False
        if use is None or audience == "confidential":
            return True
        return use in self.use and self.consent != "withdrawn"


def handling_of(handling: str, consent: str, use: tuple[str, ...]) -> Handling:
    """Checked words; raises LedgerError that lists what there is."""
    for given, known, what in (
        *((handling, CLASSES, "handling class"), (consent, CONSENTS, "consent scope")),
        *((one, USES, "permitted use") for one in use),
    ):
        if given not in known:
            raise LedgerError(f"“{given}” is no {what}; there are {', '.join(known)}.")
    return Handling(handling, consent, tuple(dict.fromkeys(use)))


def from_plain(value: Mapping[str, Any]) -> Handling:
    """Handling as an entry holds it."""
    return Handling(value["class"], value["consent"], tuple(value["use"]))
