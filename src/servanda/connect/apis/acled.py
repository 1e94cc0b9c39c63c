"""The programming interface of ACLED, with an access token of the user's own account.

What it gives may not be passed on.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from servanda.connect.apis import Api, Page, decoded, rows
from servanda.connect.http import Failed

BASE = "https://acleddata.com/api/acled/read"
PAGE_SIZE = 5000


def first(query: Mapping[str, str]) -> str:
    return _address({**query, "_format": "json", "limit": str(PAGE_SIZE), "page": "1"})


def _address(query: Mapping[str, str]) -> str:
    return f"{BASE}?{urlencode(query)}"


def page(body: bytes, url: str) -> Page:
    """The next page follows a full one; the provider names none."""
    data = decoded(body, "ACLED")
    if not isinstance(data, dict) or data.get("success") is False:
        said = data.get("error") or data.get("message") if isinstance(data, dict) else None
        raise Failed(f"ACLED refused: {str(said)[:200]}")
    found = rows(data.get("data"), "ACLED")
    if len(found) < PAGE_SIZE:
        return Page(found, None)
    query = dict(parse_qsl(urlsplit(url).query))
    return Page(found, _address({**query, "page": str(int(query["page"]) + 1)}))


API = Api(
    "acled", "SERVANDA_ACLED_TOKEN", first, lambda key: {"Authorization": f"Bearer {key}"}, page
)
