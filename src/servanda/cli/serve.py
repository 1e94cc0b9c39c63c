"""`servanda serve`: the web application on this machine."""

from pathlib import Path
from typing import Any

from servanda.cli.options import command


def add(commands: Any) -> None:
    parser = command(commands, "serve", "show agreements as pages in a browser", run)
    parser.add_argument(
        "agreement", metavar="AGREEMENT", nargs="*", help="ids or paths; default: all bundled ones"
    )
    parser.add_argument("--demo", action="store_true", help="read only, for everybody, no sign-in")
    parser.add_argument(
        "--port", type=_port, default=8321, metavar="N", help="default: 8321; 0: any that is free"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="where it listens; default: 127.0.0.1"
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="N",
        help="a host name by which it is called as well, such as that of a proxy; may be repeated",
    )
    parser.add_argument(
        "--records",
        action="append",
        default=[],
        metavar="FILE",
        help="JSON Lines, CSV or Parquet, in place of the bundled records of the one AGREEMENT",
    )
    parser.add_argument(
        "--ledger", metavar="L", help="a ledger's file or postgresql://…, in place of --records"
    )
    parser.add_argument(
        "--people",
        metavar="P",
        help="where accounts are kept: a file or postgresql://…; default: beside the ledger",
    )
    parser.add_argument("--people-key", metavar="FILE", help="the key file of a --people database")
    parser.add_argument(
        "--public",
        action="store_true",
        help="pages with public records without sign-in; released editions are open to everybody",
    )
    parser.add_argument(
        "--address", metavar="URL", help="how browsers call it behind TLS: https://peace.example"
    )
    parser.add_argument(
        "--new-administrator",
        action="store_true",
        help="a one-time link for an administrator, although there is one",
    )
    parser.add_argument(
        "--notice-hours",
        type=int,
        default=48,
        metavar="N",
        help="between telling the parties of an edition and releasing it; default: 48",
    )
    provider = parser.add_argument_group("OpenID Connect")
    provider.add_argument("--oidc-issuer", metavar="URL", help="a provider to sign in with")
    provider.add_argument("--oidc-client", metavar="ID", help="how the provider calls this server")
    provider.add_argument("--oidc-secret", metavar="FILE", help="where the shared secret stands")


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def run(options: Any) -> int:
    from servanda.library import InputError

    try:
        from servanda.web.serve import serve
        from servanda.web.settings import LOOPBACK, Settings
    except ModuleNotFoundError as error:
        raise InputError(
            f"The web application needs {error.name}, which is not installed: "
            "pip install 'servanda[web]'."
        ) from error
    serve(
        Settings(
            tuple(options.agreement),
            options.demo,
            options.host,
            options.port,
            tuple(Path(name) for name in options.records),
            options.ledger,
            hosts=(*LOOPBACK, *options.name),
            public=options.public,
            people=options.people,
            people_key=Path(options.people_key) if options.people_key else None,
            address=options.address,
            new_administrator=options.new_administrator,
            oidc_issuer=options.oidc_issuer,
            oidc_client=options.oidc_client,
            oidc_secret=Path(options.oidc_secret) if options.oidc_secret else None,
            notice_hours=options.notice_hours,
        )
    )
    return 0
