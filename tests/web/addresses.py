"""The addresses of all pages, by the name of their route, with something to show."""

from urllib.parse import quote

from tests.web.conftest import COURSE, FLAGSHIP, PAUSE

_A = f"/agreements/{FLAGSHIP}"
_Q = f"?course={COURSE}"
SUPPOSED = """{"id": "w1", "type": "withdraws_consent", "at": "2026-04-02",
 "args": {"party": "Russia"}, "source": "Russia"}""".replace("\n", "")
PAGES = {
    "index": "/",
    "agreement": f"{_A}{_Q}",
    "changes": f"{_A}/changes{_Q}",
    "provisions": f"{_A}/provisions{_Q}",
    "provision": f"{_A}/provisions/p28{_Q}",
    "audit": f"/agreements/{PAUSE}/audit",
    "records": f"/agreements/{PAUSE}/records",
    "record": f"/agreements/{PAUSE}/records/t1-0321-sudzha-ru",
    "claims": f"/agreements/{PAUSE}/claims",
    "map": f"/agreements/{PAUSE}/map?standard=any_claim",
    "drafts": "/drafts",
    "compare": f"/drafts/compare?draft={FLAGSHIP}&draft=framework-20-point",
    "ends": f"/agreements/{PAUSE}/ends",
    "what_if": f"{_A}/what-if{_Q}&records={quote(SUPPOSED)}",
    "api": "/api",
}
MORE = {
    "proposal": _A,
    "pause": f"/agreements/{PAUSE}?standard=any_claim",
    "many instances": f"{_A}/provisions/p8{_Q}",
    "many readings": f"/agreements/{PAUSE}/provisions/pause?standard=any_claim",
    "fixed reading": f"{_A}/provisions/p25{_Q}&reading=clock_start%3Don_agreement",
    "no page": "/nothing/here",
    "bad day": f"{_A}?as_of=yesterday",
    "no record": f"/agreements/{PAUSE}/records?q=nobody-says-this",
    "nothing to map": f"{_A}/map",
}


def json_of(address: str) -> str:
    """The address of the same data as JSON."""
    path, mark, query = address.partition("?")
    return ("/index.json" if path == "/" else f"{path}.json") + mark + query
