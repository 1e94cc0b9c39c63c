"""Altered copies of an agreement, for tests that take something away and see what fails.

A copy has the sources and the map of the folder that it is a copy of; only its text differs.
"""

from dataclasses import replace

from servanda import library
from servanda.geo import Atlas
from servanda.language.load import load_agreement, render
from servanda.library import InputError, Library


def text_of(name: str) -> str:
    """The text of a bundled agreement."""
    return (library.find(name) / "agreement.md").read_text(encoding="utf-8")


def with_text(original: Library, text: str) -> Library:
    """The agreement with another text; raises InputError where that text has errors."""
    known = Atlas.standard().known
    name = "agreement.md" if original.folder else "text.servanda"
    loaded = load_agreement(text, known_place=known, name=name, checks=(library.cycles,))
    if loaded.agreement is None or loaded.errors:
        raise InputError(render(loaded.errors))
    return replace(
        original,
        agreement=loaded.agreement,
        loaded=loaded,
        atlas=library.atlas_of(loaded.agreement, original.folder, Atlas.standard()),
    )
