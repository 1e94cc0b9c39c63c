"""Copies for release, without the metadata that files carry: where, when, by what device, by whom.

Pictures keep their pixels to the byte: only the parts that hold metadata are left out.  What cannot
be stripped with certainty is not released.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

_JPEG_KEPT = (0xE0, 0xEE)  # JFIF and Adobe: how to read colours
_PNG_DROPPED = (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME")
_WEBP_DROPPED = (b"EXIF", b"XMP ")
_AS_IS = ("text/plain", "text/csv", "application/json", "application/geo+json")


def stripped(data: bytes, media_type: str) -> bytes | None:
    """A copy without metadata; None where that cannot be made with certainty."""
    if media_type in _AS_IS:
        return data
    strip = _KINDS.get(media_type)
    if strip is None:
        return None
    try:
        return strip(data)
    except (ValueError, IndexError, struct.error):
        return None


def _jpeg(data: bytes) -> bytes:
    found = [data[:2]]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xD9:
            break
        (size,) = struct.unpack(">H", data[at + 2 : at + 4])
        end = at + 2 + size
        if marker == 0xDA:
            end = _scan_end(data, end)
            found.append(data[at:end])
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _JPEG_KEPT:
            kept = data[at:end]
            found.append(_jfif(kept) if marker == 0xE0 else kept)
        at = end
    return b"".join(found) + b"\xff\xd9"  # what follows the end of the picture is left out


def _jfif(segment: bytes) -> bytes:
    """JFIF without its thumbnail; an extension of it (JFXX) holds nothing but one."""
    if segment[4:9] != b"JFIF\x00":
        return b""
    return segment[:2] + b"\x00\x10" + segment[4:16] + b"\x00\x00"


def _scan_end(data: bytes, at: int) -> int:
    """Where entropy-coded data end: at the next marker that is none of theirs."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _png(data: bytes) -> bytes:
    found = [data[:8]]
    for kind, content in _chunks(data):
        if kind not in _PNG_DROPPED:
            body = kind + content
            found.append(
                struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
            )
        if kind == b"IEND":
            return b"".join(found)
    raise ValueError("no end")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def _webp(data: bytes) -> bytes:
    found = []
    (end,) = struct.unpack("<I", data[4:8])
    at = 12
    while at < end + 8:
        kind = data[at : at + 4]
        (size,) = struct.unpack("<I", data[at + 4 : at + 8])
        padded = size + size % 2
        body = data[at : at + 8 + padded]
        if len(body) != 8 + padded:
            raise ValueError("cut off")
        if kind == b"VP8X":  # clear the flags that say that metadata follow
            body = body[:8] + bytes([body[8] & ~0x0C]) + body[9:]
        if kind not in _WEBP_DROPPED:
            found.append(body)
        at += 8 + padded
    content = b"WEBP" + b"".join(found)
    return b"RIFF" + struct.pack("<I", len(content)) + content


_KINDS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
