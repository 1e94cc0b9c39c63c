"""Destroying the content of entries, so that nobody opens it again; the chain stays whole.

The secret of an entry goes, and with it its body, salts and attachments; root and hash stay.  All
other secrets come under a new wrapping key and the old one is destroyed: an older copy of the
database opens nothing of it, unless an older copy of the key file lies beside it.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from servanda.ledger import attachments, kept
from servanda.ledger.errors import LedgerError
from servanda.ledger.ledger import SECRETS, Ledger, own_draft
from servanda.ledger.schema import entries, secrets, settings
from servanda.ledger.sealing import SECRET
from servanda.ledger.words import ROW_KINDS
from servanda.ledger.wrapping import DESTROYED, all_rows, opened, wrap


def shred(ledger: Ledger, seqs: Sequence[int], reason: str, now: int) -> int:
    """Destroy the content of record entries; returns the place of the entry that says so."""
    chosen = sorted(set(seqs))
    signer = ledger.signer
    keys, fresh = ledger.keys.with_new_wrapping()
    with ledger.writing() as writer:
        _check(writer.connection, chosen)
        keys, fresh = writer.keys.with_new_wrapping()
        keys.save()  # old and new: whichever state the database is found in can be opened
        body = {"entries": chosen, "reason": reason}
        (seq,) = writer.append([own_draft("shredding", now, body, signer=signer)])
        connection = writer.connection
        rows = []
        for first, count, name, sealed in list(all_rows(connection)):
            held = bytearray(opened(name, sealed, writer.keys.wrapping, first))
            for gone in chosen:
                if first <= gone < first + count:
                    at = (gone - first) * SECRET
                    held[at : at + SECRET] = DESTROYED
            rows.append(wrap(first, bytes(held), fresh, keys.wrapping[fresh]))
        connection.execute(delete(secrets))
        ledger.store.backend.insert(connection, "secrets", SECRETS, rows)
        connection.execute(
            update(entries)
            .where(entries.c.seq.in_(chosen))
            .values(kind=None, handling=None, recorded=None, body=None)
        )
        connection.execute(
            update(settings).where(settings.c.name == "wrapping").values(value=fresh)
        )
    ledger.keys = keys.only(fresh)
    ledger.keys.save()
    kept.forget(ledger)
    ledger.store.backend.wipe(ledger.store.engine)
    for gone in chosen:
        attachments.forget(ledger, gone)
    return seq


def _check(connection: object, chosen: Sequence[int]) -> None:
    from sqlalchemy import Connection

    assert isinstance(connection, Connection)
    found = {
        row.seq: row
        for row in connection.execute(
            select(entries.c.seq, entries.c.kind, entries.c.body).where(entries.c.seq.in_(chosen))
        )
    }
    for seq in chosen:
        if seq not in found:
            raise LedgerError(f"There is no entry {seq}; nothing was shredded.")
        if found[seq].body is None:
            raise LedgerError(f"The content of entry {seq} is gone already; nothing was shredded.")
        if found[seq].kind not in ROW_KINDS:
            raise LedgerError(
                f"Entry {seq} is a {found[seq].kind}: only records are shredded, since the chain "
                "needs the others. Nothing was shredded."
            )
