"""The picture of a story: its steps in a row, each with its day, and the time between them.

In: days.  Out: SVG, one form for all screens.  It is not to scale: a story has acts a day apart and
waits of years, and says how long each is.
"""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from servanda.web import words
from servanda.web.draw import svg

WIDTH, ACROSS = 358, 4
COLUMN = WIDTH / ACROSS
ROW = 62


def draw(days: Sequence[date], end: date) -> Markup:
    """Steps are numbered from 1; the square at the end is when software is asked."""
    every = [*days, end]
    parts: list[Markup] = []
    for number, day in enumerate(every):
        row, column = divmod(number, ACROSS)
        x, y = (column + 0.5) * COLUMN, 26.0 + row * ROW
        if number:
            parts += _since(every[number - 1], day, x, y, column == 0)
        last = number == len(every) - 1
        parts.append(_mark(number + 1, words.day(day, short=True), day.year, x, y, last))
    rows = (len(every) - 1) // ACROSS + 1
    height = rows * ROW + 24
    parts.append(svg.invented(WIDTH, height - 4))
    return svg.el(
        "svg", *parts, viewBox=f"0 0 {WIDTH} {height}", role="img",
        aria_label=f"{words.counted(len(days), 'step')} and their end, not to scale. "
        "The list beside it says the same.",
    )  # fmt: skip


def _since(before: date, day: date, x: float, y: float, wrapped: bool) -> list[Markup]:
    """The line from the step before, with how long that is."""
    left = x - COLUMN if not wrapped else 0.0
    told = between(before, day)
    return [
        svg.line(left + (13 if not wrapped else 0), y, x - 13, y, "ink2", stroke_width=1.4,
                 stroke_dasharray="1 4" if (day - before).days > 31 else None),
        svg.text((left + x) / 2, y - 8, told, 12, text_anchor="middle", class_="f2"),
    ]  # fmt: skip


def between(before: date, after: date) -> str:
    """How long from one day to another, in few words."""
    days = (after - before).days
    if days == 0:
        return "same day"
    return f"{days // 365} years" if days >= 730 else words.counted(days, "day")


def _mark(number: int, day: str, year: int, x: float, y: float, last: bool) -> Markup:
    look = {"fill": "var(--paper)", "stroke": "var(--ink)", "stroke_width": 1.6, "class_": "dot"}
    if last:
        shape = svg.el("rect", x=f"{x - 9:.1f}", y=f"{y - 9:.1f}", width=18, height=18, **look)
        said = "="
    else:
        shape = svg.el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=10, **look)
        said = str(number)
    return svg.el(
        "g", shape,
        svg.text(x, y + 4.3, said, 12.5, text_anchor="middle", font_weight=700),
        svg.text(x, y + 25, day, 12, text_anchor="middle"),
        svg.text(x, y + 39, str(year), 12, text_anchor="middle", class_="f2"),
        data_step=number,
    )  # fmt: skip
