"""Fold a name into the key by which it is found, and put right a letter that only looks right.

One place has many spellings: with and without marks, in Latin and in Cyrillic letters, with the Icelandic letter Eth where the
Serbian Đ was meant. `fold` writes all spellings of one *name* alike, and it does so here rather than in the database, because the
two database engines fold letters differently: a name found at headquarters must be found on a laptop.

The rule it guards: a folded key is for finding only. It is never shown and never stored as a name, and Latin letters are never
turned into Cyrillic ones (that way back is ambiguous: nj may be one letter or two).

Limits, stated so that nobody leans on more: folding does not translate. Pejë, Peja and Peć are three names and meet because all
three are kept for the same place. Đ is written dj, so Dakovica, without the bar, is another key. Albanian endings, with or without
the article (-ë, -a), are not removed. q, ć and ç stay what they are. Scripts other than Latin and Cyrillic pass through with
their marks removed.
"""

from __future__ import annotations

import unicodedata

_CYRILLIC = dict(
    zip("абвгдезијклмнопрстћуфхцчџшж", [*"abvgdezijklmnoprst", "c", *"ufh", "c", "c", "dz", "s", "z"], strict=True)
) | {
    "ђ": "dj", "љ": "lj", "њ": "nj", "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "й": "j", "ё": "jo", "є": "je", "і": "i", "ї": "ji", "ґ": "g",
    "ў": "u", "ы": "y", "э": "e", "ю": "ju", "я": "ja", "щ": "st", "ъ": "", "ь": "",
}  # fmt: skip
_LATIN = {
    "đ": "dj", "ð": "dj", "ɖ": "dj", "ı": "i", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t", "ə": "e",
}  # fmt: skip
_APOSTROPHES = dict.fromkeys("'`´‘’‚‛ʹʻʼʽˈ′＇", "")
_TABLE = str.maketrans(_CYRILLIC | _LATIN | _APOSTROPHES)
_LOOKALIKES = {"\u00d0": "\u0110", "\u00f0": "\u0111", "\u0189": "\u0110", "\u0256": "\u0111"}


def fold(text: str) -> str:
    """The search key of `text`: lower case, Latin letters, no marks, single spaces. Folding a key again changes nothing."""
    before = ""
    while before != text:  # a compatibility letter may unfold into one that itself unfolds
        before, text = text, _fold_once(text)
    return text


def _fold_once(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).casefold()
    plain = unicodedata.normalize("NFKD", composed.translate(_TABLE)).casefold().translate(_TABLE)
    kept: list[str] = []
    for letter in plain:
        category = unicodedata.category(letter)
        if category in {"Mn", "Me", "Cf", "Cs"}:
            continue
        kept.append(letter if category[0] in "LN" or category == "Mc" else " ")
    return " ".join("".join(kept).split())


def normalise_name(text: str) -> tuple[str, list[str]]:
    """`text` as it should be kept, and a warning for each change or doubt; every warning quotes the original."""
    warnings: list[str] = []
    composed = unicodedata.normalize("NFC", text)
    clean = "".join(letter for letter in composed if unicodedata.category(letter) not in {"Cc", "Cs"} or letter in "\t\n\r")
    if clean != composed:
        warnings.append(f"{text!r} holds control characters; they were removed. Compare the name with its source.")
    named = clean
    for wrong, right in _LOOKALIKES.items():
        if wrong in named:
            named = named.replace(wrong, right)
            warnings.append(
                f"“{text}” is written with U+{ord(wrong):04X} ({unicodedata.name(wrong)}); it was kept as “{named}” with"
                f" U+{ord(right):04X}. The original spelling stays with the entry."
            )
    if len({script_of(word) for word in named.split()} & {"mixed"}):
        warnings.append(f"“{text}” mixes Latin and Cyrillic letters in one word; it was left as it is. Ask who wrote it.")
    return " ".join(named.split()), warnings


def script_of(text: str) -> str:
    """“Latn”, “Cyrl”, “mixed” for both, or “Zyyy” when there is no letter of either."""
    names = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    latin, cyrillic = any(n.startswith("LATIN") for n in names), any(n.startswith("CYRILLIC") for n in names)
    if latin and cyrillic:
        return "mixed"
    return "Latn" if latin else "Cyrl" if cyrillic else "Zyyy"
