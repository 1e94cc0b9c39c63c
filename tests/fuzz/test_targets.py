"""Whatever is given to a reader ends in messages, soon, and never in a traceback."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.language.diagnostics import render
from servanda.language.format import format_text
from servanda.language.load import load_agreement
from servanda.library import cycles
from tests.fuzz import shapes
from tests.fuzz.seeds import seeds, words
from tests.fuzz.targets import TARGETS
from tests.support.pace import soon

# 40 in `make test`, a thousand in `make check-long`.
EXAMPLES = min(1_000, settings().max_examples * 2 // 5)
SEEDS = {name: [data for data in seeds(name) if data] for name in TARGETS}
MARKS = ["\x00", "\u202e", "\u200b", "\t", "\ufeff", "\x1b[31m", "а", "e\u0301", "٣", "```", "<!--"]


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES)
@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_anything(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_words_in_any_order(name: str, data: st.DataObject) -> None:
    known = [*words(name), *MARKS, " ", "\n", "\n  ", "(", ")", "{", "}", "[", "]", '"', ":", ","]
    drawn = data.draw(st.lists(st.sampled_from(known), max_size=60))
    TARGETS[name]("".join(drawn).encode())
    TARGETS[name](" ".join(drawn).encode())


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_real_input_with_pieces_cut_out_doubled_and_swapped(name: str, data: st.DataObject) -> None:
    given_ = data.draw(st.sampled_from(SEEDS[name]))
    for _ in range(data.draw(st.integers(1, 4))):
        a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(given_))] * 2)))
        b = min(b, a + 200)
        other = data.draw(st.sampled_from(SEEDS[name]))
        pieces = (b"", given_[a:b] * 2, given_[a:b][::-1], other[a : a + 100], b"\xff", b"9" * 40)
        piece = data.draw(st.sampled_from((*pieces, *(mark.encode() for mark in MARKS))))
        given_ = given_[:a] + piece + given_[b:]
    TARGETS[name](given_)


def load(text: str, name: str) -> None:
    render(load_agreement(text + "\n", name=name, checks=(cycles,)).diagnostics)


READERS: dict[str, tuple[dict[str, str], list[Callable[[str], object]]]] = {
    "code": (
        {name: shapes.HEAD + text for name, text in shapes.CODE.items()},
        [lambda text: load(text, "x.servanda"), lambda text: format_text(text, "x.servanda")],
    ),
    "prose": (
        {name: shapes.MARKDOWN + text for name, text in shapes.PROSE.items()},
        [lambda text: load(text, "x.md"), lambda text: format_text(text, "x.md")],
    ),
    "records": (shapes.RECORDS, [lambda text: TARGETS["records"](text.encode())]),
    "yaml": (shapes.YAML, [lambda text: TARGETS["yaml"](text.encode())]),
    "geojson": (shapes.GEOJSON, [lambda text: TARGETS["geojson"](text.encode())]),
    "standard": (shapes.STANDARD, [lambda text: TARGETS["standard"](text.encode())]),
}
SHAPES = [(reader, shape) for reader, (made, _) in READERS.items() for shape in made]


@pytest.mark.parametrize(("reader", "shape"), SHAPES, ids=[f"{r}: {s}" for r, s in SHAPES])
def test_no_shape_takes_long(reader: str, shape: str) -> None:
    """Seconds of the processor for about 100 kB, each time they are read."""
    made, readers = READERS[reader]
    text = made[shape]
    assert len(text) > 20_000
    for read in readers:
        longest = MARKDOWN_S if reader == "prose" else LONGEST_S
        with soon(longest * max(1.0, len(text.encode()) / 100_000), shape):
            read(text)


LONGEST_S = 2.0
MARKDOWN_S = 4.0  # markdown-it alone takes two seconds for 25,000 items of a list
