"""What the page of an edition shows, in one language.

In: the document of an edition and a speech.  Out: rows for the template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from servanda.report.edition.document import under
from servanda.web import words
from servanda.web.editions.say import Speech, Text, in_order
from servanda.web.marks import Mark

Document = Mapping[str, Any]
PAGE_WEEKS = 8  # weeks of the table across; the rest is in the data


@dataclass(frozen=True, slots=True)
class Said:
    """What holds under some readings; `readings` is empty where it holds under all."""

    readings: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    text: Text
    bearers: tuple[Text, ...]
    said: tuple[Said, ...]
    observed: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Point:
    """A provision with its commitments."""

    id: str
    number: str
    title: Text
    text: Text
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class Due:
    day: str
    readings: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline with every day that a reading gives it; `undated`: readings that give none."""

    text: Text
    bearers: tuple[Text, ...]
    dues: tuple[Due, ...]
    undated: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A count beside how much was observed; `count` None: kept back."""

    name: str
    count: int | None
    observed: float | None
    by_week: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    first: str
    last: str
    total: int | None
    weeks: tuple[Counted, ...]
    units: tuple[Counted, ...]
    across: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Force:
    readings: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Page:
    force: tuple[Force, ...]
    points: tuple[Point, ...]
    unwatched: tuple[Commitment, ...]
    clocks: tuple[Clock, ...]
    table: Table | None
    terms: tuple[Text, ...]


def page(document: Document, speech: Speech) -> Page:
    told = {one["id"]: _commitment(document, one, speech) for one in document["commitments"]}
    language = document["agreement"]["language"]
    return Page(
        tuple(_force(document, one, speech) for one in document["in_force"]),
        tuple(_point(document, one, told, speech) for one in document["provisions"]),
        _alike([replace(told[n], said=(), observed=None) for n in document["not_monitored"]]),
        tuple(_clock(document, one, told, speech) for one in document["deadlines"]),
        None if document["occurrences"] is None else _table(document["occurrences"], speech),
        tuple(Text(one["title"], language) for one in document["terms"].values()),
    )


def _force(document: Document, one: Mapping[str, Any], speech: Speech) -> Force:
    if not one["holds"]:
        return Force(under(document, one["if"]), Mark("inactive", speech.say("not in force")))
    since = one["since"]
    word = speech.say("in force") if since is None else speech.say(
        "in force since %(day)s", day=speech.day(since)
    )  # fmt: skip
    return Force(under(document, one["if"]), Mark("active", word))


def _marks(one: Mapping[str, Any], speech: Speech) -> tuple[Mark, ...]:
    """Violations by their basis, apart; what was cured is told with them."""
    firm = tuple(speech.violation(basis) for basis in one["violations"])
    if one["state"] == "violated":
        return firm or (speech.violation("alleged"),)
    return (speech.state(one["state"]), *firm)


def _commitment(document: Document, one: Mapping[str, Any], speech: Speech) -> Commitment:
    language = document["agreement"]["language"]
    by_reading = tuple(
        Said(under(document, row["if"]), _marks(row, speech)) for row in one["by_reading"]
    )
    seen = one["observed"]
    return Commitment(
        speech.text(one["text"]),
        tuple(speech.party(b["name"], b["country"], language) for b in one["bearers"]),
        (Said("", _marks(one, speech)), *by_reading),
        None if seen is None else (seen["time"], seen["area"]),
    )


def _alike(found: Sequence[Commitment]) -> tuple[Commitment, ...]:
    """Instances of which the same is said, together; with all whose they are."""
    whose: dict[Commitment, dict[Text, None]] = {}
    for one in found:
        whose.setdefault(replace(one, bearers=()), {}).update(dict.fromkeys(one.bearers))
    return tuple(replace(one, bearers=tuple(who)) for one, who in whose.items())


def _point(
    document: Document, one: Mapping[str, Any], told: Mapping[str, Commitment], speech: Speech
) -> Point:
    language = document["agreement"]["language"]
    ids = [row["id"] for row in document["commitments"] if row["provision"] == one["id"]]
    return Point(
        one["id"],
        number if (number := words.number(one["id"])) != one["id"] else "",
        Text(one["title"], language),
        speech.text(one["text"]),
        _alike([told[name] for name in ids]),
    )


def _clock(
    document: Document, one: Mapping[str, Any], told: Mapping[str, Commitment], speech: Speech
) -> Clock:
    commitment = told[one["commitment"]]
    return Clock(
        commitment.text,
        commitment.bearers,
        tuple(Due(speech.day(d["last_day"]), under(document, d["if"])) for d in one["days"]),
        under(document, one["no_day_if"]) if one["no_day_if"] else "",
    )


def _table(told: Mapping[str, Any], speech: Speech) -> Table:
    weeks = tuple(
        Counted(speech.span(w["first"], w["last"]), w["occurrences"], w["observed"])
        for w in told["weeks"]
    )
    units = [
        Counted(
            speech.unit(u["unit"], u["name"]), u["occurrences"], u["observed"],
            tuple(u["by_week"][-PAGE_WEEKS:]),
        )
        for u in told["units"] if u["unit"] is not None
    ]  # fmt: skip
    units.sort(key=lambda one: in_order(one.name))
    units += [
        Counted(speech.unit(None, None), u["occurrences"], None, tuple(u["by_week"][-PAGE_WEEKS:]))
        for u in told["units"] if u["unit"] is None
    ]  # fmt: skip
    across = tuple(_short(w["first"]) for w in told["weeks"][-PAGE_WEEKS:])
    return Table(
        speech.day(told["from"]), speech.day(told["until"]), told["total"], weeks, tuple(units),
        across,
    )  # fmt: skip


def _short(day: str) -> str:
    """A day as 05.01: the same in all languages of the pages."""
    return f"{day[8:10]}.{day[5:7]}"
