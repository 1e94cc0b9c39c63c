"""The same data as a page or as JSON, at one address: by `.json` at its end or by `Accept`."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from servanda.web.desk import Answer

JSON = "application/json"
HTML = "text/html"


def wants_json(request: Request) -> bool:
    """`.json` decides; else which of the two the request prefers, a page where both are alike."""
    if request.url.path.endswith(".json"):
        return True
    weights = _weights(request.headers.get("accept", ""))
    return _weight(weights, JSON) > _weight(weights, HTML)


def _weights(accept: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for part in accept.split(",")[:50]:
        name, *parameters = (p.strip() for p in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            found[name.lower()] = float(quality)
        except ValueError:
            found[name.lower()] = 0.0
    return found


def _weight(weights: Mapping[str, float], media: str) -> float:
    for name in (media, media.partition("/")[0] + "/*", "*/*"):
        if name in weights:
            return weights[name]
    return 0.0


def as_json(data: Any, status: int = 200) -> Response:
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    return Response(text + "\n", status, {"Vary": "Accept"}, JSON)


def either(
    request: Request,
    template: str,
    data: Callable[[], Any],
    shown: Callable[[], Mapping[str, Any]],
    answer: "Answer | None" = None,
) -> Response:
    """`data` makes the JSON, `shown` what the template needs; only one of them is asked.

    Where all that the page shows is in an `answer`, it is kept with that for who has no account.
    """
    if wants_json(request):
        return as_json(data())
    from servanda.web.render import as_page, page, text_of

    if answer is None or not same_for_all(request):
        return page(request, template, shown())
    key = f"{template} {request.url.path}?{request.url.query}"
    return as_page(request, answer.page(key, lambda: text_of(request, template, shown())))


def same_for_all(request: Request) -> bool:
    """Whether a page has nothing of who asks: no name, no token of a form."""
    person = getattr(request.state, "person", None)
    return person is not None and not person.account and not request.cookies
