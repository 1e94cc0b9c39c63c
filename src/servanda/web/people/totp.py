"""The second factor: time-based one-time passwords after RFC 6238 (SHA-1, 30 seconds, 6 digits).

In: a secret and the time.  Out: the step of a code that is right, so that none is taken twice.
"""

import base64
import hmac
import io
import os
import struct
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
EITHER_SIDE = 1  # steps by which the clock of a telephone may be off
SECRET = 20  # bytes, the length that RFC 4226 recommends


def new_secret() -> bytes:
    return os.urandom(SECRET)


def code(secret: bytes, step: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code of a step (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, struct.pack(">Q", step), digest)
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: bytes, given: str, now: int, after: int) -> int | None:
    """The step whose code was given, if it is later than `after`; None where it is no code."""
    told = "".join(given.split())
    found = None
    for step in range(now // STEP - EITHER_SIDE, now // STEP + EITHER_SIDE + 1):
        same = hmac.compare_digest(code(secret, step).encode(), told.encode("utf-8", "replace"))
        if same and step > after:
            found = step
    return found


def spelled(secret: bytes) -> str:
    """The secret as people type it into an app, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(secret: bytes, name: str, issuer: str) -> str:
    """What the QR code says to an app."""
    told = {"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer}
    return f"otpauth://totp/{quote(f'{issuer}:{name}')}?{urlencode(told, quote_via=quote)}"


def drawing(text: str) -> str:
    """A QR code as SVG, dark on light whatever the colours of the page."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=4, dark="#000", light="#fff",
        omitsize=True, svgclass="qr", lineclass=None, nl=False,
    )  # fmt: skip
    return out.getvalue().decode()
