"""The rows of the tables in `docs/records.md`, derived from the standard record types.

`python -m tests.support.vocabulary` writes the rows of that page anew, each where its type stands.
"""

import re

from servanda.language.load import standard_records
from servanda.model.record_type import ArgType, RecordType
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "records.md"
_ROW = re.compile(r"^\| `(\w+)` \|.*$", re.MULTILINE)


def row(record: RecordType) -> str:
    """One line of a table: type, what happens, arguments, who acts, how long, whose word."""
    args = "; ".join(_argument(arg) for arg in record.args)
    actor = f"`{record.actor}`" if record.actor else "nobody"
    cells = (f"`{record.id}`", record.title or "", args, actor, _holds(record), _word(record))
    return "| " + " | ".join(cells) + " |"


def _argument(arg: ArgType) -> str:
    many = " (list)" if arg.many else ""
    words = f": {', '.join(arg.one_of)}" if arg.one_of else ""
    return f"`{arg.name}`{'' if arg.required else '?'} {arg.kind.value}{many}{words}"


def _holds(record: RecordType) -> str:
    if record.event:
        return "at its instant"
    endings = " or ".join(f"`{ending.type}`" for ending in record.endings)
    return f"until {endings}" if endings else "from then on"


def _word(record: RecordType) -> str:
    if record.declared_by is not None:
        return f"each of `{record.declared_by}`" if record.declared_by_each else "its own"
    return "a mandated body's" if record.alone else ""


def renewed(text: str) -> str:
    types = standard_records()
    return _ROW.sub(lambda m: row(types[m[1]]) if m[1] in types else m[0], text)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
