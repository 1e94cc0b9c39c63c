"""When a draft can be released or its release be withdrawn: a step and a line of the trail, or a
refusal that says what is missing."""

from servanda.web.drafting import store
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office
from servanda.web.people.person import Person
from servanda.web.people.reasons import checked_reason


def release(
    office: Office, by: Person, agreement: str, digest: str, seen: str, reason: str
) -> None:
    """Open a text to all who read here; `seen` is the digest of what the page showed."""
    if seen != digest:
        raise Refusal("The text has changed since this page was made. Read it as it is now.")
    _step(office, by, agreement, digest, store.RELEASED, "released a draft", reason)


def withdraw(office: Office, by: Person, agreement: str, digest: str, reason: str) -> None:
    """Keep a text to those who draft again; what others have copied is not called back."""
    _step(office, by, agreement, digest, store.WITHDRAWN, "withdrew a draft", reason)


def _step(
    office: Office, by: Person, agreement: str, digest: str, kind: str, told: str, reason: str
) -> None:
    given = checked_reason(reason)
    with office.store.writing() as connection:
        stands = store.standing(store.history(connection, agreement), digest) is not None
        if stands is (kind == store.RELEASED):
            raise Refusal(
                "This text is released already." if stands else "This text is not released."
            )
        store.add(connection, by, office.now, agreement, digest, kind, given)
        office.note(connection, by, told, f"agreement:{agreement}", digest=digest, reason=given)
