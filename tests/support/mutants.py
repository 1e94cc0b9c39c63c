"""Mutants of an agreement: its text with one clause taken away or altered.

In: the text of an agreement.  Out: mutants, each with the commitment it touches, what was done to
which line, and the altered text.  What a mutant means nobody asks here; a test that holds the text
to its stories wants every one of them noticed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

NORM = re.compile(
    r"(obligation|prohibition|permission|right|power|immunity|principle|commitment|staged|rule|"
    r"guarantee|effect) (\w+\.\w+)"
)
# Clauses that say what stands beside a commitment, not what it is.
BESIDE = ("note", "source", "open")
_INDENT = "  "
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a commitment: its lines in the text (from, to before) and what they say."""

    norm: str
    start: int
    end: int
    text: str

    @property
    def keyword(self) -> str:
        return self.text.split()[0]


@dataclass(frozen=True, slots=True)
class Mutant:
    norm: str
    what: str
    text: str


def clauses(text: str) -> list[Clause]:
    """Every clause of every commitment, in the order of the text; continued lines are one."""
    lines = text.split("\n")
    found: list[Clause] = []
    norm = ""
    for number, line in enumerate(lines):
        if head := NORM.match(line):
            norm = head[2]
        elif not line.startswith(_INDENT):
            norm = ""
        elif norm and line[2] == " ":
            last = found[-1]
            found[-1] = Clause(norm, last.start, number + 1, f"{last.text} {line.strip()}")
        elif norm:
            found.append(Clause(norm, number, number + 1, line.strip()))
    return found


def blocks(text: str) -> dict[str, tuple[int, int]]:
    """The lines of each commitment, its heading included: from, to before."""
    found = {}
    for number, line in enumerate(text.split("\n")):
        if head := NORM.match(line):
            found[head[2]] = (number, number + 1)
    for clause in clauses(text):
        found[clause.norm] = (found[clause.norm][0], clause.end)
    return found


def without(text: str, start: int, end: int) -> str:
    """The text without some of its lines."""
    lines = text.split("\n")
    return "\n".join(lines[:start] + lines[end:])


def removals(text: str) -> Iterator[Mutant]:
    """Each commitment taken away, and each of its clauses but those that stand beside it."""
    for norm, (start, end) in blocks(text).items():
        yield Mutant(norm, "removed", without(text, start, end))
    for clause in clauses(text):
        if clause.keyword not in BESIDE:
            yield Mutant(
                clause.norm, f"without “{clause.text}”", without(text, clause.start, clause.end)
            )


def alterations(text: str, others: Mapping[str, str], words: Iterable[str]) -> Iterator[Mutant]:
    """Each clause altered in one place: an actor, a number, a limit, a “not”, a part left out.

    `others` names for each actor another one; `words` are the names of arguments of records.
    """
    lines = text.split("\n")
    for clause in clauses(text):
        if clause.keyword in BESIDE:
            continue
        for altered in dict.fromkeys(_altered(clause.text, others, frozenset(words))):
            if _QUOTED.findall(altered) != _QUOTED.findall(clause.text):
                continue  # words for people
            changed = [*lines[: clause.start], _INDENT + altered, *lines[clause.end :]]
            yield Mutant(clause.norm, f"“{altered}” for “{clause.text}”", "\n".join(changed))


def _altered(text: str, others: Mapping[str, str], words: frozenset[str]) -> Iterator[str]:
    keyword, _, body = text.partition(" ")
    spots = [(m.start(), m.end(), m[0]) for m in re.finditer(r"[\w.]+", body)]
    for start, end, word in spots:
        if word in others and not body[:start].endswith("members of "):
            yield f"{keyword} {body[:start]}{others[word]}{body[end:]}"
        elif re.fullmatch(r"\d[\d_]*", word) and int(word):
            for other in (int(word) * 2, int(word) // 2):
                yield f"{keyword} {body[:start]}{other}{body[end:]}"
    for this, that in _OPPOSITES:
        for m in re.finditer(rf"\b{this}\b", body):
            yield f"{keyword} {body[: m.start()]}{that}{body[m.end() :]}"
    for m in re.finditer(r"\b(not|once|new|fulfilled|each) ", body):
        yield f"{keyword} {body[: m.start()]}{body[m.end() :]}"
    for m in re.finditer(r" (\w+) (\{[^}]*\}|[\w.]+)", body):
        if m[1] in words:
            yield f"{keyword} {body[: m.start()]}{body[m.end() :]}"
    yield from (f"{keyword} {part}" for part in _less_an_item(body))
    yield from (f"{keyword} {part}" for part in _less_an_operand(body))


_OPPOSITES = (
    ("at most", "at least"),
    ("at least", "at most"),
    ("exactly", "at least"),
    ("more than", "less than"),
    ("de_facto", "de_jure"),
    ("is fulfilled", "is active"),
    ("is breached", "is active"),
    ("is invoked", "is fulfilled"),
)


def _less_an_item(body: str) -> Iterator[str]:
    """One item of a set left out."""
    for m in re.finditer(r"\{([^}]*)\}", body):
        items = [item.strip() for item in m[1].split(",")]
        for left_out in items if len(items) > 1 else ():
            kept = ", ".join(item for item in items if item != left_out)
            yield f"{body[: m.start()]}{{{kept}}}{body[m.end() :]}"


def _less_an_operand(body: str) -> Iterator[str]:
    """One side of an “and” or “or” left out, within its brackets."""
    for m in re.finditer(r" (and|or) ", body):
        left, right = _reach(body, m.start(), -1), _reach(body, m.end(), 1)
        yield body[:left] + body[m.end() :]
        yield body[: m.start()] + body[right:]


def _reach(body: str, start: int, step: int) -> int:
    """How far the text at a place goes until the bracket around it, or the end."""
    depth, at = 0, start if step > 0 else start - 1
    inward, outward = ("([{", ")]}") if step > 0 else (")]}", "([{")
    while 0 <= at < len(body):
        if body[at] in outward:
            if not depth:
                break
            depth -= 1
        elif body[at] in inward:
            depth += 1
        at += step
    return at if step > 0 else at + 1
