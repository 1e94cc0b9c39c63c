"""Checks an export of a Servanda ledger.  Needs Python 3.9 or newer and nothing else.

    python verify.py [FOLDER] [--ledger ID] [--extends OLDER_FOLDER]

Every export holds a copy of this file as `verify.py`.  It recomputes each commitment, root and link
of the chain, every signature, and the hash of every file, and names each entry that fails and how.
The format is told byte for byte in docs/ledger-format.md.  Exit code: 0 whole, 1 not, 2 no export.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Dict, Tuple, Union

Fields = Dict[str, Any]
Failure = Tuple[Union[int, str], str]
Point = Tuple[int, int, int, int]

FORMAT = "servanda.ledger/1"
EXPORT_FORMAT = "servanda.ledger-export/1"
BEFORE = hashlib.sha256(FORMAT.encode()).digest()  # what the first entry is linked to
TAG_FIELD, TAG_ROOT, TAG_LINK = b"\x00", b"\x01", b"\x02"
SIGNED_ENTRY = b"servanda.ledger/1 signature of an entry\n"
SIGNED_EXPORT = b"servanda.ledger/1 signature of an export\n"
SALT = 16  # bytes
MOVED = "its content, or its place after the entry before, was altered"
HASH_ALTERED = "its hash was altered; its content fits the next entry"
OWN = '"entry.'  # members of the ledger itself; all others are those of the record
SIGNATURE = '"entry.signature":'


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def commitment(salt: bytes, member: bytes) -> bytes:
    """What stands in the chain for one field; `member` is its JSON text `"name":value`."""
    return sha256(TAG_FIELD + salt + member)


def root_of(commitments: Iterable[bytes]) -> bytes:
    """What stands in the chain for all fields of an entry, in their order."""
    return sha256(TAG_ROOT + b"".join(commitments))


def link(previous: bytes, seq: int, root: bytes) -> bytes:
    """The hash of an entry: it binds what was before, its place, and its content."""
    return sha256(TAG_LINK + previous + seq.to_bytes(8, "big") + root)


def entry_message(ledger: bytes, commitments: Iterable[bytes]) -> bytes:
    """What is signed in an entry: the ledger and the commitments of all its other fields."""
    return SIGNED_ENTRY + ledger + b"".join(commitments)


def export_message(manifest: Fields) -> bytes:
    """What is signed in an export: its manifest without the signature, keys sorted."""
    rest = {name: value for name, value in manifest.items() if name != "signature"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return SIGNED_EXPORT + text.encode()


# --- Ed25519 (RFC 8032), for machines without a library of signatures -----------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _point(data: bytes) -> Point | None:
    """A point from its 32 bytes; None for bytes that are none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE: Point = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))  # type: ignore[assignment]


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) is by the key (32 bytes) over the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    try:  # a library is faster; without it signatures are checked all the same
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return plain_signature_holds(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def plain_signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """The same without a library: slower, a few milliseconds each."""
    key, commit = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commit is None or s >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(s, BASE)
    right = _add(commit, _times(int.from_bytes(digest, "little") % Q, key))
    return (
        left[0] * right[2] % P == right[0] * left[2] % P
        and left[1] * right[2] % P == right[1] * left[2] % P
    )


# --- one entry ------------------------------------------------------------------------------------


NOISE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class Bad(Exception):
    """An entry or export that fails; the message says how."""


def pairs_once(pairs: list[tuple[str, Any]]) -> Fields:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Bad("a field is named twice")
    return found


def read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=pairs_once)


