"""Fold names: one name as four clerks spell it, in Albanian, Serbian (both scripts), Turkish or plain English letters, becomes one key.

Gjergj, Đerđ and Ђерђ are one name, and so are Hoxha, Hodža, Хоџа and Hoca. The key is coarse on purpose: it says "may be the same
name", never "is the same person".

The rule it guards: the key forgets in which language a name was spelt, so that nothing can be read from it about the person; it is used
in memory for comparing and is not kept.
"""

from __future__ import annotations

import re
import unicodedata

# Serbian Cyrillic, and the letters of its neighbours that appear in lists of the region.
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "đ", "е": "e", "ж": "ž", "з": "z", "и": "i", "ј": "j", "к": "k", "л": "l",
    "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "ć", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "č", "џ": "dž", "ш": "š", "ѓ": "đ", "ќ": "ć", "ѕ": "dz", "й": "j", "ы": "i", "э": "e", "ю": "ju", "я": "ja",
    "щ": "š", "ь": "", "ъ": "", "і": "i", "ї": "ji", "є": "je", "ґ": "g", "ё": "jo",
})  # fmt: skip

# Letters that are one sound but no plain letter. U+00D0, the Icelandic eth, is typed for Đ in real texts.
_LETTERS = str.maketrans({
    "đ": "c", "ð": "c", "č": "c", "ć": "c", "ç": "c", "q": "c", "ž": "z", "š": "s", "ş": "s", "ș": "s", "ğ": "g", "ı": "i",
    "ë": "e", "ö": "o", "ü": "u", "ø": "o", "ł": "l", "ß": "s", "æ": "e", "œ": "e", "þ": "t", "w": "v",
})  # fmt: skip

# Groups of letters, longest first. Affricates (gj, xh, dž, đ, q, ć, ç, Turkish c) fall into one class: no two of the four
# spellings keep them apart in the same way, and lists without diacritics do not keep them apart at all.
_GROUPS = (
    ("tsch", "c"), ("dzh", "c"), ("tch", "c"), ("dsh", "c"), ("dž", "c"), ("dz", "c"), ("xh", "c"), ("gj", "c"), ("dj", "c"), ("kj", "c"),
    ("ch", "c"), ("ts", "c"), ("tz", "c"), ("sh", "s"), ("zh", "z"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("gh", "g"), ("kh", "h"),
    ("ck", "k"), ("nj", "n"), ("lj", "l"),
)  # fmt: skip
_VOWELS = "aeiou"
_Y_AS_J = re.compile(rf"(?<=[{_VOWELS}])y|y(?=[{_VOWELS}])")
_J_BETWEEN = re.compile(rf"(?<=[{_VOWELS}])j(?=[{_VOWELS}])")
_TWICE = re.compile(r"(.)\1+")
_MUTE = re.compile(r"(?<=[^\Waeiou\d]{1})e$")
_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"[’'`´ʼ]")


def fold_name(text: str) -> str:
    """The key of a name: lower case, Latin, one letter per class of sounds, words in their order, one space between.

    Folding a key again gives the same key. What has no letter or digit gives "".
    """
    return " ".join(filter(None, map(_word, _WORDS.findall(_plain(text)))))


def fold_words(text: str) -> str:
    """The key of a name whose order of words does not matter: its words' keys, sorted."""
    return " ".join(sorted(fold_name(text).split()))


def _plain(text: str) -> str:
    """Lower case, one script, one letter per sound; accents that carry no sound of ours are dropped."""
    low = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).replace("İ", "i").casefold())
    low = _APOSTROPHES.sub("", low).translate(_CYRILLIC)
    # dž before its ž is reduced, so that it does not become dz and z by turns.
    low = low.replace("dž", "c").translate(_LETTERS)
    bare = "".join(one for one in unicodedata.normalize("NFD", low) if not unicodedata.combining(one))
    return bare.casefold()


def _word(word: str) -> str:
    """A word's key. The rules are applied until none changes anything, so that a key is its own key; each shortens or settles a letter."""
    before = ""
    while word != before:
        before = word
        word = _once(word)
    return word


def _once(word: str) -> str:
    for group, letter in _GROUPS:
        word = word.replace(group, letter)
    word = word.replace("q", "c")
    if word.startswith("x"):
        word = "c" + word[1:]  # Albanian x, a dz; elsewhere the x of foreign names
    word = word.replace("x", "ks")
    # Yusuf and Bayram are Jusuf and Bajram; the Albanian y of Hysen and Ymer is the Turkish ü.
    word = _Y_AS_J.sub("j", word).replace("y", "u")
    word = _J_BETWEEN.sub("", word)
    word = _TWICE.sub(r"\1", word)
    if len(word) > 3:
        word = _MUTE.sub("", word)
        word = word[:-1] + {"d": "t", "b": "p"}.get(word[-1], word[-1])
    return word
