"""`servanda ledger …`: one file a verb; each reads its options, calls the ledger, prints."""

from typing import Any

VERBS = (
    *("init", "import", "add", "list", "show", "history", "verify", "export"),
    *("redact", "shred", "sign", "keys", "vault", "stats"),
)
SUMMARY = "keep records so that an outsider can check them"


def add(commands: Any) -> None:
    from importlib import import_module

    from servanda.cli.options import RAW, examples

    added = commands.add_parser(
        "ledger",
        help=SUMMARY,
        description=SUMMARY[0].upper() + SUMMARY[1:] + ".",
        epilog="examples:\n" + examples("ledger"),
        formatter_class=RAW,
    )
    verbs = added.add_subparsers(dest="verb", metavar="VERB", title="verbs", required=True)
    for name in VERBS:
        import_module(f"servanda.cli.ledger.{name}_").add(verbs)