def unhex(text: Any, size: int, what: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except (TypeError, ValueError):
        data = b""
    if len(data) != size:
        raise Bad(what + " is not " + str(size) + " bytes in hexadecimal")
    return data


def commitments_of(line: Fields) -> tuple[list[bytes] | None, list[str]]:
    """Commitments of a line's fields and the members that it opens; None and [] when closed."""
    if "fields" not in line:
        return None, []
    found: list[bytes] = []
    members: list[str] = []
    for field in line["fields"]:
        if isinstance(field, str):
            found.append(unhex(field, 32, "the commitment of a closed field"))
            continue
        salt, member = field
        found.append(commitment(unhex(salt, SALT, "a salt"), member.encode()))
        members.append(member)
    return found, members


def content(members: list[str]) -> Fields:
    """The open fields of an entry as plain data; raises Bad for fields that are not JSON."""
    try:
        found: Fields = read_json("{" + ",".join(members) + "}")
    except ValueError as error:
        raise Bad("a field is not JSON: " + str(error)) from error
    if len(found) != len(members):
        raise Bad("a field holds more or less than one name and value")
    for name, member in zip(found, members):
        if not member.startswith(json.dumps(name, ensure_ascii=False) + ":"):
            raise Bad("a field does not begin with its name: " + member[:40])
    return found


def row_text(members: Iterable[str]) -> str:
    """The record's own fields as one line of JSON, exactly as committed to."""
    return "{" + ",".join(m for m in members if not m.startswith(OWN)) + "}"


class Chain:
    """Follows the entries one by one and notes what fails."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.counts: Fields = {"entries": 0, "open": 0, "closed": 0, "signatures": 0}
        self.previous: bytes = BEFORE
        self.computed: bytes | None = None
        self.ledger: bytes | None = None  # the hash of the first entry
        self.trusted: str | None = None  # the ledger's own key
        self.keys: Fields = {}
        self.ids: dict[str, int] = {}
        self.signatures: set[str] = set()
        self.signers: dict[str, Fields] = {}  # whose signatures hold, and how many there are
        self.hashes: list[bytes] = []
        self.rows = hashlib.sha256()
        self.attachments: dict[tuple[int, str], Fields] = {}

    def fail(self, seq: int | str, how: str) -> None:
        self.failures.append((seq, how))

    def take(self, number: int, text: str) -> None:
        """Check one line of entries.jsonl."""
        try:
            line = read_json(text)
            seq, listed = line["seq"], unhex(line["hash"], 32, "the hash")
            if seq != number:
                moved = "is listed again (replayed)" if seq < number else "stands here"
                raise Bad("entry " + str(seq) + " " + moved + ": order, insertion or removal")
            found, members = commitments_of(line)
            root = unhex(line["root"], 32, "the root") if found is None else root_of(found)
        except (Bad, *NOISE, OverflowError) as error:
            self.fail(number, "not readable as an entry or out of place: " + str(error))
            self.previous, self.computed = self._listed(text), None
            self.hashes.append(self.previous)
            return
        self.counts["entries"] += 1
        self._link(number, listed, root)
        self.counts["closed" if found is None else "open"] += 1
        if found is not None:
            try:
                self._content(number, listed, found, members)
            except Bad as error:
                self.fail(number, str(error))
            except NOISE as error:
                self.fail(number, "its fields are not those of such an entry: " + repr(error))

    @staticmethod
    def _listed(text: str) -> bytes:
        try:
            return bytes.fromhex(json.loads(text)["hash"])
        except NOISE:
            return b""

    def _link(self, seq: int, listed: bytes, root: bytes) -> None:
        right = link(self.previous, seq, root)
        if right != listed and self.computed is not None:
            other = link(self.computed, seq, root)
            if other == listed:  # the content before fits this entry: its hash was altered
                right = other
                before = self.failures.index((seq - 1, MOVED))
                self.failures[before] = (seq - 1, HASH_ALTERED)
        self.computed = None
        if right != listed:
            self.fail(seq, MOVED)
            self.computed = right
        self.previous = listed
        self.hashes.append(listed)

    def _content(self, seq: int, listed: bytes, found: list[bytes], members: list[str]) -> None:
        fields = content(members)
        if seq == 0:
            self._genesis(listed, fields)
        if members and members[-1].startswith(SIGNATURE):
            self._signature(seq, found[:-1], fields)
        self._keys(seq, fields)
        if isinstance(fields.get("entry.body"), dict):
            self._batch(seq, fields)
        for one in fields.get("entry.attachments", []):
            self.attachments[(seq, one["sha256"])] = one
        identity = fields.get("id")
        if isinstance(identity, str):
            if identity in self.ids:
                self.fail(seq, "the id stands in entry " + str(self.ids[identity]) + ": a replay")
            self.ids[identity] = seq
            self.rows.update(row_text(members).encode() + b"\n")

    def _genesis(self, listed: bytes, fields: Fields) -> None:
        if fields.get("entry.kind") != "genesis":
            raise Bad("the first entry does not found a ledger")
        self.ledger = listed
        self.trusted = fields["entry.body"]["key"]

    def _signature(self, seq: int, commitments: list[bytes], fields: Fields) -> None:
        given = fields["entry.signature"]
        public, signature = given["key"], given["signature"]
        self.counts["signatures"] += 1
        if signature in self.signatures:
            self.fail(seq, "its signature stands in an entry before: a replay")
        self.signatures.add(signature)
        message = entry_message(self.ledger or b"", commitments)
        if not signature_holds(bytes.fromhex(public), message, bytes.fromhex(signature)):
            self.fail(seq, "its signature does not fit its content")
            return
        known = self.keys.get(public)
        if public != self.trusted and (known is None or known["revoked"]):
            self.fail(seq, "it is signed with a key that is not registered or was revoked")
            return
        own = {"holder": "the ledger itself", "role": "ledger"}
        who = own if known is None else {name: known[name] for name in own}
        self.signers.setdefault(public, dict(who, key=public, entries=0))["entries"] += 1

    def _keys(self, seq: int, fields: Fields) -> None:
        if fields.get("entry.kind") != "key":
            return
        body = fields["entry.body"]
        signer = fields.get("entry.signature", {}).get("key")
        if signer != self.trusted:
            self.fail(seq, "it registers a key and is not signed by the ledger itself")
            return
        self.keys[body["key"]] = {
            "holder": body["holder"],
            "role": body["role"],
            "revoked": body.get("revoked", False),
        }

    def _batch(self, seq: int, fields: Fields) -> None:
        last = fields["entry.body"].get("last")
        if last is not None:
            at, said = last["seq"], last["hash"]
            if not 0 <= at < seq or self.hashes[at].hex() != said:
                self.fail(seq, "the last hash of its batch is not that of entry " + str(at))


# --- an export ------------------------------------------------------------------------------------


def hash_file(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while True:
            part = stream.read(1 << 20)
            if not part:
                return digest.hexdigest()
            digest.update(part)


def inside(folder: str, name: str) -> str:
    """A path within the export; a manifest cannot lead out of its folder."""
    path = os.path.normpath(os.path.join(folder, name))
    if os.path.isabs(name) or not path.startswith(os.path.normpath(folder) + os.sep):
        raise Bad("a file outside the export is named: " + name)
    return path


def verify(
    folder: str, ledger: str | None = None, extends: str | None = None
) -> tuple[list[Failure], Fields, Fields]:
    """Check an export; gives (failures, counts, manifest).  Raises Bad when it is no export."""
    path = os.path.join(folder, "entries.jsonl")
    try:
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as stream:
            manifest = read_json(stream.read())
        os.stat(path)
    except (OSError, Bad, *NOISE) as error:
        raise Bad("not an export of a ledger: " + str(error)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != EXPORT_FORMAT:
        raise Bad("not an export in the format " + EXPORT_FORMAT)
    chain = Chain()
    with open(path, encoding="utf-8", newline="\n") as lines:
        try:
            for number, text in enumerate(lines):
                chain.take(number, text)
        except UnicodeDecodeError as error:
            chain.fail(len(chain.hashes), "not UTF-8 text: " + str(error))
    try:
        _whole(chain, manifest, ledger)
        _files(chain, folder, manifest)
        _attachments(chain, manifest)
        if extends:
            _extends(chain, extends)
    except NOISE as error:
        chain.fail("manifest", "not readable: " + repr(error))
    counts = dict(chain.counts, head=chain.hashes[-1].hex() if chain.hashes else None)
    counts["ledger"] = chain.ledger.hex() if chain.ledger else None
    counts["signers"] = list(chain.signers.values())
    return chain.failures, counts, manifest


def _whole(chain: Chain, manifest: Fields, ledger: str | None) -> None:
    count = len(chain.hashes)
    if count != manifest["entries"]:
        chain.fail("manifest", f"it tells of {manifest['entries']} entries, there are {count}")
    if not chain.hashes or chain.hashes[-1].hex() != manifest["head"]:
        chain.fail("manifest", "its head is not the hash of the last entry: cut off, or altered")
    if chain.ledger is None or chain.ledger.hex() != manifest["ledger"]:
        chain.fail("manifest", "it names another ledger than the first entry founds")
    if ledger is not None and (chain.ledger is None or chain.ledger.hex() != ledger):
        chain.fail("manifest", "this is not the ledger " + ledger)
    signature = manifest.get("signature") or ""
    try:
        holds = signature_holds(
            bytes.fromhex(chain.trusted or ""), export_message(manifest), bytes.fromhex(signature)
        )
    except (TypeError, ValueError):
        holds = False
    if not holds:
        chain.fail("manifest", "it is not signed by the ledger: nothing shows that this is whole")


def _files(chain: Chain, folder: str, manifest: Fields) -> None:
    named = {"manifest.json"}
    for name, digest in manifest["files"].items():
        named.add(name)
        try:
            if hash_file(inside(folder, name)) != digest:
                chain.fail(name, "the file was altered")
        except (OSError, Bad) as error:
            chain.fail(name, "the file is missing: " + str(error))
    for where, _, files in os.walk(folder):
        for name in files:
            found = os.path.relpath(os.path.join(where, name), folder).replace(os.sep, "/")
            if found not in named:
                chain.fail(found, "the file is not named in the manifest")
    rows = os.path.join(folder, "records.jsonl")
    if os.path.isfile(rows) and hash_file(rows) != chain.rows.hexdigest():
        chain.fail("records.jsonl", "it differs from the records in entries.jsonl")


def _attachments(chain: Chain, manifest: Fields) -> None:
    for one in manifest["attachments"]:
        known = chain.attachments.get((one["seq"], one["sha256"]))
        if known is None or known["size"] != one["size"]:
            chain.fail(one["seq"], "no such attachment was entered: " + one["sha256"])
        if one.get("file") is None:
            continue
        stripped = one.get("stripped") or []
        if not stripped and manifest["files"].get(one["file"]) != one["sha256"]:
            chain.fail(one["seq"], "the attachment is not what was entered: " + one["sha256"])


def _extends(chain: Chain, older: str) -> None:
    failures, counts, _ = verify(older)
    if failures:
        chain.fail("older export", "it does not verify itself")
    elif counts["entries"] > len(chain.hashes):
        chain.fail("older export", "it holds more entries than this one: entries were cut off")
    elif chain.hashes[counts["entries"] - 1].hex() != counts["head"]:
        chain.fail("older export", "this one does not continue it: history was rewritten")


def main(arguments: list[str]) -> int:
    options: dict[str, str | None] = {"--ledger": None, "--extends": None}
    folders, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        if word in options and rest:
            options[word] = rest.pop(0)
        elif word.startswith("-"):
            print(__doc__)
            return 0 if word in ("-h", "--help") else 2
        else:
            folders.append(word)
    folder = folders[0] if folders else os.path.dirname(os.path.abspath(__file__))
    try:
        failures, counts, manifest = verify(folder, options["--ledger"], options["--extends"])
    except Bad as error:
        print(error)
        return 2
    for where, how in failures:
        print(f"entry {where}: {how}" if isinstance(where, int) else f"{where}: {how}")
    print(f"ledger  {counts['ledger']}")
    print(f"head    {counts['head']}")
    shown = f"{counts['open']} shown, {counts['closed']} closed"
    print(f"entries {counts['entries']} ({shown}), {counts['signatures']} signatures")
    for who in counts["signers"]:
        print(f"        {who['entries']} by {who['holder']} ({who['role']}, {who['key'][:16]}…)")
    print(f"made    {manifest.get('made')}, for {manifest.get('audience')}")
    print(f"NOT WHOLE: {len(failures)} failures" if failures else "whole")
    if not failures and not options["--ledger"]:
        print("Compare the ledger's id above with one that you know from elsewhere.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
