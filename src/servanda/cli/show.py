"""`servanda show`: a draft as it stands, before any record of what happened."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
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

SHORT = 8
Draft = Mapping[str, Any]


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


def overview(found: Draft) -> Iterator[str]:
    """The draft on a screen: status, wordings, what is open, what is disputed."""
    from servanda.report.negotiation import contested

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
        for one, against in contested(record["statements"])[:3]:
            yield from _contested(one, against)
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


# --- parts --------------------------------------------------------------------------------------


def _said(row: Mapping[str, Any]) -> str:
    speaker = row.get("speaker") or row.get("according_to") or "not named"
    kind = f" [{str(row['class']).replace('_', ' ')}]" if row.get("class") else ""
    dated = f"{row['date']}, " if row.get("date") else ""
    return f"{dated}{speaker}: {row.get('says', '')}{kind}"


def _contested(one: Mapping[str, Any], against: list[Mapping[str, Any]]) -> Iterator[str]:
    yield text.item(_said(one), 2, "≠")
    for other in against:
        yield text.item(_said(other), 4, "≠")


def _sources(row: Mapping[str, Any], indent: int) -> Iterator[str]:
    from servanda.report.negotiation import sources

    for one in sources(row):
        yield text.item(one, indent, "source:")


def _status(found: Draft) -> Iterator[str]:
    status = found["negotiation"]["status"]
    for row in status["history"]:
        since = row.get("from") or row.get("date") or ""
        yield text.item(f"{since}  {row.get('status', '')}: {row.get('note', '')}", 2, "·")
        yield from _sources(row, 4)
    if status["claims"]:
        yield "  claimed about the status:"
        for row in status["claims"]:
            yield text.item(_said(row), 4, "≠")
    if status["note"]:
        yield text.wrap(status["note"], 2)


def _provisions(found: Draft) -> Iterator[str]:
    for provision in found["provisions"]:
        yield ""
        yield text.bold(f"  {provision['id']}  {provision['title']}")
        yield text.wrap(provision["text"], 4)
        if provision["left_for_later"]:
            yield text.wrap("Its commitments are not written yet; nothing of it is assessed.", 4)
        for bracket in provision["brackets"]:
            yield text.item(f"not agreed; {bracket['owner']}: “{bracket['text']}”", 4, "[ ]")
        for norm in provision["norms"]:
            who = ", ".join(norm["bearer"]) or "nobody named"
            signs = "" if norm["signatory"] else "; does not sign"
            told = f": {norm['text']}" if norm["text"] else ""
            yield text.item(
                f"{norm['id']} ({norm['kind'].replace('_', ' ')}; {who}{signs}){told}", 4, "·"
            )


def _terms(found: Draft) -> Iterator[str]:
    for term in found["terms"]:
        inert = "; changes no state" if term["inert"] else ""
        decider = term["decided_by"] or "nobody named"
        yield text.item(
            f"{term['id']}: {term['title'] or ''} (decided by {decider}{inert})", 2, "◐"
        )
        for reading in term["readings"]:
            note = f": {reading['note']}" if reading["note"] else ""
            owners = f", read so by {', '.join(reading['owners'])}" if reading["owners"] else ""
            yield text.item(f"{reading['name']}{note}{owners}", 4, "·")


def _wordings(found: Draft) -> Iterator[str]:
    record = found["negotiation"]
    for row in record["witnesses"]:
        yield text.item(
            f"{row.get('id')}: {row.get('publisher')}, {row.get('date')}, {row.get('language')}, "
            f"{row.get('form')}; authentic: {row.get('authentic')}",
            2,
            "·",
        )
        yield from _sources(row, 4)
    for row in record["differences"]:
        yield ""
        term = f" (readings of {row['reading_term']})" if row.get("reading_term") else ""
        yield text.wrap(f"{row.get('point')}: {row.get('about')}{term}", 2, 2)
        for wording in row.get("wordings") or []:
            reading = f" → {wording['reading']}" if wording.get("reading") else ""
            yield text.item(f"{wording.get('witness')}: {wording.get('says')}{reading}", 4, "·")
        if row.get("note"):
            yield text.wrap(str(row["note"]), 4)


def _involvement(found: Draft) -> Iterator[str]:
    for row in found["negotiation"]["involvement"]:
        contested = (
            f"; contested by {', '.join(row['contested_by'])}" if row.get("contested_by") else ""
        )
        yield text.item(
            f"{row.get('party')} {row.get('involvement')}, {row.get('date')}, according to "
            f"{row.get('according_to')}{contested}",
            2,
            "·",
        )


def _meetings(found: Draft) -> Iterator[str]:
    for row in found["negotiation"]["meetings"]:
        length = f", {row['length']}" if row.get("length") else ""
        yield text.item(f"{row.get('date')}  {row.get('place')}{length}", 2, "·")
        for who in row.get("participants") or []:
            yield text.item(str(who), 6)
        if row.get("handed_over"):
            yield text.item(f"handed over: {row['handed_over']}", 6)
        for outcome in row.get("outcomes") or []:
            yield text.item(_said(outcome), 6, "≠")
        if row.get("note"):
            yield text.wrap(str(row["note"]), 6)


def _statements(found: Draft) -> Iterator[str]:
    from servanda.report.negotiation import contested

    listed_already: set[str] = set()
    for one, against in contested(found["negotiation"]["statements"]):
        yield from _contested(one, against)
        yield ""
        listed_already.update(str(s.get("id")) for s in (one, *against))
    for row in found["negotiation"]["statements"]:
        if str(row.get("id")) not in listed_already:
            yield text.item(_said(row), 2, "·")


def _balance(found: Draft) -> Iterator[str]:
    yield text.wrap(
        "Lists, not weights: what each side bears and what is owed to it. Irreversible: no act of "
        "the language takes it back. First: it begins with the agreement and waits for nothing.",
        2,
    )
    titles = {
        "gives": "gives",
        "gets": "gets",
        "irreversible": "irreversible",
        "moves_first": "first",
    }
    for row in found["balance"]:
        yield f"  {row['party']}"
        for name, title in titles.items():
            yield text.item(f"{title}: {', '.join(row[name]) or 'nothing named'}", 4, "·")


def _checks(found: Draft) -> Iterator[str]:
    for row in found["statement_checks"]:
        yield text.item(f"{row['date']}, {row['speaker']}: {row['says']}", 2, "≠")
        told = {"agrees": "agrees with", "differs": "differs from"}.get(row["result"])
        yield text.item(f"{told} this:" if told else f"{row['result']}:", 4)
        for shown in row["shown"]:
            yield text.item(shown, 6, "·")


def _map(found: Draft) -> Iterator[str]:
    for row in found["map"]:
        kind = "approximate; the line is schematic" if row["schematic"] else "approximate"
        yield text.wrap(f"beyond {row['line']}, seen from {row['seen_from']} ({kind}):", 2)
        for unit, percent in row["beyond_percent"].items():
            yield text.item(f"{unit}: about {percent} % of its area", 4, "·")
        if link := row.get("connects"):
            by_land = "connects" if link["by_land"] else "does not connect"
            yield text.item(f"it {by_land} {link['from']} and {link['to']} by land", 4, "·")


def _positions(found: Draft) -> Iterator[str]:
    by_point: dict[str, list[Mapping[str, Any]]] = {}
    for row in found["positions"]:
        by_point.setdefault(str(row.get("point")), []).append(row)
    order = [p["id"] for p in found["provisions"]]
    for point in sorted(by_point, key=lambda p: order.index(p) if p in order else -1):
        yield f"  {point}"
        for row in sorted(by_point[point], key=lambda r: (str(r.get("party")), str(r.get("date")))):
            yield text.item(
                f"{row.get('party')}: {row.get('position')} ({row.get('date')}): "
                f"{row.get('paraphrase')}",
                4,
                "·",
            )


def _gaps(found: Draft) -> Iterator[str]:
    titles = {
        "deadlines": "commitments without a deadline",
        "deciders": "questions without a decider",
        "rules": "rules of bodies that are missing",
        "other": "other gaps",
    }
    for name, title in titles.items():
        yield text.wrap(f"{title}: {', '.join(found['open'][name]) or 'none'}", 2, 2)


def _background(found: Draft) -> Iterator[str]:
    record = found["negotiation"]
    yield "  baseline of control, dated and sourced"
    for row in record["baseline"]:
        yield text.item(f"{row.get('date')}  {row.get('place')}: {row.get('says')}", 4, "·")
    yield "  aims that were stated (never counted as commitments)"
    for row in record["aims"]:
        yield text.item(_said(row), 4, "·")
    yield "  commentary of a report (neither text nor fact)"
    for row in record["commentary"]:
        yield text.item(f"{row.get('point')}: {row.get('says')}", 4, "·")


def _drafts(found: Draft) -> Iterator[str]:
    for row in found["negotiation"]["drafts"]:
        yield text.item(
            f"{row.get('date')}  {row.get('title')} ({row.get('relation')}; {row.get('status')})",
            2,
            "·",
        )
        for difference in row.get("differences") or []:
            points = ", ".join(str(p) for p in difference.get("points") or [])
            yield text.item(f"{points}: {difference.get('says')}", 6)


PARTS: Mapping[str, Callable[[Draft], Iterator[str]]] = {
    "status": _status,
    "provisions": _provisions,
    "terms": _terms,
    "gaps": _gaps,
    "wordings": _wordings,
    "involvement": _involvement,
    "meetings": _meetings,
    "statements": _statements,
    "balance": _balance,
    "checks": _checks,
    "map": _map,
    "positions": _positions,
    "background": _background,
    "drafts": _drafts,
}
