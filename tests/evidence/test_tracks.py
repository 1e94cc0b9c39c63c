"""Coverage from tracks and uptime: by hand, and against points along the way."""

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda import asking, library
from servanda.cli import main
from servanda.evidence.checked import to_record
from servanda.evidence.instant import parse_period
from servanda.evidence.tracks import MINUTE, Track, Uptime, seen, watch_of
from servanda.geo import Point
from servanda.geo.shape import between_km
from servanda.language.load import standard_records

PATROL: dict[str, Any] = {
    "track": "p1",
    "source": "Mission",
    "types": ["attack"],
    "sees_km": 2,
    "fixes": [
        ["2026-01-05T10:50:00Z", 48.0, 37.0],
        ["2026-01-05T11:00:00Z", 48.1, 37.0],
        ["2026-01-05T11:10:00Z", 48.2, 37.0],
        ["2026-01-05T12:30:00Z", 48.5, 37.0],
        ["2026-01-05T12:40:00Z", 48.5, 37.1],
    ],
}
CAMERA: dict[str, Any] = {
    "camera": "c1",
    "source": "Mission",
    "types": ["attack", "enters"],
    "sees_km": 5,
    "lat": 48.0,
    "lon": 37.0,
    "up": [["2026-01-05T00:00:00Z", "2026-01-05T06:00:00Z"]],
}


def test_a_track_is_cut_by_slices_and_by_gaps() -> None:
    found = list(seen(watch_of(PATROL)))
    times = [(s.record["at"][11:16], s.record["args"]["until"][11:16]) for s in found]
    assert times == [("10:50", "11:00"), ("11:00", "11:10"), ("12:30", "12:40")]
    first, second, last = (s.area for s in found)
    assert first.contains(Point(48.05, 37.0))
    assert not first.contains(Point(48.2, 37.0))
    assert second.contains(Point(48.2, 37.02))
    assert not any(a.contains(Point(48.35, 37.0)) for a in (first, second, last)), "the gap"
    assert last.contains(Point(48.5, 37.05))


def test_a_camera_sees_a_circle_while_it_is_up() -> None:
    (found,) = seen(watch_of(CAMERA))
    assert found.area.area_km2 == pytest.approx(math.pi * 25, rel=0.01)
    assert found.area.area_km2 < math.pi * 25, "on the small side"
    record = to_record(found.record, standard_records(), ZoneInfo("UTC"))
    assert record.words("types") == ("attack", "enters")
    assert record.word("until") == "2026-01-05T06:00:00Z"
    assert record.word("via") == "camera"


@given(
    st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=2, max_size=6),
    st.integers(1, 90),
    st.floats(0.5, 10),
)
def test_all_that_is_passed_is_seen_and_nothing_further_off(
    ways: list[tuple[float, float]], minutes: int, km: float
) -> None:
    start = parse_period("2026-01-05T10:07:00Z", ZoneInfo("UTC")).first
    fixes = [
        [f"2026-01-05T{10 + (7 + 9 * n) // 60}:{(7 + 9 * n) % 60:02d}:00Z", 48 + y, 37 + x]
        for n, (y, x) in enumerate(ways)
    ]
    track = watch_of({**PATROL, "sees_km": km, "fixes": fixes})
    found = list(seen(track, minutes * MINUTE))
    spans = [_span(s.record) for s in found]
    assert spans[0][0] == start
    assert all(a[1] == b[0] for a, b in pairwise(spans)), "without a hole"
    assert all((b - a) <= minutes * MINUTE for a, b in spans)
    assert isinstance(track, Track)
    for (_, one), (_, other) in pairwise(track.fixes):
        middle = Point((one.lat + other.lat) / 2, (one.lon + other.lon) / 2)
        assert any(s.area.contains(middle) for s in found)
    for slice_ in found:
        for lon, lat in _corners(slice_.area.geometry):
            near = min(between_km(Point(lat, lon), p) for p in _along(track, _span(slice_.record)))
            assert near <= km * 1.02 + 0.5


def _span(record: Any) -> tuple[int, int]:
    utc = ZoneInfo("UTC")
    return parse_period(record["at"], utc).first, parse_period(record["args"]["until"], utc).first


def _corners(geometry: Any) -> list[tuple[float, float]]:
    import shapely

    return [tuple(c) for c in shapely.get_coordinates(geometry)[::7]]


