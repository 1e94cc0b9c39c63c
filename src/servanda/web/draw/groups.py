"""The picture of who can end what: commitments in rows, actors in columns.

In: rows with groups.  Out: SVG, wide or narrow; each row can be reached by keyboard and says in
words what it shows.  A full dot can alone; rings that a line joins can only together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from servanda.web import words
from servanda.web.draw import svg

WIDE, NARROW = 1232, 358
LEFT, POWER = 470, 92
LINE = 24
MOST = 60  # rows that are drawn; the table has all


@dataclass(frozen=True, slots=True)
class Row:
    """`groups` in words for each member; `note` where nobody can, or it is open."""

    title: str
    power: str
    groups: tuple[tuple[str, ...], ...]
    note: str = ""


def actors(rows: Sequence[Row]) -> list[str]:
    """The columns: everybody who can do anything, by the alphabet."""
    return sorted({name for row in rows for group in row.groups for name in group})


def draw(rows: Sequence[Row], narrow: bool) -> Markup:
    shown = rows[:MOST]
    names = actors(shown)
    width = NARROW if narrow else WIDE
    left = 0.0 if narrow else float(LEFT + POWER)
    step = (width - left) / max(len(names), 1)
    step = min(step, 130.0)
    at = {name: left + (number + 0.5) * step for number, name in enumerate(names)}
    parts, y = (_numbered if narrow else _headed)(names, at, step)
    for row in shown:
        made, y = _row(row, names, at, y, width, narrow)
        parts.append(made)
    return svg.el(
        "svg", *parts, viewBox=f"0 0 {width} {y + 6:.0f}", role="group",
        aria_label="Who can end what. The table below gives the same data.",
    )  # fmt: skip


def _headed(names: Sequence[str], at: dict[str, float], step: float) -> tuple[list[Markup], float]:
    parts = []
    for name in names:
        for number, said in enumerate(_lines(name, step - 8)):
            parts.append(
                svg.text(at[name], 16 + 16 * number, said, 13, text_anchor="middle",
                         font_weight=600)
            )  # fmt: skip
    return parts, 44.0


def _numbered(
    names: Sequence[str], at: dict[str, float], step: float
) -> tuple[list[Markup], float]:
    """Numbers above the columns, and whom they stand for."""
    parts, y = [], 0.0
    for number, name in enumerate(names, 1):
        column, row = (number - 1) % 2, (number - 1) // 2
        y = 14.0 + 18 * row
        said = svg.cut(f"{number}  {name}", NARROW / 2 - 6, 13)
        parts.append(svg.text(column * NARROW / 2, y, said, 13))
    y += 24
    for number, name in enumerate(names, 1):
        parts.append(svg.text(at[name], y, str(number), 13, text_anchor="middle", font_weight=700))
    return parts, y + 8


def _row(
    row: Row, names: Sequence[str], at: dict[str, float], top: float, width: int, narrow: bool
) -> tuple[Markup, float]:
    singles = [group[0] for group in row.groups if len(group) == 1]
    joined = [group for group in row.groups if len(group) > 1]
    parts = [svg.line(0, top, width, top, "rule")]
    y = top + 17
    room = width - 4 if narrow else LEFT - 14
    if narrow:
        head = _lines(f"{row.title}: {row.power}", room)
        parts += [svg.text(0, y + 17 * n, said, 13) for n, said in enumerate(head)]
        y += 17 * len(head) + 2
    else:
        parts.append(svg.text(0, y, svg.cut(row.title, room, 14), 14))
        parts.append(svg.text(LEFT, y, row.power, 13, font_weight=600))
    lines: list[Sequence[str]] = [*([singles] if singles else []), *joined]
    for members in lines:
        together = members is not singles
        parts += _line(members, names, at, y - 4, together)
        y += LINE
    if row.note:
        x = 0 if narrow else LEFT + POWER + 12
        for number, said in enumerate(_lines(row.note, width - x - 4)):
            parts.append(svg.text(x, y + 17 * number, said, 13, class_="f2"))
            bottom = y + 17 * number
        y = bottom + LINE
    elif not lines:
        y += LINE
    return svg.el("g", *parts, tabindex=0, role="img", aria_label=spoken(row)), y - 10


def _lines(said: str, room: float) -> list[str]:
    """On two lines at most, and no empty one."""
    return [line for line in svg.wrapped(said, room, 13, 2) if line]


def _line(
    members: Sequence[str], names: Sequence[str], at: dict[str, float], y: float, together: bool
) -> list[Markup]:
    parts: list[Markup] = []
    inside = [at[name] for name in members]
    if together:
        parts.append(svg.line(min(inside), y, max(inside), y, "ink", stroke_width=3))
    for name in names:
        if name not in members:
            parts.append(svg.el("circle", cx=f"{at[name]:.1f}", cy=y, r=1.8, fill="var(--edge)"))
            continue
        fill = "var(--paper)" if together else "var(--ink)"
        parts.append(
            svg.el("circle", cx=f"{at[name]:.1f}", cy=y, r=6.5, fill=fill, stroke="var(--ink)",
                   stroke_width=2.4)
        )  # fmt: skip
    return parts


def spoken(row: Row) -> str:
    """A row in a sentence."""
    told = [
        f"{words.listed(group)} {'together' if len(group) > 1 else 'alone'}" for group in row.groups
    ]
    said = "; ".join([*told, *([row.note] if row.note else [])])
    return f"{row.title}: {row.power}: {said}"
