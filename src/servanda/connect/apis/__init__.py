"""Programming interfaces of data sets, one a file; each names its API.

They page through a data set and write its rows as JSON Lines, which the connector of the same name
reads.  Which addresses they ask follows the providers' documentation of 2026.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servanda.connect.http import Failed


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page, and the address of the next one; `total`: rows in all, if it is said."""

    rows: tuple[Mapping[str, Any], ...]
    following: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """`first` makes the address of the first page of a query; `page` reads one."""

    name: str
    variable: str  # of the environment, for the key
    first: Callable[[Mapping[str, str]], str]
    headers: Callable[[str], Mapping[str, str]]
    page: Callable[[bytes, str], Page]


def decoded(body: bytes, where: str) -> Any:
    """The JSON of a page, numbers as they are written."""
    try:
        return json.loads(body, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise Failed(f"{where} answered with what is no JSON: {error}") from error


def rows(value: Any, where: str) -> tuple[Mapping[str, Any], ...]:
    """The list of rows in a page."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Failed(f"{where} answered without a list of rows")
    return tuple(value)
