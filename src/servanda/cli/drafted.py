"""What a draft's text holds, for people: provisions, terms, gaps, balance, map, statements."""

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.cli import text
from servanda.cli.sourced import Draft, numbered_paragraphs, publisher, words

NOT_BACK, FIRST = "!", "→"


def provisions(found: Draft) -> Iterator[str]:
    """The articles in plain words with their commitments and sources."""
    for provision in found["provisions"]:
        yield ""
        yield text.bold(f"  {provision['id']}  {provision['title']}")
        yield text.wrap(provision["text"], 4)
        if provision["left_for_later"]:
            yield text.wrap("Its commitments are not written yet; nothing of it is assessed.", 4)
        if provision["not_public"]:
            yield text.wrap(f"Its wording is not public: {provision['not_public']}.", 4)
        for bracket in provision["brackets"]:
            yield text.item(f"not agreed; {bracket['owner']}: “{bracket['text']}”", 4, "[ ]")
        for norm in provision["norms"]:
            told = f": {norm['text']}" if norm["text"] else ""
            yield text.item(f"{norm['id']} ({'; '.join(_facts(norm))}){told}", 4, "·")
        for phrase, lines in (
            ("takes the place of", provision["descends_from"]),
            ("drops", provision["drops"]),
        ):
            for line in lines:
                why = f" ({line['why']})" if line.get("why") else ""
                told = f"{phrase} {', '.join(line['clauses'])} of {line['draft']}{why}"
                yield text.item(told, 4, "↶")
        named = [*provision["sources"], *(s for n in provision["norms"] for s in n["sources"])]
        yield from _cited(named, found)


def _facts(norm: Mapping[str, Any]) -> Iterator[str]:
    yield words(norm["kind"])
    yield _who(norm["bearer"], norm["others"]) or "nobody named"
    if norm["toward"]:
        mutual = len(norm["toward"]) > 1 and norm["toward"] == norm["bearer"]
        yield f"toward {'each other' if mutual else _who(norm['toward'])}"
    if not norm["signatory"]:
        yield "does not sign"
    if norm["shown_by"]:
        yield f"shown by {', '.join(norm['shown_by'])}"


def _who(names: list[str], others: str | None = None) -> str:
    spoken = {
        "members of signatories": "all signatories",
        "holder": "each holder",
        "other": "the other",
    }
    told = [spoken.get(name, words(name)) for name in names]
    return ", ".join([*told, others] if others else told)


def _cited(sources: list[Mapping[str, Any]], found: Draft) -> Iterator[str]:
    """One line for each source with the paragraphs that are pointed at."""
    pointed: dict[str, list[int]] = {}
    for one in sources:
        listed = pointed.setdefault(str(one["source"]), [])
        if one["paragraph"] and one["paragraph"] not in listed:
            listed.append(one["paragraph"])
    for name, paragraphs in pointed.items():
        numbered = numbered_paragraphs(map(str, sorted(paragraphs)))
        yield text.item(f"{publisher(found, name)}{numbered}", 4, "source:")


def terms(found: Draft) -> Iterator[str]:
    """Disputed terms with their readings; none is the default."""
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


def gaps(found: Draft) -> Iterator[str]:
    """What the text leaves open."""
    titles = {
        "deadlines": "commitments without a deadline",
        "deciders": "questions without a decider",
        "rules": "rules of bodies that are missing",
        "other": "other gaps",
    }
    for name, title in titles.items():
        yield text.wrap(f"{title}: {', '.join(found['open'][name]) or 'none'}", 2, 2)


def balance(found: Draft) -> Iterator[str]:
    """What each side gives, gets and keeps; lists, not weights."""
    yield text.wrap(
        f"Lists, not weights. {NOT_BACK} no act of the language takes it back; {FIRST} it begins "
        "with the agreement and waits for no other commitment.",
        2,
    )
    for row in found["balance"]:
        yield f"  {words(row['party'])}"
        marked = [_mark(name, row) for name in row["gives"]]
        yield text.item(f"gives: {', '.join(marked) or 'nothing named'}", 4, "·")
        for name in ("gets", "keeps"):
            yield text.item(f"{name}: {', '.join(row[name]) or 'nothing named'}", 4, "·")
        waiting = [f"{first} ({', '.join(others)})" for first, others in row["awaited"].items()]
        if waiting:
            yield text.item(f"moves first, since others wait for it: {', '.join(waiting)}", 4, "·")
    if found["balance_open"]:
        yield text.item(
            "borne by others too, or by nobody named: " + ", ".join(found["balance_open"]),
            2,
            "·",
        )


def _mark(name: str, row: Mapping[str, Any]) -> str:
    first = FIRST if name in row["moves_first"] else ""
    return f"{first}{NOT_BACK if name in row['irreversible'] else ''}{name}"


def checks(found: Draft) -> Iterator[str]:
    """Statements about the plan beside map, calendar and baseline."""
    told = {
        "agrees": "agrees with",
        "differs": "differs from",
    }
    for row in found["statement_checks"]:
        yield text.item(f"{row['date']}, {row['speaker']}: {row['says']}", 2, "≠")
        verb = told.get(row["result"])
        yield text.wrap(f"{verb} what is shown here:" if verb else f"{row['result']}:", 4)
        for shown in row["shown"]:
            yield text.item(shown, 6, "·")
    if found["statement_checks"]:
        yield text.wrap(
            "A difference belongs to the statement, not to the plan; nothing is corrected.", 2
        )


def facts_on_the_map(found: Draft) -> Iterator[str]:
    """What a line means on the map: shares, areas, land connections."""
    for row in found["map"]:
        kind = "approximate; the line is schematic" if row["schematic"] else "approximate"
        yield text.wrap(f"beyond {words(row['line'])}, seen from {row['seen_from']} ({kind}):", 2)
        for unit, percent in row["beyond_percent"].items():
            share = f"about {percent} %" if percent else "less than 1 %"
            left = row["this_side_km2"][unit]
            rest = f"about {left:,} km² are on this side" if left else "nothing is on this side"
            yield text.item(f"{unit}: {share} of its area; {rest}", 4, "·")
        if link := row.get("connects"):
            by_land = "connects" if link["by_land"] else "does not connect"
            yield text.item(f"it {by_land} {link['from']} and {link['to']} by land", 4, "·")
