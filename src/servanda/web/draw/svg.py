"""Small pieces of SVG, escaped.  In: numbers and words.  Out: markup; colours are tokens."""

from datetime import date, timedelta

from markupsafe import Markup, escape

from servanda.web import words

LETTER = 0.56  # of the size of a sans letter: its width on average, for room that is needed


def el(name: str, *inside: Markup | str, **attributes: object) -> Markup:
    """An element; `_` in an attribute's name stands for `-`, `None` leaves it out."""
    told = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    body = Markup("").join(escape(part) for part in inside)
    return Markup("<{}{}>{}</{}>").format(name, told, body, name)


def text(x: float, y: float, said: str, size: float = 12.5, **attributes: object) -> Markup:
    return el("text", said, x=f"{x:.1f}", y=f"{y:.1f}", font_size=size, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, colour: str, **more: object) -> Markup:
    d = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    return el("path", d=d, stroke=f"var(--{colour})", fill="none", **more)


def box(x: float, y: float, width: float, height: float, fill: str, **more: object) -> Markup:
    return el(
        "rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{max(width, 0):.1f}", height=height,
        fill=fill, **more,
    )  # fmt: skip


def mark(shape: str, x: float, y: float, size: float = 14) -> Markup:
    """A mark with its middle at a point."""
    return el(
        "use", href=f"#{shape}", x=f"{x - size / 2:.1f}", y=f"{y - size / 2:.1f}", width=size,
        height=size,
    )  # fmt: skip


def room(said: str, size: float = 12.5) -> float:
    """About how wide a text is."""
    return len(said) * size * LETTER


def cut(said: str, width: float, size: float = 12.5) -> str:
    """The text as far as there is room for it."""
    most = int(width / (size * LETTER))
    return said if len(said) <= most else said[: max(most - 1, 1)].rstrip() + "…"


def wrapped(said: str, width: float, size: float = 12.5, most: int = 2) -> list[str]:
    """The text on at most so many lines; the last is cut where there is no more room."""
    lines: list[str] = []
    for word in said.split():
        if lines and room(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width, size)] if lines else [""]


def invented(x: float, y: float) -> Markup:
    """The word that stands in every picture of what never happened."""
    return text(x, y, "HYPOTHETICAL", 12, font_weight=700, text_anchor="end", letter_spacing=1)


def ticks(first: date, last: date, most: int) -> list[date]:
    """Days to write under an axis: ends of it, and beginnings of weeks, months or years between."""
    days = max((last - first).days, 1)
    inner: list[date] = []
    if days <= 21:
        step = max(1, days // max(most - 1, 1))
        inner = [first + timedelta(n) for n in range(step, days, step)]
    else:
        months = max(1, round(days / 30.4 / max(most - 1, 1)))
        at = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        while at < last:
            inner.append(at)
            index = at.year * 12 + at.month - 1 + months
            at = date(index // 12, index % 12 + 1, 1)
    gap = days / (2.2 * most)
    near = [d for d in inner if (d - first).days > gap and (last - d).days > gap]
    return [first, *near, last]


def tick(given: date, first: date, last: date) -> str:
    """A day in a picture; with its year where the picture goes over more than one."""
    short = words.day(given, short=True)
    return f"{short} {given.year}" if first.year != last.year else short
