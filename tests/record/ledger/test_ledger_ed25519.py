"""The small verifier against RFC 8032 and against the library that signs."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fairwitness.record.ledger import ed25519
from tests.record.ledger.invent import vectors

CASES = [tuple(bytes.fromhex(case[key]) for key in ("key", "message", "signature")) for case in vectors("ed25519_published")["cases"]]
SMALL = [
    (1).to_bytes(32, "little"),
    bytes(32),
    bytes(31) + b"\x80",
    (ed25519.P - 1).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]


def by_the_library(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("key", "message", "signature"), CASES)
def test_published(key: bytes, message: bytes, signature: bytes) -> None:
    assert ed25519.verify(key, message, signature)
    assert not ed25519.verify(key, message + b"x", signature)


def test_every_flipped_bit_of_a_signature_is_refused() -> None:
    key, message, signature = CASES[2]
    for bit in range(0, 512, 3):
        assert not ed25519.verify(key, message, bytes(b ^ (1 << bit % 8 if at == bit // 8 else 0) for at, b in enumerate(signature)))


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 95), st.integers(0, 255))
def test_agrees_with_the_library(secret: bytes, message: bytes, place: int, other: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(secret)
    whole = bytearray(private.public_key().public_bytes_raw() + private.sign(message))
    assert ed25519.verify(bytes(whole[:32]), message, bytes(whole[32:]))
    whole[place] ^= other
    key, signature = bytes(whole[:32]), bytes(whole[32:])
    assert ed25519.verify(key, message, signature) == by_the_library(key, message, signature)


@pytest.mark.parametrize("case", CASES)
def test_a_scalar_has_one_spelling(case: tuple[bytes, bytes, bytes]) -> None:
    key, message, signature = case
    scalar = int.from_bytes(signature[32:], "little") + ed25519.L
    assert not ed25519.verify(key, message, signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize("key", SMALL)
def test_keys_of_small_order_are_refused(key: bytes) -> None:
    assert not ed25519.usable_key(key)
    # With the neutral element as key and start, and zero as scalar, the equation itself would hold for any text.
    assert not ed25519.verify(key, b"anything", (1).to_bytes(32, "little") + bytes(32))


@pytest.mark.parametrize("y", [ed25519.P, ed25519.P + 1, 2**255 - 1, 2])
def test_points_not_in_canonical_form_are_refused(y: int) -> None:
    assert not ed25519.usable_key(y.to_bytes(32, "little"))


def test_wrong_lengths_are_refused() -> None:
    key, message, signature = CASES[0]
    assert not ed25519.verify(key[:31], message, signature)
    assert not ed25519.verify(key, message, signature + b"\x00")
    assert not ed25519.usable_key(key + b"\x00")


@pytest.mark.parametrize(("key", "message", "signature"), CASES)
def test_a_key_is_usable_and_the_answer_is_yes_or_no(key: bytes, message: bytes, signature: bytes) -> None:
    assert ed25519.usable_key(key) is True and ed25519.verify(key, message, signature) is True
    assert ed25519.usable_key(bytes(32)) is False and ed25519.usable_key(key[:31]) is False
    assert ed25519.verify(key, message, signature[:63]) is False and ed25519.verify(bytes(32), message, signature) is False
    assert ed25519.verify(key, message, signature[:32] + b"\xff" * 32) is False


@pytest.mark.parametrize("number", [ed25519.P, ed25519.P + 1, ed25519.P + 18, 2**255 - 1, 1 | 1 << 255, ed25519.P - 1 | 1 << 255, 2])
def test_what_spells_no_point_is_none_of_any_order(number: int) -> None:
    """Points beyond the field, a sign where there is nothing to sign, and a height the curve does not have."""
    assert ed25519._decode(number.to_bytes(32, "little")) is None


@pytest.mark.parametrize("number", [0, 1, ed25519.P - 1, 4 * pow(5, -1, ed25519.P) % ed25519.P, 1 << 255])
def test_what_spells_a_point_is_spelt_so_again(number: int) -> None:
    point = ed25519._decode(number.to_bytes(32, "little"))
    assert point is not None and ed25519._encode(point) == number.to_bytes(32, "little")
    twice = ed25519._double(point)
    assert ed25519._encode(twice) == ed25519._encode(ed25519._add(point, point))


class One:
    """A digest that is one, so that an equation can be built whose scalar is nothing."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def digest(self) -> bytes:
        return (1).to_bytes(64, "little")


def test_the_order_of_the_group_is_no_second_spelling_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key = CASES[0][0]
    against = key[:31] + bytes([key[31] ^ 0x80])
    monkeypatch.setattr(ed25519, "sha512", One)
    assert ed25519.verify(key, b"", against + bytes(32)) is True
    assert ed25519.verify(key, b"", against + ed25519.L.to_bytes(32, "little")) is False
