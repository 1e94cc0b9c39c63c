"""The matrix: only what differs, grouped by what makes the difference."""

import servanda
from tests.support import story


def test_states_agree_with_the_assessment() -> None:
    told = story.parse(story.FOLDER / "truce-pause-two-starts.md")
    lib = story.library_of(told)
    records = story.records_of(lib, told.rows)
    found = servanda.matrix(lib, records, as_of="2025-04-01")
    rows = [(n["id"], row) for g in found["groups"] for n in g["norms"] for row in n["rows"]]
    assert rows
    for instance, row in rows:
        for standard, state in row["states"].items():
            result = servanda.assess(
                lib, records, as_of="2025-04-01", standard=standard, readings=row["readings"]
            )
            assert next(n for n in result["norms"] if n["id"] == instance)["state"] == state


def test_groups_name_what_makes_the_difference() -> None:
    told = story.parse(story.FOLDER / "truce-pause-two-starts.md")
    lib = story.library_of(told)
    found = servanda.matrix(lib, story.records_of(lib, told.rows), as_of="2025-04-01")
    assert any("start" in group["terms"] for group in found["groups"])
    listed = {n["id"] for g in found["groups"] for n in g["norms"]}
    assert listed
    assert not listed & set(found["same"])
