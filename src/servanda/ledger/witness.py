"""How far the chain had come, noted beside the key file, so that a cut-off tail is seen."""

import os
from contextlib import suppress
from pathlib import Path


def witness_beside(keys: Path) -> Path:
    return keys.with_name(keys.name + ".head")


def witness(keys: Path, at: tuple[int, bytes]) -> None:
    """Note beside the key file how far the chain has come, so that a cut-off tail is seen.

    It may fall behind the chain (another machine writes, or this one stopped here), never ahead.
    """
    path = witness_beside(keys)
    with suppress(OSError):
        spare = path.with_name(f"{path.name}.{os.getpid()}")
        spare.write_text(f"{at[0]} {at[1].hex()}\n", encoding="ascii")
        os.replace(spare, path)


def witnessed(keys: Path) -> tuple[int, bytes] | None:
    """How far the chain had come by the witness."""
    try:
        seq, hash_ = witness_beside(keys).read_text(encoding="ascii").split()
        return int(seq), bytes.fromhex(hash_)
    except (OSError, ValueError):
        return None
