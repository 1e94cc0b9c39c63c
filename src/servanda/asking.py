"""Questions about an agreement, as people put them, and the answers as plain data.

In: names, paths and words.  Out: a question that the engine understands, or what it says to one.
What cannot be understood raises InputError, with what would be.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from servanda.beside import InputError
from servanda.engine.question import COLUMNAR, Inputs, Question
from servanda.evidence.instant import parse_period
from servanda.evidence.merge import Merge, merge_of, read_merges
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import Records, read_rows, together
from servanda.evidence.refused import Refused
from servanda.evidence.standard import DEFAULT_STANDARD, GENERAL_STANDARDS, PARTY_PREFIX
from servanda.language.diagnostics import Reporter
from servanda.language.load import render
from servanda.library import Library, load
from servanda.model.agreement import Agreement
from servanda.model.standard import Standard


def question(
    library: Library | str | Path,
    records: str | Path | Sequence[str | Path | Mapping[str, Any]] | Records | None = None,
    *,
    as_of: str | None = None,
    known_at: str | None = None,
    standard: str | Standard = DEFAULT_STANDARD,
    readings: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    trust_status: bool = False,
    only: Sequence[str] = (),
    engine: str = COLUMNAR,
    merges: str | Path | Sequence[Mapping[str, Any]] = (),
) -> tuple[Question, tuple[Refused, ...]]:
    """Make a question of an agreement; bundled records are used where none are given.

    `records` are a file, several files, or records as plain data; `merges` a file of decisions
    that records tell of one occurrence, or such decisions.  Raises InputError for what cannot be
    understood.
    """
    if not isinstance(library, Library):
        library = load(library)
    if records is None:
        read = library.records
    elif isinstance(records, Records):
        read = records
    else:
        read = _records(library, records)
    decided, unusable = _merges(merges, read)
    chosen = dict(readings or {})
    check_readings(library.agreement, chosen)
    own = standard_of(library, standard) if isinstance(standard, str) else standard
    check_only(library.agreement, only)
    inputs = Inputs(
        library.agreement,
        library.atlas,
        read.records,
        library.sources,
        _instant(as_of, library.zone, "as_of"),
        _instant(known_at, library.zone, "known_at"),
        standard_name(own),
        chosen,
        tuple(assume),
        trust_status,
        read.notes,
        read.by_officer,
        tuple(only),
        engine,
        own if isinstance(own, Standard) else None,
        decided,
    )
    from servanda.engine.assumptions import BadAssumption

    try:
        return Question.of(inputs), (*read.refused, *unusable)
    except BadAssumption as error:
        raise InputError(f"--assume {error}") from error


def _records(
    library: Library, records: str | Path | Iterable[str | Path | Mapping[str, Any]]
) -> Records:
    given = [records] if isinstance(records, str | Path) else list(records)
    rows = [one for one in given if isinstance(one, Mapping)]
    paths = [Path(one) for one in given if not isinstance(one, Mapping)]
    for path in paths:
        if not path.is_file():
            raise InputError(f"records {path}: there is no such file.")
    if not rows:
        return library.read(paths)
    types = library.agreement.record_types
    told = with_known_places(read_rows(rows, types, library.zone), types, library.atlas)
    return together([told, library.read(paths)])


def _merges(
    given: str | Path | Sequence[Mapping[str, Any]], read: Records
) -> tuple[tuple[Merge, ...], tuple[Refused, ...]]:
    if not isinstance(given, str | Path):
        try:
            return tuple(map(merge_of, given)), ()
        except ValueError as error:
            raise InputError(f"merges: {error}.") from error
    path = Path(given)
    if not path.is_file():
        raise InputError(f"merges {path}: there is no such file.")
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return read_merges(text, path.name, frozenset(read.ids))


def _instant(text: str | None, zone: ZoneInfo, name: str) -> int | None:
    """An instant; a bare day is that day's last microsecond in the agreement's zone."""
    if text is None:
        return None
    try:
        return parse_period(text, zone).last
    except ValueError as error:
        raise InputError(f"{name}: {error}") from error


def check_readings(agreement: Agreement, readings: Mapping[str, str]) -> None:
    import difflib

    for term, reading in readings.items():
        declared = agreement.terms.get(term)
        if declared is None:
            close = difflib.get_close_matches(term, list(agreement.terms), n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise InputError(f"“{term}” is no disputed term of {agreement.id}.{hint}")
        names = [r.name for r in declared.readings]
        if reading not in names:
            raise InputError(f"“{reading}” is no reading of {term}; it has {', '.join(names)}.")


def check_only(agreement: Agreement, only: Iterable[str]) -> None:
    import difflib

    known = [*agreement.provisions, *agreement.norms]
    for name in only:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise InputError(f"“{name}” is no provision or commitment of {agreement.id}.{hint}")


def standard_of(library: Library, text: str, file: str = "--standard") -> str | Standard:
    """The name of a standard that is built in, or a standard of one's own (see docs).

    `file` is what messages call the text; raises InputError with all that is wrong with it.
    """
    name = text.strip()
    if name in (*GENERAL_STANDARDS, *account_names(library.agreement)):
        return name
    from servanda.language.standard import read_standard

    agreement = library.agreement
    listed = {*library.sources, *agreement.actors}
    listed |= {name for a in agreement.actors.values() for name in (*a.members, *a.voice)}
    names = {
        "party": [a.removeprefix(PARTY_PREFIX) for a in account_names(agreement)],
        "source": sorted(listed),
        "kind": sorted({one.kind for one in library.sources.values() if one.kind}),
    }
    report = Reporter()
    found = read_standard(text, file, names, report)
    if found is None:
        diagnostics = report.finish()
        raise InputError(render(diagnostics), diagnostics)
    return found.text if found.text in GENERAL_STANDARDS else found


def standard_name(standard: str | Standard) -> str:
    """What results call a standard: its name, or the canonical text of one's own."""
    return standard if isinstance(standard, str) else standard.text


def account_names(agreement: Agreement) -> list[str]:
    """The standards that take one side's own account."""
    return [PARTY_PREFIX + a.id for a in agreement.actors.values() if a.is_side]


def refused_rows(refused: Iterable[Refused]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"line": r.line, "reason": r.reason, **({"file": r.file} if r.file else {})}
        for r in refused
    )


def assess(library: Library | str | Path, records: Any = None, **choices: Any) -> dict[str, Any]:
    """The assessment as plain data (schema servanda.assessment/1); see `question` for choices."""
    from servanda.engine.assess import assess_question

    asked, refused = question(library, records, **choices)
    return assess_question(asked, refused_rows(refused))


def explain(
    library: Library | str | Path, norm: str, records: Any = None, **choices: Any
) -> list[dict[str, Any]]:
    """Why a commitment has its state, and what would change it; see `question` for choices."""
    from servanda.engine.explain import explain as explain_question

    asked, _ = question(library, records, **choices)
    return explain_question(asked, norm)


def matrix(library: Library | str | Path, records: Any = None, **choices: Any) -> dict[str, Any]:
    """States by reading and standard, where they differ; see `question` for choices."""
    from servanda.engine.matrix import matrix as matrix_question

    asked, _ = question(library, records, **choices)
    return matrix_question(asked)
