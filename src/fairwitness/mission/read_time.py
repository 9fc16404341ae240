"""Read days, months and moments as people type them: 11 May 2026, 11.05.2026, 11. maj 2026, 13 May 2026, 14:20.

The day comes before the month, as it does where missions of this kind work; names of months are known in English,
Albanian, Serbian, Bosnian and Turkish, in any script. The rule it guards: nothing is guessed. 31.02.2010 is no day, 13.08
may be a time or a day, an hour that came twice in the night the clocks went back is asked for again; each is sent back with the remedy.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from fairwitness.errors import BadInput, Fault, Sentence, say
from fairwitness.mission.fold import fold

_NAMES = (
    "january jan januar januara janar ocak", "february feb februar februara shkurt subat", "march mar mart marta mars",
    "april apr aprila prill nisan", "may maj maja mayis", "june jun juna qershor haziran", "july jul jula korrik temmuz",
    "august aug avgust avgusta augusta gusht agustos", "september sep sept septembar septembra shtator eylul",
    "october oct oktobar oktobra tetor ekim", "november nov novembar novembra nentor kasim",
    "december dec decembar decembra dhjetor aralik",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
ENGLISH = [names.split()[0].capitalize() for names in _NAMES]
_FIGURES = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})\.?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s*(?:of\s+)?([^\W\d_]+)\.?,?\s+(\d{1,4})\.?")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{1,4})")
_MONTHS = (re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})"), re.compile(r"(?P<month>\d{1,2})\s*[./]\s*(?P<year>\d{4})\.?"),
           re.compile(r"(?P<name>[^\W\d_]+)\.?\s+(?P<year>\d{4})\.?"))  # fmt: skip
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:,\s*|\s+(?:at\s+)?|T)(?P<clock>\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


def read_day(typed: str, field: str = "day") -> date:
    """The day somebody typed. Raises BadInput with the remedy."""
    text = " ".join(typed.split())
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _date(text, year, month, day, found[1], field)
    if found := _FIGURES.fullmatch(text):
        return _date(text, int(found[3]), int(found[2]), int(found[1]), found[3], field)
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        found = pattern.fullmatch(text)
        named = MONTHS.get(fold(found[order[1]])) if found else None
        if found and named:
            return _date(text, int(found[3]), named, int(found[order[2]]), found[3], field)
    refuse(field, "“{typed}” is no day. Write it as 11 May 2026 or 11.05.2026.", typed=short(text))


def _date(text: str, year: int, month: int, day: int, year_typed: str, field: str) -> date:
    if len(year_typed) != 4 or year == 0:
        refuse(field, "“{typed}” does not say which year. Write all four figures of the year.", typed=short(text))
    if month > 12 and 1 <= day <= 12:
        refuse(field, "There is no month {month}; the day comes first. Write {right}.", month=month, right=f"{month:02}.{day:02}.{year}")
    if not 1 <= month <= 12:
        refuse(field, "“{typed}” is no day of the calendar: there is no month {month}.", typed=short(text), month=month)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        said = say("{month} {year}", month=say(ENGLISH[month - 1]), year=year)
        refuse(field, "“{typed}” is no day of the calendar: {month} has {days} days.", typed=short(text), month=said, days=last)
    return date(year, month, day)


def read_month(typed: str, field: str = "month") -> date:
    """The first day of the month somebody typed: 05.2026, 2026-05, May 2026."""
    text = " ".join(typed.split())
    for pattern in _MONTHS:
        found = pattern.fullmatch(text)
        parts = found.groupdict() if found else {}
        month = MONTHS.get(fold(parts["name"]), 0) if "name" in parts else int(parts.get("month") or 0)
        if 1 <= month <= 12 and int(parts["year"]) > 0:
            return date(int(parts["year"]), month, 1)
    refuse(field, "“{typed}” is no month. Write it as 05.2026 or May 2026.", typed=short(text))


def read_moment(typed: str, zone: str, field: str = "moment") -> datetime:
    """The day and time somebody typed, lived in this zone; a zone typed behind it (+02:00, Z) goes before."""
    text = " ".join(typed.split())
    found = _MOMENT.fullmatch(text)
    if found is None:
        _no_time(text, field)
    day, clock = read_day(found["day"].rstrip(","), field), _clock(found["clock"], field)
    if offset := found["offset"]:
        try:
            return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{offset.upper()}")
        except ValueError:  # no zone is a day or more ahead
            _no_moment(text, field)
    return _lived(datetime.combine(day, clock), zone, field)


def _no_moment(text: str, field: str) -> NoReturn:
    refuse(field, "“{typed}” is no day and time. Write it as 13 May 2026, 14:20 or 13.05.2026 14:20, the time with a colon.",
           typed=short(text))  # fmt: skip


def _no_time(text: str, field: str) -> NoReturn:
    try:
        read_day(text, field)
    except BadInput:
        _no_moment(text, field)
    refuse(field, "“{typed}” is a day without a time. Write the time behind it: {typed}, 14:20.", typed=short(text))


def _clock(typed: str, field: str) -> time:
    if "." in typed[:3]:
        right = typed.replace(".", ":", 1)
        refuse(field, "{typed} may be a time or a day. Write a time with a colon: {right}.", typed=typed, right=right)
    parts = typed.lower().replace("h", ":").split(":")
    hour, minute, second = int(parts[0]), int(parts[1]), float(parts[2]) if len(parts) > 2 else 0.0
    if hour == 24 and minute == 0:
        refuse(field, "A day ends at 23:59. Write 00:00 and the next day.")
    if hour > 23 or minute > 59 or second >= 60:
        refuse(field, "{typed} is no time of day. Hours run from 00 to 23, minutes from 00 to 59.", typed=typed)
    return time(hour, minute, int(second), round(second % 1 * 1_000_000) % 1_000_000)


def _lived(moment: datetime, zone: str, field: str) -> datetime:
    """The moment in its zone, unless the clocks jumped over it or struck it twice."""
    at = moment.replace(tzinfo=ZoneInfo(zone))
    first, second = at.utcoffset(), at.replace(fold=1).utcoffset()
    if first == second or first is None or second is None:
        return at
    if first < second:
        refuse(field, "{clock} was not on the clock that night: clocks went forward. Check the time.", clock=f"{moment:%H:%M}")
    refuse(field, "{clock} came twice that night: clocks went back. Write {clock} {before} before they did, {clock} {after} afterwards.",
           clock=f"{moment:%H:%M}", before=_offset(first), after=_offset(second))  # fmt: skip


def _offset(ahead: timedelta) -> str:
    minutes = int(ahead.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def ends_before() -> Sentence:
    """What is said when an end lies before its beginning."""
    return say("ends before it begins; check both, also whether one of them belongs to another day")


def short(value: Any) -> str:
    """What was typed, fit to be read back: at most forty signs, none of them invisible."""
    said = value if isinstance(value, str) else type(value).__name__
    clean = "".join(letter if letter.isprintable() else "?" for letter in said[:40])
    return f"{clean}{'…' if len(said) > 40 else ''}"


def refuse(field: str, sentence: str, **params: Any) -> NoReturn:
    """Send it back with what is wrong and the remedy."""
    raise BadInput.of(Fault(field, say(sentence, **params)))
