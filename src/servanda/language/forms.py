"""The clauses of each declaration: their keywords, in canonical order, and what each looks like.

The table serves three ends: the first words of a line are looked up here before it is parsed, an
error shows the form that was expected, and the formatter orders clauses as they are listed.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Form:
    """`keyword` opens the line; `usage` shows it whole; `many` says that it may come again."""

    keyword: str
    usage: str
    many: bool = False


def _forms(*rows: str) -> tuple[Form, ...]:
    """Rows read `keyword | usage`; a star before the keyword allows it more than once."""
    forms = []
    for row in rows:
        keyword, _, usage = (part.strip() for part in row.partition("|"))
        forms.append(Form(keyword.lstrip("*"), usage, keyword.startswith("*")))
    return tuple(forms)


NORM_KINDS = (
    "obligation",
    "prohibition",
    "permission",
    "right",
    "power",
    "immunity",
    "commitment",
    "principle",
    "guarantee",
    "effect",
    "rule",
    "staged",
)

HEADS = _forms(
    '*agreement | agreement some-id "its title"',
    '*include | include "annex.md"',
    '*party | party NAME "title"',
    '*group | group NAME "title"',
    '*body | body NAME "title"',
    '*holding | holding NAME "title"',
    "*place | place NAME 55.75 37.61",
    '*zone | zone NAME from "zones.geojson#feature"',
    '*line | line NAME from "zones.geojson#feature"',
    '*measure | measure NAME "title" in people',
    '*tally | tally NAME "title" by {category, category}',
    '*term | term NAME "what it is about"',
    '*record | record NAME "what happens"',
    '*fund | fund NAME "title" in USD',
    '*institution | institution NAME "title"',
    "*define | define name(a, b) as CONDITION",
    "*state | state name(a, b)",
    '*provision | provision p1 "title"',
    *(f'*{kind} | {kind} p1.name "in plain words"' for kind in NORM_KINDS),
    '*interpretation | interpretation some-id by NAME "text"',
    '*side letter | side letter some-id by NAME "text"',
    '*annex | annex some-id "text"',
)

_LEFT_OPEN = 'left open on purpose | left open on purpose "why"'
_NOTE = '*note | note "text"'
_TRANSLATION = '*translation | translation uk not authentic "the words in another language"'
_DESCENT = "*descends from | descends from some-draft p1, p2.name"
_SOURCE = '*source | source WITNESS paragraph 3 digest "1a863c7556d33a88"'

PROVISION = _forms(
    '*text | text "the words of the provision"',
    _TRANSLATION,
    '*bracket | bracket "whose" "wording" reads READING',
    "norms left for later | norms left for later",
    _LEFT_OPEN,
    'not public | not public "why"',
    _DESCENT,
    '*drops | drops some-draft p3, p4.name "why"',
    _SOURCE,
)

_ONCE_NOTE = 'note | note "text"'

CLAUSES: dict[str, tuple[Form, ...]] = {
    "header": _forms(
        "zone | zone Europe/Paris",
        "draft | draft 2025-11-20",
        "status | status tabled",
        "languages | languages en, uk",
        "authentic | authentic en, uk",
        "in force when | in force when CONDITION",
        "days | days exclude the first, or: days include the first",
        "months | months end on the last day, or: months run into the next",
        'incomplete | incomplete "why"',
    ),
    "provision": PROVISION,
    "actor": _forms(
        "side | side",
        "country | country FR",
        "open | open",
        "members | members {A, B}",
        "voice | voice {A, B}",
        "not a signatory | not a signatory",
        _ONCE_NOTE,
    ),
    "place": _forms(_ONCE_NOTE),
    "zone": _forms(
        "schematic | schematic", "as of | as of 2025-11-20, or: as of unspecified", _ONCE_NOTE
    ),
    "term": _forms(
        "inert | inert",
        '*reading | reading NAME "note": VALUE or CONDITION',
        "decided by | decided by NAME, or: decided by unspecified",
        "until decided read as | until decided read as READING",
        _LEFT_OPEN,
        _ONCE_NOTE,
    ),
    "record": _forms(
        "*arg | arg NAME actor, with: many, optional, one of {a, b}",
        "actor | actor ARGUMENT",
        "identified by | identified by {argument, argument}",
        "declared by | declared by ARGUMENT, or: declared by each ARGUMENT",
        "*ends by | ends by TYPE with {argument, argument}",
        "event | event",
        "alone | alone",
    ),
    "fund": _forms(
        "*commitment | commitment NAME 100_000 by 2026-01-31, or: by unspecified",
        "spend only on | spend only on {purpose, purpose}",
        "release by | release by BODY, or: release by unspecified",
        "*profit | profit 50 percent to NAME",
        "on close to | on close to NAME, or: on close to unspecified",
        _ONCE_NOTE,
    ),
    "institution": _forms(
        "chair | chair NAME, or: chair unspecified",
        "members | members {A, B}, or: members unspecified",
        "quorum | quorum 4, or: quorum unspecified",
        "vote | vote 5 of 7, or: majority of members, consensus, silence 72 hours, co_chairs",
        "casting vote | casting vote NAME, or: casting vote unspecified",
        "own rules | own rules",
        "evidence | evidence STANDARD, or: evidence unspecified",
        "complaints by | complaints by {A, B}, or: complaints by unspecified",
        "hears after | hears after BODY",
        "acknowledges within | acknowledges within 3 days, or: acknowledges within unspecified",
        "notice within | notice within 5 days, or: notice within unspecified",
        "reply within | reply within 14 days, or: reply within unspecified",
        "joint verification by | joint verification by {A, B}, or: by unspecified",
        "severity | severity {minor, grave}, or: severity unspecified",
        "appeal | appeal BODY within 30 days with suspensive effect, or: appeal unspecified",
        "competent for | competent for {norm, norm}, or: competent for everything else",
        "established by | established by NORM",
        "decides terms | decides terms {term, term}",
        _ONCE_NOTE,
    ),
    "state": _forms("begins when | begins when CONDITION", "ends when | ends when CONDITION"),
    "norm": _forms(
        "*for each | for each x in {A, B} and where TYPE argument x",
        "bearer | bearer A, B, or: bearer each of {A, B}, or: bearer unspecified",
        "toward | toward A, or: toward the other",
        "beneficiary | beneficiary A",
        "not a signatory | not a signatory",
        "exists when | exists when CONDITION",
        "*list | list NAME {A, B}, or: list NAME unspecified",
        "achieve | achieve CONDITION",
        "maintain | maintain CONDITION",
        "not | not CONDITION",
        "may | may CONDITION",
        "from | from CONDITION, or: from each CONDITION",
        "within | within 30 days of CONDITION, or: of receipt of CONDITION",
        "by | by 2026-01-31",
        "deadline | deadline unspecified",
        "grace | grace 5 days, or: grace unspecified",
        "every | every 30 days, or: every unspecified",
        "until | until CONDITION",
        "*trigger | trigger CONDITION",
        '*lapses when | lapses when CONDITION via "name"',
        "*clock stops while | clock stops while CONDITION for at most 30 days",
        "*suspended while | suspended while CONDITION",
        "*terminated when | terminated when CONDITION",
        "*released when | released when CONDITION",
        "*reopens when | reopens when CONDITION",
        "on breach cure within | on breach cure within 30 days",
        '*step | step NAME "text" after 10 days suspends NORM decided by BODY',
        "*otherwise | otherwise suspends NORM decided by BODY for at most 90 days",
        "*suspends | suspends NORM when CONDITION",
        "*terminates | terminates NORM when CONDITION",
        "*lapses | lapses NORM when CONDITION",
        "upon finding of | upon finding of breach",
        "decided by | decided by NAME, or: decided by unspecified",
        "strength | strength political when TERM is READING",
        "subject to | subject to NORM, NORM",
        "notwithstanding | notwithstanding NORM, NORM",
        "shown by | shown by NAME, NAME",
        '*open | open FIELD "why it matters"',
        '*reservation by | reservation by NAME "text"',
        _LEFT_OPEN,
        _NOTE,
        _DESCENT,
        _SOURCE,
        _TRANSLATION,
    ),
}
CLAUSES["measure"] = CLAUSES["tally"] = CLAUSES["define"] = ()
CLAUSES["statement"] = CLAUSES["include"] = CLAUSES["of_provision"] = ()

# Consequences keep the order in which they are written, whatever their verbs.
SAME_RANK = {"terminates": "suspends", "lapses": "suspends"}


@cache
def _pattern(keyword: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, keyword.split())) + r"(?![\w.])")


@cache
def _longest_first(context: str) -> tuple[Form, ...]:
    forms = HEADS + PROVISION if context == "head" else CLAUSES[context]
    return tuple(sorted(forms, key=lambda form: -len(form.keyword)))


@cache
def _by_first_word(context: str) -> dict[str, tuple[Form, ...]]:
    table: dict[str, tuple[Form, ...]] = {}
    for form in _longest_first(context):
        word = form.keyword.split()[0]
        table[word] = (*table.get(word, ()), form)
    return table


_WORD = re.compile(r"[^\s\[({\":,]+")


def form_of(context: str, text: str) -> Form | None:
    """The form whose keyword opens `text` in this context."""
    word = _WORD.match(text)
    if word is None:
        return None
    for form in _by_first_word(context).get(word.group(), ()):
        if _pattern(form.keyword).match(text):
            return form
    return None


def contexts_of(text: str) -> tuple[str, ...]:
    """The kinds of declaration that have a clause opening like `text`."""
    return tuple(context for context in CLAUSES if CLAUSES[context] and form_of(context, text))


@cache
def rank(context: str, keyword: str) -> int:
    """The place of a clause in the canonical order."""
    keyword = SAME_RANK.get(keyword, keyword)
    return next((i for i, f in enumerate(CLAUSES[context]) if f.keyword == keyword), 999)
