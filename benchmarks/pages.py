"""The pages in-process: how long a fresh one takes, and a warm one; prints a table.

    python -m benchmarks.pages [RECORDS…]

Seconds on the clock, without a network: the first time that a view is asked for, and the median of
five times after.  With numbers, also on so many generated records of the flagship, and there how
long the agreement and a provision take at dates that nobody has asked for, spread over all months:
the median and the longest.  How slow the machine is stands above: tests/support/pace.py.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from starlette.testclient import TestClient

from servanda.web.app import create_app
from servanda.web.settings import Settings
from tests.support.pace import pace

FLAGSHIP = "/agreements/ukraine-28-point"
COURSE = "course=first-months"
PAGES = ("", "/provisions/p28", "/provisions/p8", "/records", "/records?q=kherson", "/claims",
         "/map", "/changes")  # fmt: skip
WARM = 5
SLID = ("", "/provisions/p28")
MONTHS = [f"{year}-{month:02}" for year in range(2026, 2030) for month in (3, 7, 11)]


def table(settings: Settings, query: str, what: str) -> TestClient:
    """One line for each page of one set of records."""
    began = time.perf_counter()
    client = TestClient(create_app(settings))
    client.get("/")
    print(f"{what}; first page {time.perf_counter() - began:.2f} s after the start")
    print(f"{'page':<22}{'fresh s':>9}{'warm s':>9}{'kB':>7}")
    for page in PAGES:
        mark = "&" if "?" in page else "?"
        address = FLAGSHIP + page + (mark + query if query else "")
        times = []
        for _ in range(WARM + 1):
            start = time.perf_counter()
            answer = client.get(address)
            times.append(time.perf_counter() - start)
        assert answer.status_code == 200, address
        warm = statistics.median(times[1:])
        size = len(answer.content) / 1000
        print(f"{page or '(agreement)':<22}{times[0]:9.3f}{warm:9.3f}{size:7.0f}", flush=True)
    return client


def sliders(client: TestClient) -> None:
    """Pages at dates that nobody has asked for."""
    print(f"{'at a fresh date':<22}{'median':>9}{'longest':>9}")
    for number, page in enumerate(SLID, 1):
        times = []
        for month in MONTHS:
            start = time.perf_counter()
            answer = client.get(f"{FLAGSHIP}{page}?as_of={month}-{number:02}")
            times.append(time.perf_counter() - start)
            assert answer.status_code == 200, month
        told = f"{statistics.median(times):9.3f}{max(times):9.3f}"
        print(f"{page or '(agreement)':<22}{told}", flush=True)


def main() -> None:
    """The bundled course, then generated records."""
    print(f"pace {pace():.2f} (1: an ordinary processor of 2025)")
    table(Settings(demo=True, hosts=("testserver",)), COURSE, "The course of the flagship")
    for count in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "records.parquet"
            command = [sys.executable, "-m", "benchmarks.monitored", str(count), str(file)]
            subprocess.run(command, check=True)
            settings = Settings(
                (FLAGSHIP.rpartition("/")[2],), True, records=(file,), hosts=("testserver",)
            )
            sliders(table(settings, "", f"{count:,} generated records"))


if __name__ == "__main__":
    main()
