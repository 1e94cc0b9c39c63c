"""Consent: when all whose consent is needed have given it together (vocabulary, rule 0).

A consent counts only when its speaker is the party itself and its capacity suffices; a missing
capacity is full powers.  What was withdrawn before the last consent came does not stand; a later
withdrawal ends nothing.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from servanda.evidence.occurrence import by_precision
from servanda.evidence.record import Record
from servanda.model.condition import Consent

if TYPE_CHECKING:
    from servanda.engine.facts import Fact, Facts


def consent_instant(
    facts: "Facts", parties: frozenset[str], rule: Consent
) -> tuple[int, tuple["Fact", ...]] | None:
    """The first instant at which the consents of all parties stand, and the acts of consent."""
    key = (parties, rule)
    if key not in facts.consents:
        facts.consents[key] = _consent_instant(facts, parties, rule)
    return facts.consents[key]


def _consent_instant(
    facts: "Facts", parties: frozenset[str], rule: Consent
) -> tuple[int, tuple["Fact", ...]] | None:
    needed = sorted(parties)
    acts: list[tuple[int, int, str, Fact]] = []
    for party in needed:
        for order, types in enumerate((rule.types, rule.withdrawn_by)):
            acts += [(f.at, order, party, f) for f in _own_acts(facts, party, types, rule)]
    standing: dict[str, Fact] = {}
    for at, order, party, fact in sorted(acts, key=lambda a: (a[0], a[1], a[2])):
        if order:
            standing.pop(party, None)
        else:
            standing.setdefault(party, fact)
        if needed and len(standing) == len(needed):
            return at, tuple(standing[p] for p in needed)
    return None


def _own_acts(
    facts: "Facts", party: str, types: tuple[str, ...], rule: Consent
) -> Iterable["Fact"]:
    from servanda.engine.facts import Fact

    for name in types:
        for occurrence in facts.world.by_type.get(name, ()):
            own = [r for r in occurrence.records if _own(facts, r, party, rule)]
            if own:
                head = min(own, key=by_precision)
                assert head.at is not None
                yield facts.placed(Fact(head.at.last, head.at.first, tuple(own)))


def _own(facts: "Facts", record: Record, party: str, rule: Consent) -> bool:
    speakers = facts.evidence.speakers
    named = record.word("party")
    capacity = record.word("capacity")
    return (
        named is not None
        and speakers.speaks_for(named, party)
        and speakers.speaks_for(record.speaker, party)
        and (capacity is None or not rule.capacities or capacity in rule.capacities)
    )
