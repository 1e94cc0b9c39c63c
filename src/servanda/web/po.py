"""Catalogues as people write them (`.po`), read as they are: nothing has to be compiled beforehand.

In: the text of a catalogue.  Out: its messages, and the bytes that `gettext` reads (`.mo`).
"""

import ast
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONTEXT = "\x04"  # between the context of a message and its text
PLURAL = "\x00"  # between the forms of a message
MAGIC = 0x950412DE


@dataclass(frozen=True, slots=True)
class Message:
    """`told` has one translation, or one for each form of plural; empty where there is none."""

    text: str
    told: tuple[str, ...]
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> str:
        """How `gettext` looks it up."""
        before = "" if self.context is None else self.context + CONTEXT
        return before + self.text + ("" if self.plural is None else PLURAL + self.plural)


def read(text: str) -> list[Message]:
    """All messages, the head (an empty message) first; raises ValueError with the line."""
    return [_message(entry) for entry in _entries(text)]


def _entries(text: str) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    field = ""
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        line = raw.strip()
        if not line:
            if entry:
                yield entry
            entry, field = {}, ""
            continue
        if line.startswith("#"):
            continue
        name, _, rest = ("", "", line) if line.startswith('"') else line.partition(" ")
        field = name or field
        try:
            entry[field] = entry.get(field, "") + str(ast.literal_eval(rest))
        except (SyntaxError, ValueError) as error:
            raise ValueError(f"line {number}: {line}") from error


def _message(entry: dict[str, str]) -> Message:
    told = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
    return Message(entry["msgid"], tuple(told), entry.get("msgid_plural"), entry.get("msgctxt"))


def compiled(messages: Iterable[Message]) -> bytes:
    """The bytes of a `.mo` file; what has no translation is left out."""
    found = {one.key: PLURAL.join(one.told) for one in messages if all(one.told)}
    pairs = [(key.encode(), value.encode()) for key, value in sorted(found.items())]
    tables, texts = b"", b""
    at = 28 + 16 * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<II", len(pair[column]), at + len(texts))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables + texts
