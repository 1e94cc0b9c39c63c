"""Parses the outline of a text into declarations with their clauses, each line on its own.

A line that cannot be read is reported and left out; its keyword is remembered, so that nothing is
called missing that was merely misspelt.
"""

from dataclasses import dataclass, field

from servanda.language.diagnostics import Reporter, nearest
from servanda.language.forms import CLAUSES, HEADS, PROVISION, Form, contexts_of, form_of
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

    `provision` is the id of the provision above it in the text.
    """

    context: str
    keyword: str
    line: Logical
    tree: Node
    clauses: list[Clause] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    provision: str | None = None

    def all(self, *keywords: str) -> list[Clause]:
        return [c for c in self.clauses if c.keyword in keywords]

    def one(self, keyword: str) -> Clause | None:
        return next((c for c in self.clauses if c.keyword == keyword), None)

    @property
    def span(self) -> Span:
        return self.line.whole


def assemble(item: Item, report: Reporter) -> Declared | None:
    """The declaration of an outline item, or None after its head was refused."""
    head = item.head
    if not head.text:
        return None
    form = form_of("head", head.text)
    if form is None:
        _unknown_head(head, report)
        return None
    tree = parse("head", head, form, report)
    if tree is None:
        return None
    context = _context(tree)
    declared = Declared(context, form.keyword, head, tree)
    for line in item.clauses:
        _clause(declared, line, report)
    return declared


def _context(tree: Node) -> str:
    kind = str(tree.data)
    return {"agreement": "header"}.get(kind, kind)


def _clause(declared: Declared, line: Logical, report: Reporter) -> None:
    context = declared.context
    form = form_of(context, line.text)
    if form is None:
        _unknown_clause(declared, line, report)
        return
    repeated = form.keyword in declared.seen and not form.many
    declared.seen.add(form.keyword)
    if repeated:
        report.error(
            "SV0309",
            f"`{form.keyword}` is given twice",
            line.whole,
            why=f"{TITLES[context].capitalize()} has it once at most.",
            fix="Join the two, or remove one.",
        )
        return
    tree = parse(f"{context}_clause", line, form, report)
    if tree is not None:
        declared.clauses.append(Clause(form.keyword, line, tree))


def _unknown_head(line: Logical, report: Reporter) -> None:
    word = line.text.split()[0]
    inside = contexts_of(line.text)
    if inside:
        titles = " or ".join(TITLES[c] for c in inside[:2])
        report.error(
            "SV0202",
            f"`{word}` is a clause and stands at the margin",
            line.first_word,
            why=f"It belongs to {titles}.",
            fix="Indent it by two spaces under its declaration.",
        )
        return
    heads = [form.keyword for form in HEADS]
    report.unknown(
        "SV0301",
        f"“{word}” opens no declaration",
        line.first_word,
        word,
        heads,
        why="Each line at the margin opens with a keyword such as party, term or obligation.",
        fix="Correct the word, or indent the line if it continues the one above.",
    )


def _unknown_clause(declared: Declared, line: Logical, report: Reporter) -> None:
    context = declared.context
    forms = CLAUSES[context] if context != "of_provision" else ()
    word = line.text.split()[0]
    title = TITLES[context]
    others = contexts_of(line.text)
    known = ", ".join(form.keyword for form in forms)
    if forms and not others:
        near = nearest(word, {form.keyword.split()[0] for form in forms})
        shown = next((f.usage for f in forms if near and f.keyword.split()[0] == near[0]), "")
        report.unknown(
            "SV0302",
            f"“{word}” opens no clause of {title}",
            line.first_word,
            word,
            {form.keyword.split()[0] for form in forms},
            why=f"Its clauses are: {known}.",
            fix=f"Such a clause looks like this:\n  {shown}" if shown else "Use one of these.",
        )
        return
    if others:
        elsewhere = form_of(others[0], line.text)
        keyword = elsewhere.keyword if elsewhere else word
        span = line.span(0, len(line.text.split("\n")[0][: len(keyword)]))
        report.error(
            "SV0303",
            f"`{keyword}` does not belong to {title}",
            span,
            why=f"It is a clause of {' or '.join(TITLES[c] for c in others[:2])}."
            + (f" {title.capitalize()} has: {known}." if forms else ""),
            fix="Move it to where it belongs.",
        )
        return
    report.error(
        "SV0303",
        f"{title} has no clauses",
        line.first_word,
        why="It is a single line.",
        fix="Start the line at the margin, or remove it.",
    )


__all__ = ["PROVISION", "Clause", "Declared", "Form", "assemble"]
