"""Languages of the pages, by gettext: a language is offered when its catalogue is in the package.

Catalogues lie in `locale/CODE/LC_MESSAGES/public.po` as plain text; English is the language of the
templates.  They hold the public pages: the others are English until theirs is complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from operator import itemgetter
from pathlib import Path

from servanda.web import po

DOMAIN = "public"


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is what its speakers call it."""

    code: str
    name: str


KNOWN = (Language("en", "English"), Language("uk", "Українська"), Language("ru", "Русский"))


def catalogue(code: str) -> Path:
    """Where the catalogue of a language is, or would be."""
    folder = Path(str(files("servanda.web"))) / "locale"
    return folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"


LANGUAGES = (KNOWN[0], *(one for one in KNOWN[1:] if catalogue(one.code).is_file()))


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


@cache
def translations(code: str) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    path = catalogue(code)
    if not path.is_file():
        return NullTranslations()
    return GNUTranslations(BytesIO(po.compiled(po.read(path.read_text(encoding="utf-8")))))
