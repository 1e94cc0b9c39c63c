"""The map: base by internationally recognised borders, dated layers over it, marks on top.

In: a base map, layers, zones, places and occurrences.  Out: SVG in the order sea, land, control,
observed, units, claims, zones, bands, lines, recognised border, marks, labels.  Marks are links
that the keyboard reaches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import shapely
from markupsafe import Markup

from servanda.geo import Point
from servanda.geo.gazetteer import standard
from servanda.geo.surroundings import surroundings
from servanda.web.draw import svg
from servanda.web.draw.projection import KM, Frame, flat

APART = 13  # pixels; marks nearer than that become one, with their number
CITY_KM2 = 2_000  # units that are no larger are cities, and labelled as such
SCALES = (10, 20, 50, 100, 200, 300)  # kilometres
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A zone or a line of the agreement, in metres; `told` is its boxed label."""

    name: str
    geometry: Any
    line: bool
    band_km: float
    told: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """An occurrence on the map; `told` says it in words."""

    point: Point
    shape: str
    undetermined: bool
    address: str
    told: str


@dataclass
class Labels:
    """Labels that do not cover each other or the marks: who comes first stays."""

    frame: Frame
    taken: list[Rect] = field(default_factory=list)

    def free(self, rect: Rect) -> bool:
        x1, y1, x2, y2 = rect
        inside = x1 >= 2 and y1 >= 2 and x2 <= self.frame.width - 2 and y2 <= self.frame.height - 2
        return inside and all(x2 < a or x1 > c or y2 < b or y1 > d for a, b, c, d in self.taken)

    def take(self, rect: Rect) -> bool:
        if not self.free(rect):
            return False
        self.taken.append(rect)
        return True


def draw(
    frame: Frame,
    country: str,
    areas: Sequence[Area],
    marks: Sequence[Mark],
    observed: dict[str, float],
    hypothetical: bool,
    names: dict[str, str],
    title: str,
    control: Sequence[Area] = (),
    claims: Sequence[Area] = (),
) -> Markup:
    """`observed` is the share of time by unit; `names` are those of countries."""
    labels = Labels(frame)
    above = _marks(frame, marks, labels)
    # Layers are told apart by letters, of which each finds room: no actor's is left out.
    of_control, of_claims = (
        [part for one in some for part in _lettered(frame, one, labels)]
        for some in (control, claims)
    )
    boxed = [part for area in areas for part in _boxed(frame, area, labels)]
    if hypothetical:
        labels.take((frame.width - 120, frame.height - 22, frame.width - 3, frame.height - 3))
    labels.take((6, frame.height - 34, 130, frame.height - 4))
    parts = [
        svg.el("rect", width=frame.width, height=frame.height, fill="var(--sea)"),
        *_base(frame, country),
        svg.el("g", *_tinted(frame, control), class_="l-control"),
        svg.el("g", *_observed(frame, observed), class_="l-observed"),
        *_borders(frame, country),
        svg.el("g", *_claimed(frame, claims), class_="l-claims"),
        svg.el("g", *(p for a in areas for p in _area(frame, a)), class_="l-zones"),
        svg.el("path", d=_home(frame, country), fill="none", stroke="var(--border)",
               stroke_width=1.9, stroke_linejoin="round"),
        *_names(frame, country, names, labels),
        *_towns(frame, country, labels),
        svg.el("g", *boxed, class_="l-zones"),
        svg.el("g", *of_control, class_="l-control"),
        svg.el("g", *of_claims, class_="l-claims"),
        svg.el("g", *above, class_="l-marks"),
        *_scale(frame),
    ]  # fmt: skip
    if hypothetical:
        parts.append(svg.invented(frame.width - 8, frame.height - 8))
    return svg.el(
        "svg", *parts, viewBox=f"0 0 {frame.width} {frame.height}", role="group", aria_label=title
    )


# --- the base -------------------------------------------------------------------------------------


