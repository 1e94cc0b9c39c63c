"""What the benchmarks share: on which machine they run, and what a whole process takes."""

import os
import platform
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, seconds of processor time, the highest memory in MiB."""

    clock: float
    processor: float
    mebibytes: float


class TooLong(Exception):
    """A process took longer than it was given."""


def machine() -> str:
    """The machine in one line; figures of another are to be compared as ratios only."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores ({_processor()}), {gibibytes:.0f} GiB, "
        f"{platform.python_implementation()} {platform.python_version()}, load {load:.1f}"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def least(command: Sequence[str], rounds: int = 1, limit: float | None = None) -> Spent:
    """The least of some rounds of a process; raises TooLong beyond a limit in seconds."""
    found = [spent(command, limit) for _ in range(rounds)]
    return Spent(
        min(s.clock for s in found),
        min(s.processor for s in found),
        min(s.mebibytes for s in found),
    )


def spent(command: Sequence[str], limit: float | None = None) -> Spent:
    """One process from start to end; its memory is its own and not that of its parent."""
    start = time.perf_counter()
    child = subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL)
    status, used = _ended(child, limit)
    clock = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {child.returncode}")
    return Spent(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _ended(
    child: subprocess.Popen[bytes], limit: float | None
) -> tuple[int, resource.struct_rusage]:
    """Its exit status and what it used; what takes too long is ended."""
    if limit is None:
        return os.wait4(child.pid, 0)[1:]
    stop = time.monotonic() + limit
    while time.monotonic() < stop:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            return status, used
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    os.wait4(child.pid, 0)
    child.returncode = -signal.SIGKILL
    raise TooLong


def _environment() -> dict[str, str]:
    """Modules are compiled once, as where a program is installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    kept.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "servanda-bench-pyc"))
    return kept
