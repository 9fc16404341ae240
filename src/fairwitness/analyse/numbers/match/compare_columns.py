"""Compare columns: the steps between "the same" and "different" for a name, a date, a number, an address.

Each kind of column has its own steps, because clerks err in kind: a name is spelt otherwise, a date has two digits changed, a given name
stands where the surname should. The distances are Jaro-Winkler's for words and Damerau-Levenshtein's for digits.

The rule it guards: an empty cell says nothing, neither for nor against.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Rare values say more: agreeing on a rare surname is weighed by how rare it is in these lists, down to one entry in two thousand.
WEIGHED_BY_RARITY = frozenset({"given", "surname", "name", "text", "code"})
LEAST_SHARE = 0.0005


def comparisons(kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    """One comparison per column, as Splink reads them, over the columns `c0`, `c1`, … that `prepare_records` makes."""
    listed = list(kinds.values())
    changed = ""
    if listed.count("given") == listed.count("surname") == 1:
        given, surname = listed.index("given"), listed.index("surname")
        changed = f'"c{given}_l" = "c{surname}_r" AND "c{surname}_l" = "c{given}_r"'
    return [_comparison(place, kind, changed) for place, kind in enumerate(listed)]


def _comparison(place: int, kind: str, changed: str) -> dict[str, Any]:
    left, right = f'"c{place}_l"', f'"c{place}_r"'
    same: dict[str, Any] = {"sql_condition": f"{left} = {right}", "label_for_charts": "the same"}
    steps = [same, *({"sql_condition": one, "label_for_charts": one} for one in _steps(place, kind, changed))]
    # Given name and surname in each other's place is one finding, not two: the given name's comparison has it, the surname's is silent.
    silent = f" OR ({changed})" if changed and kind == "surname" else ""
    empty = {"sql_condition": f"{left} IS NULL OR {right} IS NULL{silent}", "label_for_charts": "empty", "is_null_level": True}
    return {
        "output_column_name": f"c{place}",
        "comparison_levels": [empty, *steps, {"sql_condition": "ELSE", "label_for_charts": "different"}],
    }


def _steps(place: int, kind: str, changed: str) -> list[str]:
    left, right = f'"c{place}_l"', f'"c{place}_r"'
    near = f"jaro_winkler_similarity({left}, {right}) >= "
    typed = f"damerau_levenshtein({left}, {right}) <= "
    if kind in {"given", "surname"}:
        return [*([changed] if changed and kind == "given" else []), near + "0.92", near + "0.8"]
    return {"name": [near + "0.95", near + "0.88", near + "0.75"], "text": [near + "0.9", near + "0.75"],
            "date": [typed + "1", typed + "2", f"{left}[1:4] = {right}[1:4]"], "id": [typed + "1", typed + "2"],
            "email": [f"split_part({left}, '@', 1) = split_part({right}, '@', 1)", typed + "2", near + "0.93"],
            "code": [typed + "1"], "category": []}[kind]  # fmt: skip
