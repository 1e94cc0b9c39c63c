"""The library: bundled agreements, and the files beside an agreement.

An agreement is named by the id of a bundled one or by a path; beside its text may lie
zones.geojson, sources.yaml, positions.yaml, negotiation.yaml and a folder of records.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from servanda.beside import Document, inside, read_yaml, refusal, text_of
from servanda.beside import InputError as InputError  # noqa: PLC0414  it is raised from here as well
from servanda.beside.dated_layers import FILE as LAYERS
from servanda.beside.dated_layers import DatedLayer, read_layers
from servanda.beside.shapes import SHAPES
from servanda.beside.sources import read_sources
from servanda.engine.strata import CLAUSES, NegativeCycle, strata
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import Records, read_file, read_rows, together
from servanda.evidence.refused import Refused
from servanda.evidence.source import Source
from servanda.geo import Atlas, Point
from servanda.language.diagnostics import Diagnostic, Reporter
from servanda.language.load import Loaded, load_agreement, render
from servanda.language.unread import FILE, Lost
from servanda.model.agreement import Agreement
from servanda.model.span import Span

BUNDLED = Path(__file__).parent / "agreements"
RECORD_SUFFIXES = (".jsonl", ".csv", ".parquet")


@dataclass(frozen=True)
class Library:
    """An agreement with everything that lies beside it; of a draft, all but what is `unusable`."""

    agreement: Agreement
    loaded: Loaded
    folder: Path | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    atlas: Atlas = field(default_factory=Atlas.standard)
    layers: tuple[DatedLayer, ...] = ()
    unusable: frozenset[str] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agreement.header.zone)

    @cached_property
    def records(self) -> Records:
        """The records bundled with the agreement."""
        if self.folder is None:
            return Records()
        found = (self.folder / "records").glob("*")
        names = sorted(p.name for p in found if p.suffix in RECORD_SUFFIXES)
        files = [inside(self.folder, f"records/{name}") for name in names]
        return self.read([file for file in files if file is not None])

    def read(self, paths: Iterable[Path]) -> Records:
        types = self.agreement.record_types
        found = [
            with_known_places(read_file(path, types, self.zone), types, self.atlas, path.name)
            for path in paths
        ]
        return together(found)

    def document(self, name: str) -> Document:
        """A YAML file beside the agreement, of its known form; no data where there is none."""
        return document(None if name in self.unusable else self.folder, name)


def document(folder: Path | None, name: str) -> Document:
    """A YAML file of a folder; raises InputError where it has not the form that it must have."""
    found = None if folder is None else read_yaml(folder, name)
    if found is None:
        return Document(name, "")
    found.checked(SHAPES.get(name))
    return found


def bundled() -> tuple[str, ...]:
    """Ids of the agreements that come with the package."""
    return tuple(sorted(p.name for p in BUNDLED.iterdir() if (p / "agreement.md").is_file()))


def find(name: str | Path) -> Path:
    """The path of an agreement, by the id of a bundled one or by its path."""
    path = Path(name)
    if str(name) in bundled():
        return BUNDLED / str(name)
    if path.exists():
        return path
    import difflib

    close = difflib.get_close_matches(str(name), bundled(), n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise InputError(
        f"There is no agreement “{name}”: it is neither a file or folder here nor bundled "
        f"({', '.join(bundled())}).{hint}"
    )


def check(name: str | Path) -> Loaded:
    """Read an agreement and what lies beside it, with all errors and warnings, none raised."""
    loaded = _read(find(name))
    if loaded.agreement is None:
        return loaded
    wrong = beside(loaded.agreement)
    return Loaded(None, (*loaded.diagnostics, *wrong)) if wrong else loaded


def beside(agreement: Agreement) -> tuple[Diagnostic, ...]:
    """What is wrong with the files beside an agreement, the first error of each."""
    folder = agreement.folder
    if folder is None:
        return ()
    readers: list[Callable[[], object]] = [
        lambda: read_sources(folder, agreement),
        lambda: atlas_of(agreement, folder, Atlas.standard()),
        lambda: read_layers(folder, agreement),
        *(partial(document, folder, name) for name in SHAPES if name != "sources.yaml"),
    ]
    wrong: list[Diagnostic] = []
    for read in readers:
        try:
            read()
        except InputError as error:
            wrong += error.diagnostics
    return tuple(wrong)


def _read(path: Path) -> Loaded:
    return load_agreement(path, known_place=Atlas.standard().known, checks=(cycles,))


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def cycles(agreement: Agreement, report: Reporter) -> None:
    """Report commitments that wait for each other's opposite at the same instant (rule 16)."""
    try:
        strata(agreement)
    except NegativeCycle as circle:
        for norm in circle.norms:
            flags = [flag for name, flag in circle.nodes if name == norm]
            others = ", ".join(n for n in circle.norms if n != norm)
            needed = f"and that of {others} need each other" if others else "needs itself"
            clauses = ", ".join(f"“{CLAUSES[flag]}”" for flag in flags if flag in CLAUSES)
            report.error(
                "SV0604",
                f"`{norm}` waits at the same instant for the opposite of what waits for it",
                agreement.norms[norm].span,
                why=f"Its state ({clauses}) {needed}, through a negation, at one and the same "
                "instant, so that nothing can be worked out first.",
                fix="Let one of them ask for what was before: `once (0 hours, *] (…)`.",
            )


