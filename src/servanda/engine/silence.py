"""Where silence matters: commitments whose state rests on what nobody told.

In: a norm.  Out: the types of records whose absence its state rests on; none where it rests on what
is told alone.  What is forbidden, expected or to be maintained seems kept while nobody tells
otherwise; what is to be achieved seems not done.  Somebody must have watched for either.
"""

from collections.abc import Iterator

from servanda.engine.history import Flags
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm, NormKind

OBSERVED = (NormKind.PROHIBITION, NormKind.IMMUNITY, NormKind.POLITICAL)  # as rule 13 words it


def types_missed(norm: Norm, agreement: Agreement) -> frozenset[str]:
    """The types of records that somebody would have to watch for; empty where silence is nothing.

    What is achieved by an act that consists in saying so needs nobody who watches: its actor says
    it, or it is not done.
    """
    if norm.condition is None or norm.duty not in ("not", "maintain", "achieve"):
        return frozenset()
    found = frozenset(_types(norm.condition, agreement))
    if norm.duty == "achieve":
        found = frozenset(t for t in found if agreement.record_types[t].declared_by is None)
    return found


def _types(condition: c.Condition, agreement: Agreement) -> Iterator[str]:
    for node in walk(condition, agreement):
        match node:
            case c.Pattern(type=name):
                yield name
            case c.Measured() | c.Aggregate(quantity=c.MeasuredLimit()):
                yield "measure"
            case c.Outstanding():
                yield "tally"


def silent(norm: Norm, flags: Flags) -> bool:
    """Whether silence matters now: in the active period, and until what is owed is done."""
    done = norm.duty == "achieve" and (flags.fulfilled or flags.cured)
    return flags.running and not done
