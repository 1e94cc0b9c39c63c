"""How long an audit takes: the bundled agreements, and generated ones of up to 1,000 commitments.

`python -m benchmarks.audit [NORMS…]` prints a table: commitments, warnings, seconds, undecided.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from servanda import library
from servanda.checks.frame.run import audit

PARTIES = 8
SIZES = (100, 1000)


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


def measured(name: str, source: str | Path) -> str:
    start = time.perf_counter()
    loaded = library.load_draft(source)
    read = time.perf_counter() - start
    start = time.perf_counter()
    result = audit(loaded, seconds=60, progress=lambda title: print(f"  {title}", file=sys.stderr))
    spent = time.perf_counter() - start
    norms = len(loaded.agreement.norms)
    return (
        f"{name:24} {norms:5} commitments  read {read:6.2f} s  audit {spent:6.2f} s  "
        f"{len(result.warnings):5} warnings  {len(result.undecided)} undecided"
    )


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or list(SIZES)
    for name in library.bundled():
        print(measured(name, name))
    with TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"generated-{size}.servanda"
            path.write_text(generated(size), encoding="utf-8")
            print(measured(path.stem, path))


if __name__ == "__main__":
    main()
