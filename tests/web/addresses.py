"""The addresses of all pages, by the name of their route, with something to show."""

from urllib.parse import quote

from tests.web.conftest import COMPLAINTS, COURSE, FLAGSHIP, PAUSE

_A = f"/agreements/{FLAGSHIP}"
_Q = f"?course={COURSE}"
TWO = "draft=europe-24-point&draft=e3-counter-draft"
SUPPOSED = "\n".join(
    f'{{"id": "w{n}", "type": "attack", "at": "2025-03-20", "source": "Observer_{n}",'
    ' "args": {"by": "Ukraine", "on": "Russia", "target": "energy"}}'
    for n in (1, 2)
)
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
    "public": "/public",
    "cases": f"{_A}/cases?course={COMPLAINTS}",
    "case": f"{_A}/cases/k1a?course={COMPLAINTS}",
    "drafts": "/drafts",
    "compare": f"/drafts/compare?{TWO}",
    "ends": f"/agreements/{PAUSE}/ends",
    "what_if": f"/agreements/{PAUSE}/what-if?records={quote(SUPPOSED)}",
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
    "no case": f"{_A}/cases",
    "nothing to map": f"{_A}/map",
    "words": f"/drafts/compare?{TWO}&show=words",
    "brackets": "/drafts/compare?draft=europe-24-point&draft=geneva-19-point&show=brackets",
    "fields": f"/agreements/{PAUSE}/what-if?type=attack&do=fields",
}


def json_of(address: str) -> str:
    """The address of the same data as JSON."""
    path, mark, query = address.partition("?")
    return ("/index.json" if path == "/" else f"{path}.json") + mark + query
