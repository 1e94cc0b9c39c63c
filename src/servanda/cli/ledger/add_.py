"""`servanda ledger add`: enter one record, or say something about records that stand."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from servanda.cli.ledger.common import handling_of, handling_options, now, opened, signer_of, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    parser = verb(verbs, "add", "enter one record, a verification or a merge", run)
    parser.add_argument(
        "row", nargs="?", metavar="ROW", help="a file with one record as JSON; “-”: standard input"
    )
    parser.add_argument(
        "--verify", nargs="+", metavar="ID", help="say that these records were checked"
    )
    parser.add_argument(
        "--merge", nargs="+", metavar="ID", help="say that these records are of one occurrence"
    )
    parser.add_argument("--sign", metavar="KEY", help="sign with this private key")
    parser.add_argument(
        "--attach", action="append", default=[], metavar="FILE", help="a file that belongs to it"
    )
    handling_options(parser)


def run(options: Any) -> int:
    from servanda.ledger import remarks
    from servanda.ledger.errors import LedgerError

    given = [options.row is not None, bool(options.verify), bool(options.merge)]
    if sum(given) != 1:
        raise LedgerError("Give one of: a file with a record, --verify ID…, --merge ID….")
    ledger = opened(options)
    signer = signer_of(options.sign)
    if options.row is not None:
        seq = _row(ledger, options, signer)
    elif signer is None:
        raise LedgerError("A verification or merge counts by its signature: give --sign KEY.")
    elif options.verify:
        seq = remarks.verification(ledger, options.verify, signer, now())
    else:
        seq = remarks.merge(ledger, options.merge, signer, now())
    print(as_json({"entry": seq}) if options.format == "json" else f"entry #{seq}")
    return 0


def _row(ledger: Any, options: Any, signer: Any) -> int:
    from servanda.ledger import attachments
    from servanda.ledger.errors import LedgerError
    from servanda.ledger.importing import enter
    from servanda.ledger.signing import named, speaks

    row = _read(options.row)
    if signer is not None and (why := speaks(named(ledger, signer), row)):
        raise LedgerError(f"Not entered: {why}.")
    files = [attachments.read(Path(name)) for name in options.attach]
    return enter(ledger, row, handling_of(options), now(), signer, files)


def _read(name: str) -> Mapping[str, Any]:
    """One record, over as many lines as it likes."""
    from servanda.evidence.rows import Bad, json_rows
    from servanda.ledger.errors import LedgerError

    where = "standard input" if name == "-" else name
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        found = list(json_rows([" ".join(raw.decode("utf-8-sig").split("\n"))]))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise LedgerError(f"{where}: not UTF-8 text: {error}.") from error
    if len(found) != 1:
        raise LedgerError(f"{where}: there is no record in it.")
    row = found[0][1]
    if isinstance(row, Bad):
        raise LedgerError(f"{where}: {row}.")
    return row
