"""Who may see what of a case: the accused sees the allegation, and the evidence that is for it.

The classes are those of the ledger.  A paper that says nothing of its class is for the parties,
evidence that says nothing for the body alone.
"""

from servanda.docket.papers import PAPERS
from servanda.evidence.record import Record

AUDIENCES = ("public", "parties", "body", "confidential")  # from the widest to the narrowest


def shown_to(record: Record, audience: str) -> bool:
    """Whether an audience may see a record; a class that is not known is the narrowest."""
    given = class_of(record)
    if given not in AUDIENCES:
        return audience == AUDIENCES[-1]
    return AUDIENCES.index(given) <= AUDIENCES.index(audience)


def class_of(record: Record) -> str:
    """The handling class of a record."""
    return record.handling or ("parties" if record.type in PAPERS else "body")
