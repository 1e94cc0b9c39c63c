"""Shapes that break monitors: does work still grow with what there is to do?  Prints a table.

    python -m benchmarks.shapes [--small]

Each shape is worked out at a size and at four times that size, in processor time.  `growth` is the
ratio of both; 4 is linear, and beyond 12 a shape would be worse than linear by a factor of three.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.mfotl import DUTIES
from servanda import asking, library
from servanda.cli import GATHERING
from servanda.mfotl import monitor_files

FORMULAS = {
    "not in time": "P(x) AND NOT EVENTUALLY[0,10] R(x)",
    "since": "S(x,v) AND ((NOT R(x)) SINCE[0,*] P(x))",
    "sum": "(s <- SUM v; x (ONCE[0,100] S(x,v))) AND s > 2500",
}
LONG = {"not in time": "P(x) AND NOT EVENTUALLY[0,1000000000] R(x)"}
IN_A_FILE = 2_500  # commitments
TWO_TOWNS = """\
agreement towns "Towns"
  zone UTC
  draft 2026-01-01
  status signed
  in force when 2026-01-01

party A
party B
"""


def duties(
    n: int, agents: Callable[[np.random.Generator, int], np.ndarray], at: np.ndarray
) -> pl.DataFrame:
    g = np.random.default_rng(1)
    kind = g.choice(np.array(["P", "R", "S"]), n, p=[0.3, 0.3, 0.4])
    value = np.where(kind == "S", g.integers(1, 1000, n), 0)
    table = pl.DataFrame({"ts": at, "rel": kind, "a": agents(g, n), "b": value})
    return table.with_columns(
        pl.when(pl.col("rel") == "S").then(pl.col("b")).alias("b"),
        pl.col("ts").rle_id().cast(pl.Int64).alias("tp"),
    ).select("ts", "tp", "rel", "a", "b")


SHAPES: dict[str, tuple[Callable[[int], pl.DataFrame], dict[str, str]]] = {
    "one key with everything": (
        lambda n: duties(n, lambda g, k: np.zeros(k, np.int64), np.arange(n)),
        FORMULAS,
    ),
    "a key for each event": (
        lambda n: duties(n, lambda g, k: g.permutation(k), np.arange(n) // 10),
        FORMULAS,
    ),
    "all at one instant": (
        lambda n: duties(n, lambda g, k: g.integers(0, 1000, k), np.zeros(n, np.int64)),
        FORMULAS,
    ),
    "windows longer than the log": (
        lambda n: duties(n, lambda g, k: g.integers(0, 1000, k), np.arange(n) // 10),
        LONG,
    ),
}


def monitored(folder: Path, table: pl.DataFrame, formula: str) -> float:
    """Seconds to answer a formula on a log."""
    (folder / "s.sig").write_text(DUTIES)
    (folder / "f.mfotl").write_text(formula)
    table.write_parquet(folder / "l.parquet")
    return _spent(lambda: monitor_files(folder / "s.sig", folder / "f.mfotl", folder / "l.parquet"))


def commitments(count: int) -> float:
    """Seconds to read and assess an agreement of so many commitments, on no records."""
    clauses = [
        f'obligation n{i} "{i}"\n  bearer A\n  achieve enacts by A act law{i}\n  from in_force\n'
        f"  within {1 + i % 300} days of in_force\n"
        for i in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:  # in several files: one has its limit of lines
        parts = range(0, count, IN_A_FILE)
        for start in parts:
            text = "\n".join(clauses[start : start + IN_A_FILE])
            (Path(folder) / f"part{start}.servanda").write_text(text)
        whole = Path(folder) / "whole.servanda"
        whole.write_text(TWO_TOWNS + "".join(f'include "part{p}.servanda"\n' for p in parts))
        return _spent(lambda: _assessed(library.load(whole), []))


BACK = (
    TWO_TOWNS
    + '\nobligation back "each gives back what it took"\n'
    + "  for each who where lifts_sanctions by who on A\n"
    + "  bearer who\n  achieve imposes_sanctions by who on A\n  from in_force\n"
    + "  within 300 days of in_force\n"
)
REPORT = (
    '\nobligation report "each reports on it"\n'
    + "  for each who where lifts_sanctions by who on A\n"
    + "  bearer who\n  achieve imposes_sanctions by who on B\n  from back[who] is active\n"
    + "  within 90 days of back[who] is active\n"
)


def subjects(count: int) -> float:
    """Seconds to assess one commitment with an instance for each of so many subjects."""
    return _spent(lambda: _assessed(library.from_text(BACK), _lifted(count)))


def chained(count: int) -> float:
    """Seconds for two commitments of so many subjects each, where one begins with the other."""
    return _spent(lambda: _assessed(library.from_text(BACK + REPORT), _lifted(count)))


def _lifted(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"r{i}",
            "type": "lifts_sanctions",
            "at": "2026-02-01T00:00:00Z",
            "args": {"by": f"S{i}", "on": "A", "class": "trade"},
            "source": f"S{i}",
        }
        for i in range(count)
    ]


CHANGING = {
    "answered each time": (
        'obligation each "answers each attack"\n  bearer A\n  achieve enacts by A act answer\n'
        "  from each attack by B on A\n  within 3 days of attack by B on A\n",
        ("attack", "answer", "repeals"),
    ),
    "kept and failed": (
        'obligation keep "keeps them in place"\n  bearer A\n'
        "  maintain not lifts_sanctions by A on B\n  from in_force\n",
        ("lifts", "imposes"),
    ),
    "each waits for the other": (
        'obligation one "answers each attack"\n  bearer A\n  achieve enacts by A act answer\n'
        "  from each attack by B on A\n  deadline unspecified\n  suspended while two is suspended\n"
        '\nobligation two "keeps them in place"\n  bearer B\n'
        "  maintain not lifts_sanctions by A on B\n  from in_force\n"
        "  suspended while once [1 hours, 30 hours] (one is fulfilled)\n",
        ("attack", "answer", "lifts", "imposes"),
    ),
}
ACTS: dict[str, dict[str, Any]] = {
    "attack": {"type": "attack", "args": {"by": "B", "on": "A"}},
    "answer": {"type": "enacts", "args": {"by": "A", "act": "answer"}},
    "repeals": {"type": "repeals", "args": {"by": "A", "act": "answer"}},
    "lifts": {"type": "lifts_sanctions", "args": {"by": "A", "on": "B", "class": "trade"}},
    "imposes": {"type": "imposes_sanctions", "args": {"by": "A", "on": "B", "class": "trade"}},
}
APART = timedelta(hours=26)  # so that no two records tell of one occurrence


def changing(name: str, count: int) -> float:
    """Seconds to work out a commitment whose state changes at each of so many records."""
    text, kinds = CHANGING[name]
    records = [
        {
            "id": f"r{i:07}",
            "at": (datetime(2026, 1, 2) + i * APART).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source": "OSCE",
            **ACTS[kinds[i % len(kinds)]],
        }
        for i in range(count)
    ]
    asked, _ = asking.question(library.from_text(TWO_TOWNS + text), records, as_of="7000-01-01")
    len(asked.world.by_type)

    def worked_out() -> None:
        run = asked.run("any_claim", {})
        assert (
            sum(len(h.times) for n in asked.agreement.norms for h in run.histories(n)) > count / 2
        )

    return _spent(worked_out)


def _assessed(agreement: library.Library, records: list[dict[str, Any]]) -> None:
    import servanda

    servanda.assess(agreement, records, as_of="2026-06-01")


def _spent(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="a tenth of the sizes")
    gc.set_threshold(*GATHERING)  # as every command does
    scale = 10 if parser.parse_args().small else 1
    print(f"{'shape':30} {'formula':12} {'size':>10} {'s':>8} {'four times s':>13} {'growth':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (made, formulas) in SHAPES.items():
            for said, formula in formulas.items():
                size = 250_000 // scale
                times = [monitored(Path(folder), made(n), formula) for n in (size, 4 * size)]
                _line(name, said, size, times)
    shapes: list[tuple[str, Callable[[int], float], int]] = [
        ("commitments", commitments, 2_500 // scale),
        ("an instance for each subject", subjects, 2_500 // scale),
        ("subjects that wait for another", chained, 1_000 // scale),
        *((name, partial(changing, name), 25_000 // scale) for name in CHANGING),
    ]
    for name, work, size in shapes:
        _line(name, "", size, [work(size), work(4 * size)])


def _line(name: str, said: str, size: int, times: list[float]) -> None:
    one, four = times
    print(f"{name:30} {said:12} {size:10,} {one:8.2f} {four:13.2f} {four / one:7.1f}", flush=True)


if __name__ == "__main__":
    main()
