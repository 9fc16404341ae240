"""Hide cells of a table with totals, so that nobody can compute what was hidden from what is shown.

A count of one in a small place points at a household. Leaving it blank is not enough: the row and its total give it back by subtraction.
So other cells go too, as few and as small ones as will do. The rule it guards: every hidden count stands in a ring of hidden counts,
along which one more here and one less there changes no figure that is shown; and what is hidden in one line, taken together, is no small
count either. Nothing here knows what is counted.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from fairwitness.analyse.rules import SMALL

At = tuple[int, int]
TOTAL_WEIGHS = 4
"""A total says more than a cell, so it is hidden only where cells do not do."""


def with_totals(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    """The counts with the total of each row behind it and a last row of totals."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def hide(counts: Sequence[Sequence[int]], small: int = SMALL) -> frozenset[At]:
    """Which positions of `with_totals(counts)` must not be shown."""
    table = with_totals(counts)
    hidden = {(i, j) for i, row in enumerate(table) for j, count in enumerate(row) if 0 < count < small}
    while more := _beside_little(table, hidden, small) or _alone(table, hidden):
        hidden |= more
    return frozenset(hidden)


def _lines(table: Sequence[Sequence[int]]) -> Iterator[list[At]]:
    """Every line that adds up: its parts, and last its total."""
    for i in range(len(table)):
        yield [(i, j) for j in range(len(table[0]))]
    for j in range(len(table[0])):
        yield [(i, j) for i in range(len(table))]


def _beside_little(table: Sequence[Sequence[int]], hidden: set[At], small: int) -> set[At]:
    """One more to hide in the first line whose hidden parts, known together by subtraction, are still a small count."""
    for line in _lines(table):
        *parts, total = line
        gone = [at for at in parts if at in hidden]
        if gone and total not in hidden and sum(table[i][j] for i, j in gone) < small:
            shown = [at for at in parts if at not in hidden and table[at[0]][at[1]]]
            return {min(shown, key=lambda at: (table[at[0]][at[1]], at))} if shown else {total}
    return set()


def _alone(table: Sequence[Sequence[int]], hidden: set[At]) -> set[At]:
    """What to hide so that the first hidden count that stands in no ring stands in one: the lightest way round it."""
    for i, j in sorted(hidden):
        around = _way_round(table, hidden, (i, j))
        if around:
            return around
    return set()


def _way_round(table: Sequence[Sequence[int]], hidden: set[At], at: At) -> set[At]:
    """The lightest chain of counts from the row of `at` to its column that does not use `at`; those of it that are still shown."""
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    goal = (1, at[1])
    best: dict[tuple[int, int], int] = {(0, at[0]): 0}
    came: dict[tuple[int, int], tuple[tuple[int, int], At]] = {}
    todo = [(0, (0, at[0]))]
    while todo:
        weight, node = heapq.heappop(todo)
        if node == goal:
            break
        if weight > best[node]:
            continue
        side, number = node
        for other in range(last_column + 1 if side == 0 else last_row + 1):
            step = (number, other) if side == 0 else (other, number)
            count = table[step[0]][step[1]]
            if step == at or not count:
                continue
            heavy = TOTAL_WEIGHS if step[0] == last_row or step[1] == last_column else 1
            then = weight + (0 if step in hidden else count * heavy + 1)
            after = (1 - side, other)
            if then < best.get(after, then + 1):
                best[after], came[after] = then, (node, step)
                heapq.heappush(todo, (then, after))
    found: set[At] = set()
    node = goal
    while node in came:
        node, step = came[node]
        found.add(step)
    return found - hidden
