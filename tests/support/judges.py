"""What notices that an agreement was altered: the check, its stories, and what is owed to whom.

In: an agreement, and copies of it with an altered text.  Out: the name of the first that notices.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from servanda import library
from servanda.library import InputError, Library
from tests.support import copies, mutants, story
from tests.support.mutants import Mutant
from tests.support.story import Section, Story

# A section that asks about more commitments than these is asked about those concerned alone.
_MANY = 6
Owed = Mapping[str, tuple[str, str, str, str]]


def owed(lib: Library) -> Owed:
    """To whom each commitment is owed, whether its bearer signs, who shows it, what it allows."""
    from servanda.report.draft import provisions

    return {
        norm["id"]: (
            ", ".join(norm["toward"]),
            "yes" if norm["signatory"] else "no",
            ", ".join(norm["shown_by"]),
            norm["may"] or "",
        )
        for provision in provisions(lib)
        for norm in provision["norms"]
    }


@dataclass(frozen=True)
class Judges:
    """The stories of an agreement and the table of what is owed, ready to look at its mutants."""

    name: str
    table: Path
    told: dict[str, list[tuple[Story, Section]]] = field(default_factory=dict)

    @cached_property
    def original(self) -> Library:
        return library.load(self.name)

    @cached_property
    def expected(self) -> Owed:
        rows = [line.split("\t") for line in self.table.read_text().splitlines()[1:]]
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}

    @cached_property
    def sections(self) -> dict[str, list[tuple[Story, Section]]]:
        """For each commitment the sections that ask about it, those that ask about few first."""
        found: dict[str, list[tuple[int, Story, Section]]] = {}
        for path in story.stories():
            told = story.parse(path)
            if told.agreement != self.name:
                continue
            for section in told.sections:
                named = self._named(section)
                for norm in named:
                    found.setdefault(norm, []).append((len(named), told, section))
        return {
            norm: [(told, section) for _, told, section in sorted(rows, key=lambda row: row[0])]
            for norm, rows in found.items()
        }

    def _named(self, section: Section) -> set[str]:
        """The commitments that a section's expectations name, or whose measures they read."""
        norms = self.original.agreement.norms
        words = {word.split("[")[0] for what, _ in section.expected for word in what.split()}
        return {norm for norm in norms if norm in words}

    def notices(self, mutant: Mutant) -> str | None:
        """Who notices a mutant: “the check”, a story, “what is owed”; None for nobody."""
        try:
            lib = copies.with_text(self.original, mutant.text)
        except InputError:
            return "the check"
        if owed(lib) != self.expected:
            return "what is owed"
        for told, section in self._concerned(mutant):
            if story.failures(told, section, lib):
                return told.path.stem
        return None

    def _concerned(self, mutant: Mutant) -> Iterator[tuple[Story, Section]]:
        """Sections about the commitment itself, then about those that its clauses name."""
        text = copies.text_of(self.name)
        start, end = mutants.blocks(text)[mutant.norm]
        block = " ".join(text.split("\n")[start:end])
        others = [n for n in self.sections if n != mutant.norm and f" {n}" in block]
        for norm in (mutant.norm, *others):
            for told, section in self.sections.get(norm, ()):
                if len(self._named(section)) <= _MANY:
                    yield told, section
                else:
                    about = [e for e in section.expected if norm in e[0]]
                    yield told, replace(section, expected=about)


def words(lib: Library) -> set[str]:
    """The names of arguments of records."""
    return {arg.name for record in lib.agreement.record_types.values() for arg in record.args}
