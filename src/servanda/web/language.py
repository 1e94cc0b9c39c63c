"""Languages of the pages, by gettext: a language is offered when its catalogue is in the package.

Catalogues lie in `locale/CODE/LC_MESSAGES/web.mo`; English is the language of the templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import NullTranslations, translation
from importlib.resources import files
from operator import itemgetter
from pathlib import Path

DOMAIN = "web"


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is what its speakers call it."""

    code: str
    name: str


KNOWN = (Language("en", "English"), Language("uk", "Українська"), Language("ru", "Русский"))


def _folder() -> Path:
    return Path(str(files("servanda.web"))) / "locale"


def _complete(language: Language) -> bool:
    return (_folder() / language.code / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file()


LANGUAGES = (KNOWN[0], *(one for one in KNOWN[1:] if _complete(one)))


def preferred(accept: str, offered: Sequence[Language] = LANGUAGES) -> str:
    """The offered language that a browser likes best (`Accept-Language`); else the first."""
    liked: list[tuple[float, str]] = []
    for part in accept.split(",")[:30]:
        name, _, quality = part.strip().partition(";q=")
        try:
            liked.append((-float(quality or 1), name.lower().partition("-")[0]))
        except ValueError:
            continue
    codes = {one.code for one in offered}
    return next((name for _, name in sorted(liked, key=itemgetter(0)) if name in codes), "en")


def translations(code: str) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    return translation(DOMAIN, _folder(), [code], fallback=True)
