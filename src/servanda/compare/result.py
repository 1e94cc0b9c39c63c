"""The comparison of two or more drafts as plain data, schema `servanda.comparison/1`.

In: agreements with the files beside them, and what a user has set.  Out: what became of each clause
between each two drafts, one table of all, the balance by party and draft, and the positions.  No
draft is the one that others are measured by: a comparison of A with B is that of B with A, turned.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from servanda.beside import InputError
from servanda.compare.align import Pair, align, shared_names, unknown_descents
from servanda.compare.besides import Enders
from servanda.compare.change import Change, Clause, Fate, OtherChange, Part
from servanda.compare.choices import Choices, read_choices, read_ranking
from servanda.compare.clauses import Comparison
from servanda.compare.draft import Draft
from servanda.compare.others import others
from servanda.compare.positions import positions, said_before, sticking
from servanda.compare.ranking import ranked
from servanda.compare.table import Compared, Row, table
from servanda.compare.text import told
from servanda.compare.wording import wordings
from servanda.library import Library, load
from servanda.report.balance import balance, unassigned

SCHEMA = "servanda.comparison/1"
MAX_DRAFTS = len(ascii_uppercase)
# Works out for an agreement who can end what: by norm, the ways in words.
WhoEnds = Callable[[Library], Enders]


def compare(
    *drafts: Library | str | Path,
    align_file: str | Path | None = None,
    rank_file: str | Path | None = None,
    who_ends: WhoEnds | None = None,
) -> dict[str, Any]:
    """Compare two or more drafts; raises InputError for what cannot be understood."""
    if not 2 <= len(drafts) <= MAX_DRAFTS:
        raise InputError(f"Between 2 and {MAX_DRAFTS} drafts are compared, not {len(drafts)}.")
    libraries = [one if isinstance(one, Library) else load(one) for one in drafts]
    listed = [Draft(one, mark) for one, mark in zip(libraries, ascii_uppercase, strict=False)]
    choices = Choices() if align_file is None else read_choices(Path(align_file), listed)
    ranking = None if rank_file is None else read_ranking(Path(rank_file), listed)
    ends = {d.mark: who_ends(d.library) if who_ends else {} for d in listed}
    compared: Compared = {}
    found = []
    for a, b in combinations(listed, 2):
        comparison = _aligned(a, b, choices, (ends[a.mark], ends[b.mark]))
        changes = compared[a.mark, b.mark] = list(comparison.changes())
        found.append(_comparison(comparison, changes))
    rows = table(listed, compared)
    balances = _balances(listed)
    said = positions(listed)
    return {
        "schema": SCHEMA,
        "drafts": [_draft(one) for one in listed],
        "comparisons": found,
        "table": [_row(row) for row in rows],
        "balance": balances,
        "balance_open": {draft.mark: unassigned(draft.library) for draft in listed},
        "ranking": None if ranking is None else ranked(ranking, rows, balances),
        "positions": said,
        "sticking_points": sticking(listed, said),
        "said_before": list(said_before(listed, said, compared)),
    }


def _aligned(a: Draft, b: Draft, choices: Choices, ends: tuple[Enders, Enders]) -> Comparison:
    """Two drafts with the clauses that answer each other under one name."""
    pairs = align(a, b, choices.between(a.mark, b.mark))
    names = shared_names(((a.mark, pair.before), (b.mark, pair.after)) for pair in pairs)
    before, after = (
        Draft(one.library, one.mark, {n: s for (mark, n), s in names.items() if mark == one.mark})
        for one in (a, b)
    )
    return Comparison(before, after, pairs, ends)


# --- as plain data --------------------------------------------------------------------------------


def _draft(draft: Draft) -> dict[str, Any]:
    header = draft.agreement.header
    provisions = draft.agreement.provisions.values()
    return {
        "letter": draft.mark,
        "id": draft.id,
        "title": header.title,
        "date": header.draft.isoformat() if header.draft else None,
        "status": header.status.value,
        "incomplete": header.incomplete,
        "not_public": [p.id for p in provisions if p.not_public is not None],
        "provisions": {p.id: p.title for p in provisions},
        "norms": len(draft.agreement.norms),
    }


def _comparison(comparison: Comparison, changes: Sequence[Change]) -> dict[str, Any]:
    before, after = comparison.before, comparison.after
    counts = {fate.value: sum(change.fate is fate for change in changes) for fate in Fate}
    return {
        "before": before.mark,
        "after": after.mark,
        "counts": counts,
        "clauses": [_change(change) for change in changes],
        "others": [_other(one) for one in others(before, after)],
        "wording": list(wordings(before, after, changes)),
        "descents_not_found": [
            {"draft": draft, "clause": clause, "names": name}
            for draft, clause, name in unknown_descents(before, after)
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "fate": change.fate.value,
        "before": _clause(change.before),
        "after": _clause(change.after),
        "moved": change.moved,
        "why": change.why,
        "owed_to": list(change.owed_to),
        "aligned": _pair(change.pair),
        "parts": [_part(part) for part in change.parts],
        "told": told(change.parts),
    }


def _clause(clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {"id": clause.id, "provision": clause.provision, "text": clause.text}


def _pair(pair: Pair | None) -> dict[str, Any] | None:
    return None if pair is None else {"how": pair.how, "score": pair.score}


def _part(part: Part) -> dict[str, Any]:
    return {
        "aspect": part.aspect.value,
        "before": part.before,
        "after": part.after,
        "direction": part.direction.value,
        "for": list(part.whom),
        "role": part.role,
        "on_ending": part.on_ending,
        "words": part.words,
    }


def _other(one: OtherChange) -> dict[str, Any]:
    return {
        "what": one.what,
        "name": one.name,
        "fate": one.fate.value,
        "parts": [_part(part) for part in one.parts],
        "told": told(one.parts),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        letter: {
            "clauses": list(cell.clauses),
            "number": cell.number,
            "lacks": cell.lacks,
            "why": cell.why,
        }
        for letter, cell in row.cells.items()
    }


def _balances(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """By party, what each draft has it give, get and keep; nothing is weighed."""
    parties: dict[str, dict[str, Mapping[str, Any]]] = {}
    for draft in drafts:
        for row in balance(draft.library):
            told = {name: value for name, value in row.items() if name != "party"}
            parties.setdefault(str(row["party"]), {})[draft.mark] = told
    return [{"party": party, "drafts": told} for party, told in parties.items()]
