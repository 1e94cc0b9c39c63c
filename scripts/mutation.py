"""Mutation testing of what everything rests on: conditions and evidence standards.

Runs mutmut over the files that pyproject names, prints how many changes the tests notice, and keeps
docs/mutation.md: the changes that no test notices, each with the reason.  A reason that stands
there is kept for the same change of the same line; a survivor without one, or a share below the
limit, ends with exit code 1.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mutation.md"
LIMIT = 0.90
KILLED = ("killed", "timeout", "caught by type check", "segfault")
WORKERS = os.cpu_count() or 1
MISSING = "not explained yet"
_NAME = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<cls>\w+)ǁ|_)(?P<function>\w+)__mutmut_\d+")

HEAD = """\
# What the tests do not notice

`make mutants` changes the reference evaluator and the evidence standards one token at a time and
runs their tests on each change. {killed} of {total} changes make a test fail ({share:.1%}; the
limit is {limit:.0%}). Those below do not, each for the reason beside it. The page is written by the
command; only the reasons are written by hand.

| where | change | why no test can or need notice |
|---|---|---|
"""


def mutmut(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def changed(mutant: str) -> str:
    """The change that a mutant makes, as one line."""
    lines = mutmut("show", mutant).splitlines()
    before = [ln[1:].strip() for ln in lines if ln.startswith("-") and not ln.startswith("---")]
    after = [ln[1:].strip() for ln in lines if ln.startswith("+") and not ln.startswith("+++")]
    return f"`{' '.join(before)}` → `{' '.join(after)}`".replace("|", "\\|")


def where(mutant: str) -> str:
    found = _NAME.fullmatch(mutant)
    if found is None:
        return mutant
    owner = f"{found['cls']}." if found["cls"] else ""
    return f"{found['module'].removeprefix('servanda.')}: {owner}{found['function']}"


def reasons() -> dict[tuple[str, str], str]:
    """The reasons that stand on the page."""
    if not PAGE.is_file():
        return {}
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+) \|$", PAGE.read_text("utf-8"), re.M)
    return {(place, change): why for place, change, why in rows}


def main() -> int:
    if "--results-only" not in sys.argv:
        print(f"Changing the code line by line on {WORKERS} cores; this takes a while.", flush=True)
        mutmut("run", "--max-children", str(WORKERS))
    states = {}
    for line in mutmut("results", "--all", "true").splitlines():
        name, _, state = line.strip().rpartition(": ")
        if name:
            states[name] = state
    checked = {name: state for name, state in states.items() if state != "not checked"}
    if not checked:
        print("mutmut checked nothing; run `python -m mutmut run` to see why.", file=sys.stderr)
        return 2
    survivors = [name for name, state in checked.items() if state not in KILLED]
    killed = len(checked) - len(survivors)
    share = killed / len(checked)
    known = reasons()
    rows = sorted({(where(name), changed(name)) for name in survivors})
    page = HEAD.format(killed=killed, total=len(checked), share=share, limit=LIMIT)
    page += "".join(f"| {a} | {b} | {known.get((a, b), MISSING)} |\n" for a, b in rows)
    PAGE.write_text(page, encoding="utf-8")
    by_module = Counter(where(name).split(":")[0] for name in checked)
    alive = Counter(where(name).split(":")[0] for name in survivors)
    for module, number in by_module.items():
        print(f"{module:24} {number - alive[module]:5} of {number:5} killed")
    print(f"{'together':24} {killed:5} of {len(checked):5} killed, {share:.1%}")
    bare = [row for row in rows if row not in known or known[row] == MISSING]
    if bare:
        print(f"{len(bare)} changes that no test notices have no reason in docs/mutation.md.")
    return int(share < LIMIT or bool(bare))


if __name__ == "__main__":
    sys.exit(main())
