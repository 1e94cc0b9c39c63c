"""`servanda ledger list`: entries one after another."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from servanda.cli import text
from servanda.cli.ledger.common import audience_option, opened, verb
from servanda.cli.options import as_json

if TYPE_CHECKING:
    from servanda.ledger.entry import Entry
    from servanda.ledger.history import Seen


def add(verbs: Any) -> None:
    from servanda.ledger.words import OWN_KINDS, ROW_KINDS

    parser = verb(verbs, "list", "list entries, oldest first", run)
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=(*ROW_KINDS, *OWN_KINDS),
        metavar="KIND",
        help=f"only these: {', '.join((*ROW_KINDS, *OWN_KINDS))}",
    )
    parser.add_argument("--known-at", metavar="T", help="only what was entered by then")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="PLACE")
    parser.add_argument("--count", type=int, default=50, help="at most; default: 50")
    parser.add_argument("--newest", action="store_true", help="newest first")
    audience_option(parser)


def run(options: Any) -> int:
    from servanda.ledger.history import Chosen, listed

    chosen = Chosen(
        tuple(options.kind), instant(options.known_at), options.first, options.count, options.newest
    )
    found = listed(opened(options), chosen, options.audience)
    if options.format == "json":
        print(as_json([plain(one) for one in found]))
    else:
        text.say(rows(found))
    return 0


def instant(given: str | None) -> int | None:
    from zoneinfo import ZoneInfo

    from servanda.evidence.instant import parse_period
    from servanda.ledger.errors import LedgerError

    if given is None:
        return None
    try:
        return parse_period(given, ZoneInfo("UTC")).last
    except ValueError as error:
        raise LedgerError(f"--known-at: {error}") from error


def rows(found: "list[Seen]") -> Iterator[str]:
    """A table of entries, or a line that says that there are none."""
    if not found:
        yield "no such entries"
        return
    head = ("entry", "recorded", "for", "kind", "what")
    yield text.table([(f"#{one.seq}", *_cells(one)) for one in found], head)


def _cells(one: "Seen") -> tuple[str, str, str, str]:
    from servanda.evidence.instant import iso

    if one.entry is None:
        gone = f"shredded by #{one.shredded}" if one.shredded is not None else "closed"
        return "", "", gone, ""
    when = "" if one.entry.recorded is None else text.moment(iso(one.entry.recorded)[:19] + "Z")
    return when, one.entry.handling.handling, one.entry.kind, what(one.entry)


def what(entry: "Entry") -> str:
    """An entry in a few words."""
    row = entry.row
    if entry.id is not None:
        return f"{entry.id}: {row.get('type', '')} {row.get('at', '')}, {row.get('source', '')}"
    body = entry.body
    match entry.kind:
        case "import":
            return f"{body['file']}: {body['entered']} entered, {len(body['refused'])} refused"
        case "key":
            told = f"revokes {body['key'][:16]}…"
            return told if body.get("revoked") else f"{body['holder']}: {body['role']}"
        case "shredding":
            return ", ".join(f"#{seq}" for seq in body["entries"])
        case "seal":
            return f"signs all up to #{body['last']['seq']}"
        case "genesis":
            return str(body["title"])
        case _:
            return ", ".join(entry.about)


def plain(one: "Seen") -> dict[str, Any]:
    """An entry as data."""
    found: dict[str, Any] = {"entry": one.seq, "hash": one.hash.hex()}
    if one.entry is None:
        return {**found, "closed": True, "shredded_by": one.shredded}
    return {**found, **_floats(one.entry.own), "record": _floats(one.entry.row) or None}


def _floats(value: Any) -> Any:
    """Exact decimals as JSON numbers where these are as exact, else as text."""
    from decimal import Decimal

    if isinstance(value, dict):
        return {name: _floats(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_floats(inner) for inner in value]
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    return value