@cache
def _base(frame: Frame, country: str) -> tuple[Markup, ...]:
    around = surroundings().states
    parts = [_land(frame.path(flat(geometry), 0.6), "abroad") for geometry in around.values()]
    units = standard().units.values()
    abroad = [s for s in units if s.properties["country"] != country]
    parts += [_land(frame.path(flat(s.geometry)), "abroad") for s in abroad]
    parts.append(svg.el("path", d=_home(frame, country), fill="var(--land)"))
    return tuple(p for p in parts if 'd=""' not in p)


def _land(path: str, colour: str) -> Markup:
    return svg.el("path", d=path, fill=f"var(--{colour})", stroke="var(--oblast)", stroke_width=0.6)


@cache
def _home(frame: Frame, country: str) -> str:
    """The country of the base map, whole: internationally recognised borders."""
    units = [s for s in standard().units.values() if s.properties["country"] == country]
    return frame.path(shapely.union_all([flat(s.geometry) for s in units]))


@cache
def _borders(frame: Frame, country: str) -> tuple[Markup, ...]:
    units = [s for s in standard().units.values() if s.properties["country"] == country]
    lines = shapely.union_all([flat(s.geometry).boundary for s in units])
    return (
        svg.el("path", d=frame.path(lines), fill="none", stroke="var(--oblast)", stroke_width=0.8),
    )


def _observed(frame: Frame, observed: dict[str, float]) -> Iterable[Markup]:
    """Silence is drawn: dense hatch where nobody watched, wide where under a third of the time."""
    for name, share in observed.items():
        if share >= 1 / 3:
            continue
        path = frame.path(flat(standard().units[name].geometry))
        if path:
            yield svg.el("path", d=path, fill="url(#pM)" if share else "url(#pN)", opacity=0.5)


def _names(frame: Frame, country: str, names: dict[str, str], labels: Labels) -> Iterable[Markup]:
    """Countries in spaced capitals, seas in italics, units small; each where there is room."""
    size = 13 if frame.width > 500 else 11
    home = shapely.union_all(
        [flat(s.geometry) for s in standard().units.values() if s.properties["country"] == country]
    )
    around = surroundings()
    states = {country: home, **{c: flat(g) for c, g in around.states.items()}}
    for code, geometry in states.items():
        seen = shapely.intersection(geometry, frame.box.buffer(-12 * frame.metres))
        if seen.is_empty or seen.area < 1500 * frame.metres**2:
            continue
        middle = shapely.point_on_surface(max(shapely.get_parts(seen), key=lambda p: p.area))
        x, y = _pixels(frame, middle)
        told = names.get(code, around.names.get(code, code)).upper()
        half = svg.room(told, size) * 0.72
        if labels.take((x - half, y - size, x + half, y + 4)):
            yield svg.text(x, y, told, size, text_anchor="middle", letter_spacing=size * 0.18,
                           font_weight=600, class_="f2 halo")  # fmt: skip
    for name, point in around.seas.items():
        x, y = frame.at(point)
        half = svg.room(name, 12) / 2
        around_it = (x - half, y - 12, x + half, y + 4)
        on_land = shapely.intersects(_metres(frame, around_it), list(states.values())).any()
        if not on_land and labels.take(around_it):
            yield svg.text(x, y, name, 12, text_anchor="middle", class_="f2 sea")


def _metres(frame: Frame, pixels: tuple[float, float, float, float]) -> Any:
    """A box of pixels on the map."""
    left, top, right, bottom = pixels
    west, east = (frame.west + x * frame.metres for x in (left, right))
    return shapely.box(
        west, frame.north - bottom * frame.metres, east, frame.north - top * frame.metres
    )


def _pixels(frame: Frame, point: Any) -> tuple[float, float]:
    return (point.x - frame.west) / frame.metres, (frame.north - point.y) / frame.metres


