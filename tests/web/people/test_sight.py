"""What a role sees of records: the same on page, JSON, search, explanation, map and changes."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from servanda.ledger import kept
from servanda.ledger.handling import Handling
from servanda.ledger.importing import Import, Source
from servanda.ledger.ledger import init, open_ledger
from servanda.ledger.reading import records
from servanda.ledger.remarks import reclassify, redact
from servanda.ledger.rows import digest_of, rows_of_file
from servanda.library import load
from servanda.web.people.person import PUBLIC, VISITOR, Person
from servanda.web.people.roles import Role
from servanda.web.people.sight import AUDIENCE, NARROWEST, Sight, seen_by
from servanda.web.watch import PATIENCE, SHARE, Watch
from tests.web.people.house import House, build

CLASSES = ("public", "parties", "body", "confidential")
NO_CLASS = "untold"
OWNERS: tuple[str | None, ...] = ("Upper", None, "Lower")
OPEN = Handling("public", "public_source", ("assessment", "reporting"))


def _row(identity: str, source: str, handling: str | None, minute: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": identity,
        "type": "attack",
        "at": f"2026-02-03T04:{minute:02}:07Z",
        "args": {"by": "Lower", "on": "Upper"},
        "place": {"lat": 48.5, "lon": round(37.101 + minute / 1000, 3)},
        "source": source,
    }
    return row if handling is None else {**row, "handling": handling}


ROWS = [
    *(_row(f"radio-{name}", "Radio", name, 10 + n) for n, name in enumerate(CLASSES)),
    _row(f"radio-{NO_CLASS}", "Radio", None, 20),
    _row("upper-own", "Upper", "confidential", 30),
    _row("lower-own", "Lower", "confidential", 31),
    _row("wrong-word", "Radio", "secret", 40),
]
RADIO = {
    "public": {"radio-public"},
    "parties": {"radio-public", "radio-parties"},
    "body": {"radio-public", "radio-parties", "radio-body", f"radio-{NO_CLASS}"},
}
EVERYTHING = {row["id"] for row in ROWS}
# By hand: what a role sees of these rows, lying in a file.
SEEN = {
    Role.PUBLIC: RADIO["public"],
    Role.EDITOR: RADIO["public"],
    Role.DRAFTER: RADIO["parties"],
    Role.PARTY: RADIO["parties"] | {"upper-own"},  # of Upper
    Role.MONITOR: RADIO["body"],
    Role.MEMBER: RADIO["body"],
    Role.CHAIR: RADIO["body"],
    Role.ADMINISTRATOR: RADIO["body"],
    Role.SECRETARIAT: EVERYTHING,
    Role.AUDITOR: EVERYTHING,
}
PATHS = (
    "",
    "/provisions",
    "/provisions/p1",
    "/provisions/p1?why=p1.peace%5BLower%5D",
    "/records",
    "/records?q=radio",
    "/records?q=own",
    "/claims",
    "/changes",
    "/map",
    "/audit",
)


def _filed(folder: Path) -> dict[str, Any]:
    path = folder / "r.jsonl"
    lines = [json.dumps(row) for row in ROWS]
    path.write_text("\n".join([*lines, '{"id":"unreadable-row","handling":"confidential"}']) + "\n")
    return {"records": (path,)}


def _kept(folder: Path) -> dict[str, Any]:
    """The same in a ledger; a word that is no class is refused there."""
    path = folder / "r.jsonl"
    rows = [{**row, "handling": row.get("handling", "body")} for row in ROWS[:-1]]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    steps = count(1_770_100_000_000_000, 1_000_000)
    place = folder / "l.ledger"
    ledger = init(str(place), "A mission", next(steps), Path(f"{place}.keys"))
    source = Source(path.name, *digest_of(path))
    Import(ledger, source, OPEN, lambda: next(steps)).run(rows_of_file(path))
    return {"ledger": str(place)}


@pytest.fixture(scope="module", params=[_filed, _kept], ids=["file", "ledger"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("sight")
    return build(folder, public=True, **request.param(folder))


def _ids(house: House, role: Role, acts_for: str | None = None) -> set[str]:
    one = house.as_role(role, acts_for)
    answer = one.get("/agreements/valleys/records.json?count=500")
    assert answer.status_code == 200, answer.text
    return {record["id"] for record in answer.json()["records"]}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VISITOR])
def test_the_records_of_a_role(house: House, role: Role) -> None:
    there = EVERYTHING - {"wrong-word"} if house.app.state.settings.ledger else EVERYTHING
    assert _ids(house, role) == SEEN[role] & there


@pytest.mark.parametrize(
    ("role", "acts_for"),
    [(r, None) for r in Role if r is not Role.VISITOR] + [(Role.PARTY, "Lower")],
)
def test_what_handling_keeps_from_somebody_stands_on_no_page(
    house: House, role: Role, acts_for: str | None
) -> None:
    one = house.as_role(role, acts_for)
    seen = SEEN[role] if acts_for is None else (SEEN[role] - {"upper-own"}) | {"lower-own"}
    ids = _ids(house, role, acts_for)
    assert ids == seen & _ids(house, Role.AUDITOR)
    hidden = [row for row in ROWS if row["id"] not in seen]
    for path in PATHS:
        base, _, query = path.partition("?")
        told = f"?{query}&standard=any_claim" if query else "?standard=any_claim"
        for ending in ("", ".json"):
            answer = one.get(f"/agreements/valleys{base}{ending}{told}")
            assert answer.status_code == 200, (path, answer.text[:300])
            for row in hidden:
                for mark in (row["id"], f"04:{row['at'][14:16]}", str(row["place"]["lon"])):
                    assert mark not in answer.text.replace(f"q={mark}", ""), (path, ending, mark)
            if role not in (Role.SECRETARIAT, Role.AUDITOR) and SEEN[role] != RADIO["body"]:
                assert "unreadable-row" not in answer.text
    for row in ROWS:
        for ending in ("", ".json"):
            answer = one.get(f"/agreements/valleys/records/{row['id']}{ending}")
            assert answer.status_code == (200 if row["id"] in ids else 404)


def test_a_breach_rests_on_what_one_sees(house: House) -> None:
    for role in (Role.PUBLIC, Role.PARTY, Role.AUDITOR):
        one = house.as_role(role)
        told = one.get("/agreements/valleys.json?standard=any_claim").json()
        (norm,) = [n for n in told["norms"] if n["id"] == "p1.peace[Lower]"]
        records = {i for breach in norm["breaches"] for i in breach["records"]}
        assert records == _ids(house, role)


def test_what_one_has_asked_is_not_answered_from_what_another_saw(house: House) -> None:
    wide = house.as_role(Role.AUDITOR)
    address = "/agreements/valleys/records.json?q=lower-own"
    assert wide.get(address).json()["total"] == 1
    assert house.as_role(Role.PARTY, "Upper").get(address).json()["total"] == 0
    assert house.as_role(Role.PARTY, "Lower").get(address).json()["total"] == 1


def test_a_party_is_not_told_how_much_is_kept_from_it(house: House) -> None:
    for role in (Role.PUBLIC, Role.PARTY, Role.DRAFTER):
        told = house.as_role(role).get("/agreements/valleys/records.json").json()
        assert told["withheld"] == 0
    counted = house.as_role(Role.PARTY).get("/index.json").json()["agreements"][0]["records"]
    assert counted == len(SEEN[Role.PARTY])


def test_the_count_on_the_first_page_is_of_what_one_sees(house: House) -> None:
    for role in (Role.PUBLIC, Role.MONITOR, Role.AUDITOR):
        told = house.as_role(role).get("/index.json").json()
        assert told["agreements"][0]["records"] == len(_ids(house, role))


def test_nobody_in_particular_sees_what_is_public() -> None:
    assert seen_by(VISITOR) == seen_by(PUBLIC) == NARROWEST == Sight("public", None, None)
    assert set(AUDIENCE) == set(Role)
    # A party that somebody else acts for is not theirs.
    assert seen_by(Person(Role.CHAIR, acts_for="Upper")).own is None


def test_who_acts_for_nobody_in_an_agreement_sees_of_it_what_is_public() -> None:
    names = {"Upper", "Lower", "Commission"}
    for role, whom in ((Role.PARTY, "Elsewhere"), (Role.CHAIR, "Arbiter"), (Role.MEMBER, "")):
        assert seen_by(Person(role, acts_for=whom)).within(names) == NARROWEST
    for one in (Person(Role.PARTY, acts_for="Upper"), Person(Role.MONITOR)):
        sight = seen_by(one)
        assert sight.within(names) == sight


def test_a_party_of_another_agreement_is_no_party_of_this_one(house: House) -> None:
    assert _ids(house, Role.PARTY, "Elsewhere") == RADIO["public"]


def test_what_a_ledger_keeps_of_a_reading_is_for_those_eyes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_FROM", 1)
    place = _kept(tmp_path)["ledger"]
    library = load(build(tmp_path).app.state.settings.agreements[0])
    copies: set[int] = set()
    for _ in range(2):  # the second time from the copies
        for whose in OWNERS:
            found = records(
                open_ledger(place),
                library.agreement.record_types,
                library.zone,
                "parties",
                own=whose,
            )
            names = {r.id for r in found.records} - RADIO["parties"]
            assert names == ({f"{whose.lower()}-own"} if whose else set())
        copies.add(len(kept.copies(open_ledger(place))))
    assert copies == {3}


def test_what_is_redacted_and_reclassified_is_gone_from_the_next_page(tmp_path: Path) -> None:
    told = _kept(tmp_path)
    ledger = open_ledger(told["ledger"])
    house = build(tmp_path, **told)
    upper, auditor = house.as_role(Role.PARTY, "Upper"), house.as_role(Role.AUDITOR)

    def seen() -> list[dict[str, Any]]:
        found = upper.get("/agreements/valleys/records.json").json()["records"]
        assert isinstance(found, list)
        return found

    assert {r["id"] for r in seen()} == SEEN[Role.PARTY]
    assert all(r.get("place") for r in seen())
    assert "radio-parties" in upper.get("/agreements/valleys/records?q=radio").text
    redact(ledger, ["radio-public"], ["place"], 1_770_200_000_000_000)
    redact(ledger, ["upper-own"], ["place"], 1_770_200_001_000_000)
    reclassify(ledger, ["radio-parties"], Handling("body"), 1_770_200_002_000_000)
    assert {r["id"] for r in seen()} == {"radio-public", "upper-own"}
    assert not any(r.get("place") for r in seen())
    assert "radio-parties" not in upper.get("/agreements/valleys/records?q=radio").text
    assert auditor.get("/agreements/valleys/records/radio-parties").status_code == 200


def test_the_hands_of_a_record_are_told_as_far_as_one_may_see(tmp_path: Path) -> None:
    told = _kept(tmp_path)
    path = tmp_path / "correction.jsonl"
    late = {**_row("late-word", "Radio", "confidential", 55), "replaces": ["radio-public"]}
    path.write_text(json.dumps(late) + "\n")
    source, steps = Source(path.name, *digest_of(path)), count(1_770_300_000_000_000, 1_000_000)
    ledger = open_ledger(told["ledger"])
    Import(ledger, source, OPEN, lambda: next(steps)).run(rows_of_file(path))
    house = build(tmp_path, **told)
    address = "/agreements/valleys/records/radio-public"
    for role, seen in ((Role.AUDITOR, True), (Role.MONITOR, False), (Role.PARTY, False)):
        text = house.as_role(role).get(address).text.partition("Custody")[2]
        assert "Record" in text
        for word in ("late-word", "Correction"):
            assert (word in text) == seen


def test_new_records_come_after_a_little_while(tmp_path: Path) -> None:
    told = _kept(tmp_path)
    ledger, now = open_ledger(told["ledger"]), [0.0]

    def add(name: str, at: int) -> None:
        path = tmp_path / f"{name}.jsonl"
        path.write_text(json.dumps(_row(name, "Radio", None, 50)) + "\n")
        source = Source(path.name, *digest_of(path))
        Import(ledger, source, OPEN, lambda: at).run(rows_of_file(path))

    watch = Watch(told["ledger"], lambda: now[0])
    assert [watch.edition(), watch.edition()] == [0, 0]
    watch.took(0.1)  # a page read what was there
    add("radio-more", 1_770_300_000_000_000)
    assert watch.edition() == 0
    now[0] += SHARE * 0.1
    assert [watch.edition(), watch.edition()] == [1, 1]
    reclassify(ledger, ["radio-more"], Handling("body"), 1_770_300_001_000_000)
    assert watch.edition() == 2
    watch.took(1000.0)
    assert watch.edition() == 2
    add("radio-last", 1_770_300_002_000_000)
    now[0] += PATIENCE - 1
    assert watch.edition() == 2
    now[0] += 1
    assert watch.edition() == 3
