"""A dry run says what an import then does, and enters nothing."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from servanda.evidence.rows import Bad
from servanda.ledger.handling import Handling
from servanda.ledger.importing import Import, Source
from servanda.ledger.ledger import Ledger, init, tail
from servanda.ledger.remarks import redact
from servanda.ledger.rows import RowOrBad
from servanda.ledger.shred import shred
from servanda.ledger.trying import Outcome, named_field, tried
from tests.ledger.conftest import T0 as NOW

BODY = Handling("body", "informed")


def row(identity: str, source: str = "Lower", **more: Any) -> dict[str, Any]:
    return {"id": identity, "type": "attack", "at": "2026-01-05", "source": source, **more}


def asked(ledger: Ledger, rows: list[Mapping[str, Any]], handling: Handling = BODY) -> Import:
    digest = sha256(json.dumps(rows).encode()).hexdigest()
    return Import(ledger, Source("f.jsonl", digest), handling, lambda: NOW)


@pytest.fixture
def ledger(place: str, tmp_path: Path) -> Ledger:
    return init(place, "Valleys", NOW, tmp_path / "k")


def test_a_dry_run_says_what_the_import_then_does(ledger: Ledger) -> None:
    asked(ledger, [row("a")]).run([(1, row("a"))])
    with ledger.reading() as reader:
        before = tail(reader.connection)
    rows: list[Mapping[str, Any]] = [
        row("a"),
        row("a", note="other"),
        row("b"),
        row("b"),
        row("b", note="other"),
        row("c", at="2026-02-30"),
        {"id": "d", "type": "attack"},
    ]
    numbered: list[RowOrBad] = [*enumerate(rows, 1), (8, Bad("not JSON at column 1: no"))]
    one = asked(ledger, rows)
    found = tried(one, numbered)
    told = [(t.line, str(t.outcome), t.field) for t in found]
    assert told == [
        (1, "already", ""),
        (2, "refused", "id"),
        (3, "new", ""),
        (4, "already", ""),
        (5, "refused", "id"),
        (6, "refused", "at"),
        (7, "refused", "source"),
        (8, "refused", ""),
    ]
    assert found[1].shown == ('{"id":"a"}', '{"id":"a","note":"other"}')
    with ledger.reading() as reader:
        assert tail(reader.connection) == before
    done = one.run(numbered)
    assert (done.entered, done.already) == (1, 2)
    refused = {t.line: t.reason for t in found if t.outcome is Outcome.REFUSED}
    assert {r.line: r.reason for r in done.refused} == refused


def test_what_stands_there_is_shown_to_whoever_may_see_it(ledger: Ledger) -> None:
    asked(ledger, [row("a")]).run([(1, row("a", note="for the body"))])
    one = asked(ledger, [row("a", note="other")])

    def shown(audience: str, own: str | None = None) -> bool:
        (found,) = tried(one, [(1, row("a", note="other"))], audience, own)
        assert found.outcome is Outcome.REFUSED
        assert ("for the body" in str(found)) == (found.shown is not None)
        return found.shown is not None

    assert not shown("public") and not shown("parties")
    assert shown("body") and shown("confidential")
    assert shown("parties", "Lower") and not shown("parties", "Upper")
    redact(ledger, ["a"], ["note"], NOW)
    assert not shown("body") and shown("confidential")


def test_what_was_shredded_is_refused_and_told_as_that(ledger: Ledger) -> None:
    asked(ledger, [row("a")]).run([(1, row("a"))])
    with ledger.reading() as reader:
        seq = reader.seq_of("a")
    assert seq is not None
    shred(ledger, [seq], "asked for", NOW)
    (found,) = tried(asked(ledger, [row("a")]), [(1, row("a"))])
    assert found.outcome is Outcome.REFUSED and found.shown is None


def test_a_public_row_that_names_a_person_is_refused_with_its_field(ledger: Ledger) -> None:
    named = row("p", note="Witness Ivan Petrenko, +380 50 123 45 67")
    public = asked(ledger, [named], Handling("public", "public_source"))
    (found,) = tried(public, [(1, named)])
    assert (found.outcome, found.field) == (Outcome.REFUSED, "note")
    assert "Petrenko" not in found.reason
    (inside,) = tried(asked(ledger, [named]), [(1, named)])
    assert inside.outcome is Outcome.NEW


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        ("“at”: 2026-02-30 is no day", "at"),
        ("“args.weapon” is “sword”, not one of missile", "args.weapon"),
        ("attack has no argument “who” (it has by, on)", "args.who"),
        ("unknown record type “atack”", "type"),
        ("without source", "source"),
        ("without “at” (only a withdrawal may leave it out)", "at"),
        ("a record is a JSON object { … }", ""),
    ],
)
def test_the_field_that_a_reason_is_about(reason: str, field: str) -> None:
    assert named_field(reason) == field
