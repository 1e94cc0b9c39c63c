"""An entry: one typed row of the ledger, with the fields that are open to whoever reads it.

The ledger's own fields are named `entry.…`; all others are those of the record, as its source gave
them.  Kinds of a record follow from what it does; the other kinds are about entries before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from servanda.characters import normal
from servanda.evidence.instant import iso, parse_period
from servanda.ledger import canon
from servanda.ledger.handling import Handling, from_plain
from servanda.ledger.outsider import OWN
from servanda.ledger.sealing import member_of


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reader may know of an entry; `closed` counts the fields that are not open.

    `own` are the ledger's fields without their prefix; `row` are those of the record.
    """

    seq: int
    hash: bytes
    root: bytes
    own: Mapping[str, Any]
    row: Mapping[str, Any]
    closed: int = 0

    @property
    def kind(self) -> str:
        return str(self.own.get("kind", "closed"))

    @property
    def id(self) -> str | None:
        value = self.row.get("id")
        return written(value) if isinstance(value, str) else None

    @property
    def recorded(self) -> int | None:
        text = self.own.get("recorded")
        return None if text is None else instant_of(text)

    @property
    def handling(self) -> Handling:
        given = self.own.get("handling")
        return Handling("confidential") if given is None else from_plain(given)

    @property
    def about(self) -> tuple[str, ...]:
        return tuple(self.own.get("about", ()))

    @property
    def body(self) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self.own.get("body", {})
        return body


def written(identity: str) -> str:
    """An id as the reader of records takes it."""
    return normal(identity.strip())


def instant_of(text: str) -> int:
    from zoneinfo import ZoneInfo

    return parse_period(text, ZoneInfo("UTC")).first


def kind_of(row: Mapping[str, Any]) -> str:
    """The kind of entry that a record makes."""
    if row.get("withdraws"):
        return "withdrawal"
    if row.get("replaces"):
        return "correction"
    return {"finding": "finding", "term_decided": "decision"}.get(str(row.get("type")), "record")


_POINTING = frozenset(("withdraws", "replaces", "same_as", "derived_from"))
_ABOUT = frozenset(("finding", "acknowledges", "disputes"))


def targets(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the records that a record points at."""
    if _POINTING.isdisjoint(row) and row.get("type") not in _ABOUT:
        return ()
    found: list[str] = []
    args = row.get("args")
    about = args if isinstance(args, Mapping) else {}
    for value in (
        *(row.get(name) for name in ("withdraws", "replaces", "same_as", "derived_from")),
        *((about.get("about"),) if row.get("type") == "finding" else ()),
        *((about.get("record"),) if row.get("type") in ("acknowledges", "disputes") else ()),
    ):
        if isinstance(value, str):
            found += [written(part) for part in value.split(";")]
        elif isinstance(value, list):
            found += [written(part) for part in value if isinstance(part, str)]
    return tuple(dict.fromkeys(part for part in found if part))


def head_lines(kind: str, recorded: int, handling: Handling) -> list[bytes]:
    """The fields that every entry begins with."""
    return [
        canon.member("entry.kind", kind).encode(),
        canon.member("entry.recorded", iso(recorded)).encode(),
        canon.member("entry.handling", handling.plain()).encode(),
    ]


def decode(seq: int, hash_: bytes, root: bytes, lines: Sequence[bytes]) -> Entry:
    """An entry from its lines; raises ValueError for lines that are none."""
    members = [member_of(line) for line in lines]
    return from_members(seq, hash_, root, members)


def from_members(seq: int, hash_: bytes, root: bytes, members: Sequence[str | None]) -> Entry:
    held = [m for m in members if m is not None]
    own = canon.plain(canon.read(m for m in held if m.startswith(OWN)))
    row = canon.read(m for m in held if not m.startswith(OWN))
    short = {name.removeprefix("entry."): value for name, value in own.items()}
    return Entry(seq, hash_, root, short, row, len(members) - len(held))


def shown_value(value: Any) -> str:
    """A value of a field as people read it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {shown_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(shown_value, value))
    return canon.text_of(value)
