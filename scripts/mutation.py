"""Mutation testing of what everything rests on: conditions and evidence standards.

Runs mutmut over the files that pyproject names, prints how many changes the tests notice, and keeps
docs/mutation.md: the changes that no test notices, under the reason why.  A reason that stands
there is kept for the same change of the same line; a survivor without one, or a share below the
limit, ends with exit code 1.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mutation.md"
LIMIT = 0.90
KILLED = ("killed", "timeout", "caught by type check", "segfault")
WORKERS = os.cpu_count() or 1
MISSING = "Not explained yet"
_NAME = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<cls>\w+)ǁ|_)(?P<function>\w+)__mutmut_\d+")

HEAD = """\
# What the tests do not notice

`make mutants` changes the reference evaluator and the evidence standards one token at a time and
runs their tests on each change. {killed} of {total} changes make a test fail ({share:.1%}; the
limit is {limit:.0%}). The others stand below, each under the reason why no test can or need notice
it. The command writes the page; only the reasons, that is the headings, are written by hand.
"""


@dataclass(frozen=True, order=True)
class Change:
    """A change that no test notices: in which function, in which line, what becomes what."""

    where: str
    line: str
    what: str


def mutmut(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def change(mutant: str) -> Change:
    """The change that a mutant makes."""
    lines = mutmut("show", mutant).splitlines()
    before = " ".join(x[1:].strip() for x in lines if x.startswith("-") and x[:3] != "---")
    after = " ".join(x[1:].strip() for x in lines if x.startswith("+") and x[:3] != "+++")
    return Change(where(mutant), before, difference(before, after))


def difference(before: str, after: str) -> str:
    """The words that differ."""
    old, new = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    one, other = ("".join(words).strip() for words in (old, new))
    if not other:
        return "left out" if one == before else f"without `{one}`"
    return f"`{one}` → `{other}`" if one else f"with `{other}`"


def where(mutant: str) -> str:
    found = _NAME.fullmatch(mutant)
    if found is None:
        return mutant
    owner = f"{found['cls']}." if found["cls"] else ""
    return f"{found['module'].removeprefix('servanda.')}: {owner}{found['function']}"


def reasons() -> dict[Change, str]:
    """The reasons that stand on the page."""
    found, reason = {}, MISSING
    for row in PAGE.read_text("utf-8").splitlines() if PAGE.is_file() else ():
        if row.startswith("## "):
            reason = row.removeprefix("## ")
        elif told := re.fullmatch(r"- (.+?), `(.+?)`: (.+)", row):
            for what in told[3].split("; "):
                found[Change(told[1], told[2], what)] = reason
    return found


def page(killed: int, total: int, survivors: list[Change], known: dict[Change, str]) -> str:
    rows = [HEAD.format(killed=killed, total=total, share=killed / total, limit=LIMIT)]
    for reason in sorted({known.get(one, MISSING) for one in survivors}):
        rows.append(f"## {reason}\n")
        here = [one for one in survivors if known.get(one, MISSING) == reason]
        for (place, line), changes in groupby(here, lambda one: (one.where, one.line)):
            rows.append(f"- {place}, `{line}`: {'; '.join(one.what for one in changes)}")
        rows.append("")
    return "\n".join(rows)


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
    alive = [name for name, state in checked.items() if state not in KILLED]
    killed = len(checked) - len(alive)
    share = killed / len(checked)
    survivors, known = sorted({change(name) for name in alive}), reasons()
    PAGE.write_text(page(killed, len(checked), survivors, known), encoding="utf-8")
    by_module = Counter(where(name).split(":")[0] for name in checked)
    left = Counter(where(name).split(":")[0] for name in alive)
    for module, number in by_module.items():
        print(f"{module:24} {number - left[module]:5} of {number:5} killed")
    print(f"{'together':24} {killed:5} of {len(checked):5} killed, {share:.1%}")
    bare = [one for one in survivors if known.get(one, MISSING) == MISSING]
    if bare:
        print(f"{len(bare)} changes that no test notices have no reason in docs/mutation.md.")
    return int(share < LIMIT or bool(bare))


if __name__ == "__main__":
    sys.exit(main())
