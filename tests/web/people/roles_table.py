"""The table of roles in docs/web-people.md, made from what the program goes by.

`python -m tests.web.people.roles_table` prints it; with `--write` it is put into the page.
"""

import re
import sys

from servanda.web.access import ACCESS
from servanda.web.people.person import Person
from servanda.web.people.roles import FOR_A_BODY, FOR_A_PARTY, TITLES, Role
from servanda.web.people.sight import AUDIENCE, seen_by
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "web-people.md"
MARKS = re.compile(r"(<!-- roles -->\n).*?(<!-- /roles -->)", re.DOTALL)
# What a column is about, by one of its routes; the tests hold that the others are alike.
COLUMNS = (
    ("pages", "agreement"),
    ("files records", "file"),
    ("papers of cases", "case.paper"),
    ("drafts", "drafts"),
    ("unreleased drafts", "drafts.draft"),
    ("release drafts", "drafts.release"),
    ("who can end what", "ends"),
    ("what-if", "what_if"),
    ("own account", "account"),
    ("people", "people"),
    ("release editions", "editions"),
)
WATCHED = ("trail, sign-ins", "trail")
SEES = {
    "public": "public",
    "parties": "public, parties",
    "body": "public, parties, body",
    "confidential": "all",
}


def table() -> str:
    """Markdown, one row a role."""
    columns = (*COLUMNS, WATCHED)
    head = ["role", "acts for", "sees records", *(title for title, _ in columns)]
    rows = [head, ["---"] * len(head), *(_row(role, columns) for role in Role)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(role: Role, columns: tuple[tuple[str, str], ...]) -> list[str]:
    whom = "a party" if role in FOR_A_PARTY else "a body" if role in FOR_A_BODY else ""
    sees = SEES[AUDIENCE[role]] if role in ACCESS["records"] else "none"
    if seen_by(Person(role, acts_for="somebody")).own:
        sees += ", and its own"
    return [TITLES[role], whom, sees, *("yes" if role in ACCESS[r] else "" for _, r in columns)]


def main() -> None:
    if "--write" not in sys.argv[1:]:
        print(table(), end="")
        return
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MARKS.sub(lambda m: m[1] + table() + m[2], text), encoding="utf-8")


if __name__ == "__main__":
    main()