def load(name: str | Path) -> Library:
    """Read an agreement; raises InputError with all its errors when it has any."""
    path = find(name)
    agreement, loaded = _usable(_read(path))
    folder = _folder(path)
    return Library(
        agreement,
        loaded,
        folder,
        read_sources(folder, agreement),
        atlas_of(agreement, folder, Atlas.standard()),
        read_layers(folder, agreement),
    )


def load_draft(name: str | Path) -> Library:
    """Read an agreement as far as it can be read; its errors are in `loaded`.

    A file beside it that cannot be used is left out and told as an error.  Raises InputError where
    nothing can be read at all.
    """
    path = find(name)
    loaded = _read(path)
    draft = loaded.draft
    if draft is None:
        raise InputError(render(loaded.errors))
    folder = _folder(path)
    wrong = beside(draft)
    out = frozenset(d.span.file for d in wrong)
    if wrong:
        lost = {d.span.file: Lost(FILE, d.span) for d in wrong}
        loaded = Loaded(None, (*loaded.diagnostics, *wrong), draft, {**loaded.unread, **lost})
    drawn = {z.id: z for z in draft.zones.values() if str(z.source).partition("#")[0] not in out}
    return Library(
        draft,
        loaded,
        folder,
        {} if "sources.yaml" in out else read_sources(folder, draft),
        atlas_of(replace(draft, zones=drawn), folder, Atlas.standard()),
        () if LAYERS in out else read_layers(folder, draft),
        out,
    )


def from_text(text: str) -> Library:
    """An agreement given as text, with nothing beside it."""
    known = Atlas.standard().known
    agreement, loaded = _usable(load_agreement(text, known_place=known, checks=(cycles,)))
    return Library(agreement, loaded, atlas=atlas_of(agreement, None, Atlas.standard()))


def _usable(loaded: Loaded) -> tuple[Agreement, Loaded]:
    if loaded.agreement is None or loaded.errors:
        raise InputError(render(loaded.errors))
    return loaded.agreement, loaded


def atlas_of(agreement: Agreement, folder: Path | None, atlas: Atlas) -> Atlas:
    """The base map with the zones, lines and places that the agreement names."""
    from servanda.geo.zone_file import ZoneError, read_versions

    for zone in agreement.zones.values():
        if zone.source is None or folder is None:
            continue
        file, _, feature = zone.source.partition("#")
        text = text_of(folder, file)
        if text is None:
            continue  # checking the agreement says so; records can be placed there by name
        try:
            versions = read_versions(
                text, feature, name=zone.id, file=file, zone=ZoneInfo(agreement.header.zone)
            )
        except ZoneError as error:
            raise refusal(
                "SV0807",
                f"the geometry of {zone.id} cannot be used",
                Span(file, error.line, error.column, error.column + 1),
                why=f"{error}. It is named at {zone.span}.",
                fix="Correct the file, or draw the zone anew and export it as GeoJSON (WGS 84).",
            ) from error
        atlas = atlas.with_versions(zone.id, versions)
    places = {
        place.id: Point(float(place.lat), float(place.lon))
        if place.lat is not None and place.lon is not None
        else None
        for place in agreement.places.values()
    }
    return atlas.with_places(places)


def with_areas(library: Library, path: Path) -> Library:
    """The agreement with further shapes on its map: every feature of a GeoJSON file, by its id."""
    from servanda.geo.zone_file import load_all

    try:
        shapes = load_all(path)
    except (ValueError, OSError) as error:
        raise InputError(f"--areas {path}: {error}") from error
    taken = [s.name for s in shapes if library.atlas.known(s.name)]
    if taken:
        raise InputError(f"--areas {path}: {taken[0]} is the name of a place already.")
    return replace(library, atlas=library.atlas.with_zones(shapes))


def with_tracks(library: Library, records: Records, path: Path) -> tuple[Library, Records]:
    """Coverage computed from a file of patrol tracks and camera uptime, added to the records.

    The areas seen become shapes of the map.  Raises InputError when their names are taken.
    """
    from servanda.evidence.track_file import seen_in

    found = list(seen_in(path))
    refused = [one for one in found if isinstance(one, Refused)]
    seen = [one for one in found if not isinstance(one, Refused)]
    taken = [one.area.name for one in seen if library.atlas.known(one.area.name)]
    if taken:
        raise InputError(f"--tracks {path}: {taken[0]} is the name of a place already.")
    told = read_rows([one.record for one in seen], library.agreement.record_types, library.zone)
    told = replace(told, refused=tuple(replace(one, file=path.name) for one in told.refused))
    both = together([records, Records(refused=tuple(refused)), told])
    atlas = library.atlas.with_zones([one.area for one in seen])
    return replace(library, atlas=atlas), replace(
        both, notes=records.notes, by_officer=records.by_officer
    )
