"""A monitored ceasefire: records of four years as a mission would keep them, any number of them.

    python -m benchmarks.monitored RECORDS FILE.parquet

Nineteen in twenty are attacks: half of them by nobody known, a third told by two or three speakers,
a fifth dated by day, at points around some three hundred places.  The rest is what else is recorded
in such years.  A few in a hundred are late, one in a hundred is replaced, some are withdrawn.  All
are invented; the same number and seed always give the same records.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

SIDES = np.array(("Russia", "Ukraine"))
TELLERS = np.array(("OSCE", "UN", "Reuters", "Russia", "Ukraine", "First_Agency", "Second_Agency"))
SHARES = (0.3, 0.15, 0.1, 0.15, 0.15, 0.08, 0.07)
WEAPONS = np.array(("drone", "missile", "artillery", "air", "ground"))
WEAPON_SHARES = (0.45, 0.02, 0.4, 0.08, 0.05)
START = np.datetime64("2026-02-01T00:00", "m")
MINUTES = 4 * 365 * 24 * 60
PLACES = 300


def records(count: int, seed: int = 1) -> pl.DataFrame:
    """The records as a table, in the order in which they were reported."""
    rng = np.random.default_rng(seed)
    attacks = _attacks(rng, int(count * 0.95))
    others = [
        _others(
            rng,
            "enters",
            count // 400,
            {"forces_of": SIDES, "territory_of": SIDES[::-1], "people": np.arange(1, 400)},
        ),
        _others(rng, "forces_withdrawn", count // 400, {"of": SIDES, "from": SIDES[::-1]}),
        _others(
            rng,
            "measure",
            count // 1000,
            {
                "name": np.array(("armed_forces",) * 2),
                "of": SIDES[::-1],
                "value": np.arange(520_000, 600_000, 500),
            },
        ),
        _others(
            rng,
            "claim_total",
            count // 50,
            {"by": SIDES, "against": SIDES[::-1], "count": np.arange(1, 90)},
        ),
        _others(
            rng,
            "pays",
            count // 1000,
            {
                "from": np.array(("Frozen_Assets",) * 2),
                "into": np.array(("us_led_investment",) * 2),
                "amount": np.arange(1_000_000, 9_000_000, 1_000),
                "currency": np.array(("USD",) * 2),
            },
        ),
    ]
    founding = _founding()
    rest = count - sum(len(f) for f in (attacks, founding, *others))
    filling = _attacks(rng, max(rest, 0), "f")
    table = pl.concat([founding, attacks, filling, *others], how="diagonal")
    return _corrected(rng, table).sort("reported", "id").head(count)


def _founding() -> pl.DataFrame:
    """Consents and withdrawals that set the ceasefire going."""
    parties = ("Russia", "Ukraine", "United_States", "Europe")
    rows = [
        {
            "id": f"c-{p}",
            "type": "agrees",
            "at": "2026-01-10",
            "source": p,
            "args.party": p,
            "reported": "2026-01-10",
        }
        for p in parties
    ]
    rows += [
        {
            "id": f"w-{p}-{s}",
            "type": "forces_withdrawn",
            "at": "2026-01-20",
            "source": s,
            "args.of": p,
            "args.from": "agreed_points",
            "reported": "2026-01-20",
        }
        for p in parties[:2]
        for s in ("OSCE", "UN")
    ]
    return pl.DataFrame(rows)


def _attacks(rng: np.random.Generator, count: int, mark: str = "a") -> pl.DataFrame:
    """Attacks, each told by one to three speakers within minutes and metres."""
    towns = np.column_stack((rng.uniform(46.5, 51.5, PLACES), rng.uniform(32.5, 38.0, PLACES)))
    weight = rng.pareto(1.2, PLACES) + 0.1
    tellings = rng.choice((1, 2, 3), count, p=(0.66, 0.25, 0.09))
    event = np.repeat(np.arange(count), tellings)[:count]
    events = int(event[-1]) + 1 if count else 0
    town = rng.choice(PLACES, events, p=weight / weight.sum())
    minute = np.sort(rng.integers(0, MINUTES, events))
    by = rng.choice(2, events)
    known = rng.random(events) < 0.5
    point = towns[town] + rng.normal(0, 0.12, (events, 2))
    drift = rng.normal(0, 0.004, (count, 2))
    teller = rng.choice(len(TELLERS), count, p=SHARES)
    weapon = rng.choice(len(WEAPONS), events, p=WEAPON_SHARES)
    when = START + minute[event].astype("timedelta64[m]")
    daily = rng.random(count) < 0.2
    late = np.where(rng.random(count) < 0.05, rng.integers(1, 200, count), 0)
    attributed = known[event] & (rng.random(count) < 0.9)
    return pl.DataFrame(
        {
            "id": [f"{mark}{i}" for i in range(count)],
            "type": "attack",
            "at": np.where(daily, when.astype("M8[D]").astype(str), _text(when)),
            "source": TELLERS[teller],
            "reported": _text(when + (late + 1).astype("timedelta64[D]")),
            "args.by": np.where(attributed, SIDES[by[event]], "unattributed"),
            "args.on": SIDES[1 - by[event]],
            "args.weapon": WEAPONS[weapon[event]],
            "lat": np.round(point[event, 0] + drift[:, 0], 4),
            "lon": np.round(point[event, 1] + drift[:, 1], 4),
        }
    )


def _others(
    rng: np.random.Generator, kind: str, count: int, args: dict[str, np.ndarray]
) -> pl.DataFrame:
    when = START + rng.integers(0, MINUTES, count).astype("timedelta64[m]")
    side = rng.choice(2, count)
    columns = {
        f"args.{name}": given[side] if len(given) == 2 else rng.choice(given, count)
        for name, given in args.items()
    }
    return pl.DataFrame(
        {
            "id": [f"{kind}{i}" for i in range(count)],
            "type": kind,
            "at": _text(when),
            "source": TELLERS[rng.choice(len(TELLERS), count, p=SHARES)],
            "reported": _text(when + np.timedelta64(1, "D")),
            **columns,
        }
    )


def _corrected(rng: np.random.Generator, table: pl.DataFrame) -> pl.DataFrame:
    """One in a hundred is replaced later by the same source; some are withdrawn."""
    chosen = table.sample(fraction=0.013, seed=int(rng.integers(1 << 30)))
    replacing = chosen.head(int(len(chosen) * 0.77)).with_columns(
        pl.col("id").alias("replaces"), pl.format("{}r", "id").alias("id")
    )
    withdrawing = chosen.tail(len(chosen) - len(replacing)).select(
        pl.format("{}w", "id").alias("id"),
        "type",
        "source",
        "reported",
        pl.col("id").alias("withdraws"),
    )
    return pl.concat([table, replacing, withdrawing], how="diagonal")


def _text(when: np.ndarray) -> np.ndarray:
    return np.char.add(when.astype(str), ":00Z")


if __name__ == "__main__":
    records(int(sys.argv[1])).write_parquet(Path(sys.argv[2]))
