"""The text of a provision: plain words, translations, and published wordings where they differ.

In: a library and a provision.  Out: what stands side by side.  No wording is the default, and none
is copied: what a witness says is told in our words, with where it is published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servanda.library import Library
from servanda.model.agreement import Provision
from servanda.report.negotiation import negotiation
from servanda.web import words


@dataclass(frozen=True, slots=True)
class Wording:
    """What some witnesses say alike; `reading` is how a disputed term is then read.

    `parts` are the same words in pieces, each with whether not all wordings have it.
    """

    says: str
    parts: tuple[tuple[str, bool], ...]
    witnesses: tuple[str, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class Difference:
    about: str
    term: str
    wordings: tuple[Wording, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Translation:
    language: str
    text: str
    authentic: str


@dataclass(frozen=True, slots=True)
class Text:
    plain: str
    translations: tuple[Translation, ...]
    differences: tuple[Difference, ...]
    sources: tuple[str, ...]
    brackets: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


def text_of(library: Library, provision: Provision) -> Text:
    record = negotiation(library)
    witnesses = {str(w.get("id")): w for w in record["witnesses"]}
    rows = [r for r in record["differences"] if str(r.get("point")) == provision.id]
    remarks = [
        f"Left open on purpose: {provision.open_on_purpose}" if provision.open_on_purpose else "",
        f"Its wording is not public: {provision.not_public}" if provision.not_public else "",
        "Left for later talks." if provision.left_for_later else "",
    ]
    return Text(
        provision.text,
        tuple(
            Translation(t.language, t.text, _authentic(library, t)) for t in provision.translations
        ),
        tuple(_difference(library, row, witnesses) for row in rows),
        tuple(_source(c) for c in provision.citations),
        tuple((b.owner, b.text) for b in provision.brackets),
        tuple(r for r in remarks if r),
    )


def _authentic(library: Library, one: Any) -> str:
    known = library.agreement.is_authentic(one.language, one.authentic)
    return {True: "authentic", False: "not authentic", None: ""}[known]


def _source(one: Any) -> str:
    paragraph = f", paragraph {one.paragraph}" if one.paragraph is not None else ""
    digest = f", {one.digest[:8]}…" if one.digest else ""
    return f"{words.words(one.witness)}{paragraph}{digest}"


def _difference(
    library: Library, row: Mapping[str, Any], witnesses: Mapping[str, Mapping[str, Any]]
) -> Difference:
    told: dict[tuple[str, str], list[str]] = {}
    for one in row.get("wordings") or []:
        key = (str(one.get("says")), str(one.get("reading") or ""))
        told.setdefault(key, []).append(_witness(str(one.get("witness")), witnesses))
    term = row.get("reading_term")
    return Difference(
        str(row.get("about")),
        words.term(library.agreement, str(term)) if term else "",
        tuple(
            Wording(says, _parts(says, [s for s, _ in told]), tuple(w), words.words(r))
            for (says, r), w in told.items()
        ),
        str(row.get("note") or ""),
    )


def _parts(says: str, all_say: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """Runs of words that every wording has, and of those that some have not."""
    common = set.intersection(*(set(map(_bare, text.split())) for text in all_say))
    runs: list[tuple[str, bool]] = []
    for word in says.split():
        own = _bare(word) not in common
        if runs and runs[-1][1] == own:
            runs[-1] = (f"{runs[-1][0]} {word}", own)
        else:
            runs.append((word, own))
    return tuple(runs)


def _bare(word: str) -> str:
    return word.strip(".,;:()“”\"'").casefold()


def _witness(name: str, witnesses: Mapping[str, Mapping[str, Any]]) -> str:
    known = witnesses.get(name)
    if known is None:
        return words.words(name)
    details = [str(known[k]) for k in ("language", "date") if known.get(k)]
    return f"{known.get('publisher')} ({', '.join(details)})"
