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

EXHAUSTIVE = 750_000
BUDGET = 1_250_000


def possible_rules(columns: Sequence[str], kinds: Sequence[str]) -> list[Rule]:
    """All rules to be weighed: whole columns and parts alone, and any two from different columns. A category never stands alone."""
    parts = [one for one in columns if one != "unique_id"]
    kind = {one: kinds[_number(one)] for one in parts}
    alone = [(one,) for one in parts if kind[one] != "category"]
    return alone + [
        two for two in combinations(parts, 2) if _number(two[0]) != _number(two[1]) and {kind[one] for one in two} != {"category"}
    ]


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


def order_rules(counts: Mapping[Rule, int], *, budget: int = BUDGET) -> list[Rule]:
    """The rules worth trying, narrow ones first, single columns before two together; none that alone would bring twice the budget.

    BadInput where not even the narrowest rule that brings a pair would stay within it.
    """
    filled = sorted((number, rule) for rule, number in counts.items() if number)
    if filled and filled[0][0] > 2 * budget:
        raise BadInput("The lists cannot be narrowed: the same values stand in so many entries that the best rule still makes "
                       "{pairs} pairs to compare, "
                       "and {budget} is the most. Divide the lists, by year or region, or add a column that tells persons apart.",
                       pairs=f"{filled[0][0]:,}", budget=f"{budget:,}")  # fmt: skip
    taken: list[Rule] = []
    for number, rule in sorted(filled, key=lambda one: (len(one[1]) > 1, one)):
        bound = budget // 3 if len(rule) == 1 else 2 * budget
        if number <= bound and not any(set(one) <= set(rule) for one in taken):
            taken.append(rule)
    return taken


def gather_pairs(connection: Any, tables: Sequence[str], rules: Sequence[Rule], *, budget: int = BUDGET) -> int:
    """Put every pair that a rule brings, once, into the table `pairs` (`l`, `r`: places in the lists), rule by rule until the budget is
    full.

    Returns how many there are. The rule that would go over the budget and all after it are left out.
    """
    left, right = tables[0], tables[-1]
    connection.execute("CREATE OR REPLACE TABLE pairs (l BIGINT, r BIGINT, rule INTEGER)").fetchall()
    total = 0
    for number, rule in enumerate(rules):
        same = " AND ".join(f"a.{one} = b.{one}" for one in rule)
        once = " AND a.unique_id < b.unique_id" if len(tables) == 1 else ""
        connection.execute(f"CREATE OR REPLACE TABLE fresh AS SELECT a.unique_id AS l, b.unique_id AS r, {number} AS rule "
                           f"FROM {left} a JOIN {right} b ON {same}{once} ANTI JOIN pairs p ON p.l = a.unique_id AND p.r = "
                           f"b.unique_id").fetchall()  # fmt: skip
        more = int(connection.execute("SELECT count(*) FROM fresh").fetchall()[0][0])
        if total + more <= budget:
            connection.execute("INSERT INTO pairs SELECT * FROM fresh").fetchall()
            total += more
        if total > 0.98 * budget:
            break
    connection.execute("DROP TABLE IF EXISTS fresh").fetchall()
    return total
