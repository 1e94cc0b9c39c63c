"""The other drafts of the negotiation: every row of the table of variants is answered by a change.

Rows about documents that are no drafts of the agreement (a declaration, a ladder of responses, a
bilateral guarantee, truces) stand in the record of the negotiation, not here.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from servanda import library
from servanda.compare.result import compare
from servanda.report.negotiation import negotiation, sources

TABLE = yaml.safe_load(Path(__file__).with_name("variant_rows.yaml").read_text(encoding="utf-8"))
ANSWERS = [
    (variant, row, answer)
    for variant, told in TABLE.items()
    for row, answers in told["rows"].items()
    for answer in (answers if isinstance(answers, list) else [])
]
FLAGSHIP = "ukraine-28-point"
NO_DRAFTS = {"Paris-Declaration", "Tiered-response", "US-Ukraine guarantees", "Limited truces"}


@cache
def _compared(draft: str) -> Any:
    return compare(FLAGSHIP, draft)["comparisons"][0]


@pytest.fixture(scope="module")
def variants(shared: Path) -> list[dict[str, str]]:
    with (shared / "plan" / "variants.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _row(row: dict[str, str]) -> str:
    return f"{row['us28_point']} → {row['own_point']}"


def test_every_row_of_the_table_has_an_answer(variants: list[dict[str, str]]) -> None:
    listed = {(v, row) for v, told in TABLE.items() for row in told["rows"]}
    of_drafts = [row for row in variants if row["variant"] not in NO_DRAFTS]
    assert {(row["variant"], _row(row)) for row in of_drafts} == listed
    assert {row["variant"] for row in variants} == {*TABLE, *NO_DRAFTS}


@pytest.mark.parametrize(("variant", "row", "answer"), ANSWERS, ids=lambda v: str(v)[:40])
def test_the_row_is_answered(variant: str, row: str, answer: dict[str, str]) -> None:
    found = _compared(TABLE[variant]["draft"])
    if "brackets" in answer:
        assert [o for o in found["others"] if o["name"] == answer["brackets"]], row
        return
    if "body" in answer:
        told = [s for o in found["others"] if o["name"] == answer["body"] for s in o["told"]]
        assert any(answer["told"] in sentence for sentence in told)
        return
    clause = answer.get("clause") or answer["left_out"]
    changes = [
        c
        for c in found["clauses"]
        if clause in {side["id"] for side in (c["before"], c["after"]) if side}
        and c["fate"] == answer.get("fate", "not told after")
    ]
    assert changes, row
    assert any(answer.get("told", "") in "\n".join(change["told"]) for change in changes)


def test_rows_whose_source_is_to_be_replaced_are_left_out(variants: list[dict[str, str]]) -> None:
    marked = [row for row in variants if "to be replaced" in row["source_urls"]]
    assert [row["own_point"] for row in marked] == ["10", "11"]
    framework = library.load("framework-20-point").agreement
    assert not {"p10", "p11"} & set(framework.provisions)
    assert "points 10 and 11" in str(framework.header.incomplete)


def test_every_source_of_a_row_is_cited_by_the_draft(variants: list[dict[str, str]]) -> None:
    for row in variants:
        if row["variant"] in NO_DRAFTS or "to be replaced" in row["source_urls"]:
            continue
        lib = library.load(TABLE[row["variant"]]["draft"])
        cited = {c.witness for p in lib.agreement.provisions.values() for c in p.citations}
        witnesses = negotiation(lib)["witnesses"]
        assert cited == {witness["id"] for witness in witnesses}
        urls = {url for witness in witnesses for url in sources(witness)}
        for url in row["source_urls"].split(" ; "):
            assert url in urls, _row(row)


@pytest.mark.parametrize("name", [told["draft"] for told in TABLE.values()])
def test_each_draft_says_that_it_is_not_fully_known_and_names_only_clauses_that_exist(
    name: str,
) -> None:
    assert not library.check(name).diagnostics
    agreement = library.load(name).agreement
    assert agreement.header.incomplete
    assert all(p.text and p.citations for p in agreement.provisions.values())
    assert not _compared(name)["descents_not_found"]


def test_what_is_not_public_is_marked_so() -> None:
    geneva = library.load("geneva-19-point").agreement
    assert geneva.provisions
    assert all(p.not_public for p in geneva.provisions.values())
    assert not geneva.norms, "of a text that is not public no commitment is made up"


def test_the_record_of_the_negotiation_names_the_drafts() -> None:
    rows = negotiation(library.load(FLAGSHIP))["drafts"]
    named = [row["agreement"] for row in rows if "agreement" in row]
    assert named == [told["draft"] for told in TABLE.values()]
    assert set(named) <= set(library.bundled())
