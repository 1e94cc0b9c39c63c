"""Stories: courses of events with their expected states, in Markdown that a mediator can write.

A story names an agreement (a bundled id in the line `Agreement: ID`, or a block of text fenced as
`servanda`), tells its records in tables, and says under each heading of level 2 on what the
assessment is made and what is expected:

    # Title
    Agreement: ukraine-28-point

    | id | at | type | args | place | source | … |
    | c1 | 2026-01-10 | agrees | party Russia | | Russia |

    ## On day 100 it is not yet too late
    - as of 2026-04-20
    - reading clock_start = on_agreement

    | what | expected |
    | p25.elections | active |
    | p25.elections due | 2026-04-20T21:00:00Z |

A table under a heading whose first column is `id` adds records for that section alone.  Columns of
record tables are fields of a record; `args` is a list `name value; name value`.  In an expectation
the left column is a path: an instance id alone means its state; `ID field`, `effect ID trigger
state`, `measure NAME margin`, `breaches of ID` (their number), `breach N of ID basis`,
`unattributed`, `ID under STANDARD`, `ID by TERM READING` (depends_on), `ID if TERM = READING, …`
(by_reading).  An option `merge a, b by NAME on DAY because REASON` (`merge undone …`) is a decision
that records tell of one occurrence.  tests/support/mirror.py says what `Mirrored:` and `Swapped:`
mean.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import servanda
from servanda import library
from servanda.evidence.read import Records, read_text
from servanda.library import InputError, Library

FOLDER = Path(__file__).parent.parent / "stories"


# What an assessment says of the question, whatever it is about.
ECHOED = ("as_of", "known_at", "readings", "assumptions", "unknown_sources")


@dataclass
class Section:
    title: str
    options: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    expected: list[tuple[str, str]] = field(default_factory=list)
    line: int = 0


@dataclass
class Story:
    path: Path
    only: list[str] = field(default_factory=list)
    title: str = ""
    agreement: str = ""
    text: str = ""
    mirrored: str = ""
    swapped: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def stories() -> list[Path]:
    return sorted(FOLDER.rglob("*.md"))


def parse(path: Path) -> Story:
    story = Story(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    section: Section | None = None
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith("```servanda"):
            end = lines.index("```", index + 1)
            story.text = "\n".join(lines[index + 1 : end]) + "\n"
            index = end
        elif line.startswith("# "):
            story.title = line[2:].strip()
        elif line.startswith("## "):
            section = Section(line[3:].strip(), line=index + 1)
            story.sections.append(section)
        elif found := re.match(r"Agreement: (\S+)", line):
            story.agreement = found[1]
        elif found := re.match(r"Only: (.+)", line):
            story.only = [name.strip() for name in found[1].split(",")]
        elif line.startswith("Mirrored: "):
            story.mirrored = line.removeprefix("Mirrored: ").strip()
        elif line.startswith("Swapped: "):
            story.swapped = line.removeprefix("Swapped: ").strip()
        elif line.startswith("- ") and section is not None:
            _option(line[2:].strip(), section.options)
        elif line.startswith("|"):
            end = index
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            _table(lines[index:end], story, section)
            index = end - 1
        index += 1
    assert story.agreement or story.text, f"{path.name} names no agreement"
    assert any(s.expected for s in story.sections), f"{path.name} expects nothing"
    return story


def _option(text: str, options: dict[str, Any]) -> None:
    if text.startswith("as of "):
        options["as_of"] = text[6:]
    elif text.startswith("known at "):
        options["known_at"] = text[9:]
    elif text.startswith("standard "):
        options["standard"] = text[9:]
    elif text.startswith("reading "):
        term, _, reading = text[8:].partition("=")
        options.setdefault("readings", {})[term.strip()] = reading.strip()
    elif text.startswith("assume "):
        options.setdefault("assume", []).append(text[7:].replace(" = ", "=", 1))
    elif text.startswith("only "):
        options["only"] = [name.strip() for name in text[5:].split(",")]
    elif text.startswith("merge "):
        options.setdefault("merges", []).append(text[6:])
    elif text == "trust status":
        options["trust_status"] = True
    else:
        raise AssertionError(f"a story cannot say “- {text}”")


def _table(lines: list[str], story: Story, section: Section | None) -> None:
    cells = [
        [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", ln)[1:-1]] for ln in lines
    ]
    head, body = cells[0], [row for row in cells[1:] if not set("".join(row)) <= set("-: ")]
    if head[0] == "what":
        assert section is not None, "an expectation stands under a heading"
        section.expected += [(row[0], row[1]) for row in body]
        return
    rows = [dict(zip(head, row, strict=True)) for row in body]
    (story if section is None else section).rows.extend(rows)


def record_json(row: Mapping[str, str]) -> dict[str, Any]:
    """A row of a story as a record."""
    record: dict[str, Any] = {}
    for name, cell in row.items():
        if not cell:
            continue
        if name == "args":
            record["args"] = dict(_arg(part.strip()) for part in cell.split(";") if part.strip())
        elif name == "place":
            numbers = re.fullmatch(r"(-?\d+\.?\d*)[ ,]+(-?\d+\.?\d*)", cell)
            record["place"] = (
                {"lat": float(numbers[1]), "lon": float(numbers[2])} if numbers else {"name": cell}
            )
        elif name in ("same_as", "withdraws", "replaces", "derived_from"):
            record[name] = [part.strip() for part in cell.split(",")]
        else:
            record[name] = cell
    return record


def _arg(part: str) -> tuple[str, Any]:
    name, _, value = part.partition(" ")
    value = value.strip()
    if value.startswith("["):
        return name, [v.strip() for v in value.strip("[]").split(",")]
    return name, value


@cache
def bundled(name: str) -> Library:
    return library.load(name)


def library_of(story: Story) -> Library:
    if story.text:
        return library.from_text(story.text)
    return bundled(story.agreement)


def records_of(lib: Library, rows: list[dict[str, str]]) -> Records:
    import json

    text = "\n".join(json.dumps(record_json(row)) for row in rows)
    return read_text(text, "story", lib.agreement.record_types, lib.zone)


def run(story: Story, section: Section, lib: Library | None = None) -> dict[str, Any]:
    """The assessment of one section, in the form of the JSON."""
    lib = lib or library_of(story)
    records = records_of(lib, story.rows + section.rows)
    options = {"only": story.only, **section.options}
    options["merges"] = [_merge(text) for text in options.get("merges", ())]
    return servanda.assess(lib, records, **options)


def _merge(text: str) -> dict[str, Any]:
    """`a, b by NAME on 2026-02-01 because REASON`; `undone` before it takes it back."""
    found = re.fullmatch(r"(undone )?(.+) by (.+) on (\S+) because (.+)", text)
    assert found is not None, f"a story cannot say “- merge {text}”"
    records = [one.strip() for one in found[2].split(",")]
    row = {"records": records, "author": found[3], "at": found[4], "reason": found[5]}
    return {**row, "undone": found[1] is not None}


def failures(story: Story, section: Section, lib: Library, only: tuple[str, ...] = ()) -> list[str]:
    """What a section does not find in an agreement, and why it cannot be assessed there.

    Nothing but what the section asks about is computed, or `only` those commitments.
    """
    options = dict(section.options)
    if only or (only := asked(section, lib)):
        if missing := [name for name in only if name not in lib.agreement.norms]:
            return [f"{section.title}: there is no {', '.join(missing)}"]
        options["only"] = list(only)
    try:
        result = run(story, replace(section, options=options), lib)
        found = [f"refused: {row['reason']}" for row in result["refused"]]
        return found + list(check(result, section))
    except (InputError, KeyError, IndexError, StopIteration) as error:
        return [f"{section.title}: cannot be assessed: {error!r}"]


def asked(section: Section, lib: Library) -> tuple[str, ...]:
    """The commitments that a section asks about; none where it asks about the whole."""
    named = []
    for what, _ in section.expected:
        words = re.sub(r"^(breaches of|breach \d+ of|effect) ", "", what).split()
        norm = words[0].split("[")[0]
        if norm in lib.agreement.norms or "." in norm:
            named.append(norm)
        elif norm not in ECHOED:
            return ()
    return tuple(dict.fromkeys(named))


def check(result: Mapping[str, Any], section: Section) -> Iterator[str]:
    """What differs from what is expected, one sentence each; the order of a list says nothing."""
    for what, expected in section.expected:
        found = look_up(result, what)
        if sorted(found.split(", ")) != sorted(expected.split(", ")):
            yield f"{section.title}: {what}: expected {expected}, found {found}"


def look_up(result: Mapping[str, Any], what: str) -> str:
    """The value that an expectation's path names, as text."""
    norms = {n["id"]: n for n in result["norms"]}
    if found := re.fullmatch(r"breaches of (\S+)", what):
        return str(len(norms[found[1]]["breaches"]))
    if found := re.fullmatch(r"breach (\d+) of (\S+) (\S+)", what):
        return _text(norms[found[2]]["breaches"][int(found[1]) - 1].get(found[3]))
    if found := re.fullmatch(r"effect (\S+) (.+)", what):
        return _text(_walk(next(e for e in result["effects"] if e["id"] == found[1]), found[2]))
    if found := re.fullmatch(r"measure (\S+) (\S+)", what):
        named = [m for m in result["measures"] if m["name"] == found[1]]
        return _text(named[0].get(found[2])) if named else "none"
    if found := re.fullmatch(r"fund (\S+) (\S+) (\S+)", what):
        lines = [f for f in result["funds"] if f["id"] == found[1] and f["currency"] == found[2]]
        return _text(lines[0].get(found[3])) if lines else "none"
    if found := re.fullmatch(r"(\S+) under (\S+)", what):
        return str(norms[found[1]]["depends_on"]["standards"][found[2]])
    if found := re.fullmatch(r"(\S+) by (\S+) (\S+)", what):
        return str(
            norms[found[1]]["depends_on"]["readings"].get(found[2], {}).get(found[3], "same")
        )
    if found := re.fullmatch(r"(\S+) if (.+?)(?: (state|due|since))?", what):
        wanted = {
            term.strip(): name.strip()
            for term, _, name in (pair.partition("=") for pair in found[2].split(","))
        }
        rows = [
            r
            for r in norms[found[1]].get("by_reading", [])
            if all(r["readings"].get(t) == n for t, n in wanted.items())
        ]
        states = {_text(r[found[3] or "state"]) for r in rows}
        return " / ".join(sorted(states)) or "none"
    if found := re.fullmatch(r"provision (\S+) (.+)", what):
        return _text(_walk(next(p for p in result["provisions"] if p["id"] == found[1]), found[2]))
    name, _, path = what.partition(" ")
    if name in norms:
        return _text(_walk(norms[name], path)) if path else str(norms[name]["state"])
    if name in result:
        return _text(_walk(result, what))
    return "absent"


def _walk(value: Any, path: str) -> Any:
    for step in path.split():
        if value is None:
            return None
        value = value[int(step)] if isinstance(value, list) else value.get(step)
    return value


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(v if isinstance(v, str) else str(v) for v in value) or "none"
    if isinstance(value, dict):
        return ", ".join(sorted(value)) or "none"
    return str(value)
