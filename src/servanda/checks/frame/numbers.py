"""Numbers and dates in the words of a text, written in digits or in English words."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_WORDS = {
    **{word: number for number, word in enumerate(_SMALL)},
    **_TENS,
    "hundred": 100,
    "half": 50,
    "equally": 50,
    "equal": 50,
    "fortnight": 14,
}
_ORDINALS = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "tenth": 10,
}
_TIMES = {"thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def ordinals_in(text: str) -> frozenset[Decimal]:
    """Ordinals in a text, as the numbers that they count to."""
    words = re.findall(r"[a-z]+", text.lower())
    return frozenset(Decimal(_ORDINALS[word]) for word in words if word in _ORDINALS)


def numbers_in(text: str) -> frozenset[Decimal]:
    """Numbers in a text, written in digits or words; “100 billion” is one number."""
    plain = text.lower()
    found: set[Decimal] = set()
    unit = "|".join(_TIMES)
    for m in re.finditer(rf"(\d[\d,_ \u00a0]*(?:\.\d+)?)\s*({unit})?", plain):
        digits = re.sub(r"[,_ \u00a0]", "", m[1])
        if digits:
            number = Decimal(digits)
            found.add(number * _TIMES[m[2]] if m[2] else number)
            found |= (
                {Decimal(p) for p in re.findall(r"\d+", m[1])} if " " in m[1].strip() else set()
            )
    words = re.findall(r"[a-z]+", plain)
    for index, word in enumerate(words):
        if word in _WORDS:
            number = Decimal(_WORDS[word])
            following = words[index + 1] if index + 1 < len(words) else ""
            if word in _TENS and following in _SMALL[1:10]:
                found.add(number + _WORDS[following])
            if following == "hundred" and number < 10:
                number *= 100
                following = words[index + 2] if index + 2 < len(words) else ""
            if following in _TIMES:
                number *= _TIMES[following]
            found.add(number)
    return frozenset(found)


def dates_in(text: str) -> frozenset[date]:
    found: set[date] = set()
    for m in re.finditer(r"\b(\d{4})-(\d\d)-(\d\d)\b", text):
        found.update(_date(int(m[1]), int(m[2]), int(m[3])))
    months = "|".join(_MONTHS)
    for m in re.finditer(rf"\b(\d{{1,2}}) ({months}) (\d{{4}})\b", text):
        found.update(_date(int(m[3]), _MONTHS.index(m[2]) + 1, int(m[1])))
    for m in re.finditer(rf"\b({months}) (\d{{1,2}}), (\d{{4}})\b", text):
        found.update(_date(int(m[3]), _MONTHS.index(m[1]) + 1, int(m[2])))
    return frozenset(found)


def _date(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
