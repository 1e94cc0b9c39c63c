"""What `servanda serve` is told: where it listens, what it shows, to whom.

In: options of the command line.  Out: one immutable value that everything else is given.
"""

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
PORT = 8321
# Assessments that are kept; each holds its records and histories.
KEPT = 24
# Days before the assessment whose records are told as changes.
CHANGES_DAYS = 31
# Hosts by which a server on the loopback may be called: another name is a rebinding attack.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """`agreements` are ids or paths, all bundled ones where none is named.

    `records` or `ledger` take the place of the records bundled with the one agreement named.
    With `demo` everybody may read and nobody changes anything; only public records are shown.
    """

    agreements: tuple[str, ...] = ()
    demo: bool = False
    host: str = HOST
    port: int = PORT
    records: tuple[Path, ...] = ()
    ledger: str | None = None
    kept: int = KEPT
    hosts: tuple[str, ...] = LOOPBACK

    @property
    def called(self) -> frozenset[str]:
        """The names by which it answers."""
        bound = {self.host, f"[{self.host}]"} if ":" in self.host else {self.host}
        return frozenset(self.hosts) | bound
