"""The picture of deadlines: a row for each clock, every day that a reading gives it.

In: rows with days.  Out: SVG.  A clock is ink; what is disputed between its days is dotted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from servanda.web import words
from servanda.web.draw import svg

SHAPES = ("circle", "square", "triangle", "diamond")
LEFT, WIDE, NARROW = 220, 720, 358
MARGIN = 16


@dataclass(frozen=True, slots=True)
class Row:
    """Days with the readings that give them, and the readings that give none."""

    title: str
    about: str
    days: tuple[tuple[date, str], ...]
    undated: str = ""


def draw(rows: list[Row], today: date, hypothetical: bool, narrow: bool) -> str:
    width = NARROW if narrow else WIDE
    left = 8.0 if narrow else float(LEFT)
    every = [day for row in rows for day, _ in row.days]
    first, last = min(today, *every), max(today + timedelta(14), *every)
    last += (last - first) / 12
    span = (last - first).days

    def at(day: date) -> float:
        return left + (width - left - MARGIN) * (day - first).days / span

    parts: list[Markup] = []
    y = 36.0
    body: list[Markup] = []
    for row in rows:
        made, y = _row(row, at, left, width, y, (first, last), narrow)
        body += made
    bottom = y + 4
    for day in svg.ticks(first, last, 3 if narrow else 4):
        x = at(day)
        anchor = "start" if x < left + 4 else "end" if x > width - 40 else "middle"
        parts.append(svg.line(x, 30, x, bottom, "rule"))
        label = svg.tick(day, first, last)
        parts.append(svg.text(x, 20, label, text_anchor=anchor, class_="f2"))
    parts.append(svg.line(at(today), 26, at(today), bottom, "ink", stroke_width=2))
    height = bottom + (22 if hypothetical else 6)
    if hypothetical:
        parts.append(svg.invented(width, bottom + 16))
    return svg.el(
        "svg", *parts, *body, viewBox=f"0 0 {width} {height:.0f}", role="img",
        aria_label=f"Deadlines after {words.day(today)}. The same days are in the list below.",
    )  # fmt: skip


def _row(
    row: Row,
    at: Callable[[date], float],
    left: float,
    width: float,
    top: float,
    years: tuple[date, date],
    narrow: bool,
) -> tuple[list[Markup], float]:
    parts = []
    room = width - 10 if narrow else left - 16
    lines = svg.wrapped(row.title, room, 14, 2)
    for number, said in enumerate(lines):
        parts.append(svg.text(0, top + 16 + 17 * number, said, 14, font_weight=600, class_="halo"))
    under = top + 16 + 17 * len(lines)
    parts.append(svg.text(0, under, svg.cut(row.about, room), class_="f2 halo"))
    line = under + 21 if narrow else top + 22
    places = [(at(day), day, told) for day, told in row.days]
    if len(places) > 1:
        parts.append(
            svg.line(places[0][0], line, places[-1][0], line, "depends", stroke_width=3,
                     stroke_dasharray="3 3")
        )  # fmt: skip
    y = line
    for index, (x, day, _) in enumerate(places):
        parts.append(_shape(SHAPES[index % len(SHAPES)], x, line))
        label = svg.tick(day, *years)
        if len(places) == 1 and not row.undated:
            label += ", one clock"
        before = x + 12 + svg.room(label) > width
        y = line + 4.5 if index == 0 else y + 16
        if index == 0 and len(places) > 1 and x - 12 - svg.room(label) > left:
            before = True
        parts.append(
            svg.text(x - 11 if before else x + 11, y, label, text_anchor="end" if before else None)
        )
    if row.undated:
        y += 16
        end = min(places[-1][0] + 11, width - svg.room("no day yet under a reading"))
        parts.append(svg.text(max(end, left), y, "no day yet under a reading", class_="f2"))
    bottom = max(line + 10 if narrow else under + 11, y + 10)
    parts.append(svg.line(0, bottom, width, bottom, "rule"))
    return parts, bottom


def _shape(name: str, x: float, y: float) -> Markup:
    look = {"fill": "var(--paper)", "stroke": "var(--ink)", "stroke_width": 1.8}
    match name:
        case "circle":
            return svg.el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=5.5, **look)
        case "square":
            return svg.el("rect", x=f"{x - 5:.1f}", y=f"{y - 5:.1f}", width=10, height=10, **look)
        case "triangle":
            d = f"M{x:.1f} {y - 6:.1f}l6 11h-12z"
        case _:
            d = f"M{x:.1f} {y - 6.5:.1f}l6.5 6.5-6.5 6.5-6.5-6.5z"
    return svg.el("path", d=d, **look)
