"""Weighs records by an evidence standard: one that is built in, or a rule of one's own.

In: the records of one occurrence that vouch for the same thing.  Out: those that count.  A rule has
a set of records as its value: a test has all or none, `only` those of the voices it chooses, `and`
what is in both, `or` what is in either.  docs/evidence-standards.md tells it for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from servanda.evidence.record import Record
from servanda.evidence.standard import (
    LIFTING,
    LOWERING,
    Evidence,
    Role,
    Voices,
    bearers,
    declaratory,
    declared_by_all,
    voices,
)
from servanda.evidence.standard import counting as counting_built_in
from servanda.model import standard as s

Ids = frozenset[str]


def counting(
    vouching: Sequence[Record], standard: str, role: Role, accused: str | None, evidence: Evidence
) -> tuple[Record, ...]:
    """The records that count under a standard, by its name or canonical text.

    Declaratory acts of the actor itself count under every standard (rule 6).
    """
    own = evidence.own.get(standard)
    if own is None:
        return counting_built_in(vouching, standard, role, accused, evidence)
    if not vouching:
        return ()
    case = _Case.of(vouching, role, accused, evidence)
    counted = case.value(own.rule) | case.declared
    return tuple(r for r in vouching if r.id in counted)


@dataclass(frozen=True, slots=True)
class _Heard:
    """One voice, and the record that it speaks in; a body that found on records speaks in none."""

    voice: Voices
    record: Record | None = None
    on: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class _Case:
    """The records of one occurrence and all that is asked about them.

    `standing` are the records that no trusted status rejects: with `rejected` they are `vouching`.
    """

    vouching: Sequence[Record]
    standing: Ids
    rejected: Ids
    declared: Ids
    role: Role
    accused: str | None
    bearers: frozenset[str]
    evidence: Evidence
    heard: tuple[_Heard, ...]

    @staticmethod
    def of(
        vouching: Sequence[Record], role: Role, accused: str | None, evidence: Evidence
    ) -> "_Case":
        lowered = [r for r in vouching if evidence.trust_status and r.status in LOWERING]
        rejected = frozenset(r.id for r in lowered)
        standing = [r for r in vouching if r.id not in rejected]
        by_all = bool(standing) and declared_by_all(standing, evidence)
        declared = frozenset(r.id for r in standing if by_all or declaratory(r, evidence))
        return _Case(
            vouching,
            frozenset(r.id for r in standing),
            rejected,
            declared,
            role,
            accused,
            bearers(vouching, accused, evidence),
            evidence,
            (*_heard(standing, accused, evidence), *_speaking(lowered, evidence)),
        )

    # --- rules ---

    def value(self, rule: s.Rule) -> Ids:
        match rule:
            case s.Only(who):
                chosen = [h for h in self.heard if self.is_(h, who)]
                return frozenset().union(*(h.on for h in chosen))
            case s.Named(name):
                found = counting_built_in(
                    self.vouching, name, self.role, self.accused, self.evidence
                )
                return frozenset(r.id for r in found)
            case s.All(parts):
                return frozenset.intersection(*map(self.value, parts))
            case s.Any(parts):
                return frozenset().union(*map(self.value, parts))
            case s.Not(body):
                holds = not self.value(body)
            case s.AtLeast(number, parts):
                holds = sum(bool(self.value(part)) for part in parts) >= number
            case s.InRole(role):
                holds = role == self.role.value
            case s.Count():
                holds = self.enough(rule)
        return self.standing if holds else frozenset()

    def enough(self, count: s.Count) -> bool:
        among = [h for h in self.heard if self.is_(h, count.who)]
        least, who = count.including or (0, count.who)
        chosen = [self.is_(h, who) for h in among]
        if not count.independent:
            speakers = {h.voice.speaker for h in among}
            included = {h.voice.speaker for h, yes in zip(among, chosen, strict=True) if yes}
            return len(speakers) >= count.number and len(included) >= least
        return _independent([h.voice for h in among], chosen, count.number, least)

    # --- voices ---

    def is_(self, heard: _Heard, who: s.Who) -> bool:
        record = heard.record
        if who.how and (record is None or record.observed_how not in who.how):
            return False
        if record is not None and record.id in self.rejected and not _names_rejected(who):
            return False
        return all(any(self.has(heard, w) for w in t.words) != t.negated for t in who.traits)

    # One branch for each word.
    def has(self, heard: _Heard, word: str) -> bool:
        evidence, speakers = self.evidence, self.evidence.speakers
        voice, record = heard.voice, heard.record
        kind, _, name = word.partition(":")
        match kind:
            case "source" if name:
                return voice.speaker == name
            case "source":
                return True
            case "third_party":
                return voice.side is None
            case "actor":
                return any(speakers.speaks_for(voice.speaker, b) for b in self.bearers)
            case "actor_side":
                return self._with_actor(voice)
            case "adverse":
                known = bool(self.bearers) and voice.side is not None
                return known and not self._with_actor(voice)
            case "admission":
                return self._admits(heard)
            case "party":
                return speakers.speaks_for(voice.speaker, name) or (
                    record is not None and name in evidence.acknowledged.get(record.id, ())
                )
            case "monitor" | "mission" | "body":
                return speakers.kind_of(voice.speaker) == kind
            case "kind":
                return speakers.kind_of(voice.speaker) == name
        return record is not None and self._of_record(record, kind)

    def _of_record(self, record: Record, word: str) -> bool:
        """What is true of the record, whoever speaks in it."""
        evidence = self.evidence
        match word:
            case "mandated":
                alone = evidence.types[record.type].alone
                return alone and evidence.speakers.mandated(record.speaker, record.type)
            case "verified":
                lifted = evidence.trust_status and record.status in LIFTING
                return lifted or record.id in evidence.verified
            case "declared":
                return record.id in self.declared
            case "acknowledged":
                return record.id in evidence.acknowledged
            case "found":
                return record.id in evidence.vouching
            case "rejected":
                return record.id in self.rejected
        raise AssertionError(word)

    def _with_actor(self, voice: Voices) -> bool:
        speakers = self.evidence.speakers
        sides = {speakers.side_of(b) for b in self.bearers} - {None}
        return voice.side in sides or any(
            speakers.speaks_for(voice.speaker, b) for b in self.bearers
        )

    def _admits(self, heard: _Heard) -> bool:
        """Said against one's own interest: the accused tells an offending act, or acknowledges."""
        if self.role is not Role.OFFENDING or self.accused is None or heard.record is None:
            return False
        acknowledged = self.evidence.acknowledged.get(heard.record.id, ())
        return self.accused in acknowledged or self.evidence.speakers.speaks_for(
            heard.voice.speaker, self.accused
        )


