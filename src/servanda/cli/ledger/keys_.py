"""`servanda ledger keys`: who may sign, and in what role."""

from pathlib import Path
from typing import Any

from servanda.cli import text
from servanda.cli.ledger.common import now, opened, passphrase, verb
from servanda.cli.options import as_json


def add(verbs: Any) -> None:
    from servanda.ledger.words import ROLES

    parser = verb(verbs, "keys", "list, make, register, rotate and revoke keys", run)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--new", metavar="FILE", help="make a private key and register it")
    what.add_argument("--register", metavar="PUBLIC", help="register the public key of somebody")
    what.add_argument("--revoke", metavar="PUBLIC", help="what it signs from now on does not count")
    parser.add_argument(
        "--rotate",
        metavar="PUBLIC",
        help="with --new or --register: the key that ends as the new one begins",
    )
    parser.add_argument("--holder", metavar="NAME", help="whose key; a pseudonym for a source")
    parser.add_argument("--role", choices=ROLES, help="what the holder may do")


def run(options: Any) -> int:
    from servanda.ledger import keys, signing
    from servanda.ledger.errors import LedgerError

    ledger = opened(options)
    if options.rotate:
        _rotate(ledger, options)
    elif (options.new or options.register) and not (options.holder and options.role):
        raise LedgerError("Say whose key it is and in what role: --holder NAME --role ROLE.")
    elif options.new:
        made = keys.make()
        keys.save(made, Path(options.new), passphrase())
        signing.register(ledger, made.public, options.holder, options.role, now())
    elif options.register:
        signing.register(ledger, options.register, options.holder, options.role, now())
    elif options.revoke:
        signing.revoke(ledger, options.revoke, now())
    found = signing.registered(ledger)
    if options.format == "json":
        print(as_json([_plain(one) for one in found]))
        return 0
    for one in found:
        revoked = f", revoked by #{one.revoked}" if one.revoked else ""
        print(text.item(f"{one.holder}: {one.role} since #{one.seq}{revoked}", 0, "·"))
        print(f"  {one.key}")
    if not found:
        print("no keys but the ledger's own")
    return 0


def _rotate(ledger: Any, options: Any) -> None:
    """A new key in place of one, for the same holder in the same role."""
    from servanda.ledger import keys, signing
    from servanda.ledger.errors import LedgerError

    if not (options.new or options.register) or options.holder or options.role:
        raise LedgerError(
            "Say which key takes its place: --new FILE, or --register PUBLIC; holder and role stay."
        )
    if options.register:
        signing.rotate(ledger, options.rotate, options.register, now())
        return
    made = keys.make()
    keys.save(made, Path(options.new), passphrase())
    try:
        signing.rotate(ledger, options.rotate, made.public, now())
    except LedgerError:
        Path(options.new).unlink()  # it serves nowhere
        raise


def _plain(one: Any) -> dict[str, Any]:
    import dataclasses

    return dataclasses.asdict(one)
