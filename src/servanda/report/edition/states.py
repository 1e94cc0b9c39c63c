"""How each commitment stands, in words from a closed list: alleged, found and decided apart.

In: a row of an assessment.  Out: a state, and on what the violations rest; never how many they are,
when, or by which records.
"""

from collections.abc import Mapping
from typing import Any

# From the firmest on.
BASES = ("decided", "found", "alleged")
# What an edition may say of a commitment; violations are told beside it, by their basis.
STATES = (
    "not yet active", "active", "no violation recorded", "not monitored", "expectation not met",
    "overdue", "fulfilled", "suspended", "violated", "cured", "expired", "terminated",
    "depends on a reading", "statement of principle",
)  # fmt: skip
_NAMES = {
    "inactive": "not yet active",
    "breached": "violated",
    "depends": "depends on a reading",
    "not observed": "expectation not met",
}


def state_of(row: Mapping[str, Any]) -> str:
    """The state of an instance; what is active says whether anybody was watching."""
    state = str(row["state"])
    if state != "breached" and row["kind"] == "principle":
        return "statement of principle"
    if state == "active":
        if row.get("overdue"):
            return "overdue"
        return _named(row.get("observed") or "active")
    return _named(state)


def _named(state: str) -> str:
    return _NAMES.get(state, state)


def violations_of(row: Mapping[str, Any], under: Mapping[str, str] | None = None) -> list[str]:
    """On what violations rest, the firmest first; with `under` only what stands there."""
    found = {b["basis"] for b in row["breaches"] if under is None or _stands(b, under)}
    return [basis for basis in BASES if basis in found]


def _stands(breach: Mapping[str, Any], under: Mapping[str, str]) -> bool:
    given = breach.get("readings")
    return given is None or any(all(under.get(t, r) == r for t, r in one.items()) for one in given)


def by_reading(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The states that readings part, those that are alike together."""
    found: dict[tuple[str, tuple[str, ...]], list[dict[str, str]]] = {}
    for one in row.get("by_reading", ()):
        said = violations_of(row, one["readings"]) if one["state"] == "breached" else []
        found.setdefault((_named(one["state"]), tuple(said)), []).append(dict(one["readings"]))
    return [
        {"if": readings, "state": state, "violations": list(said)}
        for (state, said), readings in found.items()
    ]
