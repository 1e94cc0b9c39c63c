"""Keys of users: from an environment variable, or from a file that nobody else can read."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servanda.connect.row import Unusable

MAX_KEY = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key that does not show itself when printed."""

    value: str

    def __repr__(self) -> str:
        return "Key(…)"

    __str__ = __repr__


def key(variable: str, file: Path | None, environment: Mapping[str, str]) -> Key | None:
    """The key of a file if one is named, else of the environment; None where there is none."""
    if file is None:
        value = environment.get(variable, "").strip()
        return Key(value) if value else None
    try:
        with file.open("rb") as stream:
            # The mode of what is opened, so that it cannot be exchanged in between.
            if stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077:
                raise Unusable(f"{file} can be read by others. Say: chmod 600 {file}")
            value = stream.read(MAX_KEY).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"The key file {file} cannot be read: {error}") from error
    if not value or any(ord(c) < 33 for c in value):
        raise Unusable(f"{file} holds no key: one line without spaces.")
    return Key(value)
