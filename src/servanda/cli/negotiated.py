"""The negotiation around a draft, for people: who was there, who said what, what is contested."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from servanda.cli import text
from servanda.cli.sourced import Draft, Row, cited, day, kind, said, words


def status(found: Draft) -> Iterator[str]:
    """The history of the draft's status, and what is claimed about it."""
    record = found["negotiation"]["status"]
    for row in record["history"]:
        since = row.get("from") or row.get("date") or ""
        yield text.item(
            f"{since}  {row.get('status', '')}: {row.get('note', '')}{kind(row)}", 2, "·"
        )
        yield from cited(row, found, 4)
    if record["claims"]:
        yield "  claimed about the status:"
        for row in record["claims"]:
            yield text.item(said(row), 4, "≠")
            yield from cited(row, found, 6)
    if record["note"]:
        yield text.wrap(record["note"], 2)


def wordings(found: Draft) -> Iterator[str]:
    """The published wordings, and where they differ."""
    record = found["negotiation"]
    for row in record["witnesses"]:
        form = (
            row.get("form") if row.get("form") != "unknown" else "original or translation unknown"
        )
        authentic = {"unknown": "not known to be authentic", "no": "not the text itself"}.get(
            str(row.get("authentic")), "authentic"
        )
        yield text.item(
            f"{row.get('id')}: {row.get('publisher')}, {row.get('date')}, {row.get('language')}; "
            f"{form}; {authentic}{kind(row)}",
            2,
            "·",
        )
        if row.get("confirmed_by"):
            yield text.item(f"confirmed by: {row['confirmed_by']}", 4)
        yield from cited(row, found, 4)
    for row in record["differences"]:
        yield ""
        term = f" (readings of {row['reading_term']})" if row.get("reading_term") else ""
        yield text.wrap(f"{row.get('point')}: {row.get('about')}{term}", 2, 2)
        for wording in row.get("wordings") or []:
            reading = f" → {wording['reading']}" if wording.get("reading") else ""
            yield text.item(f"{wording.get('witness')}: {wording.get('says')}{reading}", 4, "·")
        if row.get("note"):
            yield text.wrap(str(row["note"]), 4)


def involvement(found: Draft) -> Iterator[str]:
    """Who drafted, was consulted, briefed, informed, or not involved, by party and day."""
    numbers = _numbers(found)
    party = None
    for row in found["negotiation"]["involvement"]:
        if row.get("party") != party:
            party = row.get("party")
            yield f"  {words(party)}"
        against = [str(numbers[s]) for s in row.get("contested_by") or [] if s in numbers]
        contested = f" ≠ statement {', '.join(against)}" if against else ""
        note = f" {row['note']}" if row.get("note") else ""
        yield text.item(
            f"{words(row.get('involvement'))}, {day(row.get('date'))}, according to "
            f"{row.get('according_to')}.{note}{kind(row)}{contested}",
            4,
            "·",
        )
        yield from cited(row, found, 6)


def meetings(found: Draft) -> Iterator[str]:
    """When, where, who, how long, what was handed over; what came of it, per speaker."""
    for row in found["negotiation"]["meetings"]:
        length = f", {row['length']}" if row.get("length") else ""
        yield text.item(f"{day(row.get('date'))}  {row.get('place')}{length}{kind(row)}", 2, "·")
        for who in row.get("participants") or []:
            yield text.item(words(who), 6)
        if row.get("handed_over"):
            yield text.item(f"handed over: {row['handed_over']}", 6)
        for outcome in row.get("outcomes") or []:
            yield text.item(said(outcome), 6, "≠")
        if row.get("note"):
            yield text.wrap(str(row["note"]), 6)
        yield from cited(row, found, 6)


def statements(found: Draft) -> Iterator[str]:
    """Every statement once, by what it is about; contradicting ones name each other's number."""
    numbers, listed = _numbers(found), found["negotiation"]["statements"]
    if listed:
        yield text.wrap("≠ names the statements that say otherwise; none is settled here.", 2)
    for topic in dict.fromkeys(row.get("about") for row in listed):
        yield ""
        if topic:
            yield f"  about {words(topic)}"
        for row in listed:
            if row.get("about") == topic:
                yield statement(row, numbers, _against(listed), 4)
                yield from cited(row, found, 8)


def statement(
    row: Row, numbers: Mapping[str, int], against: Mapping[str, set[str]], indent: int
) -> str:
    """A statement with its number and those of the statements that contradict it."""
    own = str(row.get("id"))
    capacity = f" Capacity: {words(row['capacity'])}." if row.get("capacity") else ""
    others = sorted(numbers[name] for name in against.get(own, ()))
    contradicted = f" ≠ {', '.join(map(str, others))}" if others else ""
    number = f"({numbers[own]})" if own in numbers else "·"
    return text.item(f"{said(row)}{capacity}{contradicted}", indent, number)


