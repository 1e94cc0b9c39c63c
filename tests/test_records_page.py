"""The page of the record vocabulary is complete, and its example rows are accepted."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from servanda.evidence.checked import FIELDS
from servanda.evidence.instant import PRECISIONS
from servanda.evidence.read import read_text
from servanda.language.load import standard_records
from tests.support import docs, vocabulary

TEXT = vocabulary.PAGE.read_text(encoding="utf-8")
BLOCKS = [b for b in docs.blocks(TEXT) if b.tag == "jsonl"]
ROWS: list[dict[str, Any]] = [
    json.loads(line) for block in BLOCKS for line in block.text.splitlines()
]


def test_every_standard_type_has_its_row() -> None:
    for record in standard_records().values():
        assert vocabulary.row(record) in TEXT, record.id


def test_every_field_is_explained_and_used() -> None:
    used = {field for row in ROWS for field in row}
    for field in FIELDS:
        assert f"| `{field}` |" in TEXT, field
        assert field in used, field
    assert all(f"`{precision}`" in TEXT for precision in PRECISIONS)


def test_every_type_and_argument_has_an_example() -> None:
    for record in standard_records().values():
        given = {name for row in ROWS if row["type"] == record.id for name in row["args"]}
        assert {arg.name for arg in record.args} == given, record.id


def test_every_example_row_is_accepted() -> None:
    for block in BLOCKS:
        found = read_text(block.text, block.file or "", standard_records(), ZoneInfo("UTC"))
        assert len(found.records) == len(block.text.splitlines())
        assert not found.refused
