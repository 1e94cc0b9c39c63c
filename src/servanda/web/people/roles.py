"""The roles that somebody may have, and for whom a role acts."""

from enum import StrEnum


class Role(StrEnum):
    """Who asks.  A visitor has not signed in; the public has not either, where all may read."""

    VISITOR = "visitor"
    PUBLIC = "public"
    PARTY = "party"
    MONITOR = "monitor"
    SECRETARIAT = "secretariat"
    MEMBER = "member"
    CHAIR = "chair"
    DRAFTER = "drafter"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


# What an account can have; the others need none.
OF_ACCOUNTS = tuple(role for role in Role if role not in (Role.VISITOR, Role.PUBLIC))

TITLES = {
    Role.VISITOR: "not signed in",
    Role.PUBLIC: "public",
    Role.PARTY: "party representative",
    Role.MONITOR: "monitor",
    Role.SECRETARIAT: "secretariat",
    Role.MEMBER: "body member",
    Role.CHAIR: "chair",
    Role.DRAFTER: "drafter",
    Role.EDITOR: "editor of agreements",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "auditor",
}

# Roles that act for somebody whom the agreement names: a party, or a body.
FOR_A_PARTY = frozenset({Role.PARTY})
FOR_A_BODY = frozenset({Role.MEMBER, Role.CHAIR})


def acts_for_somebody(role: Role) -> bool:
    """Whether an account with this role names a party or a body."""
    return role in FOR_A_PARTY | FOR_A_BODY
