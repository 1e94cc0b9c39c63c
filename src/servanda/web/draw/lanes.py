"""Swim lanes: states over time, one lane for each reading, single acts and who was watching.

In: lanes in microseconds with their words.  Out: SVG, wide or narrow; every lane can be reached by
keyboard and says in words what it shows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from servanda.evidence.instant import day_of, start_of_day
from servanda.web.draw import svg
from servanda.web.marks import Mark

WIDE, NARROW = 1232, 358
LEFT, RIGHT = 236, 150
APART = 26  # pixels that acts stand apart; nearer ones are told as one
Span = tuple[int, int]
Place = Callable[[int], float]

FILLS = {
    "active": ("var(--paper)", "var(--ink2)"),
    "kept": ("var(--paper)", "var(--ink2)"),
    "fulfilled": ("var(--kept)", "var(--kept)"),
    "suspended": ("url(#pS)", "var(--ink2)"),
    "alleged": ("url(#pA)", "var(--breach)"),
    "found": ("var(--breach)", "var(--breach)"),
    "decided": ("var(--breach)", "var(--breach)"),
    "cured": ("var(--paper)", "var(--kept)"),
    "depends": ("url(#pD)", "var(--depends)"),
}
ON_DARK = ("fulfilled", "found", "decided")
ON_PATTERN = ("alleged", "depends", "suspended")


@dataclass(frozen=True, slots=True)
class Bar:
    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Act:
    at: int
    shape: str
    told: str


@dataclass(frozen=True, slots=True)
class Lane:
    """`label` is the reading; `told` says the lane in words; `now` is the state at the end."""

    label: str
    bars: tuple[Bar, ...]
    acts: tuple[Act, ...]
    now: str
    told: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lanes of one bearer: `watched` None where silence says nothing; `seen` in words."""

    title: str
    about: str
    lanes: tuple[Lane, ...]
    watched: tuple[Span, ...] | None = None
    seen: str = ""


def draw(
    groups: Sequence[Group],
    first: int,
    last: int,
    zone: ZoneInfo,
    hypothetical: bool,
    narrow: bool,
) -> Markup:
    """The picture from one instant to another."""
    width = NARROW if narrow else WIDE
    left, right = (8, 8) if narrow else (LEFT, RIGHT)
    scale = (width - left - right) / max(last - first, 1)

    def at(instant: int) -> float:
        return left + (min(max(instant, first), last) - first) * scale

    y, body = 36.0, []
    for group in groups:
        made, y = _group(group, at, y, width, left, width - right, narrow)
        body += made
    bottom = y
    grid = _grid(first, last, zone, at, bottom, width, narrow)
    end = [svg.line(at(last), 28, at(last), bottom, "ink", stroke_width=2)]
    height = bottom + (22 if hypothetical else 6)
    if hypothetical:
        end.append(svg.invented(width, bottom + 17))
    return svg.el(
        "svg", *grid, *body, *end, viewBox=f"0 0 {width} {height:.0f}", role="group",
        aria_label="States over time. The table below gives the same data.",
    )  # fmt: skip


def _grid(
    first: int, last: int, zone: ZoneInfo, at: Place, bottom: float, width: int, narrow: bool
) -> list[Markup]:
    parts = []
    days = day_of(first, zone), day_of(last, zone)
    for index, day in enumerate(ticks := svg.ticks(*days, 3 if narrow else 6)):
        ends = {0: first, len(ticks) - 1: last}
        x = at(ends.get(index, start_of_day(day, zone)))
        anchor = "start" if x < 30 else "end" if x > width - 30 else "middle"
        parts.append(svg.line(x, 30, x, bottom, "rule"))
        parts.append(svg.text(x, 20, svg.tick(day, *days), text_anchor=anchor, class_="f2"))
    return parts


def _group(
    group: Group, at: Place, top: float, width: int, left: float, right: float, narrow: bool
) -> tuple[list[Markup], float]:
    room = width - svg.room(group.title, 15) - 24
    about = svg.cut(group.about, room, 13)
    if narrow and room < 90:
        about = ""
    title = svg.el(
        "text", svg.cut(group.title, width - 10, 15),
        svg.el("tspan", about, font_weight=400, font_size=13, dx=8, fill="var(--ink2)"),
        x=8 if narrow else 0, y=f"{top + 16:.1f}", font_size=15, font_weight=700,
        paint_order="stroke", stroke="var(--paper)", stroke_width=5,
    )  # fmt: skip
    parts, y = [title], top + 26
    for lane in group.lanes:
        made, y = _lane(lane, at, y, left, right, narrow)
        parts.append(made)
    if group.watched is not None:
        made, y = _watched(group, at, y, left, right, narrow)
        parts.append(made)
    return parts, y + 12


