"""`servanda explain`: why a commitment has its state, and what would change it."""

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
    parser = command(
        commands,
        "explain",
        "explain the state of a commitment and what would change it",
        run,
    )
    agreement(parser)
    parser.add_argument("norm", metavar="NORM", help="id of a commitment, or of one instance")
    parser.add_argument("--at", metavar="T", help="explain the state at this day or instant")
    choices(parser)
    output(parser)


def run(options: Any) -> int:
    from servanda.cli.progress import working
    from servanda.engine.explain import explain

    if options.at is not None:
        options.as_of = options.at
    _, asked, refused = question(options)
    with working("working out the reasons and what would change them"):
        found = explain(asked, known_norm(asked, options.norm))
    warn_refused(refused)
    if options.format == "json":
        print(as_json(found))
    else:
        text.say(line for one in found for line in render(one))
    return 0


def known_norm(asked: Any, wanted: str) -> str:
    """The id as given, if there is such a commitment or instance; else an error that helps."""
    from servanda.engine.readings import spreads
    from servanda.library import InputError

    norm = known_commitment(asked, wanted)
    instances = spreads(asked, norm, asked.inputs.standard)
    if wanted != norm and wanted not in instances:
        raise InputError(f"“{wanted}” is no instance of {norm}; there are {', '.join(instances)}.")
    return wanted


def known_commitment(asked: Any, wanted: str) -> str:
    """The id of the commitment, of which an instance may be named; else an error that helps."""
    import difflib

    from servanda.library import InputError

    norm = wanted.split("[", maxsplit=1)[0]
    if norm not in asked.agreement.norms:
        close = difflib.get_close_matches(wanted, list(asked.agreement.norms), n=3)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise InputError(f"There is no commitment “{wanted}” in {asked.agreement.id}.{hint}")
    return norm


def render(one: Mapping[str, Any]) -> Iterator[str]:
    yield text.bold(one["id"]) + f"  {text.state(one['state'])}"
    yield text.wrap(f"“{one['clause']}” ({one['kind']}; {one['where'] or 'given text'})")
    if one["text"]:
        yield text.wrap(f"The text in plain words: {one['text']}")
    yield text.wrap(f"As of {one['as_of']}, evidence standard {text.standard(one['standard'])}.")
    for case in one["cases"]:
        yield ""
        if case["readings"]:
            readings = ", ".join(f"{t} = {r}" for t, r in case["readings"].items())
            yield text.item(f"If {readings}: {case['state']}", 0, "▸")
        for sentence in case["sentences"]:
            yield text.wrap(sentence, 2, 2)
        for reason in case.get("reasons", ()):
            yield from _tree(reason, 2, reason["clause"] + ": ")
        if case["records"]:
            yield "  Records:"
            for record in case["records"]:
                yield text.item(record, 4)
    for finding in one.get("findings", ()):
        yield from _finding(finding)
    yield ""
    if one["would_change"]:
        yield "What would change it (each was tried):"
        for change in one["would_change"]:
            yield text.item(f"if {change['change']} → {change['state']}", 2)
    else:
        yield "No single reading, standard, record or assumption that was tried changes it."
    if one.get("untried_records"):
        yield text.wrap(
            "It rests on so many records that it was not tried what would be without one of them."
        )
    yield ""


def _finding(finding: Mapping[str, Any]) -> Iterator[str]:
    stands = {"yes": "stands", "no": "does not stand", "depends": "stands under some readings"}
    why = f": {'; '.join(finding['why_not'])}" if finding["why_not"] else ""
    head = f"The finding {finding['id']} by {finding['body']} on {finding['norm']}"
    yield text.wrap(f"{head} {stands[finding['stands']]}{why}.", 2, 2)


def _tree(reason: Mapping[str, Any], indent: int, label: str = "") -> Iterator[str]:
    mark = "✓" if reason["holds"] else "✗"
    more = f" and {reason['more_records']:,} more" if reason.get("more_records") else ""
    facts = f" [{', '.join(reason['records'])}{more}]" if reason.get("records") else ""
    at = f" at {reason['at']}" if reason.get("at") else ""
    note = f" ({reason['note']})" if reason.get("note") else ""
    yield text.item(f"{label}{reason['condition']}{at}{note}{facts}", indent, mark)
    for part in reason.get("parts", ()):
        yield from _tree(part, indent + 2)
