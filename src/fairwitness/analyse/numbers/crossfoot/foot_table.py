"""Foot a table: totals in rows and columns, subtotals, percentages with their base, low to high, what is a part of what, the period before.

The rule it guards: a total is what its parts make. Which column is a total is read from its name, never from its figures: a figure
that is wrong cannot hide the identity it breaks.
"""

from __future__ import annotations

import re
from itertools import pairwise

from fairwitness.analyse.numbers.crossfoot.foot_changes import Change
from fairwitness.analyse.numbers.crossfoot.foot_parts import items
from fairwitness.analyse.numbers.crossfoot.foot_periods import find_periods, foot_periods
from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, hold_gap, hold_part, hold_share, hold_sum
from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount, counts_only, number, plain
from fairwitness.analyse.numbers.crossfoot.read_sheet import Sheet, is_total, places, read_sheet

_ENOUGH = 8
"""So many rows of a total of which none holds say that the columns before it are not its parts."""
_GRAND = re.compile(r"grand|overall|altogether", re.I)


def foot_table(columns: dict[str, list[str]]) -> tuple[list[Identity], list[Change]]:
    """The identities of a table, and what it says of the period before."""
    sheet = read_sheet(columns)
    found = _across(sheet) + _down(sheet)
    changes: list[Change] = []
    periods = find_periods(sheet)
    for row in range(len(sheet.cells)):
        found += _bounds(sheet, row) + _shares(sheet, row) + _lists(sheet, row)
        compared, change = foot_periods(sheet, row, periods)
        found += compared
        changes += change
    return found + _doubled(sheet), changes


def _across(sheet: Sheet) -> list[Identity]:
    """Each total column against its parts: those since the total before it, or, when it stands first, those after it."""
    totals, parts = sheet.of("total"), sorted([*sheet.of("part"), *sheet.of("blank")])
    grand = [
        at for at in totals if len(totals) > 1 and (_GRAND.search(sheet.names[at]) or not [p for p in parts if _since(totals, at) < p < at])
    ]
    found: list[Identity] = []
    for at in totals:
        before = [one for one in parts if _since(totals, at) < one < at]
        if at in grand and at != totals[0]:
            before = [one for one in totals if one < at and one not in grand]
        elif not before and at == totals[0]:
            before = [one for one in parts if one > at and (len(totals) == 1 or one < totals[1])]
        if len(before) >= 2 or (len(before) == 1 and at in grand):
            held = [one for row in range(len(sheet.cells)) if (one := _sum(sheet, row, at, [(row, part) for part in before]))]
            found += held if len(held) < _ENOUGH or any(one.holds for one in held) else [_no_parts(sheet, at, before)]
    return found


def _no_parts(sheet: Sheet, total: int, parts: list[int]) -> Identity:
    """Columns that make the total in none of many rows are not its parts; that is said once, and not as a contradiction of each row."""
    names = " + ".join(sheet.names[part] for part in parts)
    note = f"not checked: {names} make {sheet.names[total]} in no row, and are not taken for its parts"
    return Identity(f"header, {sheet.names[total]}", f"{sheet.names[total]} = {names}", None, "sum", None, None, note)


def _since(totals: list[int], at: int) -> int:
    return max((one for one in totals if one < at), default=-1)


def _sum(sheet: Sheet, row: int, column: int, parts: list[tuple[int, int]]) -> Identity | None:
    whole = sheet.cells[row][column]
    held = [sheet.cells[r][c] for r, c in parts]
    if whole is None:
        return None
    where = sheet.at(row, column) + (f" ({sheet.labels[row]})" if sheet.labels[row] else "")
    missing = [sheet.at(r, c) for (r, c), part in zip(parts, held, strict=True) if part is None]
    if missing:
        return hold_gap(where, whole, held, missing)
    return hold_sum(where, whole, [part for part in held if part is not None])


def _down(sheet: Sheet) -> list[Identity]:
    """Each total row against the rows since the total before it; a last total is also held against the subtotals, or all rows."""
    totals = [row for row, label in enumerate(sheet.labels) if is_total(label)]
    found: list[Identity] = []
    for at in totals:
        before = [row for row in range(len(sheet.cells)) if _since(totals, at) < row < at]
        subs = [row for row in totals if row < at]
        if subs and (not before or _GRAND.search(sheet.labels[at])):
            before = subs
        elif not before and at == 0:
            before = [row for row in range(1, len(sheet.cells)) if len(totals) == 1 or row < totals[1]]
        columns = [
            *sheet.of("part"),
            *sheet.of("total"),
            *sheet.of("base"),
            *sheet.of("previous"),
            *sheet.of("included"),
            *sheet.of("low"),
            *sheet.of("high"),
            *sheet.of("share"),
        ]
        for column in sorted(columns):
            parts = [(row, column) for row in before if sheet.cells[row][column] is not None or sheet.gap(row, column)]
            whole = sheet.cells[at][column]
            if whole is None or not parts:
                continue
            if sheet.kinds[column].name == "share":
                found += _shares_down(sheet, at, column, [row for row, _ in parts if sheet.cells[row][column]], len(parts))
            elif one := _sum(sheet, at, column, parts):
                found.append(one)
    return found


