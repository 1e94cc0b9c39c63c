"""What the mutation exam alters: one thing at a time in a clean agreement.

Each operator says which checks are to catch it (`right`: one of them has to warn) and which others
may rightly warn as well (`also`), because the alteration has consequences there: a deadline that is
struck leaves a number in the words that no norm says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import mutants

FOLDER = Path(__file__).parent / "clean"
NAMES = ("ceasefire", "river")
TEXT, DEADLINES, MONEY = "text_and_norms", "deadlines", "money"
LATER = "dead_norms cheap_breach guarantee snapback"  # what waits for something that never comes


@dataclass(frozen=True, slots=True)
class Mutant:
    agreement: str
    operator: str
    what: str
    text: str
    right: frozenset[str]
    also: frozenset[str]


@dataclass
class Maker:
    """A clean agreement, and mutants of it."""

    name: str
    text: str = ""
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = text_of(self.name)
        self.lines = self.text.split("\n")

    def made(
        self, operator: str, what: str, lines: list[str], right: str, also: str = ""
    ) -> Mutant:
        checks = frozenset(right.split()), frozenset(also.split())
        return Mutant(self.name, operator, what, "\n".join(lines), *checks)

    def put(self, start: int, end: int, *new: str) -> list[str]:
        """The lines with some of them replaced."""
        return [*self.lines[:start], *new, *self.lines[end:]]

    def altered(self, clause: mutants.Clause, *new: str) -> list[str]:
        return self.put(clause.start, clause.end, *(f"  {one}" for one in new))


def text_of(name: str) -> str:
    return (FOLDER / name / "agreement.md").read_text(encoding="utf-8")


def everything(name: str) -> Iterator[Mutant]:
    """All mutants of a clean agreement, in the order of the text."""
    m = Maker(name)
    for clause in mutants.clauses(m.text):
        for operator in (
            _clocks,
            _whose,
            _begins,
            _shown,
            _decided,
            _numbers,
            _dates,
            _actors,
            _currencies,
        ):
            yield from operator(m, clause)
    yield from _forbidden_too(m)
    yield from _limits_crossed(m)
    for number, line in enumerate(m.lines):
        if line.startswith("## "):
            break
        for declared in (_rules, _counts, _commitments, _heads):
            yield from declared(m, number, line)
    yield from _provisions(m)


# --- clauses of norms -----------------------------------------------------------------------------


def _clocks(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    where = f"{clause.norm}: {clause.text}"
    if clause.keyword in ("within", "by", "every"):
        also = f"{TEXT} {LATER} outside_law"  # law that asks for no delay
        yield m.made("deadline struck", where, m.altered(clause), DEADLINES, also)
        changed = m.altered(clause, "deadline unspecified")
        yield m.made("deadline open", where, changed, DEADLINES, also)
    if clause.keyword == "within" and " days of " in clause.text:
        changed = m.altered(clause, clause.text.replace(" days of ", " months of "))
        yield m.made("days to months", where, changed, DEADLINES)


def _whose(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    effect = any(line.startswith(f"effect {clause.norm} ") for line in m.lines)
    if clause.keyword == "bearer" and not effect:
        also = f"{TEXT} conflict order_of_concessions guarantee unverifiable space"
        changed = m.altered(clause, "bearer unspecified")
        yield m.made("bearer open", f"{clause.norm}", changed, "outsiders institutions", also)


def _begins(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    where = f"{clause.norm}: {clause.text}"
    if clause.keyword == "from":
        yield m.made("begin struck", where, m.altered(clause), DEADLINES, f"{TEXT} {LATER}")
        changed = m.altered(clause, f"from {clause.norm} is active")
        yield m.made(
            "waits for itself", where, changed, "circular_prerequisites", f"{TEXT} {LATER}"
        )


def _shown(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    where = f"{clause.norm}: {clause.text}"
    if clause.keyword == "shown":
        yield m.made("verifier struck", where, m.altered(clause), "unverifiable", TEXT)
    if clause.keyword == "notwithstanding":
        yield m.made("priority struck", where, m.altered(clause), "space conflict")


def _decided(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    where = f"{clause.norm}: {clause.text}"
    if clause.keyword == "decided":
        for new in ([], ["decided by unspecified"], ["decided by Court"]):
            what = f"{where} → {''.join(new) or 'struck'}"
            also = f"snapback dead_norms {TEXT}"
            yield m.made("decider", what, m.altered(clause, *new), "guarantee", also)
    if clause.keyword == "terminates":
        changed = m.altered(clause, f"{clause.text} decided by unspecified")
        yield m.made("snapback undecided", where, changed, "snapback")


_NOT_NUMBERS = re.compile(r"\d{4}-\d\d-\d\d|\b[ab]\d+\.")


def _numbers(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    also = "deadlines money cheap_breach conflict guarantee"
    plain = _NOT_NUMBERS.sub(lambda found: " " * len(found[0]), clause.text)
    for found in re.finditer(r"\b(\d[\d_]*)\b", plain):
        number = int(found[1].replace("_", ""))
        if number < 3:
            continue
        for other in (number * 2, number + 7, number + 11, max(3, number // 3), number * 10):
            text = clause.text[: found.start()] + str(other) + clause.text[found.end() :]
            what = f"{clause.norm}: {clause.text} → {other}"
            yield m.made("number", what, m.altered(clause, text), TEXT, also)


def _dates(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    for found in re.finditer(r"\d{4}-\d\d-\d\d", clause.text):
        for day in ("2027-03-31", "2026-05-05", "2028-02-29"):
            changed = m.altered(clause, clause.text.replace(found[0], day))
            what = f"{clause.norm}: {clause.text} → {day}"
            yield m.made("date", what, changed, TEXT, "money deadlines")


_COLLECTIVE = re.compile(r"\b(each|both|either|neither|every|parties|sides)\b", re.IGNORECASE)
_NAMING = ("bearer", "toward", "achieve", "maintain", "not", "may", "beneficiary")


def _actors(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    """An actor changed to one whom the words of the provision do not name."""
    titles = dict(re.findall(r'^party (\w+) "([^"]+)"', m.text, re.MULTILINE))
    words = _words_of(m.text, clause.norm)
    if clause.keyword not in _NAMING or _COLLECTIVE.search(words):
        return
    also = "money cheap_breach guarantee institutions snapback terms unverifiable dead_norms"
    for found in re.finditer(r"\b(" + "|".join(titles) + r")\b", clause.text):
        for other, title in titles.items():
            if other in clause.text or title in words:
                continue
            text = clause.text[: found.start()] + other + clause.text[found.end() :]
            what = f"{clause.norm}: {clause.text} → {other}"
            yield m.made("actor", what, m.altered(clause, text), TEXT, also)


def _words_of(text: str, norm: str) -> str:
    provision = norm.split(".", maxsplit=1)[0]
    found = re.search(rf"^## {provision}\. (.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _currencies(m: Maker, clause: mutants.Clause) -> Iterator[Mutant]:
    if " EUR" in clause.text and re.search(r"(into|fund) (Rebuilding|Weir)", clause.text):
        changed = m.altered(clause, clause.text.replace(" EUR", " USD"))
        yield m.made("currency", f"{clause.norm}: {clause.text}", changed, MONEY, "cheap_breach")


# --- norms added ----------------------------------------------------------------------------------


def _clauses_of(m: Maker) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for clause in mutants.clauses(m.text):
        found.setdefault(clause.norm, {})[clause.keyword] = clause.text
    return found


def _forbidden_too(m: Maker) -> Iterator[Mutant]:
    """The very act that a norm demands, forbidden to the same bearer from the start."""
    by_norm = _clauses_of(m)
    eyes = "Observers" if "Observers" in m.text else "River_Commission"
    for norm, (_, end) in mutants.blocks(m.text).items():
        act = by_norm.get(norm, {}).get("achieve", "")
        if not act or any(word in act for word in (" of amount", "outstanding", " and ")):
            continue
        ban = ["", f"prohibition {norm}_not", f"  {by_norm[norm]['bearer']}"]
        ban += [f"  not {act.removeprefix('achieve ')}", "  from in_force", f"  shown by {eyes}"]
        also = f"{TEXT} snapback guarantee dead_norms"
        yield m.made("forbidden too", norm, m.put(end, end, *ban), "conflict", also)


_CROSSING = {
    "a8.guards": "guards of bearer at least 300 people",
    "b1.flow": "flow of Source at most 30 percent",
}


def _limits_crossed(m: Maker) -> Iterator[Mutant]:
    by_norm = _clauses_of(m)
    for norm, (_, end) in mutants.blocks(m.text).items():
        if norm in _CROSSING:
            own = by_norm[norm]
            added = [
                "",
                f"obligation {norm}_too",
                f"  {own['bearer']}",
                f"  maintain {_CROSSING[norm]}",
            ]
            added += [f"  {own['from']}", f"  {own['shown']}"]
            yield m.made("limits crossed", norm, m.put(end, end, *added), "conflict", TEXT)


# --- declarations ---------------------------------------------------------------------------------

_RIGHT = {
    "members": "institutions",
    "quorum": "institutions",
    "vote": "institutions",
    "evidence": "institutions",
    "appeal": "institutions",
    "competent": "breach_without_consequence",
    "release by": "money",
    "on close to": "money",
    "as of": "space",
    "decided by": "terms",
}
_ALSO = {
    "vote": f"breach_without_consequence money {LATER}",
    "competent": f"institutions {LATER}",
    "members": "snapback",
}


def _rules(m: Maker, number: int, line: str) -> Iterator[Mutant]:
    """Rules of institutions, funds, terms and zones: struck, and left open."""
    for key, right in _RIGHT.items():
        if line.startswith(f"  {key} "):
            also = _ALSO.get(key, "")
            what = f"line {number + 1}: {line.strip()}"
            yield m.made(f"{key} struck", what, m.put(number, number + 1), right, also)
            if key != "competent":
                changed = m.put(number, number + 1, f"  {key} unspecified")
                yield m.made(f"{key} open", what, changed, right, also)


def _counts(m: Maker, number: int, line: str) -> Iterator[Mutant]:
    """Quorums, seats and thresholds altered."""
    changes: list[tuple[str, str, str]] = []
    if line.startswith("  quorum "):
        changes = [("quorum", f"  quorum {n}", "institutions") for n in (9, 12)]
    elif re.match(r"  vote \d", line):
        changes = [("vote", f"  vote {n}", "institutions") for n in ("3 of 5", "4 of 7")]
    elif line.startswith("  begins when "):
        numbers = ("2_000", "1_007", "500", "10_000", "300")
        changes = [("threshold", line.replace("1_000", n), TEXT) for n in numbers]
    for operator, altered, right in changes:
        changed = m.put(number, number + 1, altered)
        yield m.made(operator, f"{line.strip()} → {altered.strip()}", changed, right)


def _commitments(m: Maker, number: int, line: str) -> Iterator[Mutant]:
    words = line.split()
    if line.startswith("  commitment "):
        changes = [
            [*words[:2], amount, *words[3:]] for amount in ("50_000", "9_000_000", "unspecified")
        ]
        changes += [[*words[:3], "by", due] for due in ("2027-06-30", "unspecified")]
        for change in changes:
            changed = m.put(number, number + 1, "  " + " ".join(change))
            yield m.made(
                "commitment", f"{line.strip()} → {' '.join(change)}", changed, MONEY, DEADLINES
            )
    if line.startswith("  profit "):
        for share in ("80", "20"):
            changed = m.put(number, number + 1, re.sub(r"\d+", share, line))
            yield m.made("profit", f"{line.strip()} → {share}", changed, MONEY)


def _heads(m: Maker, number: int, line: str) -> Iterator[Mutant]:
    if line.startswith("  zone Europe"):
        yield m.made("time zone struck", line.strip(), m.put(number, number + 1), DEADLINES)
    if line.startswith("party "):
        also = f"institutions outside_law snapback breach_without_consequence {TEXT}"
        changed = m.put(number + 1, number + 1, "  not a signatory")
        yield m.made("does not sign", line, changed, "outsiders", also)


# --- provisions -----------------------------------------------------------------------------------

_TOPICS = ("a4", "a5", "a7", "a12")
_WITHOUT_NORMS = ("a4", "a5", "a7", "a8", "b1", "b5")


def _provisions(m: Maker) -> Iterator[Mutant]:
    """A provision struck that guidance asks for; the norms of one struck, its words left."""
    starts = [i for i, line in enumerate(m.lines) if line.startswith("## ")]
    for start, end in zip(starts, [*starts[1:], len(m.lines)], strict=True):
        identity = m.lines[start][3:].split(".")[0]
        if identity in _TOPICS:
            yield m.made("topic struck", m.lines[start], m.put(start, end), "silent_on", "terms")
        if identity in _WITHOUT_NORMS:
            fence = next(i for i in range(start, end) if m.lines[i].startswith("```servanda"))
            also = f"terms silent_on {LATER}"
            yield m.made("norms struck", m.lines[start], m.put(fence, end, ""), TEXT, also)
