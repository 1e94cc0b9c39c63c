"""Who may file a record as whom: a side and a body speak for themselves, and nobody else does.

In: a person, an agreement and a row.  Out: why the row is not taken from that person.
"""

from collections.abc import Mapping
from typing import Any

from servanda.docket.papers import PAPERS
from servanda.docket.turns import Hand
from servanda.evidence.checked import text
from servanda.evidence.record import Record
from servanda.evidence.source import Speakers
from servanda.library import Library
from servanda.model.agreement import Agreement
from servanda.web.people.person import Person
from servanda.web.people.roles import Role

FILERS = frozenset({Role.PARTY, Role.MONITOR, Role.SECRETARIAT, Role.CHAIR})
FOR_ONE = frozenset({Role.PARTY, Role.CHAIR})  # who files as the one for whom they act


def outside(person: Person, agreement: Agreement) -> str:
    """Why somebody who acts for a party or a body files nothing here; empty where they may."""
    if person.acts_for is None or person.acts_for in (*agreement.actors, *agreement.institutions):
        return ""
    return f"{person.acts_for}, for which you act, is neither a party nor a body of this agreement."


def source_of(person: Person) -> str | None:
    """The only source as which somebody files; None where the person names it."""
    return person.acts_for if person.role in FOR_ONE else None


def why_not(person: Person, library: Library, row: Mapping[str, Any]) -> str:
    """Why a row is not taken from a person; empty where it is."""
    source, word = text(row, "source") or "", text(row, "claimed_by")
    own = source_of(person)
    if own is not None:
        if source != own:
            return f"“source” is “{source}”: you file as {own} alone"
        if word not in (None, own):
            return (
                f"“claimed_by” is “{word}”: you file the word of {own} alone; what others say is "
                "filed by a monitor or the secretariat, or put in as `derived_from`"
            )
        return ""
    return "" if person.role is Role.SECRETARIAT else _as_a_monitor(library, row, source, word)


def _as_a_monitor(library: Library, row: Mapping[str, Any], source: str, word: str | None) -> str:
    agreement = library.agreement
    speakers = Speakers(agreement.actors, library.sources)
    bodies = tuple(agreement.institutions)
    for name in (*speakers.sides(), *bodies):
        if speakers.speaks_for(source, name):
            return f"“source” is “{source}”: {name} files for itself"
    papers = str(row.get("type")) in PAPERS
    for name in (*bodies, *(speakers.sides() if papers else ())):
        if word is not None and speakers.speaks_for(word, name):
            return f"“claimed_by” is “{word}”: {name} files that itself"
    return ""


def hand_of(person: Person) -> Hand:
    """On whose behalf somebody writes papers of proceedings."""
    whom = person.acts_for
    match person.role:
        case Role.PARTY:
            return Hand(party=whom)
        case Role.MEMBER | Role.CHAIR if whom is not None:
            seat = None if person.seat is None else (whom, person.seat)
            chairs = frozenset({whom}) if person.role is Role.CHAIR else frozenset[str]()
            return Hand(seat=seat, bodies=chairs)
        case Role.SECRETARIAT:
            return Hand(bodies=None)
        case _:
            return Hand()


def own_record(person: Person, library: Library, record: Record) -> bool:
    """Whether a record is one that this person could have filed, and may correct or take back."""
    if person.role not in FILERS or outside(person, library.agreement):
        return False
    row = {"source": record.source, "claimed_by": record.claimed_by, "type": record.type}
    return not why_not(person, library, row)
