"""The base map's data: units by internationally recognised borders, and well-known towns.

Names are found by id, and by Ukrainian, Russian and English spellings, earlier ones too.  A
spelling of several places is ambiguous: it is asked about, never guessed.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from servanda.geo.point import Point
from servanda.geo.shape import Shape


@dataclass(frozen=True, slots=True)
class Town:
    """A named point; `unit` is None outside the base map's units."""

    id: str
    name: str
    point: Point
    country: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that may mean any of several places, by their ids."""

    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Units and towns by id, other ids of them, and their spellings (folded, to ids)."""

    units: Mapping[str, Shape]
    towns: Mapping[str, Town]
    aliases: Mapping[str, str]
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, name: str) -> str | Ambiguous | None:
        """The id of a place by id or spelling; None where the name is not known."""
        name = self.aliases.get(name, name)
        if name in self.units or name in self.towns:
            return name
        found = self.spellings.get(folded(name), ())
        return found[0] if len(found) == 1 else Ambiguous(name, found) if found else None


def folded(name: str) -> str:
    """A name without what spellings differ in by habit: case, apostrophes, dashes, underscores."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    kept = "".join(" " if c in "-_‐–—." else c for c in plain if c not in "'’ʼ`´‘")
    return " ".join(kept.split())


@cache
def standard() -> Gazetteer:
    """The data that ships with the package; read once."""
    data = files("servanda.geo") / "data"
    units = json.loads((data / "units.geojson").read_text(encoding="utf-8"))
    towns = json.loads((data / "gazetteer.json").read_text(encoding="utf-8"))
    spellings = _spellings()
    names = {f["properties"]["name"]: f["id"] for f in units["features"]} | towns["aliases"]
    return Gazetteer(
        {
            f["id"]: Shape(f["id"], f["geometry"], properties=f["properties"])
            for f in units["features"]
        },
        {
            t["id"]: Town(
                t["id"], t["name"], Point(t["lat"], t["lon"]), t["country"], t.get("unit")
            )
            for t in towns["places"]
        },
        towns["aliases"],
        _by_spelling(names, spellings),
    )


@cache
def _spellings() -> Mapping[str, Mapping[str, list[str]]]:
    """Spellings of places by language, the usual one first."""
    text = (files("servanda.geo") / "data" / "spellings.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[str]]] = json.loads(text)["spellings"]
    return found


def name_in(place: str, language: str) -> str | None:
    """The usual name of a place in a language; None where none is known."""
    return next(iter(_spellings().get(place, {}).get(language, ())), None)


def _by_spelling(
    names: Mapping[str, str], spellings: Mapping[str, Mapping[str, list[str]]]
) -> dict[str, tuple[str, ...]]:
    """Ids by folded spelling; full names and further ids of units mean the unit alone."""
    found: dict[str, set[str]] = {}
    for place, languages in spellings.items():
        for spelling in (place, *(s for several in languages.values() for s in several)):
            found.setdefault(folded(spelling), set()).add(place)
    for name, place in names.items():
        found |= {folded(name): {place}, folded(place): {place}}
    return {spelling: tuple(sorted(ids)) for spelling, ids in found.items()}
