"""Which norms go before which: `subject to` and `notwithstanding`.

What a norm allows or demands does not offend a prohibition that gives way to it.
"""

from collections.abc import Iterator

from servanda.model.agreement import Agreement
from servanda.model.norm import Norm, NormKind

_ALLOWING = (NormKind.PERMISSION, NormKind.RIGHT, NormKind.POWER, NormKind.ACHIEVE)


def going_before(norm: Norm, agreement: Agreement) -> Iterator[Norm]:
    """The norms whose acts do not offend this one, in the order of the text."""
    for other in agreement.norms.values():
        if other.allowed is None or other.kind not in _ALLOWING:
            continue
        if norm.id in other.notwithstanding or other.id in norm.subject_to:
            yield other
