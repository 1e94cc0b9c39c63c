"""Evidence standards: which records count (vocabulary, rule 6 and its settlements).

A standard is asked about the records of one occurrence that vouch for a pattern, that is, that
themselves say what the pattern asks.  It answers with those that count; none means that the
occurrence does not count under the standard.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import Record
from servanda.evidence.source import Speakers
from servanda.model.record_type import RecordType
from servanda.model.standard import Standard

GENERAL_STANDARDS = ("any_claim", "corroborated", "third_party", "findings")
DEFAULT_STANDARD = "corroborated"
PARTY_PREFIX = "party:"
LIFTING = ("verified", "corroborated")
LOWERING = ("rejected",)


class Role(StrEnum):
    """What an occurrence is used for: it decides whose word alone is not enough."""

    OFFENDING = "offending"
    FULFILLING = "fulfilling"


@dataclass(frozen=True, slots=True)
class Voices:
    """One speaker of an occurrence, with the roots of what it rests on."""

    speaker: str
    side: str | None
    origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the standards need to know about the records of a view.

    `roots` maps a record to the roots of its `derived_from`; `acknowledged` maps a record to the
    parties that acknowledged it; `vouching` maps a record to the bodies whose standing finding is
    about it; `verified` are records that a registered verifier of a ledger has checked; `own` are
    standards of one's own by their canonical text (weighing.py asks them).
    """

    types: Mapping[str, RecordType]
    speakers: Speakers
    roots: Mapping[str, frozenset[str]]
    acknowledged: Mapping[str, frozenset[str]]
    trust_status: bool = False
    vouching: Mapping[str, frozenset[str]] = field(default_factory=dict)
    verified: frozenset[str] = frozenset()
    own: Mapping[str, Standard] = field(default_factory=dict)


def gather(
    records: Sequence[Record],
    types: Mapping[str, RecordType],
    speakers: Speakers,
    trust_status: bool = False,
    heard: Sequence[Record] = (),
    verified: frozenset[str] = frozenset(),
    own: Mapping[str, Standard] | None = None,
) -> Evidence:
    """Collect origins and acknowledgements of the records that are known.

    `heard` adds records that were withdrawn or are dated later: what rests on them still does.
    """
    acknowledged: dict[str, set[str]] = {}
    told = records.of_type("acknowledges") if isinstance(records, Excerpt) else records
    for record in told:
        if record.type == "acknowledges" and (party := record.word("party")):
            if speakers.speaks_for(record.speaker, party):
                for target in record.words("record"):
                    acknowledged.setdefault(target, set()).add(party)
    return Evidence(
        types,
        speakers,
        origins({**parents(heard), **parents(records)}),
        {target: frozenset(parties) for target, parties in acknowledged.items()},
        trust_status,
        verified=verified,
        own=own or {},
    )


