"""Who sits in a body, as far as the text names them.

In: an agreement and one of its institutions.  Out: names of members, those who preside among them.
"""

from servanda.model.agreement import Agreement
from servanda.model.condition import MembersOf, Name, SetOf, Value
from servanda.model.institution import Institution
from servanda.model.unspecified import Unspecified


def members(agreement: Agreement, body: Institution) -> tuple[str, ...]:
    """The names that have a vote in a body; a seat that depends on a reading is not among them."""
    found = [
        name
        for value in (body.members, body.chair, body.casting_vote)
        for name in _names(agreement, value)
    ]
    return tuple(dict.fromkeys(found))


def _names(agreement: Agreement, value: Value | Unspecified | None) -> tuple[str, ...]:
    match value:
        case Name(name):
            return (name,)
        case MembersOf(group):
            actor = agreement.actors.get(group)
            return () if actor is None else actor.members
        case SetOf(items):
            return tuple(name for item in items for name in _names(agreement, item))
        case _:
            return ()
