"""The language reference is complete: what the code can read has an explanation and an example.

What there is to show is derived from the code: the table of clauses, the rules and words of the
grammar, the fields of the model, the words of its enumerations.
"""

import re
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args

import pytest

import servanda.model
from servanda.language.assemble import CONTEXTS
from servanda.language.format import format_text
from servanda.language.forms import CLAUSES, HEADS, Form
from servanda.language.syntax import full_grammar, grammar
from servanda.model import condition as c
from servanda.model.agreement import MonthEnd
from servanda.model.unspecified import Unspecified
from tests.conftest import ROOT
from tests.support import reference

EXAMPLES = reference.examples()
# Examples in a file of their own are checked by the commands that stand below them.
FRAGMENTS = [example for example in EXAMPLES if example.file is None]
FORMS = [("head", form) for form in HEADS] + [
    (context, form) for context, forms in CLAUSES.items() for form in forms
]
# Formulas and logs of other monitors, and evidence standards, are no part of the language.
FOREIGN = ("formula", "event_log", "standard")
MODULES = [
    import_module(f"servanda.model.{m.name}")
    for m in iter_modules(servanda.model.__path__)
    if m.name not in FOREIGN
]
# What no text says: it comes of where the text was read from.
NOT_WRITTEN = {("Agreement", "folder")}


def _id(example: reference.Example) -> str:
    return f"{example.page}: {example.heading}"


@pytest.mark.parametrize("example", FRAGMENTS, ids=_id)
def test_every_example_can_be_read(example: reference.Example) -> None:
    loaded = reference.load(example)
    assert loaded.agreement is not None, loaded.errors
    assert not loaded.diagnostics


@pytest.mark.parametrize("example", FRAGMENTS, ids=_id)
def test_every_example_is_in_canonical_form(example: reference.Example) -> None:
    assert format_text(example.text, example.name).text == example.text


def _keywords(section: reference.Section) -> set[tuple[str, str]]:
    found = set()
    for example in section.examples:
        for declared in reference.declared(example):
            found.add(("head", declared.keyword))
            context = CONTEXTS.get(declared.keyword, declared.context)
            if context == "of_provision":
                found.add(("provision", declared.keyword))
            found |= {(declared.context, clause.keyword) for clause in declared.clauses}
    return found


@pytest.mark.parametrize(("context", "form"), FORMS, ids=lambda v: getattr(v, "keyword", v))
def test_every_declaration_and_clause_has_a_section_with_usage_and_example(
    context: str, form: Form
) -> None:
    sections = [s for s in reference.sections() if form.keyword in s.words]
    assert sections, f"no section is headed `{form.keyword}`"
    assert any(
        f"`{form.usage}`" in s.text and (context, form.keyword) in _keywords(s) for s in sections
    ), f"no section shows `{form.usage}` with an example of it in {context}"


@pytest.mark.parametrize("section", reference.sections(), ids=lambda s: s.heading)
def test_what_a_heading_names_is_in_its_examples(section: reference.Section) -> None:
    if section.words:
        shown = "\n".join(example.text for example in section.examples)
        for word in section.words:
            assert all(part in shown for part in word.split(" … ")), word


def test_every_rule_and_word_of_the_grammar_is_used() -> None:
    rules, words = set(), set()
    for example in EXAMPLES:
        for declared in reference.declared(example):
            rows = [("head", declared.line.text)]
            rows += [(f"{declared.context}_clause", one.line.text) for one in declared.clauses]
            for start, text in rows:
                rules |= {str(tree.data) for tree in grammar().parse(text, start).iter_subtrees()}
                tokens = full_grammar().parse(text, start).scan_values(lambda _: True)
                words |= {token.type for token in tokens}
    known = {rule.alias or rule.origin.name for rule in grammar().rules}
    assert {rule for rule in known - rules if not rule.startswith("_")} == _PASSED_THROUGH
    assert {t.name for t in grammar().terminals} - words == {"__IGNORE_0"}


# Rules of the grammar that leave no node of their own, since they have one child.
_PASSED_THROUGH = {"expr", "unary", "atom", "body", "value", "item", "limit", "limit_of"}


def _classes() -> list[type]:
    return [
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def _default(field: "Field[Any]") -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def test_every_part_of_the_model_is_shown_with_every_field() -> None:
    shown: dict[str, set[str]] = {}
    for example in EXAMPLES:
        for part in reference.parts(reference.load(example).agreement):
            seen = shown.setdefault(type(part).__name__, set())
            for field in fields(part):
                value = getattr(part, field.name)
                if value != _default(field):
                    seen.add(field.name)
                if isinstance(value, Unspecified):
                    seen.add(f"{field.name} unspecified")
    missing = []
    for cls in _classes():
        if not is_dataclass(cls) or cls.__name__ in ("Span", "Unspecified", "Effect", "Include"):
            continue
        for field in fields(cls):
            if field.name == "span" or not field.init or (cls.__name__, field.name) in NOT_WRITTEN:
                continue
            wanted = {field.name}
            if "Unspecified" in str(field.type):
                wanted.add(f"{field.name} unspecified")
            missing += [f"{cls.__name__}: {w}" for w in wanted - shown.get(cls.__name__, set())]
    assert not missing


def test_every_word_of_the_model_is_shown() -> None:
    told_by_their_clause = (MonthEnd,)
    words = [
        str(word.value)
        for cls in _classes()
        if issubclass(cls, StrEnum) and cls not in told_by_their_clause
        for word in cls
    ]
    assert "silence" in words and "tabled" in words
    text = "\n".join(page.read_text(encoding="utf-8") for page in reference.PAGES)
    for word in words:
        assert re.search(rf"\b{re.escape(word)}\b", text), word


def test_every_form_of_condition_stands_on_the_page_of_conditions() -> None:
    found: set[type] = set()
    for example in EXAMPLES:
        if example.page == "conditions":
            found |= {type(part) for part in reference.parts(reference.load(example).agreement)}
    assert not {*get_args(c.Condition), *get_args(c.Value)} - found


def test_the_index_names_every_page() -> None:
    text = reference.INDEX.read_text(encoding="utf-8")
    for page in reference.PAGES:
        assert f"](language/{page.name})" in text


def test_the_map_of_the_documents_names_every_document() -> None:
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    documents = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("[ad]*/*.md")]
    for document in documents:
        link = document.relative_to(ROOT / "docs").as_posix()
        assert link == "index.md" or f"]({link})" in text
