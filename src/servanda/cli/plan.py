"""`servanda plan`: how a commitment is worked out, with numbers of facts, flips and times."""

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


def add(commands: Any) -> None:
    parser = command(commands, "plan", "show how a commitment is worked out, and how long", run)
    agreement(parser)
    parser.add_argument("norm", metavar="NORM", help="id of a commitment")
    choices(parser)
    output(parser)


def run(options: Any) -> int:
    from servanda.cli.explain import known_commitment
    from servanda.report.plan import planned

    _, asked, refused = question(options)
    norm = known_commitment(asked, options.norm)
    found = planned(asked, asked.agreement.norms[norm])
    warn_refused(refused)
    if options.format == "json":
        print(as_json(found))
    else:
        text.say(render(found))
    return 0


def render(found: Mapping[str, Any]) -> Iterator[str]:
    more = found["instances"] - 1
    yield text.bold(found["instance"] + (f" (and {more} more like it)" if more else ""))
    readings = ", ".join(f"{t} = {r}" for t, r in found["readings"].items()) or "none matter"
    yield text.wrap(
        f"{text.number(found['records'], 'record')}; evidence standard "
        f"{text.standard(found['standard'])}; readings: {readings}."
    )
    if not found["columns"]:
        yield text.wrap("So few records are worked out the plain way, without columns.")
    if found["worked_out_with"]:
        yield text.wrap(f"Worked out together with {', '.join(found['worked_out_with'])}.")
    for clause in found["clauses"]:
        yield ""
        yield text.bold(clause["clause"])
        for step in clause["steps"]:
            yield text.item(f"{step['what']}: {says(step)}", 2 + 2 * min(step["depth"], 12), "·")
    yield ""
    spent = found["milliseconds"]
    yield text.wrap(
        f"All instances: {text.number(found['changes'], 'change')} of state, "
        f"{found['entries']} {'breach' if found['entries'] == 1 else 'breaches'} entered. "
        f"{spent['occurrences']} ms to group records into occurrences, "
        f"{spent['conditions']} ms for the conditions, {spent['lifecycle']} ms for the lifecycle "
        "and all that it needs."
    )


def says(step: Mapping[str, Any]) -> str:
    """What a step looked at and found, in a few words."""
    parts = []
    if "facts" in step:
        parts.append(text.number(step["facts"], "fact"))
    if step.get("asks"):
        parts.append("asks for states, from change to change")
    elif "always" in step:
        parts.append("always" if step["always"] else "never")
    elif "flips" in step:
        parts.append(text.number(step["flips"], "flip"))
    if step.get("shared"):
        parts.append("worked out before")
    else:
        parts.append(f"{step['milliseconds']} ms")
    return ", ".join(parts)
