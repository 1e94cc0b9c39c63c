"""A draft in another language: texts are marked, and what has none stays in the main language."""

import pytest

from servanda import library
from servanda.library import InputError
from servanda.report.draft import draft
from servanda.report.languages import in_language, languages


def test_every_point_of_the_flagship_is_told_in_ukrainian_and_russian() -> None:
    found = draft(library.load("ukraine-28-point"))
    assert languages(found) == ["en", "uk", "ru"]
    for language in ("uk", "ru"):
        told = in_language(found, language)
        texts = [p["text"] for p in told["provisions"]]
        assert len(texts) == 28
        assert all(text.startswith(f"[{language}, not authentic] ") for text in texts)
        assert all(n["text"].startswith("[en] ") for p in told["provisions"] for n in p["norms"])


def test_the_main_language_changes_nothing() -> None:
    found = draft(library.load("ukraine-28-point"))
    assert in_language(found, "en") == found


def test_a_language_without_any_text_is_refused_with_those_that_there_are() -> None:
    found = draft(library.load("ukraine-28-point"))
    with pytest.raises(InputError, match="it has en, uk, ru"):
        in_language(found, "de")
