"""A table of records as bytes, and back: what is kept of records that were read before.

Out: a JSON header (what rows share, numbers, the records that others name), then the columns in
Arrow's form.  No code runs when it is read; who keeps the bytes sees to it that nobody alters them.
"""

import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from servanda.evidence.record import ArgValue, Record
from servanda.evidence.table import Ints, Named, Numbers, RecordTable

_INSTANTS = ("first", "last", "reported", "received", "line")
_SIZE = 8  # bytes that say how long the header is
_EXTRA, _NUMBER = "extra ", "number "


def pack(table: RecordTable, extra: Mapping[str, Ints], about: Mapping[str, Any]) -> bytes:
    """A table, further columns beside it, and plain data about both."""
    header = {
        "about": about,
        "shapes": [_shape(shape) for shape in table.shapes],
        "numbers": {name: [str(n) for n in held.values] for name, held in table.numbers.items()},
        "named": {
            str(row): [named.same_as, named.replaces, named.withdraws, named.derived_from]
            for row, named in table.named.items()
        },
    }
    columns = [
        table.ids.alias("id"),
        pl.Series("shape", table.shape),
        *(pl.Series(name, getattr(table, name)) for name in _INSTANTS),
        pl.Series("lat", table.lat),
        pl.Series("lon", table.lon),
        *(pl.Series(_NUMBER + name, held.codes) for name, held in table.numbers.items()),
        *(pl.Series(_EXTRA + name, held) for name, held in extra.items()),
    ]
    written = json.dumps(header).encode()
    out = io.BytesIO()
    out.write(len(written).to_bytes(_SIZE, "big"))
    out.write(written)
    pl.DataFrame(columns).write_ipc(out, compression="uncompressed")
    return out.getvalue()


def about(data: bytes) -> dict[str, Any]:
    """What was said about a table, without its rows."""
    found: dict[str, Any] = _header(data)["about"]
    return found


def unpack(data: bytes) -> tuple[RecordTable, dict[str, Ints]]:
    """The table and the columns beside it."""
    header = _header(data)
    size = _SIZE + int.from_bytes(data[:_SIZE], "big")
    frame = pl.read_ipc(io.BytesIO(data[size:]))
    table = RecordTable(
        frame["id"],
        frame["shape"].to_numpy(),
        tuple(_record(shape) for shape in header["shapes"]),
        **{name: frame[name].to_numpy() for name in (*_INSTANTS, "lat", "lon")},
        numbers={
            name: Numbers(frame[_NUMBER + name].to_numpy(), tuple(map(Decimal, values)))
            for name, values in header["numbers"].items()
        },
        named={
            int(row): Named(*(tuple(ids) for ids in named))
            for row, named in header["named"].items()
        },
    )
    extra = {
        name.removeprefix(_EXTRA): frame[name].to_numpy()
        for name in frame.columns
        if name.startswith(_EXTRA)
    }
    return table, extra


def _header(data: bytes) -> dict[str, Any]:
    size = int.from_bytes(data[:_SIZE], "big")
    found: dict[str, Any] = json.loads(data[_SIZE : _SIZE + size])
    return found


def _shape(shape: Record) -> list[Any]:
    args = {name: _value(value) for name, value in shape.args.items()}
    said = [shape.claimed_by, shape.status, shape.observed_how, shape.handling]
    return [shape.type, shape.source, args, shape.place, *said]


def _value(value: ArgValue) -> Any:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return list(value) if isinstance(value, tuple) else value


def _record(held: list[Any]) -> Record:
    kind, source, args, place, claimed_by, status, observed_how, handling = held
    return Record(
        "",
        kind,
        source,
        0,
        None,
        {name: _read(value) for name, value in args.items()},
        place,
        claimed_by,
        status=status,
        observed_how=observed_how,
        handling=handling,
    )


def _read(value: Any) -> ArgValue:
    if isinstance(value, dict):
        return Decimal(value["number"])
    return tuple(value) if isinstance(value, list) else str(value)
