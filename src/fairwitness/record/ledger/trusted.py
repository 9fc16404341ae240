"""The rules by which a log is believed, and by which a longer one may follow a shorter one; no reading, no writing.

Bytes are held against bytes: a header has one shape (`halves` in entry.py writes it), so its number, its
log and its commitment are read off without parsing. The rule it guards: whatever is believed was
checked here, and every refusal has a code and a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fairwitness.record.ledger.canonical import is_canonical
from fairwitness.record.ledger.entry import SALT
from fairwitness.record.ledger.merkle import ProofError, empty_root, verify_consistency
from fairwitness.record.ledger.note import Checkpoint

_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = rb"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = _DAY + rb"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
_WORD = rb"[!#-\[\]-~]+"
_NUMBER = rb"(?:0|[1-9][0-9]{0,15})"


def _shape(identity: bytes, moment: bytes, word: bytes, digest: bytes, log: bytes) -> bytes:
    return (
        rb'\{"body":"(' + digest + rb')","entry":"(' + identity + rb')","hand":\{"at":"' + moment + rb'","door":"' + word
        + rb'","member":(?:null|"' + identity + rb'")\},"kind":"' + word + rb'","log":"(' + log + rb')","prev":(?:null|"(' + identity
        + rb')"),"recorded":"' + moment + rb'","schema":' + _NUMBER + rb',"seq":(' + _NUMBER + rb'),"subject":"(' + identity
        + rb')","verb":"' + word + rb'"\}'
    )  # fmt: skip


_loose = re.compile(_shape(rb'[^"]{36}', rb'[^"]{27}', rb'[^"]*', rb'[^"]{64}', rb'[^"]{36}')).fullmatch
_exact = re.compile(_shape(_UUID, _TIME, _WORD, rb"[0-9a-f]{64}", _UUID)).fullmatch


@lru_cache(maxsize=4)
def _lines(log: bytes) -> Callable[[bytes], list[tuple[bytes, bytes]]]:
    """Finds (commitment, seq) in each line that is a header of this log; one call for a whole block is what makes it fast."""
    dont_care = _shape(rb'[^"]{36}', rb'[^"]{27}', rb'[^"]*', rb"BODY", re.escape(log)).replace(b"(?:", b"\0").replace(b"(", b"(?:")
    pattern = dont_care.replace(b"\0", b"(?:").replace(b"(?:BODY)", rb'([^"]{64})').replace(b'"seq":(?:', b'"seq":(')
    return re.compile(b"(?m:^)" + pattern + rb"\n").findall


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold: at which entry (None: the log as a whole), which rule, in a sentence."""

    seq: int | None
    code: str
    sentence: str


Note = Callable[[Fault], None]


class EntryRules:
    """Judges entries in their order, block by block. `expected` is the number the next entry must have."""

    def __init__(self, note: Note, *, strict: bool = False) -> None:
        self.log: bytes | None = None
        self.expected = 0
        self._note = note
        self._strict = strict

    def judge(
        self, headers: list[bytes], digests: list[bytes | None], leaves: list[bytes], columns: Sequence[tuple[bytes, bytes | None]]
    ) -> None:
        """Check one block: headers, SHA-256 of each body (None when absent), leaf hashes, and what columns say (or nothing)."""
        if columns:
            self._judge_columns(headers, leaves, columns)
        if self._strict or not self._all_well(headers, digests):
            for header, digest in zip(headers, digests, strict=True):
                self._judge_one(header, digest)

    def _all_well(self, headers: list[bytes], digests: list[bytes | None]) -> bool:
        count = len(headers)
        block = b"\n".join(headers) + b"\n"
        if self.log is None or block.count(b"\n") != count or b"\\" in block or not block.isascii():
            return False
        found = _lines(self.log)(block)
        if len(found) != count:
            return False
        bodies, numbers = zip(*found, strict=True)
        if b",".join(numbers) != ",".join(map(str, range(self.expected, self.expected + count))).encode("ascii"):
            return False
        try:
            well = b"".join(digests).hex().encode("ascii") == b"".join(bodies)  # type: ignore[arg-type]
        except TypeError:
            well = all(digest is None or digest.hex().encode("ascii") == body for digest, body in zip(digests, bodies, strict=True))
        if well:
            self.expected += count
        return well

    def _judge_one(self, header: bytes, digest: bytes | None) -> None:
        seq = self.expected
        match = _loose(header)
        if match is None or b"\\" in header or not header.isascii():
            self._note(Fault(seq, "header.shape", f"Entry {seq}: the header does not have the one shape a header has."))
            self.expected += 1
            return
        number = int(match[5])
        if number != seq:
            sentence = f"Entry {seq} is expected here, but the header says {number}: entries are missing or out of order."
            self._note(Fault(seq, "seq.gap", sentence))
        self.expected = number + 1
        if self.log is None:
            self.log = match[3]
        if match[3] != self.log:
            logs = f"{match[3].decode('ascii')}, not to {self.log.decode('ascii')}"
            self._note(Fault(number, "log.other", f"Entry {number} belongs to the log {logs}."))
        if digest is not None and digest.hex().encode("ascii") != match[1]:
            sentence = f"Entry {number}: the body is not the one the header is committed to; it was changed."
            self._note(Fault(number, "body.changed", sentence))
        if self._strict and not _strictly(header):
            sentence = f"Entry {number}: an id, a time, a word or a number in the header is not canonical."
            self._note(Fault(number, "header.canonical", sentence))

    def _judge_columns(self, headers: list[bytes], leaves: list[bytes], columns: Sequence[tuple[bytes, bytes | None]]) -> None:
        for seq, (header, leaf, (said, kept)) in enumerate(zip(headers, leaves, columns, strict=True), start=self.expected):
            if said != header:
                names = ", ".join(_differing(header, said)) or "its bytes"
                sentence = f"Entry {seq}: the columns beside the entry do not say what its header says ({names})."
                self._note(Fault(seq, "header.columns", sentence))
            if kept not in (None, leaf):
                self._note(Fault(seq, "leaf.column", f"Entry {seq}: the stored leaf hash is not that of its header."))


