"""The parser as it is made from `grammar.lark`, and the tables that were made of it beforehand.

Making them takes a quarter of a second, reading them a tenth of that.  `scripts/build_grammar.py`
writes them anew; tables of another grammar or of another version of lark are not used.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

STARTS = (
    "head",
    "header_clause",
    "provision_clause",
    "actor_clause",
    "place_clause",
    "zone_clause",
    "term_clause",
    "record_clause",
    "fund_clause",
    "institution_clause",
    "state_clause",
    "norm_clause",
)
FILE = "grammar.json"


def made(**options: Any) -> "Lark":
    """The parser, from the text of the grammar."""
    from lark import Lark

    return Lark(
        _grammar(),
        parser="lalr",
        lexer="contextual",
        start=list(STARTS),
        propagate_positions=True,
        **options,
    )


def kept() -> str:
    """The tables that come with the package."""
    return files("servanda.language").joinpath(FILE).read_text(encoding="utf-8")


def read(text: str) -> "Lark | None":
    """The parser, from tables; None where they are not those of this grammar and this lark."""
    from lark import Lark

    held = json.loads(text, object_pairs_hook=_numbered)
    if held["made_of"] != _made_of():
        return None
    load: Callable[..., Lark] = Lark._load_from_dict  # as lark's own stand-alone parsers do
    return load(held["data"], held["memo"])


def _numbered(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
    """An object of JSON, whose keys are texts, with the numbers that were keys before."""
    return {int(key) if key.isdigit() else key: value for key, value in pairs}


def written() -> str:
    """The tables as they stand in the package."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = made(maybe_placeholders=True).memo_serialize([TerminalDef, Rule])
    held = {"made_of": _made_of(), "data": data, "memo": memo}
    return json.dumps(held, separators=(",", ":"), sort_keys=True) + "\n"


def _made_of() -> list[str]:
    import lark

    return [lark.__version__, sha256(_grammar().encode()).hexdigest()]


def _grammar() -> str:
    return files("servanda.language").joinpath("grammar.lark").read_text(encoding="utf-8")