def _lane(
    lane: Lane, at: Place, top: float, left: float, right: float, narrow: bool
) -> tuple[Markup, float]:
    parts: list[Markup] = []
    y = top
    if lane.label:
        if narrow:
            parts.append(
                svg.text(left, y + 12, svg.cut(lane.label, right - left, 13), 13, class_="f2")
            )
            y += 19
        elif svg.room(lane.label, 13.5) > LEFT - 22:
            label = svg.cut(lane.label, right - 12, 13.5)
            parts.append(svg.text(12, y + 12, label, 13.5, class_="f2 halo"))
            y += 19
        else:
            parts.append(svg.text(12, y + 15, lane.label, 13.5, class_="f2"))
    parts += _bars(lane, at, y, right)
    if not narrow:
        parts.append(
            svg.text(right + 12, y + 15, svg.cut(lane.now, RIGHT - 12, 13), 13, font_weight=600)
        )
    y += 26
    if lane.acts:
        parts += _acts(lane.acts, at, y + 6)
        y += 18
    return svg.el("g", *parts, tabindex=0, role="img", aria_label=lane.told), y


def _bars(lane: Lane, at: Place, y: float, right: float) -> list[Markup]:
    """Bars for what is active; a dotted line where it is not yet."""
    parts = []
    reached = at(-(1 << 62))
    for bar in (*lane.bars, None):
        start = right if bar is None else at(bar.start)
        if start > reached + 1 and (bar is not None or not lane.bars):
            dots = svg.line(
                reached, y + 10, start, y + 10, "ink2", stroke_width=2, stroke_dasharray=".1 6",
                stroke_linecap="round",
            )  # fmt: skip
            parts.append(dots)
        if bar is not None:
            parts += _bar(bar, at(bar.start), at(bar.end), y)
            reached = at(bar.end)
    return parts


def _bar(bar: Bar, x1: float, x2: float, y: float) -> list[Markup]:
    shape, width = bar.mark.shape, max(x2 - x1, 1.5)
    if shape not in FILLS:
        return _line(shape, bar.mark.word, x1, x2, y)
    fill, stroke = FILLS[shape]
    parts = [svg.box(x1, y, width, 20, fill, stroke=stroke, stroke_width=1.3)]
    if shape == "decided":
        parts.append(
            svg.box(x1 + 2, y + 2, width - 4, 16, "none", stroke="var(--paper)", stroke_width=1.4)
        )
    word = bar.mark.word
    if svg.room(word) + 12 > width:
        return parts
    if shape in ON_PATTERN:
        parts.append(svg.box(x1 + 4, y + 3, svg.room(word) + 10, 14, "var(--paper)"))
        parts.append(svg.text(x1 + 9, y + 14.5, word, font_weight=600))
    elif shape in ON_DARK:
        parts.append(svg.text(x1 + 7, y + 14.5, word, font_weight=700, class_="fp"))
    else:
        parts.append(svg.text(x1 + 7, y + 14.5, word))
    return parts


def _line(shape: str, said: str, x1: float, x2: float, y: float) -> list[Markup]:
    """What is over, or has not begun, is a line and no bar."""
    if shape == "inactive":
        return [
            svg.line(
                x1, y + 10, x2, y + 10, "ink2", stroke_width=2, stroke_dasharray=".1 6",
                stroke_linecap="round",
            )
        ]  # fmt: skip
    word = svg.text(x1 + 18, y + 14.5, svg.cut(said, x2 - x1 - 16, 12), 12, class_="f2")
    if shape == "terminated":
        return [svg.mark("terminated", x1 + 7, y + 10, 13), word]
    word = svg.text(x1 + 4, y + 6, svg.cut(said, x2 - x1 - 4, 12), 12, class_="f2")
    return [svg.line(x1, y + 10, x2, y + 10, "ink2", stroke_width=1.4), word]


def _acts(acts: Iterable[Act], at: Place, y: float) -> list[Markup]:
    """Marks of acts; those that would cover each other become one with their number."""
    parts: list[Markup] = []
    together: list[list[Act]] = []
    for act in sorted(acts, key=lambda a: a.at):
        if together and at(act.at) - at(together[-1][0].at) < APART:
            together[-1].append(act)
        else:
            together.append([act])
    rank = ("decided", "found", "alleged")
    for cluster in together:
        firmest = min(cluster, key=lambda a: rank.index(a.shape) if a.shape in rank else len(rank))
        x = at(cluster[0].at)
        parts.append(svg.mark(firmest.shape, x, y))
        if len(cluster) > 1:
            parts.append(svg.text(x + 9, y + 4, str(len(cluster)), 12))
    return parts


def _watched(
    group: Group, at: Place, y: float, left: float, right: float, narrow: bool
) -> tuple[Markup, float]:
    parts = []
    if narrow:
        parts.append(svg.text(left, y + 11, f"observed: {group.seen}", 13, class_="f2"))
        y += 17
    else:
        parts.append(svg.text(12, y + 10, "observed", 13.5, class_="f2"))
        parts.append(svg.text(right + 12, y + 10, group.seen, 13))
    parts.append(
        svg.box(left, y + 1, right - left, 9, "url(#pN)", stroke="var(--nodata)", stroke_width=0.8)
    )
    parts += [
        svg.box(at(start), y + 1, at(end) - at(start), 9, "var(--ink2)")
        for start, end in group.watched or ()
    ]
    told = f"{group.title}: observed {group.seen}"
    return svg.el("g", *parts, tabindex=0, role="img", aria_label=told), y + 18
