"""`servanda show`: a draft as it stands, before any record of what happened."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from servanda.cli import drafted, negotiated, text
from servanda.cli.options import (
    agreement,
    as_json,
    choices,
    command,
    output,
    question,
    warn_refused,
)
from servanda.cli.sourced import Draft, Part

SHORT = 8


def add(commands: Any) -> None:
    parser = command(commands, "show", "show a draft and its negotiation as they stand", run)
    agreement(parser)
    parser.add_argument(
        "--part",
        action="append",
        choices=(*PARTS, "all"),
        metavar="PART",
        help=f"a part in full: {', '.join(PARTS)}, all; may be repeated (default: an overview)",
    )
    parser.add_argument(
        "--statements",
        action="store_true",
        help="check statements about the plan against map, calendar and baseline",
    )
    parser.add_argument(
        "--language",
        metavar="L",
        help="tell the texts in this language where they have one (en, uk, ru …)",
    )
    output(parser, "ics")
    choices(parser)


def run(options: Any) -> int:
    from servanda import library
    from servanda.report.draft import draft
    from servanda.report.languages import in_language

    if options.format == "ics":
        return _calendar(options)
    found = draft(library.load(options.agreement))
    if options.language:
        found = in_language(found, options.language)
    if options.statements:
        options.part = [*(options.part or []), "checks", "map"]
    if options.format == "json":
        print(as_json(found))
        return 0
    text.say(overview(found) if not options.part else _parts(found, options.part))
    return 0


def _calendar(options: Any) -> int:
    """The calendar of deadlines on the records and under the readings chosen."""
    from servanda.report.deadlines import calendar

    _, asked, refused = question(options)
    written = calendar(asked)
    warn_refused(refused)
    sys.stdout.buffer.write(written)
    if b"BEGIN:VEVENT" not in written:
        print(
            "No deadline has a date: the text leaves it open, or its clock has not begun on these "
            "records.  Give records (--records), readings or assumptions.",
            file=sys.stderr,
        )
    return 0


def _parts(found: Draft, named: list[str]) -> Iterator[str]:
    yield from heading(found)
    yield text.wrap("Addresses of sources are cut; --format json has them in full.")
    for name in PARTS if "all" in named else dict.fromkeys(named):
        yield ""
        yield text.bold(name)
        lines = list(PARTS[name](found))
        yield from lines or ["  nothing is recorded"]


# --- overview -----------------------------------------------------------------------------------


def heading(found: Draft) -> Iterator[str]:
    """Title, status, and that nothing here is a finding."""
    head = found["agreement"]
    yield text.bold(text.wrap(head["title"]))
    dated = f", draft of {head['draft']}" if head["draft"] else ""
    force = "" if head["status"] in ("in force", "provisionally applied") else "; not in force"
    yield text.wrap(f"Status: {head['status']}{dated}{force}. Nothing here is a finding.")
    if head["incomplete"]:
        yield text.wrap(f"Not all of it is known: {head['incomplete']}.")


def overview(found: Draft) -> Iterator[str]:
    """The draft on a screen: status, wordings, what is open, what is disputed."""
    yield from heading(found)
    record = found["negotiation"]
    yield ""
    yield from summary(found)
    if record["statements"]:
        yield ""
        yield (
            text.bold("disputed at the source")
            + " (in our words, side by side; none is settled here)"
        )
        yield from negotiated.disputed(found)
    yield ""
    yield text.wrap(
        f"More: servanda show {found['agreement']['id']} --part NAME, with NAME one of "
        f"{', '.join(PARTS)}, all."
    )


def summary(found: Draft) -> Iterator[str]:
    """Counts of what the text holds and leaves open, one line each."""
    record, opened = found["negotiation"], found["open"]
    norms = [n for p in found["provisions"] for n in p["norms"]]
    later = [p["id"] for p in found["provisions"] if p["left_for_later"]]
    bare = (
        f"; {len(later)} of them have no commitments written yet: {listed(later)}" if later else ""
    )
    yield text.item(f"{text.number(len(found['provisions']), 'provision')}{bare}", 2)
    kinds = Counter(n["kind"] for n in norms)
    told = ", ".join(text.counted(count, kind) for kind, count in kinds.most_common())
    yield text.item(f"{text.number(len(norms), 'commitment')} ({told})", 2)
    if record["witnesses"]:
        points = dict.fromkeys(str(d.get("point")) for d in record["differences"])
        yield text.item(
            f"{len(record['witnesses'])} published wordings; they differ in "
            f"{len(record['differences'])} places: {', '.join(points)}",
            2,
        )
    terms = [t["id"] for t in found["terms"]]
    gaps = (
        ("commitment", " without a deadline", opened["deadlines"]),
        ("question", " without a decider", opened["deciders"]),
        ("missing rule", " of bodies", opened["rules"]),
        ("other gap", "", opened["other"]),
        ("term", " with more than one reading", terms),
    )
    for what, more, names in gaps:
        yield text.item(f"{text.number(len(names), what)}{more}: {listed(names)}", 2)
    outside = [n["id"] for n in norms if not n["signatory"]]
    if outside:
        yield text.item(f"commitments of those who do not sign: {listed(outside)}", 2)


def listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    if not names:
        return "none"
    more = f" and {len(names) - SHORT} more" if len(names) > SHORT else ""
    return ", ".join(names[:SHORT]) + more


PARTS: Mapping[str, Part] = {
    "status": negotiated.status,
    "provisions": drafted.provisions,
    "terms": drafted.terms,
    "gaps": drafted.gaps,
    "wordings": negotiated.wordings,
    "involvement": negotiated.involvement,
    "meetings": negotiated.meetings,
    "statements": negotiated.statements,
    "balance": drafted.balance,
    "checks": drafted.checks,
    "map": drafted.facts_on_the_map,
    "positions": negotiated.positions,
    "outsiders": negotiated.outsiders,
    "background": negotiated.background,
    "commentary": negotiated.commentary,
    "drafts": negotiated.drafts,
}
