"""An evidence standard of one's own: what must vouch for an occurrence so that it counts.

A rule is plain data.  `written` gives its canonical text, which reads back as the same rule; what
it means is told in evidence/weighing.py, and for people in docs/evidence-standards.md.
"""

from dataclasses import dataclass

# Who speaks, and in what position; `party:X`, `source:X` and `kind:X` name somebody.
TRAITS = (
    *("source", "third_party", "actor", "actor_side", "adverse", "admission"),
    *("monitor", "mission", "body", "mandated"),
    *("verified", "declared", "acknowledged", "found", "rejected"),
)
NAMING = ("party", "source", "kind")
# How something was observed (vocabulary, `observed_how`).
MEANS = (
    *("seen", "heard", "camera", "uav", "satellite", "site_visit", "crater_analysis"),
    *("document", "told"),
)
ROLES = ("offending", "fulfilling")
BUILT_IN = ("any_claim", "corroborated", "third_party")


@dataclass(frozen=True, slots=True)
class Trait:
    """One of some words is true of a voice, or, negated, none of them."""

    words: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Voices of which all traits are true, and that observed by one of some means, if any."""

    traits: tuple[Trait, ...]
    how: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """So many different speakers; `independent`: of different origin, no two of one side.

    `including` asks that so many of those who are counted are of a further kind.
    """

    number: int
    who: Who
    independent: bool = False
    including: tuple[int, Who] | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """The records themselves are chosen: those of some voices count, the others do not."""

    who: Who


@dataclass(frozen=True, slots=True)
class Named:
    """A standard that is built in."""

    name: str


@dataclass(frozen=True, slots=True)
class InRole:
    """What the occurrence is used for: as an offending or as a fulfilling act."""

    role: str


@dataclass(frozen=True, slots=True)
class Not:
    body: "Rule"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of several rules."""

    number: int
    parts: tuple["Rule", ...]


Rule = Count | Only | Named | InRole | Not | All | Any | AtLeast


@dataclass(frozen=True, slots=True)
class Standard:
    """A rule, and whether a breach needs a standing finding besides."""

    rule: Rule
    with_findings: bool = False

    @property
    def text(self) -> str:
        """The canonical text."""
        return written(self.rule) + (" with findings" if self.with_findings else "")


def written(rule: Rule) -> str:
    """The canonical text of a rule."""
    match rule:
        case Count(number, who, independent, including):
            more = "" if including is None else f" including {_counted(*including)}"
            return _counted(number, who, "independent " if independent else "") + more
        case Only(who):
            return f"only {_who(who)}"
        case Named(name):
            return name
        case InRole(role):
            return role
        case Not(body):
            return f"not {_within(body)}"
        case All(parts):
            return " and ".join(map(_within, parts))
        case Any(parts):
            return " or ".join(map(_within, parts))
        case AtLeast(number, parts):
            return f"at least {number} of ({', '.join(map(written, parts))})"


def _within(rule: Rule) -> str:
    return f"({written(rule)})" if isinstance(rule, All | Any) else written(rule)


def _counted(number: int, who: Who, before: str = "") -> str:
    return f"{number} {before}{_who(who, many=number > 1)}"


def _who(who: Who, many: bool = False) -> str:
    said = " ".join(_trait(one, many) for one in who.traits)
    return f"{said} how {_choice(who.how)}" if who.how else said


def _trait(trait: Trait, many: bool) -> str:
    words = tuple("sources" if many and word == "source" else word for word in trait.words)
    return ("not " if trait.negated else "") + _choice(words)


def _choice(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{{{', '.join(words)}}}"
