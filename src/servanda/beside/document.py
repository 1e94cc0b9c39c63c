"""YAML beside an agreement: mappings, lists, texts and numbers, and nothing else that YAML can do.

Anchors, aliases, tags, merge keys and repeated keys are refused: they hide what a file says, or
let a small one grow without end.  What looks like a date, or like yes and no, stays the text that
it is.  Every value knows its line, so that whoever looks for a value can say where it is missing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servanda.beside.file import InputError, place, refusal, text_of
from servanda.characters import FORBIDDEN, named

MAX_DEPTH = 40  # lists and mappings within each other
MAX_VALUES = 200_000  # texts, numbers, lists and mappings of one file
MAX_DIGITS = 30  # of a number

Path_ = tuple[str | int, ...]
TEXT, NUMBER = "text", "number"


@dataclass(frozen=True, slots=True)
class Needed:
    """The shape of a value that must be there."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, as plain data, and the line and column of every value in it."""

    file: str
    text: str
    data: Any = None
    places: Mapping[Path_, int] = field(default_factory=dict)

    def refuse(self, code: str, title: str, path: Path_ = (), *, why: str, fix: str) -> InputError:
        """An error about the value at `path`, or about what holds it."""
        while path not in self.places and path:
            path = path[:-1]
        span, line = place(self.file, self.text, self.places.get(path, 0))
        return refusal(code, title, span, line, why=why, fix=fix)

    def checked(self, shape: Any) -> Any:
        """The data, once it is found to have the `shape`; raises InputError.

        A shape is a dict of the keys that are known, `Needed` where one must be there, a list of
        the one shape that all items have, TEXT, NUMBER, or None for anything.  Other keys hold
        what they like.
        """
        self._check(self.data, shape, ())
        return self.data

    def _check(self, value: Any, shape: Any, path: Path_) -> None:
        if isinstance(shape, Needed):
            shape = shape.shape
            if value in (None, ""):
                raise self._wrong(path, "nothing", shape)
        if value is None or shape is None:
            return
        wanted = _TYPES[shape] if isinstance(shape, str) else type(shape)
        if not isinstance(value, wanted) or (shape == NUMBER and isinstance(value, bool)):
            raise self._wrong(path, _kind(value), shape)
        if isinstance(shape, dict):
            for key, inner in shape.items():
                self._check(value.get(key), inner, (*path, key))
        elif isinstance(shape, list):
            for index, item in enumerate(value):
                self._check(item, Needed(shape[0]), (*path, index))

    def _wrong(self, path: Path_, found: str, wanted: Any) -> InputError:
        names = [part for part in reversed(path) if isinstance(part, str)]
        where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)
        kinds = {**_KINDS, str: f"a {wanted}", type(None): "a value"}
        return self.refuse(
            "SV0805",
            f"{self.file} has {found} where {kinds[type(wanted)]} is needed",
            path,
            why=f"It stands at {where}." if where else "It is what the whole file holds.",
            fix=_example(wanted, next(iter(names), None)),
        )


# A number may stand where a text is wanted: it is one as well.
_TYPES: dict[str, Any] = {TEXT: (str, int, float), NUMBER: (int, float)}
_KINDS: dict[type, str] = {dict: "a mapping", list: "a list", type(None): "nothing"}


def _example(shape: Any, name: str | None) -> str:
    """How a value of a shape is written, behind the name that it has."""
    head = f"  {name}:\n" if name else ""
    match shape:
        case dict():
            return f"Write names and values:\n{head}    id: some-id\n    note: some words"
        case list():
            return f"Write a list, a dash before each item:\n{head}  - first\n  - second"
        case _:
            value = "5" if shape == NUMBER else "some words"
            return f"Write it like this:\n  {name or 'name'}: {value}"


