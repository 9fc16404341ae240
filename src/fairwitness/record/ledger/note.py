"""What a log promises in public: a checkpoint, that is its size and its root, in a signed note.

The text is that of C2SP tlog-checkpoint, the envelope that of C2SP signed-note, so that witnesses who
know nothing of the mission can sign it too. Keys are 0x01 (Ed25519 over the text) and 0x04 (a witness's
cosignature/v1, Ed25519 over the text and a time). The rule it guards: one text, one spelling. Whatever
is not exactly as it would be written is refused, and a known key with a wrong signature is an error.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from fairwitness.record.ledger import ed25519

ED25519 = 0x01
COSIGNATURE = 0x04
LONGEST = 1_000_000
MOST_SIGNATURES = 100
_DASH = "\u2014 "
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})", re.ASCII)


class NoteError(ValueError):
    """A note, a key or a checkpoint is not what it should be; the text says in what."""


class Signature(NamedTuple):
    """One signature line: the signer's name, the first four bytes that name the key, the signature."""

    name: str
    key_id: bytes
    signature: bytes


def _base64(text: str, what: str) -> bytes:
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (Base64Error, ValueError):
        raise NoteError(f"{what} is not base64") from None
    if b64encode(data).decode("ascii") != text:
        raise NoteError(f"{what} is base64, but not in its one canonical spelling")
    return data


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or c < " " or "\ud800" <= c <= "\udfff" for c in name):
        raise NoteError(f"{name!r} cannot be the name of a key: it is empty or holds a space, a plus sign or a control character")


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends with a line break")
    if any(c < " " and c != "\n" for c in text):
        raise NoteError("the text of a note holds no control characters but line breaks")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: who could have signed."""

    name: str
    key: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.algorithm not in (ED25519, COSIGNATURE):
            raise NoteError(f"the key of {self.name} has the algorithm {self.algorithm:#04x}; known are 0x01 and 0x04")
        if not ed25519.usable_key(self.key):
            raise NoteError(f"the key of {self.name} is not a usable Ed25519 key")

    @property
    def key_id(self) -> bytes:
        """The four bytes that name this key in a signature line."""
        return key_id(self.name, self.key, self.algorithm)

    @property
    def vkey(self) -> str:
        """The key in one line, as it is handed to others."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.algorithm]) + self.key).decode('ascii')}"

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether this key made `signature` over `text`."""
        if self.algorithm == ED25519:
            return ed25519.verify(self.key, text.encode("utf-8"), signature)
        if len(signature) != 72:
            return False
        (moment,) = struct.unpack_from(">Q", signature)
        return moment < 2**63 and ed25519.verify(self.key, f"cosignature/v1\ntime {moment}\n{text}".encode(), signature[8:])


def key_id(name: str, key: bytes, algorithm: int = ED25519) -> bytes:
    """SHA-256 of name, line break, algorithm and public key; its first four bytes."""
    return sha256(name.encode("utf-8") + b"\n" + bytes([algorithm]) + key).digest()[:4]


def parse_vkey(text: str) -> Verifier:
    """Read `name+id+key`, also as it is printed, after `key:`. Raises NoteError."""
    parts = text.strip().removeprefix("key:").strip().split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"[0-9a-f]{8}", parts[1]):
        raise NoteError(f"{text[:80]!r} is not a key line (name, plus, eight hexadecimal digits, plus, base64)")
    data = _base64(parts[2], f"the key of {parts[0]!r}")
    if len(data) != 33:
        raise NoteError(f"the key of {parts[0]!r} has {len(data)} bytes, 33 are needed")
    verifier = Verifier(parts[0], data[1:], data[0])
    if verifier.key_id.hex() != parts[1]:
        raise NoteError(f"the key of {parts[0]!r} does not belong to its id {parts[1]}: a misprint or another key")
    return verifier


def sign_note(text: str, name: str, key: bytes, sign: Callable[[bytes], bytes]) -> Signature:
    """Have `sign` (the private half of `key`) sign `text`, and make sure that it did."""
    _check_text(text)
    verifier = Verifier(name, key)
    made = Signature(name, verifier.key_id, sign(text.encode("utf-8")))
    if not verifier.verify(text, made.signature):
        raise NoteError(f"the signature made for {name} does not fit the public key given")
    return made


def format_note(text: str, signatures: Iterable[tuple[str, bytes, bytes]]) -> bytes:
    """The bytes of a signed note. More signatures may be added later by the same call."""
    _check_text(text)
    lines = []
    for name, key, signature in signatures:
        _check_name(name)
        if len(key) != 4 or not signature:
            raise NoteError(f"the signature of {name} needs a key id of four bytes and a signature")
        lines.append(f"{_DASH}{name} {b64encode(key + signature).decode('ascii')}\n")
    if not lines or len(lines) > MOST_SIGNATURES:
        raise NoteError(f"a note carries 1 to {MOST_SIGNATURES} signatures, not {len(lines)}")
    return f"{text}\n{''.join(lines)}".encode()


def split_note(data: bytes) -> tuple[str, list[Signature]]:
    """The text and the signature lines, none of them checked. Raises NoteError."""
    if len(data) > LONGEST:
        raise NoteError(f"a note has at most {LONGEST} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError(f"the note is not UTF-8 (byte {error.start})") from None
    body, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines, each ended by a line break")
    text = body + "\n"
    _check_text(text)
    found = []
    for line in tail[:-1].split("\n"):
        name, space, coded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise NoteError(f"{line[:80]!r} is not a signature line")
        _check_name(name)
        signature = _base64(coded, f"the signature of {name!r}")
        if len(signature) < 5:
            raise NoteError(f"the signature of {name!r} is too short")
        found.append(Signature(name, signature[:4], signature[4:]))
    if len(found) > MOST_SIGNATURES:
        raise NoteError(f"a note carries at most {MOST_SIGNATURES} signatures, not {len(found)}")
    return text, found


class Opened(NamedTuple):
    """A note whose known signatures hold: its text, which of the known keys signed, how many lines were not known."""

    text: str
    signed: tuple[Verifier, ...]
    unknown: int


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> Opened:
    """Read a note and check the signatures of the keys given. Lines of unknown keys prove nothing and are counted.

    Raises NoteError when a known key's signature is wrong, or when keys are given and none of them signed.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    text, signatures = split_note(data)
    signed: list[Verifier] = []
    unknown = 0
    for name, key, signature in signatures:
        verifier = known.get((name, key))
        if verifier is None:
            unknown += 1
            continue
        if not verifier.verify(text, signature):
            raise NoteError(f"the signature of {name} does not fit the text")
        if verifier not in signed:
            signed.append(verifier)
    if known and not signed:
        raise NoteError(f"none of the keys given signed this note; it names {', '.join(sorted({s.name for s in signatures}))}")
    return Opened(text, tuple(signed), unknown)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's promise: under this name (origin) it held so many entries, and this root stood for them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text to sign. Raises NoteError when a value cannot be written."""
        lines = (self.origin, *self.extensions)
        if any(not line or "\n" in line for line in lines) or not 0 <= self.size < 2**63 or len(self.root) != 32:
            raise NoteError("a checkpoint needs an origin, a size, a root of 32 bytes and no empty lines")
        text = "\n".join([self.origin, str(self.size), b64encode(self.root).decode("ascii"), *self.extensions, ""])
        _check_text(text)
        return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint back. Raises NoteError."""
    _check_text(text)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteError("a checkpoint has three lines or more (origin, size, root) and none of them is empty")
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) >= 2**63:
        raise NoteError(f"{lines[1][:40]!r} is not the size of a log")
    root = _base64(lines[2], "the root")
    if len(root) != 32:
        raise NoteError(f"the root has {len(root)} bytes, 32 are needed")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))
