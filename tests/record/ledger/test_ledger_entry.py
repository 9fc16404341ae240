"""Canonical bytes and headers: the examples of RFC 8785 that fall into the subset, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.record.ledger.canonical import NotCanonical, canonical, is_canonical
from fairwitness.record.ledger.entry import SALT, body_bytes, open_body, parse_header
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
