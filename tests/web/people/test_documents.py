"""The page for the administrator has the table of roles and the figures of the program."""

from servanda.web.access import ACCESS
from servanda.web.people import links, passwords, sessions, sign_ins, tries
from tests.conftest import ROOT
from tests.web.people import roles_table

TEXT = (ROOT / "docs" / "web-people.md").read_text(encoding="utf-8")


def test_the_table_of_roles_is_the_one_of_the_program() -> None:
    found = roles_table.MARKS.search(TEXT)
    assert found is not None
    assert found[0] == found[1] + roles_table.table() + found[2], (
        "-m tests.web.people.roles_table --write"
    )


def test_the_routes_of_a_column_are_alike() -> None:
    for name, roles in ACCESS.items():
        group = name.partition(".")[0]
        if group in ("account", "people", "trail", "editions", "edition"):
            assert roles == ACCESS[group], name
    assert ACCESS["sign_ins"] == ACCESS["trail"]
    for name in ("compare", "drafts.json", "compare.json"):
        assert ACCESS[name] == ACCESS["drafts"]
    assert ACCESS["drafts.release"] == ACCESS["drafts.withdraw"] < ACCESS["drafts.draft"]
    assert ACCESS["ends.json"] == ACCESS["ends"]
    assert ACCESS["what_if"] == ACCESS["what_if.json"] == ACCESS["what_if.sent"]
    readers = {"index", "agreement", "changes", "calendar", "provisions", "provision", "records",
               "record", "map", "claims", "audit", "api", "openapi"}  # fmt: skip
    assert all(ACCESS[n] == ACCESS["agreement"] for n in ACCESS if n.partition(".")[0] in readers)


def test_the_figures_are_those_of_the_program() -> None:
    assert passwords.MIN_PASSWORD == 12
    assert (links.LIVES["administrator"], links.LIVES["invitation"]) == (15 * 60, 3 * 86_400)
    assert (sessions.IDLE_SECONDS, sessions.LONGEST_SECONDS) == (2 * 3600, 12 * 3600)
    assert (tries.NAME.free, tries.NAME.first, tries.LONGEST_SECONDS) == (5, 30, 900)
    assert tries.ADDRESS.free == 30
    assert sign_ins.KEPT_DAYS == 180
    for told in ("twelve characters", "quarter of an hour", "three days", "two hours", "180 days"):
        assert told in TEXT
