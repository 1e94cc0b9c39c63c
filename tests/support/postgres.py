"""A private PostgreSQL on the loopback, for the tests alone: its own folder, port and user.

PostgreSQL refuses to run as root: then it runs as the user `postgres` or `nobody`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

PACKAGE = "PostgreSQL 15 or newer is absent (Debian and Ubuntu: apt-get install postgresql)"
_FAST = ("fsync=off", "full_page_writes=off", "max_connections=40", "shared_buffers=256MB")


def programs() -> Path | None:
    """The folder with initdb and pg_ctl of the newest version; None without one from 15 on."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    usable = [p for p in found if int(p.parent.name) >= 15 and (p / "initdb").exists()]
    if usable:
        return usable[-1]
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named and shutil.which("pg_ctl") else None


@dataclass
class Cluster:
    """A running server; `fresh` gives the address of a new, empty database."""

    bin: Path
    folder: Path
    port: int
    user: str | None
    settings: tuple[str, ...] = ()
    numbers: "count[int]" = field(default_factory=count)

    def _run(self, program: str, *arguments: str) -> None:
        before = ["runuser", "-u", self.user, "--"] if self.user else []
        done = subprocess.run(
            [*before, str(self.bin / program), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "servanda", "-N", "-E", "UTF8")
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder}"
        options += "".join(f" -c {setting}" for setting in self.settings)
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def fresh(self) -> str:
        import psycopg

        name = f"ledger_{next(self.numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str) -> str:
        return f"postgresql://servanda@127.0.0.1:{self.port}/{database}"


def cluster(safe: bool = False) -> Cluster:
    """Start a server in a folder of its own; raises LookupError where there is none to start.

    `safe`: with the settings that keep data when the machine stops, as it would run in earnest.
    """
    found = programs()
    if found is None:
        raise LookupError(PACKAGE)
    folder = Path(tempfile.mkdtemp(prefix="servanda-postgres-"))
    user = None
    if os.geteuid() == 0:
        user = next(u for u in ("postgres", "nobody") if _exists(u))
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Cluster(found, folder, port, user, () if safe else _FAST)
    made.start()
    return made


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
