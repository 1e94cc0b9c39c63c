"""YAML of this house: what it says is what stands there."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from servanda.beside import NUMBER, TEXT, InputError, Needed, parse_yaml, read_yaml
from servanda.library import BUNDLED


def data(text: str) -> Any:
    return parse_yaml("x.yaml", text).data


@pytest.mark.parametrize("path", sorted(BUNDLED.glob("*/*.yaml")), ids=lambda p: p.parent.name)
def test_bundled_files_say_what_any_reader_of_yaml_finds(path: Path) -> None:
    def plain(value: Any) -> Any:
        match value:
            case dict():
                return {str(name): plain(inner) for name, inner in value.items()}
            case list():
                return [plain(inner) for inner in value]
            case datetime.date():
                return value.isoformat()
            case _:
                return value

    document = read_yaml(path.parent, path.name)
    assert document is not None
    assert document.data == plain(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_words_and_days_stay_texts() -> None:
    text = "a: NO\nb: 2026-01-01\nc: 12:30\nd: on\ne: 0777\nf: .nan\ng: 1e5\nh: '5'\n"
    assert list(data(text).values()) == [
        "NO",
        "2026-01-01",
        "12:30",
        "on",
        "0777",
        ".nan",
        "1e5",
        "5",
    ]
    assert data("[~, null, '', true, -3, 2.50]") == [None, None, "", True, -3, 2.5]
    assert data("") is None


def test_names_written_in_two_ways_are_one(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("id: Kyi\u0308v", encoding="utf-8")
    document = read_yaml(tmp_path, "x.yaml")
    assert document is not None
    assert document.data == {"id": "Ky\u00efv"}


@pytest.mark.parametrize(
    ("text", "shape", "found"),
    [
        ("a: 1", {"a": [TEXT]}, "a number where a list"),
        ("a: [1]", {"a": {}}, "a list where a mapping"),
        ("a: yes", {"a": NUMBER}, "a text where a number"),
        ("a: true", {"a": NUMBER}, "a text where a number"),
        ("b: 1", {"a": Needed(TEXT)}, "nothing where a text"),
        ("a: ''", {"a": Needed(TEXT)}, "nothing where a text"),
        ("a: [x, ]\nb: [x, ~]", {"b": [TEXT]}, "nothing where a text"),
        ("[]", {}, "a list where a mapping"),
    ],
)
def test_a_value_of_another_form_is_refused(text: str, shape: Any, found: str) -> None:
    with pytest.raises(InputError, match=found):
        parse_yaml("x.yaml", text).checked(shape)


def test_what_is_not_asked_for_may_be_anything() -> None:
    shape = {"a": None, "b": [None], "c": NUMBER}
    assert parse_yaml("x.yaml", "a: {x: [1]}\nb: [[1], x]\nc: 5\nd: 7").checked(shape)["d"] == 7


def test_the_place_is_that_of_the_value() -> None:
    document = parse_yaml("x.yaml", "rows:\n- id: a\n- id: b\n  side: [x]\n")
    with pytest.raises(InputError) as found:
        document.checked({"rows": [{"side": TEXT}]})
    (one,) = found.value.diagnostics
    assert (one.span.line, one.span.column) == (4, 9)
    assert "rows.2.side" in one.why
