"""The text of a comparison: a few lines first, then point by point, or a table of drafts."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from servanda.cli import text
from servanda.cli.parties import balance, positions, ranking
from servanda.cli.sourced import words
from servanda.compare.reading import TOLD, differs, for_whom, provision_of, texts
from servanda.compare.text import LEGEND

Found = Mapping[str, Any]
MARKS = {
    "changed": "~",
    "moved": "→",
    "same": "=",
    "added": "+",
    "removed": "-",
    "not told before": "?",
    "not told after": "?",
}
LACKS, NOT_TOLD = "–", "?"


def opening(found: Found, drafts: Sequence[str]) -> Iterator[str]:
    """What is shown without being asked for more; `drafts` as they were named on the line."""
    several = len(found["drafts"]) > 2
    main = ["table"] if several else ["changes", "others"]
    yield from start(found, [*main, *(["ranking"] if found["ranking"] else [])])
    yield ""
    rest = [name for name in PARTS if name not in main]
    named = " ".join(map(shlex.quote, drafts))
    yield text.wrap(f"More: servanda compare {named} --part NAME, with NAME one of", 0)
    yield text.wrap(f"{', '.join(rest)}, all; --ends adds who can end what.", 0)


def start(found: Found, parts: Sequence[str]) -> Iterator[str]:
    """The drafts, a summary, and the parts that are named."""
    yield from _drafts(found)
    yield ""
    yield from summary(found)
    for name in parts:
        if name == "summary":
            continue
        yield ""
        yield text.bold(name)
        lines = list(PARTS[name](found))
        yield from lines or ["  nothing"]


def _drafts(found: Found) -> Iterator[str]:
    for draft in found["drafts"]:
        dated = f", {draft['date']}" if draft["date"] else ""
        yield text.item(f"{draft['title']} ({draft['status']}{dated})", 0, draft["letter"])
        if draft["incomplete"]:
            yield text.wrap(f"not all of it is known: {draft['incomplete']}", 2)
        if draft["not_public"]:
            yield text.wrap(f"not public: {', '.join(draft['not_public'])}", 2)


def summary(found: Found) -> Iterator[str]:
    """How many clauses changed, and for whom which became stronger or weaker."""
    for one in found["comparisons"]:
        counts = one["counts"]
        told = [
            f"{counts[fate]} {fate}"
            for fate in ("changed", "added", "removed", "moved", "same")
            if counts[fate]
        ]
        silent = [
            f"of {counts[fate]} it is not told what {letter} says"
            for fate, letter in (
                ("not told before", one["before"]),
                ("not told after", one["after"]),
            )
            if counts[fate]
        ]
        lines = ", ".join(told) or "no clauses in common"
        more = f"; {' and '.join(silent)}" if silent else ""
        yield text.item(f"{lines}{more}", 0, f"{one['before']} → {one['after']}:")
        if len(found["drafts"]) == 2:
            yield from _for_whom(found, one)
    if len(found["drafts"]) == 2:
        yield text.wrap(LEGEND)


def _for_whom(found: Found, one: Found) -> Iterator[str]:
    """By side, in which points what it bears or holds became stronger or weaker."""
    for party, by_direction in for_whom(found, one).items():
        told = [f"{d} in {', '.join(points)}" for d, points in by_direction.items()]
        yield text.item(f"{words(party)}: {'; '.join(told)}", 2, "·")


# --- two drafts ---------------------------------------------------------------------------------


def changes(found: Found) -> Iterator[str]:
    """Point by point, what changed; what is the same or not told comes last, by name."""
    for one in found["comparisons"]:
        if len(found["drafts"]) > 2:
            yield text.wrap(f"{one['before']} → {one['after']}", 2)
        yield from _points(found, one)


def _points(found: Found, one: Found) -> Iterator[str]:
    titles = {draft["letter"]: draft["provisions"] for draft in found["drafts"]}
    point = None
    for change in one["clauses"]:
        if change["fate"] not in TOLD:
            continue
        letter = one["before"] if change["before"] else one["after"]
        here = (letter, provision_of(change))
        if here != point:
            point = here
            title = titles[letter].get(here[1] or "", "")
            only = f" (in {letter})" if letter == one["after"] else ""
            yield text.bold(text.wrap(f"{here[1] or 'beside the points'}  {title}{only}", 2))
        yield from _change(change)
    for fate, phrase in (
        ("moved", "the same elsewhere"),
        ("same", "the same"),
        ("not told after", f"not told what {one['after']} says of"),
        ("not told before", f"not told what {one['before']} says of"),
    ):
        listed = [_named(c) for c in one["clauses"] if c["fate"] == fate]
        if listed:
            yield text.item(f"{phrase}: {', '.join(listed)}", 2, MARKS[fate])


def _change(change: Found) -> Iterator[str]:
    owed = [words(name) for name in change["owed_to"]]
    tail = f" (owed to {', '.join(owed)})" if owed and _has_direction(change) else ""
    mark = MARKS[change["fate"]]
    told = list(change["told"])
    if change["fate"] != "changed":
        text_of = (change["before"] or change["after"])["text"]
        told = [f"{text_of}; {sentence}" if text_of else sentence for sentence in told]
    first, *rest = told
    yield text.item(f"{_named(change)}: {first}{tail}", 4, mark)
    for sentence in rest:
        yield text.item(sentence, 6, "·")


def _has_direction(change: Found) -> bool:
    first = change["parts"][0]
    return first["role"] == "bears" and first["direction"] in ("stronger", "weaker")


def _named(change: Found) -> str:
    ids = [side["id"] for side in (change["before"], change["after"]) if side is not None]
    return " → ".join(dict.fromkeys(ids))


def others(found: Found) -> Iterator[str]:
    """Terms and readings, bodies, funds, groups, the head, what stands in brackets."""
    for one in found["comparisons"]:
        if len(found["drafts"]) > 2:
            yield text.wrap(f"{one['before']} → {one['after']}", 2)
        for row in one["others"]:
            for sentence in row["told"]:
                yield text.item(f"{row['what']} {words(row['name'])}: {sentence}", 2, "~")
        for fate in ("added", "removed", "not told before", "not told after"):
            by_kind: dict[str, list[str]] = {}
            for row in one["others"]:
                if row["fate"] == fate and not row["parts"]:
                    by_kind.setdefault(row["what"], []).append(words(row["name"]))
            for what, names in by_kind.items():
                yield text.item(f"{what}, {fate}: {', '.join(names)}", 2, MARKS[fate])


def aligned(found: Found) -> Iterator[str]:
    """Which clause answers which, how that was found, and with what score."""
    yield text.wrap(
        "A score is how alike two clauses are, from 0 to 1, where nothing else told. "
        "`--align FILE` sets them otherwise.",
        2,
    )
    for one in found["comparisons"]:
        yield text.wrap(f"{one['before']} → {one['after']}", 2)
        rows = []
        for change in one["clauses"]:
            if change["aligned"] is not None:
                how, score = change["aligned"]["how"], change["aligned"]["score"]
                told = how if score is None else f"{how}, {score:.2f}"
                rows.append((change["before"]["id"], change["after"]["id"], told))
        yield text.table(rows, indent=4)
        for row in one["descents_not_found"]:
            told = f"{row['draft']} names {row['names']} at {row['clause']}, which is not there"
            yield text.item(told, 4, "!")


def wording(found: Found) -> Iterator[str]:
    """Plain words, side by side: [-gone-] and {+come+}; it says nothing about meaning."""
    yield text.wrap("[-words that go-] {+words that come+}", 2)
    for one in found["comparisons"]:
        for row in one["wording"]:
            ids = " → ".join(dict.fromkeys((row["before"], row["after"])))
            yield text.wrap(f"{one['before']} → {one['after']}, {ids}:", 2)
            yield text.wrap(" ".join(map(_stretch, row["words"])), 4)


def _stretch(row: Mapping[str, str]) -> str:
    if "before" in row:
        return f"[-{row['before']}-]"
    return f"{{+{row['after']}+}}" if "after" in row else row["same"]


# --- several drafts -----------------------------------------------------------------------------


def table(found: Found) -> Iterator[str]:
    """A row for each thing that two of the drafts say differently."""
    yield text.wrap(
        f"Drafts with the same number in a row say the same. {LACKS}  left out; {NOT_TOLD}  not "
        "told. Rows in which nothing is known to differ are left away.",
        2,
    )
    letters = [draft["letter"] for draft in found["drafts"]]
    titles = texts(found)
    room = text.width() - 2 - 3 * len(letters)
    yield f"  {'':<{room}}{''.join(f'{letter:>3}' for letter in letters)}"
    for row in found["table"]:
        cells = [row[letter] for letter in letters]
        if not differs(row):
            continue
        letter = next(name for name in letters if row[name]["clauses"])
        clause = row[letter]["clauses"][0]
        told = text.clean(f"{clause}  {titles.get((letter, clause)) or ''}")
        told = told if len(told) <= room - 1 else f"{told[: room - 2]}…"
        yield f"  {told:<{room}}{''.join(f'{_cell(cell):>3}' for cell in cells)}"


def _cell(cell: Found) -> str:
    return str(cell["number"] or (LACKS if cell["lacks"] else NOT_TOLD))


PARTS: Mapping[str, Callable[[Found], Iterator[str]]] = {
    "summary": summary,
    "changes": changes,
    "others": others,
    "table": table,
    "balance": balance,
    "positions": positions,
    "wording": wording,
    "aligned": aligned,
    "ranking": ranking,
}
