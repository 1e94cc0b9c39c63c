"""Names in every alphabet: they keep their spelling; look-alikes are warned about."""

import re
import unicodedata

import pytest

from servanda import asking, library
from servanda.language.format import format_text
from servanda.language.load import load_agreement
from servanda.language.names import NAME, script, skeleton
from servanda.language.syntax import grammar
from tests.language.test_round_trip import read

HEAD = 'agreement x "x"\n  zone UTC\n  in force when 2026-01-01\n'
NORM = "prohibition p1.{n}\n  bearer {a}\n  not attack by {a} on {b}\n  from in_force\n"


def warned(text: str) -> list[str]:
    loaded = load_agreement(HEAD + text)
    return [d.title for d in loaded.diagnostics if d.code == "SV0707"]


def test_the_grammar_has_the_same_names() -> None:
    (terminal,) = [t for t in grammar().terminals if t.name == "NAME"]
    assert terminal.pattern.value == re.sub(r"\\u(....)", lambda m: chr(int(m[1], 16)), NAME)


@pytest.mark.parametrize(
    "name",
    [
        "Україна",
        "Росія_2",
        "საქართველო",
        "Հայաստան",
        "فلسطین",
        "ישראל",
        "中国",
        "नेपाल",
        "မြန်မာ",
        "Türkiye",
    ],
)
def test_a_name_in_one_alphabet_is_as_good_as_any(name: str) -> None:
    text = f"party {name}\nparty B\nprovision p1\n" + NORM.format(n=name, a=name, b="B")
    assert not load_agreement(HEAD + text).diagnostics
    model = read(HEAD + text)
    assert name in model.actors
    assert f"p1.{name}" in model.norms
    assert name in format_text(HEAD + text).text


def test_records_find_it() -> None:
    text = "party Південь\nparty Північ\n" + NORM.format(n="вогонь", a="Південь", b="Північ")
    lib = library.from_text(HEAD + text)
    row = '{"id":"a","type":"attack","at":"2026-02-01","args":{"by":"Південь","on":"Північ"}'
    from servanda.evidence.read import read_text

    found = read_text(row + ',"source":"Press"}', "r", lib.agreement.record_types, lib.zone)
    result = asking.assess(lib, found, standard="any_claim")
    assert {n["id"]: n["state"] for n in result["norms"]} == {"p1.вогонь": "breached"}


def test_accents_may_be_typed_in_two_ways() -> None:
    one, two = "Ky\u00efv", "Kyi\u0308v"
    assert unicodedata.normalize("NFC", two) == one
    text = f"party {one}\nparty B\nprovision p1\n" + NORM.format(n="x", a=two, b="B")
    assert not load_agreement(HEAD + text).diagnostics
    assert two not in format_text(HEAD + text).text


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("party Pаrty\n", ["`Pаrty` mixes alphabets"]),
        ("party Αlpha\nparty B\n", ["`Αlpha` mixes alphabets"]),
        ("party А\nparty A\n", ["`A` looks like `А` and is another name"]),
        ("party ΟΝ\nparty ON\n", ["`ON` looks like `ΟΝ` and is another name"]),
        ("party Ｎorth\n", ["`Ｎorth` mixes alphabets"]),
        ("party Південь\nparty p1_Північ\n", []),
        ("party 日本の島\nparty 대한_민국\n", []),
        ("party Ill\nparty lll\nparty I1l\n", []),
        ('party A "Аrgentina"\n', []),
        ("party A -- Аrgentina\n", []),
    ],
)
def test_look_alikes(text: str, titles: list[str]) -> None:
    assert warned(text) == titles


def test_an_id_in_a_heading_is_a_name_as_well() -> None:
    text = f"```servanda\n{HEAD}```\n\n## p1. One\n\nText.\n\n## р1. Two\n\nText.\n"
    loaded = load_agreement(text, name="x.md")
    assert "`р1` looks like `p1` and is another name" in [d.title for d in loaded.diagnostics]


def test_skeletons() -> None:
    assert skeleton("Соса") == skeleton("Coca")
    assert skeleton("Ӧ") == skeleton("Ö")
    assert skeleton("Київ") != skeleton("Kyiv")
    assert [script(c) for c in "aжα1_"] == ["LATIN", "CYRILLIC", "GREEK", "", ""]


@pytest.mark.parametrize("name", ["a\u200cb", "a·b", "x²", "a’b", "№1"])
def test_what_no_name_is(name: str) -> None:
    assert load_agreement(f"{HEAD}party {name}\n").errors
    assert not (re.fullmatch(NAME, name) and name.isidentifier())
