"""The papers of proceedings: records by what they are about, in the order of their time.

A complaint that corrects another (`replaces`) takes its place: papers on the earlier one are on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from servanda.evidence.record import Record
from servanda.evidence.source import Speakers

COMPLAINT, FINDING = "complaint", "finding"
# Each type of paper, and its argument that says what it is about.
LINKS = {
    **dict.fromkeys(("registers", "refers", "notifies", "replies", "submits"), "case"),
    **dict.fromkeys(("verifies_jointly", "establishes_facts"), "case"),
    "casts_vote": "on",
    "dissents": "from",
    "appeals": "against",
    "decides_appeal": "appeal",
    **dict.fromkeys(("minutes", "action_point"), "about"),
}
PAPERS = (COMPLAINT, FINDING, *LINKS)
# Whose paper each is: the argument that names its author, who may be several.
AUTHOR = {
    COMPLAINT: "by",
    **dict.fromkeys(("registers", "refers", "notifies", "establishes_facts"), "body"),
    **dict.fromkeys(("replies", "submits", "verifies_jointly"), "by"),
    **dict.fromkeys(("casts_vote", "dissents", "appeals"), "by"),
    **dict.fromkeys(("decides_appeal", "minutes", "action_point"), "body"),
}


@dataclass(frozen=True, slots=True)
class Papers:
    """Complaints, findings, and every other paper by its type and the record that it is about."""

    complaints: tuple[Record, ...] = ()
    findings: tuple[Record, ...] = ()
    about: Mapping[tuple[str, str], tuple[Record, ...]] = field(default_factory=dict)

    def on(self, kind: str, target: str) -> tuple[Record, ...]:
        """Papers of a kind about a record, the earliest first."""
        return self.about.get((kind, target), ())


def in_order(record: Record) -> tuple[int, int, str]:
    return (made(record), record.reported, record.id)


def made(record: Record) -> int:
    """When a paper was made: the last instant that its date may mean."""
    assert record.at is not None
    return record.at.last


def filed(records: Iterable[Record]) -> Papers:
    """The papers among the records of a view."""
    papers = sorted((r for r in records if r.type in PAPERS and r.at is not None), key=in_order)
    complaints = [r for r in papers if r.type == COMPLAINT]
    instead = {old: r.id for r in complaints for old in r.replaces}
    about: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in papers:
        if record.type in LINKS:
            for target in record.words(LINKS[record.type]):
                about[record.type, current(target, instead)].append(record)
    return Papers(
        tuple(complaints),
        tuple(r for r in papers if r.type == FINDING),
        {key: tuple(found) for key, found in about.items()},
    )


def current(identity: str, instead: Mapping[str, str]) -> str:
    """The id of the complaint that stands where one was, after all corrections."""
    seen: set[str] = set()
    while identity in instead and identity not in seen:
        seen.add(identity)
        identity = instead[identity]
    return identity


def told_by(record: Record, body: str, speakers: Speakers) -> bool:
    """Whether a paper comes from its author, or from the body before which it is.

    What others report of it is not heard; the acts of a body are told by the body alone.
    """
    authors = record.words(AUTHOR[record.type])
    own = AUTHOR[record.type] == "body"
    may = authors if own else (*authors, body)
    return any(speakers.speaks_for(record.speaker, one) for one in may)
