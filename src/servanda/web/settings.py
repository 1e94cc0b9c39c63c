"""What `servanda serve` is told: where it listens, what it shows, to whom.

In: options of the command line.  Out: one immutable value that everything else is given.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from servanda.library import InputError

HOST = "127.0.0.1"
PORT = 8321
# Assessments that are kept; each holds its records and histories.
KEPT = 24
# Days before the assessment whose records are told as changes.
CHANGES_DAYS = 31
# Between telling the last of the parties of an edition and releasing it.
NOTICE_HOURS = 48
MOST_NOTICE_HOURS = 24 * 60
# Hosts by which a server on the loopback may be called: another name is a rebinding attack.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """`agreements` are ids or paths, all bundled ones where none is named.

    `records` or `ledger` take the place of the records bundled with the one agreement named.
    With `demo` everybody may read and nobody changes anything; only public records are shown.
    With `public` everybody may read that who has not signed in, and those who have see more.

    `people` is the file or the URL where accounts are kept, beside the ledger where none is named;
    `people_key` the file of its keys.  `address` is how browsers call a server behind TLS, such as
    https://peace.example.  `new_administrator` has a link made although there is one.
    `oidc_…` name an OpenID Connect provider; the secret stands in a file.
    `notice_hours` have to pass between telling the parties of an edition and releasing it.
    """

    agreements: tuple[str, ...] = ()
    demo: bool = False
    host: str = HOST
    port: int = PORT
    records: tuple[Path, ...] = ()
    ledger: str | None = None
    kept: int = KEPT
    hosts: tuple[str, ...] = LOOPBACK
    public: bool = False
    people: str | None = None
    people_key: Path | None = None
    address: str | None = None
    new_administrator: bool = False
    oidc_issuer: str | None = None
    oidc_client: str | None = None
    oidc_secret: Path | None = None
    notice_hours: int = NOTICE_HOURS

    @property
    def called(self) -> frozenset[str]:
        """The names by which it answers."""
        bound = {self.host, f"[{self.host}]"} if ":" in self.host else {self.host}
        told = urlsplit(self.address or "").hostname
        return frozenset(self.hosts) | bound | ({told} if told else set())

    def check(self) -> None:
        """Raises InputError for what cannot be meant."""
        told = urlsplit(self.address or "https://here")
        if told.scheme not in ("http", "https") or not told.hostname or told.path.strip("/"):
            raise InputError(
                f"--address {self.address}: write how browsers call the server, without a path, "
                "such as https://peace.example."
            )
        if not 0 <= self.notice_hours <= MOST_NOTICE_HOURS:
            raise InputError(f"--notice-hours: from 0 to {MOST_NOTICE_HOURS} hours.")
        if self.demo and (self.people is not None or self.public or self.new_administrator):
            raise InputError("--demo has no accounts: leave --people, --public and so on away.")

    @property
    def secure(self) -> bool:
        """Whether browsers keep cookies for encrypted connections: always but on the loopback."""
        if self.address is not None:
            return self.address.startswith("https://")
        return self.host not in ("127.0.0.1", "::1", "localhost")

    @property
    def kept_at(self) -> str | None:
        """Where people are kept; None: nowhere beyond this run."""
        if self.people is not None or self.ledger is None:
            return self.people
        return self.ledger if "://" in self.ledger else f"{self.ledger}.people"
