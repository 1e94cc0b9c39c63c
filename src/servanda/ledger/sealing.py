"""How an entry is sealed: salts and key come from one secret; without it only the root remains.

A sealed body is AES-256-GCM over the members of the entry, one a line.  The secret serves one entry
and encrypts one message, so that the nonce may be zero.  A line is a member, whose salt follows
from the secret.  In a copy every line is either `+SALT` and a member, or `-COMMITMENT` of a field
that is not held there.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from servanda.ledger.outsider import SALT, TAG_FIELD, commitment, root_of

SECRET = 32  # bytes
_KEY = 32
_NONCE = bytes(12)
_TAG = b"servanda.ledger/1 entry\n"
_USUAL = 16  # fields; more are derived again, at the same bytes
_sha256 = hashlib.sha256
_QUOTE, _OPEN, _CLOSED = b'"+-'

Lines = Sequence[bytes]


def secrets(count: int) -> bytes:
    """Fresh secrets for so many entries, in a row."""
    return os.urandom(SECRET * count)


@cache
def _cipher() -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM


def derive(secret: bytes, fields: int) -> bytes:
    """The key (32 bytes) and then a salt of 16 bytes for each field."""
    return hashlib.shake_256(_TAG + secret).digest(_KEY + SALT * max(fields, _USUAL))


def seal(secret: bytes, lines: Lines) -> tuple[bytes, bytes]:
    """The root of an entry's commitments, and its sealed body."""
    made = derive(secret, len(lines))
    root = root_of(commitments(made, lines))
    body: bytes = _cipher()(made[:_KEY]).encrypt(_NONCE, b"\n".join(lines), None)
    return root, body


def unseal(secret: bytes, body: bytes) -> tuple[bytes, list[bytes]]:
    """What `derive` gave, and the lines; raises ValueError for a body that was altered."""
    made = derive(secret, _USUAL)
    try:
        lines = _cipher()(made[:_KEY]).decrypt(_NONCE, body, None).split(b"\n")
    except Exception as error:  # InvalidTag, or a length that is none
        raise ValueError("the sealed content was altered") from error
    return (made if len(lines) <= _USUAL else derive(secret, len(lines))), lines


def commitments(made: bytes, lines: Lines) -> list[bytes]:
    """The commitment of every line."""
    if lines[0][0] == _QUOTE:  # all open, as entered here: nearly always
        places = range(_KEY, _KEY + SALT * len(lines), SALT)
        return [
            _sha256(TAG_FIELD + made[at : at + SALT] + line).digest()
            for at, line in zip(places, lines, strict=True)
        ]
    found = []
    at = _KEY
    for line in lines:
        first = line[0]
        if first == _QUOTE:
            found.append(commitment(made[at : at + SALT], line))
        elif first == _OPEN:
            found.append(commitment(bytes.fromhex(line[1:33].decode()), line[33:]))
        else:
            found.append(bytes.fromhex(line[1:].decode()))
        at += SALT
    return found


def salt_of(made: bytes, index: int, line: bytes) -> bytes:
    """The salt of one open line."""
    if line[0] == _OPEN:
        return bytes.fromhex(line[1:33].decode())
    return made[_KEY + SALT * index : _KEY + SALT * (index + 1)]


def member_of(line: bytes) -> str | None:
    """The member on a line; None for a field that is not held here."""
    if line[0] == _QUOTE:
        return line.decode()
    return line[33:].decode() if line[0] == _OPEN else None


def open_line(salt: bytes, member: str) -> bytes:
    return b"+" + salt.hex().encode() + member.encode()


def closed_line(commitment_of_field: bytes) -> bytes:
    return b"-" + commitment_of_field.hex().encode()


def attachment_key(secret: bytes, number: int) -> bytes:
    """The key of an entry's attachment by its number: it goes when the entry's secret goes."""
    tag = b"servanda.ledger/1 attachment\n" + number.to_bytes(4, "big")
    return hashlib.shake_256(tag + secret).digest(_KEY)


def encrypt(key: bytes, data: bytes) -> bytes:
    """AES-256-GCM with a random nonce in front."""
    nonce = os.urandom(12)
    sealed: bytes = _cipher()(key).encrypt(nonce, data, None)
    return nonce + sealed


def decrypt(key: bytes, data: bytes) -> bytes:
    """The inverse; raises ValueError for what was altered or is under another key."""
    try:
        found: bytes = _cipher()(key).decrypt(data[:12], data[12:], None)
    except Exception as error:
        raise ValueError("altered, or sealed under another key") from error
    return found