def _shares_down(sheet: Sheet, at: int, column: int, rows: list[int], parts: int) -> list[Identity]:
    """Percentages that are shares of the column: they make what the total says, within rounding."""
    whole = sheet.cells[at][column]
    if whole is None or abs(whole.low - 100) > 1e-9 or sheet.kinds[column].base == "row" or len(rows) < parts:
        return []
    total = sum(cell.low for row in rows if (cell := sheet.cells[row][column]))
    slack = 0.5 * len(rows) * 10.0 ** -places(sheet.texts[rows[0]][column])
    holds = abs(total - 100) <= 1e-9 if len(rows) < 3 else abs(total - 100) < slack + 1e-9
    return [Identity(sheet.at(at, column), f"the percentages make {number(total)}%", holds, "share", f"{number(total)}%", "100%")]


def _bounds(sheet: Sheet, row: int) -> list[Identity]:
    """Low, best and high in order; an included figure no more than its whole."""
    found: list[Identity] = []
    for group in {kind.group for kind in sheet.kinds if kind.name in ("low", "high")}:
        order = [at for name in ("low", "best", "high") for at, kind in enumerate(sheet.kinds) if kind.name == name and kind.group == group]
        for one, other in pairwise(order):
            low, high = sheet.cells[row][one], sheet.cells[row][other]
            if low and high:
                what = f"{sheet.names[one]} {low} is not above {sheet.names[other]} {high}"
                found.append(Identity(sheet.at(row, one), what, low.low <= high.low, "interval", str(low), f"at most {high}"))
    for at in sheet.of("included"):
        wholes = [one for one in (sheet.of("total") or sheet.of("part")) if one < at]
        part, whole = sheet.cells[row][at], sheet.cells[row][wholes[-1]] if wholes else None
        if part and whole:
            found.append(hold_part(sheet.at(row, at), whole, part))
    return found


def _shares(sheet: Sheet, row: int) -> list[Identity]:
    """Each percentage, or share of one, against its numerator and its base: those the columns name, or the column's own total."""
    found: list[Identity] = []
    for at in sheet.of("share"):
        kind, percent = sheet.kinds[at], sheet.cells[row][at]
        if percent is None or kind.part is None:
            continue
        part = sheet.cells[row][kind.part]
        if part is None:
            continue
        base = sheet.cells[row][kind.whole] if kind.whole is not None else _column_total(sheet, kind.part)
        text = re.sub(r"[^\d.]", "", sheet.texts[row][at])
        if base is None:
            missing = f"not checked: no data in {sheet.names[kind.whole if kind.whole is not None else kind.part]}, the base"
            found.append(Identity(sheet.at(row, at), f"{text}% is {part} of ?", None, "share", f"{text}%", None, missing))
        elif kind.base == "one":
            slack = 0.5 * 10.0 ** -places(text) + 1e-9
            holds = base.low > 0 and abs(part.low / base.low - percent.low) <= slack
            given = f"{part.low / base.low:.{places(text) + 1}f}" if base.low > 0 else "no share of none"
            found.append(Identity(sheet.at(row, at), f"{text} is {part} of {base}", holds, "share", text, given))
        else:
            found.append(hold_share(sheet.at(row, at), text, part.low, base.low))
    return found


def _column_total(sheet: Sheet, column: int) -> Amount | None:
    """What a column comes to: its total row, or the sum of all its rows; None when one of them has no data."""
    rows = [row for row, label in enumerate(sheet.labels) if is_total(label)]
    if rows:
        return sheet.cells[rows[-1]][column]
    if any(sheet.gap(row, column) for row in range(len(sheet.cells))):
        return None
    total = sum(cell.low for line in sheet.cells if (cell := line[column]) is not None)
    return Amount(total, total, False, False, 0, 0, number(total))


def _lists(sheet: Sheet, row: int) -> list[Identity]:
    """A cell of words that lists parts, “1 impact, 6 undetermined, 2 airbursts”, against the number beside it."""
    whole = next((sheet.cells[row][at] for at in [*sheet.of("total"), *sheet.of("part")] if sheet.cells[row][at]), None)
    found: list[Identity] = []
    for at in sheet.of("text"):
        text = counts_only(plain(sheet.texts[row][at]))
        parts = items(text) if whole else []
        said = len(re.findall(r"[^\W\d_]{2,}", text)) >= len(parts) or re.fullmatch(r"[\d\s+]+", text)
        if whole and len(parts) >= 2 and said:
            found.append(hold_sum(sheet.at(row, at), whole, parts))
    return found


def _doubled(sheet: Sheet) -> list[Identity]:
    """Rows that say the same in every cell of words have to say the same figures, unless the words are not what tells rows apart."""
    texts = sorted([*sheet.of("text"), *sheet.of("other")])
    seen: dict[tuple[str, ...], int] = {}
    found: list[Identity] = []
    keys = [tuple(line[at].casefold() for at in texts) for line in sheet.texts]
    if not sheet.of("text") or len(keys) - len(set(keys)) > max(1, len(keys) // 4):
        return []
    for row, (line, key) in enumerate(zip(sheet.texts, keys, strict=True)):
        if not any(key) or is_total(sheet.labels[row]):
            continue
        first = seen.setdefault(key, row)
        if first != row:
            for at in [one for one, kind in enumerate(sheet.kinds) if kind.name not in ("text", "other")]:
                one, other = sheet.texts[first][at], line[at]
                what = f"“{' '.join(key)}” is {one} (row {first + 2}) and {other}"
                found.append(Identity(sheet.at(row, at), what, one == other, "stated twice", other, f"{one} (row {first + 2})"))
    return found
