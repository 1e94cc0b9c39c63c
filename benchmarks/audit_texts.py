"""Texts of many commitments for `benchmarks.audit`: four shapes, each hard for another reason.

- generated: chains, bans, limits and payments among eight parties, some of them faulty
- chained: each commitment waits for the one before, so that most are far away
- disputed: twenty terms with three readings each, and bans that wait for each other in rings
- copied: a bundled agreement over and over, its provisions renamed
"""

import re
from collections.abc import Iterator

from servanda import library

PARTIES = 8
TERMS = 20
RING = 8


def generated(norms: int) -> str:
    """So many commitments in one agreement: chains, bans, limits, payments, some of them faulty."""
    return "\n".join([*_head(), *(line for n in range(norms // 5) for line in _five(n)), ""])


def _head() -> Iterator[str]:
    yield 'agreement generated "A generated agreement"'
    yield "  zone UTC"
    yield "  in force when consent of {P0, P1} by {signs} withdrawn by {withdraws_consent}"
    yield from (f"party P{n}" for n in range(PARTIES))
    yield "body Commission"
    yield "institution Commission\n  members {P0, P1}\n  quorum 2\n  vote 2 of 2"
    yield "  evidence corroborated\n  appeal Court\n  competent for everything else\nbody Court"
    yield "measure guards in people"
    yield "fund Relief in EUR\n  release by Commission\n  on close to P0"
    yield 'term start "when it starts"\n  reading early: in_force\n  reading late: 2027-01-01'
    yield "  decided by Commission"


def _five(n: int) -> Iterator[str]:
    a, b = f"P{n % PARTIES}", f"P{(n + 1) % PARTIES}"
    wait = "in_force" if n % 10 == 0 else f"n{n - 1}.law is fulfilled"
    yield f'provision n{n} "Provision {n}"\n  text "{a} and {b}: {n + 10} days, {n + 100} people."'
    yield f"obligation n{n}.law\n  bearer {a}"
    yield f"  achieve enacts by {a} act law{n}\n  from {wait}"
    yield "  deadline unspecified" if n % 7 == 0 else f"  within {n + 10} days of in_force"
    yield f"prohibition n{n}.peace\n  bearer each of {{{a}, {b}}}\n  toward the other"
    weapon = ("drone", "missile", "air")[n % 3]
    yield f"  not attack by bearer on other weapon {weapon}\n  from start"
    yield "  shown by Commission" if n % 3 else ""
    yield f"obligation n{n}.guards\n  bearer {b}"
    yield f"  maintain guards of {b} at most {n + 100} people"
    yield "  from in_force\n  shown by Commission"
    yield f"obligation n{n}.payment\n  bearer {a}\n  from n{n}.law is fulfilled"
    yield f"  achieve sum of amount in (pays from {a} into Relief) at least {n + 10} EUR"
    yield f"  within {n + 10} days of n{n}.law is fulfilled"
    yield f"right n{n}.way\n  bearer {b}\n  toward {a}"
    yield f"  may meets by {b} institution Way{n}\n  from in_force"


_HEAD = """agreement generated "A generated agreement"
  zone UTC
  draft 2026-01-01
  in force when consent of {A, B} by {signs} withdrawn by {withdraws_consent}
party A
party B
party C
body Commission
measure guards in people
institution Commission
  competent for everything else
"""


def chained(norms: int) -> str:
    """Each waits for the one before; nobody verifies, and nobody can decide."""
    return _HEAD + "".join(
        f'provision c{n} "Law {n}"\n  text "A or B enacts law {n}."\n'
        f"obligation c{n}.law\n  bearer {'AB'[n % 2]}\n"
        f"  achieve enacts by {'AB'[n % 2]} act law{n}\n"
        f"  from {f'c{n - 1}.law is fulfilled' if n else 'in_force'}\n"
        + ("  deadline unspecified\n" if n % 2 else f"  within {n + 5} days of in_force\n")
        for n in range(norms)
    )


def disputed(norms: int) -> str:
    """Commitments that begin on disputed days, and bans that suspend each other in rings."""
    terms = (
        f"term t{n}\n  reading one: in_force\n"
        f"  reading two: 2027-0{n % 9 + 1}-01\n  reading three: 2028-0{n % 9 + 1}-01\n"
        for n in range(TERMS)
    )
    return _HEAD + "".join([*terms, *(_four(n) for n in range(norms // 4))])


def _four(n: int) -> str:
    a, b = "ABC"[n % 3], "ABC"[(n + 1) % 3]
    after = n + 1 if (n + 1) % RING else n + 1 - RING
    return (
        f'provision f{n} "Article {n}"\n  text "{a} leaves {b}, {n}."\n'
        f"obligation f{n}.leave\n  bearer {a}\n  achieve forces_withdrawn of {a} from {b}\n"
        f"  from t{n % TERMS}\n  within {n + 5} days of t{n % TERMS}\n"
        f"prohibition f{n}.peace\n  bearer {a}\n  not attack by {a} on {b}\n"
        f"  from t{(n + 7) % TERMS}\n  suspended while f{after}.peace is breached\n"
        f"obligation f{n}.guards\n  bearer {b}\n  maintain guards of {b} at most {n + 100} people\n"
        "  from in_force\n"
        f"obligation f{n}.law\n  bearer {b}\n  achieve enacts by {b} act law{n}\n"
        f"  from f{n}.leave is fulfilled and f{n}.peace is active\n  deadline unspecified\n"
    )


def copied(name: str, norms: int) -> str:
    """A bundled agreement as often as it takes, each copy with provisions of its own."""
    whole = library.load(name)
    assert whole.folder is not None
    text = (whole.folder / "agreement.md").read_text(encoding="utf-8")
    head, *sections = re.split(r"(?m)^(?=## )", text)
    own = "|".join(sorted(whole.agreement.provisions, key=len, reverse=True))
    made = [head, *sections]
    for number in range(1, norms // len(whole.agreement.norms) + 1):
        for section in sections:
            if re.match(rf"## ({own})\.", section):
                renamed = re.sub(rf"\b({own})\b", rf"\1x{number}", section)
                made.append(re.sub(r"(?m)^  source .*\n", "", renamed))
    return "".join(made)
