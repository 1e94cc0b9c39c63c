"""Reading a log from a file: by its name a table (.csv, .parquet), else the peers' text format."""

import gzip
import io
from collections.abc import Collection
from pathlib import Path

from servanda.language.mfotl.columns import columns_of
from servanda.language.mfotl.lexer import MfotlError
from servanda.language.mfotl.log import RawLog, read_text
from servanda.language.mfotl.signature import Signature
from servanda.model.event_log import EventLog

_TABLES = (".csv", ".parquet")
# Below this the careful reader takes less time than the import of what reads columns.
_SMALL = 200_000


def read_log(
    path: Path, signature: Signature, *, wanted: Collection[str], constants: Collection[str] = ()
) -> EventLog:
    """The log in columns; only `wanted` predicates are needed.  Raises MfotlError, OSError."""
    suffixes = [s.lower() for s in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = suffixes[-1 - packed] if len(suffixes) > packed else ""
    if kind in _TABLES and not path.is_file():
        raise FileNotFoundError(2, "No such file or directory", str(path))
    raw = _read(path, kind, packed, signature, wanted)
    return columns_of(raw, signature, constants)


def _read(
    path: Path, kind: str, packed: bool, signature: Signature, wanted: Collection[str]
) -> RawLog:
    if kind in _TABLES:
        from servanda.language.mfotl import frame

        source = io.BytesIO(_bytes(path, packed)) if packed else path
        reader = frame.read_csv if kind == ".csv" else frame.read_parquet
        return reader(source, path.name, signature, wanted)
    data = _bytes(path, packed)
    if len(data) > _SMALL:
        from servanda.language.mfotl.plain import read_plain

        plain = read_plain(data, path.name, signature)
        if plain is not None:
            return plain
    try:
        return read_text(data.decode("utf-8"), path.name, signature)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MfotlError(f"{path.name}:{line}: the log is not UTF-8 text.") from error


def _bytes(path: Path, packed: bool) -> bytes:
    data = path.read_bytes()
    if not packed:
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise MfotlError(f"{path.name}: no gzip file that can be read: {error}") from error
