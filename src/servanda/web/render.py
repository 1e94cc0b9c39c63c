"""Templates: rendered with everything escaped, in the language of the page.

In: a template and what it shows.  Out: a response with its language and no inline script or style.
"""

from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from servanda.characters import blotted
from servanda.web import marks, words
from servanda.web.access import may
from servanda.web.language import translations
from servanda.web.people import forms
from servanda.web.people.person import VISITOR

STATIC = files("servanda.web") / "static"
MEDIA = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


@cache
def asset(name: str) -> tuple[bytes, str] | None:
    """A file of the package with its digest; None where there is no such file."""
    ending = name[name.rfind(".") :] if "." in name else ""
    if "/" in name or "\\" in name or ending not in MEDIA:
        return None
    found = STATIC / name
    if not found.is_file():
        return None
    data = found.read_bytes()
    return data, sha256(data).hexdigest()[:16]


def asset_address(name: str) -> str:
    """The address of a file; it changes with the file, so that browsers may keep it."""
    found = asset(name)
    assert found is not None, name
    return f"/static/{name}?v={found[1]}"


@cache
def environment(language: str) -> Environment:
    made = Environment(
        loader=PackageLoader("servanda.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = translations(language)
    # The extension gives the environment this method as the program runs.
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(
        words=words.words,
        share=words.share,
        sentence=words.sentence,
        counted=words.counted,
        listed=words.listed,
        shown=shown,
        said=catalogue.gettext,
    )
    made.globals.update(asset=asset_address, marks=marks)
    return made


def shown(text: object) -> Markup:
    """Text of others, isolated so that its direction touches nothing beside it; inert."""
    told = blotted(str(text))
    return Markup("<bdi>{}</bdi>").format(told)


def page(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page; `view`, `answer` and `here` are None where it belongs to no agreement."""
    return as_page(request, text_of(request, template, context), status, headers)


def text_of(request: Request, template: str, context: Mapping[str, Any]) -> str:
    """The text of a page, in the language that its request asks for."""
    language = getattr(request.state, "language", "en")  # public pages ask for theirs
    told = {
        "view": None,
        "answer": None,
        "here": "",
        "hypothetical": False,
        "sentence_of": None,
        "stream": None,
        "held": getattr(request.state, "held", False),
    }
    return environment(language).get_template(template).render(
        {**told, "request": request, "language": language, **context,
         "person": getattr(request.state, "person", VISITOR),
         "form_token": forms.token_of(request), "may": partial(may, request)}
    )  # fmt: skip


def as_page(
    request: Request, text: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The text of a page as it is sent."""
    language = getattr(request.state, "language", "en")
    kept = {"Vary": "Accept, Accept-Language", "Content-Language": language, **(headers or {})}
    return HTMLResponse(text, status, kept)
