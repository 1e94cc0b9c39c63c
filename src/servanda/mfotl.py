"""Monitoring files in the peers' formats: signature, formula and log in, verdicts out.

    verdicts = monitor_files(Path("p.sig"), Path("p.mfotl"), Path("p.log"))

Errors are `InputError` with file, line and column; rows of a log that cannot be used are in
`verdicts.log.problems`, and the rest of the log is monitored.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servanda.engine.columns.monitor import Verdicts
    from servanda.model.event_log import EventLog


class FormatError(ValueError):
    """Input that cannot be used; the message says what, where, why and how to fix it."""


@dataclass(frozen=True, slots=True)
class Monitored:
    """The verdicts on a log, and the log, in which the strings and the problems are."""

    log: "EventLog"
    verdicts: "Verdicts"

    def write(self, out: IO[bytes]) -> None:
        """In the peers' form."""
        from servanda.language.mfotl.write import write_verdicts

        for part in self.verdicts.parts():
            write_verdicts(out, self.log, part.kinds, part.columns, part.start)

    def rows(self) -> list[dict[str, Any]]:
        """As plain data: a time-point with its stamp and the values of the variables."""
        v, log = self.verdicts, self.log
        columns = [
            [log.strings[x] if kind == "string" else x for x in column.tolist()]
            for kind, column in zip(v.kinds, v.columns, strict=True)
        ]
        numbers = v.at if log.numbers is None else log.numbers[v.at]
        rows: list[dict[str, Any]] = []
        values = zip(*columns, strict=True) if columns else iter([()] * len(v.at))
        for stamp, number, row in zip(
            log.stamps[v.at].tolist(), numbers.tolist(), values, strict=True
        ):
            if not rows or rows[-1]["time_point"] != number:
                rows.append({"time_stamp": stamp, "time_point": number, "values": []})
            rows[-1]["values"].append(list(row))
        return rows


def monitor_files(
    signature: Path, formula: Path, log: Path, *, open_end: bool = False, negate: bool = False
) -> Monitored:
    """Monitor a log; raises FormatError, or OSError for a file that cannot be read."""
    from servanda.language.mfotl.check import check
    from servanda.language.mfotl.columns import constants, used
    from servanda.language.mfotl.formula import parse_formula
    from servanda.language.mfotl.lexer import MfotlError
    from servanda.language.mfotl.read import read_log
    from servanda.language.mfotl.signature import parse_signature
    from servanda.model.formula import Formula, Not

    try:
        declared = parse_signature(_text(signature))
        source = _text(formula)
        parsed: Formula = parse_formula(source)
        check(parsed, declared, source)
        parsed = Not(parsed, 0) if negate else parsed
        events = read_log(log, declared, wanted=used(parsed), constants=constants(parsed))
    except MfotlError as error:
        raise FormatError(str(error)) from error
    from servanda.engine.columns.monitor import monitor
    from servanda.engine.columns.plan import PlanError
    from servanda.engine.columns.safety import Unsafe

    try:
        verdicts = monitor(parsed, events, open_end=open_end)
    except (Unsafe, PlanError) as error:
        raise FormatError(str(source.error(error.at, str(error)))) from error
    return Monitored(events, verdicts)


def _text(path: Path) -> Any:
    from servanda.language.mfotl.lexer import MfotlError, Text

    try:
        return Text(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise MfotlError(f"{path.name}: the file is not UTF-8 text.") from error
