"""Catalogues are complete, say the same with the same places in it, and hold no markup."""

import re
from collections import Counter

import pytest
from starlette.testclient import TestClient

from servanda.evidence.standard import GENERAL_STANDARDS
from servanda.geo.gazetteer import name_in, standard
from servanda.model.agreement import DraftStatus
from servanda.report.edition.states import BASES, STATES
from servanda.web import po
from servanda.web.editions import say
from servanda.web.editions.say import Text, in_order, speech
from servanda.web.language import KNOWN, LANGUAGES, catalogue, translations
from tests.support.messages import messages

OTHERS = [one.code for one in KNOWN[1:]]
PLACE = re.compile(r"%\((\w+)\)s")
ALL = messages()


def _read(language: str) -> dict[str, po.Message]:
    found = po.read(catalogue(language).read_text(encoding="utf-8"))
    return {one.key: one for one in found if one.text}


def test_all_languages_are_offered() -> None:
    assert LANGUAGES == KNOWN
    assert len(ALL) > 140


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_has_its_translation_and_nothing_else_is_there(language: str) -> None:
    found = _read(language)
    assert set(found) == {po.Message(one.text, (), one.plural).key for one in ALL}, (
        "python scripts/messages.py"
    )
    assert [one.text for one in found.values() if not one.told or not all(one.told)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_same_places_and_no_markup(language: str) -> None:
    for one in _read(language).values():
        for told in one.told:
            assert Counter(PLACE.findall(told)) == Counter(PLACE.findall(one.text)), told
            assert not re.search(r"[<>&{}]|%(?!\(\w+\)s)", told), told
            assert told == told.strip()
            assert (told[-1] in ".:") == (one.text[-1] in ".:"), told
        assert re.search("[а-яіїєґ]", "".join(one.told)) or one.text.startswith("%("), one.told
    letters = "".join(t for one in _read(language).values() for t in one.told)
    # A Russian word among Ukrainian ones, or the other way round, shows by its letters.
    assert not set(letters) & set("ыэъё" if language == "uk" else "іїєґ’")


@pytest.mark.parametrize("language", OTHERS)
def test_each_number_has_its_form(language: str) -> None:
    one = next(m for m in ALL if m.plural is not None and "has been over" in m.text)
    said = translations(language)
    forms = {n: said.ngettext(one.text, one.plural or "", n) for n in (1, 2, 5, 11, 21, 22, 112)}
    assert forms[1] == forms[21] != forms[5]
    assert forms[2] == forms[22]
    assert forms[5] == forms[11] == forms[112]
    assert len(_read(language)[po.Message(one.text, (), one.plural).key].told) == 3


def test_everything_that_a_document_may_say_has_a_word() -> None:
    assert set(say.STATES) == set(STATES) - {"violated"}
    assert set(say.VIOLATIONS) == set(BASES)
    assert set(say.STATUSES) == {one.value for one in DraftStatus}
    assert set(say.STANDARDS) == set(GENERAL_STANDARDS)
    assert len(say.DAYS) == 12
    for language in (one.code for one in KNOWN):
        told = speech(language)
        words = [told.state(s).word for s in say.STATES] + [told.violation(b).word for b in BASES]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", OTHERS)
def test_places_are_called_as_the_gazetteer_calls_them(language: str) -> None:
    told = speech(language)
    for unit, shape in standard().units.items():
        name = str(shape.properties["name"])
        assert told.unit(unit, name) == name_in(unit, language) != name
        assert speech("en").unit(unit, name) == name
    assert told.unit("Nowhere", "Nowhere land") == "Nowhere land"
    assert name_in("Nowhere", language) is None


def test_parties_are_called_by_their_usual_names() -> None:
    assert speech("uk").party("Ukraine", "UA", "en") == Text("Україна", "uk")
    assert speech("ru").party("United States", "US", "en").words == "Соединённые Штаты"
    assert speech("uk").party("Upper", None, "en") == Text("Upper", "en")
    assert speech("en").party("Ukraine", "UA", "en") == Text("Ukraine", "en")


def test_days_and_numbers_are_those_of_the_language() -> None:
    for language, day, number in (
        ("en", "1 May 2026", "12,345"),
        ("uk", "1 травня 2026", "12\N{NARROW NO-BREAK SPACE}345"),
        ("ru", "1 мая 2026", "12\N{NARROW NO-BREAK SPACE}345"),
    ):
        assert speech(language).day("2026-05-01") == day
        assert speech(language).number(12_345) == number


def test_a_text_is_told_in_the_language_that_it_is_in() -> None:
    texts = {"en": "a truce", "uk": "перемир’я"}
    assert speech("uk").text(texts) == Text("Перемир’я", "uk")
    assert speech("ru").text(texts) == Text("A truce", "en")
    assert Text("plain words in English", "ru").language == "en"
    assert Text("слова", "ru").language == "ru"


def test_the_alphabet_is_that_of_people() -> None:
    names = ["Сумська", "Брянська", "Бєлгородська", "Житомирська", "Івано-Франківська", "Київ"]
    assert sorted(names, key=in_order) == [
        "Бєлгородська", "Брянська", "Житомирська", "Івано-Франківська", "Київ", "Сумська"
    ]  # fmt: skip


def test_a_catalogue_is_read_as_it_is_written() -> None:
    text = '# note\nmsgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n!=1;\\n"\n\n'
    text += 'msgctxt "c"\nmsgid "a "\n"b"\nmsgstr "x\\"y"\n\n'
    text += 'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "1"\nmsgstr[1] "2"\n'
    head, one, many = po.read(text)
    assert (one.key, one.told) == ("c\x04a b", ('x"y',))
    assert (many.key, many.told) == ("one\x00many", ("1", "2"))
    assert head.text == ""
    from gettext import GNUTranslations
    from io import BytesIO

    said = GNUTranslations(BytesIO(po.compiled([head, one, many, po.Message("none", ("",))])))
    assert said.pgettext("c", "a b") == 'x"y'
    assert [said.ngettext("one", "many", n) for n in (1, 2)] == ["1", "2"]
    assert said.gettext("none") == "none"


@pytest.mark.parametrize("text", ['msgid "a', "msgid a\n", 'msgid "a" "b\n'])
def test_a_catalogue_that_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        po.read(text)


def test_other_pages_stay_english(demo: TestClient) -> None:
    """Until their catalogue is complete: half a page in each language helps nobody."""
    told = demo.get("/", headers={"accept-language": "uk"})
    assert told.headers["Content-Language"] == "en" and '<html lang="en">' in told.text
    assert translations("en").gettext("Language") == "Language"
