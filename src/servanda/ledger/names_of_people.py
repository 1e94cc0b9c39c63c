"""Recognises text that seems to name a person, or a way to reach one.

In: a text.  Out: whether it seems so.  Words are looked at one by one with their neighbours, so
that the time is that of reading; nothing is looked up but lists of given names, of words beside
names, and the towns and units of the base map.  docs/do-no-harm.md says what this cannot see.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from servanda.ledger.people_words import given_names, words

LONGEST = 40  # letters of a word that may be a name
# Of a word in small letters.  Cyrillic ones may be declined.
_PATRONYMIC = re.compile(
    r".{2,}(?:(?:[оеє]вич|йович|ьович)(?:а|у|ем|ом|ові|еві|і|е)?"
    r"|(?:івн|ївн|овн|евн)(?:а|и|і|у|ою|ы|е|ой)"
    r"|[oe]vych|[oe]vich|[iy]ovych|ivna|yivna|ovna|evna)"
)
_SURNAME = re.compile(
    r".{2,}(?:енко|enko|(?:чук|щук|нюк|цюк)(?:а|у|ом|ові|ем)?|chuk|shchuk|niuk|nyuk)"
)
# Only beside an initial: places end so as well.
_LIKE_A_SURNAME = re.compile(
    r".{2,}(?:енко|enko|ук|юк|uk|ський|ська|цький|цька|ский|ская|цкий|цкая|sk[yi]i?|tsk[yi]i?|skaya|ska"
    r"|[оеє]в|[оеє]ва|[иі]н|[иі]на|[oe]va?|yeva?|[iy]na?|ан|ян|ko|ич|ych|ich|son)"
)
_ENDINGS = (
    "",
    "а",
    "у",
    "ом",
    "ем",
    "ові",
    "еві",
    "я",
    "ю",
    "єм",
    "и",
    "і",
    "ы",
    "ой",
    "ою",
    "ей",
    "е",
)
_AGED = re.compile(
    r",?\s*(?:aged?\s+\d{1,3}\b|\(?(?:born|b\.|нар\.|род\.)|\(\d{1,3}\)|"
    r"\d{1,3}\s*(?:years? old|y\.o|рок|рік|лет|год))",
    re.I,
)
_YEARS_OLD = re.compile(r"\b\d{1,3}[- ](?:year-old|річн\w{2,3}|летн\w{2,3})\s", re.I)
_BORN = re.compile(
    r"\b\d{4}\s?(?:р\.\s?н\b|г\.\s?р\b|року народження|года рождения)"
    r"|\bd\.?o\.?b\.?\s?:?\s?\d|\bborn\s(?:on\s)?\d{1,2}[. ]",
    re.I,
)
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d[\d ()-]{8,25}\d|0\d{2}[ -]\d{3}[ -]?\d{2}[ -]?\d{2}"
    r"|8[ -]?\(?\d{3}\)?[ -]\d{3}[ -]?\d{2}[ -]?\d{2})(?![\w])"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    before: str  # what stands between it and the word before

    @property
    def low(self) -> str:
        return self.text.casefold()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and len(self.text) <= LONGEST

    @property
    def name(self) -> bool:
        """Whether it may be part of a person's name: a capital, and no word for something else."""
        plain = (
            len(self.text) > 1
            and self.low not in words("not people")
            and self.low not in words("titles")
        )
        short = len(self.text) < 5 and self.text.isupper()  # an abbreviation
        return self.capital and plain and not short


def names_a_person(text: str) -> bool:
    """Whether a text seems to name a person or a way to reach one."""
    at = text.find("@")
    while at >= 0:
        if _MAIL.search(text, max(0, at - 64), at + 66):
            return True
        at = text.find("@", at + 1)
    if _PHONE.search(text) or _BORN.search(text):
        return True
    row = list(_words(text))
    return any(_person_at(row, n, text) for n in range(len(row))) or _years_old(row, text)


def _words(text: str) -> Iterator[_Word]:
    end = 0
    for found in _WORD.finditer(text):
        yield _Word(found[0], found.start(), found.end(), text[end : found.start()])
        end = found.end()


