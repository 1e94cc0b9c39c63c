"""How public pages say things, in the language of their reader.

In: the codes of a document.  Out: words of the catalogue.  Texts of an agreement stay in the
languages that it has; places are called as the gazetteer calls them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from servanda.evidence.standard import GENERAL_STANDARDS
from servanda.geo.gazetteer import name_in
from servanda.model.agreement import DraftStatus
from servanda.web import words
from servanda.web.language import translations
from servanda.web.marks import BREACH, DEPENDS, KEPT, PALE, PLAIN, Mark


def N_(message: str) -> str:  # noqa: N802  the usual name of what marks a message
    """A message that is translated where it is shown."""
    return message


# What the calendar of `servanda.report.edition.formats` says.
CALENDAR = (
    N_("deadlines"), N_("last day"), N_("Servanda makes assessments; only a body makes findings."),
)  # fmt: skip
# The name of a month stands within the whole message: other languages decline it.
DAYS = (
    N_("%(day)s January %(year)s"), N_("%(day)s February %(year)s"), N_("%(day)s March %(year)s"),
    N_("%(day)s April %(year)s"), N_("%(day)s May %(year)s"), N_("%(day)s June %(year)s"),
    N_("%(day)s July %(year)s"), N_("%(day)s August %(year)s"), N_("%(day)s September %(year)s"),
    N_("%(day)s October %(year)s"), N_("%(day)s November %(year)s"),
    N_("%(day)s December %(year)s"),
)  # fmt: skip
# Shape, word and tone of each state of `servanda.report.edition.states`.
STATES = {
    "not yet active": (N_("not yet active"), "inactive", PALE),
    "active": (N_("active"), "active", PLAIN),
    "no violation recorded": (N_("no violation recorded"), "kept", PLAIN),
    "not monitored": (N_("not monitored"), "nomon", PALE),
    "expectation not met": (N_("expectation not met"), "claimed", PALE),
    "overdue": (N_("overdue, no finding"), "overdue", PLAIN),
    "fulfilled": (N_("fulfilled"), "fulfilled", KEPT),
    "suspended": (N_("suspended"), "suspended", PLAIN),
    "cured": (N_("cured"), "cured", KEPT),
    "expired": (N_("expired"), "expired", PALE),
    "terminated": (N_("terminated"), "terminated", PLAIN),
    "depends on a reading": (N_("depends on a reading"), "depends", DEPENDS),
    "statement of principle": (N_("statement of principle"), "princ", PALE),
}
VIOLATIONS = {
    "alleged": (N_("violation alleged"), "alleged", BREACH),
    "found": (N_("violation found"), "found", BREACH),
    "decided": (N_("violation decided"), "decided", BREACH),
}
STATUSES: Mapping[str, str] = {
    DraftStatus.WORKING.value: N_("in drafting"),
    DraftStatus.TABLED.value: N_("tabled"),
    DraftStatus.INITIALLED.value: N_("initialled"),
    DraftStatus.AGREED.value: N_("agreed"),
    DraftStatus.SIGNED.value: N_("signed"),
    DraftStatus.RATIFIED.value: N_("ratified"),
    DraftStatus.IN_FORCE.value: N_("in force"),
    DraftStatus.PROVISIONALLY_APPLIED.value: N_("provisionally applied"),
    DraftStatus.REJECTED.value: N_("rejected"),
    DraftStatus.SUPERSEDED.value: N_("superseded"),
    DraftStatus.WITHDRAWN.value: N_("withdrawn"),
    DraftStatus.LAPSED.value: N_("lapsed"),
}
STANDARDS: Mapping[str, str] = dict(
    zip(
        GENERAL_STANDARDS,
        (
            N_("any claim: every record counts that was not taken back"),
            N_("corroborated: what independent speakers tell counts, or who stands accused"),
            N_("third party: the word of those counts who are no side"),
            N_("findings only: as corroborated; a violation also needs a finding of a body"),
        ),
        strict=True,
    )
)
OFFICES: Mapping[str, str] = {"secretariat": N_("secretariat"), "chair": N_("chair")}
# Countries whose parties are called by their usual name; in English as the agreement calls them.
COUNTRIES: Mapping[str, str] = {
    "UA": N_("the country UA"),
    "RU": N_("the country RU"),
    "US": N_("the country US"),
}


ALPHABET = " -abcdefghijklmnopqrstuvwxyzабвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя"
CYRILLIC = frozenset({"uk", "ru"})


@dataclass(frozen=True, slots=True)
class Text:
    """Words of an agreement, in a language that is not always the reader's."""

    words: str
    told_in: str

    @property
    def language(self) -> str:
        """As a screen reader should read it: plain words are often English whatever the text is."""
        latin = not any("\u0400" <= letter <= "\u04ff" for letter in self.words)
        return "en" if self.told_in in CYRILLIC and latin else self.told_in


@dataclass(frozen=True, slots=True)
class Speech:
    """One language; English is what the messages are written in."""

    language: str

    def say(self, message: str, **given: object) -> str:
        """A message in this language, with what is put in its places."""
        found = translations(self.language).gettext(message)
        return found % given if given else found

    def day(self, day: date | str) -> str:
        given = date.fromisoformat(day) if isinstance(day, str) else day
        return self.say(DAYS[given.month - 1], day=given.day, year=given.year)

    def on(self, at: int) -> str:
        """The day of an instant in seconds, by the time of the world."""
        return self.day(datetime.fromtimestamp(at, UTC).date())

    def span(self, first: str, last: str) -> str:
        return f"{self.day(first)} \N{EN DASH} {self.day(last)}"

    def number(self, count: int) -> str:
        """With the sign between thousands that the language has."""
        told = f"{count:,}"
        return told if self.language == "en" else told.replace(",", words.THIN)

    def state(self, state: str) -> Mark:
        word, shape, tone = STATES[state]
        return Mark(shape, self.say(word), tone)

    def violation(self, basis: str) -> Mark:
        word, shape, tone = VIOLATIONS[basis]
        return Mark(shape, self.say(word), tone)

    def status(self, status: str) -> str:
        return self.say(STATUSES[status])

    def standard(self, standard: str) -> str:
        return self.say(STANDARDS[standard])

    def office(self, role: str) -> str:
        """An office; the body for which a chair acts is called as the agreement calls it."""
        title, comma, body = role.partition(", ")
        return f"{self.say(OFFICES.get(title, title))}{comma}{body}"

    def unit(self, unit: str | None, name: str | None) -> str:
        """A unit of the base map by its usual name."""
        if unit is None:
            return self.say("in no unit of the map")
        usual = None if self.language == "en" else name_in(unit, self.language)
        return usual or name or unit

    def text(self, texts: Mapping[str, str]) -> Text:
        """In this language where the agreement has it, else in its own."""
        if self.language in texts:
            return Text(words.sentence(texts[self.language]), self.language)
        language, told = next(iter(texts.items()), ("en", ""))
        return Text(words.sentence(told), language)

    def party(self, name: str, country: str | None, language: str) -> Text:
        """A party by the usual name of its country, else as the agreement calls it."""
        if self.language != "en" and country is not None and country in COUNTRIES:
            return Text(self.say(COUNTRIES[country]), self.language)
        return Text(name, language)


def in_order(name: str) -> list[tuple[int, str]]:
    """By the alphabet, which is not that of the machine: є stands after е."""
    return [(ALPHABET.find(letter), letter) for letter in name.casefold()]


@cache
def speech(language: str) -> Speech:
    return Speech(language)
