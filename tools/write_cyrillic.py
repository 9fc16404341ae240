"""Write Serbian in Cyrillic letters from Serbian in Latin ones, for catalogues alone.

The way from Latin to Cyrillic is ambiguous for names (nj may be one letter or two), so no name of a person or place ever passes
here. Sentences we wrote ourselves can: the few words in which nj, lj or dž are two letters are listed, as are the words that stay
Latin (file formats, names of bodies, codes, whatever stands in placeholders, tags and addresses).
Alphabets: Pravopis srpskoga jezika (Matica srpska); the pairs are those of ISO 9 and Unicode CLDR sr-Cyrl.
"""

from __future__ import annotations

import re

PAIRS = {
    "dž": "џ", "Dž": "Џ", "DŽ": "Џ", "lj": "љ", "Lj": "Љ", "LJ": "Љ", "nj": "њ", "Nj": "Њ", "NJ": "Њ", "a": "а", "b": "б", "v": "в",
    "g": "г", "d": "д", "đ": "ђ", "e": "е", "ž": "ж", "z": "з", "i": "и", "j": "ј", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о",
    "p": "п", "r": "р", "s": "с", "t": "т", "ć": "ћ", "u": "у", "f": "ф", "h": "х", "c": "ц", "č": "ч", "š": "ш",
}  # fmt: skip
PAIRS |= {latin.upper(): cyrillic.upper() for latin, cyrillic in PAIRS.items() if len(latin) == 1}
TWO_LETTERS = ("injekc", "konjunk", "konjug", "tanjug", "nadživ", "nadžnj", "odžive", "podžup", "vanjezi")
LATIN = {
    "Fairwitness", "PDF", "CSV", "XLSX", "XLS", "JSON", "GeoJSON", "TOTP", "URL", "HTML", "XML", "ZIP", "EXIF", "GPS", "SHA", "SQL",
    "SQLite", "PostgreSQL", "JavaScript", "GeoNames", "GNS", "UTF", "NUL",
    "MB", "KB", "GB", "TLS", "API", "PNG", "JPEG", "WebP", "HEIC", "YAML", "UTC",
    "DEMO", "PZ", "PC", "DEC", "UNHCR", "OHCHR", "KFOR", "QR", "SMS", "Excel", "WebAuthn", "Ed", "RFC", "AGPL",
    "BIC", "AIC", "EARS", "CUSUM", "NA", "NaN", "Parquet", "Spark", "Java", "DuckDB",
    "km", "m", "h", "CIP", "sq", "sr", "en", "Latn", "own", "below", "mission", "ask",
}  # fmt: skip
_STAYS = re.compile(
    r"\{\{\{\w+\}(?::\{?\w+\}?)?\}\}"
    r"|%\(\w+\)[sd]|%[sd%]|\{[^{}]*\}|<[^<>]+>|&\w+;|https?://\S+|\b[\w.-]+@[\w.-]+|\b\w+\.(?:yaml|csv|xlsx|json|md)\b"
    r"|\bfairwitness(?: [a-z-]+)*|\b[A-Z]{1,4}[-/]?\d[\w/-]*|\b[A-F]\b(?=[\s,)–-]|$)|`[^`]*`|U\+[0-9A-F]{4}|--[\w-]+"
    r"|\bpython -m [\w.]+(?: [\w-]+)*|\bPython\w*|\.xlsx\b|\b[A-Z][a-z]+/[A-Z][a-z]+\b|\b[A-Z]-[A-Z]{2,}\b"
    r"|\bSE, S, WSW\b|\bPeja, Peć, Pec\b|„(?:over|up to|at least|says)“|\bj\. F Y\.?, H:i|^SELECT .*"
)
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile("|".join(sorted(PAIRS, key=len, reverse=True)))
_SINGLE = re.compile("|".join(one for one in PAIRS if len(one) == 1))


def cyrillic(text: str) -> str:
    """The same sentence in Cyrillic letters; placeholders, tags, addresses, commands and the words that stay Latin as they are."""
    made, last = [], 0
    for stays in _STAYS.finditer(text):
        made += [_WORD.sub(_word, text[last : stays.start()]), stays.group()]
        last = stays.end()
    return "".join([*made, _WORD.sub(_word, text[last:])])


def _word(found: re.Match[str]) -> str:
    word = found.group()
    if word in LATIN:
        return word
    apart = any(part in word.casefold() for part in TWO_LETTERS)
    return (_SINGLE if apart else _LETTER).sub(lambda letter: PAIRS[letter.group()], word)
