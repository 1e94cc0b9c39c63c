"""Verdicts are written in the peers' form, the same bytes whether there are few rows or many."""

import io

import numpy as np
import pytest

from servanda.language.mfotl import write
from servanda.model.event_log import EventLog
from servanda.model.formula import Kind

KINDS: tuple[Kind, ...] = ("int", "string", "float")


def log(stamps: list[int], numbers: list[int] | None = None) -> EventLog:
    strings = ["", "a", "b, c"]
    own = None if numbers is None else np.array(numbers)
    return EventLog(np.array(stamps), {}, strings, {s: i for i, s in enumerate(strings)}, (), own)


def written(events: EventLog, kinds: tuple[Kind, ...], columns: list[object], at: list[int]) -> str:
    out = io.BytesIO()
    write.write_verdicts(out, events, kinds, columns, np.array(at, np.int64))
    return out.getvalue().decode()


def test_the_form() -> None:
    columns: list[object] = [
        np.array([3, -1, 4]),
        np.array([1, 2, 0]),
        np.array([1 / 3, 2.0, 9.87654321e30]),
    ]
    assert written(log([5, 9]), KINDS, columns, [0, 0, 1]) == (
        '@5 (time point 0): (3,"a",0.333333) (-1,"b, c",2)\n@9 (time point 1): (4,"",9.87654e+30)\n'
    )
    assert written(log([5, 9], [7, 8]), (), [], [1]) == "@9 (time point 8): true\n"
    assert written(log([5]), KINDS, columns, []) == ""


@pytest.mark.parametrize("part", [3, 1000])
def test_few_and_many_are_the_same_bytes(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    g = np.random.default_rng(1)
    at = np.sort(g.integers(0, 9, 50))
    columns: list[object] = [g.integers(-5, 99, 50), g.integers(0, 3, 50), g.random(50)]
    events = log(list(range(0, 90, 10)))
    few = written(events, KINDS, columns, at.tolist())
    monkeypatch.setattr(write, "_FEW", 0)
    monkeypatch.setattr(write, "_PER_PART", part)
    assert written(events, KINDS, columns, at.tolist()) == few
