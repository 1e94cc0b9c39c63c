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
        )
    )
    return 0
