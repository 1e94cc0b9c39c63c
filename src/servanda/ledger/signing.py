"""Signatures of entries: whether one holds, and registering keys in the ledger.

A signature is over the ledger and the commitments of the entry's other fields: it can be checked
with any of those fields closed.
"""

from collections.abc import Collection, Mapping, Sequence

from servanda.ledger import canon
from servanda.ledger.errors import LedgerError
from servanda.ledger.keys import Registered, Signer
from servanda.ledger.ledger import Ledger, own_draft
from servanda.ledger.outsider import SIGNATURE, entry_message, signature_holds
from servanda.ledger.sealing import commitments, member_of
from servanda.ledger.standing import standing
from servanda.ledger.words import ROLES


def holds(ledger: bytes, made: bytes, lines: Sequence[bytes]) -> bool:
    """Whether the signature in the last field fits the other fields."""
    member = member_of(lines[-1])
    if member is None or not member.startswith(SIGNATURE):
        return False
    given = canon.read([member])["entry.signature"]
    message = entry_message(ledger, commitments(made, lines)[:-1])
    return signature_holds(bytes.fromhex(given["key"]), message, bytes.fromhex(given["signature"]))


def register(ledger: Ledger, public: str, holder: str, role: str, now: int) -> int:
    """Enter a public key under its holder and role, signed by the ledger itself."""
    if role not in ROLES:
        raise LedgerError(f"“{role}” is no role; there are {', '.join(ROLES)}.")
    _check_new(public, {one.key for one in registered(ledger)})
    body = {"key": public, "holder": holder, "role": role}
    return _enter(ledger, body, now)


def _check_new(public: str, known: Collection[str]) -> None:
    if len(public) != 64 or not set(public) <= set("0123456789abcdef"):
        raise LedgerError("A public key is 64 hexadecimal digits, as `keys` shows them.")
    if public in known:
        raise LedgerError("This key is registered already; see `servanda ledger keys`.")


def speaks(registration: Registered, row: Mapping[str, object]) -> str:
    """Why a holder may not sign a record: a source signs its own word alone; empty when it may."""
    source = row.get("source")
    if registration.role != "source" or source == registration.holder:
        return ""
    return f"it is of the source “{source}” and signed by {registration.holder}, who signs its own"


def rotate(ledger: Ledger, old: str, new: str, now: int) -> int:
    """Enter a new key for the holder and role of one that ends with it, both or neither."""
    known = {one.key: one for one in registered(ledger)}
    if old not in known or known[old].revoked is not None:
        raise LedgerError("No such key serves here; see `servanda ledger keys`.")
    _check_new(new, known)
    who = known[old]
    ends = {"key": old, "holder": "", "role": "", "revoked": True}
    begins = {"key": new, "holder": who.holder, "role": who.role}
    with ledger.writing() as writer:
        drafts = [own_draft("key", now, body, signer=ledger.signer) for body in (begins, ends)]
        seq, _ = writer.append(drafts)
    return seq


def revoke(ledger: Ledger, public: str, now: int) -> int:
    """Enter that a key no longer counts; what it signed before stands."""
    return _enter(ledger, {"key": public, "holder": "", "role": "", "revoked": True}, now)


def _enter(ledger: Ledger, body: Mapping[str, object], now: int) -> int:
    with ledger.writing() as writer:
        (seq,) = writer.append([own_draft("key", now, body, signer=ledger.signer)])
    return seq


def registered(ledger: Ledger) -> tuple[Registered, ...]:
    """The keys that the ledger knows, by the order of their registration."""
    with ledger.reading() as reader:
        return tuple(standing(reader).keys.values())


def named(ledger: Ledger, signer: Signer) -> Registered:
    """The registration of a key that serves; raises LedgerError when there is none."""
    for one in registered(ledger):
        if one.key == signer.public and one.revoked is None:
            return one
    raise LedgerError(
        f"The key {signer.public[:16]}… is not registered here, or was revoked: register it with "
        "`servanda ledger keys`."
    )


def seal(ledger: Ledger, signer: Signer | None, now: int, seq: int | None = None) -> int:
    """Sign the hash of an entry (by default the last) and with it everything before."""
    if signer is not None:
        named(ledger, signer)
    with ledger.writing() as writer:
        at, hash_ = writer.tail
        if seq is not None:
            from sqlalchemy import select

            from servanda.ledger.schema import entries

            row = writer.connection.execute(
                select(entries.c.seq, entries.c.hash).where(entries.c.seq == seq)
            ).first()
            if row is None:
                raise LedgerError(f"There is no entry {seq}; the last one is {at}.")
            at, hash_ = row.seq, row.hash
        body = {"last": {"seq": at, "hash": hash_.hex()}}
        draft = own_draft("seal", now, body, signer=signer or ledger.signer)
        (placed,) = writer.append([draft])
    return placed