def _along(track: Track, span: tuple[int, int]) -> list[Point]:
    """Many points of the way during a span."""
    found = []
    for (t0, one), (t1, other) in pairwise(track.fixes):
        for step in range(201):
            at = t0 + (t1 - t0) * step / 200
            if span[0] - MINUTE / 10 <= at <= span[1] + MINUTE / 10:
                share = step / 200
                lat = one.lat + (other.lat - one.lat) * share
                found.append(Point(lat, one.lon + (other.lon - one.lon) * share))
    return found


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], "neither a track nor a camera"),
        ({**PATROL, "camera": "x"}, "neither a track nor a camera"),
        ({**PATROL, "source": ""}, "without “source”"),
        ({**PATROL, "types": []}, "lists the record types"),
        ({**PATROL, "sees_km": 0}, "not guessed"),
        ({**PATROL, "fixes": []}, "without “fixes”"),
        ({**PATROL, "fixes": [["2026-01-05", 48, 37]]}, "no instant"),
        ({**PATROL, "fixes": [["2026-01-05T10:00:00", 48, 37]]}, "no time zone"),
        ({**PATROL, "fixes": [["2026-01-05T10:00:00Z", 0, 0]]}, "not known"),
        ({**PATROL, "fixes": list(reversed(PATROL["fixes"]))}, "does not come after"),
        ({**CAMERA, "lat": "48"}, "no coordinates"),
        ({**CAMERA, "up": [["2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z"]]}, "is not after"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(row: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        watch_of(row)


AGREEMENT = """\
agreement demo "A truce"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-05

party A
party B

zone strip from "zones.geojson#strip"

prohibition truce.hold "A does not attack in the strip"
  bearer A
  not attack by A at strip
  from in_force
"""


def test_from_tracks_to_covered_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ring = [[36.9, 47.9], [37.1, 47.9], [37.1, 48.1], [36.9, 48.1], [36.9, 47.9]]
    strip = {"id": "strip", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    Path("zones.geojson").write_text(json.dumps({"features": [strip]}))
    Path("a.servanda").write_text(AGREEMENT)
    Path("sources.yaml").write_text(
        "sources: [{id: Mission, name: M, kind: monitor, side: null, mandate: [coverage]}]\n"
    )
    Path("w.jsonl").write_text(json.dumps(CAMERA) + "\nnonsense\n")
    assert main(["tracks", "w.jsonl", "--to", "c.jsonl"]) == 0
    out, err = capsys.readouterr()
    assert "1 coverage record in c.jsonl" in out
    assert "w.jsonl:2: not used" in err
    lib = library.with_areas(library.load("a.servanda"), Path("c.areas.geojson"))
    result = asking.assess(lib, ["c.jsonl"], as_of="2026-01-05T23:59:59.999999Z")
    (norm,) = result["norms"]
    assert norm["coverage"]["time_share"] == pytest.approx(0.25)
    whole = lib.atlas.area_km2("strip")
    assert whole is not None
    assert norm["coverage"]["area_share"] == pytest.approx(math.pi * 25 / whole, rel=0.01)
    arguments = ["assess", "a.servanda", "--records", "c.jsonl", "--areas", "c.areas.geojson"]
    assert main(arguments) == 0
    assert main([*arguments, "--areas", "zones.geojson"]) == 2
    assert "name of a place already" in capsys.readouterr().err
    # The same in one go: coverage is computed from the tracks themselves.
    assert main(["assess", "a.servanda", "--tracks", "w.jsonl", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert "w.jsonl:2: not used" in err
    computed = json.loads(out)["norms"][0]["coverage"]
    assert main([*arguments, "--format", "json"]) == 0
    assert computed == json.loads(capsys.readouterr().out)["norms"][0]["coverage"]
    assert main(["assess", "a.servanda", "--tracks", "w.jsonl", "--tracks", "w.jsonl"]) == 2
    assert "name of a place already" in capsys.readouterr().err
    assert main(["assess", "a.servanda", "--tracks", "absent.jsonl"]) == 2
    assert main(["records", "a.servanda", "--tracks", "w.jsonl", "--coverage"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Mission by camera: attack" in told and "seen-" in told
    assert "of both, by Mission (camera)" in told
    assert (
        main(["records", "a.servanda", "--tracks", "w.jsonl", "--coverage", "--standard", "1 body"])
        == 0
    )
    told = " ".join(capsys.readouterr().out.split())
    assert "does not count under this standard" in told
    assert "(standard “1 body”)" in told
    assert isinstance(watch_of(CAMERA), Uptime)
