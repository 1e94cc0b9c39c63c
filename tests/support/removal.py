"""Taking a clause or an entry out of a copy of an agreement's folder.

What is to go is named as a path from the file downwards, `FILE > STEP > STEP …`:

    agreement.md > p28.ceasefire                       a commitment
    agreement.md > p28.ceasefire > not attack          a clause of it, by its first words
    agreement.md > term invasion > reading large       a line of another declaration
    negotiation.yaml > meetings > kyiv > outcomes > 0  an entry of a list, by id, number,
    positions.yaml > party=Ukraine; point=p21; sub=d   or by what it holds; or a named value
    zones.geojson > features > donetsk-buffer
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.support import mutants

TEXT = "agreement.md"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def without(folder: Path, path: str, copy: Path) -> Path:
    """A copy of the folder without what the path names; AssertionError where there is no such."""
    shutil.copytree(folder, copy)
    name, *steps = [step.strip() for step in path.split(" > ")]
    file = copy / name
    assert steps, f"{path}: names no entry"
    assert file.is_file(), f"{path}: there is no {name}"
    if name == TEXT:
        file.write_text(_without_lines(file.read_text(encoding="utf-8"), steps), encoding="utf-8")
    elif file.suffix == ".yaml":
        found = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
        _drop(found, steps)
        file.write_text(
            json.dumps(found, ensure_ascii=False, default=str), encoding="utf-8"
        )  # YAML too
    else:
        found = json.loads(file.read_text(encoding="utf-8"))
        _drop(found, steps)
        file.write_text(json.dumps(found), encoding="utf-8")
    return copy


def _without_lines(text: str, steps: list[str]) -> str:
    lines = text.split("\n")
    start, end = _block(text, lines, steps[0])
    if len(steps) > 1:
        inside = [
            number
            for number in range(start + 1, end)
            if lines[number].strip().startswith(steps[1]) and lines[number][2:3].strip()
        ]
        assert len(inside) == 1, f"{' > '.join(steps)}: {len(inside)} lines begin so"
        start = inside[0]
        stop = start + 1
        while stop < end and lines[stop].startswith("   "):
            stop += 1
        end = stop
    return mutants.without(text, start, end)


def _block(text: str, lines: list[str], head: str) -> tuple[int, int]:
    """The lines of a commitment, by its id, or of another declaration, by its first words."""
    commitments = mutants.blocks(text)
    if head in commitments:
        return commitments[head]
    opened = [n for n, line in enumerate(lines) if re.match(rf"{re.escape(head)}(\s|$)", line)]
    assert len(opened) == 1, f"{head}: {len(opened)} declarations begin so"
    end = opened[0] + 1
    while lines[end].startswith("  "):
        end += 1
    return opened[0], end


def _drop(found: Any, steps: list[str]) -> None:
    *way, last = steps
    for step in way:
        found = found[_key(found, step)]
    del found[_key(found, last)]


def _key(found: Any, step: str) -> Any:
    """Where a step leads: a name in a mapping, or the one entry of a list that it fits."""
    if isinstance(found, dict):
        assert step in found, f"there is no “{step}” among {', '.join(found)}"
        return step
    if step.isdigit():
        return int(step)
    if "=" in step:
        wanted = dict(pair.split("=", 1) for pair in step.split("; "))
        fits = [n for n, row in enumerate(found) if _begins(row, wanted)]
    else:
        fits = [n for n, row in enumerate(found) if row.get("id") == step]
    assert len(fits) == 1, f"{len(fits)} entries fit “{step}”"
    return fits[0]


def _begins(row: dict[str, Any], wanted: dict[str, str]) -> bool:
    return all(str(row.get(name, "")).startswith(value) for name, value in wanted.items())