def _towns(frame: Frame, country: str, labels: Labels) -> Iterable[Markup]:
    """Towns beside their points, as many as there is room for; cities that are units come first."""
    base = standard()
    places = [
        (str(s.properties["name"]), Point(c.y, c.x), True)
        for s in base.units.values()
        if s.area_km2 < CITY_KM2 and s.properties["country"] == country
        for c in (s.geometry.centroid,)
    ]
    places += [(t.name, t.point, False) for t in base.towns.values() if "_in_" not in t.id]
    for name, point, capital in places:
        if not frame.shows(point):
            continue
        x, y = frame.at(point)
        told = name.removesuffix(" (city)")
        rect = _beside(labels, x, y, svg.room(told, 12))
        if rect is None:
            continue
        labels.taken += [rect, (x - 4, y - 4, x + 4, y + 4)]
        if capital:
            yield svg.box(x - 2.8, y - 2.8, 5.6, 5.6, "var(--ink)")
        else:
            yield svg.el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.2, fill="var(--ink)")
        weight = 700 if capital else None
        yield svg.text(rect[0] + 2, y + 4, told, 12, class_="halo land", font_weight=weight)


def _beside(labels: Labels, x: float, y: float, width: float) -> Rect | None:
    """A free place for a label right or left of a point; None where there is none."""
    if not labels.free((x - 3, y - 3, x + 3, y + 3)):
        return None
    for left in (x + 6, x - 6 - width):
        rect = (left - 2, y - 8, left + width + 2, y + 7)
        if labels.free(rect):
            return rect
    return None


# --- layers ---------------------------------------------------------------------------------------


def _tinted(frame: Frame, control: Sequence[Area]) -> Iterable[Markup]:
    """Who controls an area: one tint for all, told apart by its letter."""
    for one in control:
        if path := frame.path(one.geometry):
            yield svg.el("path", d=path, fill="var(--ink)", fill_opacity=0.07,
                         stroke="var(--ink2)", stroke_width=0.8)  # fmt: skip


def _claimed(frame: Frame, claims: Sequence[Area]) -> Iterable[Markup]:
    for one in claims:
        if path := frame.path(one.geometry):
            yield svg.el("path", d=path, fill="none", stroke="var(--ink2)", stroke_width=1.4,
                         stroke_dasharray="2 4")  # fmt: skip


def _area(frame: Frame, area: Area) -> Iterable[Markup]:
    path = frame.path(area.geometry)
    if not path:
        return
    if not area.line:
        yield svg.el("path", d=path, fill="url(#pZ)", stroke="var(--zone)", stroke_width=1.6,
                     stroke_dasharray="7 4 2 4")  # fmt: skip
    if area.band_km:
        edge = area.geometry if area.line else area.geometry.boundary
        band = shapely.buffer(edge, area.band_km * KM)
        yield svg.el("path", d=frame.path(band), fill="none", stroke="var(--ink2)",
                     stroke_width=0.9, stroke_dasharray="1.5 3")  # fmt: skip
    if area.line:
        yield svg.el("path", d=path, fill="none", stroke="var(--ink)", stroke_width=1.6,
                     stroke_dasharray="9 3 2 3")  # fmt: skip


def _boxed(frame: Frame, area: Area, labels: Labels) -> Iterable[Markup]:
    """The boxed label of something schematic, with a leader to it."""
    seen = shapely.intersection(area.geometry, frame.box)
    if seen.is_empty:
        return
    if area.line:
        parts = shapely.get_parts(seen)
        longest = max(parts, key=lambda p: p.length)
        anchor = longest.interpolate(0.62, normalized=True)
    else:
        anchor = shapely.point_on_surface(seen)
    x, y = _pixels(frame, anchor)
    head, note = area.told
    width = max(svg.room(head, 12), svg.room(note, 11)) + 14
    for dx, dy in _places(width):
        left, top = x + dx, y + dy
        rect = (left, top, left + width, top + 34)
        if labels.take(rect):
            end = (left if dx > 0 else left + width, top + 17)
            yield svg.line(x, y, *end, "zone" if not area.line else "ink", stroke_width=1)
            yield svg.box(left, top, width, 34, "var(--paper)", stroke="var(--edge)")
            yield svg.text(left + 7, top + 14, head, 12, font_weight=700)
            yield svg.text(left + 7, top + 28, note, 11, class_="f2")
            return


