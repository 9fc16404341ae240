"""Sort names: in the alphabet of whoever reads, the same on every machine.

An Albanian looks for Dhërmi after everything in D, a Serb for Đakovica after Džep, a Turk for Çabra after Cerem, and a reader
of Cyrillic for Ђаковица before Ејуп. Databases sort by alphabets of their own, differently on the two engines, so names are put in
order here. The rule it guards: one list has one order for one language, on every node and engine, and no name is lost by it.

How it compares: first letter by letter in the alphabet of the language, where a pair such as `lj` or `xh` is one letter; a space
or sign ends a word and comes before every letter; figures count as numbers, so that Team 2 comes before Team 10. Only when all
letters are the same do marks count that the alphabet does not know as letters, then small before capital. The reader's own script
comes first.

The tables are those of the Unicode CLDR (collation of sq, hr as used for sr-Latn and bs, tr, sr), written anew: for each letter,
behind which plain letter it stands. Romani has none there; it follows Serbian in Latin letters, with čh, kh, ph and th as letters
of their own, as the grammars of the dialects of Kosovo print them. Limit: a pair is taken for its letter also where two words meet
(Serbian *nadživeti*, *konjunktura*); only a dictionary would know better. Sorting by a library of the whole standard was left out:
the pure one (pyuca) knows no language's own letters, and the others need a compiler.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import get_language

T = TypeVar("T")
Weight = tuple[int, int, int, str]
Key = tuple[tuple[Weight, ...], tuple[str, ...], tuple[bool, ...], str]

# A language's own letters, each line behind its plain letter.
_SERBIAN = "c č ć|d dž đ|l lj|n nj|s š|z ž"
AFTER = {
    "sq": "c ç|d dh|e ë|g gj|l ll|n nj|r rr|s sh|t th|x xh|z zh",
    "sr-latn": _SERBIAN,
    "bs": _SERBIAN,
    "rom": "c č čh ć|d dž đ|k kh|l lj|n nj|p ph|s š|t th|z ž",
    "tr": "c ç|g ğ|h ı|o ö|s ş|u ü",
}
PLAIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдђѓежзѕиійјкќлљмнњопрстћуўфхцчџшщъыьэюя"
OTHERWISE = {"đ": "d", "ð": "d", "ı": "i", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ħ": "h", "ŧ": "t", "ə": "e"}
SPACE: Weight = (0, 0, 0, "")
CYRILLIC_FIRST = {"sr", "sr-cyrl", "mk"}


@lru_cache(maxsize=16)
def alphabet(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """The place of each letter, and how a word falls into letters: the longest first."""
    behind = {line.split()[0]: line.split()[1:] for line in AFTER.get(language, "").split("|") if line}
    letters = [letter for plain in PLAIN for letter in (plain, *behind.get(plain, []))]
    places = {letter: place for place, letter in enumerate([*letters, *CYRILLIC])}
    longest = sorted(places, key=len, reverse=True)
    return places, re.compile("|".join([*longest, r"\d+", "."]), re.DOTALL)


def language_of(language: str | None) -> str:
    """The language to sort by; where none is given, that of the reader."""
    code = (language or get_language() or "en").lower()
    return code if code in AFTER or code in CYRILLIC_FIRST else code.split("-")[0]


def key_of(text: str, language: str | None = None) -> Key:
    """What a name is compared by. Different names have different keys, so that an order is never left to chance."""
    return _key(text, language_of(language))


def in_order(things: Iterable[T], name: Callable[[T], str] = str, language: str | None = None) -> list[T]:
    """These things by name, as whoever reads this language looks for them."""
    code = language_of(language)
    return sorted(things, key=lambda thing: _key(name(thing), code))


@lru_cache(maxsize=20_000)
def _key(text: str, language: str) -> Key:
    places, letters = alphabet(language)
    written = unicodedata.normalize("NFC", text)
    weights: list[Weight] = []
    marks: list[str] = []
    capital: list[bool] = []
    for part in letters.findall(_small(written, language)):
        for weight, mark in _weights(part, places, language in CYRILLIC_FIRST):
            if weight != SPACE or (weights and weights[-1] != SPACE):
                weights.append(weight)
                marks.append(mark)
    capital += [letter.isupper() for letter in written if letter.isalpha()]
    while weights and weights[-1] == SPACE:
        weights.pop()
        marks.pop()
    return tuple(weights), tuple(marks), tuple(capital), text


def _small(text: str, language: str) -> str:
    """Small letters; in Turkish I is the capital of ı and İ of i."""
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    return unicodedata.normalize("NFC", text.lower())


def _weights(part: str, places: dict[str, int], cyrillic_first: bool) -> Iterable[tuple[Weight, str]]:
    """The letters of one part, each with the mark that its alphabet does not know."""
    if part in places:
        yield (2, int(("\u0400" <= part[0] <= "\u052f") != cyrillic_first), places[part], ""), ""
    elif part.isdecimal():
        figures = "".join(str(unicodedata.decimal(figure)) for figure in part).lstrip("0")
        yield (1, len(figures), 0, figures), ""
    elif part in OTHERWISE:
        for letter in OTHERWISE[part]:
            yield (2, int(cyrillic_first), places[letter], ""), part
    else:
        plain = [letter for letter in unicodedata.normalize("NFKD", part) if not unicodedata.combining(letter)]
        if not plain or "".join(plain) == part:
            yield (2, 2, ord(part), part) if part.isalnum() else SPACE, ""
            return
        for letter in plain:
            for weight, _ in _weights(letter, places, cyrillic_first):
                yield weight, part


class InOrder:
    """The rows of a question in the order of their names: counted, and cut into pages, as the question itself would be.

    Only keys and names are read to sort them; the rows of a page are fetched when it is shown.
    """

    def __init__(self, rows: Any, names: dict[Any, str] | None = None, first: dict[Any, int] | None = None) -> None:
        """Rows by their field `name`, or by `names`; within groups where `first` puts some before others."""
        named = names if names is not None else dict(rows.values_list("pk", "name"))
        self.rows, ahead = rows, first or {}
        keys = named if names is None else list(rows.values_list("pk", flat=True))
        self.ids = sorted(keys, key=lambda pk: (ahead.get(pk, 0), key_of(named.get(pk, "")), str(pk)))

    def count(self) -> int:
        """How many."""
        return len(self.ids)

    def __getitem__(self, part: slice) -> list[Any]:
        """The rows of a page."""
        wanted = self.ids[part]
        found = {row.pk: row for row in self.rows.order_by().filter(pk__in=wanted)}
        return [found[pk] for pk in wanted if pk in found]

    def __iter__(self) -> Any:
        """Every row."""
        return iter(self[:])
