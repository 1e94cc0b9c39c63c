"""Bring the catalogues of the public pages up to date: new messages are added, unused ones go.

`python scripts/messages.py` writes them, each message with where it stands; what has no translation
yet is told, and the exit status is 1 then.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from servanda.web import po  # noqa: E402
from servanda.web.language import KNOWN, catalogue  # noqa: E402
from tests.support.messages import messages  # noqa: E402

THREE = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
PLURALS = {"uk": (3, THREE), "ru": (3, THREE)}


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def renewed(language: str, known: dict[str, po.Message]) -> tuple[str, int]:
    """The text of a catalogue, and how many messages lack a translation."""
    forms, rule = PLURALS[language]
    head = ("Content-Type: text/plain; charset=UTF-8", f"Language: {language}",
            f"Plural-Forms: {rule}")  # fmt: skip
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(quoted(f"{line}\n") for line in head)]
    missing = 0
    for one in messages():
        key = po.Message(one.text, (), one.plural).key
        told = known[key].told if key in known else ()
        lines = [f"#: {one.where}", f"msgid {quoted(one.text)}"]
        if one.plural is None:
            lines.append(f"msgstr {quoted(told[0] if told else '')}")
        else:
            lines.append(f"msgid_plural {quoted(one.plural)}")
            kept = told if len(told) == forms else ("",) * forms
            lines += [f"msgstr[{n}] {quoted(text)}" for n, text in enumerate(kept)]
        missing += not told or not all(told)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n", missing


def main() -> None:
    """Write the catalogue of every language but English."""
    lacking = 0
    for one in KNOWN[1:]:
        path = catalogue(one.code)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        made, missing = renewed(one.code, {m.key: m for m in po.read(text)})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(messages())} messages, {missing} not translated")
        lacking += missing
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
