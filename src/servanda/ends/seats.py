"""Seats: which members of a body can carry its act, or keep it from being carried.

In: groups in which bodies stand as one.  Out: the same groups in terms of those who vote in them,
as far as the text says who does; where it leaves that open, the body stays and the reason is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from servanda.ends.result import Seats
from servanda.model.agreement import Agreement
from servanda.reason.findings import carried
from servanda.reason.groups import smallest, transversals
from servanda.reason.setting import Setting

MAX_PEOPLE = 200  # groups of people that one group with bodies is told as


def seats_of(setting: Setting) -> tuple[Seats, ...]:
    """The seats of every institution of the agreement."""
    found = []
    for body in setting.agreement.institutions.values():
        votes = carried(setting, body)
        if votes.groups is None:
            found.append(Seats(body.id, votes.rule, None, None, votes.why))
            continue
        blocking = transversals(votes.groups, votes.among)
        found.append(Seats(body.id, votes.rule, told(votes.groups), told(blocking)))
    return tuple(found)


def told(groups: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(one)) for one in groups)


def people(
    group: Iterable[str], seats: Mapping[str, Seats], blocking: bool = False
) -> tuple[tuple[str, ...], ...] | None:
    """A group with each of its bodies taken apart into members; None where that cannot be said."""
    choices: list[list[frozenset[str]]] = []
    for one in group:
        body = seats.get(one)
        if body is None:
            choices.append([frozenset({one})])
            continue
        found = body.blockers if blocking else body.carriers
        if found is None:
            return None
        choices.append([frozenset(members) for members in found])
    made = [frozenset().union(*chosen) for chosen in _some(choices)]
    return told(sorted(smallest(made), key=lambda g: (len(g), sorted(g))))


def _some(choices: list[list[frozenset[str]]]) -> Iterator[tuple[frozenset[str], ...]]:
    for at, one in enumerate(product(*choices)):
        if at >= MAX_PEOPLE:
            return
        yield one


def holding(agreement: Agreement, name: str) -> bool:
    """Whether an actor is a holding, which has no will of its own: who holds it is not said."""
    actor = agreement.actors.get(name)
    return actor is not None and actor.kind == "holding"
