"""A commission with every demand, and the papers of one case before it, step by step."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from servanda import asking, library
from servanda.engine.question import Question
from servanda.evidence.read import read_text
from servanda.library import Library

TEXT = """\
agreement valleys "Two valleys"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party Upper
party Lower
party League
body Local
body Commission
body Arbiter

institution Local

institution Commission
  members {Upper, Lower, League}
  vote majority of members
  complaints by {Upper, Lower}
  acknowledges within 3 days
  notice within 5 days
  reply within 14 days
  joint verification by {Upper, Lower}
  severity {minor, grave}
  appeal Arbiter within 30 days with suspensive effect
  competent for everything else

prohibition p1.peace
  bearer each of {Upper, Lower}
  toward the other
  not attack by bearer on other
  from in_force
"""


FIELDS = ("handling", "received", "replaces", "withdraws")


def paper(identity: str, day: str, kind: str, source: str, /, **more: Any) -> dict[str, Any]:
    """A record of 2026; what is no field of a record is one of its arguments."""
    row: dict[str, Any] = {"id": identity, "type": kind, "at": f"2026-{day}", "source": source}
    args = {name: value for name, value in more.items() if name not in FIELDS}
    return {**row, "args": args, **{n: v for n, v in more.items() if n in FIELDS}}


ATTACKS = (
    paper("a1", "03-01T10:00:00Z", "attack", "Radio", by="Upper", on="Lower", handling="public"),
    paper("a2", "03-01T10:00:00Z", "attack", "Lower", by="Upper", on="Lower"),
)
_ON = {"case": "k1"}
_BODY = {"body": "Commission", **_ON}
_VERIFIED = {"by": ["Upper", "Lower"], **_ON}
STEPS = (
    paper(
        *("k1", "03-02", "complaint", "Lower"),
        body="Commission",
        by="Lower",
        norm="p1.peace",
        against="Upper",
        about=["a1"],
    ),
    paper("k2", "03-03", "registers", "Commission", number="1 of 2026", **_BODY),
    paper("k3", "03-04", "notifies", "Commission", party="Upper", **_BODY),
    paper("k4", "03-10", "replies", "Upper", by="Upper", **_ON),
    paper("k5", "03-15", "verifies_jointly", "Commission", **_VERIFIED),
    paper(
        *("k6", "03-20", "establishes_facts", "Commission"),
        **{**_BODY, "occurrence": "established", "severity": "minor"},
    ),
    paper(
        *("f1", "03-25", "finding", "Commission"),
        body="Commission",
        norm="p1.peace",
        result="breach",
        against="Upper",
        about=["k1", "a1"],
        votes_for=2,
        votes_against=1,
    ),
)
APPEAL = paper("q1", "04-02", "appeals", "Upper", by="Upper", against="f1")


def valleys(text: str = TEXT) -> Library:
    return library.from_text(text)


def ask(papers: Iterable[Mapping[str, Any]], as_of: str, lib: Library | None = None) -> Question:
    """The question as of a day of 2026 on attacks and papers."""
    lib = lib or valleys()
    rows = "\n".join(json.dumps(row) for row in (*ATTACKS, *papers))
    read = read_text(rows, "papers", lib.agreement.record_types, lib.zone)
    assert not read.refused, read.refused
    asked, _ = asking.question(lib, read, as_of=f"2026-{as_of}")
    return asked
