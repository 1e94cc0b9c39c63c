"""The marks: which shape, word and tone stands for a state.  Shape first, then word, colour last.

In: a row of an assessment.  Out: a mark; its shape is a symbol of `marks.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from servanda.report.entries import bases
from servanda.web.words import counted, listed, term

if TYPE_CHECKING:
    from servanda.web.desk import Answer

BREACH, KEPT, DEPENDS, PALE, PLAIN = "b", "kp", "d", "n", ""


@dataclass(frozen=True, slots=True)
class Mark:
    shape: str
    word: str
    tone: str = PLAIN


INACTIVE = Mark("inactive", "not yet active", PALE)
ACTIVE = Mark("active", "active")
WATCHED = Mark("kept", "no violation recorded")
FULFILLED = Mark("fulfilled", "fulfilled", KEPT)
SUSPENDED = Mark("suspended", "suspended")
CLAIMED = Mark("claimed", "claimed by one side", PALE)
ALLEGED = Mark("alleged", "violation alleged", BREACH)
FOUND = Mark("found", "violation found", BREACH)
DECIDED = Mark("decided", "violation decided", BREACH)
CURED = Mark("cured", "cured", KEPT)
OVERDUE = Mark("overdue", "overdue, no finding")
EXPIRED = Mark("expired", "expired", PALE)
TERMINATED = Mark("terminated", "terminated")
ON_READING = Mark("depends", "depends on a reading", DEPENDS)
UNWATCHED = Mark("nomon", "not monitored", PALE)
UNDETERMINED = Mark("undet", "undetermined")
NOBODY = Mark("occ", "attributed to nobody")
PRINCIPLE = Mark("princ", "statement of principle", PALE)
NOT_OBSERVED = Mark("claimed", "expectation not met", PALE)

STATES = {
    "inactive": INACTIVE,
    "active": ACTIVE,
    "fulfilled": FULFILLED,
    "suspended": SUSPENDED,
    "breached": ALLEGED,
    "cured": CURED,
    "expired": EXPIRED,
    "terminated": TERMINATED,
    "depends": ON_READING,
}
BASES = {"alleged": ALLEGED, "found": FOUND, "decided": DECIDED}
GUARANTEES = {"in_force": "in force, not invoked", "invoked": "invoked", "lapsed": "lapsed"}
ORDER = ("decided", "found", "alleged")
# The key of the strip, and the rest of it further down, in the order of the design sheet.
KEY = (INACTIVE, ACTIVE, WATCHED, FULFILLED, ON_READING, UNWATCHED, ALLEGED, FOUND, PRINCIPLE)
KEY_MORE = (CLAIMED, DECIDED, CURED, SUSPENDED, OVERDUE, EXPIRED, TERMINATED, NOBODY, UNDETERMINED)


def of_state(state: str, basis: str | None = None) -> Mark:
    """The mark of a state; a breach has that of what it rests on."""
    return BASES.get(basis or "alleged", ALLEGED) if state == "breached" else STATES[state]


def of_norm(norm: Mapping[str, Any]) -> Mark:
    """The mark of one instance as an assessment tells it."""
    state = norm["state"]
    if state == "breached":
        return violations(bases(norm))
    if norm["kind"] == "principle":
        return PRINCIPLE
    if state == "active":
        if norm.get("overdue"):
            return OVERDUE
        return {
            "no violation recorded": WATCHED,
            "not monitored": UNWATCHED,
            "not observed": NOT_OBSERVED,
        }.get(norm.get("observed", ""), ACTIVE)
    return STATES[state]


def of_instance(answer: "Answer", norm: Mapping[str, Any]) -> Mark:
    """As `of_norm`, and says on what it depends, or how a guarantee stands."""
    mark = of_norm(norm)
    if mark is ON_READING:
        parting = {t: None for one in norm.get("by_reading", ()) for t in one["readings"]}
        titles = [term(answer.library.agreement, name) for name in parting]
        named = [f"“{t}”" if "," in t else t for t in titles]
        if named:
            return Mark(mark.shape, f"depends on {listed(named)}", mark.tone)
    if norm["kind"] == "guarantee" and norm["state"] == "active":
        for effect in answer.effects:
            if effect["id"] == norm["id"]:
                return Mark(mark.shape, GUARANTEES.get(effect["state"], mark.word), mark.tone)
    return mark


def violations(counts: Mapping[str, int]) -> Mark:
    """The firmest mark, with how many rest on what: 1 found, 4 alleged."""
    told = [(basis, counts[basis]) for basis in ORDER if counts.get(basis)]
    if not told:
        return ALLEGED
    shape = BASES[told[0][0]].shape
    if len(told) == 1:
        basis, count = told[0]
        return Mark(shape, f"{counted(count, 'violation')} {basis}", BREACH)
    return Mark(shape, "violations: " + listed([f"{n} {b}" for b, n in told]), BREACH)
