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
from servanda.report.readings import concise, domain


def add(commands: Any) -> None:
    parser = command(
        commands, "matrix", "show how states part by reading and evidence standard", run
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
    """The matrix as text: what parts the states, then each commitment's rows."""
    for group in found["groups"]:
        yield ""
        yield text.bold(text.wrap(f"Parted by {parting(group)}"))
        for norm in group["norms"]:
            yield f"  {norm['id']}"
            for combinations, states in _grouped(norm["rows"]):
                for number, readings in enumerate(combinations):
                    last = ":" if number == len(combinations) - 1 else ", or"
                    yield text.item(readings + last, 4, "·" if not number else " ")
                for state, standards in states.items():
                    under = (
                        ", ".join(map(text.standard, standards))
                        if group["standard"]
                        else "every standard"
                    )
                    yield text.item(under, 8, f"{text.state(state)} under")
    if found["same"]:
        yield ""
        yield text.wrap(
            f"The same under every reading and standard: {', '.join(found['same'])}.", 0, 2
        )


def parting(group: Mapping[str, Any]) -> str:
    """What makes the difference, in words."""
    terms = [f"“{t}”" for t in group["terms"]]
    said = [f"how {' and '.join(terms)} {'is' if len(terms) == 1 else 'are'} read"] if terms else []
    if group["standard"]:
        said.append("which evidence standard counts")
    return " and ".join(said)


def _grouped(
    rows: list[Mapping[str, Any]],
) -> Iterator[tuple[list[str], Mapping[str, list[str]]]]:
    """Rows with the same states together, in few words; standards by state."""
    by_states: dict[tuple[tuple[str, str], ...], list[Mapping[str, str]]] = {}
    for row in rows:
        by_states.setdefault(tuple(row["states"].items()), []).append(row["readings"])
    readings = domain(row["readings"] for row in rows)
    for states, combinations in by_states.items():
        columns: dict[str, list[str]] = {}
        for standard, state in states:
            columns.setdefault(state, []).append(standard)
        yield concise(combinations, readings), columns
