"""The commitments of a provision as sentences: who must what toward whom, from when, by when.

In: an answer and its norms.  Out: sentences in parts; what is left open or disputed is a slot.
"""

from dataclasses import dataclass

from servanda.engine import phrase
from servanda.model.norm import By, Norm, NormKind, Within
from servanda.model.unspecified import Unspecified
from servanda.report.names import names
from servanda.web import words
from servanda.web.desk import Answer

DUTIES = {"achieve": "must bring about", "maintain": "must keep", "not": "must not", "may": "may"}
KINDS = {
    NormKind.PRINCIPLE: "A statement of principle: it cannot be violated.",
    NormKind.POLITICAL: "A political commitment: it can be not observed, never breached.",
}


@dataclass(frozen=True, slots=True)
class Commitment:
    """`parts` are words and whether they are a slot: left open or disputed."""

    id: str
    title: str
    kind: str
    bearers: str
    duty: str
    parts: tuple[tuple[str, bool], ...]
    open: tuple[str, ...]
    notes: tuple[str, ...]


def commitments(answer: Answer, norms: list[Norm]) -> list[Commitment]:
    return [_commitment(answer, norm) for norm in norms]


def _commitment(answer: Answer, norm: Norm) -> Commitment:
    agreement = answer.library.agreement
    listed: list[str] = []
    each = ""
    if norm.bearers is not None:
        listed = [words.who(agreement, n) for v in norm.bearers.values for n in names(v)]
        each = " each" if norm.bearers.each and len(listed) > 1 else ""
        if norm.bearers.open:
            listed.append(norm.bearers.open)
    bearers = words.listed(listed) + each if listed else "nobody named"
    duty = DUTIES.get(norm.duty or "", "")
    parts: list[tuple[str, bool]] = []
    if norm.condition is not None:
        parts.append((phrase.condition(norm.condition), False))
    if norm.toward is not None:
        toward = words.listed([words.who(agreement, n) for n in names(norm.toward)])
        parts.append((f"toward {'the ' if toward in ('other', 'others') else ''}{toward}", False))
    if norm.start is not None:
        start = phrase.condition(norm.start.condition)
        parts.append((f"from when {start}", "(disputed)" in start))
    parts += _deadline(norm)
    rows = answer.rows(norm.id)
    open_fields = dict.fromkeys(words.words(f) for row in rows for f in row["open"])
    return Commitment(
        norm.id,
        words.sentence(norm.text or norm.id),
        KINDS.get(norm.kind, words.sentence(words.words(norm.kind.value)) + "."),
        bearers,
        duty,
        tuple(parts),
        tuple(name for name in open_fields if name != "deadline"),
        tuple(words.sentence(n) + "." for n in norm.notes),
    )


def _deadline(norm: Norm) -> list[tuple[str, bool]]:
    match norm.deadline:
        case Unspecified():
            return [("by when: left open", True)]
        case By(day):
            return [(f"by {words.day(day)}", False)]
        case Within(duration, of):
            told = phrase.condition(of)
            return [(f"within {phrase.duration(duration)} of when {told}", "(disputed)" in told)]
        case _:
            return []
