"""Who may take which step with an edition, and when: one place for all that closes an action.

In: an edition, who acts, the clock.  Out: a step and a line of the trail in one transaction, or a
refusal that says what is missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from servanda.library import Library
from servanda.model.agreement import Agreement
from servanda.report.edition.document import digest_of
from servanda.web.editions import store
from servanda.web.editions.store import Edition
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office
from servanda.web.people.person import Person
from servanda.web.people.reasons import checked_reason
from servanda.web.people.roles import Role
from servanda.web.problems import Problem

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be so before an edition can be released, and whether it is."""

    text: str
    met: bool


def sides(agreement: Agreement) -> tuple[str, ...]:
    """The parties who are told before anything is released."""
    return tuple(a.id for a in agreement.actors.values() if a.is_side)


def acts_in(by: Person, agreement: Agreement) -> bool:
    """Whether somebody may act for this agreement: a chair only where its body is named in it."""
    if by.role is Role.SECRETARIAT:
        return True
    return by.role is Role.CHAIR and by.acts_for in {*agreement.actors, *agreement.institutions}


def check_officer(by: Person, library: Library | None) -> None:
    """Raises a problem; for an agreement that is served no more the secretariat acts alone."""
    if by.role is Role.SECRETARIAT or (library is not None and acts_in(by, library.agreement)):
        return
    raise Problem(403, "Not allowed", "Your body is not named in this agreement.")


def released_at(edition: Edition, parties: Sequence[str], wait: int) -> int | None:
    """From when on it may be released; None while somebody was not told yet."""
    told = edition.notified
    if any(party not in told for party in parties):
        return None
    return max((told[party].at for party in parties), default=0) + wait


def conditions(
    edition: Edition, parties: Sequence[tuple[str, str]], wait: int, now: int,
    when: Callable[[int], str],
) -> list[Condition]:  # fmt: skip
    """Everything that has to be so, for the page; `parties` by id with what they are called."""
    told = edition.notified
    found = [
        Condition(
            f"{title} was told on {when(told[party].at)}" if party in told
            else f"{title} was told of it",
            party in told,
        )
        for party, title in parties
    ]  # fmt: skip
    ready = released_at(edition, [party for party, _ in parties], wait)
    hours = f"{wait // HOUR} hours have passed since the last of them was told"
    if ready is not None and ready > now:
        hours += f": on {when(ready)}"
    return [*found, Condition(hours, ready is not None and ready <= now)]


def prepare(office: Office, by: Person, document: dict[str, Any], corrects: int | None) -> int:
    """Keep a document; raises Refusal where what it is to correct cannot be corrected."""
    agreement = document["agreement"]["id"]
    with office.store.writing() as connection:
        _correctable(store.every(connection), agreement, corrects)
        made = store.add(connection, by, office.now, document, corrects)
        office.note(
            connection, by, "prepared an edition", f"edition:{made}",
            agreement=agreement, digest=digest_of(document),
            corrects=None if corrects is None else str(corrects),
        )  # fmt: skip
        return made


def _correctable(found: list[Edition], agreement: str, corrects: int | None) -> None:
    if corrects is None:
        return
    by_id = {one.id: one for one in found}
    old = by_id.get(corrects)
    if old is None or not old.released or old.agreement != agreement:
        raise Refusal("What is corrected is a released edition of the same agreement.", "corrects")
    later = [one for one in found if one.corrects == corrects and one.released]
    if later:
        raise Refusal(
            f"Edition {old.number} was corrected by edition {later[0].number}: correct that one.",
            "corrects",
        )


def notify(office: Office, by: Person, edition: int, parties: Sequence[str], party: str,
           at: int) -> None:  # fmt: skip
    """Record that a party was told of the edition, at a time after it was prepared."""
    with office.store.writing() as connection:
        one = _open(connection, edition)
        if party not in parties:
            raise Refusal("That is no party of the agreement.", "party")
        if party in one.notified:
            raise Refusal("That this party was told stands there already.", "party")
        if at > office.now:
            raise Refusal("A time that is still to come cannot be recorded.", "at")
        if at < one.made - one.made % 60:
            raise Refusal("The edition did not exist yet at that time.", "at")
        store.add_step(connection, by, office.now, edition, store.NOTIFIED, at, party=party)
        office.note(
            connection, by, "recorded that a party was told", f"edition:{edition}",
            party=party, told=store.moment(at),
        )  # fmt: skip


def release(office: Office, by: Person, edition: int, parties: Sequence[str], wait: int) -> int:
    """Publish it under the own name, with the next number."""
    with office.store.writing() as connection:
        one = _open(connection, edition)
        ready = released_at(one, parties, wait)
        if ready is None or ready > office.now:
            raise Refusal("Not everything that has to be so is so yet.")
        _correctable(store.every(connection), one.agreement, one.corrects)
        number, now = store.next_number(connection), office.now
        store.add_step(connection, by, now, edition, store.RELEASED, now, number=number)
        office.note(
            connection, by, "released an edition", f"edition:{edition}",
            number=str(number), digest=one.digest,
        )  # fmt: skip
        return number


def withdraw(office: Office, by: Person, edition: int, reason: str) -> None:
    """Take a released edition back: its content is shown no more, its place stays."""
    given = checked_reason(reason)
    with office.store.writing() as connection:
        one = store.by_id(connection, edition)
        if one is None or not one.released or one.withdrawn:
            raise Refusal("Only a released edition that stands can be withdrawn.")
        now = office.now
        store.add_step(connection, by, now, edition, store.WITHDRAWN, now, reason=given)
        office.note(connection, by, "withdrew an edition", f"edition:{edition}", reason=given)


def drop(office: Office, by: Person, edition: int) -> None:
    """Give up an edition that was not released."""
    with office.store.writing() as connection:
        _open(connection, edition)
        store.add_step(connection, by, office.now, edition, store.DROPPED, office.now)
        office.note(connection, by, "gave an edition up", f"edition:{edition}")


def _open(connection: Connection, edition: int) -> Edition:
    """An edition that is still in preparation; raises Refusal where it is not."""
    one = store.by_id(connection, edition)
    if one is None or one.released or one.dropped:
        raise Refusal("This edition is not in preparation any more.")
    return one
