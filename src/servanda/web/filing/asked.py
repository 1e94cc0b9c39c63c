"""What a form asks for: fields with their labels, choices, values and what is wrong with them.

In: a record type, an agreement, and what was filled in.  Out: fields that a template shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from servanda.evidence.form import OBSERVED, PRECISIONS, Given
from servanda.evidence.record import UNATTRIBUTED
from servanda.ledger.words import CLASSES, CONSENTS, DEFAULT_CLASS, USES
from servanda.model.agreement import Agreement
from servanda.model.record_type import ArgKind, ArgType, RecordType
from servanda.web import words

Options = tuple[tuple[str, str], ...]
SEEN = {
    "public": "public: everybody",
    "parties": "parties: the parties and the body",
    "body": "body: the body, and the party that filed it",
    "confidential": "confidential: the secretariat, and that party",
}
HINTS = {
    ArgKind.RECORD: "the id of a record",
    ArgKind.NUMBER: "a number",
    ArgKind.MONEY: "an amount, such as 250000.00",
    ArgKind.PLACE: "the name of a place",
    ArgKind.TERRITORY: "a party, or the name of a place",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`kind` is text, area, choice, several or actors; `wrong` is what is wrong with it."""

    name: str
    label: str
    kind: str = "text"
    options: Options = ()
    values: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False
    wrong: str = ""
    wide: bool = False
    scope: str = ""  # tells fields of several forms on one page apart

    @property
    def id(self) -> str:
        return "-".join(p for p in ("f", self.scope, self.name.replace(".", "-")) if p)

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


def arguments(record_type: RecordType, given: Given) -> Iterator[Asked]:
    """The fields of the arguments of a type."""
    for one in record_type.args:
        yield argument(one, given)


def argument(one: ArgType, given: Given) -> Asked:
    name = f"args.{one.name}"
    label = words.sentence(words.words(one.name))
    hint = HINTS.get(one.kind, "")
    if one.many:
        hint = f"{hint.replace('the id of a record', 'ids of records')}, parted by commas"
        hint = hint.removeprefix(", ")
    found = Asked(name, label, "text", (), tuple(given.get(name, ())), hint, one.required)
    if one.one_of:
        options = tuple((word, words.words(word)) for word in one.one_of)
        return replace(found, kind="several" if one.many else "choice", options=options)
    return replace(found, kind="actors") if one.kind is ArgKind.ACTOR else found


def actors(agreement: Agreement) -> Options:
    """Those whom the agreement names, and nobody in particular."""
    named = [(a.id, words.who(agreement, a.id)) for a in agreement.actors.values()]
    return (*sorted(named, key=lambda one: one[1].casefold()), (UNATTRIBUTED, "nobody named"))


def about_the_record(given: Given) -> Iterator[Asked]:
    """When and where it was, how it is known, and on what it rests."""

    def text(name: str, label: str, hint: str = "") -> Asked:
        return Asked(name, label, "text", (), tuple(given.get(name, ())), hint)

    def choice(name: str, label: str, options: Sequence[str]) -> Asked:
        told = tuple((word, words.words(word)) for word in options)
        return Asked(name, label, "choice", told, tuple(given.get(name, ())))

    at = text("at", "When it happened", "2026-03-05, or 2026-03-05T09:30:00Z")
    yield replace(at, required=True)
    yield choice("precision", "How exact that is", PRECISIONS)
    yield text("place.name", "Place", "a name; or the two numbers beside it")
    yield text("place.lat", "Latitude", "such as 48.1")
    yield text("place.lon", "Longitude", "such as 11.5")
    yield text("count", "Count", "a number, for several acts that are told as one")
    yield choice("observed_how", "How it was observed", OBSERVED)
    yield text("reported", "When it was made known", "empty: now")
    yield text("received", "When it was received", "by those whom a deadline concerns")
    yield text("derived_from", "Rests on", "ids of records, parted by commas")
    yield text("note", "Note", "a few words; no names of people")
    yield text("id", "Id", "a name of its own; empty: one is made")


def speaking(given: Given, own: str | None, source: str) -> Iterator[Asked]:
    """Who says so; who files as one alone is not asked."""
    if own is None:
        told = tuple(given.get("source", ())) or ((source,) if source else ())
        yield Asked("source", "Source", "actors", (), told, "who sent the record", True)
        said = tuple(given.get("claimed_by", ()))
        hint = "if not the source’s: a newspaper that quotes a ministry"
        yield Asked("claimed_by", "Whose word it is", "actors", (), said, hint)


def handling(given: Given, default: str = DEFAULT_CLASS) -> Iterator[Asked]:
    """Who may see it and what it may be used for."""
    seen = tuple((name, SEEN[name]) for name in CLASSES)
    yield Asked(
        "handling", "Who may see it", "choice", seen,
        tuple(given.get("handling", ())) or (default,), required=True,
    )  # fmt: skip
    consents = tuple((name, words.words(name)) for name in CONSENTS)
    yield Asked(
        "consent", "What its source agreed to", "choice", consents,
        tuple(given.get("consent", ())) or ("not_recorded",), required=True,
    )  # fmt: skip
    uses = tuple((name, words.words(name)) for name in USES)
    yield Asked(
        "use", "May be used for", "several", uses,
        tuple(given.get("use", ())) or ("assessment", "proceedings"),
        "what everybody is to see needs reporting", required=True,
    )  # fmt: skip


def told(fields: Sequence[Asked], field: str, reason: str, scope: str = "") -> list[Asked]:
    """The fields, with what is wrong beside the one that it concerns."""
    return [
        replace(one, scope=scope, wrong=reason if reason and one.name == field else "")
        for one in fields
    ]


def identified(agreement: Agreement, fields: Sequence[Asked], given: Given) -> Given:
    """What was filled in, with actors by their ids where their titles were written."""
    titles = {words.who(agreement, name).casefold(): name for name in agreement.actors}
    found = dict(given)
    for one in fields:
        if one.kind == "actors":
            found[one.name] = tuple(
                titles.get(text.strip().casefold(), text) for text in given.get(one.name, ())
            )
    return found
