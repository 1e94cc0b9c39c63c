"""What fuzzing starts from: the agreements and files that come with the package, and the cases."""

from collections.abc import Iterator
from pathlib import Path

from servanda.language.forms import CLAUSES, HEADS
from servanda.library import BUNDLED
from servanda.model.standard import BUILT_IN, MEANS, ROLES, TRAITS
from tests.language import error_cases

MOST = 8_000  # bytes; longer files are cut into pieces
ZONE = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"z","properties":'
    b'{"band_km":2},"geometry":{"type":"Polygon","coordinates":[[[37,48],[38,48],[38,49],[37,48]]]'
    b'}},{"id":"y","geometry":{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}}]}'
)
RECORDS = (
    b'{"id":"a1","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A","on":"B"},'
    b'"place":{"lat":48.5,"lon":37.1},"source":"B","count":3,"same_as":["a2"]}\n',
    b"id,type,at,args.by,args.on,lat,lon,source\na1,attack,2026-01-05,A,B,48.5,37.1,Press\n",
    b'{"id":"w","type":"attack","reported":"2026-01","withdraws":"a1","source":"B"}\n',
)


def seeds(target: str) -> Iterator[bytes]:
    match target:
        case "agreement":
            for path in (*error_cases.cases(), *error_cases.pages()):
                case = error_cases.read(path)
                for _, data in (*case.files, *case.cured):
                    yield data[:MOST]
            yield from _pieces(BUNDLED.glob("*/agreement.md"))
        case "records":
            yield from RECORDS
            yield from _pieces((*BUNDLED.glob("*/records/*"), *BUNDLED.glob("*/courses/*")))
        case "yaml":
            yield from _pieces(BUNDLED.glob("*/*.yaml"))
        case "geojson":
            yield ZONE
        case "standard":
            for path in (*error_cases.cases(), *error_cases.pages()):
                case = error_cases.read(path)
                yield from (d for n, d in (*case.files, *case.cured) if n.endswith(".standard"))


def _pieces(paths: Iterator[Path] | tuple[Path, ...]) -> Iterator[bytes]:
    for path in sorted(paths):
        data = path.read_bytes()
        for start in range(0, min(len(data), 10 * MOST), MOST):
            yield data[start : start + MOST]


def words(target: str) -> Iterator[str]:
    """Words that a fuzzer would take long to find by itself."""
    match target:
        case "agreement":
            yield from (form.keyword for form in HEADS)
            yield from (form.keyword for forms in CLAUSES.values() for form in forms)
            yield from ("```servanda", "~~~servanda", "## p1. ", "in_force", "[0 days, 30 days]")
        case "records":
            yield from ('"id":', '"type":"attack"', '"args":', '"at":"2026-01-01"', '"source":')
        case "yaml":
            yield from ("sources:", "- id: ", "statements:", "check:", "!!", "&a ", "*a", "<<: ")
        case "geojson":
            yield from ('"features":[', '"id":"z"', '"Polygon"', '"coordinates":', "1e999", "NaN")
        case "standard":
            yield from (*TRAITS, *MEANS, *ROLES, *BUILT_IN, "party:A", "kind:media", "source:Press")
            yield from ("and", "or", "not", "at least 2 of (", "2 independent", "including 1", "--")
            yield from ("only", "how", "with findings", "{", "}")
