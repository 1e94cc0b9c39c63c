"""What a connector is, and what it may use while it reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw, Unusable
from servanda.geo import Atlas
from servanda.geo.coordinates import Box
from servanda.model.record_type import RecordType

UNATTRIBUTED = "unattributed"


@dataclass(frozen=True)
class Settings:
    """The record types and time zone of an agreement, its map, and the user's mapping.

    `mapping` is what says which words of the source are which of the agreement.  Without it no row
    is attributed to anybody.  `expected` is the area where points should lie, if that is known: it
    is how swapped coordinates are noticed.
    """

    types: Mapping[str, RecordType]
    zone: ZoneInfo
    atlas: Atlas = field(default_factory=Atlas.standard)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    expected: Box | None = None

    def table(self, name: str) -> Mapping[str, str]:
        """A table of the mapping, words of the source to words of the agreement."""
        found = self.mapping.get(name) or {}
        if not isinstance(found, Mapping):
            raise Unusable(f"The mapping's “{name}” is no table of words: write {name}: {{a: b}}.")
        return {str(key): str(value) for key, value in found.items()}

    def unit(self, region: str | None) -> dict[str, str] | None:
        """A first-order unit, by the name that a column of such units gives, as a place."""
        if region is None:
            return None
        named = self.atlas.canonical(f"{region} oblast") or self.atlas.canonical(region)
        return {"name": named} if named in self.atlas.unit_ids() else None

    def word(self, name: str, otherwise: str) -> str:
        """One word of the mapping."""
        return str(self.mapping.get(name) or otherwise)


Statement = Mapping[str, Any] | Problem


@dataclass(frozen=True, slots=True)
class Connector:
    """One source.  `records` gives what a row says: records in their JSON form, or problems.

    `columns` are those without which a file is not of this source; a tuple inside stands for
    columns of which one is enough.  `check` looks at the settings before anything is read.
    """

    name: str
    title: str
    licence: Licence
    columns: tuple[str | tuple[str, ...], ...]
    records: Callable[[Raw, Settings], Iterator[Statement]]
    check: Callable[[Settings], None] | None = None
    note: str = ""
