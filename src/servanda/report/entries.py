"""What pages and editions ask of the violations of a row, be they few or very many.

In: a row of an assessment.  Out: counts by basis, those of one record, on which findings they rest.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from servanda.engine.assess import Listed
from servanda.engine.entered import holds

Row = Mapping[str, Any]


def bases(row: Row, under: Mapping[str, str] | None = None) -> Counter[str]:
    """How many are alleged, found and decided; with `under` only those that hold there."""
    breaches = row["breaches"]
    if isinstance(breaches, Listed):
        return breaches.entered.bases(under)
    return Counter(b["basis"] for b in breaches if holds(b.get("readings"), under))


def resting(row: Row) -> int:
    """How many rest on records, not on silence."""
    breaches = row["breaches"]
    if isinstance(breaches, Listed):
        return breaches.entered.resting()
    return sum(1 for b in breaches if b["records"])


def of_record(row: Row, identity: str) -> Sequence[Mapping[str, Any]]:
    """Those in which a record counts."""
    breaches = row["breaches"]
    if isinstance(breaches, Listed):
        return breaches.of_record(identity)
    return [b for b in breaches if identity in b["records"]]


def found_by(row: Row) -> frozenset[str]:
    """The findings that any of them rests on."""
    breaches = row["breaches"]
    if isinstance(breaches, Listed):
        return breaches.entered.found_by()
    return frozenset(f for b in breaches for f in b.get("findings", ()))
