"""Many readers at once on one server process: reads per second, and how long one takes.

    python -m benchmarks.reads [SECONDS [READERS]]

`servanda serve --demo` in a process of its own; readers in this one, each with a connection that it
keeps, over pages and data that were asked for once before.  Any answer but 200 is a failure.
"""

import http.client
import itertools
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable

FLAGSHIP = "/agreements/ukraine-28-point"
COURSE = "course=first-months"
PAUSE = "/agreements/energy-moratorium-2025"
ADDRESSES = (
    "/",
    f"{FLAGSHIP}?{COURSE}",
    f"{FLAGSHIP}/provisions/p28?{COURSE}",
    f"{FLAGSHIP}/provisions?{COURSE}",
    f"{PAUSE}?standard=any_claim",
    f"{PAUSE}/records",
    f"{PAUSE}/records?q=kherson",
    f"{PAUSE}/claims",
    f"{PAUSE}/map?standard=any_claim",
    f"{PAUSE}/records.json",
)
SECONDS, READERS = 10, 16


def main() -> None:
    given = [int(n) for n in sys.argv[1:]]
    seconds, readers = (*given, *(SECONDS, READERS)[len(given) :])
    command = [sys.executable, "-m", "servanda.cli", "serve", "--demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://([^/]+)/", server.stdout.readline())
            assert found is not None
            _read(found[1], ADDRESSES)
            times, failed = _measure(found[1], seconds, readers)
        finally:
            server.terminate()
    print(f"{'readers':>7}  {'reads/s':>8}  {'median ms':>9}  {'99 % ms':>8}  {'failed':>6}")
    high = statistics.quantiles(times, n=100)[98] * 1000
    middle = statistics.median(times) * 1000
    print(f"{readers:7}  {len(times) / seconds:8.0f}  {middle:9.1f}  {high:8.1f}  {failed:6}")


def _measure(host: str, seconds: int, readers: int) -> tuple[list[float], int]:
    end = time.monotonic() + seconds
    results: list[tuple[list[float], int]] = []

    def read(shift: int) -> None:
        order = itertools.cycle(ADDRESSES[shift:] + ADDRESSES[:shift])
        until = itertools.takewhile(lambda _: time.monotonic() < end, order)
        results.append(_read(host, until))

    threads = [threading.Thread(target=read, args=(n % len(ADDRESSES),)) for n in range(readers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return [t for times, _ in results for t in times], sum(failed for _, failed in results)


def _read(host: str, addresses: Iterable[str]) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection(host, timeout=120)
    times, failed = [], 0
    for address in addresses:
        begun = time.perf_counter()
        connection.request("GET", address, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - begun)
        failed += answer.status != 200
    connection.close()
    return times, failed


if __name__ == "__main__":
    main()
