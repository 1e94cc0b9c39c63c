"""Occurrences by week, stacked by how firmly they rest, and beneath what share was observed.

In: buckets.  Out: SVG.  Bars begin at nothing; a count never stands without its strip.
"""

from collections.abc import Sequence

from markupsafe import Markup

from servanda.report.judged import ALLEGED, CLAIMED, DECIDED, FOUND, NOBODY
from servanda.report.map_layers import Bucket
from servanda.web import words
from servanda.web.draw import svg

WIDE, NARROW, TALL = 880, 358, 64
LOOKS = (
    (DECIDED, "var(--breach)", "var(--ink)"),
    (FOUND, "var(--breach)", "var(--breach)"),
    (ALLEGED, "url(#pA)", "var(--breach)"),
    (NOBODY, "var(--paper)", "var(--ink)"),
    (CLAIMED, "none", "var(--ink2)"),
)


def draw(buckets: Sequence[Bucket], hypothetical: bool, narrow: bool) -> Markup:
    width = NARROW if narrow else WIDE
    step = (width - 8) / len(buckets)
    most = max((sum(b.counts.values()) for b in buckets), default=0)
    unit = TALL / max(most, 1)
    base = 22 + TALL
    parts: list[Markup] = []
    every = max(1, round(len(buckets) / (4 if narrow else 9)))
    for number, one in enumerate(buckets):
        x, wide = 4 + number * step, min(step * 0.7, 46)
        left = x + (step - wide) / 2
        y = float(base)
        for status, fill, stroke in LOOKS:
            high = one.counts.get(status, 0) * unit
            if high:
                y -= high
                dashes = "2.4 1.8" if status == CLAIMED else None
                parts.append(
                    svg.el("rect", x=f"{left:.1f}", y=f"{y:.1f}", width=f"{wide:.1f}",
                           height=f"{high:.1f}", fill=fill, stroke=stroke, stroke_width=1.1,
                           stroke_dasharray=dashes)
                )  # fmt: skip
        total = sum(one.counts.values())
        if total or len(buckets) <= 16:
            parts.append(svg.text(left + wide / 2, y - 4, str(total), 12, text_anchor="middle"))
        parts.append(svg.box(x + 1, base + 6, step - 2, 9, "url(#pN)", stroke="var(--nodata)"))
        parts.append(svg.box(x + 1, base + 6, (step - 2) * min(one.share, 1), 9, "var(--ink2)"))
        if number % every == 0:
            label = words.day(one.first, short=True)
            fits = x + 1 + svg.room(label, 12) < width
            parts.append(
                svg.text(
                    x + 1 if fits else width - 2, base + 31, label, 12, class_="f2",
                    text_anchor=None if fits else "end",
                )
            )  # fmt: skip
    parts.append(svg.line(0, base, width, base, "ink", stroke_width=1.2))
    height = base + (54 if hypothetical else 38)
    if hypothetical:
        parts.append(svg.invented(width, base + 50))
    return svg.el(
        "svg", *parts, viewBox=f"0 0 {width} {height}", role="img",
        aria_label="Occurrences by week and share of time observed. The table gives the same data.",
    )  # fmt: skip
