"""Foot periods: a figure beside that of the period before, and what a column says of the change, in number, per cent or a word.

The rule it guards: a change is the later figure less the earlier one; which is which is read from the names of the columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fairwitness.analyse.numbers.crossfoot.foot_changes import Change
from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, hold_direction
from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount, number
from fairwitness.analyse.numbers.crossfoot.read_sheet import Sheet, places

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = re.compile(rf"\b({_MONTHS})[a-z]*\b", re.I)
_PAIRS = (("baseline", "endline"), ("then", "now"), ("old", "new"), ("start", "end"), ("earlier", "later"), ("pre", "post"))
_WORD = re.compile(r"(?:an? )?(increased?|decreased?|more|fewer|less|same|similar|unchanged|higher|lower|up|down|rose|fell)", re.I)


@dataclass(frozen=True, slots=True)
class Period:
    """A column of changes, and the pairs of columns (earlier, later) it may be the change between: any one of them is enough."""

    change: int
    pairs: tuple[tuple[int, int], ...]


def find_periods(sheet: Sheet) -> list[Period]:
    """The columns of changes with the columns they compare: a column of before with one of now, or columns named 2019, 2020; May, June."""
    counts = [at for at, kind in enumerate(sheet.kinds) if kind.name in ("part", "total")]
    before, now = sheet.of("previous"), sheet.of("total") or sheet.of("part")
    found: list[Period] = []
    for change in sheet.of("change"):
        if before:
            pairs: list[tuple[int, int]] = [(before[0], now[0])] if now else []
        else:
            pairs = _pairs(sheet, [at for at in counts if at < change] or counts)
        if pairs:
            found.append(Period(change, tuple(pairs)))
    return found


def _pairs(sheet: Sheet, counts: list[int]) -> list[tuple[int, int]]:
    """The last columns that are named alike but for their period: the last against the one before it, or against the first."""
    if len(counts) < 2:
        return []
    stem = _period(sheet.names[counts[-1]])[0]
    alike = [at for at in counts if _period(sheet.names[at])[0] == stem and _period(sheet.names[at])[1]]
    order = sorted(alike, key=lambda at: _period(sheet.names[at])[1])
    if len(order) < 2 or len({_period(sheet.names[at])[1] for at in order}) < len(order):
        return []
    return list(dict.fromkeys([(order[-2], order[-1]), (order[0], order[-1])]))


def _period(name: str) -> tuple[str, tuple[int, ...]]:
    """A name without its period, and the period as numbers that can be put in order: year, month, round."""
    lower = re.sub(r"[\s_]+", " ", name.casefold()).strip()
    for place, words in enumerate(zip(*_PAIRS, strict=True)):
        for at, word in enumerate(words):
            if re.search(rf"\b{word}\b", lower):
                return re.sub(rf"\b{word}\b", f"<{at}>", lower), (place,)
    years = [int(one) for one in re.findall(r"\b(?:19|20)\d\d\b", lower)]
    months = [_MONTHS.split("|").index(one) for one in _MONTH.findall(lower)]
    rest = [int(one) for one in re.findall(r"\d+", re.sub(r"\b(?:19|20)\d\d\b", " ", lower))]
    return re.sub(r"\d+", "#", _MONTH.sub("~", lower)), (*years, *months, *rest)


def foot_periods(sheet: Sheet, row: int, periods: list[Period]) -> tuple[list[Identity], list[Change]]:
    """What a row says of the changes, and its figure beside that of the period before."""
    found: list[Identity] = []
    for period in periods:
        held = [_hold(sheet, row, period.change, *pair) for pair in period.pairs]
        known = [one for one in held if one]
        if known:
            found.append(next((one for one in known if one.holds), known[0]))
    previous = next((sheet.cells[row][at] for at in sheet.of("previous")), None)
    now = next(iter([*sheet.of("total"), *sheet.of("part")]), None)
    current = sheet.cells[row][now] if now is not None else None
    if previous is None or current is None:
        return found, []
    if not sheet.of("change"):
        found += _words(sheet, row, previous, current)
    return found, [Change(sheet.at(row, 0), current.low, previous.low, sheet.labels[row].lower())]


def _words(sheet: Sheet, row: int, previous: Amount, current: Amount) -> list[Identity]:
    """A word of comparison that stands in a column of words."""
    return [
        hold_direction(sheet.at(row, at), current.low, previous.low, word[1])
        for at in sheet.of("text")
        if (word := _WORD.fullmatch(sheet.texts[row][at].strip()))
    ]


def _hold(sheet: Sheet, row: int, change: int, earlier: int, later: int) -> Identity | None:
    """One change against its two figures; unchecked when one of them has no data."""
    where, text, name = sheet.at(row, change), sheet.texts[row][change].strip(), sheet.names[change]
    cell, previous, current = sheet.cells[row][change], sheet.cells[row][earlier], sheet.cells[row][later]
    word = _WORD.fullmatch(text)
    if cell is None and word is None:
        return None
    if previous is None or current is None:
        missing = sheet.at(row, earlier if previous is None else later)
        what = f"{text} from {previous or '?'} to {current or '?'}"
        return Identity(where, what, None, "comparison", text, None, f"not checked: no data in {missing}")
    if cell is None:
        return hold_direction(where, current.low, previous.low, word[1]) if word else None
    down = re.match(r"\W*(?:decrease|decline|drop|reduction)", name, re.I) and cell.low > 0
    stated, true = -cell.low if down else cell.low, current.low - previous.low
    what = f"{text} from {previous} to {current}"
    if cell.percent or re.search(r"%|per ?cent|\bpct\b", name, re.I):
        given = 100 * true / previous.low if previous.low else None
        holds = given is not None and abs(given - stated) <= 0.5 * 10.0 ** -places(text) + 1e-9
        return Identity(where, what, holds, "comparison", text, "no percentage of none" if given is None else f"{given:.1f}%")
    shown = max(places(one) for one in (text, str(previous), str(current)))
    slack = 10.0**-shown + 1e-9 if shown else 1e-9  # a figure that shows digits behind the point was rounded
    return Identity(where, what, abs(true - stated) <= slack, "comparison", text, number(round(true, shown)))
