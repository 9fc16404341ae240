"""Count: how many, as an observer can honestly say it. “about 45”, “over 60” and “six to seven” stay what they are.

A count is low to high with its qualifier, and the words as typed stay beside it. Pure: no database. The rule it
guards: adding does not invent precision. What was open at one end stays open, and “about” in one part is “about” in the sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.monitor.read_spoken import in_english

MOST = 2_147_483_647
QUALIFIERS = ("exact", "about", "over", "at_least", "range", "up_to")
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
} | {"none": 0, "nobody": 0, "nothing": 0, "no": 0}  # fmt: skip
_BEFORE = {
    "about": "about|around|approximately|approx\\.?|circa|ca\\.?|c\\.|some|roughly|nearly|almost|~|≈",
    "over": "over|more than|above|>",
    "at_least": "at least|not less than|no less than|no fewer than|not fewer than|minimum|min\\.?|≥|>=",
    "up_to": "up to|at most|not more than|no more than|maximum|max\\.?|≤|<=",
    "under": "less than|fewer than|under|below|<",
}
_LONGEST_FIRST = ("at_least", "up_to", "over", "under", "about")
_SPACES = "[  \u2009\u202f]"


@dataclass(frozen=True, slots=True)
class Count:
    """How many: `low` to `high` (None: open upwards). `of` is the whole it is part of, where the observer said so."""

    low: int
    high: int | None
    qualifier: str
    text: str = ""
    of: int | None = None

    def __str__(self) -> str:
        """The count in words."""
        return in_words(self)


def parse_count(text: Any, field: str = "count") -> Count:
    """Read a count as people write it. Raises BadInput with the remedy."""
    if not isinstance(text, str) or len(text) > 60:
        raise _cannot(field, "has to be a short phrase, such as 36, about 45, over 60 or six to seven")
    typed = " ".join(text.split())
    rest, whole = _part_of(in_english(typed).casefold(), field)
    qualifier = ""
    for name in _LONGEST_FIRST:
        found = re.match(rf"(?:{_BEFORE[name]})(?=[\s\d~]|$)\s*", rest)
        if found:
            qualifier, rest = name, rest[found.end() :]
            break
    if qualifier == "" and rest.endswith("+"):
        qualifier, rest = "at_least", rest[:-1]
    made = _ranged(rest, qualifier, typed, field) or _single(_number(rest, field), qualifier, typed, field)
    if whole is not None and (made.high or made.low) > whole:
        raise _cannot(field, say("says more than the whole ({whole}); check both numbers", whole=whole))
    return Count(made.low, made.high, made.qualifier, typed, whole)


def _part_of(text: str, field: str) -> tuple[str, int | None]:
    part, of, whole = text.partition(" of ")
    return (part.strip(), _number(whole, field)) if of else (text, None)


def _ranged(rest: str, qualifier: str, typed: str, field: str) -> Count | None:
    between = re.fullmatch(r"between (.+) and (.+)", rest)
    parts = between.groups() if between else None
    if parts is None:
        split = re.fullmatch(r"(.+?)\s*(?:\bto\b|\bor\b|–|—)\s*(.+)", rest)
        split = split or re.fullmatch(r"(\d[\d ,]*)\s*-\s*(\d[\d ,]*)", rest)
        parts = split.groups() if split else None
    if parts is None:
        return None
    if qualifier not in ("", "about"):
        raise _cannot(field, "has both a range and “over”, “up to” or “at least”; write one of the two, such as 6 to 7 or over 60")
    low, high = (_number(part, field) for part in parts)
    if high < low:
        raise _cannot(field, say("begins above its end; write {high} to {low}", high=high, low=low))
    return Count(low, high, qualifier or ("range" if high > low else "exact"), typed)


def _single(number: int, qualifier: str, typed: str, field: str) -> Count:
    if qualifier == "over":
        return Count(number + 1, None, "over", typed)
    if qualifier == "at_least":
        return Count(number, None, "at_least", typed)
    if qualifier == "up_to":
        return Count(0, number, "up_to", typed)
    if qualifier == "under":
        if number == 0:
            raise _cannot(field, "cannot be less than none")
        return Count(0, number - 1, "up_to", typed)
    return Count(number, number, qualifier or "exact", typed)


def _number(text: str, field: str) -> int:
    text = text.strip()
    if re.fullmatch(rf"\d{{1,3}}(?:(?:,|{_SPACES})\d{{3}})+", text):
        text = re.sub(rf",|{_SPACES}", "", text)
    if re.fullmatch(r"[0-9]{1,12}", text):
        number = int(text)
    elif text.isascii() and (spelled := _spelled(text)) is not None:
        number = spelled
    else:
        shown = "".join(letter if letter.isprintable() else "?" for letter in text)
        raise _cannot(field, say(
            "“{shown}” is no number; write 36, about 45, over 60, at least 3, up to 10 or six to seven",
            shown=shown,
        ))
    if number >= MOST:
        raise _cannot(field, "is too large to be a count; check the digits")
    return number


def _spelled(text: str) -> int | None:
    """Up to ninety-nine in words, also hundreds: six, twenty-five, a dozen, two hundred and ten."""
    text = re.sub(r"\ba dozen\b", "twelve", text)
    text = re.sub(r"\b(?:a|one) hundred\b", "one hundred", text)
    head, hundred, tail = text.partition(" hundred")
    if hundred:
        hundreds = _WORDS.get(head)
        rest = _spelled(tail.removeprefix(" and").strip()) if tail.strip() else 0
        return None if not hundreds or hundreds > 9 or rest is None or rest > 99 else hundreds * 100 + rest
    parts = [_WORDS.get(part) for part in re.split(r"[\s-]+", text)]
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2 and parts[0] and parts[1] and parts[0] >= 20 and 0 < parts[1] < 10:
        return parts[0] + parts[1]
    return None


def _cannot(field: str, sentence: str) -> BadInput:
    return BadInput.of(Fault(field, sentence))


def add(counts: Iterable[Count]) -> Count:
    """The sum, low to high. Open ends stay open; one “about” makes the sum “about”. No counts at all are none."""
    parts = list(counts)
    low = sum(part.low for part in parts)
    high = None if any(part.high is None for part in parts) else sum(part.high or 0 for part in parts)
    if any(part.qualifier == "about" for part in parts):
        return Count(low, high, "about")
    if high is None:
        return Count(low, None, "at_least")
    return Count(low, high, "exact" if low == high else "range")


def in_words(count: Count) -> str:
    """“36”, “about 45”, “over 60”, “6 to 7”, “about 148 or more”."""
    if count.qualifier == "over":
        words = f"over {count.low - 1}"
    elif count.qualifier == "about":
        span = f"{count.low}" if count.high in (None, count.low) else f"{count.low} to {count.high}"
        words = f"about {span}" + (" or more" if count.high is None else "")
    elif count.high is None:
        words = f"at least {count.low}"
    elif count.qualifier == "up_to":
        words = f"up to {count.high}"
    else:
        words = f"{count.low}" if count.high == count.low else f"{count.low} to {count.high}"
    return words if count.of is None else f"{words} of {count.of}"


def count_of(thing: object) -> Count | None:
    """The count kept on an observation or a claim, or nothing when none was made."""
    low: int | None = getattr(thing, "count_low", None)
    if low is None:
        return None
    text = str(getattr(thing, "count_text", ""))
    found = re.search(r" of ([0-9][0-9 ,]*)$", text)
    whole = int(re.sub(r"\D", "", found[1])) if found else None
    return Count(low, getattr(thing, "count_high", None), str(getattr(thing, "qualifier", "")) or "exact", text, whole)
