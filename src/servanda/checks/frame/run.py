"""All checks, found by listing the folder, run on one agreement.

In: an agreement as far as it could be read.  Out: warnings, the most severe first, and what could
not be decided.  A check that fails is a fault of ours; it is named, and the others go on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from servanda.checks.frame.context import Context
from servanda.checks.frame.unread import sieve
from servanda.checks.frame.warning import ORDER, AuditWarning, Code, Undecided
from servanda.library import InputError, Library

SECONDS = 30.0  # that one check may take


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name (that of its file), place in the order, title, codes and function."""

    name: str
    order: int
    title: str
    codes: Mapping[str, Code]
    run: Callable[[Context], Iterable[AuditWarning]]


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: what was checked, the warnings, what is undecided."""

    library: Library
    checks: tuple[Check, ...]
    warnings: tuple[AuditWarning, ...]
    undecided: tuple[Undecided, ...]

    def find(self, wanted: str) -> AuditWarning:
        """A warning by its id, or by a code or subject that says which; raises InputError."""
        exact = [w for w in self.warnings if w.id == wanted]
        found = exact or [w for w in self.warnings if wanted in (w.code, w.subject)]
        if not found:
            raise InputError(f"The audit of {self.library.agreement.id} has no warning “{wanted}”.")
        return found[0]


@cache
def checks() -> tuple[Check, ...]:
    """Every check of the folder, in their order."""
    folder = Path(__file__).parents[1]
    names = sorted(p.stem for p in folder.glob("*.py") if p.stem != "__init__")
    found = [import_module(f"servanda.checks.{name}") for name in names]
    made = [
        Check(name, m.ORDER, m.TITLE, m.CODES, m.check)
        for name, m in zip(names, found, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: one.order))


def chosen(names: Sequence[str]) -> tuple[Check, ...]:
    """Checks by name, number or code; all where none is named."""
    if not names:
        return checks()
    found = [one for one in checks() if {one.name, str(one.order), *one.codes} & set(names)]
    known = {n for one in checks() for n in (one.name, str(one.order), *one.codes)}
    for name in names:
        if name not in known:
            import difflib

            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            listed = ", ".join(one.name for one in checks())
            raise InputError(f"There is no check “{name}”; there are {listed}.{hint}")
    return tuple(found)


def audit(
    library: Library,
    only: Sequence[str] = (),
    seconds: float = SECONDS,
    progress: Callable[[str], None] = lambda _: None,
) -> Audit:
    """Run checks on an agreement; `seconds` bounds each check."""
    context = Context(library, seconds)
    wanted = chosen(only)
    found: list[AuditWarning] = []
    for one in wanted:
        progress(one.title)
        context.begin(one.name)
        found += [w for w in _run(one, context) if _asked_for(one, w, only)]
    found, unread = sieve(library, found)
    rank = {code: one.order for one in wanted for code in one.codes}
    found.sort(key=lambda w: (ORDER.index(w.severity), rank[w.code], w.code))
    return Audit(library, wanted, tuple(found), (*context.undecided, *unread))


def _asked_for(check: Check, warning: AuditWarning, only: Sequence[str]) -> bool:
    """Whether a warning is wanted: where a check is named by codes alone, only those."""
    codes = set(only) & set(check.codes)
    whole = not only or bool({check.name, str(check.order)} & set(only))
    return whole or not codes or warning.code in codes


def _run(check: Check, context: Context) -> Iterator[AuditWarning]:
    """The warnings of one check, each code with its subject once."""
    seen: set[str] = set()
    for one in check.run(context):
        if one.code not in check.codes:
            raise ValueError(f"{check.name} has no code {one.code}")
        if one.id not in seen:
            seen.add(one.id)
            yield one
