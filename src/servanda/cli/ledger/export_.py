"""`servanda ledger export`: a self-contained folder that an outsider can check."""

from pathlib import Path
from typing import Any

from servanda.cli import text
from servanda.cli.ledger.common import advancing, now, opened, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    from servanda.ledger.words import CLASSES, USES

    parser = verb(verbs, "export", "write a folder that an outsider can check", run)
    parser.add_argument("folder", metavar="FOLDER", help="a new folder")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=CLASSES,
        metavar="CLASS",
        default="public",
        help=f"close what this audience may not see: {', '.join(CLASSES)}; default: public",
    )
    parser.add_argument(
        "--use",
        choices=USES,
        metavar="USE",
        help=f"close what may not be used for this: {', '.join(USES)}",
    )
    parser.add_argument(
        "--close",
        action="append",
        default=[],
        metavar="FIELD",
        help="close this field of every record; may be repeated",
    )


def run(options: Any) -> int:
    from servanda.ledger.export import Release, checked_fields, export

    release = Release(options.audience, options.use, checked_fields(options.close))
    ledger = opened(options)
    with advancing("exporting entries") as advanced:
        made = export(ledger, Path(options.folder), release, now(), advanced)
    if options.format == "json":
        print(as_json({"folder": options.folder, "ledger": ledger.id.hex(), **_plain(made)}))
        return 0
    print(
        f"{options.folder}: {made.entries:,} entries, {made.shown:,} of them shown; "
        f"{text.number(made.records, 'record')}, {text.number(made.attachments, 'attachment')}"
    )
    if made.withheld:
        print(
            text.wrap(
                f"{text.number(made.withheld, 'attachment')} withheld: metadata cannot be stripped "
                "from that kind of file."
            )
        )
    print(f"check it with: python {Path(options.folder) / 'verify.py'}")
    return 0


def _plain(made: Any) -> dict[str, Any]:
    import dataclasses

    return dataclasses.asdict(made)
