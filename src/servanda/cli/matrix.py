"""`servanda matrix`: readings × standards, only what differs, by what makes the difference."""

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.cli import text
from servanda.cli.options import (
    agreement,
    as_json,
    choices,
    command,
    output,
    question,
    warn_refused,
)

EXAMPLES = """\
  servanda matrix energy-moratorium-2025
  servanda matrix ukraine-28-point --records r.jsonl
  servanda matrix ukraine-28-point --records r.jsonl --reading consent_of=both --format json
"""
GENERAL = 4


def add(commands: Any) -> None:
    parser = command(
        commands, "matrix", "show how states part by reading and evidence standard", EXAMPLES, run
    )
    agreement(parser)
    choices(parser)
    output(parser)


def run(options: Any) -> int:
    from servanda.cli.progress import working
    from servanda.engine.matrix import matrix

    _, asked, refused = question(options)
    with working("assessing under all readings and standards"):
        found = matrix(asked)
    warn_refused(refused)
    if options.format == "json":
        print(as_json(found))
    else:
        text.say(render(found))
    return 0


def render(found: Mapping[str, Any]) -> Iterator[str]:
    for group in found["groups"]:
        yield ""
        what = [f"how “{t}” is read" for t in group["terms"]]
        if group["standard"]:
            what.append("which evidence standard counts")
        yield text.bold(text.wrap(f"Parted by {' and '.join(what)}"))
        for norm in group["norms"]:
            yield f"  {norm['id']}"
            for readings, states in _grouped(norm["rows"]):
                yield text.item(f"{readings}: {states}" if readings else states, 4, "·")
    if found["same"]:
        yield ""
        yield text.wrap(
            f"The same under every reading and standard: {', '.join(found['same'])}.", 0, 2
        )


def _grouped(rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Rows with the same states together; standards with the same state together."""
    by_states: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for row in rows:
        readings = ", ".join(f"{t} = {r}" for t, r in row["readings"].items())
        by_states.setdefault(tuple(row["states"].items()), []).append(readings)
    for states, readings_list in by_states.items():
        columns: dict[str, list[str]] = {}
        for standard, state in states:
            columns.setdefault(state, []).append(standard)
        if len(columns) == 1:
            told = f"{next(iter(columns))} under every standard"
        else:
            told = "; ".join(
                f"{state} under {', '.join(names)}" for state, names in columns.items()
            )
        yield " | ".join(r for r in readings_list if r), told