def _person_at(row: Sequence[_Word], n: int, text: str) -> bool:
    """Whether a person's name begins at a word, or is all of it."""
    word = row[n]
    after = row[n + 1] if n + 1 < len(row) else None
    if after is not None and word.low in words("titles") and re.fullmatch(r"\.?\s+", after.before):
        if after.name and not _place(after):
            return True
    if not word.capital:
        return False
    if _after(row, n, words("named after")):
        return False
    if _PATRONYMIC.fullmatch(word.low) and not _place(word):
        return True
    if _SURNAME.fullmatch(word.low) and not _place(word) and not _of_a_place(row, n):
        return True
    return _initials(row, n) or _two(row, n, text)


def _two(row: Sequence[_Word], n: int, text: str) -> bool:
    """Two words with capitals side by side: one a given name, or an age behind them."""
    if n + 1 >= len(row):
        return False
    one, other = row[n], row[n + 1]
    beside = re.fullmatch(r"[\s_]+|,\s", other.before) is not None
    if not (beside and one.name and other.name):
        return False
    if _place(one, other) or (_place(one) and _place(other)):
        return False
    if n + 2 < len(row) and row[n + 2].low in words("not people") and row[n + 2].before.isspace():
        return False
    given = _given(one) or _given(other)
    return given or ("," not in other.before and _AGED.match(text, other.end) is not None)


def _years_old(row: Sequence[_Word], text: str) -> bool:
    """“34-year-old” and then two words with capitals."""
    starts = [w.start for w in row]
    for found in _YEARS_OLD.finditer(text):
        at = bisect_left(starts, found.end())
        following = row[at : at + 3]
        names = [w.name and not _place(w) for w in following]
        if any(a and b for a, b in pairwise(names)):
            return True
    return False


def _initials(row: Sequence[_Word], n: int) -> bool:
    """`O. P. Surname`, `Surname O. P.`, and one initial beside what is formed like a surname."""
    near = row[n : n + 3]
    dots = [w.before for w in near[1:]]
    single = [len(w.text) == 1 and w.capital for w in near]
    if (
        single[:2] == [True, True]
        and len(near) == 3
        and all(re.fullmatch(r"\.\s?", d) for d in dots)
    ):
        abbreviation = (near[0].text + near[1].text).casefold() in words("not initials")
        return near[2].name and not abbreviation
    if single == [False, True, True] and near[0].name:
        return dots[0].isspace() and re.fullmatch(r"\.\s?", dots[1]) is not None
    if len(near) > 1 and single[0] and re.fullmatch(r"\.\s?", dots[0]) and near[1].name:
        return _LIKE_A_SURNAME.fullmatch(near[1].low) is not None and not _place(near[1])
    return False


def _given(word: _Word) -> bool:
    names, low = given_names(), word.low
    if low.isascii() or low in names:
        return low in names
    for ending in _ENDINGS:
        stem = low.removesuffix(ending) if ending and low.endswith(ending) else None
        if stem and any(
            stem + end in names for end in ("", "а", "я", "о", "й", "ь", "ій", "ия", "ія")
        ):
            return True
    return False


def _after(row: Sequence[_Word], n: int, listed: frozenset[str]) -> bool:
    """Whether one of the two words before is one of a list."""
    before = row[max(0, n - 2) : n]
    return any(w.low in listed for w in before) and not any("," in w.before for w in before[1:])


def _of_a_place(row: Sequence[_Word], n: int) -> bool:
    """Whether a surname alone is told of as a place: “near Shevchenko”, “Shevchenko raion”."""
    if n and row[n - 1].low in words("where"):
        return True
    return n + 1 < len(row) and row[n + 1].low in words("not people")


def _place(*words: _Word) -> bool:
    """Whether the words are a town or unit of the base map, in a spelling that it knows."""
    from servanda.geo.gazetteer import folded, standard

    return folded(" ".join(w.text for w in words)) in standard().spellings
