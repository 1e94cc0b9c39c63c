"""Error cases told in Markdown: a text with a mistake, and to the letter what is said about it.

A case opens with a heading and a sentence or two. Blocks fenced as `servanda`, `markdown`, `yaml`
or `json` are the files of the agreement; a name behind the tag says what the file is called, and
the first file is the one that is loaded. One fenced as `standard` is an evidence standard for it.
The block fenced as `text` is what a reader sees. What cannot be shown in a text is named: a line
"`X` stands for the bytes `00 ff`." or "`X` stands for 3 times `y`."; a line "Only the last 2
messages are shown." leaves the others away. Files under a heading "Cure" are those of the text put
right. The pages in docs/errors/ are such cases as well.

`python -m tests.language.error_cases` prints the cases whose messages have changed, and with
`--write` rewrites them: read the difference before it is kept.
"""

import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from servanda.asking import standard_of
from servanda.language import load_agreement, render
from servanda.library import InputError, Library, beside, cycles

PAGES = Path(__file__).parents[2] / "docs" / "errors"
FOLDER = Path(__file__).parent / "errors"
KNOWN_PLACES = frozenset(["Northport", "Southport", "Riverton", "Hillside"])

CURE = "## Cure"
_ENDINGS = {"markdown": "md"}
_FENCE = re.compile(r"(`{3,})(\w+)(?: (\S+))?")
_BYTES = re.compile(r"`(.+)` stands for the bytes? `([0-9a-f ]+)`\.")
_TIMES = re.compile(r"`(.+)` stands for ([\d_]+) times `(.+)`\.")
_LAST = re.compile(r"Only the last (\d+) messages are shown\.")
_MESSAGE = re.compile(r"^(?=error SV|warning SV)", re.M)


@dataclass
class Case:
    path: Path
    title: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    expected: str = ""
    last: int | None = None  # how many messages are shown, counted from the end
    cured: list[tuple[str, bytes]] = field(default_factory=list)


def cases() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def pages() -> list[Path]:
    return sorted(PAGES.glob("SV*.md"))


def read(path: Path) -> Case:
    """The case that a file tells."""
    case = Case(path)
    replaced: dict[bytes, bytes] = {}
    lines = path.read_text(encoding="utf-8").split("\n")
    files = case.files
    index = 0
    while index < len(lines):
        line = lines[index]
        if fence := _FENCE.fullmatch(line):
            end = lines.index(fence[1], index + 1)
            block = "".join(f"{text}\n" for text in lines[index + 1 : end])
            if fence[2] == "text":
                case.expected = block
            else:
                name = fence[3] or f"agreement.{_ENDINGS.get(fence[2], fence[2])}"
                files.append((name, block.encode()))
            index = end
        elif found := _BYTES.fullmatch(line):
            replaced[found[1].encode()] = bytes.fromhex(found[2])
        elif found := _TIMES.fullmatch(line):
            replaced[found[1].encode()] = found[3].replace("\\n", "\n").encode() * int(found[2])
        elif found := _LAST.fullmatch(line):
            case.last = int(found[1])
        elif line == CURE:
            files = case.cured
        elif line.startswith("# "):
            case.title = line[2:]
        index += 1
    for old, new in replaced.items():
        case.files = [(name, data.replace(old, new)) for name, data in case.files]
    return case


def said(case: Case, folder: Path) -> str:
    """What a reader sees when the case is loaded from a folder inside an empty `folder`."""
    text = _said(case.files, folder)
    return text if case.last is None else "".join(_MESSAGE.split(text)[-case.last :])


def said_of_the_cure(case: Case, folder: Path) -> str:
    return _said(case.cured, folder)


def _said(files: list[tuple[str, bytes]], folder: Path) -> str:
    folder = folder / "truce"
    for name, data in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    loaded = load_agreement(
        folder / files[0][0], known_place=KNOWN_PLACES.__contains__, checks=(cycles,)
    )
    if loaded.agreement is None:
        return render(loaded.diagnostics)
    further = list(beside(loaded.agreement))
    library = Library(loaded.agreement, loaded)
    for name, data in files:
        if name.endswith(".standard"):
            try:
                standard_of(library, data.decode(errors="surrogateescape"), name)
            except InputError as error:
                further += error.diagnostics
    return render((*loaded.diagnostics, *further))


def main(write: bool) -> None:
    for path in (*cases(), *pages()):
        case = read(path)
        with tempfile.TemporaryDirectory() as folder:
            now = said(case, Path(folder))
        if now == case.expected:
            continue
        print(f"--- {path.name}: {case.title}\n{now}")
        if write:
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"\n+```text\n.*?^```$", "", text, flags=re.S | re.M)
            before, cure, after = text.partition(f"\n{CURE}\n")
            block = f"{before.rstrip()}\n\n```text\n{now}```\n"
            path.write_text(f"{block}{cure}{after}", encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv)
