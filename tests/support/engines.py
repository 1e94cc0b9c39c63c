"""The columnar engine for however few records, to hold it to the plain one."""

from collections.abc import Iterator
from contextlib import contextmanager

from servanda.engine.columns import few


@contextmanager
def in_columns(matching: int = 0) -> Iterator[None]:
    """Whatever is assessed inside goes through columns, be it a single record.

    Patterns that no more than `matching` records match are looked at one by one.
    """
    usual = few.RECORDS, few.MATCHING
    few.RECORDS, few.MATCHING = 0, matching
    try:
        yield
    finally:
        few.RECORDS, few.MATCHING = usual