def _strictly(header: bytes) -> bool:
    return _exact(header) is not None and is_canonical(header)


def _differing(header: bytes, said: bytes) -> Iterator[str]:
    """The names under which a header and the columns differ, as far as both can be read."""
    try:
        left, right = json.loads(header), json.loads(said)
        left |= left.pop("hand")
        right |= right.pop("hand")
        yield from (key for key in sorted(left.keys() | right.keys()) if left.get(key) != right.get(key))
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        yield "unreadable"


def body_fault(seq: int, stored: bytes) -> Fault | None:
    """What is wrong with the form of a body, if anything: sixteen bytes of salt, then a canonical object."""
    content = stored[SALT:]
    if content[:1] == b"{" and is_canonical(content):
        return None
    return Fault(seq, "body.canonical", f"Entry {seq}: behind its salt the body is not a canonical object.")


def link(header: bytes) -> tuple[int, str, str | None, str] | None:
    """(seq, entry, prev, subject) of a header, or None when it has not the shape of one."""
    match = _loose(header)
    if match is None or not header.isascii():
        return None
    prev = match[4]
    return int(match[5]), match[2].decode("ascii"), None if prev is None else prev.decode("ascii"), match[6].decode("ascii")


class Refused(ValueError):
    """An offered checkpoint may not replace the trusted one; `code` is `origin`, `rollback`, `fork` or `proof`."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def follow(trusted: Checkpoint | None, offered: Checkpoint, proof: Sequence[bytes] = ()) -> Checkpoint:
    """The checkpoint to trust from now on, after another node offered one. Raises Refused and then nothing changes.

    The signature must have been checked before (`open_note`). A first checkpoint is believed as it is; any
    later one must continue the trusted one, which `proof` (a consistency proof) shows.
    """
    if trusted is None:
        if offered.size == 0 and offered.root != empty_root():
            raise Refused("proof", "a log without entries has the root of an empty log")
        return offered
    if offered.origin != trusted.origin:
        raise Refused("origin", f"the checkpoint is of the log {offered.origin}, not of {trusted.origin}")
    if offered.size < trusted.size:
        sizes = f"the log had {trusted.size} entries and now shows {offered.size}"
        raise Refused("rollback", f"{sizes}: cut off, or an old copy was restored")
    try:
        verify_consistency(trusted.size, trusted.root, offered.size, offered.root, proof)
    except ProofError as error:
        if offered.size == trusted.size and offered.root != trusted.root:
            raise Refused("fork", f"two different logs of {offered.size} entries carry the name {offered.origin}: a fork") from None
        sizes = f"the log of {offered.size} entries continues that of {trusted.size}"
        raise Refused("proof", f"it is not shown that {sizes}: {error}") from None
    return offered
