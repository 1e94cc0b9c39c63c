"""How pages say days, shares, names, readings and standards.  Short, dated, attributed.

In: plain data of the library.  Out: text.  Days are days of the agreement's zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from servanda.engine.phrase import words as words  # noqa: PLC0414  pages say it from here
from servanda.evidence.instant import day_of, day_period, iso, to_datetime
from servanda.evidence.standard import PARTY_PREFIX
from servanda.library import Library
from servanda.model.agreement import Agreement
from servanda.report.readings import concise

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
STANDARDS = {
    "any_claim": "any claim",
    "corroborated": "corroborated",
    "third_party": "third party",
    "findings": "findings only",
}
THIN = "\N{NARROW NO-BREAK SPACE}"


def instant(text: str) -> int:
    """Microseconds of an instant of the JSON."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - to_datetime(0)) // timedelta(microseconds=1)


def day(given: date, short: bool = False) -> str:
    """14 March 2026, or 14 Mar where the year is known from beside it."""
    month = MONTHS[given.month - 1]
    return f"{given.day} {month[:3]}" if short else f"{given.day} {month} {given.year}"


def day_at(at: int, zone: ZoneInfo, short: bool = False) -> str:
    return day(day_of(at, zone), short)


def moment(at: int, zone: ZoneInfo) -> str:
    """A day with its time; the last microsecond of a day is that day, 24:00."""
    given = day_of(at, zone)
    if at == day_period(given, zone).last:
        return f"{day(given)}, 24:00"
    return f"{day(given)}, {to_datetime(at).astimezone(zone):%H:%M}"


def place_of(zone: ZoneInfo) -> str:
    """The zone as people name it: its town."""
    return words(zone.key.rpartition("/")[2])


def share(value: float) -> str:
    """A share of 0 to 1 in percent; what is not nothing is never shown as nothing."""
    percent = round(100 * value)
    if 0 < value < 0.005:
        return f"<{THIN}1{THIN}%"
    return f"{percent}{THIN}%"


def counted(count: int, one: str, many: str | None = None) -> str:
    """1 record, 3 records."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number_word(count: int) -> str:
    """Two, three … for the number of drafts in a heading."""
    told = ("No", "One", "Two", "Three", "Four", "Five", "Six")
    return told[count] if count < len(told) else str(count)


def listed(names: Iterable[str], last: str = "and") -> str:
    """A, B and C."""
    found = list(names)
    return (
        f" {last} ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
    )


def sentence(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def who(agreement: Agreement, name: str) -> str:
    """An actor by its title, anything else by its id in words."""
    actor = agreement.actors.get(name)
    return actor.title if actor is not None and actor.title else words(name)


def instance(agreement: Agreement, identity: str) -> str:
    """What tells an instance from its sisters: the names in brackets; else empty."""
    _, bracket, rest = identity.partition("[")
    return listed([who(agreement, n) for n in rest.rstrip("]").split(",")]) if bracket else ""


def number(provision: str) -> str:
    """The number of a point as people say it: 28 for p28; an id without a number as it is."""
    return provision[1:] if provision[:1] == "p" and provision[1:].isdigit() else provision


def standard(name: str, agreement: Agreement | None = None) -> str:
    """An evidence standard; one of one's own is a quotation."""
    if name.startswith(PARTY_PREFIX):
        party = name.removeprefix(PARTY_PREFIX)
        return f"{who(agreement, party) if agreement else words(party)}’s own account"
    return STANDARDS.get(name, f"“{name}”")


def term(agreement: Agreement, name: str) -> str:
    """What is disputed, in words: “when the ceasefire begins”."""
    found = agreement.terms.get(name)
    return found.title if found is not None and found.title else words(name)


def reading(agreement: Agreement, term_name: str, name: str) -> str:
    """A reading by its name; its note, where there is one, says more."""
    return words(name)


def reading_note(agreement: Agreement, term_name: str, name: str) -> str:
    found = agreement.terms.get(term_name)
    notes = [r.note for r in found.readings if r.name == name] if found is not None else []
    return (notes[0] if notes else None) or ""


def under(lib: Library, combinations: Sequence[Mapping[str, str]]) -> str:
    """The readings under which something holds, in few words; empty where it is under all."""
    if not combinations:
        return ""
    terms = {name for one in combinations for name in one}
    every = {n: [r.name for r in t.readings] for n, t in lib.agreement.terms.items() if n in terms}
    told = [one for one in concise(list(combinations), every) if one != "every reading"]
    return words("; or ".join(told)).replace(" = ", ": ")


def label(lib: Library, combinations: Sequence[Mapping[str, str]], among: Iterable[str]) -> str:
    """As `under`, without the name of the term where it is the only one `among` those told."""
    told = under(lib, combinations)
    terms = set(among)
    return told.removeprefix(f"{words(terms.pop())}: ") if len(terms) == 1 else told


def of_instant(text: str | None, zone: ZoneInfo) -> str:
    """A day of an instant of the JSON; empty where there is none."""
    return "" if text is None else day_at(instant(text), zone)


def exact(at: int) -> str:
    return iso(at)
