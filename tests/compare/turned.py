"""A comparison turned round: what B says against A, from what A says against B.

Words are left out, and with them what they are told in: a sentence is not turned word by word.
"""

from typing import Any

OPPOSITE = {
    "stronger": "weaker",
    "weaker": "stronger",
    "added": "removed",
    "removed": "added",
    "not told before": "not told after",
    "not told after": "not told before",
}


def turned(change: Any) -> Any:
    """A change of a clause, or of something else, the other way round."""
    found = {
        "fate": OPPOSITE.get(change["fate"], change["fate"]),
        "parts": sorted((_part(part) for part in change["parts"]), key=str),
    }
    if "what" in change:
        return {**found, "what": change["what"], "name": change["name"]}
    return {
        **found,
        "before": change["after"],
        "after": change["before"],
        "moved": change["moved"],
        "owed_to": sorted(change["owed_to"]),
        "aligned": change["aligned"],
    }


def _part(part: Any) -> Any:
    return {
        "aspect": part["aspect"],
        "before": part["after"],
        "after": part["before"],
        "direction": OPPOSITE.get(part["direction"], part["direction"]),
        "for": sorted(part["for"]),
        "role": part["role"],
        "on_ending": part["on_ending"],
    }


def in_order(changes: Any) -> list[Any]:
    return sorted(changes, key=str)
