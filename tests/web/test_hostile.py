"""An agreement and records full of markup and of marks that turn writing round are shown inert."""

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from servanda.characters import FORBIDDEN
from servanda.web.app import create_app
from servanda.web.settings import Settings

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}</title></svg>"
ARABIC = "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"  # writing from right to left, that is allowed
AGREEMENT = f"""\
```servanda
agreement evil "Peace {EVIL.replace('"', "'")} {ARABIC}"
  zone UTC
  draft 2026-01-01
  status tabled
  in force when consent of {{Upper, Lower}} by {{signs}}

party Upper "Upper <b>{ARABIC}</b>"
  side

party Lower
  side

term border "which {EVIL.replace('"', "'")} border"
  reading old_map "<svg onload=alert(3)>"
  reading new_map
  decided by unspecified
```

## a1. Peace \\<script>alert(1)\\</script> {{{{7*7}}}}

Neither \\<script>alert(4)\\</script> attacks the other. {ARABIC}

```servanda
prohibition a1.peace "neither {EVIL.replace('"', "'")} attacks"
  bearer each of {{Upper, Lower}}
  toward the other
  not attack by bearer on other
  from in_force
```
"""


SUPPOSED = {
    "records": json.dumps(
        {"id": EVIL, "type": "attack", "at": "2026-02-01", "source": EVIL,
         "args": {"by": "Upper", "on": "Lower"}}
    )
}  # fmt: skip


class Shown(HTMLParser):
    """The elements of a page and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "evil.md").write_text(AGREEMENT, encoding="utf-8")
    rows = [
        {
            "id": f"{i}{EVIL}",
            "type": kind,
            "at": "2026-01-02",
            "args": args,
            "source": f"S{EVIL}{ARABIC}",
        }
        for i, (kind, args) in enumerate(
            [
                ("signs", {"party": "Upper"}),
                ("attack", {"by": "Upper", "on": "Lower", "target": "energy"}),
                ("claim_total", {"by": "Upper", "about": EVIL, "count": 3, "period": EVIL}),
            ]
        )
    ]
    rows[0] |= {"source": "Upper"}
    rows += [{**rows[0], "id": "lower", "args": {"party": "Lower"}, "source": "Lower"}]
    rows += [{"id": "<script>alert(9)</script>", "type": EVIL, "source": "x", "at": "2026-01-01"}]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "r.jsonl").write_text("\n".join([*lines, "{broken " + EVIL]), encoding="utf-8")
    settings = Settings(
        (str(folder / "evil.md"),), True, records=(folder / "r.jsonl",), hosts=("testserver",)
    )
    return TestClient(create_app(settings))


PAGES = (
    "/",
    "/agreements/evil",
    "/agreements/evil?standard=any_claim",
    "/agreements/evil/provisions",
    "/agreements/evil/provisions/a1?standard=any_claim",
    "/agreements/evil/changes?since=2026-01-01",
    "/agreements/evil/records",
    "/agreements/evil/records?q=%3Cscript%3Ealert(5)%3C/script%3E&type=%22%3E%3Cimg%20src%3Dx%3E",
    "/agreements/evil/claims",
    "/agreements/evil/map?standard=any_claim",
    "/agreements/evil/audit",
    "/agreements/evil/audit?part=now",
    "/agreements/evil/ends?part=now",
    "/drafts",
    f"/agreements/evil/what-if?{urlencode(SUPPOSED)}",
    f"/agreements/evil/what-if?{urlencode({**SUPPOSED, 'records': EVIL, 'suppose': EVIL})}",
    "/agreements/evil?as_of=%3Cscript%3Ealert(6)%3C/script%3E",
    "/agreements/evil?standard=%3Cscript%3Ealert(7)%3C/script%3E",
    "/agreements/%3Cscript%3Ealert(8)%3C%2Fscript%3E",
)


def _looked_at(page: str) -> Shown:
    shown = Shown()
    shown.feed(page)
    return shown


@pytest.mark.parametrize("address", PAGES)
def test_nothing_of_it_becomes_markup(hostile: TestClient, address: str) -> None:
    shown = _looked_at(hostile.get(address).text)
    scripts = [given for tag, given in shown.tags if tag == "script"]
    names = {s["src"].partition("?")[0] for s in scripts if s["src"]}
    names -= {"/static/story.js", "/static/zoom.mjs"}
    assert names == {"/static/htmx.min.js", "/static/view.js"}
    assert not [tag for tag, _ in shown.tags if tag == "img"]
    assert not [name for _, given in shown.tags for name in given if name.startswith("on")]
    assert "49" not in shown.text.replace("2049", "") or "{{7*7}}" in shown.text


def test_it_is_there_to_be_read(hostile: TestClient) -> None:
    shown = _looked_at(hostile.get("/agreements/evil").text)
    assert "<script>alert(1)</script>" in shown.text
    assert ARABIC in shown.text


def test_what_others_wrote_is_isolated_from_what_stands_beside_it(hostile: TestClient) -> None:
    page = hostile.get("/agreements/evil/records?q=energy").text
    assert f"&lt;/svg&gt;{ARABIC}</bdi>" in page


@pytest.mark.parametrize(
    "address",
    [
        "/agreements/evil/records?q=a%E2%80%AEb",
        "/agreements/evil?as_of=%E2%80%AE2026",
        "/%E2%80%AEx",
    ],
)
def test_marks_that_turn_writing_round_are_blotted_out(hostile: TestClient, address: str) -> None:
    page = hostile.get(address).text
    assert not FORBIDDEN.search(_looked_at(page).text)


def test_an_id_with_anything_in_it_has_its_page(hostile: TestClient) -> None:
    listed = hostile.get("/agreements/evil/records.json").json()["records"]
    shown = _looked_at(hostile.get("/agreements/evil/records").text)
    links = [g["href"] for t, g in shown.tags if t == "a" and "/records/" in (g.get("href") or "")]
    assert len(links) == len(listed) == 4
    for link in links:
        assert link is not None
        assert hostile.get(link).status_code == 200


def test_rows_that_cannot_be_read_are_told_with_place_and_reason(hostile: TestClient) -> None:
    page = _looked_at(hostile.get("/agreements/evil/records").text).text
    assert "Rows that could not be read" in page
    assert "r.jsonl:5" in page and "r.jsonl:6" in page


def test_what_cannot_be_served_is_told_at_the_start(tmp_path: Path) -> None:
    from servanda.library import InputError

    with pytest.raises(InputError, match="there is no such file"):
        create_app(Settings(("ukraine-28-point",), records=(tmp_path / "none.jsonl",)))
    with pytest.raises(InputError, match="Name one AGREEMENT"):
        create_app(Settings(records=(tmp_path / "none.jsonl",)))
    with pytest.raises(InputError, match="no agreement"):
        create_app(Settings(("nothing-there",)))
