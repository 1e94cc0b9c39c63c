"""The picture of a clock that runs in a case: from when, until when, and where it stands.

In: three instants as days and parts of days.  Out: SVG.  What has passed is filled; what is left is
an outline.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from servanda.web import words
from servanda.web.draw import svg

WIDE, NARROW, MARGIN = 720, 358, 16
DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Clock:
    """Instants in microseconds, counted from the beginning of the day `first`."""

    first: date
    begun: int
    now: int
    due: int
    label: str
    left: str


def draw(one: Clock, hypothetical: bool, narrow: bool) -> Markup:
    width = NARROW if narrow else WIDE
    span = max(one.now, one.due, DAY) * 1.08
    days = int(span // DAY) + 1

    def at(instant: int) -> float:
        return MARGIN + (width - 2 * MARGIN) * instant / (days * DAY)

    passed, top = max(one.begun, min(one.now, one.due)), 56
    parts: list[Markup] = []
    last = one.first + timedelta(days)
    for day in svg.ticks(one.first, last, 3 if narrow else 6):
        x = at((day - one.first).days * DAY)
        anchor = "start" if x < MARGIN + 4 else "end" if x > width - 40 else "middle"
        parts.append(svg.line(x, 24, x, 92, "rule"))
        label = svg.tick(day, one.first, last)
        parts.append(svg.text(x, 16, label, text_anchor=anchor, class_="f2"))
    begun, due = at(one.begun), at(one.due)
    parts.append(
        svg.text(MARGIN, 46, svg.cut(one.label, width - 2 * MARGIN, 13), 13, class_="halo")
    )
    parts.append(svg.box(begun, top, at(passed) - begun, 22, "var(--ink2)"))
    parts.append(
        svg.box(at(passed), top, due - at(passed), 22, "var(--paper)", stroke="var(--ink)")
    )
    parts.append(svg.line(at(one.now), 50, at(one.now), 96, "ink", stroke_width=2.4))
    ends = "start" if at(one.now) < 60 else "end" if at(one.now) > width - 60 else "middle"
    parts.append(svg.text(at(one.now), 110, "this view", 12, text_anchor=ends, font_weight=700))
    height = 118
    if hypothetical:
        parts.append(svg.invented(width, 132))
        height = 138
    return svg.el(
        "svg", *parts, viewBox=f"0 0 {width} {height}", role="img",
        aria_label=f"{one.label}. {one.left}",
    )  # fmt: skip


def counted(left: int) -> str:
    """How much of a time is left, or how long it has passed."""
    if left <= 0:
        return "It has ended."
    hours = left // 3_600_000_000
    if hours < 72:
        return f"{words.counted(max(hours, 1), 'hour')} left."
    return f"{words.counted(hours // 24, 'day')} left."
