"""Canonical bytes: one value, one spelling (the RFC 8785 subset the ledger writes).

The subset: objects with ASCII keys, arrays, strings without lone surrogates, true, false, null,
and integers up to 2^53 - 1 in size. Larger integers, decimals, dates and coordinates are
written as strings, so that no reader has to guess how a number was rounded.
"""

from __future__ import annotations

import json
from typing import Any

LARGEST = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=True).encode


class NotCanonical(ValueError):
    """The value or the bytes do not belong to the canonical subset; the text says where and why."""


def check(value: Any, path: str = "$") -> None:
    """Raise NotCanonical when `value` cannot be written canonically. `path` names the place, as in `$.hand.at`."""
    if value is None or value is True or value is False:
        return
    kind = type(value)
    if kind is str:
        if not value.isascii() and any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise NotCanonical(f"{path}: a lone surrogate cannot be written as UTF-8")
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"{path}: integers above 2^53 are written as strings")
    elif kind is dict:
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonical(f"{path}: keys are ASCII strings, not {key!r}")
            check(inner, f"{path}.{key}")
    elif kind is list or kind is tuple:
        for number, inner in enumerate(value):
            check(inner, f"{path}[{number}]")
    else:
        raise NotCanonical(f"{path}: {kind.__name__} has no canonical form; write it as a string")


def canonical(value: Any) -> bytes:
    """The canonical UTF-8 bytes of `value`. Raises NotCanonical."""
    try:
        check(value)
    except RecursionError:
        raise NotCanonical("$: nested too deeply, or holding itself") from None
    return _encode(value).encode("utf-8")


def canonical_unchecked(value: Any) -> bytes:
    """As `canonical`, for values whose types the caller has already guaranteed (the hot path of keeping)."""
    return _encode(value).encode("utf-8")


def is_canonical(data: bytes) -> bool:
    """Whether `data` is exactly what `canonical` would write for the value it encodes."""

    def twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise NotCanonical("a key stands twice")
        return found

    try:
        return canonical(json.loads(data.decode("utf-8"), object_pairs_hook=twice)) == data
    except (ValueError, RecursionError):
        return False
