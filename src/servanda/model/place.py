"""Places, zones and lines that an agreement names."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified


@dataclass(frozen=True, slots=True)
class Place:
    """A named place.  Without coordinates its name alone locates a record."""

    id: str
    title: str | None = None
    lat: Decimal | None = None
    lon: Decimal | None = None
    unspecified: bool = False
    note: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone or a line with its geometry in a file of the agreement: `zones.geojson#feature-id`."""

    id: str
    kind: str  # "zone" or "line"
    source: str | None = None
    title: str | None = None
    schematic: bool = False
    as_of: date | Unspecified | None = None
    note: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
