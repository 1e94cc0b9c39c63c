"""What is served: agreements with their records, read once and kept.

In: the settings.  Out: an agreement by its id, and its records: those given at the start, or those
bundled with it, or one of its invented courses of events, which is HYPOTHETICAL.
"""

import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path

from servanda import library
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.read import Records
from servanda.library import InputError, Library
from servanda.model.agreement import DraftStatus
from servanda.report.course import courses
from servanda.web.drafting.snapshot import digest_of, taken
from servanda.web.people.sight import NARROWEST, PUBLIC, UNTOLD, Sight
from servanda.web.settings import Settings
from servanda.web.watch import Watch

# A text in one of these is no draft any more.
BINDING = frozenset(
    {
        DraftStatus.SIGNED,
        DraftStatus.RATIFIED,
        DraftStatus.IN_FORCE,
        DraftStatus.PROVISIONALLY_APPLIED,
    }
)
UNQUOTED = "it could not be read; what stands in it is not shown here"


@dataclass(frozen=True)
class Holding:
    """Records under a name; `withheld` are those that this audience may not see.

    `follows` says that more of them may come while the server runs; `files` is the digest of those
    that were given at its start.
    """

    records: Records
    hypothetical: bool = False
    withheld: int = 0
    follows: bool = False
    files: str = ""

    @cached_property
    def mark(self) -> str:
        """A short digest of which records these are and what is noted about them."""
        told = "\0".join((self.files, *self.records.ids, *map(repr, self.records.notes)))
        return sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass
class Shelf:
    settings: Settings
    names: Mapping[str, str] = field(init=False)
    digests: dict[str, str] = field(default_factory=dict)  # of texts and what lies beside them
    drafts: set[str] = field(default_factory=set)  # that nobody has published
    _libraries: dict[str, Library] = field(default_factory=dict)
    _watch: Watch | None = field(init=False)
    _edition: int = 0
    _files: dict[str, Records] = field(default_factory=dict)
    _holdings: dict[tuple[str, str, Sight], Holding] = field(default_factory=dict)
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
        ledger = self.settings.ledger
        self._watch = None if ledger is None else Watch(ledger)
        for path in self.settings.records:
            if not path.is_file():
                raise InputError(f"--records {path}: there is no such file.")
        if alone:  # what cannot be read is told now, and not to whoever looks first
            lib = self.library(next(iter(names)))
            assert lib is not None
            self.holding(lib)

    def _load(self, name: str) -> Library:
        found = library.load(name)
        if self._is_draft(name, found):
            folder = tempfile.mkdtemp(prefix="servanda-draft-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            copied = taken(name, Path(folder))
            found = copied.library
            self.digests[found.agreement.id] = copied.digest
            self.drafts.add(found.agreement.id)
        else:
            self.digests[found.agreement.id] = digest_of(name, found)
        self._libraries[found.agreement.id] = found
        return found

    def _is_draft(self, name: str, lib: Library) -> bool:
        """Whether a text is a draft that nobody has published.

        What comes with the package is published; what records or a ledger are given with is being
        monitored; what is signed or in force is known to those whom it binds.  A demo shows all.
        """
        settings = self.settings
        monitored = settings.records or settings.ledger is not None
        if settings.demo or monitored or name in library.bundled():
            return False
        return lib.agreement.header.status not in BINDING

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

    def holding(self, lib: Library, course: str | None = None, sight: Sight = NARROWEST) -> Holding:
        """The records of an agreement that a sight has, or those of a course; raises InputError."""
        sight = sight.within({*lib.agreement.actors, *lib.agreement.institutions})
        key = (lib.agreement.id, course or "", NARROWEST if course is not None else sight)
        with self._lock:
            if (edition := self.edition()) != self._edition:
                self._holdings, self._edition = {}, edition
            if key not in self._holdings:
                self._holdings[key] = self._read(lib, course, sight)
            return self._holdings[key]

    @property
    def changes(self) -> bool:
        """Whether records may come while the server runs."""
        return self._watch is not None

    def edition(self) -> int:
        """Changes when the ledger was changed, and records are to be read anew."""
        return 0 if self._watch is None else self._watch.edition()

    def hurry(self) -> None:
        """Follow the ledger at the next page: somebody here has filed a record."""
        if self._watch is not None:
            self._watch.hurry()

    def _read(self, lib: Library, course: str | None, sight: Sight) -> Holding:
        if course is not None:
            paths = {path.stem: path for path in courses(lib)}
            if course not in paths:
                known = ", ".join(paths) or "none"
                raise InputError(f"There is no course “{course}” here; there is {known}.")
            return Holding(lib.read([paths[course]]), hypothetical=True)
        if self._watch is not None and self.settings.ledger is not None:
            begun = time.monotonic()
            holding = Holding(self._from_ledger(lib, self.settings.ledger, sight), follows=True)
            self._watch.took(time.monotonic() - begun)
            return holding
        if not self.settings.records:
            return _seen(lib.records, sight, PUBLIC)
        return replace(self._from_files(lib, sight), files=self._file_digest)

    @cached_property
    def _file_digest(self) -> str:
        whole = sha256()
        for path in self.settings.records:
            with path.open("rb") as file:
                whole.update(file_digest(file, "sha256").digest())
        return whole.hexdigest()

    def _from_files(self, lib: Library, sight: Sight) -> Holding:
        key = lib.agreement.id
        if key not in self._files:
            self._files[key] = lib.read(self.settings.records)
        read = self._files[key]
        if self.settings.demo:
            # Who shows a file to everybody has said that what is not marked in it is public.
            told = tuple(replace(row, reason=UNQUOTED) for row in read.refused)
            return _seen(replace(read, refused=told), sight, PUBLIC)
        if sight.inside:
            return _seen(read, sight, UNTOLD)
        # That somebody has just filed something is for a party nothing to see.
        return Holding(_outside(_seen(read, sight, UNTOLD).records))

    def _from_ledger(self, lib: Library, name: str, sight: Sight) -> Records:
        from servanda.ledger.ledger import open_ledger
        from servanda.ledger.reading import records

        # What is shown to everybody is a report, and for that its source must have agreed.
        use = "reporting" if sight.audience == PUBLIC else "assessment"
        types = lib.agreement.record_types
        read = records(
            open_ledger(name), types, lib.zone, sight.audience, use, lib.atlas, sight.own
        )
        return read if sight.inside else _outside(read)


def _seen(read: Records, sight: Sight, untold: str) -> Holding:
    """Without what handling keeps from a sight; `untold` is the class of what says none."""
    shown = Excerpt.of(read.records).of_shapes(lambda shape: sight.shows(shape, untold))
    withheld = len(read.records) - len(shown)
    records = shown if isinstance(read.records, Excerpt) else tuple(shown)
    return Holding(replace(read, records=records) if withheld else read, withheld=withheld)


def _outside(read: Records) -> Records:
    """For those outside the body: no row that could not be read, whose class nobody knows; and of
    what the ledger says about records, only what is about those that are shown."""
    shown = frozenset(read.ids)
    notes = tuple(note for note in read.notes if shown.issuperset(note.about))
    return replace(read, refused=(), notes=notes, by_officer=read.by_officer & shown)
