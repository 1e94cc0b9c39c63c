"""A draft told in one of its languages; what has no text in it stays in the main language.

In: a draft as plain data (`report/draft.py`).  Out: the same with each text opened by its language
and by whether it is authentic, so that nobody takes a translation for the text that binds.
"""

from collections.abc import Mapping
from typing import Any

from servanda.library import InputError

_AUTHENTIC = {True: ", authentic", False: ", not authentic", None: ""}


def languages(found: Mapping[str, Any]) -> list[str]:
    """The languages in which the draft has any text, the main one first."""
    main = found["agreement"]["languages"][:1]
    used = [t["language"] for clause in _clauses(found) for t in clause["translations"]]
    return list(dict.fromkeys([*main, *used]))


def in_language(found: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The draft in a language; raises InputError where it has no text in it at all."""
    known = languages(found)
    if language not in known:
        raise InputError(
            f"“{language}”: {found['agreement']['id']} has no text in that language; "
            f"it has {', '.join(known) or 'no text in a named language'}."
        )
    return {
        **found,
        "provisions": [
            {
                **_told(provision, language, found),
                "norms": [_told(norm, language, found) for norm in provision["norms"]],
            }
            for provision in found["provisions"]
        ],
    }


def _clauses(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for p in found["provisions"] for one in (p, *p["norms"])]


def _told(clause: Mapping[str, Any], language: str, found: Mapping[str, Any]) -> dict[str, Any]:
    header = found["agreement"]
    main = (header["languages"] or [""])[0]
    if not clause["text"] or language == main:
        return dict(clause)
    for one in clause["translations"]:
        if one["language"] == language:
            mark = f"[{language}{_AUTHENTIC[one['authentic']]}]"
            return {**clause, "text": f"{mark} {one['text']}"}
    return {**clause, "text": f"[{main}] {clause['text']}"}
