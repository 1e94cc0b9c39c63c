"""What is served: agreements with their records, read once and kept.

In: the settings.  Out: an agreement by its id, and its records: those given at the start, or those
bundled with it, or one of its invented courses of events, which is HYPOTHETICAL.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from servanda import library
from servanda.evidence.read import Records
from servanda.library import InputError, Library
from servanda.report.course import courses
from servanda.web.settings import Settings

PUBLIC = (None, "public")


@dataclass(frozen=True, slots=True)
class Holding:
    """Records under a name; `withheld` are those that this audience may not see."""

    records: Records
    hypothetical: bool = False
    withheld: int = 0


@dataclass
class Shelf:
    settings: Settings
    names: Mapping[str, str] = field(init=False)
    _libraries: dict[str, Library] = field(default_factory=dict)
    _holdings: dict[tuple[str, str], Holding] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Raises InputError or LedgerError for what cannot be served: it is told at the start."""
        given = self.settings.agreements
        alone = self.settings.records or self.settings.ledger is not None
        if alone and len(given) != 1:
            raise InputError("Name one AGREEMENT to which the records or the ledger belong.")
        if self.settings.records and self.settings.ledger is not None:
            raise InputError("Give --records or --ledger: pages are made on one of them.")
        bundled = library.bundled()
        names: dict[str, str] = {}
        for name in given or bundled:
            identity = name if name in bundled else self._load(name).agreement.id
            if identity in names:
                raise InputError(f"The agreement {identity} is named twice.")
            names[identity] = name
        self.names = names
        for path in self.settings.records:
            if not path.is_file():
                raise InputError(f"--records {path}: there is no such file.")
        if alone:  # what cannot be read is told now, and not to whoever looks first
            lib = self.library(next(iter(names)))
            assert lib is not None
            self.holding(lib)

    def _load(self, name: str) -> Library:
        found = library.load(name)
        self._libraries[found.agreement.id] = found
        return found

    def library(self, identity: str) -> Library | None:
        """An agreement by its id; None where it is not served."""
        name = self.names.get(identity)
        if name is None:
            return None
        with self._lock:
            return self._libraries.get(identity) or self._load(name)

    def courses(self, lib: Library) -> tuple[str, ...]:
        """The invented courses of events by name."""
        return tuple(path.stem for path in courses(lib))

    def holding(self, lib: Library, course: str | None = None) -> Holding:
        """The records that belong to an agreement, or those of a course; raises InputError."""
        key = (lib.agreement.id, course or "")
        with self._lock:
            if key not in self._holdings:
                self._holdings[key] = self._read(lib, course)
            return self._holdings[key]

    def _read(self, lib: Library, course: str | None) -> Holding:
        if course is not None:
            paths = {path.stem: path for path in courses(lib)}
            if course not in paths:
                known = ", ".join(paths) or "none"
                raise InputError(f"There is no course “{course}” here; there is {known}.")
            return Holding(lib.read([paths[course]]), hypothetical=True)
        if self.settings.ledger is not None:
            return Holding(self._from_ledger(lib, self.settings.ledger))
        read = lib.read(self.settings.records) if self.settings.records else lib.records
        return _public(read) if self.settings.demo else Holding(read)

    def _from_ledger(self, lib: Library, name: str) -> Records:
        from servanda.ledger.ledger import open_ledger
        from servanda.ledger.reading import records

        demo = self.settings.demo
        audience, use = ("public", "reporting") if demo else ("confidential", "assessment")
        types = lib.agreement.record_types
        return records(open_ledger(name), types, lib.zone, audience, use, lib.atlas)


def _public(read: Records) -> Holding:
    """Without what its handling class keeps from the public."""
    shown = [record for record in read.records if record.handling in PUBLIC]
    withheld = len(read.records) - len(shown)
    return Holding(replace(read, records=shown) if withheld else read, withheld=withheld)