def disputed(found: Draft) -> Iterator[str]:
    """The first statements that contradict each other, and those that contradict these."""
    listed, numbers = found["negotiation"]["statements"], _numbers(found)
    against = _against(listed)
    group: set[str] = set()
    reached = [str(row.get("id")) for row in listed if against.get(str(row.get("id")))][:1]
    while reached:
        group.update(reached)
        reached = [name for one in reached for name in sorted(against[one] - group)]
    for row in listed:
        if str(row.get("id")) in group:
            yield statement(row, numbers, against, 2)


def _against(listed: Sequence[Row]) -> dict[str, set[str]]:
    """For each statement those that contradict it, whichever of the two says so."""
    found: dict[str, set[str]] = {str(row["id"]): set() for row in listed if row.get("id")}
    for row in listed:
        for other in row.get("contradicts") or []:
            if other in found and str(row.get("id")) in found:
                found[other].add(str(row["id"]))
                found[str(row["id"])].add(other)
    return found


def _numbers(found: Draft) -> dict[str, int]:
    listed = found["negotiation"]["statements"]
    return {str(row["id"]): number for number, row in enumerate(listed, 1) if row.get("id")}


def positions(found: Draft) -> Iterator[str]:
    """What each party has said of each point, earlier ones kept; then where the talks stick."""
    by_point: dict[str, list[Mapping[str, Any]]] = {}
    for row in found["positions"]:
        by_point.setdefault(str(row.get("point")), []).append(row)
    order = [p["id"] for p in found["provisions"]]
    titles = {str(d.get("id")): str(d.get("title")) for d in found["negotiation"]["drafts"]}
    for point in sorted(by_point, key=lambda p: order.index(p) if p in order else -1):
        yield f"  {'the whole' if point == 'whole' else point}"
        for row in sorted(by_point[point], key=lambda r: (str(r.get("party")), str(r.get("date")))):
            detail = f" ({row['detail']})" if row.get("detail") else ""
            draft = f" on “{titles.get(row['draft'], row['draft'])}”" if row.get("draft") else ""
            sub = f" {point}{row['sub']}" if row.get("sub") else ""
            yield text.item(
                f"{row.get('date')}  {words(row.get('party'))}{sub}{draft}: "
                f"{words(row.get('position'))}{detail}: {row.get('paraphrase')}{kind(row)}",
                4,
                "·",
            )
            yield from cited(row, found, 6)
    if found["sticking_points"]:
        yield ""
        yield text.wrap("where the talks stick, by the latest position of each:", 2)
        for row in found["sticking_points"]:
            told = "; ".join(f"{words(party)}: {word}" for party, word in row["said"].items())
            yield text.item(
                f"{row['point']}{row['sub']}: {told}", 4, "≠" if row["opposed"] else "·"
            )


def outsiders(found: Draft) -> Iterator[str]:
    """Commitments of those who do not sign, beside what their bearers have said."""
    yield text.wrap(
        "A text binds those who sign it. These commitments are of others; they are followed all "
        "the same, and stand beside what their bearers have said.",
        2,
    )
    for row in found["outsiders"]:
        yield text.item(row["norm"], 2, "·")
        for position in row["positions"]:
            yield text.item(
                f"{position.get('date')}, {words(position.get('party'))}: "
                f"{words(position.get('position'))}: {position.get('paraphrase')}{kind(position)}",
                6,
                "≠",
            )
        for one in row["declared"]:
            yield text.item(said(one), 6, "≠")
        if not row["positions"] and not row["declared"]:
            yield text.item("nothing of it is recorded", 6)


def background(found: Draft) -> Iterator[str]:
    """The baseline of control and the aims that were stated."""
    record = found["negotiation"]
    yield "  baseline of control, dated and sourced"
    for row in record["baseline"]:
        yield text.item(
            f"{row.get('date')}  {row.get('place')}: {row.get('says')}{kind(row)}", 4, "·"
        )
        yield from cited(row, found, 6)
    yield "  aims that were stated (never counted as commitments)"
    for row in record["aims"]:
        yield text.item(said(row), 4, "·")
        yield from cited(row, found, 6)


def commentary(found: Draft) -> Iterator[str]:
    """What a report adds of its own, apart from text and facts."""
    yield text.wrap("What a report adds of its own: neither text nor fact.", 2)
    for row in found["negotiation"]["commentary"]:
        point = f"{row['point']}: " if row.get("point") else ""
        yield text.item(f"{point}{row.get('says')}{kind(row)}", 4, "·")
        yield from cited(row, found, 6)


def drafts(found: Draft) -> Iterator[str]:
    """Other drafts of the same negotiation, and what they say of this one's points."""
    for row in found["negotiation"]["drafts"]:
        by = f", by {', '.join(words(b) for b in row['by'])}" if row.get("by") else ""
        yield text.item(
            f"{day(row.get('date'))}  {row.get('title')}{by} ({row.get('relation')}; "
            f"{row.get('status')}){kind(row)}",
            2,
            "·",
        )
        for difference in row.get("differences") or []:
            points = ", ".join(str(p) for p in difference.get("points") or []) or "the whole"
            checked = "" if difference.get("checked", True) else " (reported, text not seen)"
            yield text.item(f"{points}: {difference.get('says')}{checked}", 6)
        if row.get("note"):
            yield text.wrap(str(row["note"]), 6)
