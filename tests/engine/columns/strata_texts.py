"""Agreements of a few commitments that ask for each other's states, drawn at random."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

TOWNS = """\
agreement towns "Towns (HYPOTHETICAL)"
  zone Europe/Kyiv
  draft 2000-01-01
  status signed
  in force when 2000-01-01

party A
party B

"""
ACTS: tuple[dict[str, Any], ...] = (
    {"type": "attack", "args": {"by": "B", "on": "A"}},
    {"type": "enacts", "args": {"by": "A", "act": "answer"}},
    {"type": "repeals", "args": {"by": "A", "act": "answer"}},
    {"type": "enacts", "args": {"by": "B", "act": "repair"}},
    {"type": "repeals", "args": {"by": "B", "act": "repair"}},
    {"type": "lifts_sanctions", "args": {"by": "A", "on": "B", "class": "trade"}},
    {"type": "imposes_sanctions", "args": {"by": "A", "on": "B", "class": "trade"}},
)
NORMS = ("one", "two", "three")
_PATTERNS = (
    "attack by B on A",
    "enacts by A act answer",
    "repeals by A act answer",
    "enacts by B act repair",
    "lifts_sanctions by A on B",
    "in_force",
    "2000-01-04",
)
_STATES = (
    "active",
    "inactive",
    "suspended",
    "breached",
    "cured",
    "fulfilled",
    "expired",
    "terminated",
)
_STRICTLY_PAST = ("[1 hours, 30 hours]", "[1 days, *]")
_WINDOWS = (
    *_STRICTLY_PAST,
    "[2 hours, 2 hours]",
    "[0 hours, 48 hours]",
    "[0 hours, 0 hours]",
    "(0 hours, 9 hours]",
)
_patterns = st.sampled_from(_PATTERNS)


def _conditions(number: int) -> st.SearchStrategy[str]:
    """Conditions of one commitment: of those after it, only what was before can be asked for."""
    named = [st.builds("{} is {}".format, st.just(n), st.sampled_from(_STATES)) for n in NORMS]
    past = st.builds(
        "{} {} ({})".format,
        st.sampled_from(("once", "historically")),
        st.sampled_from(_STRICTLY_PAST),
        st.one_of(named),
    )
    atoms = st.one_of(_patterns, past, *named[:number])
    return st.one_of(
        atoms,
        st.builds("not ({})".format, atoms),
        st.builds("({}) and ({})".format, atoms, atoms),
        st.builds("({}) or ({})".format, atoms, atoms),
        st.builds("once {} ({})".format, st.sampled_from(_WINDOWS), atoms),
        st.builds("historically {} ({})".format, st.sampled_from(_WINDOWS), atoms),
        st.builds("for at least {} hours ({})".format, st.integers(0, 40), atoms),
    )


_deadlines = st.one_of(
    st.builds("by 2000-01-{:02}".format, st.integers(3, 25)),
    st.builds("within {} days of {}".format, st.integers(1, 4), _patterns),
    st.builds("within {} hours of START".format, st.integers(2, 60)),
    st.just("deadline unspecified"),
)
_CLAUSES = (
    ("until {}", 0.2),
    ("suspended while {}", 0.6),
    ("terminated when {}", 0.25),
    ("released when {}", 0.25),
    ("reopens when {}", 0.4),
    ("clock stops while {}", 0.3),
    ("clock stops while {} for at most 20 hours", 0.2),
    ("suspends OTHER when {}", 0.3),
    ("terminates OTHER when {}", 0.15),
)
_guards = st.builds("{} is {}".format, st.sampled_from(NORMS), st.sampled_from(_STATES))
_DUTIES = ("achieve", "achieve", "maintain", "not", "may")
_MOMENTARY = ("attack by B on A",)
_FORBIDDEN = ("attack by B on A", "repeals by A act answer", "imposes_sanctions by A on B")
_KIND = {"achieve": "obligation", "maintain": "obligation", "not": "prohibition", "may": "right"}


@st.composite
def _norm(draw: st.DrawFn, number: int) -> str:
    name, conditions = NORMS[number], _conditions(number)
    duty = draw(st.sampled_from(_DUTIES))
    acts = duty in ("not", "may")
    guarded = st.builds("{} and {}".format, st.sampled_from(_FORBIDDEN), _guards)
    what = draw(st.sampled_from(_FORBIDDEN) | guarded if acts else conditions)
    kind = "commitment" if not acts and draw(st.integers(0, 5)) == 0 else _KIND[duty]
    each = draw(st.booleans())
    # Nothing begins before the agreement is in force: there is no first of an endless past.
    begun = st.builds("in_force and ({})".format, conditions)
    start = draw(_patterns if each else st.just("in_force") | begun)
    lines = [
        f'{kind} {name} "{name}"',
        "  bearer A",
        f"  {duty} {what}",
        f"  from {'each ' * each}{start}",
    ]
    if duty == "achieve" or (duty == "maintain" and draw(st.booleans())):
        deadline = draw(_deadlines)
        lines.append("  " + deadline.replace("START", start))
        if draw(st.booleans()) and "unspecified" not in deadline:
            lines.append("  grace 1 days")
    for clause, often in _CLAUSES:
        later = NORMS[number + 1 :]
        if draw(st.floats(0, 1)) < often and (later or "OTHER" not in clause):
            # What reopens for as long as something lasts would be done and undone at each step.
            momentary = st.sampled_from(_MOMENTARY)
            line = clause.format(draw(momentary if "reopens" in clause else conditions))
            if "OTHER" in line:
                line = line.replace("OTHER", draw(st.sampled_from(later)))
            lines.append("  " + line)
    return "\n".join(lines) + "\n"


texts = st.tuples(*map(_norm, range(len(NORMS)))).map(lambda norms: TOWNS + "\n".join(norms))


def told(
    drawn: list[tuple[dict[str, Any], int, bool, str]], by_day: int = 1
) -> list[dict[str, Any]]:
    """Records some hours apart each, dated by instant or, each `by_day`th of those, by day."""
    at, rows = datetime(2000, 1, 2), []
    for number, (act, hours, coarse, source) in enumerate(drawn):
        at += timedelta(hours=hours)
        written = "%Y-%m-%d" if coarse and number % by_day == 0 else "%Y-%m-%dT%H:%M:%SZ"
        rows.append({"id": f"r{number}", "at": at.strftime(written), "source": source, **act})
    return rows
