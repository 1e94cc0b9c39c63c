"""What entries say about entries before them: who may see what, who holds which key, what is noted.

A later entry on handling or redaction counts in place of an earlier one on the same record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from servanda.ledger.entry import Entry
from servanda.ledger.handling import Handling, from_plain
from servanda.ledger.keys import Registered
from servanda.ledger.ledger import Reader

KINDS = ("key", "verification", "merge", "handling", "redaction", "shredding")


@dataclass
class Standing:
    """As of the end of the chain that a reader sees."""

    handling: dict[str, Handling] = field(default_factory=dict)
    redacted: dict[str, frozenset[str]] = field(default_factory=dict)
    shredded: dict[int, int] = field(default_factory=dict)  # place of what was, place of the entry
    keys: dict[str, Registered] = field(default_factory=dict)
    notes: list[Entry] = field(default_factory=list)

    def handling_of(self, entry: Entry) -> Handling:
        return self.handling.get(entry.id or "", entry.handling)

    def hidden(self, entry: Entry) -> frozenset[str]:
        """Fields of a record that no release shows."""
        return self.redacted.get(entry.id or "", frozenset())

    def take(self, entry: Entry) -> None:
        """Add what one entry says."""
        body: Mapping[str, object] = entry.body
        match entry.kind:
            case "key":
                self._key(entry)
            case "handling":
                for identity in entry.about:
                    self.handling[identity] = from_plain(entry.body["handling"])
            case "redaction":
                for identity in entry.about:
                    before = self.redacted.get(identity, frozenset())
                    self.redacted[identity] = before | frozenset(entry.body["fields"])
            case "shredding":
                for seq in entry.body["entries"]:
                    self.shredded[seq] = entry.seq
            case "verification" | "merge":
                self.notes.append(entry)
            case _:
                assert body is not None

    def _key(self, entry: Entry) -> None:
        body = entry.body
        known = self.keys.get(body["key"])
        if body.get("revoked") and known is not None:
            self.keys[body["key"]] = Registered(
                known.key, known.holder, known.role, known.seq, entry.seq
            )
        elif known is None:
            self.keys[body["key"]] = Registered(
                body["key"], body["holder"], body["role"], entry.seq
            )

    def signer(self, entry: Entry, *roles: str) -> Registered | None:
        """Who signed an entry, when that key served in one of these roles at the time."""
        key = entry.own.get("signature", {}).get("key")
        found = self.keys.get(key)
        if found is None or not found.served(entry.seq):
            return None
        return found if not roles or found.role in roles else None


def standing(reader: Reader, extra: Sequence[Entry] = ()) -> Standing:
    """Read all entries that are about others."""
    found = Standing()
    for entry in (*reader.of_kinds(*KINDS), *extra):
        found.take(entry)
    return found