def _lettered(frame: Frame, area: Area, labels: Labels) -> Iterable[Markup]:
    """The letter of a layer in it, as a key to the list beside the map."""
    seen = shapely.intersection(area.geometry, frame.box)
    if seen.is_empty:
        return
    x, y = _pixels(frame, shapely.point_on_surface(seen))
    steps = sorted(product(range(-100, 101, 20), repeat=2), key=lambda s: s[0] ** 2 + s[1] ** 2)
    rects = [(x + dx - 9, y + dy - 9, x + dx + 9, y + dy + 9) for dx, dy in steps]
    left, top, *_ = next((rect for rect in rects if labels.take(rect)), rects[0])
    yield svg.box(left, top, 18, 18, "var(--paper)", stroke="var(--edge)")
    yield svg.text(left + 9, top + 13, area.name, 12, font_weight=700, text_anchor="middle")


def _places(width: float) -> tuple[tuple[float, float], ...]:
    """Where a boxed label may stand from what it names, the best first."""
    return (
        (40, -70),
        (-width - 40, -60),
        (50, 40),
        (-width - 50, 50),
        (70, -110),
        (-width / 2, 90),
        (-width - 120, 10),
        (120, 10),
        (-width / 2, -120),
    )


def _marks(frame: Frame, marks: Sequence[Mark], labels: Labels) -> list[Markup]:
    """Marks; those that would cover each other are one, with their number."""
    together: list[tuple[float, float, list[Mark]]] = []
    for one in marks:
        if not frame.shows(one.point):
            continue
        x, y = frame.at(one.point)
        for left, top, listed in together:
            if abs(left - x) < APART and abs(top - y) < APART:
                listed.append(one)
                break
        else:
            together.append((x, y, [one]))
    parts = []
    rank = ("decided", "found", "alleged", "occ", "claimed")
    for x, y, listed in sorted(together, key=lambda t: (t[1], t[0])):
        firmest = min(listed, key=lambda m: rank.index(m.shape))
        told = "; ".join(m.told for m in listed[:6])
        told += f"; and {len(listed) - 6} more" if len(listed) > 6 else ""
        inside = [svg.el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=12, fill="transparent")]
        if any(m.undetermined for m in listed):
            inside.append(
                svg.el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=10, fill="none",
                       stroke="var(--ink)", stroke_width=1.2, stroke_dasharray="2.4 1.8")
            )  # fmt: skip
        inside.append(svg.mark(firmest.shape, x, y, 14))
        width = 8.0
        if len(listed) > 1:
            inside.append(
                svg.text(x + 10, y - 5, str(len(listed)), 12, font_weight=700, class_="halo land")
            )
            width = 22.0
        labels.taken.append((x - 8, y - 12, x + width, y + 8))
        parts.append(svg.el("a", *inside, href=firmest.address, aria_label=told))
    return parts


def _scale(frame: Frame) -> list[Markup]:
    """A bar in whole kilometres."""
    fits = [km for km in SCALES if km * KM / frame.metres <= 110]
    km = fits[-1] if fits else SCALES[0]
    width, y = km * KM / frame.metres, frame.height - 12
    parts = [svg.line(12, y, 12 + width, y, "ink", stroke_width=1.4)]
    parts += [svg.line(x, y - 4, x, y, "ink", stroke_width=1.4) for x in (12, 12 + width)]
    return [*parts, svg.text(12, y - 8, f"{km} km", 12, class_="halo land")]
