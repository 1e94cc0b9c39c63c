"""Builds language/lookalikes.txt: letters of other alphabets that look like Latin ones.

Taken from the confusables of the Unicode Consortium (Unicode TR 39) as the Python package
confusable-homoglyphs 3.3.1 carries them.  `pip install confusable-homoglyphs==3.3.1` first.
"""

import json
import string
import unicodedata
from importlib.resources import files

from tests.conftest import ROOT

TARGET = ROOT / "src" / "servanda" / "language" / "lookalikes.txt"
HEAD = """\
# Letters that look like a Latin one, which opens the line.
# From the confusables of Unicode TR 39 (© Unicode, Inc., https://www.unicode.org/license.txt),
# through confusable-homoglyphs 3.3.1.  Built by scripts/build_lookalikes.py.
"""


def main() -> None:
    source = files("confusable_homoglyphs") / "confusables.json"
    listed = json.loads(source.read_text(encoding="utf-8"))
    rows = []
    for letter in string.ascii_letters:
        alike = {entry["c"] for entry in listed.get(letter, ()) if _wanted(entry["c"])}
        rows.append(f"{letter} {''.join(sorted(alike))}\n")
    TARGET.write_text(HEAD + "".join(rows), encoding="utf-8")


def _wanted(text: str) -> bool:
    return (
        len(text) == 1
        and not text.isascii()
        and text.isidentifier()
        and unicodedata.normalize("NFKC", text) == text
    )


if __name__ == "__main__":
    main()