def _kind(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return _KINDS.get(type(value), "a number" if number else "a text")


def read_yaml(folder: Path, name: str) -> Document | None:
    """The document of a file in the folder; None where there is none.  Raises InputError."""
    text = text_of(folder, name)
    return None if text is None else parse_yaml(name, text)


def parse_yaml(name: str, text: str) -> Document:
    """The document that a text holds; raises InputError."""
    import yaml

    document = Document(name, text)
    places: dict[Path_, int] = {}
    try:
        events = _Events(document, yaml.parse(text, Loader=getattr(yaml, "CLoader", yaml.Loader)))
        data = events.document(places)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = _offset(text, mark.line, mark.column) if mark else getattr(error, "position", 0)
        reason = str(getattr(error, "problem", None) or getattr(error, "reason", "") or error)
        span, line = place(name, text, min(at or 0, len(text)))
        raise refusal(
            "SV0801",
            f"{name} is no YAML that can be read",
            span,
            line,
            why=f"{reason[:1].upper()}{reason[1:]}.",
            fix="Mind the spaces before each line; quote a text that holds a colon or a `#`.",
        ) from error
    return Document(name, text, data, places)


def _offset(text: str, row: int, column: int) -> int:
    start = 0
    for _ in range(row):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    return start + column


@dataclass(slots=True)
class _Events:
    """Builds plain data from the events of a parser, and refuses what is not wanted."""

    document_: Document
    events: Iterator[Any]
    count: int = 0
    starts: Sequence[int] = ()

    def __post_init__(self) -> None:
        found = [0]
        for line in self.document_.text.split("\n"):
            found.append(found[-1] + len(line) + 1)
        self.starts = found

    def document(self, places: dict[Path_, int]) -> Any:
        import yaml

        data: Any = None
        seen = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self._refuse(
                        "SV0802", event, "a second document begins", "Each file holds one."
                    )
                seen = True
                data = self._value(next(self.events), (), places)
        return data

    def _at(self, event: Any) -> int:
        mark = event.start_mark
        start: int = self.starts[min(mark.line, len(self.starts) - 1)]
        return min(start + int(mark.column), self.starts[-1])

    def _refuse(self, code: str, event: Any, title: str, why: str, fix: str = "") -> InputError:
        span, line = place(self.document_.file, self.document_.text, self._at(event))
        return refusal(code, title, span, line, why=why, fix=fix or "Write out what is meant.")

    def _value(self, event: Any, path: Path_, places: dict[Path_, int]) -> Any:
        import yaml

        self._plain_only(event)
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            deep = len(path) > MAX_DEPTH
            raise self._refuse(
                "SV0804",
                event,
                f"values are nested more than {MAX_DEPTH} deep"
                if deep
                else f"the file holds more than {MAX_VALUES:_} values",
                "Nobody could follow it." if deep else "No record of a negotiation is that long.",
                "Write it flatter." if deep else "Leave out what nobody reads.",
            )
        places[path] = self._at(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                items.append(self._value(inner, (*path, len(items)), places))
            return items
        return self._mapping(path, places)

    def _mapping(self, path: Path_, places: dict[Path_, int]) -> dict[str, Any]:
        import yaml

        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self._plain_only(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refuse(
                    "SV0802", event, "a name is no text", "What stands before a colon is one word."
                )
            self._scalar(event)
            name = event.value
            if name == "<<" and event.implicit[0]:
                raise self._refuse(
                    "SV0802", event, "a merge key `<<` stands here", "It copies from elsewhere."
                )
            if name in found:
                first = self.document_.text.count("\n", 0, places[(*path, name)]) + 1
                raise self._refuse(
                    "SV0803",
                    event,
                    f"`{name[:40]}` is given twice",
                    f"Line {first} gives it already, and one of the two would be lost.",
                    "Join the two, or remove one.",
                )
            found[name] = self._value(next(self.events), (*path, name), places)
        return found

    def _plain_only(self, event: Any) -> None:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(
                "SV0802", event, "an alias stands here", "It stands for what is written elsewhere."
            )
        if event.anchor is not None:
            raise self._refuse(
                "SV0802", event, "an anchor stands here", "It marks a value to be copied elsewhere."
            )
        if event.tag not in (None, "!"):
            raise self._refuse(
                "SV0802",
                event,
                "a tag stands here",
                "It would turn the value into something else than text, number, list or mapping.",
                "Remove the word that begins with `!`.",
            )

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if found := FORBIDDEN.search(text):
            raise self._refuse(
                "SV0103",
                event,
                f"{named(found.group())} is not allowed",
                "People would read something else than the machine, or nothing at all.",
                "Remove it, also where it is written with a backslash.",
            )
        if not event.implicit[0] or event.style:
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if not _NUMBER.fullmatch(text):
            return text
        if sum(map(str.isdigit, text)) > MAX_DIGITS:
            raise self._refuse(
                "SV0804",
                event,
                f"a number has more than {MAX_DIGITS} digits",
                "No quantity is that large or that exact.",
                "Correct it, or quote it if it is a text.",
            )
        return float(text) if "." in text else int(text)


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
