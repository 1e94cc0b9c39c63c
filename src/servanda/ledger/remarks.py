"""Entries about records that stand: verified, the same as another, handled otherwise, redacted.

Such an entry is no wider in its handling than what it is about, and never changes that.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from servanda.ledger.errors import LedgerError
from servanda.ledger.export import checked_fields
from servanda.ledger.handling import Handling
from servanda.ledger.keys import Registered, Signer
from servanda.ledger.ledger import Ledger, Reader, own_draft
from servanda.ledger.personal import personal
from servanda.ledger.signing import named
from servanda.ledger.standing import Standing, standing
from servanda.ledger.words import CLASSES

RESULTS = ("verified", "not_verified")


def verification(
    ledger: Ledger, about: Sequence[str], signer: Signer, now: int, result: str = "verified"
) -> int:
    """A registered verifier says that it has checked records; only with its signature."""
    if result not in RESULTS:
        raise LedgerError(f"“{result}” is no result; there are {', '.join(RESULTS)}.")
    who = _in_role(ledger, signer, "verifier")
    return _enter(ledger, "verification", about, {"by": who.holder, "result": result}, now, signer)


def merge(ledger: Ledger, about: Sequence[str], signer: Signer, now: int) -> int:
    """An officer or verifier says that records tell of one occurrence."""
    if len(set(about)) < 2:
        raise LedgerError("A merge needs at least two records.")
    who = _in_role(ledger, signer, "officer", "verifier")
    return _enter(ledger, "merge", about, {"by": who.holder}, now, signer)


def reclassify(
    ledger: Ledger, about: Sequence[str], handling: Handling, now: int, reason: str = ""
) -> int:
    """From now on records are handled otherwise; what was released before stays released."""
    with ledger.reading() as reader:
        for identity in about:
            if why := personal(_entry(reader, identity).row, handling.handling):
                raise LedgerError(f"Record {identity} stays as it is: {why}.")
    body = {"handling": handling.plain(), "reason": reason}
    return _enter(ledger, "handling", about, body, now)


def redact(
    ledger: Ledger, about: Sequence[str], fields: Sequence[str], now: int, reason: str = ""
) -> int:
    """From now on no release but a confidential one shows these fields."""
    names = checked_fields(fields)
    with ledger.reading() as reader:
        for identity in about:
            held = set(_entry(reader, identity).row)
            if missing := sorted(names - held):
                raise LedgerError(
                    f"Record {identity} has no field {', '.join(missing)} (it has "
                    f"{', '.join(sorted(held))})."
                )
    body = {"fields": sorted(names), "reason": reason}
    return _enter(ledger, "redaction", about, body, now)


def _entry(reader: Reader, identity: str) -> Any:
    seq = reader.seq_of(identity)
    entry = None if seq is None else reader.at(seq)
    if entry is None:
        raise LedgerError(f"There is no record “{identity}” in the ledger.")
    return entry


def _in_role(ledger: Ledger, signer: Signer, *roles: str) -> Registered:
    who = named(ledger, signer)
    if who.role not in roles:
        raise LedgerError(
            f"{who.holder} is registered as {who.role}; this takes {' or '.join(roles)}."
        )
    return who


def _enter(
    ledger: Ledger,
    kind: str,
    about: Sequence[str],
    body: Mapping[str, object],
    now: int,
    signer: Signer | None = None,
) -> int:
    with ledger.reading() as reader:
        stand = standing(reader)
        handling = narrowest(stand, [_entry(reader, identity) for identity in about])
    refs = tuple(ledger.keys.token(identity) for identity in about)
    draft = own_draft(kind, now, body, about, handling, signer or ledger.signer, refs)
    with ledger.writing() as writer:
        (seq,) = writer.append([draft])
    return seq


def narrowest(stand: Standing, found: Sequence[Any]) -> Handling:
    """The narrowest handling among entries."""
    return max(
        (stand.handling_of(entry) for entry in found),
        key=lambda one: CLASSES.index(one.handling),
    )
