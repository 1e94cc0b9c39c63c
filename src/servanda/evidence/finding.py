"""Findings of bodies: what they say, and who is competent to make them.

Whether one stands is worked out by the docket, from the rules of its body.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.evidence.record import Record
from servanda.model.institution import Institution, VoteBase, VoteKind, VoteRule
from servanda.model.quantity import CALENDAR_UNITS, MICROSECONDS, Duration


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding and its standing; `reasons` is empty for one that stands.

    `at` is from when it has effect: it may be carried later than it was put to the vote.
    """

    record: Record
    body: str
    norm: str
    result: str
    against: str | None
    about: tuple[str, ...]
    at: int
    reasons: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        return not self.reasons

    @property
    def why_not(self) -> str:
        """Why it does not stand, in one line."""
        return "; ".join(self.reasons)

    def on(self, norm: str, instance: str) -> bool:
        """Whether it is on this norm or this very instance of it."""
        return self.norm in (norm, instance)


VOTES = (
    "5 of 7, majority, majority of members, two_thirds of votes, consensus, silence 72 hours, "
    "chair or co_chairs"
)


def parse_vote(text: str) -> VoteRule:
    """A vote as assumed on the command line: `5 of 7`, majority, consensus, silence 72 hours …"""
    match text.split():
        case [needed, "of", seats] if needed.isdigit() and seats.isdigit():
            if not 1 <= int(needed) <= int(seats):
                raise ValueError(f"{needed} of {seats} is no vote that can be carried")
            return VoteRule(VoteKind.COUNT, int(needed), int(seats))
        case [("majority" | "two_thirds") as kind, "of", base] if base in set(VoteBase):
            return VoteRule(VoteKind(kind), base=VoteBase(base))
        case ["silence", amount, unit] if amount.isdigit() and (lasting := _unit(unit)):
            return VoteRule(VoteKind.SILENCE, period=Duration(int(amount), lasting))
        case [kind] if kind in set(VoteKind) - {VoteKind.COUNT}:
            return VoteRule(VoteKind(kind))
    raise ValueError(f"“{text}” is no vote: write {VOTES}")


def _unit(word: str) -> str:
    plural = word.rstrip("s") + "s"
    return plural if plural in (*MICROSECONDS, *CALENDAR_UNITS) else ""


def competent(norm: str, institutions: Mapping[str, Institution]) -> Institution | None:
    """The body that finds on a norm: one named for it, else the one for everything else."""
    bare = norm.split("[", maxsplit=1)[0]
    for institution in institutions.values():
        if bare in institution.competent_for:
            return institution
    return next((i for i in institutions.values() if "*" in i.competent_for), None)
