"""Filing records: one by a form, or many by a file; tried first, then entered.

A correction or a withdrawal is a record of its own that names the one before.
"""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.evidence import form
from servanda.evidence.instant import Period, day_of, day_period, iso
from servanda.ledger.trying import Outcome, Tried
from servanda.library import Library
from servanda.model.record_type import RecordType
from servanda.web import words
from servanda.web.filing import asked, rights
from servanda.web.filing.asked import Asked
from servanda.web.filing.counter import MAX_ROWS, Counter, counter_of, handled
from servanda.web.filing.pages.head import head
from servanda.web.filing.sent import Sent, sent
from servanda.web.filing.tray import Tray
from servanda.web.people.asking import session_of
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import form_page, to
from servanda.web.people.person import Person
from servanda.web.problems import Problem, bad_field
from servanda.web.security import MAX_UPLOAD
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)], include_in_schema=False)
Name = Annotated[str, Query(max_length=200)]
NOTHING = Sent()
# What fields are called where the form does not call them by their names.
NAMES = {
    "at": "When",
    "reported": "Made known",
    "handling": "Who may see it",
    "derived_from": "Rests on",
    "observed_how": "Observed how",
    "claimed_by": "Whose word it is",
}


@router.get("/agreements/{agreement}/file", name="file")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    type: Name = "",  # noqa: A002 - the name in the address
    corrects: Name = "",
    withdraws: Name = "",
    entered: Name = "",
) -> Response:
    """The forms: what type of record, then its fields; or a file."""
    given = NOTHING
    library = request.app.state.desk.library(view.agreement)
    if corrects or withdraws:
        type, given = _about(request, view, corrects, withdraws)  # noqa: A001
    elif type and type not in library.agreement.record_types:
        raise bad_field("type", f"There is no record type “{type}” in this agreement.")
    return shown(request, view, type, given, entered=_entered(request, view, entered))


@router.post("/agreements/{agreement}/file", name="file.sent")
def filed(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    given: Annotated[Sent, Depends(sent)],
) -> Response:
    """Try what was sent, or enter it."""
    counter = counter_of(request, view)
    if counter is None:
        return shown(request, view, given.one("type"), given)
    if why := rights.outside(counter.person, counter.library.agreement):
        raise Problem(403, "Not allowed", why)
    if why := counter.shut:
        raise Problem(409, "Not entered", why)
    do = given.one("do")
    if do in ("try file", "enter file"):
        return _file(request, view, counter, given, do == "enter file")
    return _record(request, view, counter, given, do == "enter")


# --- one record ---


def _record(request: Request, view: View, counter: Counter, given: Sent, enter: bool) -> Response:
    record_type = counter.library.agreement.record_types.get(given.one("type"))
    if record_type is None:
        raise bad_field("type", f"There is no record type “{given.one('type')}” in this agreement.")
    row = _row(counter, record_type, given)
    try:
        handling = handled(given.one("handling"), given.one("consent"), given.all("use"))
    except Refusal as refused:
        return shown(request, view, record_type.id, given, error=refused)
    mark = form.derived_id(row)
    row = {**row, "reported": row.get("reported", iso(counter.now))}
    if enter and given.one("tried") == mark:
        found = counter.enter(row, handling)
        if found.outcome is not Outcome.REFUSED:
            request.app.state.desk.shelf.hurry()
            return to(view.address("file", entered=str(row["id"])))
    else:
        found = counter.preview(row, handling)
    error = Refusal(found.reason, found.field) if found.outcome is Outcome.REFUSED else None
    return shown(request, view, record_type.id, given, found=found, mark=mark, error=error)


def _row(counter: Counter, record_type: RecordType, given: Sent) -> dict[str, Any]:
    """The row of what was filled in; who files as one alone is not asked who says so."""
    agreement = counter.library.agreement
    fields = [*asked.arguments(record_type, {}), *asked.speaking({}, None, "")]
    told = dict(asked.identified(agreement, fields, given.fields))
    if (own := rights.source_of(counter.person)) is not None:
        told["source"] = (own,)
    if target := given.one("withdraws"):
        return form.withdrawal(told, record_type, target, iso(counter.now))
    return form.row_of(record_type, told)


def _about(request: Request, view: View, corrects: str, withdraws: str) -> tuple[str, Sent]:
    """The type of the record that is corrected or taken back, and its fields as they stand."""
    from servanda.evidence.view import heard_by
    from servanda.report.record_search import by_id

    target = corrects or withdraws
    answer = request.app.state.desk.answer(view)
    inputs = answer.question.inputs
    one = by_id(heard_by(inputs.records, inputs.known_at), [target]).get(target)
    person = session_of(request).person
    if one is None or not rights.own_record(person, answer.library, one):
        raise Problem(404, "Not found", f"You have filed no record “{target}” that stands here.")
    told = {"source": (one.source,), "claimed_by": (one.claimed_by or "",)}
    told["handling"] = (one.handling or "",)
    if withdraws:
        return one.type, Sent({**told, "withdraws": (target,)})
    if one.at is not None:
        told["at"], told["precision"] = _dated(one.at, answer.question.zone)
    told["received"] = (iso(one.received) if one.received is not None else "",)
    told["count"] = (f"{one.count:f}" if one.count is not None else "",)
    told["observed_how"] = (one.observed_how or "",)
    for name, value in one.args.items():
        many = value if isinstance(value, tuple) else (value,)
        told[f"args.{name}"] = (", ".join(str(v) for v in many),)
    if isinstance(one.place, str):
        told["place.name"] = (one.place,)
    elif one.place is not None:
        told["place.lat"], told["place.lon"] = (str(one.place.lat),), (str(one.place.lon),)
    told["derived_from"] = (", ".join(one.derived_from),)
    return one.type, Sent({**told, "replaces": (target,)})


