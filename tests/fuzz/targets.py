"""What is fuzzed: each target takes bytes that may be anything, and fails on any surprise.

Input ends in an agreement, in messages, in rows kept apart or in `InputError`; in nothing else, and
in no text that a terminal would obey.
"""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

from servanda import library
from servanda.beside import InputError, parse_yaml
from servanda.beside.shapes import SHAPES
from servanda.characters import FORBIDDEN
from servanda.evidence.read import Records, read_text
from servanda.geo import Atlas
from servanda.geo.zone_file import ZoneError, read_zone
from servanda.language.diagnostics import Reporter, render
from servanda.language.format import format_text
from servanda.language.load import load_agreement, standard_records
from servanda.language.print import print_agreement
from servanda.language.standard import MAX_STANDARD, read_standard

LONGEST_PRINTED = 20_000  # a paragraph of Markdown is printed as one line, which has a limit


@cache
def _known() -> Callable[[str], bool]:
    return Atlas.standard().known


def agreement(data: bytes) -> None:
    """An agreement as a bare file and as Markdown; what is read can be written and read again."""
    text = data.decode("utf-8", "surrogateescape") + "\n"
    for name in ("text.servanda", "text.md"):
        loaded = load_agreement(text, name=name, known_place=_known(), checks=(library.cycles,))
        shown = render(loaded.diagnostics)
        assert not FORBIDDEN.search(shown)
        assert loaded.agreement is not None or loaded.errors
        formatted = format_text(text, name)
        if loaded.agreement is None:
            continue
        assert not any(d.is_error for d in formatted.diagnostics)
        assert format_text(formatted.text, name).text == formatted.text
        again = load_agreement(formatted.text + "\n", name=name, known_place=_known())
        assert again.agreement == loaded.agreement
        if len(text) < LONGEST_PRINTED:
            printed = load_agreement(print_agreement(loaded.agreement), known_place=_known())
            assert printed.agreement is not None, render(printed.errors)


def records(data: bytes) -> None:
    """Records as JSON Lines and as CSV: each row is used or kept apart with a reason."""
    text = data.decode("utf-8", "surrogateescape")
    for csv_form in (False, True):
        read = read_text(text, "r", standard_records(), ZoneInfo("UTC"), csv_form=csv_form)
        _check_records(read)


def _check_records(read: Records) -> None:
    for one in read.refused:
        assert one.reason
        assert len(one.reason) < 2_000
    for record in read.records:
        told = (record.id, record.source, record.claimed_by, record.place, *record.args.values())
        for value in told:
            if isinstance(value, str) and not value.startswith(("{", "[")):
                assert not FORBIDDEN.search(value), value
        assert record.reported is not None


def yaml(data: bytes) -> None:
    """A YAML file beside an agreement, under each of the forms that such files have."""
    text = data.decode("utf-8", "replace")
    try:
        document = parse_yaml("x.yaml", text)
    except InputError as error:
        _check_refusal(error)
        return
    for shape in SHAPES.values():
        try:
            document.checked(shape)
        except InputError as error:
            _check_refusal(error)


def _check_refusal(error: InputError) -> None:
    assert error.diagnostics
    assert not FORBIDDEN.search(str(error))
    assert "fix: " in str(error)


def geojson(data: bytes) -> None:
    """A GeoJSON file: a shape that can be computed with, or a reason."""
    text = data.decode("utf-8", "replace")
    try:
        shape = read_zone(text, "z", name="zone", file="z.geojson")
    except ZoneError:
        return
    assert shape.geometry.is_valid
    assert shape.area_km2 >= 0


def standard(data: bytes) -> None:
    """An evidence standard of one's own: a rule whose text reads back as itself, or messages."""
    report = Reporter()
    names = {"party": ("A",), "source": ("Press",), "kind": ("media",)}
    found = read_standard(data.decode("utf-8", "surrogateescape"), "s", names, report)
    if found is None:
        shown = render(report.finish())
        assert not FORBIDDEN.search(shown)
        assert "fix: " in shown
        return
    assert read_standard(found.text, "s", names, report) == found or len(found.text) > MAX_STANDARD


TARGETS: dict[str, Callable[[bytes], None]] = {
    "agreement": agreement,
    "records": records,
    "yaml": yaml,
    "geojson": geojson,
    "standard": standard,
}
