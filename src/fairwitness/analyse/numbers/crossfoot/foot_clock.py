"""Foot the clock: a delay that is stated against the times that are stated, “ten minutes after 12:01 … left at 12:33 … a 43-minute delay”.

The rule it guards: a length of time is what lies between its two ends, and the ends are printed beside it.
"""

from __future__ import annotations

import re

from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_AFTER = re.compile(rf"(?P<n>\d+) min(?:ute)?s? (?P<way>after|before|past) (?P<t>{_CLOCK})", re.I)
_LATER = re.compile(r"(?P<n>\d+) min(?:ute)?s? (?P<way>later|afterwards|earlier)", re.I)
_LENGTH = re.compile(
    r"(?P<q>about |around |approximately |some |nearly |almost )?"
    r"(?:(?P<h>\d+)[- ]hours?(?:,? (?:and )?(?P<hm>\d+)[- ]minutes?)?|(?P<m>\d+)[- ]min(?:ute)?s?)"
    r"(?P<tail>[- ](?:long )?(?:delay|wait|hold|stop|halt|denial|period|window)|,? delay| long)?",
    re.I,
)
_BEFORE = re.compile(
    r"(?:delay(?:ed)?|waited|waiting|wait|held|lasted|lasting|stopped|took|halted)(?: \w+){0,3}[:,]? (?:of |for "
    r"|by )?(?:about |around |some )?$|for $",
    re.I,
)
_TIME = re.compile(rf"(?<![\d:])({_CLOCK})(?![\d:])")


def foot_clock(sentences: list[tuple[str, str]]) -> list[Identity]:
    """The delays of a paragraph, given as (where, plain sentence) in order."""
    found: list[Identity] = []
    earlier: list[int] = []
    for where, text in sentences:
        here, rest = _times(text, earlier)
        for length in _LENGTH.finditer(rest):
            if not length["tail"] and not _BEFORE.search(rest[max(0, length.start() - 45) : length.start()]):
                continue
            inside = [time for _, time in here]
            known = inside if len(inside) >= 2 else [*earlier, *(time for place, time in here if place < length.start())]
            if len(known) < 2:
                continue
            stated = int(length["m"] or 0) if length["m"] else 60 * int(length["h"]) + int(length["hm"] or 0)
            true = (known[-1] - known[-2]) % 1440
            slack = 5 if length["q"] else 0
            what = f"{stated} minutes between {_clock(known[-2])} and {_clock(known[-1])}"
            found.append(Identity(where, what, abs(true - stated) <= slack, "delay", f"{stated} minutes", f"{true} minutes"))
        earlier += [time for _, time in here]
    return found


def foot_delays(columns: dict[str, list[str]]) -> list[Identity]:
    """A table with two columns of clock times and one of minutes between them, found by their names and cells."""
    clocks = [name for name, cells in columns.items() if any(cells) and all(_TIME.fullmatch(cell) or not cell for cell in cells)]
    lengths = [name for name in columns if re.search(r"delay|duration|minutes|waited|length", name, re.I) and name not in clocks]
    found: list[Identity] = []
    if len(clocks) != 2 or len(lengths) != 1:
        return []
    for row, (begin, end, length) in enumerate(zip(*(columns[name] for name in (*clocks, *lengths)), strict=True)):
        stated = re.fullmatch(r"(\d+)(?:[- ]?min(?:ute)?s?)?", length)
        if begin and end and stated:
            true = (_minutes(end) - _minutes(begin)) % 1440
            what = f"{stated[1]} minutes between {begin} and {end}"
            found.append(
                Identity(f"row {row + 2}, {lengths[0]}", what, true == int(stated[1]), "delay", f"{stated[1]} minutes", f"{true} minutes")
            )
    return found


def _times(text: str, earlier: list[int]) -> tuple[list[tuple[int, int]], str]:
    """The times of day of a sentence in order, those reckoned from others among them; and the sentence without the reckoning."""
    here: list[tuple[int, int]] = []
    rest = text
    for found in _AFTER.finditer(text):
        sign = -1 if found["way"].lower() == "before" else 1
        here.append((found.start(), (_minutes(found["t"]) + sign * int(found["n"])) % 1440))
        rest = rest[: found.start()] + "§" * len(found[0]) + rest[found.end() :]
    here += [(found.start(), _minutes(found[1])) for found in _TIME.finditer(rest)]
    for found in _LATER.finditer(rest):
        before = [time for place, time in sorted(here) if place < found.start()] or earlier
        if before:
            sign = -1 if found["way"].lower() == "earlier" else 1
            here.append((found.start(), (before[-1] + sign * int(found["n"])) % 1440))
            rest = rest[: found.start()] + "§" * len(found[0]) + rest[found.end() :]
    return sorted(here), rest


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return 60 * int(hours) + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
