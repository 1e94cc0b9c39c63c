"""Filing records: tried, entered, refused row by row; who files as whom; what goes in the trail."""

import html
import re
from typing import Any

import pytest

from servanda.ledger import chain
from servanda.ledger.ledger import open_ledger
from servanda.ledger.store import open_store
from servanda.web.filing import counter
from servanda.web.filing.tray import HELD_SECONDS
from servanda.web.people import trail
from servanda.web.people.roles import Role
from servanda.web.security import MAX_BODY, MAX_UPLOAD
from tests.web.filing.conftest import AGREEMENT, AT
from tests.web.people.house import ORIGIN, Browser, House, build

FILE = f"{AT}/file"
ATTACK = {
    "type": "attack",
    "at": "2026-09-01T10:00:00Z",
    "handling": "parties",
    "consent": "not_recorded",
    "use": "assessment",
    "args.by": "Upper",
    "args.on": "Lower",
}
ROW = (
    '{{"id":"{0}","type":"attack","at":"2026-09-02","source":"{1}",'
    '"args":{{"by":"Upper","on":"Lower"}}}}'
)


def alert(answer: Any) -> str:
    found = re.search(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
    return plain(found[1]) if found else ""


def status(answer: Any) -> str:
    return " ".join(
        plain(t) for t in re.findall(r'<p[^>]* role="status">(.*?)</p>', answer.text, re.DOTALL)
    )


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def mark(answer: Any) -> str:
    found = re.search(r'name="tried" value="([^"]*)"', answer.text)
    assert found is not None
    return found[1]


def file_one(who: Browser, **fields: str) -> Any:
    """Try a record, and enter it as it was tried."""
    sent = {**ATTACK, **fields}
    tried = who.send(FILE, None, **sent, do="try")
    if tried.status_code != 200:
        return tried
    return who.send(FILE, None, **sent, do="enter", tried=mark(tried))


def upload(who: Browser, text: str | bytes, name: str = "rows.jsonl", **fields: str) -> Any:
    from servanda.web.people import forms

    data = {
        forms.FIELD: forms.token_from(who.secret),
        "do": "try file",
        "handling": "parties",
        "consent": "not_recorded",
        "use": "assessment",
        **fields,
    }
    raw = text if isinstance(text, bytes) else text.encode()
    return who.client.post(
        FILE,
        data=data,
        files={"file": (name, raw)},
        headers={"origin": ORIGIN},
        follow_redirects=False,
    )


def confirm(who: Browser, tried: Any) -> Any:
    digest = re.search(r'name="digest" value="([^"]*)"', tried.text)
    assert digest is not None, status(tried) + alert(tried)
    return who.send(
        FILE, None, do="enter file", digest=digest[1],
        handling="parties", consent="not_recorded", use="assessment",
    )  # fmt: skip


def ids(house: House, role: Role = Role.SECRETARIAT) -> list[str]:
    told = house.as_role(role).get(f"{AT}/records.json").json()
    return sorted(r["id"] for r in told["records"])


def lines(house: House) -> list[tuple[str, str, str]]:
    with house.office.store.reading() as connection:
        found = trail.lines(connection)
    return [(one.who, one.what, one.on) for one in found if one.what == "files"]


def test_a_record_is_tried_then_entered_in_either_store(stored: House) -> None:
    lower = stored.as_role(Role.PARTY, "Lower")
    tried = lower.send(FILE, FILE, **ATTACK, do="try")
    assert tried.status_code == 200
    assert "not entered yet" in status(tried)
    assert ids(stored) == []
    done = lower.send(FILE, None, **ATTACK, do="enter", tried=mark(tried))
    assert done.status_code == 303
    shown = lower.get(done.headers["location"])
    assert "entry #1" in status(shown)
    (identity,) = ids(stored)
    assert identity in shown.text
    assert lines(stored) == [("party Lowerx", "files", f"record:{identity}")]
    page = lower.get(f"{AT}/records/{identity}")
    assert page.status_code == 200
    assert f"corrects={identity}" in page.text
    tried_file = upload(lower, "\n".join([ROW.format("r1", "Lower"), ROW.format("r2", "Upper")]))
    assert "1 record would be entered" in status(tried_file)
    done = confirm(lower, tried_file)
    assert "1 record entered" in status(done)
    assert ids(stored) == sorted([identity, "r1"])
    place = stored.app.state.settings.ledger
    assert chain.verify(open_ledger(place)).whole


def test_what_was_changed_after_the_trial_is_tried_anew(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    tried = lower.send(FILE, FILE, **ATTACK, do="try")
    other = {**ATTACK, "at": "2026-09-03"}
    again = lower.send(FILE, None, **other, do="enter", tried=mark(tried))
    assert again.status_code == 200
    assert "not entered yet" in status(again)
    assert ids(house) == []


def test_the_same_record_twice_is_one_entry(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    assert file_one(lower).status_code == 303
    house.clock.now += 3600
    assert file_one(lower).status_code == 303
    assert len(ids(house)) == 1
    tried = lower.send(FILE, None, **ATTACK, do="try")
    assert "in the ledger already" in status(tried)


def test_a_known_id_with_other_content_is_refused_with_both(house: House) -> None:
    lower, upper = (house.as_role(Role.PARTY, name) for name in ("Lower", "Upper"))
    assert file_one(lower, id="x1", handling="body").status_code == 303
    clash = upload(lower, ROW.format("x1", "Lower"))
    assert "1 row refused" in status(clash).replace(";", "") or "refused" in clash.text
    assert "There:" in clash.text and "2026-09-01T10:00:00Z" in plain(clash.text)
    closed = upload(upper, ROW.format("x1", "Upper"))
    assert "stands in the ledger with other content" in plain(closed.text)
    assert "There:" not in closed.text and "2026-09-01T10:00:00Z" not in plain(closed.text)


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"at": "2026-02-30"}, "f-at", "day"),
        ({"at": ""}, "f-at", "without"),
        ({"args.weapon": "sword"}, "f-args-weapon", "not one of"),
        ({"count": "many"}, "f-count", "not a number"),
        ({"place.lat": "48"}, "", "needs both"),
        ({"use": ""}, "", "at least one"),
        ({"handling": "secret"}, "f-handling", "no handling class"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    house: House, fields: dict[str, str], field: str, reason: str
) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    told = lower.send(FILE, FILE, **{**ATTACK, **fields}, do="try")
    assert told.status_code == 400
    assert reason in alert(told)
    if field:
        assert f'id="{field}-wrong"' in told.text
    assert 'value="2026-09-01T10:00:00Z"' in told.text or "at" in fields  # nothing is lost
    assert ids(house) == []


def test_a_party_files_as_that_party_alone(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    assert file_one(lower, source="Upper").status_code == 303  # the form does not ask; it is Lower
    (identity,) = ids(house)
    told = house.as_role(Role.SECRETARIAT).get(f"{AT}/records/{identity}.json").json()
    assert told["record"]["source"] == "Lower"
    quoting = ROW.format("q1", "Lower").replace('"args"', '"claimed_by":"Upper","args"')
    rows = [
        ROW.format("r1", "Lower"),
        ROW.format("r2", "Upper"),
        ROW.format("r3", "Radio"),
        quoting,
    ]
    tried = upload(lower, "\n".join(rows))
    assert "1 record would be entered" in status(tried)
    text = plain(tried.text)
    assert "“source” is “Upper”: you file as Lower alone" in text
    assert "“source” is “Radio”: you file as Lower alone" in text
    assert "“claimed_by” is “Upper”: you file the word of Lower alone" in text
    confirm(lower, tried)
    assert ids(house) == sorted([identity, "r1"])


@pytest.mark.parametrize(
    ("role", "source", "word", "kind", "taken"),
    [
        (Role.MONITOR, "Observers", "", "attack", True),
        (Role.MONITOR, "Observers", "Upper", "attack", True),
        (Role.MONITOR, "Upper", "", "attack", False),
        (Role.MONITOR, "Commission", "", "attack", False),
        (Role.MONITOR, "Observers", "Commission", "attack", False),
        (Role.MONITOR, "Observers", "Upper", "replies", False),
        (Role.SECRETARIAT, "Upper", "", "attack", True),
        (Role.SECRETARIAT, "Commission", "", "attack", True),
        (Role.CHAIR, "Commission", "", "attack", True),
        (Role.CHAIR, "Upper", "", "attack", False),
        (Role.CHAIR, "Commission", "Upper", "attack", False),
    ],
)
def test_a_side_and_a_body_speak_for_themselves(
    house: House, role: Role, source: str, word: str, kind: str, taken: bool
) -> None:
    row = ROW.format("r1", source).replace('"attack"', f'"{kind}"')
    if word:
        row = row.replace('"args"', f'"claimed_by":"{word}","args"')
    if kind == "replies":
        row = row.replace('"by":"Upper","on":"Lower"', '"by":"Upper","case":"k1"')
    tried = upload(house.as_role(role), row)
    told = "1 record would be entered" if taken else "0 records would be entered"
    assert told in status(tried), plain(tried.text)


def test_who_acts_for_nobody_of_this_agreement_files_nothing(house: House) -> None:
    stranger = house.begin(house.account("Stranger", Role.PARTY, "Elsewhere"))
    assert "neither a party nor a body" in stranger.get(FILE).text
    assert stranger.send(FILE, None, **ATTACK, do="try").status_code == 403


def test_a_monitor_names_the_source_by_its_title_or_id(house: House) -> None:
    monitor = house.as_role(Role.MONITOR)
    tried = monitor.send(FILE, FILE, **{**ATTACK, "source": "Observers"}, do="try")
    assert tried.status_code == 200
    missing = monitor.send(FILE, None, **ATTACK, do="try")
    assert missing.status_code == 400 and "without source" in alert(missing)


def test_names_of_people_are_refused_in_a_public_class(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    named = {"note": "Ivan Petrenko, +380 50 123 45 67", "handling": "public"}
    told = lower.send(FILE, FILE, **{**ATTACK, **named}, do="try")
    assert told.status_code == 400
    assert "seems to name a person" in alert(told)
    inside = {**ATTACK, **named, "handling": "body"}
    assert lower.send(FILE, None, **inside, do="try").status_code == 200


def test_handling_decides_who_sees_what_was_filed(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    for number, handling in enumerate(("public", "parties", "body", "confidential"), 1):
        assert (
            file_one(lower, id=f"{handling}1", handling=handling, count=str(number)).status_code
            == 303
        )

    def seen(who: Browser) -> set[str]:
        return {r["id"] for r in who.get(f"{AT}/records.json").json()["records"]}

    everything = {"public1", "parties1", "body1", "confidential1"}
    assert seen(lower) == everything
    assert seen(house.as_role(Role.PARTY, "Upper")) == {"public1", "parties1"}
    assert seen(house.as_role(Role.MONITOR)) == {"public1", "parties1", "body1"}
    assert seen(house.as_role(Role.SECRETARIAT)) == everything
    assert seen(house.as_role(Role.EDITOR)) == set()  # public, but not for reporting


def test_a_correction_and_a_withdrawal_are_records_that_name_the_one_before(house: House) -> None:
    lower, upper = (house.as_role(Role.PARTY, name) for name in ("Lower", "Upper"))
    assert file_one(lower, id="x1", note="first", **{"place.name": "Mill"}).status_code == 303
    form = lower.get(f"{FILE}?corrects=x1")
    assert form.status_code == 200
    assert 'name="replaces" value="x1"' in form.text
    assert 'value="2026-09-01T10:00:00Z"' in form.text and 'value="Mill"' in form.text
    assert upper.get(f"{FILE}?corrects=x1").status_code == 404  # that is another's
    done = file_one(lower, id="x2", replaces="x1", at="2026-09-02")
    assert done.status_code == 303
    assert "taken back" in lower.get(f"{AT}/records/x1").text
    assert "Take a record back" in lower.get(f"{FILE}?withdraws=x2").text
    gone = {"withdraws": "x2", "at": "", "args.by": "", "args.on": ""}
    assert file_one(lower, **gone).status_code == 303
    assert file_one(lower, **gone).status_code == 303  # once more is the same
    assert "taken back" in lower.get(f"{AT}/records/x2").text
    assert len(ids(house)) == 3
    place = house.app.state.settings.ledger
    assert chain.verify(open_ledger(place)).whole


def test_files_that_are_none_are_refused_as_a_whole(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    for text, name, reason in (
        ("", "rows.jsonl", "Choose a file"),
        ("\n\n", "rows.jsonl", "There is no row"),
        ("x", "rows.xlsx", "ends neither in .jsonl nor in .csv"),
        ("{}\n" * (counter.MAX_ROWS + 1), "rows.jsonl", "more than 5,000 rows"),
    ):
        told = upload(lower, text, name)
        assert told.status_code == 400, name
        assert reason in alert(told)


def test_bad_rows_are_told_one_by_one_and_keep_nothing_else_out(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    header = "id,type,at,args.by,args.on,source\n"
    good = "c1,attack,2026-09-02,Upper,Lower,Lower\n"
    rows = (
        header + good + "c2,atack,2026-09-02,Upper,Lower,Lower\nc3,attack,never,Upper,Lower,Lower\n"
    )
    tried = upload(lower, rows.encode() + b"c4,attack,\xff,Upper,Lower,Lower\n", "rows.csv")
    assert "1 record would be entered" in status(tried)
    text = plain(tried.text)
    assert "unknown record type “atack”" in text and "not UTF-8" in text
    done = confirm(lower, tried)
    assert "1 record entered" in status(done)
    assert "unknown record type “atack”" in plain(done.text)  # still told
    assert ids(house) == ["c1"]
    again = upload(lower, rows, "rows.csv")
    assert "0 records would be entered" in status(again)
    with open_ledger(house.app.state.settings.ledger).reading() as reader:
        (entry,) = reader.of_kinds("import")
    assert len(entry.body["refused"]) == 3


def test_a_file_waits_for_its_own_account_and_for_a_while(house: House) -> None:
    lower, upper = (house.as_role(Role.PARTY, name) for name in ("Lower", "Upper"))
    tried = upload(lower, ROW.format("r1", "Lower"))
    assert "no longer held here" in alert(confirm(upper, tried))
    other = upload(lower, ROW.format("r2", "Lower"))
    assert "no longer held here" in alert(confirm(lower, tried))
    tray = house.app.state.tray
    began = tray.clock()
    tray.clock = lambda: began + HELD_SECONDS + 1
    assert "no longer held here" in alert(confirm(lower, other))
    tray.clock = lambda: began
    assert confirm(lower, other).status_code == 200
    assert ids(house) == ["r2"]


def test_the_size_of_what_is_sent_is_limited(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    assert upload(lower, b"x" * MAX_UPLOAD).status_code == 413
    long = lower.send("/account/password", None, old="x" * MAX_BODY)
    assert long.status_code == 413


def test_without_a_ledger_the_page_says_why_and_how(tmp_path: Any) -> None:
    house = build(tmp_path)
    lower = house.as_role(Role.PARTY, "Lower")
    shown = lower.get("/agreements/valleys/file")
    assert shown.status_code == 200
    assert "servanda ledger init" in shown.text and "--ledger" in shown.text
    assert lower.send("/agreements/valleys/file", None, **ATTACK, do="enter").status_code == 200
    assert "no ledger" in lower.get("/agreements/valleys/complaint").text


def test_a_ledger_that_is_busy_enters_nothing_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "WAIT", 0.2)
    lower = house.as_role(Role.PARTY, "Lower")
    tried = lower.send(FILE, FILE, **ATTACK, do="try")
    with open_store(house.app.state.settings.ledger).writing():
        told = lower.send(FILE, None, **ATTACK, do="enter", tried=mark(tried))
    assert told.status_code == 503
    assert "Nothing was entered" in told.text
    assert lower.send(FILE, None, **ATTACK, do="enter", tried=mark(tried)).status_code == 303
    assert len(ids(house)) == 1


def test_a_copy_of_a_ledger_is_read_and_not_continued(house: House, tmp_path: Any) -> None:
    from servanda.ledger.export import Release, export
    from servanda.ledger.restoring import restore

    lower = house.as_role(Role.PARTY, "Lower")
    assert file_one(lower, id="a1").status_code == 303
    ledger = open_ledger(house.app.state.settings.ledger)
    export(ledger, tmp_path / "out", Release("confidential"), 1_790_000_100_000_000)
    place = str(tmp_path / "copy.ledger")
    keys = tmp_path / "copy.keys"
    restore(tmp_path / "out", place, keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVANDA_LEDGER_KEYS", str(keys))
        (tmp_path / "other").mkdir()
        agreements = (str(tmp_path / "valleys.servanda"),)
        other = build(tmp_path / "other", agreements=agreements, ledger=place)
        reader = other.as_role(Role.PARTY, "Lower")
        for page in ("file", "complaint"):
            assert "it can be read, not continued" in reader.get(f"{AT}/{page}").text
            told = reader.send(f"{AT}/{page}", None, **{**ATTACK, "at": "2026-09-05"}, do="try")
            assert told.status_code == 409
        assert ids(other) == ["a1"]


def test_types_and_parameters_that_are_none_are_refused(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    assert lower.get(f"{FILE}?type=nothing").status_code == 400
    assert lower.get(f"{FILE}?kind=attack").status_code == 400
    assert lower.send(FILE, None, do="try", type="nothing").status_code == 400
    assert lower.get(f"{FILE}?corrects=nothing").status_code == 404
    assert lower.get(f"{FILE}?entered=nothing").status_code == 200
    assert lower.get(f"/agreements/{AGREEMENT}x/file").status_code == 404
    for name in ("attack", "coverage", "finding"):
        assert lower.get(f"{FILE}?type={name}").status_code == 200


def test_what_is_typed_is_escaped_wherever_it_is_shown(house: House) -> None:
    lower = house.as_role(Role.PARTY, "Lower")
    evil = "<script>alert(1)</script>"
    for fields in ({"note": evil}, {"id": evil}, {"args.by": evil}, {"at": evil}):
        told = lower.send(FILE, FILE, **{**ATTACK, **fields}, do="try")
        assert "<script>alert" not in told.text
    told = upload(lower, ROW.format(evil, evil), f"{evil}.jsonl")
    assert "<script>alert" not in told.text
