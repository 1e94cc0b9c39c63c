"""Refuses rows that carry names of people into a class where they must not stand.

Two tests, both plain: a field whose name says that it holds a person's data, and text that looks
like a person's name (a title of address before a name, a patronymic, a name with an age or a birth
date, an e-mail address, a telephone number).  Records about people held or missing are tallies:
such a field refuses them in every class.  A name that looks like none of these is not recognised:
docs/do-no-harm.md says so, and that reading what is entered remains a person's task.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]
PEOPLE = ("tally",)  # record types about people: counts only
FIELDS = frozenset(
    (
        *("name", "names", "full_name", "first_name", "last_name", "family_name", "surname"),
        *("given_name", "patronymic", "alias", "person", "persons", "people_names"),
        *("victim", "victims", "witness", "witnesses", "detainee", "detainees", "prisoner"),
        *("prisoners", "internee", "internees", "child", "children", "hostage", "hostages"),
        *("date_of_birth", "birth_date", "dob", "birthday", "born", "passport"),
        *("passport_number", "id_number", "tax_number", "phone", "telephone", "email"),
        *("address", "home_address", "next_of_kin", "relative", "relatives", "call_sign"),
        "military_id",
    )
)
# `args.name` of a measure names the measure, `place.name` a place: neither is a person.
_NOT_PEOPLE = frozenset({("args", "name"), ("place", "name")})

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀŁŚŻА-ЯЁЄІЇҐ]"
_NAME = _CAPITAL + r"[\w’'-]+"
_PATRONYMIC = "ович|евич|йович|івна|ївна|овна|евна|ovych|ovich|evich|ivna|ovna|evna"
_AGE = r"(?:aged?\s+\d{1,3}\b|\(?born\b|\(\d{1,3}\)|\d{1,3} years old)"
_PATTERNS = (
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Pte|Sgt|Cpl|Lt|Capt)\.?\s+" + _NAME),
    re.compile(_NAME + f"(?:{_PATRONYMIC})" + r"\b"),
    re.compile(_NAME + r"\s+" + _NAME + r",?\s+" + _AGE),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"(?<!\w)\+\d[\d ()-]{8,}\d"),
)
# Fields whose values have a form of their own and hold no prose.
_PLAIN = frozenset(
    (
        *("id", "type", "at", "source", "reported", "received", "precision", "count", "same_as"),
        *("replaces", "withdraws", "derived_from", "handling", "status", "observed_how"),
        *("claimed_by", "url", "class", "organ"),
    )
)


def personal(row: Mapping[str, Any], handling: str) -> str | None:
    """Why a row may not be entered in a class; None when nothing speaks against it.

    The reason names the field and never repeats what it holds.
    """
    about_people = row.get("type") in PEOPLE
    if handling != "public" and not about_people:
        return None
    for path, value in _leaves(row):
        if _declares(path):
            where = ".".join(path)
            if about_people:
                return f"“{where}” holds a personal record: people are entered as tallies only"
            return f"“{where}” holds a person's data, which cannot be entered as public"
        if isinstance(value, str) and (about_people or path[0] not in _PLAIN):
            if len(value) > 4 and any(p.search(value) for p in _PATTERNS):
                where = ".".join(path)
                return (
                    f"“{where}” seems to name a person or a way to reach one, which cannot be "
                    f"entered {'with a tally' if about_people else 'as public'}"
                )
    return None


def _declares(path: tuple[str, ...]) -> bool:
    return path[-1].lower() in FIELDS and path[-2:] not in _NOT_PEOPLE


def _leaves(
    row: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in row.items():
        path = (*above, str(name))
        if isinstance(value, Mapping):
            yield path, None
            yield from _leaves(value, path)
        elif isinstance(value, list):
            yield path, None
            for item in value:
                if isinstance(item, Mapping):
                    yield from _leaves(item, path)
                else:
                    yield path, item
        else:
            yield path, value
