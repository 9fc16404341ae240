"""Read amounts in running text: 328, “six to seven”, “about 45”, 24 per cent, 12:33; and leave alone what is no count.

The rule it guards: a calibre, a distance, a date or the number of a report is never added to anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = (
    {word: value for value, word in enumerate(_UNITS.split())} | {word: 10 * at for at, word in enumerate(_TENS.split(), 2)} | {"none": 0}
)
_ONE = "|".join(sorted(_WORDS, key=len, reverse=True))
_SPELT = re.compile(
    rf"(?<!the )(?<!no )(?<!any )(?<!each )(?<!every )\b(?!one (?:of the|another|side|hand|day)\b)(?:(?P<tens>{'|'.join(_TENS.split())})"
    rf"[- ](?P<unit>{'|'.join(_UNITS.split()[1:10])})|(?P<one>{_ONE}))\b",
    re.I,
)
_HUNDREDS = re.compile(r"\b(?:(\d{1,2}|a) )hundred(?:(?: and)? (\d{1,2})\b)?", re.I)
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?:\s?(?:,|-|–|/|,?\s(?:and|to|or|until))\s?(?:the\s)?{_DAY})*"
_YEAR = r"(?:19|20)\d\d"
_BEFORE_YEAR = "in|since|during|until|till|year|years|throughout|early|mid|late|before|after"
_PERHAPS_YEAR = "by|of|for|from"
_NUMBERED = (
    r"no|nos|nr|number|§|articles?|arts?|para|paras|paragraphs?|pages?|pp|sections?|chapters?|resolutions?|regulations?|decrees?|laws?|"
    r"annex|week|day|step|room|building|checkpoint|block|brigade|edition|version"
)
_NO_COUNT = re.compile(
    rf"\b{_DAYS}(?:\s+of)?\s+(?:{MONTHS})(?:\s+{_YEAR}\b)?|\b(?:{MONTHS})\s+{_DAYS}(?!\d|\s?%)(?:,?\s+{_YEAR}\b)?"
    rf"|\b(?:{MONTHS})(?:\s+(?:and|to|until)\s+(?:{MONTHS}))?\s+{_YEAR}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)\b|\b\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)\b|\b\d+/\d{4}\b|\[[^\]\[]{0,12}\]"
    r"|\b\d+(?:\.\d+)?(?:\s*(?:-|–|to)\s*\d+(?:\.\d+)?)?\s?(?:mm|cm|m|km|kg|metres?|kilometres?|minutes?|mins?|hours?|hrs?)\b"
    r"|\b\d+-(?:minute|hour|day|week|month|year)s?\b|\b[A-Za-z]+-?\d+\b|\b(?:[01]?\d|2[0-3]):[0-5]\d\b"
    r"|\b\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\b\.?|o['’]clock)"
    rf"|\b(?i:{_NUMBERED})\b\.?\s?\d+(?:[./]\d+)*\b(?!\s?%)"
    rf"|(?<![\d(])\b{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d)\b"
    rf"|\b(?i:{_PERHAPS_YEAR})\s+{_YEAR}\b(?!\s+(?!was|is|has)[a-z]+s\b)"
    rf"|\b(?i:between|from)\s+{_YEAR}\s+(?:and|to|until)\s+{_YEAR}\b|\b(?i:{_BEFORE_YEAR})\s+{_YEAR}(?:(?:\s?[-–/]\s?|\s(?:and|to|or)\s){_YEAR})?\b"
    rf"|(?<![\d(])\b{_YEAR}\b(?!\s+[a-z])",
)
NUMBER = r"\d+(?:\.\d+)?"
_QUALIFIER = r"about|around|approximately|approx\.?|some|nearly|almost|roughly|over|more than|at least|up to|at most|~"
WHOLE = rf"(?:(?:{_QUALIFIER})\s+)?(?:{NUMBER}\s*(?:to|or|-|–)\s*)?{NUMBER}"
AMOUNT = re.compile(
    rf"(?:\b(?P<q>{_QUALIFIER})\s*)?(?<![\w.:/])(?P<a>{NUMBER})(?:\s*(?:to|or|-|–)\s*(?P<b>{NUMBER}))?(?P<pc>\s?%)?(?![\w:]|/\d|\.\d)", re.I
)


@dataclass(frozen=True, slots=True)
class Amount:
    """From `low` to `high` (None: open upwards), `about` when not counted exactly; where it stands in its sentence."""

    low: float
    high: float | None
    about: bool
    percent: bool
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        return self.text.strip()


def plain(sentence: str) -> str:
    """The sentence with digits for number words, % for per cent, and no separators within numbers."""
    text = re.sub(r"[\u00a0\u2009\u202f]", " ", sentence).replace("−", "-").replace("⇒", "=>").replace("→", "=>")
    text = re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", text)
    text = re.sub(r"(?<=\d)[, ](?=\d{3}\b(?![.:]))", "", text)
    text = re.sub(r"\s*\b(?:per ?cent|percent|pct\.?)(?=\W|$)", "%", text, flags=re.I)
    text = _SPELT.sub(lambda found: str(_value(found)), text)
    return _HUNDREDS.sub(lambda found: str(100 * (1 if found[1].lower() == "a" else int(found[1])) + int(found[2] or 0)), text)


def _value(found: re.Match[str]) -> int:
    if found["one"]:
        return _WORDS[found["one"].lower()]
    return _WORDS[found["tens"].lower()] + _WORDS[found["unit"].lower()]


def counts_only(sentence: str) -> str:
    """A plain sentence with everything that is no count blanked out; every other letter keeps its place."""
    return _NO_COUNT.sub(lambda found: "§" * len(found[0]), sentence)


def amounts(sentence: str) -> list[Amount]:
    """The amounts of a plain sentence, in order. `353 to 328` is two amounts, `6 to 7` is one that runs from low to high."""
    made: list[Amount] = []
    place = 0
    while found := AMOUNT.search(sentence, place):
        low, high, end = float(found["a"]), found["b"], found.end()
        if high is not None and float(high) <= low:
            high, end = None, found.end("a")
        qualifier = (found["q"] or "").lower().rstrip(".")
        upper = None if qualifier in ("over", "more than", "at least") else float(high) if high else low
        lower = 0.0 if qualifier in ("up to", "at most") else low
        made.append(
            Amount(
                lower, upper, bool(qualifier), bool(found["pc"]) and end == found.end(), found.start(), end, sentence[found.start() : end]
            )
        )
        place = end
    return made


def number(value: float) -> str:
    """A number as a person writes it."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")
