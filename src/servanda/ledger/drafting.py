"""Rows made into drafts of entries: what cannot be entered is refused here, with the reason.

In: a row as a reader of records or a connector gives it.  Out: a draft, or `Bad`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from servanda.evidence.checked import check_dates, identified
from servanda.evidence.rows import Bad
from servanda.ledger import canon
from servanda.ledger.entry import head_lines, kind_of, targets
from servanda.ledger.handling import Handling
from servanda.ledger.keyfile import KeyFile
from servanda.ledger.ledger import Draft
from servanda.ledger.personal import personal
from servanda.ledger.words import CLASSES

Check = Callable[[Mapping[str, Any], int], object]  # raises Bad for a row that cannot serve


@dataclass
class Drafting:
    """Turns rows into drafts; what is the same for all rows of a step is made once."""

    name: str  # of what is imported
    handling: Handling
    check: Check | None
    keys: KeyFile
    now: int
    _heads: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = canon.quoted(self.name)
        self._origin = f'"entry.origin":{{"file":{name},"line":'
        self._token = self.keys.token

    def draft(self, line: int, row: Mapping[str, Any]) -> Draft:
        """A row as an entry; raises Bad with the reason why it cannot be one."""
        identity, _, _ = identified(row)
        if self.check is not None:
            self.check(row, line)
        else:
            check_dates(row)
        handling = row_handling(row, self.handling)
        if why := personal(row, handling.handling):
            raise Bad(why)
        kind = kind_of(row)
        lines = self._head(kind, handling).copy()
        lines.append(f"{self._origin}{line}}}".encode())
        lines.extend(self._fields(row))
        refs = tuple(self._token(target) for target in targets(row))
        token = self._token(identity)
        return Draft(kind, handling.handling, self.now, lines, token, refs)

    def _head(self, kind: str, handling: Handling) -> list[bytes]:
        key = (kind, handling.handling)
        if key not in self._heads:
            self._heads[key] = head_lines(kind, self.now, handling)
        return self._heads[key]

    def _fields(self, row: Mapping[str, Any]) -> Iterator[bytes]:
        names, text_of = self._names, canon.text_of
        for name, value in row.items():
            if name not in names:
                if name.startswith("entry."):
                    raise Bad(f"“{name}” is a field of the ledger's own")
                names[name] = canon.quoted(name) + ":"
            try:
                yield (names[name] + text_of(value)).encode()
            except (TypeError, UnicodeEncodeError, RecursionError) as error:
                raise Bad(f"“{name}” cannot be written down: {error}") from error


def row_handling(row: Mapping[str, Any], default: Handling) -> Handling:
    """The class that a row gives itself where it is narrower than a person's choice."""
    given = row.get("handling")
    if given is None:
        return default
    if not isinstance(given, str) or given not in CLASSES:
        raise Bad(f"“handling” is none of {', '.join(CLASSES)}")
    if CLASSES.index(given) <= CLASSES.index(default.handling):
        return default
    return Handling(given, default.consent, default.use)
