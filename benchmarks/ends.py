"""How long it takes to say who can end what: the bundled agreements, and generated ones.

    python -m benchmarks.ends [NORMS…]

Each line is a process of its own: commitments and answers, how many of them are proved, seconds of
processor time (and on the clock) to answer, memory, and for generated ones the growth: the
exponent by which the time rises with the number of norms since the line before.
"""

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIZES = (50, 100, 200, 400)
PARTIES = 8


def generated(norms: int) -> str:
    """So many norms: what ends, suspends, calls for, takes back, and waits for others."""
    groups = -(-norms // 10)
    lines = [*_head(), *(line for n in range(groups) for line in _ten(n)), ""]
    return "\n".join(lines)


def _head() -> Iterator[str]:
    yield 'agreement generated "A generated agreement"'
    yield "  zone UTC"
    yield "  in force when consent of {P0, P1} by {signs} withdrawn by {withdraws_consent}"
    yield from (f"party P{n}\n  side" for n in range(PARTIES))
    yield "body Commission"
    yield "institution Commission\n  members {P0, P1, P2}\n  vote majority"
    yield "  competent for everything else"
    yield 'term start "when it starts"\n  reading early: in_force\n  reading late: 2027-01-01'
    yield "  decided by Commission"


def _ten(n: int) -> Iterator[str]:
    """A pact between two parties with its guarantee, its remedies and its ends."""
    a, b, c = (f"P{(n + step) % PARTIES}" for step in range(3))
    weapon = ("drone", "missile", "air")[n % 3]
    wait = "in_force" if n % 5 == 0 else f"n{n - 1}.law is fulfilled"
    yield f"prohibition n{n}.peace\n  bearer each of {{{a}, {b}}}\n  toward the other"
    yield f"  not attack by bearer on other weapon {weapon}\n  from start"
    yield f"  suspended while n{n}.peace[other] is breached"
    yield f"  terminated when {n + 30} days after withdraws_consent party bearer"
    yield f"obligation n{n}.law\n  bearer {a}\n  achieve enacts by {a} act law{n}\n  from {wait}"
    yield f"  deadline unspecified\n  reopens when repeals by {a} act law{n}"
    yield f"obligation n{n}.relief\n  bearer {b}\n  toward {a}\n  from in_force"
    yield f"  achieve lifts_sanctions by {b} on {a} class c{n}\n  deadline unspecified"
    yield f"effect n{n}.snapback\n  bearer {b}\n  from in_force"
    yield f"  terminates fulfilled n{n}.relief when n{n}.peace[{a}] is breached"
    yield f"guarantee n{n}.guarantee\n  bearer {c}\n  beneficiary {a}\n  from n{n}.law is fulfilled"
    yield f"  trigger attack by {b} on {a} weapon {weapon}"
    yield f"  lapses when attack by {a} on {b} weapon {weapon}\n  decided by Commission"
    yield f"obligation n{n}.help\n  bearer {c}\n  from n{n}.guarantee is invoked"
    yield f"  achieve responds_militarily by {c} to {b}\n  deadline unspecified"
    yield f"  released when forces_withdrawn of {b} from {a}"
    yield f"obligation n{n}.access\n  bearer {c}\n  toward {b}\n  from in_force"
    yield f"  maintain grants_market_access by {c} to {b}\n  deadline unspecified"
    yield f"  until accedes party {b} to Commission"
    yield f"obligation n{n}.report\n  bearer {b}\n  from in_force"
    yield f"  achieve decides body {b} decision report{n}\n  within {n + 10} days of in_force"
    yield f"right n{n}.way\n  bearer {b}\n  toward {a}\n  may meets by {b} institution Way{n}"
    yield f"  from in_force\n  until {n + 90} days after in_force"
    yield f"principle n{n}.spirit\n  bearer {a}, {b}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("norms", nargs="*", type=int, default=SIZES)
    parser.add_argument("--one", metavar="AGREEMENT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one)))
        return
    from servanda import library

    print(f"{'':24}norms  commitments  answers  proved  undecided   seconds  (clock)   MiB  growth")
    for name in library.bundled():
        print(_line(name, _alone(name)), flush=True)
    earlier: tuple[int, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for size in options.norms:
            path = Path(folder) / f"generated-{size}.servanda"
            path.write_text(generated(size), encoding="utf-8")
            found = _alone(str(path))
            growth = ""
            if earlier is not None:
                more = math.log(found["norms"] / earlier[0])
                growth = f"  n^{math.log(found['seconds'] / earlier[1]) / more:.1f}"
            earlier = found["norms"], found["seconds"]
            print(_line(path.stem, found) + growth, flush=True)


def _alone(agreement: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.ends", "--one", agreement]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _line(name: str, found: dict[str, Any]) -> str:
    return (
        f"{name:24}{found['norms']:5}  {found['commitments']:11}  {found['answers']:7}  "
        f"{found['proved']:6}  {found['undecided']:9}  {found['seconds']:8.2f}  "
        f"({found['clock']:5.1f})  {found['memory']:4.0f}"
    )


def measured(agreement: str) -> dict[str, Any]:
    """Everything that is asked of one agreement, in this process."""
    from servanda import library
    from servanda.ends.run import who_ends
    from servanda.reason.groups import Settled

    loaded = library.load_draft(agreement)
    began = time.process_time(), time.perf_counter()
    found = who_ends(loaded)
    ended = time.process_time(), time.perf_counter()
    answers = [answer for one in found.commitments for answer in one.answers]
    return {
        "norms": len(loaded.agreement.norms),
        "commitments": len(found.commitments),
        "answers": len(answers),
        "proved": sum(answer.settled is Settled.PROVED for answer in answers),
        "undecided": len(found.undecided),
        "seconds": ended[0] - began[0],
        "clock": ended[1] - began[1],
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
