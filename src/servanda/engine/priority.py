"""Which norms go before which: `subject to` and `notwithstanding`.

What a norm allows or demands does not offend a prohibition that gives way to it.
"""

from collections.abc import Iterator

from servanda.model.agreement import Agreement
from servanda.model.norm import Norm, NormKind

_ALLOWING = (NormKind.PERMISSION, NormKind.RIGHT, NormKind.POWER, NormKind.ACHIEVE)


def going_before(norm: Norm, agreement: Agreement) -> Iterator[Norm]:
    """The norms whose acts do not offend this one, in the order of the text."""
    yield from agreement.kept("going before", _all).get(norm.id, ())


def _all(agreement: Agreement) -> dict[str, list[Norm]]:
    """For each norm those that go before it."""
    found: dict[str, list[Norm]] = {}
    behind: dict[str, list[str]] = {}
    for norm in agreement.norms.values():
        for name in norm.subject_to:
            behind.setdefault(name, []).append(norm.id)
    for other in agreement.norms.values():
        if other.allowed is not None and other.kind in _ALLOWING:
            for name in dict.fromkeys((*other.notwithstanding, *behind.get(other.id, ()))):
                found.setdefault(name, []).append(other)
    return found