def parents(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """The records that name others as what they are derived from, with those."""
    if not isinstance(records, Excerpt):
        return {r.id: r.derived_from for r in records if r.derived_from}
    named = {row: n.derived_from for row, n in records.table.named.items() if n.derived_from}
    rows = [row for row in named if records.place[row] >= 0]
    ids = records.table.ids[rows].to_list()
    return {i: named[row] for i, row in zip(ids, rows, strict=True)}


class Origins(dict[str, frozenset[str]]):
    """The roots of records; one that rests on no other is its own root, and is not kept."""

    def __missing__(self, record: str) -> frozenset[str]:
        return frozenset({record})


def origins(parents: Mapping[str, tuple[str, ...]]) -> Origins:
    """The roots of `derived_from` for each record; a record that names none is its own root."""
    found = Origins()
    for start in parents:
        roots: set[str] = set()
        seen: set[str] = set()
        pending = [start]
        while pending:
            current = pending.pop()
            if current in seen:
                continue
            seen.add(current)
            above = parents.get(current)
            if above:
                pending.extend(above)
            else:
                roots.add(current)
        found[start] = frozenset(roots or {start})
    return found


def declaratory(record: Record, evidence: Evidence) -> bool:
    """Whether the record is a declaratory act spoken by the actor itself."""
    record_type = evidence.types[record.type]
    if record_type.declared_by is None or record_type.declared_by_each:
        return False
    actors = record.words(record_type.declared_by)
    return any(evidence.speakers.speaks_for(record.speaker, actor) for actor in actors)


def _together(records: Sequence[Record], evidence: Evidence) -> frozenset[str]:
    """The parties to what is only done once all of them have said so (treaties and the like)."""
    record_type = evidence.types[records[0].type]
    if record_type.declared_by is None or not record_type.declared_by_each:
        return frozenset()
    return frozenset(party for r in records for party in r.words(record_type.declared_by))


def declared_by_all(records: Sequence[Record], evidence: Evidence) -> bool:
    """Whether every party to what is only done together has itself said so."""
    named = _together(records, evidence)
    return bool(named) and all(
        any(evidence.speakers.speaks_for(r.speaker, party) for r in records) for party in named
    )


def declared_since(records: Sequence[Record], evidence: Evidence) -> tuple[int, int] | None:
    """When the last of all named parties has said so, at the earliest and as it is evaluated."""
    if not declared_by_all(records, evidence):
        return None
    own = [
        min(
            (r.at.last, r.at.first)
            for r in records
            if r.at is not None and evidence.speakers.speaks_for(r.speaker, party)
        )
        for party in _together(records, evidence)
    ]
    last, first = max(own)
    return first, last


def counting(
    vouching: Sequence[Record], standard: str, role: Role, accused: str | None, evidence: Evidence
) -> tuple[Record, ...]:
    """The records that count under the standard, out of those that vouch for the same thing.

    `accused` is the actor whose act it is (None when the pattern names no actor).
    """
    if not vouching:
        return ()
    if standard == "any_claim":
        return tuple(vouching)
    if evidence.trust_status:
        vouching = [r for r in vouching if r.status not in LOWERING]
        if not vouching:
            return ()
    if standard in ("corroborated", "findings"):
        return tuple(vouching) if corroborated(vouching, role, accused, evidence) else ()
    declared = declared_by_all(vouching, evidence)
    return tuple(
        r for r in vouching if declared or declaratory(r, evidence) or _alone(r, standard, evidence)
    )


def _alone(record: Record, standard: str, evidence: Evidence) -> bool:
    """Whether the record's own speaker suffices under `third_party` or a party's own account."""
    if standard == "third_party":
        sides = [evidence.speakers.side_of(record.speaker)]
        sides += [None for _ in evidence.vouching.get(record.id, ())]
        return None in sides
    party = standard.removeprefix(PARTY_PREFIX)
    return evidence.speakers.speaks_for(
        record.speaker, party
    ) or party in evidence.acknowledged.get(record.id, ())


def corroborated(
    vouching: Sequence[Record], role: Role, accused: str | None, evidence: Evidence
) -> bool:
    """The standard that a run uses when it names none."""
    speakers = evidence.speakers
    if declared_by_all(vouching, evidence) or any(declaratory(r, evidence) for r in vouching):
        return True
    if any(evidence.types[r.type].alone and speakers.mandated(r.speaker, r.type) for r in vouching):
        return True
    if any(r.id in evidence.verified for r in vouching):
        return True
    if evidence.trust_status and any(r.status in LIFTING for r in vouching):
        return True
    heard = voices(vouching, evidence)
    whose = bearers(vouching, accused, evidence)
    if accused is not None and any(
        accused in evidence.acknowledged.get(r.id, ()) for r in vouching
    ):
        if role is Role.OFFENDING:
            return True
        # Of what it has to do itself, a party's acknowledgement is one more voice, its own.
        side = speakers.side_of(accused)
        heard.append(Voices(accused, side, frozenset({f"acknowledgement by {accused}"})))
    if accused is not None and role is Role.OFFENDING:
        if any(speakers.speaks_for(r.speaker, accused) for r in vouching):
            return True
    return any(
        _agree(one, other, role, whose, speakers)
        for index, one in enumerate(heard)
        for other in heard[index + 1 :]
    )


def voices(vouching: Sequence[Record], evidence: Evidence) -> list[Voices]:
    """Everyone who vouches: the speakers, and the bodies whose findings are about the records."""
    heard = [
        Voices(r.speaker, evidence.speakers.side_of(r.speaker), evidence.roots[r.id])
        for r in vouching
    ]
    bodies = {body for r in vouching for body in evidence.vouching.get(r.id, ())}
    return heard + [
        Voices(body, None, frozenset({f"finding by {body}"})) for body in sorted(bodies)
    ]


def bearers(vouching: Sequence[Record], accused: str | None, evidence: Evidence) -> frozenset[str]:
    """Whose act it is: the actor, or all parties to what is only done together."""
    together = frozenset(_together(vouching, evidence))
    return together or frozenset({accused} if accused is not None else ())


def _agree(one: Voices, other: Voices, role: Role, bearers: Set[str], speakers: Speakers) -> bool:
    """Two speakers of different origin, not both of one side, one of them able to vouch."""
    if one.speaker == other.speaker or one.origins & other.origins:
        return False
    if one.side is not None and one.side == other.side:
        return False
    own = [any(speakers.speaks_for(v.speaker, b) for b in bearers) for v in (one, other)]
    if role is Role.FULFILLING:
        return not all(own)
    return any(own) or one.side is None or other.side is None


def named_standards(speakers: Speakers) -> tuple[str, ...]:
    """The general standards and each side's own account."""
    return (*GENERAL_STANDARDS, *(PARTY_PREFIX + side for side in speakers.sides()))
