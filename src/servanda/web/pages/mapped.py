"""The map of an agreement: where it applies, what was reported, and who could see.

In: an answer.  Out: pictures, layers with source and date, and a table that says the same.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from string import ascii_uppercase
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.beside.dated_layers import DatedLayer, LayerKind, standing
from servanda.evidence.instant import day_of, iso
from servanda.geo import Atlas, Point
from servanda.library import Library
from servanda.report import judged as j
from servanda.report import map_layers as m
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.draw import mapped as drawn
from servanda.web.draw import weeks
from servanda.web.draw.projection import Frame, flat, frame
from servanda.web.frame import frame as page_frame
from servanda.web.respond import either
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
SCHEMA = "servanda.map/1"
SHAPES = {j.CLAIMED: "claimed", j.ALLEGED: "alleged", j.FOUND: "found", j.DECIDED: "decided",
          j.NOBODY: "occ"}  # fmt: skip
WORDS = {
    j.CLAIMED: "claimed only, does not meet the standard",
    j.ALLEGED: "violation alleged: meets the standard",
    j.FOUND: "violation found by a body",
    j.DECIDED: "violation decided",
    j.NOBODY: "attributed to nobody",
}
DISCLAIMER = (
    "Borders as internationally recognised. Control, claims and proposals are dated layers from "
    "named sources; showing one is not a position on the status of any territory. Lines marked "
    "schematic are illustrations, not boundaries."
)
WIDE, NARROW = 880, 358
NEAREST = 1_000_000 * 0.00028  # metres of a pixel of 0.28 mm at 1:1,000,000: nothing is larger


@dataclass(frozen=True, slots=True)
class Layer:
    """`letter` is its key on the map, where it has one."""

    name: str
    note: str
    line: bool
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the base map: occurrences by status, and the share of time observed."""

    unit: str
    counts: tuple[int, ...]
    observed: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    wide: str
    narrow: str
    weeks: str
    weeks_narrow: str
    layers: tuple[Layer, ...]
    control: tuple[Layer, ...]
    claims: tuple[Layer, ...]
    counts: tuple[tuple[str, str, int], ...]
    undetermined: int
    by_area: int
    left_out: int
    observed: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def nearest_zoom(atlas: Atlas) -> float:
    """The zoom of a web map at which a pixel is `NEAREST` metres in the middle of the base map."""
    south, north = (
        edge(s.geometry.bounds[i] for s in atlas.base.units.values())
        for edge, i in ((min, 1), (max, 3))
    )
    of_tile = 40_075_016.7 * math.cos(math.radians((south + north) / 2)) / 512
    return round(math.log2(of_tile / NEAREST), 2)


def told(answer: Answer) -> m.Layers:
    return answer.derived("layers", lambda: m.layers(answer.question))


def areas(answer: Answer) -> list[drawn.Area]:
    """Zones and lines of the agreement, by name."""
    agreement, atlas = answer.library.agreement, answer.library.atlas
    found = []
    for name, zone in agreement.zones.items():
        shape = atlas.zones.get(name)
        if shape is None:
            continue
        band = f"± {shape.band_km:g} km" if shape.band_km else ""
        kind = "schematic" if zone.schematic else "as given"
        as_of = str(shape.properties.get("as_of") or "")
        head = f"{words.sentence(zone.title or words.words(name))}: {kind}"
        note = ", ".join(part for part in (band, f"drawn as of {as_of}" if as_of else "") if part)
        found.append(
            drawn.Area(name, flat(shape.geometry), shape.is_line, shape.band_km, (head, note))
        )
    return found


def told_of(answer: Answer) -> list[tuple[str, DatedLayer]]:
    """Layers as named sources tell them up to the day of the view, control first, by letters."""
    day = day_of(answer.question.as_of, answer.question.zone)
    found = standing(answer.library.layers, day)
    return list(zip(LETTERS, sorted(found, key=lambda one: KINDS.index(one.kind)), strict=False))


def dated(answer: Answer, kind: LayerKind) -> list[drawn.Area]:
    """Who controls or claims what."""
    lib = answer.library
    return [
        drawn.Area(
            letter,
            flat(one.shape.geometry),
            False,
            0.0,
            (f"{HEADS[kind]} {words.who(lib.agreement, one.by)}",
             f"{words.day(one.as_of)}, {_source(lib, one.source)}"),
        )
        for letter, one in told_of(answer) if one.kind is kind
    ]  # fmt: skip


KINDS = tuple(LayerKind)
LETTERS = tuple(ascii_uppercase) + tuple(a + b for a in ascii_uppercase for b in ascii_uppercase)
HEADS = {LayerKind.CONTROL: "Controlled by", LayerKind.CLAIM: "Claimed by"}


def _source(lib: Library, source: str) -> str:
    known = lib.sources.get(source)
    return known.name if known is not None and known.name else source


def _marks(answer: Answer, layers: m.Layers) -> list[drawn.Mark]:
    zone = answer.question.zone
    return [
        drawn.Mark(
            one.point,
            SHAPES[one.status],
            one.undetermined,
            answer.view.address("records", one.records[0]),
            f"{words.words(one.type)}, {words.day_at(one.at, zone)}: {WORDS[one.status]}",
        )
        for one in layers.occurrences
        if one.point is not None
    ]


