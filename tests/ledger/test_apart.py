"""Names of people, metadata of files, identities of sources: what must never be where it harms."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from servanda import library
from servanda.evidence.rows import json_rows
from servanda.ledger.drafting import row_handling
from servanda.ledger.errors import LedgerError
from servanda.ledger.handling import Handling, handling_of
from servanda.ledger.ledger import Ledger
from servanda.ledger.personal import personal
from servanda.ledger.strip import stripped
from servanda.ledger.vault import Vault
from tests.ledger.conftest import Enter


@pytest.mark.parametrize(
    ("row", "public", "body"),
    [
        ({"type": "attack", "note": "A strike near the station"}, False, False),
        ({"type": "attack", "note": "Said by Mr. Example at noon"}, True, False),
        ({"type": "attack", "note": "Іван Петрович бачив це"}, True, False),
        ({"type": "attack", "note": "Jane Example, aged 34, was hurt"}, True, False),
        ({"type": "attack", "note": "Jane Example (34) was hurt"}, True, False),
        ({"type": "attack", "note": "write to someone@example.org"}, True, False),
        ({"type": "attack", "note": "call +380 44 123 45 67"}, True, False),
        ({"type": "attack", "victim": "x"}, True, False),
        ({"type": "attack", "args": {"witness": "x"}}, True, False),
        ({"type": "attack", "people": [{"surname": "x"}]}, True, False),
        (
            {"type": "measure", "args": {"name": "guards"}, "place": {"name": "Meadow"}},
            False,
            False,
        ),
        ({"type": "tally", "args": {"holder": "A", "listed": 3}}, False, False),
        ({"type": "tally", "args": {"holder": "A", "detainee": "x"}}, True, True),
        ({"type": "tally", "note": "Jane Example, born 1990, is held"}, True, True),
    ],
)
def test_names_of_people_are_refused(row: dict[str, Any], public: bool, body: bool) -> None:
    assert (personal(row, "public") is not None) is public
    assert (personal(row, "body") is not None) is body
    assert "Example" not in (personal(row, "public") or "")


def test_no_bundled_record_is_taken_for_a_personal_one() -> None:
    for file in sorted(library.BUNDLED.rglob("*.jsonl")):
        for line, row in json_rows(file.read_text(encoding="utf-8").splitlines()):
            assert isinstance(row, dict)
            assert personal(row, "public") is None, (file.name, line)


def test_an_import_that_names_people_in_public_refuses_those_rows(
    ledger: Ledger, enter: Enter, tmp_path: Path
) -> None:
    path = tmp_path / "r.jsonl"
    row = {"id": "a", "type": "attack", "at": "2026-01-01", "source": "B"}
    named = {**row, "id": "b", "victims": ["Somebody"]}
    path.write_text("".join(json.dumps(r) + "\n" for r in (row, named)))
    done = enter(ledger, path)
    assert done.entered == 1
    ((line, reason),) = [(r.line, r.reason) for r in done.refused]
    assert line == 2
    assert reason == "“victims” holds a person's data, which cannot be entered as public"


def test_a_row_may_only_narrow_who_sees_it() -> None:
    body = Handling("body")
    assert row_handling({"handling": "confidential"}, body).handling == "confidential"
    assert row_handling({"handling": "public"}, body).handling == "body"
    with pytest.raises(LedgerError, match="no handling class; there are public"):
        handling_of("secret", "informed", ("reporting",))


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def test_pictures_lose_metadata_and_keep_pixels() -> None:
    head, data, end = chunk(b"IHDR", b"h" * 13), chunk(b"IDAT", b"pixels"), chunk(b"IEND", b"")
    sign = b"\x89PNG\r\n\x1a\n"
    told = chunk(b"tEXt", b"Author\x00x") + chunk(b"eXIf", b"GPS")
    assert stripped(sign + head + told + data + end + b"more", "image/png") == (
        sign + head + data + end
    )
    parts = b"VP8X" + struct.pack("<I", 10) + b"\x0c" + bytes(9)
    image = b"VP8 " + struct.pack("<I", 2) + b"px"
    exif = b"EXIF" + struct.pack("<I", 3) + b"GPS\x00"
    made = b"WEBP" + parts + image + exif
    out = stripped(b"RIFF" + struct.pack("<I", len(made)) + made, "image/webp")
    assert out is not None
    assert b"GPS" not in out
    assert b"px" in out
    assert out[20] == 0


@pytest.mark.parametrize("media_type", ["application/pdf", "video/mp4", "image/jpeg", "image/png"])
def test_what_cannot_be_stripped_is_not_released(media_type: str) -> None:
    assert stripped(b"\xff\xd8 no picture", media_type) is None


def test_the_vault_keeps_identities_under_a_key_of_its_own(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "v", tmp_path / "k")
    vault.create()
    one = vault.enter({"name": "Somebody", "reach": "x"})
    other = vault.enter({"name": "Another"})
    assert vault.reveal(one)["name"] == "Somebody"
    assert b"Somebody" not in (tmp_path / "v").read_bytes()
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    old_key = (tmp_path / "k").read_text()
    vault.forget(one)
    assert vault.pseudonyms() == (other,)
    with pytest.raises(LedgerError, match="knows no"):
        vault.reveal(one)
    (tmp_path / "k").write_text(old_key)
    with pytest.raises(LedgerError, match="does not open"):
        vault.pseudonyms()
    with pytest.raises(LedgerError, match="never written over"):
        vault.create()
