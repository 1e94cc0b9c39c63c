"""Layers of control and of claims beside an agreement: dated, each from a named source.

In: `layers.geojson` in the folder of an agreement, and the agreement, whose actors the layers name.
Out: the layers in the order of their days, or `InputError` with place, reason and cure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from servanda.beside.file import refusal, text_of
from servanda.characters import FORBIDDEN, crowded, normal
from servanda.geo.shape import Shape
from servanda.geo.zone_file import ZoneError, read_all
from servanda.language.diagnostics import nearest
from servanda.model.agreement import Agreement
from servanda.model.span import Span

FILE = "layers.geojson"
MAX_SOURCE = 120  # characters
MAX_LAYERS = 500  # each has a letter or two on the map
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class LayerKind(StrEnum):
    """Who holds an area, or who says that it is theirs; neither is a position on its status."""

    CONTROL = "control"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class DatedLayer:
    """`by` is the actor that controls or claims the area, as `source` tells it of that day."""

    kind: LayerKind
    by: str
    as_of: date
    source: str
    shape: Shape


def read_layers(folder: Path, agreement: Agreement) -> tuple[DatedLayer, ...]:
    """The layers beside an agreement; raises InputError."""
    text = text_of(folder, FILE)
    if text is None:
        return ()
    try:
        found = [_layer(shape, agreement) for shape in read_all(text, FILE)]
        if len(found) > MAX_LAYERS:
            raise ZoneError(f"{FILE} has more than {MAX_LAYERS} layers")
    except ZoneError as error:
        raise refusal(
            "SV0807",
            "a layer of the map cannot be used",
            Span(FILE, error.line, error.column, error.column + 1),
            why=f"{error}.",
            fix="A layer is an area (GeoJSON, WGS 84) with an id, and with `kind` (control or "
            "claim), `by` (an actor of the agreement), `as_of` (a day) and `source` among its "
            "properties.",
        ) from error
    return tuple(sorted(found, key=lambda one: (one.as_of, one.shape.name)))


def _layer(shape: Shape, agreement: Agreement) -> DatedLayer:
    where = f"{FILE}: “{shape.name[:40]}”"
    given = shape.properties
    if shape.is_line:
        raise ZoneError(f"{where} is a line, and no area")
    kinds = [kind.value for kind in LayerKind]
    if given.get("kind") not in kinds:
        raise ZoneError(f"{where}: kind is neither of {' and '.join(kinds)}")
    by = given.get("by")
    if not isinstance(by, str) or by not in agreement.actors:
        close = nearest(by, agreement.actors, most=1) if isinstance(by, str) else ()
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise ZoneError(f"{where}: by names no actor of the agreement{hint}")
    source = _source(given.get("source"))
    if source is None:
        raise ZoneError(f"{where}: source is no text of up to {MAX_SOURCE} characters")
    day = given.get("as_of")
    try:
        if not isinstance(day, str) or not _DAY.fullmatch(day):
            raise ValueError(day)
        return DatedLayer(LayerKind(given["kind"]), by, date.fromisoformat(day), source, shape)
    except ValueError as error:
        raise ZoneError(f"{where}: as_of is no day, such as 2026-02-01") from error


def _source(given: object) -> str | None:
    """A source as it is shown; None for what is none, or could not be seen."""
    if not isinstance(given, str) or len(given) > MAX_SOURCE:
        return None
    told = normal(given.strip())
    seen = any(c.isalnum() for c in told)
    return told if seen and not FORBIDDEN.search(told) and crowded(told) < 0 else None


def standing(layers: Iterable[DatedLayer], day: date) -> tuple[DatedLayer, ...]:
    """Of each kind, actor and source what it told last, up to a day."""
    last: dict[tuple[LayerKind, str, str], date] = {}
    for one in layers:
        if one.as_of <= day:
            key = (one.kind, one.by, one.source)
            last[key] = max(one.as_of, last.get(key, one.as_of))
    return tuple(one for one in layers if last.get((one.kind, one.by, one.source)) == one.as_of)
