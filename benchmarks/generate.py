"""Random courses of events for the flagship, always the same for the same seed."""

import json
import random
from collections.abc import Iterator
from typing import Any

START_DAY = 10
SIDES = ("Russia", "Ukraine")
SOURCES = ("Russia", "Ukraine", "OSCE", "Reuters", "UN", "First_Agency", "Second_Agency")
TOWNS = ("Kherson_city", "Nikopol", "Kupiansk", "Belgorod_city", "Kursk_city", "Pokrovsk", "Moscow")


def course(records: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Consents, withdrawals and then mostly attacks, told by several speakers, over 300 days."""
    rng = random.Random(seed)
    for party in (*SIDES, "United_States", "Europe"):
        yield _record(f"c-{party}", "agrees", "2026-01-10", {"party": party}, party)
    for party in SIDES:
        for source in ("OSCE", "UN"):
            yield _record(
                f"w-{party}-{source}",
                "forces_withdrawn",
                "2026-01-20",
                {"of": party, "from": "agreed_points"},
                source,
            )
    for number in range(records - 8):
        yield _event(rng, number)


def _event(rng: random.Random, number: int) -> dict[str, Any]:
    day = f"2026-{rng.randint(2, 11):02d}-{rng.randint(1, 28):02d}"
    hour = f"{day}T{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:00Z"
    at = day if rng.random() < 0.3 else hour
    one, other = rng.sample(SIDES, 2)
    source = rng.choice(SOURCES)
    identity = f"r{number}"
    kind = rng.random()
    if kind < 0.8:
        by = "unattributed" if rng.random() < 0.5 else one
        args = {"by": by, "on": other, "weapon": rng.choice(("drone", "missile", "artillery"))}
        return _record(identity, "attack", at, args, source, rng.choice(TOWNS))
    if kind < 0.85:
        measured: dict[str, Any] = {
            "name": "armed_forces",
            "of": "Ukraine",
            "value": rng.randint(500, 900) * 1000,
        }
        return _record(identity, "measure", at, measured, source)
    if kind < 0.9:
        crossing: dict[str, Any] = {
            "forces_of": one,
            "territory_of": other,
            "people": rng.randint(1, 3000),
        }
        return _record(identity, "enters", at, crossing, source)
    if kind < 0.95:
        return _record(identity, "forces_withdrawn", at, {"of": one, "from": other}, source)
    change: dict[str, Any] = {
        "place": rng.choice(("Kupiansk", "Kherson_city")),
        "from": other,
        "to": one,
    }
    return _record(identity, "control_change", at, change, source)


def _record(
    identity: str, kind: str, at: str, args: dict[str, Any], source: str, place: str | None = None
) -> dict[str, Any]:
    made = {"id": identity, "type": kind, "at": at, "args": args, "source": source}
    return made if place is None else {**made, "place": {"name": place}}


def lines(records: int, seed: int = 1) -> str:
    """The course as JSON Lines."""
    return "\n".join(json.dumps(one) for one in course(records, seed))
