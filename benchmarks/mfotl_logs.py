"""Logs for the benchmark of temporal formulas, drawn with a fixed seed: duties, bank, publishing.

In: a kind and a number of events.  Out: a table with ts, tp, rel and arguments, written as the
peers' text, as CSV and as Parquet.  The mixtures follow those that the peers were measured on.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

SEED = 1


def duties(n: int) -> pl.DataFrame:
    """About ten events per time-point among 1,000 agents: P a duty, R its discharge, Q, S payments.

    Nine duties of ten are discharged, 1 to 12 time-points later.
    """
    g = np.random.default_rng(SEED)
    acts = int(n / 1.27)
    at = np.arange(acts) * 10 // int(10 * 10 / 1.27)
    agent = g.integers(0, 1000, acts)
    kind = g.choice(np.array(["P", "Q", "S"]), acts, p=[0.30, 0.35, 0.35])
    value = np.where(kind == "Q", g.integers(0, 50, acts), g.integers(1, 1000, acts))
    discharged = np.flatnonzero((kind == "P") & (g.random(acts) < 0.9))
    later = at[discharged] + g.integers(1, 13, len(discharged))
    frame = pl.concat(
        [
            pl.DataFrame({"ts": at, "rel": kind, "a": agent, "b": value}).with_columns(
                pl.when(pl.col("rel") == "P").then(None).otherwise(pl.col("b")).alias("b")
            ),
            pl.DataFrame({"ts": later, "rel": "R", "a": agent[discharged]}),
        ],
        how="diagonal",
    ).sort("ts", maintain_order=True)
    return frame.head(n).with_columns(pl.col("ts").rle_id().cast(pl.Int64).alias("tp"))


def alone(n: int) -> pl.DataFrame:
    """One agent and a clock that ticks: each of P, R, Q, S at some of the time-points.

    Each at most once a time-point, so that a tuple and a time-point are one; n events in all.
    """
    g = np.random.default_rng(SEED)
    share = {"P": 0.05, "R": 0.05, "Q": 0.45, "S": 0.45}
    points = 2 + int(1.05 * n)
    parts = []
    for name, often in share.items():
        at = np.flatnonzero(g.random(points) < often)
        columns = {"ts": at, "rel": name, "a": np.zeros(len(at), np.int64)}
        if name in "QS":
            columns["b"] = g.integers(1, 1000, len(at))
        parts.append(pl.DataFrame(columns))
    log = pl.concat(parts, how="diagonal").sort("ts", maintain_order=True).head(n)
    log = log.with_columns(pl.col("ts").rle_id().cast(pl.Int64).alias("tp"))
    return log.with_columns(pl.col("tp").alias("ts"))  # no gap: a stamp is the number of its row


def bank(n: int) -> pl.DataFrame:
    """Transactions, half of them above 2000, reported and authorised mostly in time."""
    g = np.random.default_rng(SEED)
    k = n // 3
    at = np.sort(g.integers(0, n // 4, k))
    amount = np.where(g.random(k) < 0.5, g.integers(2001, 9000, k), g.integers(1, 2001, k))
    late, early = g.random(k) < 0.05, g.random(k) < 0.05
    reported = at + np.where(late, g.integers(6, 12, k), g.integers(0, 6, k))
    authorised = at - np.where(early, g.integers(21, 40, k), g.integers(2, 21, k))
    number = np.arange(k)
    customer = g.integers(0, k // 20 + 1, k)
    parts = [
        pl.DataFrame({"ts": at, "rel": "trans", "a": customer, "b": number, "c": amount}),
        pl.DataFrame({"ts": reported, "rel": "report", "a": number}),
        pl.DataFrame({"ts": authorised, "rel": "auth", "a": g.integers(0, 50, k), "b": number}),
    ]
    return _one_by_one(parts)


def publishing(n: int) -> pl.DataFrame:
    """Accountants and managers come and go, managers approve files, accountants publish them."""
    g = np.random.default_rng(SEED)
    k = n // 6
    accountants, managers = 500, 50

    def when() -> Any:
        return np.sort(g.integers(0, n // 4, k))

    files, published = np.arange(k), when()
    parts = [
        pl.DataFrame(
            {"ts": published, "rel": "publish", "a": g.integers(0, accountants, k), "b": files}
        ),
        pl.DataFrame(
            {
                "ts": published - g.integers(0, 14, k),
                "rel": "approve",
                "a": g.integers(0, managers, k),
                "b": files,
            }
        ),
    ]
    for name in ("acc_S", "acc_F"):
        parts.append(pl.DataFrame({"ts": when(), "rel": name, "a": g.integers(0, accountants, k)}))
    for name in ("mgr_S", "mgr_F"):
        roles = g.integers(0, managers, k), g.integers(0, accountants, k)
        parts.append(pl.DataFrame({"ts": when(), "rel": name, "a": roles[0], "b": roles[1]}))
    return _one_by_one(parts)


def _one_by_one(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """One event per time-point, in the order of stamps and shuffled within each."""
    log = pl.concat(parts, how="diagonal").with_columns(pl.col("ts").clip(lower_bound=0))
    log = log.sample(fraction=1.0, shuffle=True, seed=SEED).sort("ts", maintain_order=True)
    return log.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("tp"))


KINDS: dict[str, Callable[[int], pl.DataFrame]] = {
    "duties": duties,
    "alone": alone,
    "bank": bank,
    "publishing": publishing,
}


def write(kind: str, n: int, folder: Path) -> dict[str, Path]:
    """The log in three files: text, csv and parquet; made once per folder."""
    files = {form: folder / f"{kind}-{n}.{form}" for form in ("log", "csv", "parquet")}
    if all(file.exists() for file in files.values()):
        return files
    frame = KINDS[kind](n)
    arguments = [c for c in ("a", "b", "c") if c in frame.columns]
    frame = frame.select("ts", "tp", "rel", *arguments)
    frame.write_parquet(files["parquet"])
    frame.write_csv(files["csv"])
    texts = [pl.col(a).cast(pl.String) for a in arguments]
    event = pl.format("{}({})", "rel", pl.concat_str(texts, separator=",", ignore_nulls=True))
    lines = (
        frame.lazy()
        .select("tp", "ts", event.alias("event"))
        .group_by("tp", maintain_order=True)
        .agg(pl.col("ts").first(), pl.col("event").str.join(" "))
        .select(pl.format("@{} {};", "ts", "event"))
        .collect()
    )
    lines.write_csv(files["log"], include_header=False, quote_style="never")
    return files
