"""Reads files of patrol tracks and camera uptime, a watch a line.

In: a path.  Out: what was seen, and the lines that could not be used, with the reason.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from servanda.evidence.refused import Refused
from servanda.evidence.tracks import GAP, SLICE, Seen, seen, watch_of


def seen_in(file: Path, slice_: int = SLICE, gap: int = GAP) -> Iterator[Seen | Refused]:
    """What was seen, slice by slice (microseconds), in the order of the file."""
    with file.open(encoding="utf-8", errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                watch = watch_of(json.loads(line))
            except (ValueError, RecursionError) as error:
                yield Refused(file.name, number, str(error))
                continue
            yield from seen(watch, slice_, gap)
