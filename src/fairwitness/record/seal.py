"""Seal: the one file that touches cryptography. Sealed words, encrypted blobs, search tokens, signatures.

A sealed value is stored as `s1:<scope>:<base64 of nonce and AES-256-GCM ciphertext>`, in the row and in
the entry alike, so that destroying the scope's key closes every copy at once. Plain text of a sealed
field is never written to database, index, queue, blob, log or temporary file.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fairwitness.errors import Gone, Tampered
from fairwitness.record import keyring

PREFIX = "s1:"
_SIGNING = "node:signing"
_TOKENS = "node:tokens"


def _wrap(scope: str, key: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(keyring.node_key()).encrypt(nonce, key, scope.encode())


def _key(scope: str, *, make: bool) -> bytes:
    wrapped = keyring.fetch(scope)
    if wrapped is None:
        if not make:
            raise Gone("The key to this was destroyed. Nobody can read it any more.")
        wrapped = keyring.put(scope, _wrap(scope, os.urandom(32)))
    try:
        return AESGCM(keyring.node_key()).decrypt(wrapped[:12], wrapped[12:], scope.encode())
    except InvalidTag:
        raise Tampered("the keyring does not fit the node's key; restore both from the same backup") from None


def seal_bytes(scope: str, plain: bytes, about: bytes = b"") -> bytes:
    """Encrypt under the scope's key (made at first use): 12-byte nonce, then ciphertext with tag."""
    nonce = os.urandom(12)
    return nonce + AESGCM(_key(scope, make=True)).encrypt(nonce, plain, scope.encode() + about)


def open_bytes(scope: str, sealed: bytes, about: bytes = b"") -> bytes:
    """Decrypt. Raises Gone when the key was destroyed, Tampered when the bytes are not those sealed."""
    try:
        return AESGCM(_key(scope, make=False)).decrypt(sealed[:12], sealed[12:], scope.encode() + about)
    except InvalidTag:
        raise Tampered("sealed bytes were changed after they were written") from None


def seal(scope: str, text: str) -> str:
    """A sealed text value for a row. Empty text stays empty: there is nothing to hide in it."""
    if not text:
        return ""
    return f"{PREFIX}{scope}:{base64.b64encode(seal_bytes(scope, text.encode('utf-8'))).decode('ascii')}"


def unseal(value: str) -> str:
    """The words inside a sealed value. Raises Gone, Tampered."""
    if not value:
        return ""
    scope, coded = split(value)
    return open_bytes(scope, base64.b64decode(coded)).decode("utf-8")


def split(value: str) -> tuple[str, str]:
    """(scope, base64) of a sealed value; the scope itself may hold colons."""
    if not value.startswith(PREFIX):
        raise Tampered("a sealed column holds something that was never sealed")
    scope, _, coded = value.removeprefix(PREFIX).rpartition(":")
    return scope, coded


def token(word: str) -> str:
    """The exact keyed token under which a sealed word can be found: 20 hex digits of HMAC-SHA-256, never the word."""
    return hmac.new(_key(_TOKENS, make=True), word.encode("utf-8"), hashlib.sha256).hexdigest()[:20]


def token_within(scope: str, data: bytes) -> str:
    """A keyed token that can be compared within one scope only, and by nobody once the scope's key is destroyed."""
    return hmac.new(_key(scope, make=True), b"within" + data, hashlib.sha256).hexdigest()[:40]


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_key(_SIGNING, make=True))


def sign(message: bytes) -> bytes:
    """The node's Ed25519 signature, 64 bytes."""
    return _signing_key().sign(message)


def public_key() -> bytes:
    """The node's Ed25519 public key, 32 bytes."""
    return _signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def can_sign() -> bool:
    """Whether the signing key is here. A copy restored without its keys reads, and must not sign with a key of its own making."""
    return keyring.exists() and keyring.fetch(_SIGNING) is not None


def keys_fit() -> bool:
    """Whether the node's key opens every key of the ring."""
    for scope in keyring.scopes():
        try:
            _key(scope, make=False)
        except (Tampered, Gone, ValueError):
            return False
    return True


def is_own(scope: str) -> bool:
    """Whether a scope is the node's own (signing, tokens) and therefore not anybody's to destroy."""
    return scope.startswith("node:")
