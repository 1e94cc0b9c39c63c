"""One record: what it says, who says so, how it came here, and what else bears on it.

In: an answer and a record.  Out: what the template shows, and `servanda.record/1` as JSON.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.docket.papers import PAPERS
from servanda.engine import phrase
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.evidence.view import heard_by
from servanda.report.entries import of_record
from servanda.report.record_page import page as told_page
from servanda.report.record_search import by_id
from servanda.web import words
from servanda.web.access import allowed
from servanda.web.desk import Answer
from servanda.web.filing import rights
from servanda.web.frame import frame
from servanda.web.pages.records import when
from servanda.web.people.sight import Sight
from servanda.web.problems import not_found
from servanda.web.respond import either
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
STANDARDS = ("any_claim", "corroborated", "third_party")


@dataclass(frozen=True, slots=True)
class Hand:
    """A step of custody: when, what was done, the proof."""

    when: str
    what: str
    proof: str


def custody(answer: Answer, record: Record, ledger: str | None, sight: Sight) -> list[Hand]:
    """How the record came here: the entries of a ledger, or the line of a file."""
    zone = answer.question.zone
    if ledger is None or answer.view.course is not None:
        hands = [Hand(words.moment(record.reported, zone), "reported by its source", "")]
        if record.received is not None:
            hands.append(Hand(words.moment(record.received, zone), "received", ""))
        if record.line:
            where = f"line {record.line:,} of a file; nothing proves that it was not altered since"
            hands.append(Hand("", "read from a file", where))
        return hands
    from servanda.ledger.history import history
    from servanda.ledger.ledger import open_ledger

    found = []
    for seen in history(open_ledger(ledger), record.id, sight.audience, sight.own):
        proof = f"#{seen.seq}, {seen.hash.hex()[:12]}…"
        if seen.entry is None:
            found.append(Hand("", "closed to this audience", proof))
            continue
        at = seen.entry.recorded
        what = words.words(seen.entry.kind)
        if seen.shredded is not None:
            what += f", content destroyed by #{seen.shredded}"
        found.append(Hand("" if at is None else words.moment(at, zone), what, proof))
    return found


def noted(answer: Answer, record: Record, ledger: str | None, sight: Sight) -> str:
    """What was noted beside it in the ledger."""
    if ledger is None or answer.view.course is not None:
        return ""
    from servanda.ledger.history import notes
    from servanda.ledger.ledger import open_ledger

    return notes(open_ledger(ledger), [record.id], sight.audience, sight.own).get(record.id, "")


def bearing(answer: Answer, record: Record) -> list[tuple[str, str, str]]:
    """The commitments in whose violations it counts: title, address and basis."""
    agreement = answer.library.agreement
    found = []
    for norm in answer.result["norms"]:
        for breach in of_record(norm, record.id):
            declared = agreement.norms[norm["id"].partition("[")[0]]
            who = words.instance(agreement, norm["id"])
            title = words.sentence(declared.text or declared.id)
            provision = declared.provision or declared.id
            address = answer.view.address("provisions", provision, why=norm["id"])
            label = f"{words.number(provision)} · {title}{f' ({who})' if who else ''}"
            found.append((label, address, f"violation {breach['basis']}"))
    return found


def fields(answer: Answer, record: Record) -> list[tuple[str, str]]:
    """What it says, name by name."""
    agreement = answer.library.agreement
    told = [("Type", words.words(record.type)), ("Dated", when(answer, record) or "not dated")]
    for name, value in record.args.items():
        many = value if isinstance(value, tuple) else (value,)
        text = words.listed(
            ["nobody named" if v == UNATTRIBUTED else _say(agreement, v) for v in many]
        )
        told.append((words.sentence(words.words(name)), text))
    place = record.place
    if isinstance(place, str):
        told.append(("Place", words.words(place)))
    elif place is not None:
        told.append(("Place", f"{place.lat:.3f}, {place.lon:.3f}"))
    if record.count is not None:
        told.append(("Count", f"{record.count:,f}"))
    if record.observed_how:
        told.append(("Observed how", words.words(record.observed_how)))
    return told


def _say(agreement: Any, value: object) -> str:
    return words.who(agreement, value) if isinstance(value, str) else f"{value:,f}"


@router.get("/agreements/{agreement}/records/{record:path}", name="record")
@router.get("/agreements/{agreement}/records/{record:path}.json", name="record.json")
def page(request: Request, view: Annotated[View, Depends(view_of)], record: str) -> Response:
    """One record with custody, attributions, contradictions and likely duplicates."""
    answer: Answer = request.app.state.desk.answer(view)
    inputs = answer.question.inputs
    one = by_id(heard_by(inputs.records, inputs.known_at), [record]).get(record)
    if one is None:
        raise not_found(f"There is no record “{record}” among those known by then.")
    data = answer.derived(f"record {record}", lambda: told_page(answer.question, one))
    ledger = request.app.state.settings.ledger
    return either(
        request,
        "record.html",
        lambda: {**data, "hypothetical": answer.holding.hypothetical},
        lambda: {
            **context(answer, one, data, custody(answer, one, ledger, view.sight)),
            "note": noted(answer, one, ledger, view.sight),
            "acts": acts(request, answer, one) if data["standing"] else [],
        },
    )


def acts(request: Request, answer: Answer, record: Record) -> list[tuple[str, str]]:
    """What whoever asks may do about a record: correct it, take it back, complain of it."""
    person = request.state.person
    if request.app.state.settings.ledger is None or answer.view.course is not None:
        return []
    view, found = View(answer.view.agreement), []
    if allowed("file", person.role) and rights.own_record(person, answer.library, record):
        found.append(("Correct it", view.address("file", corrects=record.id)))
        found.append(("Take it back", view.address("file", withdraws=record.id)))
    if allowed("complaint", person.role) and record.type not in PAPERS:
        found.append(("Complain about it", view.address("complaint", about=record.id)))
    return found


def context(
    answer: Answer, record: Record, data: dict[str, Any], hands: list[Hand]
) -> dict[str, Any]:
    agreement = answer.library.agreement
    zone = answer.question.zone
    link = answer.view.address
    return {
        **frame(answer, "records", f"Record {record.id}", "records", record.id),
        "record": record,
        "headline": words.sentence(phrase.record(record, zone).partition(": ")[2]),
        "fields": fields(answer, record),
        "source": data["source"],
        "speaker": words.who(agreement, record.speaker),
        "side": words.who(agreement, data["source"]["side"]) if data["source"]["side"] else "",
        "standing": data["standing"],
        "hands": hands,
        "handling": record.handling or "not said",
        "bearing": bearing(answer, record),
        "attributions": [
            (
                "nobody named" if a["actor"] == UNATTRIBUTED else words.who(agreement, a["actor"]),
                words.listed([words.who(agreement, s) for s in a["speakers"]]),
                a["records"],
            )
            for a in data["attributions"]
        ],
        "about": [
            (
                words.sentence(a["kind"]),
                a["record"]["id"],
                link("records", a["record"]["id"]),
                words.who(agreement, a["record"].get("claimed_by") or a["record"]["source"]),
            )
            for a in data["about"]
        ],
        "contradictions": data["contradictions"],
        "duplicates": [(d, link("records", d["record"])) for d in data["duplicates"]],
    }
