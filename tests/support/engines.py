"""The columnar engine for however few records, to hold it to the plain one."""

from collections.abc import Iterator
from contextlib import contextmanager

from servanda.engine.columns import few


@contextmanager
def in_columns() -> Iterator[None]:
    """Whatever is assessed inside goes through columns, be it a single record."""
    usual, few.RECORDS = few.RECORDS, 0
    try:
        yield
    finally:
        few.RECORDS = usual
