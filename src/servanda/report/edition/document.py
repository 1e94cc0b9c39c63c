"""The document of an edition, `servanda.edition/1`.

In: a question on public records, its assessment, and the day on which it is made.  Out: plain data
that the same input gives again, byte for byte.  What is only supposed is refused: assumptions and
invented records are never published.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from servanda.engine.in_force import in_force
from servanda.engine.phrase import words
from servanda.engine.question import Question
from servanda.evidence.instant import day_of
from servanda.evidence.standard import GENERAL_STANDARDS
from servanda.library import InputError
from servanda.model.agreement import Agreement
from servanda.model.translation import Translation
from servanda.report.deadlines import deadlines
from servanda.report.edition.occurrences import occurrences
from servanda.report.edition.states import by_reading, state_of, violations_of
from servanda.report.readings import concise

SCHEMA = "servanda.edition/1"


def edition(question: Question, result: Mapping[str, Any], made: date) -> dict[str, Any]:
    """Raises InputError for a question whose answer is not to be published."""
    if question.assumptions.texts:
        raise InputError("An edition assumes nothing: leave the assumptions away.")
    if question.inputs.standard not in GENERAL_STANDARDS:
        known = ", ".join(GENERAL_STANDARDS)
        raise InputError(
            f"An edition takes one of the general evidence standards ({known}): no side’s own "
            "account, and none that was written for the purpose."
        )
    agreement = question.agreement
    language = next(iter(agreement.header.languages), "en")
    return {
        "schema": SCHEMA,
        "agreement": {**agreement.header.plain(), "language": language},
        "made": made.isoformat(),
        "as_of": result["as_of"],
        "as_of_day": day_of(question.as_of, question.zone).isoformat(),
        "known_at": result["known_at"],
        "known_at_day": _day(question, question.inputs.known_at),
        "zone": agreement.header.zone,
        "standard": result["standard"],
        "readings": result["readings"],
        "terms": _terms(agreement),
        "in_force": [
            {
                "if": list(row.readings),
                "holds": row.holds,
                "since": _day(question, row.since) if row.holds else None,
            }
            for row in in_force(question)
        ],
        "provisions": [
            {"id": p.id, "title": p.title, "text": _texts(language, p.text, p.translations)}
            for p in agreement.provisions.values()
        ],
        "commitments": [_commitment(agreement, language, row) for row in result["norms"]],
        "not_monitored": [
            row["id"]
            for row in result["norms"]
            if (seen := row.get("coverage")) and not (seen["time_share"] and seen["area_share"])
        ],
        "deadlines": _deadlines(question, result),
        "occurrences": occurrences(question, made),
    }


def text_of(document: Mapping[str, Any]) -> bytes:
    """The bytes of a document, in the one form that its digest names."""
    told = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode("utf-8")


def digest_of(document: Mapping[str, Any]) -> str:
    return sha256(text_of(document)).hexdigest()


def under(document: Mapping[str, Any], combinations: Sequence[Mapping[str, str]]) -> str:
    """Readings in few words, such as `when the clock starts: on agreement`; empty: all of them."""
    terms = document["terms"]
    every = {name: list(term["readings"]) for name, term in terms.items()}
    told = [_pairs(one) for one in concise(combinations, every) if one != "every reading"]
    return "; or ".join(
        ", ".join(f"{terms[name]['title']}: {words(chosen)}" for name, chosen in one.items())
        for one in told
    )


def _day(question: Question, at: int | None) -> str | None:
    return None if at is None else day_of(at, question.zone).isoformat()


def _terms(agreement: Agreement) -> dict[str, Any]:
    """The disputed words with their readings, by which the rest can be understood."""
    return {
        term.id: {
            "title": term.title or words(term.id),
            "readings": {one.name: one.note for one in term.readings},
        }
        for term in agreement.terms.values()
    }


def _texts(language: str, text: str | None, others: Sequence[Translation]) -> dict[str, str]:
    """A text by language, its own first."""
    found = {language: text} if text else {}
    return found | {one.language: one.text for one in others if one.language not in found}


def _commitment(agreement: Agreement, language: str, row: Mapping[str, Any]) -> dict[str, Any]:
    norm = agreement.norms[row["id"].partition("[")[0]]
    return {
        "id": row["id"],
        "provision": norm.provision,
        "text": _texts(language, norm.text or words(norm.id), norm.translations),
        "bearers": [_who(agreement, name) for name in row["bearer"]],
        "state": state_of(row),
        "violations": violations_of(row) if row["state"] in ("breached", "cured") else [],
        "by_reading": by_reading(row),
        "observed": _observed(row.get("coverage")),
    }


def _who(agreement: Agreement, name: str) -> dict[str, str | None]:
    actor = agreement.actors.get(name)
    title = words(name) if actor is None else actor.title or words(name)
    return {"name": title, "country": None if actor is None else actor.country}


def _observed(coverage: Mapping[str, float] | None) -> dict[str, float] | None:
    """How much was observed; None where silence would mean nothing."""
    if coverage is None:
        return None
    return {"time": coverage["time_share"], "area": coverage["area_share"]}


def _deadlines(question: Question, result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every day that a disputed clock could give, and the readings under which there is none."""
    undated = {row["id"]: _without_day(row) for row in result["norms"]}
    found: dict[str, dict[str, Any]] = {}
    for one in deadlines(question):
        told = found.setdefault(
            one.instance,
            {"commitment": one.instance, "days": [], "no_day_if": undated.get(one.instance, [])},
        )
        told["days"].append(
            {"last_day": one.last_day.isoformat(), "if": [_pairs(text) for text in one.readings]}
        )
    return list(found.values())


def _without_day(row: Mapping[str, Any]) -> list[dict[str, str]]:
    return [dict(one["readings"]) for one in row.get("by_reading", ()) if one["due"] is None]


def _pairs(text: str) -> dict[str, str]:
    """The readings that a row of deadlines tells as text."""
    return dict(pair.split(" = ", 1) for pair in text.split(", "))
