"""Foot a table: totals in rows and columns, subtotals, percentages with their base, low to high, what is a part of what, the period before.

The rule it guards: a total is what its parts make. Which column is a total is read from its name, never from its figures: a figure
that is wrong cannot hide the identity it breaks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fairwitness.analyse.numbers.crossfoot.foot_changes import Change
from fairwitness.analyse.numbers.crossfoot.foot_parts import items
from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, direction, hold_direction, hold_part, hold_share, hold_sum
from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount, amounts, number, plain
from fairwitness.analyse.numbers.crossfoot.read_kinds import Kind, kinds

_GAPS = {"", "-", "–", "—", "NA", "N/A", "n/a", ".", ".."}
_TOTAL = re.compile(r"^\W*(?:grand |sub-?)?(?:total|sum|all|overall|altogether|in all|gjithsej|ukupno|toplam)\b|\btotals?$", re.I)
_GRAND = re.compile(r"grand|overall|altogether", re.I)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table read: names of columns, what kind each is, the label of each row, and its amounts (None where there is none)."""

    names: Sequence[str]
    kinds: Sequence[Kind]
    labels: Sequence[str]
    cells: Sequence[Sequence[Amount | None]]
    texts: Sequence[Sequence[str]]

    def at(self, row: int, column: int) -> str:
        """A place in words: the header is row 1."""
        return f"row {row + 2}, {self.names[column]}"

    def of(self, kind: str) -> list[int]:
        """The columns of a kind."""
        return [at for at, one in enumerate(self.kinds) if one.name == kind]


def read_sheet(columns: dict[str, list[str]]) -> Sheet:
    """A table of texts as a sheet. Cells hold a count as people write it: 1,910, “about 45”, 6-7, 24%."""
    names = list(columns)
    rows = len(next(iter(columns.values()), []))
    texts = [[columns[name][row] for name in names] for row in range(rows)]
    cells = [[_cell(text) for text in line] for line in texts]
    numeric = [
        any(line[at] for line in cells) and all(line[at] or texts[row][at] in _GAPS for row, line in enumerate(cells))
        for at in range(len(names))
    ]
    found = kinds(names, numeric, [[line[at] for line in cells] for at in range(len(names))])
    label = next((at for at, kind in enumerate(found) if kind.name == "text"), None)
    if label is None and any(_is_total(texts[row][at]) for row in range(rows) for at in range(1)):
        label = 0
    return Sheet(names, found, [line[label] if label is not None else "" for line in texts], cells, texts)


def _cell(text: str) -> Amount | None:
    shown = plain(text)
    found = amounts(shown)
    return found[0] if len(found) == 1 and not shown[: found[0].start].strip("( ") and not shown[found[0].end :].strip(" )") else None


def _is_total(text: str) -> bool:
    return bool(_TOTAL.search(text))


def foot_table(columns: dict[str, list[str]]) -> tuple[list[Identity], list[Change]]:
    """The identities of a table, and what it says of the period before."""
    sheet = read_sheet(columns)
    found = _across(sheet) + _down(sheet)
    changes: list[Change] = []
    for row in range(len(sheet.cells)):
        found += _bounds(sheet, row) + _shares(sheet, row) + _lists(sheet, row)
        compared, change = _compared(sheet, row)
        found += compared
        changes += change
    return found + _doubled(sheet), changes


def _across(sheet: Sheet) -> list[Identity]:
    """Each total column against its parts: those since the total before it, or, when it stands first, those after it."""
    totals, parts = sheet.of("total"), sheet.of("part")
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
            found += [one for row in range(len(sheet.cells)) if (one := _sum(sheet, row, at, [(row, part) for part in before]))]
    return found


def _since(totals: list[int], at: int) -> int:
    return max((one for one in totals if one < at), default=-1)


def _sum(sheet: Sheet, row: int, column: int, parts: list[tuple[int, int]]) -> Identity | None:
    whole = sheet.cells[row][column]
    held = [sheet.cells[r][c] for r, c in parts]
    if whole is None or any(part is None for part in held):
        return None
    where = sheet.at(row, column) + (f" ({sheet.labels[row]})" if sheet.labels[row] else "")
    return hold_sum(where, whole, [part for part in held if part is not None])


def _down(sheet: Sheet) -> list[Identity]:
    """Each total row against the rows since the total before it; a last total is also held against the subtotals, or all rows."""
    totals = [row for row, label in enumerate(sheet.labels) if _is_total(label)]
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
            *sheet.of("previous"),
            *sheet.of("included"),
            *sheet.of("low"),
            *sheet.of("high"),
            *sheet.of("share"),
        ]
        for column in sorted(columns):
            parts = [(row, column) for row in before if sheet.cells[row][column] is not None or sheet.texts[row][column] not in _GAPS]
            whole = sheet.cells[at][column]
            if whole is None or not parts:
                continue
            if sheet.kinds[column].name == "share":
                found += _shares_down(sheet, at, column, [row for row, _ in parts])
            elif one := _sum(sheet, at, column, parts):
                found.append(one)
    return found


