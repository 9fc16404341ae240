"""Canonical bytes and headers: the examples of RFC 8785 that fall into the subset, and what is refused."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.record.ledger.canonical import NotCanonical, canonical, canonical_unchecked, is_canonical
from fairwitness.record.ledger.entry import SALT, body_bytes, commitment, leaf_hash, open_body, parse_header, salted, stamp, uuid7
from tests.record.ledger.invent import header, vectors

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), inner, max_size=4),
    max_leaves=12,
)
GOOD = header(7, b"x").to_bytes()


@pytest.mark.parametrize("case", vectors("canonical")["cases"])
def test_published_examples(case: dict[str, Any]) -> None:
    if case["canonical"] is None:
        with pytest.raises(NotCanonical):
            canonical(case["value"])
    else:
        assert canonical(case["value"]) == case["canonical"].encode()


@given(VALUES)
def test_one_value_has_one_spelling(value: Any) -> None:
    data = canonical(value)
    assert json.loads(data) == value and is_canonical(data)
    assert not is_canonical(b" " + data)
    assert data.isascii() or not is_canonical(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":1}', b'{"b":1,"a":2}', b"1.0", b"-0", b"1e3", b"NaN", b'"\\u0041"', b'"\xff"', b"[" * 100_000, b""]
)
def test_other_spellings_are_not_canonical(data: bytes) -> None:
    assert not is_canonical(data)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize("letter", ["\ud800", "\udbff", "\udc00", "\udfff"])
def test_half_a_letter_is_refused_wherever_it_stands(letter: str) -> None:
    for value, place in ((f"м{letter}", "$"), ({"a": [1, letter]}, "$.a[1]")):
        with pytest.raises(NotCanonical) as raised:
            canonical(value)
        assert str(raised.value) == f"{place}: a lone surrogate cannot be written as UTF-8"


@pytest.mark.parametrize("letter", ["\u007f", "\ud7ff", "\ue000", "\U0010ffff"])
def test_the_letters_beside_are_written_as_they_are(letter: str) -> None:
    assert canonical([letter]) == f'["{letter}"]'.encode() == canonical_unchecked([letter])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"at": datetime(2010, 2, 26, tzinfo=UTC)}, "$.at: datetime has no canonical form; write it as a string"),
        ([{"a": {"b": 2.5}}], "$[0].a.b: float has no canonical form; write it as a string"),
        ({"a": (1, b"x")}, "$.a[1]: bytes has no canonical form; write it as a string"),
        ([2**53], "$[0]: integers above 2^53 are written as strings"),
        ([-(2**53)], "$[0]: integers above 2^53 are written as strings"),
        ({"a": {1: 2}}, "$.a: keys are ASCII strings, not 1"),
        ({"a": {"é": 2}}, "$.a: keys are ASCII strings, not 'é'"),
    ],
)
def test_what_cannot_be_written_is_named_with_its_place(value: Any, words: str) -> None:
    with pytest.raises(NotCanonical) as raised:
        canonical(value)
    assert str(raised.value) == words


def test_a_key_that_stands_twice_in_order_is_not_canonical() -> None:
    assert is_canonical(b'{"a":{"b":1}}') is True
    for data in (b'{"a":1,"a":1}', b'{"a":{"b":1,"b":1}}', b"{"):
        assert is_canonical(data) is False


@pytest.mark.parametrize("seq", range(5))
def test_a_header_is_written_canonically_with_and_without_member_and_previous(seq: int) -> None:
    one = header(seq, b"x")
    raw = {name: getattr(one, name) for name in one.__slots__}
    raw["hand"] = {name: raw.pop(name) for name in ("member", "door", "at")}
    assert one.to_bytes() == canonical(raw) and parse_header(one.to_bytes()) == one
    assert (one.member is None, one.prev is None) == (seq % 4 == 0, seq < 3)


def test_a_header_of_the_first_entry_and_the_first_form_is_read() -> None:
    assert parse_header(header(0, b"x", schema=0).to_bytes()) == header(0, b"x", schema=0)
    for one in (header(-1, b"x"), header(0, b"x", schema=-1)):
        with pytest.raises(ValueError, match="seq and schema are whole numbers"):
            parse_header(one.to_bytes())


def test_a_header_comes_back_as_it_went() -> None:
    assert parse_header(GOOD) == header(7, b"x")
    assert is_canonical(GOOD)


@pytest.mark.parametrize(
    "data",
    [
        GOOD.replace(b'"seq":7', b'"seq":7.0'),
        GOOD.replace(b'"schema":1', b'"schema":1.5'),
        GOOD.replace(b'"seq":7', b'"seq":-7'),
        GOOD.replace(b'"schema":1', b'"schema":true'),
        GOOD[:-1] + b',"zone":1}',
        GOOD.replace(b'"hand":{', b'"hand":{"zone":1,'),
        GOOD.replace(b'"kind"', b'"sort"'),
        GOOD + b" ",
        b"[]",
        b"1",
        GOOD.replace(b'"seq":7', b'"seq":7,"seq":7'),
        GOOD.replace(b'"door":"phone"', b'"door":"ph\\u006fne"'),
        b"[" * 100_000,
    ],
)
def test_what_is_not_quite_a_header_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse_header(data)


@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_rubbish_headers_raise_only_value_errors(data: bytes, place: int) -> None:
    for each in (data, GOOD[:place] + data + GOOD[place:]):
        try:
            found = parse_header(each)
        except ValueError:
            continue
        assert found.to_bytes() == each and is_canonical(each)


def test_two_bodies_of_the_same_words_have_two_commitments() -> None:
    one, other = body_bytes({"name": "N. N."}), body_bytes({"name": "N. N."})
    assert one[SALT:] == other[SALT:] and one != other and open_body(one) == {"name": "N. N."}
    with pytest.raises(ValueError):
        open_body(bytes(SALT) + b"[" * 100_000)


def test_a_body_is_salt_and_an_object() -> None:
    assert salted(b"{}", b"s" * SALT) == b"s" * SALT + b"{}" and len(salted(b"{}")) == SALT + 2 == 18
    with pytest.raises(NotCanonical):
        body_bytes({"at": 2.5})
    for content in (b"[]", b'"x"', b"null"):
        with pytest.raises(ValueError, match="a body is an object"):
            open_body(bytes(SALT) + content)


def test_the_hashes_are_those_of_the_standard() -> None:
    assert commitment(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert leaf_hash(b"abc") == sha256(b"\x00abc").digest()


def test_a_moment_is_written_in_one_zone_to_the_microsecond() -> None:
    assert stamp(datetime(2010, 2, 26, 11, 30, 0, 5, timezone(timedelta(hours=1)))) == "2010-02-26T10:30:00.000005Z"
    with pytest.raises(ValueError, match="needs a time zone"):
        stamp(datetime(2010, 2, 26))


@pytest.mark.parametrize(
    ("noise", "tail"), [(b"\x00", "7000-8000-000000000000"), (b"\xff", "7fff-bfff-ffffffffffff"), (b"\x3a", "7a3a-ba3a-3a3a3a3a3a3a")]
)
def test_an_id_is_its_moment_its_version_and_chance(monkeypatch: pytest.MonkeyPatch, noise: bytes, tail: str) -> None:
    monkeypatch.setattr(os, "urandom", lambda count: noise * count)
    monkeypatch.setattr("time.time_ns", lambda: 0x01890A5DAC96 * 1_000_000 + 999_999)
    assert str(uuid7()) == f"01890a5d-ac96-{tail}" and uuid7().version == 7