def _names_rejected(who: s.Who) -> bool:
    return any("rejected" in trait.words and not trait.negated for trait in who.traits)


def _speaking(records: Sequence[Record], evidence: Evidence) -> list[_Heard]:
    """The speakers of records, each in its record."""
    return [
        _Heard(voice, record, frozenset({record.id}))
        for voice, record in zip(voices(records, evidence), records, strict=False)
    ]


def _heard(records: Sequence[Record], accused: str | None, evidence: Evidence) -> list[_Heard]:
    """The speakers, then bodies whose findings are about the records, then who acknowledged."""
    found = _speaking(records, evidence)
    for body in voices(records, evidence)[len(records) :]:
        about = (r.id for r in records if body.speaker in evidence.vouching.get(r.id, ()))
        found.append(_Heard(body, None, frozenset(about)))
    if any(accused in evidence.acknowledged.get(r.id, ()) for r in records):
        assert accused is not None
        side = evidence.speakers.side_of(accused)
        origin = frozenset({f"acknowledgement by {accused}"})
        found.append(_Heard(Voices(accused, side, origin)))
    return found


def _independent(
    voices: Sequence[Voices], chosen: Sequence[bool], number: int, including: int
) -> bool:
    """Whether so many voices are independent of each other, and so many of them chosen ones.

    Independent: other speakers, no origin in common, not of one side.  The search gives up a branch
    that cannot reach the number: voices that share a speaker, a side or an origin make one at most.
    """
    apart = [
        frozenset(
            other
            for other, theirs in enumerate(voices)
            if mine.speaker != theirs.speaker
            and not mine.origins & theirs.origins
            and (mine.side is None or mine.side != theirs.side)
        )
        for mine in voices
    ]
    preferred = frozenset(n for n, yes in enumerate(chosen) if yes)

    def most(left: frozenset[int]) -> int:
        kinds = {voices[n].side or min(voices[n].origins) for n in left}
        return min(len(kinds), len({voices[n].speaker for n in left}))

    def search(left: frozenset[int], wanted: int, of_chosen: int) -> bool:
        if wanted == 0:
            return True
        if most(left) < wanted or len(left & preferred) < of_chosen:
            return False
        for one in sorted(left & preferred if of_chosen else left):
            if search(left & apart[one], wanted - 1, max(0, of_chosen - 1)):
                return True
            left -= {one}
        return False

    return search(frozenset(range(len(voices))), number, including)