def _shares_down(sheet: Sheet, at: int, column: int, rows: list[int]) -> list[Identity]:
    """Percentages that are shares of the column: they make what the total says, within rounding."""
    whole = sheet.cells[at][column]
    if whole is None or abs(whole.low - 100) > 1e-9 or sheet.kinds[column].base == "row":
        return []
    total = sum(cell.low for row in rows if (cell := sheet.cells[row][column]))
    slack = 0.5 * len(rows) * 10.0 ** -_places(sheet.texts[rows[0]][column])
    holds = abs(total - 100) <= 1e-9 if len(rows) < 3 else abs(total - 100) < slack + 1e-9
    return [Identity(sheet.at(at, column), f"the percentages make {number(total)}%", holds, "share", f"{number(total)}%", "100%")]


def _places(text: str) -> int:
    return len(re.sub(r"[^\d.]", "", text).partition(".")[2])


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
    """Each percentage against its numerator and its base: those the columns name, or the column's own total."""
    found: list[Identity] = []
    for at in sheet.of("share"):
        kind, percent = sheet.kinds[at], sheet.cells[row][at]
        if percent is None or kind.part is None:
            continue
        part = sheet.cells[row][kind.part]
        base = sheet.cells[row][kind.whole] if kind.whole is not None else _column_total(sheet, kind.part)
        if part is None or base is None:
            continue
        text = re.sub(r"[^\d.]", "", sheet.texts[row][at])
        found.append(hold_share(sheet.at(row, at), text, part.low, base.low))
    return found


def _column_total(sheet: Sheet, column: int) -> Amount | None:
    rows = [row for row, label in enumerate(sheet.labels) if _is_total(label)]
    if rows:
        return sheet.cells[rows[-1]][column]
    total = sum(cell.low for line in sheet.cells if (cell := line[column]) is not None)
    return Amount(total, total, False, False, 0, 0, number(total))


def _lists(sheet: Sheet, row: int) -> list[Identity]:
    """A cell of words that lists parts, “1 impact, 6 undetermined, 2 airbursts”, against the number beside it."""
    whole = next((sheet.cells[row][at] for at in [*sheet.of("total"), *sheet.of("part")] if sheet.cells[row][at]), None)
    found: list[Identity] = []
    for at in sheet.of("text"):
        parts = items(plain(sheet.texts[row][at])) if whole else []
        if whole and len(parts) >= 2:
            found.append(hold_sum(sheet.at(row, at), whole, parts))
    return found


def _compared(sheet: Sheet, row: int) -> tuple[list[Identity], list[Change]]:
    """The figure of now beside that of the period before: the change in number, in per cent, or in a word."""
    previous = next((sheet.cells[row][at] for at in sheet.of("previous")), None)
    now = next(iter([*sheet.of("total"), *sheet.of("part")]), None)
    current = sheet.cells[row][now] if now is not None else None
    if previous is None or current is None:
        return [], []
    found: list[Identity] = []
    for at, kind in enumerate(sheet.kinds):
        text = sheet.texts[row][at]
        if kind.name == "change" and (cell := sheet.cells[row][at]):
            stated = -cell.low if text.strip().startswith(("-", "−")) else cell.low
            true = current.low - previous.low
            if cell.percent or "%" in sheet.names[at]:
                given = 100 * true / previous.low if previous.low else None
                holds = given is not None and abs(given - stated) <= 0.5 * 10.0 ** -_places(text)
                found.append(
                    Identity(
                        sheet.at(row, at),
                        f"{text} from {previous} to {current}",
                        holds,
                        "comparison",
                        text,
                        "no percentage of none" if given is None else f"{given:.1f}%",
                    )
                )
            else:
                found.append(
                    Identity(sheet.at(row, at), f"{text} from {previous} to {current}", true == stated, "comparison", text, number(true))
                )
        elif kind.name in ("change", "text") and re.fullmatch(
            r"(?:an? )?(?:increased?|decreased?|more|fewer|less|same|similar|unchanged|higher|lower)", text.strip(), re.I
        ):
            word = re.sub(r"^an? ", "", text.strip(), flags=re.I)
            assert direction(word) in (-1, 0, 1)
            found.append(hold_direction(sheet.at(row, at), current.low, previous.low, word))
    return found, [Change(sheet.at(row, 0), current.low, previous.low, sheet.labels[row].lower())]


def _doubled(sheet: Sheet) -> list[Identity]:
    """Rows that say the same in every cell of words have to say the same figures."""
    texts = sheet.of("text")
    seen: dict[tuple[str, ...], int] = {}
    found: list[Identity] = []
    if not texts:
        return []
    for row, line in enumerate(sheet.texts):
        key = tuple(line[at].casefold() for at in texts)
        if not any(key) or _is_total(sheet.labels[row]):
            continue
        first = seen.setdefault(key, row)
        if first != row:
            for at in [one for one, kind in enumerate(sheet.kinds) if kind.name not in ("text", "other")]:
                one, other = sheet.texts[first][at], line[at]
                what = f"“{' '.join(key)}” is {one} (row {first + 2}) and {other}"
                found.append(Identity(sheet.at(row, at), what, one == other, "stated twice", other, f"{one} (row {first + 2})"))
    return found
