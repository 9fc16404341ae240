"""Read counts and directions as monitors write them in Albanian, Serbian and Bosnian, in either script, by the same rules as in English.

“rreth 45”, “преко 60”, “gjashtë deri në shtatë” and “jugoistok i zapad-jugozapad” say what “about 45”, “over 60”, “six to seven”
and “south-east and west-south-west” say. The words are turned into English ones and read by `count` and `place_sector`; what was typed
stays beside the figure as it was typed. Pure: no database. The rule it guards: only whole words of one meaning are turned. Letters alone
never are, because S is south in English and north (sever) in Serbian.
"""

from __future__ import annotations

import re

from fairwitness.mission.fold import fold

_UNITS = {
    "one": "nje jedan jedna jedno", "two": "dy dva dve dvije", "three": "tre tri", "four": "kater cetiri", "five": "pese pet",
    "six": "gjashte sest", "seven": "shtate sedam", "eight": "tete osam", "nine": "nente devet", "ten": "dhjete deset",
    "eleven": "njembedhjete jedanaest", "twelve": "dymbedhjete dvanaest", "thirteen": "trembedhjete trinaest",
    "fourteen": "katermbedhjete cetrnaest", "fifteen": "pesembedhjete petnaest", "sixteen": "gjashtembedhjete sesnaest",
    "seventeen": "shtatembedhjete sedamnaest", "eighteen": "tetembedhjete osamnaest", "nineteen": "nentembedhjete devetnaest",
    "none": "asnje nijedan nijedna nijedno nula",
}  # fmt: skip
_TENS = {
    "twenty": "njezet dvadeset", "thirty": "tridhjete trideset", "forty": "dyzet cetrdeset", "fifty": "pesedhjete pedeset",
    "sixty": "gjashtedhjete sezdeset", "seventy": "shtatedhjete sedamdeset", "eighty": "tetedhjete osamdeset",
    "ninety": "nentedhjete devedeset", "one hundred": "njeqind sto",
}  # fmt: skip
_WINDS = {
    "north": "veri sever sjever", "south": "jug", "east": "lindje istok", "west": "perendim zapad",
    "northeast": "verilindje severoistok sjeveroistok", "northwest": "veriperendim severozapad sjeverozapad",
    "southeast": "juglindje jugoistok", "southwest": "jugperendim jugozapad",
    "unknown": "panjohur nepoznato nepoznat nepoznata",
}  # fmt: skip
_WORDS = {word: english for table in (_UNITS, _TENS, _WINDS) for english, words in table.items() for word in words.split()}
_PHRASES = (
    (r"jo me pak se|ne manje od|se paku|te pakten|najmanje|barem", "at least"),
    (r"jo me shume se|ne vise od|me se shumti|najvise", "up to"),
    (r"me shume se|mbi|vise od|preko", "over"), (r"me pak se|manje od", "under"),
    (r"rreth|afro|perafersisht|afersisht|oko|otprilike|priblizno", "about"), (r"ndermjet|midis|izmedju", "between"),
    (r"apo|ose|ili", "or"), (r"dhe", "and"),
)  # fmt: skip
_TEN = "|".join(_TENS)


def in_english(typed: str) -> str:
    """The phrase with every word of these languages turned; what is no such word is left as it was typed."""
    text = re.sub(r"[^\W\d_]+", _plain, typed)
    for known, english in _PHRASES:
        text = re.sub(rf"\b(?:{known})\b", english, text)
    text = re.sub(r"\b(?:nga|od)\b(?=.*\b(?:deri|do)\b)", " ", text).strip()
    text = re.sub(r"^(?:deri (?:ne|me)|deri|do)\b", "up to", text)
    text = re.sub(r"\b(?:deri (?:ne|me)|deri|do)\b", "to", text)
    text = re.sub(r"\b(?:nga|od)\b", "of", text)
    text = re.sub(r"[^\W\d_]+", lambda found: _WORDS.get(found[0], found[0]), text)
    text = re.sub(rf"\b({_TEN})(?: e| i)? (?=(?:{'|'.join(_UNITS)})\b)", _joined, text)
    return " ".join(re.sub(r"(?<=\s)i(?=\s)", "and", text).split())


def _plain(found: re.Match[str]) -> str:
    """A word in plain small Latin letters where it is one of ours; any other stays as it is."""
    folded = fold(found[0])
    return folded if folded in _WORDS or folded in _KNOWN else found[0]


def _joined(found: re.Match[str]) -> str:
    return f"{found[1]} and " if found[1].endswith("hundred") else f"{found[1]}-"


_KNOWN = {word for known, _ in _PHRASES for word in re.findall("[a-z]+", known)} | {"nga", "od", "deri", "ne", "do", "i", "e"}
