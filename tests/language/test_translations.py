"""Texts in several languages: read from Markdown and from code, authentic or not, never merged."""

from pathlib import Path

from servanda.language import load_agreement
from servanda.model.agreement import Agreement

TEXT = """\
# Truce

```servanda
agreement truce "Truce"
  languages en, uk, ru
  authentic en, uk

party North "Північна сторона"
party South
```

## p1. Truce

Both hold their fire.

[uk] Обидві сторони припиняють вогонь.

[ru, not authentic] Обе стороны прекращают огонь.

[uk] Негайно.

```servanda
prohibition p1.hold "both hold their fire"
  bearer South
  not attack by South
  from in_force
  translation uk "обидві сторони припиняють вогонь"
  translation ru authentic "обе стороны прекращают огонь"
```
"""


def _load(folder: Path, text: str = TEXT) -> Agreement:
    path = folder / "agreement.md"
    path.write_text(text, encoding="utf-8")
    loaded = load_agreement(path)
    assert loaded.agreement is not None, loaded.diagnostics
    assert not loaded.diagnostics
    return loaded.agreement


def test_a_provision_and_a_norm_carry_their_text_in_each_language(tmp_path: Path) -> None:
    agreement = _load(tmp_path, TEXT.replace("party North ", "party North "))
    provision, norm = agreement.provisions["p1"], agreement.norms["p1.hold"]
    assert provision.text == "Both hold their fire."
    assert [(t.language, t.text, t.authentic) for t in provision.translations] == [
        ("uk", "Обидві сторони припиняють вогонь.\n\nНегайно.", None),
        ("ru", "Обе стороны прекращают огонь.", False),
    ]
    assert [(t.language, t.authentic) for t in norm.translations] == [("uk", None), ("ru", True)]
    assert norm.translations[0].span.line > provision.translations[0].span.line > 1


def test_what_a_clause_leaves_unsaid_the_header_says(tmp_path: Path) -> None:
    agreement = _load(tmp_path, TEXT.replace("party North ", "party North "))
    provision, norm = agreement.provisions["p1"], agreement.norms["p1.hold"]
    said = {t.language: agreement.is_authentic(t.language, t.authentic) for t in norm.translations}
    assert said == {"uk": True, "ru": True}  # the clause goes before the header
    assert agreement.is_authentic("ru", provision.translations[1].authentic) is False
    assert agreement.is_authentic("de") is False
    silent = _load(
        tmp_path, TEXT.replace("party North ", "party North ").replace("  authentic en, uk\n", "")
    )
    assert silent.is_authentic("uk", None) is None


def test_names_keep_their_spelling_in_titles(tmp_path: Path) -> None:
    agreement = _load(tmp_path, TEXT.replace("party North ", "party North "))
    assert agreement.actors["North"].title == "Північна сторона"


def test_a_translation_may_stand_in_a_block_of_its_provision(tmp_path: Path) -> None:
    line = '```servanda\ntranslation ru not authentic "Ещё одно предложение."\n'
    text = TEXT.replace("[uk] Негайно.\n\n```servanda\n", f"[uk] Негайно.\n\n{line}\n")
    assert text != TEXT
    file = tmp_path / "agreement.md"
    file.write_text(text, encoding="utf-8")
    loaded = load_agreement(file)
    assert loaded.agreement is not None, loaded.errors
    told = {one.language: one.text for one in loaded.agreement.provisions["p1"].translations}
    assert told["ru"].endswith("Ещё одно предложение.")
