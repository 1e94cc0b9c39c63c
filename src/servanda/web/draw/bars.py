"""Counts by draft, side by side: one group of bars for each row, all from nothing.

In: rows of counts and the titles of the drafts.  Out: SVG.  Drafts are told apart by name and
place, and by filling; a count of nothing is a line and a 0.
"""

from collections.abc import Sequence

from markupsafe import Markup

from servanda.web.draw import svg

WIDE, NARROW = 596, 358
FILLS = ("var(--paper)", "url(#pC)", "var(--ink2)", "url(#pS)", "url(#pn)", "url(#pM)")
TALL, STEP = 12, 20


def draw(rows: Sequence[tuple[str, Sequence[int]]], titles: Sequence[str], narrow: bool) -> Markup:
    width = NARROW if narrow else WIDE
    names = 0.0 if narrow else 190.0
    left = 150.0 if narrow else 350.0
    most = max((count for _, counts in rows for count in counts), default=0)
    unit = (width - left - 40) / max(most, 1)
    parts: list[Markup] = []
    y = 0.0
    for title, counts in rows:
        room, most_lines = (width, 1) if narrow else (names - 10, 3)
        head = [line for line in svg.wrapped(title, room, 13.5, most_lines) if line]
        for number, said in enumerate(head):
            parts.append(svg.text(0, y + 16 + 16 * number, said, 13.5, font_weight=600))
        top = y + (STEP if narrow else 0)
        for place, (name, count) in enumerate(zip(titles, counts, strict=True)):
            line = top + 4 + STEP * place
            said = svg.cut(name, left - names - 8, 12.5)
            parts.append(svg.text(names, line + 11, said, 12.5, class_="f2"))
            parts += _bar(left, line, count * unit, count, FILLS[place % len(FILLS)])
        y = max(top + STEP * len(titles), y + 16 * len(head)) + 10
    return svg.el(
        "svg", *parts, viewBox=f"0 0 {width} {y:.0f}", role="img",
        aria_label="Audit warnings by kind in each draft. The table gives the same data.",
    )  # fmt: skip


def _bar(x: float, y: float, wide: float, count: int, fill: str) -> list[Markup]:
    number = svg.text(x + wide + 7, y + 10.5, str(count), 13, font_weight=600)
    if not count:
        return [svg.line(x, y - 1, x, y + TALL + 1, "ink2", stroke_width=1.6), number]
    return [svg.box(x, y, wide, TALL, fill, stroke="var(--ink2)", stroke_width=1.2), number]
