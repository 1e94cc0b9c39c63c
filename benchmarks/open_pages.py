"""Open pages that hear of a new record: how long until the last of them does; prints a table.

    python -m benchmarks.open_pages [PAGES…]

Each line is a server of its own in this process, on a ledger with one record; then one comes.
"""

import argparse
import asyncio
import json
import tempfile
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from servanda.cli import main as servanda
from servanda.web.app import create_app
from servanda.web.settings import Settings
from tests.support.browser import served

AGREEMENT = "energy-moratorium-2025"
Heard = tuple[float, str]  # when a mark came, and the mark
SIZES = (30, 300, 600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", type=int, default=SIZES)
    print(f"{'open pages':>10}  {'first hears s':>13}  {'last hears s':>12}", flush=True)
    for count in parser.parse_args().pages:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "some.ledger"
            _say("ledger", "init", "--ledger", str(place), "--title", "Some")
            enter(place, "r1")
            app = create_app(Settings((AGREEMENT,), demo=True, ledger=str(place)))
            with served(app) as address:
                first, last = asyncio.run(_measure(address, place, count))
        print(f"{count:10,}  {first:13.2f}  {last:12.2f}", flush=True)


async def _measure(address: str, place: Path, count: int) -> tuple[float, float]:
    """Seconds from when a record was entered to when the first and the last page heard of it."""
    heard: list[list[Heard]] = [[] for _ in range(count)]
    where = f"{address}/agreements/{AGREEMENT}/live"
    tasks = [asyncio.create_task(listen(where, mine)) for mine in heard]
    await _until(heard, 1)
    await asyncio.to_thread(enter, place, "r2")
    entered = time.monotonic()
    await _until(heard, 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    times = [mine[1][0] - entered for mine in heard]
    return min(times), max(times)


async def _until(heard: list[list[Heard]], marks: int) -> None:
    async with asyncio.timeout(60):
        while any(len(mine) < marks for mine in heard):
            await asyncio.sleep(0.02)


async def listen(address: str, heard: list[Heard]) -> None:
    """Listen at the address of a stream until cancelled."""
    host = urlsplit(address).netloc
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(f"GET {urlsplit(address).path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    try:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                heard.append((time.monotonic(), line[6:].decode().strip()))
    finally:
        writer.close()


def enter(place: Path, name: str, handling: str = "public") -> None:
    """One more record in a ledger."""
    row = {
        "id": name, "type": "attack", "at": "2025-03-21T10:00:00Z", "source": "Press",
        "args": {"by": "Russia", "on": "Ukraine", "target": "energy"},
        "place": {"name": "Kherson"},
    }  # fmt: skip
    file = place.parent / f"{name}.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    told = ("--handling", handling, "--use", "assessment", "--use", "reporting")
    _say("ledger", "import", str(file), "--ledger", str(place), "--agreement", AGREEMENT, *told)


def _say(*command: str) -> None:
    with redirect_stdout(StringIO()):
        assert servanda(list(command)) == 0


if __name__ == "__main__":
    main()
