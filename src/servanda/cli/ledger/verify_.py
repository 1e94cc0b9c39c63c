"""`servanda ledger verify`: whether a ledger or an export is whole, and which entry fails how."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from servanda.cli import EXIT_MET, text
from servanda.cli.ledger.common import advancing, opened, verb
from servanda.cli.options import as_json

SHOWN = 50


def add(verbs: Any) -> None:
    parser = verb(verbs, "verify", "check every entry; exit with 1 when one fails", run)
    parser.add_argument(
        "export", nargs="?", metavar="FOLDER", help="an export, checked without any database"
    )
    parser.add_argument("--expect", metavar="LEDGER", help="the id that the ledger must have")
    parser.add_argument(
        "--extends", metavar="FOLDER", help="an older export that this one must continue"
    )


def run(options: Any) -> int:
    return _export(options) if options.export is not None else _ledger(options)


def _export(options: Any) -> int:
    from servanda.ledger import outsider
    from servanda.ledger.errors import LedgerError

    if not Path(options.export).is_dir():
        raise LedgerError(f"{options.export}: there is no such folder. A ledger goes to --ledger.")
    try:
        failures, counts, _ = outsider.verify(options.export, options.expect, options.extends)
    except outsider.Bad as error:
        raise LedgerError(f"{options.export}: {error}.") from error
    return _tell(options, failures, counts)


def _ledger(options: Any) -> int:
    from servanda.ledger import chain
    from servanda.ledger.history import statistics

    ledger = opened(options)
    total = statistics(ledger).entries if sys.stderr.isatty() else None
    with advancing("checking entries", total) as advanced:
        found = chain.verify(ledger, advanced)
    if options.expect and options.expect != ledger.id.hex():
        found.fail("chain", f"this is not the ledger {options.expect}")
    counts = {
        "ledger": ledger.id.hex(),
        "head": found.head.hex(),
        "entries": found.entries,
        "open": found.open,
        "closed": found.entries - found.open,
        "shredded": found.shredded,
        "signatures": found.signatures,
        "attachments": found.attachments,
        "signers": [asdict(one) for one in found.signers.values()],
    }
    return _tell(options, [(f.where, f.how) for f in found.failures], counts)


def _tell(options: Any, failures: Iterable[tuple[int | str, str]], counts: dict[str, Any]) -> int:
    told = list(failures)
    if options.format == "json":
        rows = [{"where": where, "how": how} for where, how in told]
        print(as_json({"whole": not told, **counts, "failures": rows}))
        return EXIT_MET if told else 0
    for where, how in told[:SHOWN]:
        name = f"entry #{where}" if isinstance(where, int) else where
        print(text.item(f"{name}: {how}", 0, "✗"))
    if len(told) > SHOWN:
        print(f"… and {len(told) - SHOWN} more (all are in --format json)")
    signers = counts.pop("signers")
    text.say([text.table([(name, str(value)) for name, value in counts.items()], indent=0)])
    for who in signers:
        said = f"{text.number(who['entries'], 'signature')} by {text.clean(who['holder'])}"
        print(text.item(f"{said} ({who['role']}, {who['key'][:16]}…)", 0, "·"))
    print(f"NOT WHOLE: {text.number(len(told), 'failure')}" if told else "whole")
    return EXIT_MET if told else 0
