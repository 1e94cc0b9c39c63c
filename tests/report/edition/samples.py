"""Questions of which editions are made."""

from datetime import date
from typing import Any

from servanda import asking, library
from servanda.engine.assess import assess_question
from servanda.engine.question import Question
from servanda.report.edition.document import edition

FLAGSHIP, PAUSE = "ukraine-28-point", "energy-moratorium-2025"
LATE = date(2026, 11, 1)  # long after all records


def asked(name: str = PAUSE, **choices: Any) -> tuple[Question, dict[str, Any]]:
    """A question with its assessment; of the flagship on its invented course of events."""
    lib = library.load(name)
    course = library.BUNDLED / name / "courses" / "first-months.jsonl"
    records = [course] if name == FLAGSHIP else None
    question, _ = asking.question(lib, records, **{"standard": "any_claim", **choices})
    return question, assess_question(question)


def made(name: str = PAUSE, day: date = LATE, **choices: Any) -> dict[str, Any]:
    return edition(*asked(name, **choices), day)
