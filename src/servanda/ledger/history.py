"""Looking into a ledger: its entries one after another, one entry, and the history of a record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select

from servanda.ledger.entry import Entry
from servanda.ledger.errors import LedgerError
from servanda.ledger.ledger import Ledger, Reader
from servanda.ledger.schema import entries, refs
from servanda.ledger.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as an audience sees it; None where it may not."""

    seq: int
    hash: bytes
    entry: Entry | None
    shredded: int | None = None  # the place of the entry that says so


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries to list."""

    kinds: tuple[str, ...] = ()
    known_at: int | None = None
    first: int = 0
    count: int = 50
    newest: bool = False


def listed(ledger: Ledger, chosen: Chosen, audience: str) -> list[Seen]:
    """Some entries, oldest first unless the newest are asked for."""
    query = select(entries).where(entries.c.seq >= chosen.first)
    if chosen.kinds:
        query = query.where(entries.c.kind.in_(chosen.kinds))
    if chosen.known_at is not None:
        query = query.where(entries.c.recorded <= chosen.known_at)
    order = entries.c.seq.desc() if chosen.newest else entries.c.seq
    with ledger.reading() as reader:
        return list(_seen(reader, query.order_by(order).limit(chosen.count), audience))


def shown(ledger: Ledger, name: str, audience: str) -> Seen:
    """One entry, by its place in the chain (`#12`) or the id of its record."""
    with ledger.reading() as reader:
        seq = place(reader, name)
        (found,) = _seen(reader, select(entries).where(entries.c.seq == seq), audience)
    return found


def history(ledger: Ledger, identity: str, audience: str, own: str | None = None) -> list[Seen]:
    """A record and everything that was entered about it, directly or about that, in order.

    `own` is a source that sees its own entries, whatever their class.
    """
    with ledger.reading() as reader:
        pending = [identity]
        seqs: set[int] = set()
        met: set[str] = set()
        while pending:
            current = pending.pop()
            if current in met:
                continue
            met.add(current)
            seq = reader.seq_of(current)
            about = reader.connection.execute(
                select(refs.c.seq).where(refs.c.token == reader.keys.token(current))
            ).scalars()
            found = [*([] if seq is None else [seq]), *about]
            for one in found:
                if one not in seqs:
                    seqs.add(one)
                    entry = reader.at(one)
                    if entry is not None and entry.id is not None:
                        pending.append(entry.id)
        if not seqs:
            raise LedgerError(f"There is no record “{identity}” in the ledger.")
        stand = standing(reader)
        seqs |= {by for gone, by in stand.shredded.items() if gone in seqs}
        query = select(entries).where(entries.c.seq.in_(seqs)).order_by(entries.c.seq)
        return list(_seen(reader, query, audience, stand, own))


def notes(
    ledger: Ledger, ids: Iterable[str], audience: str, own: str | None = None
) -> dict[str, str]:
    """What was noted beside records, by id, as far as an audience may see it."""
    found: dict[str, str] = {}
    with ledger.reading() as reader:
        seqs = [seq for one in ids if (seq := reader.seq_of(one)) is not None]
        query = select(entries).where(entries.c.seq.in_(seqs))
        for seen in _seen(reader, query, audience, None, own):
            note = None if seen.entry is None else seen.entry.row.get("note")
            if seen.entry is not None and seen.entry.id is not None and isinstance(note, str):
                found[seen.entry.id] = note
    return found


def place(reader: Reader, name: str) -> int:
    """The place of an entry that is named by `#PLACE` or by the id of its record."""
    seq = int(name[1:]) if name.startswith("#") and name[1:].isdigit() else reader.seq_of(name)
    if seq is None or reader.at(seq) is None:
        raise LedgerError(f"There is no {'entry' if name.startswith('#') else 'record'} {name}.")
    return seq


def _seen(
    reader: Reader,
    query: Select[tuple[object, ...]],
    audience: str,
    stand: Standing | None = None,
    own: str | None = None,
) -> Iterator[Seen]:
    stand = stand or standing(reader)
    for row in reader.connection.execute(query).fetchall():
        entry: Entry | None = reader.entry(row)
        assert entry is not None
        if not entry.own and not entry.row:
            yield Seen(row.seq, row.hash, None, stand.shredded.get(row.seq))
            continue
        is_own = own is not None and entry.row.get("source") == own
        if not stand.handling_of(entry).shown_to(audience, None, is_own):
            entry = None
        elif audience != "confidential" and (hidden := stand.hidden(entry)):
            row_fields = {n: v for n, v in entry.row.items() if n not in hidden}
            entry = Entry(
                entry.seq, entry.hash, entry.root, entry.own, row_fields, entry.closed + len(hidden)
            )
        yield Seen(row.seq, row.hash, entry)


@dataclass(frozen=True, slots=True)
class Statistics:
    """How much there is, by kind and by handling class."""

    entries: int
    head: str
    first: int | None
    last: int | None
    kinds: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    gone: int = 0


def statistics(ledger: Ledger) -> Statistics:
    from servanda.ledger.ledger import tail

    with ledger.reading() as reader:
        connection = reader.connection
        total, first, last = connection.execute(
            select(func.count(), func.min(entries.c.recorded), func.max(entries.c.recorded))
        ).one()
        counts = []
        for column in (entries.c.kind, entries.c.handling):
            query = select(column, func.count()).where(column.is_not(None)).group_by(column)
            counts.append({row[0]: row[1] for row in connection.execute(query.order_by(column))})
        gone = connection.execute(
            select(func.count()).select_from(entries).where(entries.c.body.is_(None))
        ).scalar_one()
        return Statistics(total, tail(connection)[1].hex(), first, last, counts[0], counts[1], gone)
