"""Block pairs: which pairs of entries are looked at, so that a million entries do not make half a billion questions.

Every column, every part of a column and every two of them together are a possible rule ("same year of birth and same beginning of the
surname"). How many pairs each would bring is counted before any is made; the narrow rules are taken first, until the budget is full.

The rule it guards: work has a bound that is known before it starts. Lists that no rule can narrow are refused with the reason; the machine
does not hang.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from fairwitness.errors import BadInput

Rule = tuple[str, ...]

EXHAUSTIVE = 600_000
BUDGET = 5_000_000
MOST_RULES = 40


def possible_rules(columns: Sequence[str], kinds: Sequence[str]) -> list[Rule]:
    """All rules to be weighed: whole columns and parts alone, and any two from different columns. A category never stands alone."""
    parts = [one for one in columns if one != "unique_id"]
    kind = {one: kinds[_number(one)] for one in parts}
    alone = [(one,) for one in parts if kind[one] != "category" and "_" not in one]
    return alone + [two for two in combinations(parts, 2) if _number(two[0]) != _number(two[1]) and {kind[one] for one in two} != {"category"}]


def _number(column: str) -> int:
    return int(column.partition("_")[0][1:])


def count_pairs(connection: Any, tables: Sequence[str], rule: Rule) -> int:
    """Pairs a rule would bring: within the list where there is one, across the lists where there are two."""
    named = ", ".join(rule)
    filled = " AND ".join(f"{one} IS NOT NULL" for one in rule)
    heaps = [f"(SELECT {named}, count(*)::HUGEINT AS n FROM {table} WHERE {filled} GROUP BY ALL)" for table in tables]
    query = f"SELECT sum(n * (n - 1) / 2) FROM {heaps[0]}" if len(tables) == 1 else \
        f"SELECT sum(a.n * b.n) FROM {heaps[0]} a JOIN {heaps[1]} b USING ({named})"  # fmt: skip
    return int(connection.execute(query).fetchall()[0][0] or 0)


def choose_rules(counts: Mapping[Rule, int], *, budget: int = BUDGET) -> list[Rule]:
    """The rules to use, narrow ones first, together within the budget. A rule that a taken one already covers is left out.

    BadInput where not even the narrowest rule that brings a pair fits.
    """
    taken: list[Rule] = []
    spent = 0
    filled = sorted((number, rule) for rule, number in counts.items() if number)
    for number, rule in sorted(filled, key=lambda one: (len(one[1]) > 1, one)):
        # One column alone may take a third of the budget at most, so that other ways to find a pair remain.
        bound = budget // 3 if len(rule) == 1 else budget
        if number > bound or spent + number > budget or len(taken) >= MOST_RULES or any(set(one) <= set(rule) for one in taken):
            continue
        taken.append(rule)
        spent += number
    if not taken and filled:
        raise BadInput("The lists cannot be narrowed: the same values stand in so many entries that the best rule still makes {pairs} pairs to compare, "
                       "and {budget} is the most. Divide the lists, by year or region, or add a column that tells persons apart.",
                       pairs=f"{filled[0][0]:,}", budget=f"{budget:,}")  # fmt: skip
    return taken
