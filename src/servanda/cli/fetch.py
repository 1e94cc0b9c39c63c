"""`servanda fetch`: a data set from its provider's programming interface, on your command alone."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.cli import text
from servanda.cli.options import as_json, command

if TYPE_CHECKING:
    from servanda.connect.fetch import Fetched
    from servanda.connect.http import Transport


def add(commands: Any) -> None:
    parser = command(
        commands, "fetch", "fetch a data set from its provider, with your own key", run
    )
    parser.add_argument("--connector", required=True, metavar="NAME", help="ucdp or acled")
    parser.add_argument(
        "--query", action="append", default=[], metavar="NAME=VALUE", help="what the provider asks"
    )
    parser.add_argument("--to", required=True, metavar="JSONL", help="where the rows go")
    parser.add_argument(
        "--key-file", metavar="FILE", help="a file with your key, mode 600; else the environment"
    )
    parser.add_argument("--resume", action="store_true", help="go on after an interruption")
    parser.add_argument(
        "--show", action="store_true", help="show the first address and stop; asks nobody"
    )


def run(options: Any) -> int:
    from servanda.connect import Unusable
    from servanda.connect.http import Failed
    from servanda.library import InputError

    try:
        return _fetch(options)
    except (Unusable, Failed) as error:
        hint = " --resume goes on from here." if isinstance(error, Failed) else ""
        raise InputError(f"{error}.{hint}".replace("..", ".")) from error


def transport() -> "Transport":
    from servanda.connect.http import over_the_network

    return over_the_network


def _fetch(options: Any) -> int:
    import os
    import random
    import time

    from servanda.cli.progress import working
    from servanda.connect.fetch import Fetched, fetch, interface
    from servanda.connect.http import Client
    from servanda.connect.keys import key
    from servanda.library import InputError

    api = interface(options.connector)
    first = api.first(_query(options.query))
    if options.show:
        print(first)
        return 0
    secret = key(api.variable, Path(options.key_file) if options.key_file else None, os.environ)
    if secret is None:
        raise InputError(
            f"{api.name} needs your own key: in the environment as {api.variable}, or in a file of "
            "mode 600 with --key-file."
        )
    to = Path(options.to)
    state_file = to.with_name(f"{to.name}.state.json")
    start = _load(state_file, first) if options.resume else Fetched(first)
    client = Client(transport(), time.sleep, random.random)
    state = start
    _save(state_file, first, start)
    with to.open("r+b" if options.resume else "wb") as out:
        out.seek(start.size)
        out.truncate()
        with working(f"fetching from {first.split('?')[0]}"):
            for state in fetch(api, client, secret, start, out, time.sleep):
                _save(state_file, first, state)
    _provenance(to, api.name, first, state.rows)
    state_file.unlink(missing_ok=True)
    text.say(
        [
            text.wrap(f"{state.rows:,} rows on {text.number(state.pages, 'page')} in {to}."),
            f"Next: servanda convert --connector {api.name} {to}",
        ]
    )
    return 0


def _query(given: list[str]) -> dict[str, str]:
    from servanda.library import InputError

    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise InputError(f"--query {one}: write NAME=VALUE.")
        found[name] = value
    return found


def _save(file: Path, first: str, state: "Fetched") -> None:
    from dataclasses import asdict

    file.write_text(json.dumps({"first": first, **asdict(state)}), encoding="utf-8")


def _load(file: Path, first: str) -> "Fetched":
    from servanda.connect.fetch import Fetched
    from servanda.connect.http import same_host
    from servanda.library import InputError

    try:
        data: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        asked, state = data["first"], Fetched(**{n: v for n, v in data.items() if n != "first"})
    except FileNotFoundError:
        raise InputError(f"There is nothing to resume: {file.name} is not there.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file.name} is no state of a fetch: {error}") from error
    if asked != first or (state.following and not same_host(first, state.following)):
        raise InputError(f"{file.name} is of another query; say the same --query, or start anew.")
    return state


def _provenance(to: Path, connector: str, address: str, rows: int) -> None:
    """Beside the file: what was asked, when, and what came, by its digest."""
    from datetime import UTC, datetime

    from servanda.connect import find
    from servanda.connect.provenance import of_file

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = of_file(connector, find(connector).licence, to, now).plain()
    beside = to.with_name(f"{to.name}.provenance.json")
    beside.write_text(
        as_json({**found, "retrieved_by": "fetched", "address": address, "rows": rows}) + "\n",
        encoding="utf-8",
    )
    if not found["licence"]["pass_on"]:
        print(text.wrap(f"Not to be passed on: {found['licence']['name']}."), file=sys.stderr)
