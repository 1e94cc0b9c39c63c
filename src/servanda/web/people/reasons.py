"""A reason that somebody gives for a step, and that others read."""

import unicodedata

from servanda.characters import blotted
from servanda.ledger.names_of_people import names_a_person
from servanda.web.people.errors import Refusal

MOST_REASON = 400  # characters


def checked_reason(text: str) -> str:
    """The reason as it is kept and shown; raises a refusal."""
    given = " ".join(unicodedata.normalize("NFC", text).split())
    if not given or len(given) > MOST_REASON:
        raise Refusal(f"Say why, in up to {MOST_REASON} characters; others read it.", "reason")
    if blotted(given) != given or not any(c.isalnum() for c in given):
        raise Refusal("Say why in letters, without characters that cannot be seen.", "reason")
    if names_a_person(given):
        raise Refusal("It seems to name a person: others read it, so leave that out.", "reason")
    return given
