"""The entries of rows as they lie in the ledger, opened one after another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from sqlalchemy import select

from servanda.ledger import canon
from servanda.ledger.entry import Entry, decode
from servanda.ledger.errors import LedgerError
from servanda.ledger.ledger import NOTHING, Reader
from servanda.ledger.outsider import SIGNATURE
from servanda.ledger.schema import entries
from servanda.ledger.sealing import member_of, unseal
from servanda.ledger.store import parts

FETCH = 5_000
_QUOTE = 34  # how a line begins that is open as it was entered
_ORIGIN = re.compile(rb'"entry\.origin":\{"file":("(?:[^"\\]|\\.)*"),"line":(\d+)\}')
_SIGNED = SIGNATURE.encode()


@dataclass(slots=True)
class Opened:
    """A row entry as it lies in the ledger: its place, and its lines with what opens them."""

    seq: int
    made: bytes
    lines: list[bytes]

    @property
    def signed(self) -> bool:
        return _SIGNED in self.lines[-1][:60]

    @property
    def whole(self) -> bool:
        """Whether all fields are open, as they were entered here: those of a copy are not."""
        return self.lines[0][0] == _QUOTE

    def entry(self) -> Entry:
        return decode(self.seq, b"", b"", self.lines)

    def origin(self) -> tuple[str, int]:
        """File and line where the row stood; "" and 0 where it was entered by hand."""
        member = self.lines[3] if self.lines[3][0] == _QUOTE else self.lines[3][33:]
        found = _ORIGIN.fullmatch(member)
        return ("", 0) if found is None else (_file(found[1]), int(found[2]))

    def plain_lines(self) -> list[bytes]:
        """The members that are held here, without what opens them."""
        held = (member_of(line) for line in self.lines)
        return [member.encode() for member in held if member is not None]


@cache
def _file(quoted: bytes) -> str:
    return str(canon.read([f'"f":{quoted.decode()}'])["f"])


def opened(reader: Reader, *kinds: str, after: int = NOTHING) -> Iterator[Opened]:
    """Entries of some kinds in the order of the chain; those whose key is gone are passed over.

    Only those behind the place `after` in the chain.
    """
    query = select(entries.c.seq, entries.c.body).where(entries.c.seq > after)
    query = query.where(entries.c.kind.in_(kinds)).order_by(entries.c.seq)
    with parts(reader.connection, query, FETCH) as found:
        for seq, body in chain.from_iterable(found):
            secret = None if body is None else reader.secrets[seq]
            if secret is None:
                continue
            try:
                made, lines = unseal(secret, body)
            except ValueError as error:
                raise LedgerError(
                    f"Entry {seq}: {error}. `servanda ledger verify` tells what else is wrong."
                ) from error
            yield Opened(seq, made, lines)
