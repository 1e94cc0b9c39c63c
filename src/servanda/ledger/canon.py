"""The JSON text of a value as it is committed to: one text for one value, numbers as given.

Strings in UTF-8 with the escapes that JSON demands and no others; no space between tokens; keys in
the order in which they were given; a number keeps the digits of its source (1.50 is not 1.5).
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

quoted = encode_basestring  # the C version where there is one


def text_of(value: Any) -> str:
    """A plain value (as the readers of records give it) as JSON text."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        if value.is_finite():
            return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return repr(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(quoted(n) + ":" + text_of(v) for n, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(text_of, value)) + "]"
    raise TypeError(f"{value!r:.40} ({type(value).__name__}) has no place in a record")


def member(name: str, value: Any) -> str:
    """A field as the text `"name":value`."""
    return quoted(name) + ":" + text_of(value)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)


def read(members: Iterable[str]) -> dict[str, Any]:
    """Fields from their texts, numbers as exact decimals."""
    found: dict[str, Any] = _DECODER.decode("{" + ",".join(members) + "}")
    return found


def plain(value: Any) -> Any:
    """The same with whole numbers as int: what the ledger's own fields hold."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value