def frames(answer: Answer, layers: m.Layers, zones: list[drawn.Area]) -> tuple[Frame, Frame]:
    """The whole country, and for narrow screens what matters in it."""
    atlas = answer.library.atlas
    country = m.home(atlas)
    units = [
        flat(s.geometry) for s in atlas.base.units.values() if s.properties["country"] == country
    ]
    whole = shapely.union_all(units)
    points = [flat(shapely.Point(o.point.lon, o.point.lat)) for o in layers.occurrences if o.point]
    matter = [a.geometry for a in zones if not a.line] or [a.geometry for a in zones]
    about = shapely.union_all([*matter, *points]) if matter or points else whole
    near = frame(about, NARROW, 0.15, 1.15)
    if near.metres < NEAREST:
        near = frame(about.buffer(60_000), NARROW, 0.1, 1.15)
    return frame(whole, WIDE, 0.03, 0.8), near


def shown(answer: Answer) -> Shown:
    layers, zones = told(answer), areas(answer)
    control, claims = (dated(answer, kind) for kind in (LayerKind.CONTROL, LayerKind.CLAIM))
    country = m.home(answer.library.atlas)
    names = {
        a.country: words.who(answer.library.agreement, a.id)
        for a in answer.library.agreement.actors.values()
        if a.country
    }
    marks = _marks(answer, layers)
    hypothetical = answer.holding.hypothetical
    title = "Map by internationally recognised borders. The table below gives the same data."
    wide, narrow = (
        drawn.draw(
            one,
            country,
            zones,
            marks,
            dict(layers.observed),
            hypothetical,
            names,
            title,
            control,
            claims,
        )
        for one in frames(answer, layers, zones)
    )
    bars, narrow_bars = (
        weeks.draw(layers.weeks, hypothetical, narrow=narrowly) if layers.weeks else ""
        for narrowly in (False, True)
    )
    counts = Counter(one.status for one in layers.occurrences)
    return Shown(
        wide,
        narrow,
        bars,
        narrow_bars,
        _named(zones),
        _named(control, lettered=True),
        _named(claims, lettered=True),
        tuple((SHAPES[s], WORDS[s], counts[s]) for s in j.STATUSES),
        sum(one.undetermined for one in layers.occurrences),
        sum(one.point is None for one in layers.occurrences),
        layers.left_out,
        bool(layers.observed),
        ("Claimed only", "Alleged", "Found", "Decided", "Nobody"),
        tuple(_rows(answer, layers)),
    )


def _named(areas: Iterable[drawn.Area], lettered: bool = False) -> tuple[Layer, ...]:
    return tuple(Layer(*a.told, a.line, a.name if lettered else "") for a in areas)


def _rows(answer: Answer, layers: m.Layers) -> list[Row]:
    """Units in which something was reported or watched, by name; what lies in none comes last."""
    units = answer.library.atlas.base.units
    counts: dict[str | None, Counter[str]] = {}
    for one in layers.occurrences:
        counts.setdefault(one.unit, Counter())[one.status] += 1
    named = {u for u in counts if u is not None}
    named |= {u for u, share in layers.observed.items() if share}
    rows = [
        Row(
            str(units[u].properties.get("name", u)),
            tuple(counts.get(u, Counter())[s] for s in j.STATUSES),
            layers.observed.get(u),
        )
        for u in named
    ]
    rows.sort(key=lambda row: row.unit.casefold())
    if None in counts:
        rows.append(Row("in no unit of the map", tuple(counts[None][s] for s in j.STATUSES), None))
    return rows


def plain(answer: Answer) -> dict[str, Any]:
    """Schema `servanda.map/1`: occurrences as GeoJSON, shares by unit, weeks."""
    layers = told(answer)
    atlas = answer.library.atlas
    head = ("agreement", "as_of", "known_at", "standard", "readings")
    return {
        "schema": SCHEMA,
        **{name: answer.head[name] for name in head},
        "hypothetical": answer.holding.hypothetical,
        "disclaimer": DISCLAIMER,
        "since": None if layers.since is None else iso(layers.since),
        "observed": dict(layers.observed),
        "weeks": [
            {**asdict(w), "first": w.first.isoformat(), "last": w.last.isoformat()}
            for w in layers.weeks
        ],
        "zones": [
            {
                "name": a.name,
                "label": a.told[0],
                "band_km": a.band_km,
                "line": a.line,
                "geometry": json.loads(shapely.to_geojson(atlas.zones[a.name].geometry)),
            }
            for a in areas(answer)
        ],
        "layers": [
            {
                "letter": letter,
                "kind": one.kind.value,
                "by": one.by,
                "as_of": one.as_of.isoformat(),
                "source": one.source,
                "label": f"{HEADS[one.kind]} {words.who(answer.library.agreement, one.by)}, "
                f"{words.day(one.as_of)}, {_source(answer.library, one.source)}",
                "geometry": json.loads(shapely.to_geojson(one.shape.geometry)),
            }
            for letter, one in told_of(answer)
        ],
        "occurrences": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {
                        "records": list(o.records),
                        "type": o.type,
                        "at": iso(o.at),
                        "status": o.status,
                        "unit": o.unit,
                        "undetermined": o.undetermined,
                    },
                    "geometry": _geometry(o.point),
                }
                for o in layers.occurrences
            ],
        },
        "left_out": layers.left_out,
    }


def _geometry(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else {"type": "Point", "coordinates": [point.lon, point.lat]}


@router.get("/agreements/{agreement}/map", name="map")
@router.get("/agreements/{agreement}/map.json", name="map.json")
def page(request: Request, view: Annotated[View, Depends(view_of)]) -> Response:
    """Where it applies, what was reported and who could see."""
    answer: Answer = request.app.state.desk.answer(view)
    return either(request, "map.html", lambda: plain(answer), lambda: context(answer), answer)


def context(answer: Answer) -> dict[str, Any]:
    return {
        **page_frame(answer, "map", "Where it applies, what was reported, who could see", "map"),
        "page": answer.derived("map", lambda: shown(answer)),
        "disclaimer": DISCLAIMER,
        "nearest": nearest_zoom(answer.library.atlas),
    }
