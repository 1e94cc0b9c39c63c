"""Fetching a data set page by page into a file of JSON Lines, on a user's command alone.

After each page the file is whole and a state says where to go on.
"""

import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import IO

from servanda.connect import apis
from servanda.connect.apis import Api
from servanda.connect.http import Client
from servanda.connect.keys import Key
from servanda.connect.row import Unusable

PAUSE_S = 1.0  # between two pages


@dataclass(frozen=True, slots=True)
class Fetched:
    """How far one is: the address of the next page (None: all is there), rows and bytes so far."""

    following: str | None
    rows: int = 0
    pages: int = 0
    size: int = 0
    total: int | None = None


@cache
def interfaces() -> Mapping[str, Api]:
    """By name; found by listing the folder."""
    found = (
        import_module(f"{apis.__name__}.{m.name}").API for m in pkgutil.iter_modules(apis.__path__)
    )
    return {api.name: api for api in sorted(found, key=lambda a: a.name)}


def interface(name: str) -> Api:
    known = interfaces()
    if name not in known:
        raise Unusable(f"“{name}” has no programming interface here; {', '.join(known)} have.")
    return known[name]


def fetch(
    api: Api,
    client: Client,
    key: Key,
    start: Fetched,
    out: IO[bytes],
    pause: Callable[[float], None],
) -> Iterator[Fetched]:
    """Write the rows of page after page, and say after each how far one is.  Raises Failed."""
    state = start
    while state.following is not None:
        if state.pages > start.pages:
            pause(PAUSE_S)
        page = api.page(client.get(state.following, api.headers(key.value)), state.following)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in page.rows)
        written = text.encode("utf-8", "replace")
        out.write(written)
        out.flush()
        state = Fetched(
            page.following,
            state.rows + len(page.rows),
            state.pages + 1,
            state.size + len(written),
            page.total,
        )
        yield state
