"""What a person may see of the records: one table by role, from the widest class to the narrowest.

In: a person.  Out: a sight, which is part of every view, so that what one sight has worked out is
never shown to another.  Nobody has the vault: the web application does not open it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from servanda.evidence.record import Record
from servanda.ledger.words import CLASSES
from servanda.web.people.person import Person
from servanda.web.people.roles import Role, acts_for_somebody

PUBLIC, PARTIES, BODY, CONFIDENTIAL = CLASSES
UNTOLD = BODY  # the class of a record that says none: what the ledger takes it for

# The narrowest class that a role sees.
AUDIENCE: Mapping[Role, str] = {
    Role.VISITOR: PUBLIC,
    Role.PUBLIC: PUBLIC,
    Role.EDITOR: PUBLIC,
    Role.PARTY: PARTIES,
    Role.DRAFTER: PARTIES,
    Role.MONITOR: BODY,
    Role.MEMBER: BODY,
    Role.CHAIR: BODY,
    Role.ADMINISTRATOR: BODY,
    Role.SECRETARIAT: CONFIDENTIAL,
    Role.AUDITOR: CONFIDENTIAL,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """`audience` is the narrowest class seen; `own` the source whose records are seen of any.

    `acts_for` is the party or body of a role that acts for one.
    """

    audience: str = PUBLIC
    own: str | None = None
    acts_for: str | None = None

    def within(self, names: Container[str]) -> "Sight":
        """What is left of it in an agreement with these parties and bodies."""
        return self if self.acts_for is None or self.acts_for in names else NARROWEST

    def shows(self, record: Record, untold: str = UNTOLD) -> bool:
        """Whether a record is seen; a class that nobody knows is taken for the narrowest."""
        if self.own is not None and record.source == self.own:
            return True
        given = record.handling or untold
        narrow = CLASSES.index(given) if given in CLASSES else len(CLASSES) - 1
        return narrow <= CLASSES.index(self.audience)

    @property
    def inside(self) -> bool:
        """Whether it is that of the body: rows that could not be read may be of any class."""
        return CLASSES.index(self.audience) >= CLASSES.index(BODY)


NARROWEST = Sight()


def seen_by(person: Person) -> Sight:
    """What a person sees; whoever is not in the table sees what is public."""
    whom = person.acts_for if acts_for_somebody(person.role) else None
    own = whom if person.role is Role.PARTY else None
    return Sight(AUDIENCE.get(person.role, PUBLIC), own, whom)