def _dated(at: Period, zone: ZoneInfo) -> tuple[tuple[str], tuple[str]]:
    """An instant or a period as it is written in a form, with how exact it is."""
    if at.exact:
        return (iso(at.first),), ("",)
    day = day_of(at.first, zone)
    if at == day_period(day, zone):
        return (day.isoformat(),), ("",)
    return (iso(at.first),), ("month" if day_of(at.last, zone) != day else "hour",)


def _entered(request: Request, view: View, identity: str) -> tuple[str, int] | None:
    """The record that was entered just now, and its place in the chain, if it is there."""
    counter = counter_of(request, view) if identity else None
    if counter is None:
        return None
    with counter.ledger.reading() as reader:
        seq = reader.seq_of(identity)
    return None if seq is None else (identity, seq)


# --- a file ---


def _file(request: Request, view: View, counter: Counter, given: Sent, enter: bool) -> Response:
    tray: Tray = request.app.state.tray
    account = counter.person.account
    try:
        handling = handled(given.one("handling"), given.one("consent"), given.all("use"))
        if enter:
            held = tray.get(account, given.one("digest"))
            if held is None:
                raise Refusal(
                    "The file is no longer held here, or another was tried since: choose it again.",
                    "file",
                )
            done = counter.enter_file(held, handling)
            request.app.state.desk.shelf.hurry()
            return shown(request, view, "", given, file=_told(done.rows), done=done, held=held)
        if not given.data:
            raise Refusal("Choose a file.", "file")
        held = tray.put(account, given.name, given.data)
        rows = counter.try_file(held, handling)
    except Refusal as error:
        return shown(request, view, "", given, error=error)
    return shown(request, view, "", given, file=_told(rows), held=held)


def _told(rows: Any) -> dict[str, Any]:
    """Rows as the page shows them: those refused first, and how many there are of each."""
    refused = [one for one in rows if one.outcome is Outcome.REFUSED]
    new = [one for one in rows if one.outcome is Outcome.NEW]
    already = [one for one in rows if one.outcome is Outcome.ALREADY]
    return {"refused": refused, "new": new, "already": already, "all": list(rows)}


# --- the page ---


def shown(
    request: Request,
    view: View,
    type_name: str,
    given: Sent,
    *,
    found: Tried | None = None,
    mark: str = "",
    file: dict[str, Any] | None = None,
    done: Any = None,
    held: Any = None,
    entered: tuple[str, int] | None = None,
    error: Refusal | None = None,
) -> Response:
    """The page with its forms, filled in as they were sent."""
    library: Library = request.app.state.desk.library(view.agreement)
    agreement, person = library.agreement, session_of(request).person
    record_type = agreement.record_types.get(type_name)
    context = {
        **head(request, view, "File records", "records"),
        "own": rights.source_of(person),
        "own_title": words.who(agreement, rights.source_of(person) or ""),
        "types": _types(library),
        "type": record_type,
        "fields": _fields(person, record_type, given, error),
        "actors": asked.actors(agreement),
        "withdraws": given.one("withdraws"),
        "replaces": given.one("replaces"),
        "found": found,
        "names": NAMES,
        "mark": mark,
        "file": file,
        "done": done,
        "held": held,
        "file_fields": asked.told(list(asked.handling(given.fields)), "", "", "file"),
        "uses": given.all("use"),
        "entered": entered,
        "max_rows": MAX_ROWS,
        "max_bytes": MAX_UPLOAD,
        "shown_rows": 200,
    }
    return form_page(request, "filing/file.html", context, error)


def _types(library: Library) -> list[tuple[str, str]]:
    found = [
        (one.id, f"{words.sentence(words.words(one.id))}{f': {one.title}' if one.title else ''}")
        for one in library.agreement.record_types.values()
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def _fields(
    person: Person, record_type: RecordType | None, given: Sent, error: Refusal | None
) -> dict[str, list[Asked]]:
    """The fields by their group; none before a type is chosen."""
    if record_type is None:
        return {}
    fields = given.fields
    own = rights.source_of(person)
    groups = {
        "arguments": list(asked.arguments(record_type, fields)),
        "about": list(asked.about_the_record(fields)),
        "speaking": list(asked.speaking(fields, own, "")),
        "handling": list(asked.handling(fields)),
    }
    if given.one("withdraws"):
        groups["arguments"] = []
        groups["about"] = [one for one in groups["about"] if one.name == "note"]
    field, reason = ("", "") if error is None else (error.field, error.message)
    return {name: asked.told(group, field, reason) for name, group in groups.items()}
