"""The programming interface of UCDP; the provider gives the token that it needs on request.

GED goes by its yearly version (25.1), Candidate by its monthly one (25.0.10).
"""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from servanda.connect.apis import Api, Page, decoded, rows
from servanda.connect.http import Failed, same_host
from servanda.connect.row import Unusable

BASE = "https://ucdpapi.pcr.uu.se/api/gedevents/"
PAGE_SIZE = "1000"


def first(query: Mapping[str, str]) -> str:
    asked = dict(query)
    version = asked.pop("version", None)
    if version is None:
        raise Unusable("Say which release: --query version=25.1 (Candidate: version=25.0.10).")
    return f"{BASE}{quote(version, safe='.')}?{urlencode({'pagesize': PAGE_SIZE, **asked})}"


def page(body: bytes, url: str) -> Page:
    data = decoded(body, "UCDP")
    if not isinstance(data, dict):
        raise Failed("UCDP answered without a list of rows")
    following = data.get("NextPageUrl") or None
    if following is not None:
        following = str(following).replace("http://", "https://", 1)
        if not same_host(url, following):
            raise Failed("UCDP names a next page on another host")
    total = data.get("TotalCount")
    return Page(
        rows(data.get("Result"), "UCDP"), following, total if isinstance(total, int) else None
    )


API = Api("ucdp", "SERVANDA_UCDP_TOKEN", first, lambda key: {"x-ucdp-access-token": key}, page)
