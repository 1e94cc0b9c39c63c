"""What people set themselves: which clauses belong together, and what matters to them.

In: YAML files that a user gives.  Out: pairs that stand against all others, and a ranking; refused
with place, reason and cure where they name what is not there.

    together:                                  by: "our delegation"
      - {draft-1: a6.cap, draft-2: b4.cap}     order:
    alone:                                       - a6.cap
      - {draft-2: b9.pool}                       - a2.peace

A draft is named by its id, or by its letter in the order given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servanda.beside import TEXT, Document, InputError, Needed, read_yaml
from servanda.compare.align import Settled
from servanda.compare.draft import Draft

ALIGN: dict[str, Any] = {"together": [{}], "alone": [{}]}
RANK: dict[str, Any] = {"by": Needed(TEXT), "order": Needed([TEXT])}


@dataclass(frozen=True, slots=True)
class Choices:
    """`together` and `alone` list clauses as (letter, norm)."""

    together: tuple[tuple[tuple[str, str], ...], ...] = ()
    alone: frozenset[tuple[str, str]] = frozenset()

    def between(self, before: str, after: str) -> Settled:
        """What is set for two of the drafts, by their letters."""
        pairs = [
            (a, b)
            for group in self.together
            for letter, a in group
            for other, b in group
            if (letter, other) == (before, after)
        ]
        alone = [
            frozenset(norm for letter, norm in self.alone if letter == side)
            for side in (before, after)
        ]
        return Settled(tuple(pairs), *alone)


@dataclass(frozen=True, slots=True)
class Ranking:
    """A user's own order, the most important first; `by` says whose it is."""

    by: str
    order: tuple[str, ...]


def read_choices(path: Path, drafts: Sequence[Draft]) -> Choices:
    """The file that sets which clauses belong together; raises InputError."""
    document = _document(path)
    data = document.checked(ALIGN) or {}
    together = tuple(
        tuple(_clauses(document, row, drafts, ("together", index)))
        for index, row in enumerate(data.get("together") or ())
    )
    alone = frozenset(
        clause
        for index, row in enumerate(data.get("alone") or ())
        for clause in _clauses(document, row, drafts, ("alone", index))
    )
    return Choices(together, alone)


def read_ranking(path: Path, drafts: Sequence[Draft]) -> Ranking:
    """The file with a user's own ranking; raises InputError."""
    document = _document(path)
    data = document.checked(RANK) or {}
    known = {name for draft in drafts for name in draft.agreement.norms}
    for index, name in enumerate(data["order"]):
        if str(name) not in known:
            raise _unknown(document, str(name), known, ("order", index), "the drafts compared")
    return Ranking(str(data["by"]), tuple(dict.fromkeys(map(str, data["order"]))))


def _document(path: Path) -> Document:
    document = read_yaml(path.parent, path.name)
    if document is None:
        raise InputError(f"{path}: there is no such file.")
    if not isinstance(document.data, dict):
        document.checked({})
    return document


def _clauses(
    document: Document, row: Mapping[str, Any], drafts: Sequence[Draft], at: tuple[str | int, ...]
) -> list[tuple[str, str]]:
    by_name = {draft.id: draft for draft in drafts} | {draft.mark: draft for draft in drafts}
    found = []
    for key, names in row.items():
        draft = by_name.get(str(key))
        if draft is None:
            raise document.refuse(
                "SV0806",
                f"none of the drafts that are compared is called `{str(key)[:40]}`",
                (*at, key),
                why=f"There are {', '.join(f'{d.mark} ({d.id})' for d in drafts)}.",
                fix="Write the id or the letter of one of them.",
            )
        for name in names if isinstance(names, list) else [names]:
            if str(name) not in draft.agreement.norms:
                known = draft.agreement.norms
                raise _unknown(document, str(name), known, (*at, key), draft.id)
            found.append((draft.mark, str(name)))
    return found


def _unknown(
    document: Document, name: str, known: Any, at: tuple[str | int, ...], where: str
) -> InputError:
    from servanda.language.diagnostics import nearest

    close = nearest(name, known, most=1)
    return document.refuse(
        "SV0806",
        f"there is no commitment `{name[:40]}` in {where}",
        at,
        why="A name that nothing declares would silently be passed over.",
        fix=f"Write `{close[0]}`." if close else "Write an id as `servanda show` gives it.",
    )
