"""Generated years of monitoring of the flagship, as records that are held one by one."""

from dataclasses import replace
from functools import cache
from typing import Any

from benchmarks.monitored import records as generated
from servanda import asking, library
from servanda.engine.question import Question
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import read_rows
from servanda.evidence.record import Record

FLAGSHIP = "ukraine-28-point"


@cache
def lib() -> library.Library:
    return library.load(FLAGSHIP)


@cache
def records(count: int, seed: int = 3) -> tuple[Record, ...]:
    rows: list[Any] = []
    for row in generated(count, seed=seed).to_dicts():
        given = {n: v for n, v in row.items() if v is not None and "." not in n}
        given["args"] = {n[5:]: v for n, v in row.items() if v is not None and "." in n}
        if "lat" in given:
            given["place"] = {"lat": given.pop("lat"), "lon": given.pop("lon")}
        rows.append(given)
    types = lib().agreement.record_types
    read = with_known_places(read_rows(rows, types, lib().zone), types, lib().atlas)
    return tuple(read.records)


def asked(told: tuple[Record, ...], **choices: Any) -> Question:
    """A question on some records."""
    question, _ = asking.question(lib())
    return Question.of(replace(question.inputs, records=told, **choices))
