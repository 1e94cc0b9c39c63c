"""Refuses rows that carry names of people into a class where they must not stand.

Two tests, both plain: a field whose name says that it holds a person's data, and text that looks
like a person's name or a way to reach one (names_of_people.py).  Records about people held or
missing are tallies: such a field refuses them in every class.  Many names look like nothing of the
kind: docs/do-no-harm.md says so, and that reading what is entered remains a person's task.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from servanda.ledger.names_of_people import names_a_person

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
        *(
            "military_id",
            "person_name",
            "victim_name",
            "victim_names",
            "witness_name",
            "maiden_name",
        ),
        *(
            "place_of_birth",
            "social_security_number",
            "rnokpp",
            "inn",
            "телефон",
            "адреса",
            "адрес",
        ),
        *("піб", "фио", "імя", "прізвище", "по_батькові", "имя", "фамилия", "отчество"),
        *("дата_народження", "дата_рождения", "паспорт", "потерпілий", "свідок", "свидетель"),
        *("полонений", "пленный", "позивний", "позывной"),
    )
)
# `args.name` of a measure names the measure, `place.name` a place: neither is a person.
_NOT_PEOPLE = frozenset({("args", "name"), ("place", "name")})

# Fields whose values have a form of their own and hold no names.
_PLAIN = frozenset(
    (
        *("type", "at", "reported", "received", "precision", "count", "handling", "status"),
        *("observed_how", "url", "class", "organ", "sha256", "read_from", "entry"),
    )
)
_JOINED = re.compile(r"(?<=[a-zа-яіїєґ0-9])(?=[A-ZА-ЯІЇЄҐ])|[^\w]+")


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
            if len(value) > 4 and names_a_person(value):
                where = ".".join(path)
                return (
                    f"“{where}” seems to name a person or a way to reach one, which cannot be "
                    f"entered {'with a tally' if about_people else 'as public'}"
                )
    return None


def _declares(path: tuple[str, ...]) -> bool:
    """Whether a field is there for a person's data, however its name is joined: `firstName`."""
    name = path[-1].replace("ʼ", "").replace("’", "").replace("'", "")
    joined = "_".join(part for part in _JOINED.split(name) if part).casefold()
    return joined in FIELDS and path[-2:] not in _NOT_PEOPLE


def _leaves(
    row: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value with its path; lists within lists as well."""
    for name, value in row.items():
        yield from _under((*above, str(name)), value)


def _under(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        yield path, None
        yield from _leaves(value, path)
    elif isinstance(value, list):
        yield path, None
        for item in value:
            yield from _under(path, item)
    else:
        yield path, value
