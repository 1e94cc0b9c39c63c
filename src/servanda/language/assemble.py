"""Parses the outline of a text into declarations with their clauses, each line on its own.

A line that cannot be read is reported and left out; its keyword is remembered, so that nothing is
called missing that was merely misspelt.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from servanda.language.diagnostics import Reporter, nearest, shown
from servanda.language.forms import (
    CLAUSES,
    HEADS,
    NORM_KINDS,
    PROVISION,
    Form,
    contexts_of,
    form_of,
)
from servanda.language.limits import MAX_CLAUSES
from servanda.language.outline import Item, Logical
from servanda.language.syntax import Node, parse
from servanda.model.span import Span

# What the clauses of a declaration are called in messages.
TITLES = {
    "header": "an agreement",
    "provision": "a provision",
    "actor": "a party, group or body",
    "place": "a place",
    "zone": "a zone or line",
    "measure": "a measure",
    "tally": "a tally",
    "fund": "a fund",
    "institution": "an institution",
    "term": "a term",
    "record": "a record type",
    "define": "a definition",
    "state": "a state",
    "norm": "a norm",
    "statement": "a statement",
    "include": "an include",
    "of_provision": "a line of the provision",
}


@dataclass(frozen=True, slots=True)
class Clause:
    keyword: str
    line: Logical
    tree: Node


@dataclass(slots=True)
class Declared:
    """A declaration as parsed.  `seen` holds the keywords of all clauses, also of refused ones.

    `provision` is the id of the provision above it in the text; `last` the number of its last line.
    """

    context: str
    keyword: str
    line: Logical
    tree: Node
    clauses: list[Clause] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    provision: str | None = None
    last: int = 0

    def all(self, *keywords: str) -> list[Clause]:
        return [c for c in self.clauses if c.keyword in keywords]

    def one(self, keyword: str) -> Clause | None:
        return next((c for c in self.clauses if c.keyword == keyword), None)

    @property
    def span(self) -> Span:
        return self.line.whole


def assemble(item: Item, report: Reporter) -> Declared | None:
    """The declaration of an outline item, or None after its head was refused.

    Behind a refused head the clauses are read all the same, so that their errors come at once.
    """
    head = item.head
    if not head.text:
        return None
    form = form_of("head", head.text)
    if form is None:
        form = _unknown_head(head, report)
        tree = None
    elif head.refused:
        tree = None
    else:
        tree = parse("head", head, form, report)
    if form is None:
        return None
    keyword = " ".join(form.keyword.split())
    if tree is None:
        _refuse_name(head.text, form, report)
        context = CONTEXTS.get(keyword, keyword)
    else:
        context = _context(tree)
    end = (item.clauses or [head])[-1]
    last = end.line + end.text.count("\n")
    declared = Declared(context, form.keyword, head, tree, last=last)
    if context in CLAUSES:
        for line in item.clauses[:MAX_CLAUSES]:
            _clause(declared, line, report)
        if len(item.clauses) > MAX_CLAUSES:
            _too_many(item.clauses[MAX_CLAUSES], TITLES[context], report)
    return declared if tree is not None else None


def _too_many(line: Logical, title: str, report: Reporter) -> None:
    report.error(
        "SV0105",
        f"{title} has more than {MAX_CLAUSES:_} clauses",
        line.first_word,
        why="Nobody could follow it.",
        fix="Divide it into several declarations.",
    )


# The declarations whose keyword is not the name of their context.
CONTEXTS = {
    "agreement": "header",
    "line": "zone",
    **dict.fromkeys(("party", "group", "body", "holding"), "actor"),
    **dict.fromkeys(NORM_KINDS, "norm"),
    **dict.fromkeys(("interpretation", "side letter", "annex"), "statement"),
    **{form.keyword: "of_provision" for form in PROVISION},
}


def _refuse_name(text: str, form: Form, report: Reporter) -> None:
    """Remember the name that a refused head would have declared."""
    words = re.findall(r"[\w.]+", text)
    behind = words[len(form.keyword.split()) :]
    if behind:
        report.refused.add(behind[0])


def _context(tree: Node) -> str:
    kind = str(tree.data)
    return {"agreement": "header"}.get(kind, kind)


def _clause(declared: Declared, line: Logical, report: Reporter) -> None:
    context = declared.context
    form = form_of(context, line.text)
    if form is None:
        if not line.refused:
            _unknown_clause(declared, line, report)
        return
    repeated = form.keyword in declared.seen and not form.many
    declared.seen.add(form.keyword)
    if line.refused:
        return
    if repeated:
        first = declared.one(form.keyword)
        where = f"; line {first.line.line} gives it already" if first else ""
        report.error(
            "SV0309",
            f"`{form.keyword}` is given twice",
            line.whole,
            why=f"{TITLES[context].capitalize()} has it once at most{where}.",
            fix="Join the two, or remove one.",
        )
        return
    tree = parse(f"{context}_clause", line, form, report)
    if tree is not None:
        declared.clauses.append(Clause(form.keyword, line, tree))


def _meant(text: str, forms: Iterable[Form]) -> Form | None:
    """The form whose keyword the first words of a line are a slip of."""
    words = [word.strip('"{(,:') for word in text.split()]
    by_keyword = {form.keyword: form for form in forms}
    for length in (5, 4, 3, 2, 1):
        known = [keyword for keyword in by_keyword if len(keyword.split()) == length]
        near = nearest(" ".join(words[:length]), known, most=1) if len(words) >= length else ()
        if near:
            return by_keyword[near[0]]
    return None


def _unknown_head(line: Logical, report: Reporter) -> Form | None:
    """Report a word that opens no declaration; gives the form that may have been meant."""
    word = line.text.split()[0]
    inside = contexts_of(line.text)
    if inside:
        titles = " or ".join(TITLES[c] for c in inside[:2])
        report.error(
            "SV0202",
            f"`{shown(word)}` is a clause and stands at the margin",
            line.first_word,
            why=f"It belongs to {titles}.",
            fix="Indent it by two spaces under its declaration.",
        )
        return None
    meant = _meant(line.text, HEADS)
    report.unknown(
        "SV0301",
        f"“{shown(word)}” opens no declaration",
        line.first_word,
        " ".join(line.text.split()[: len(meant.keyword.split())]) if meant else word,
        [meant.keyword] if meant else (),
        why="Each line at the margin opens with a keyword such as party, term or obligation.",
        fix=f"Such a line looks like this:\n  {meant.usage}"
        if meant
        else "Correct the word, or indent the line if it continues the one above.",
    )
    return meant


def _unknown_clause(declared: Declared, line: Logical, report: Reporter) -> None:
    context = declared.context
    forms = CLAUSES[context]
    word = line.text.split()[0]
    title = TITLES[context]
    others = contexts_of(line.text)
    known = ", ".join(form.keyword for form in forms)
    if not forms:
        report.error(
            "SV0303",
            f"{title} has no clauses",
            line.first_word,
            why="It is a single line, and what is indented would be its clause.",
            fix="Start the line at the margin, or remove it.",
        )
        return
    if others:
        elsewhere = form_of(others[0], line.text)
        keyword = elsewhere.keyword if elsewhere else word
        report.error(
            "SV0303",
            f"`{keyword}` does not belong to {title}",
            line.span(0, len(line.text.split("\n")[0][: len(keyword)])),
            why=f"It is a clause of {' or '.join(TITLES[c] for c in others[:2])}. "
            + f"{title.capitalize()} has: {known}.",
            fix="Move it to where it belongs.",
        )
        return
    meant = _meant(line.text, forms)
    if meant is not None:
        declared.seen.add(meant.keyword)  # misspelt, and so not missing
    report.unknown(
        "SV0302",
        f"“{shown(word)}” opens no clause of {title}",
        line.first_word,
        " ".join(line.text.split()[: len(meant.keyword.split())]) if meant else word,
        [meant.keyword] if meant else (),
        why=f"Each line of {title} opens with a keyword."
        if meant
        else f"Its clauses are: {known}.",
        fix=f"Such a clause looks like this:\n  {meant.usage}"
        if meant
        else "Use one of these, or indent the line deeper if it continues the one above.",
    )


__all__ = ["PROVISION", "Clause", "Declared", "Form", "assemble"]
