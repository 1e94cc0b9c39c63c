"""The ballot on a finding: the votes that are recorded, and the numbers that the finding states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from servanda.docket.papers import Papers, in_order, made, told_by
from servanda.docket.rules import Rules
from servanda.evidence.record import Record
from servanda.model.institution import Institution

IN_FAVOUR, AGAINST, ABSTAINS, VETOES = "in_favour", "against", "abstains", "vetoes"


@dataclass(frozen=True, slots=True)
class Ballot:
    """`votes` has the latest vote of each member; a number that the finding states goes before
    counting them.  `doubts` are contradictions, `not_counted` votes that do not count, with why.
    """

    finding: Record
    votes: Mapping[str, Record] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()

    def who(self, *kinds: str) -> tuple[str, ...]:
        """The members whose recorded vote is of one of these kinds."""
        return tuple(by for by, record in self.votes.items() if record.word("vote") in kinds)

    def of(self, member: str) -> str | None:
        """How a member voted, as far as it is recorded."""
        record = self.votes.get(member)
        return None if record is None else record.word("vote")

    @property
    def in_favour(self) -> Decimal | None:
        """How many voted for it; None where nobody says."""
        return self._number("votes_for", IN_FAVOUR)

    @property
    def against(self) -> Decimal:
        """How many voted against it; a veto is a vote against."""
        return self._number("votes_against", AGAINST, VETOES) or Decimal(0)

    @property
    def abstained(self) -> int:
        return len(self.who(ABSTAINS))

    @property
    def present(self) -> Decimal | None:
        """How many took part; None where nobody says."""
        if self.in_favour is None:
            return None
        return self.in_favour + self.against + self.abstained

    def made(self) -> int:
        """When the vote was complete: at the finding, or with the last vote that is counted."""
        deciding = [self.votes[by] for by in self.who(IN_FAVOUR)]
        if self.finding.number("votes_for") is not None:
            deciding = []
        return max([made(self.finding), *(made(record) for record in deciding)])

    def _number(self, stated: str, *kinds: str) -> Decimal | None:
        given = self.finding.number(stated)
        if given is not None:
            return given
        return Decimal(len(self.who(*kinds))) if self.votes else None


def ballot(finding: Record, body: Institution, papers: Papers, rules: Rules) -> Ballot:
    """The ballot on a finding, as far as it is recorded."""
    entitled = rules.who(body.members)
    if entitled is not None:
        for other in (body.chair, body.casting_vote):
            entitled |= rules.who(other) or frozenset()
    votes: dict[str, Record] = {}
    not_counted: list[str] = []
    for record in sorted(papers.on("casts_vote", finding.id), key=in_order):
        by = record.word("by")
        if by is None or record.word("vote") is None:
            not_counted.append(f"{record.id} does not say who votes, or how")
        elif not told_by(record, body.id, rules.speakers):
            not_counted.append(f"the vote {record.id} is reported by {record.speaker}")
        elif entitled is not None and by not in entitled:
            not_counted.append(f"{by}, whose vote is {record.id}, has no seat in {body.id}")
        else:
            votes[by] = record
    made_of = Ballot(finding, votes, (), tuple(not_counted))
    return Ballot(finding, votes, tuple(_doubts(made_of)), tuple(not_counted))


def _doubts(found: Ballot) -> list[str]:
    stated = (("votes_for", "for", (IN_FAVOUR,)), ("votes_against", "against", (AGAINST, VETOES)))
    doubts = []
    for arg, word, kinds in stated:
        number = found.finding.number(arg)
        if number is not None and len(named := found.who(*kinds)) > number:
            doubts.append(
                f"it states {number} {word}, and {len(named)} such votes are recorded "
                f"({', '.join(named)})"
            )
    return doubts
