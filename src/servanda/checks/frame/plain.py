"""An audit as plain data, schema `servanda.audit/1`; the same agreement gives the same data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from servanda.checks.frame.run import SECONDS, Audit
from servanda.checks.frame.run import audit as run
from servanda.checks.frame.unread import ALL
from servanda.checks.frame.warning import AuditWarning
from servanda.engine.closure import closures
from servanda.engine.strata import strata
from servanda.library import Library, load_draft
from servanda.reason.replay import Story

SCHEMA = "servanda.audit/1"


def audit(
    library: Library | str | Path, checks: Sequence[str] = (), seconds: float = SECONDS
) -> dict[str, Any]:
    """What will break before it is signed: all warnings of an agreement, with their stories."""
    if not isinstance(library, Library):
        library = load_draft(library)
    return plain(run(library, checks, seconds))


def plain(result: Audit) -> dict[str, Any]:
    by_code = {code: one for one in result.checks for code in one.codes}
    return {
        "schema": SCHEMA,
        "agreement": result.library.agreement.header.plain(),
        "errors": result.library.loaded.plain_errors(),
        "checks": [
            {
                "name": one.name,
                "number": one.order,
                "title": one.title,
                "warnings": sum(w.code in one.codes for w in result.warnings),
                "decided": all(u.check not in (one.name, ALL) for u in result.undecided),
            }
            for one in result.checks
        ],
        "warnings": [
            _warning(w, by_code[w.code].name, by_code[w.code].codes[w.code].title)
            for w in result.warnings
        ],
        "undecided": [
            {"check": u.check, "what": u.what, "tried": u.tried} for u in result.undecided
        ],
    }


def _warning(one: AuditWarning, check: str, title: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "code": one.code,
        "check": check,
        "title": title,
        "severity": one.severity.value,
        "clauses": [{"id": c.id, "file": c.span.file, "line": c.span.line} for c in one.clauses],
        "sentence": one.sentence,
        "readings": [dict(r) for r in one.readings],
        "story": None if one.story is None else story(one.story),
        "no_story": one.no_story or None,
        "options": [{"sentence": o.sentence, "text": o.text} for o in one.options],
        "detail": list(one.detail),
    }


def story(one: Story) -> dict[str, Any]:
    """A story: HYPOTHETICAL events, the records that tell them, and what the evaluator finds."""
    return {
        "hypothetical": True,
        "events": [{"day": day, "what": what} for day, what in one.told],
        "as_of": one.as_of,
        "standard": one.standard,
        "readings": dict(one.readings),
        "shows": [{"instance": c.instance, "state": c.word, "holds": c.holds} for c in one.shows],
        "records": [_row(row) for row in one.rows],
    }


def readings_of(result: Audit, one: Story) -> dict[str, str]:
    """The readings of a story that can matter to what it shows: those to fix when it is told."""
    agreement = result.library.agreement
    found = closures(agreement, strata(agreement), False)
    terms = {t for claim in one.shows for t in found.get(claim.instance.split("[")[0], ())}
    return {term: reading for term, reading in one.readings if term in terms}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row)
