"""The state of each instance of a commitment under every general evidence standard and reading.

In: a question and a commitment.  Out: rows by instance and by the readings that part it, cells by
standard with the state and how many violations rest on what.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.engine.question import Question
from servanda.engine.readings import Spread, spreads
from servanda.evidence.standard import GENERAL_STANDARDS
from servanda.model.norm import Norm


@dataclass(frozen=True, slots=True)
class Cell:
    """`bases` are those of the violations, in order, and how many rest on each."""

    state: str
    bases: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`readings`: the combinations of which the cells are told; none where all say the same."""

    instance: str
    readings: tuple[dict[str, str], ...]
    cells: tuple[Cell, ...]


def columns(question: Question) -> tuple[str, ...]:
    """The general standards, and the one that was chosen where it is another."""
    chosen = question.inputs.standard
    return GENERAL_STANDARDS if chosen in GENERAL_STANDARDS else (*GENERAL_STANDARDS, chosen)


def by_standard(question: Question, norm: Norm) -> tuple[Row, ...]:
    """Rows in the order of the text; readings whose cells are alike share a row."""
    names = columns(question)
    found = {name: spreads(question, norm.id, name) for name in names}
    instances = list(dict.fromkeys(i for spread in found.values() for i in spread))
    return tuple(
        row
        for instance in instances
        for row in _rows(question, instance, [found[name].get(instance) for name in names])
    )


def _rows(question: Question, instance: str, given: list[Spread | None]) -> list[Row]:
    parted = {t for spread in given if spread for t in spread.parting(question.fixed)}
    terms = [t for t in question.agreement.terms if t in parted]
    rows: dict[tuple[Cell, ...], list[dict[str, str]]] = {}
    for assignment in question.assignments(terms):
        if question.allowed(assignment):
            cells = tuple(_cell(spread, assignment) for spread in given)
            rows.setdefault(cells, []).append(assignment)
    alone = len(rows) == 1
    return [Row(instance, () if alone else tuple(r), cells) for cells, r in rows.items()]


def _cell(spread: Spread | None, assignment: Mapping[str, str]) -> Cell:
    if spread is None:
        return Cell("inactive")
    for case in spread.allowed:
        if all(case.assignment.get(t, r) == r for t, r in assignment.items()):
            history = case.history
            if case.state != "breached" or history is None:
                return Cell(case.state)
            return Cell(case.state, tuple(sorted(history.bases().items())))
    return Cell("inactive")
