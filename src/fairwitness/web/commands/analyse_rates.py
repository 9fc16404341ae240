"""`fairwitness analyse rates CASES.csv`: rates of small places, smoothed, and whether neighbours resemble one another.

The rule it guards: a raw rate is never stated on fewer than ten people, and a place without neighbours is named.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.rates.read_neighbours import Neighbours
    from fairwitness.analyse.numbers.read_table import Table

FEWEST = 10
_PLACES, _CASES, _PEOPLE = (
    ("place", "municipality", "name", "id", "area"),
    ("cases", "count", "events", "n"),
    ("population", "people", "at_risk", "base", "pop"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, who borders on whom, and by how many the rates are stated."""
    parser.add_argument("cases", type=Path, help="columns place, cases, population; x and y for --nearest")
    parser.add_argument("--place", help="the column of places")
    parser.add_argument("--count", help="the column of cases")
    parser.add_argument("--population", help="the column of people")
    parser.add_argument(
        "--adjacency", type=Path, help="pairs of places that are neighbours, one to a row; a third column: weights that make 1"
    )
    parser.add_argument("--nearest", type=int, metavar="K", help="instead: the K nearest places are neighbours")
    parser.add_argument("--x", default="x", help="the column of eastings or longitudes (default x)")
    parser.add_argument("--y", default="y", help="the column of northings or latitudes (default y)")
    parser.add_argument("--degrees", action="store_true", help="x and y are longitude and latitude")
    parser.add_argument(
        "--per", type=float, default=1000, help="rates per how many people in the table (default 1000; JSON has them per head)"
    )
    parser.add_argument("--replicates", type=int, default=999, help="permutations (default 999)")
    parser.add_argument("--seed", type=int, default=1, help="of the permutations (default 1)")


def run(given: argparse.Namespace) -> int:
    """Read, smooth, compare, say."""
    from fairwitness.analyse.numbers.rates.smooth_rates import check_counts, smooth_gamma, smooth_global, smooth_local
    from fairwitness.analyse.numbers.read_table import read_table

    _sensible(given)
    table = read_table(given.cases)
    places = _unique(table, given.place or _known(table, _PLACES, "--place"))
    cases = table.counts(given.count or _known(table, _CASES, "--count"))
    people = table.numbers(given.population or _known(table, _PEOPLE, "--population"), least=0.0)
    check_counts(cases, people)
    neighbours, tables = _neighbours(given, table, places)
    whole, pooled = smooth_global(cases, people), smooth_gamma(cases, people)
    local = smooth_local(cases, people, neighbours.near) if neighbours else None
    rows: list[dict[str, Any]] = [
        {
            "place": place,
            "cases": cases[at],
            "population": people[at],
            "rate": cases[at] / people[at] if people[at] >= FEWEST else None,
            "eb": whole.rates[at],
            "eb_local": local.rates[at] if local else None,
            "gamma": pooled.rates[at],
            "gamma_ci": [pooled.low[at], pooled.high[at]],
        }
        for at, place in enumerate(places)
    ]
    result: dict[str, Any] = {
        "rate": cases.sum() / people.sum(),
        "variance_between": whole.variance,
        "shape": pooled.shape,
        "moran": None,
        "eb_moran": None,
        "places": rows,
        "islands": list(neighbours.islands) if neighbours else [],
        "refused": None,
    }
    warnings = _warnings(rows, result, pooled.shape is None)
    if neighbours:
        warnings += _compare(given, result, neighbours, cases, people)
    if given.json:
        say_json(given, tables, result, warnings)
        return 0
    _print(given, result)
    say_warnings(warnings)
    return 0


def _sensible(given: argparse.Namespace) -> None:
    if given.adjacency and given.nearest is not None:
        raise BadInput.of(Fault("--nearest", say("give either --adjacency or --nearest, not both.")))
    if not 99 <= given.replicates <= 99_999:
        raise BadInput.of(Fault("--replicates", say("must be from 99 to 99999.")))
    if not given.per > 0:
        raise BadInput.of(Fault("--per", say("must be above nought, such as 1000.")))


def _known(table: Table, names: tuple[str, ...], option: str) -> str:
    found = [name for name in table.columns if name.casefold() in names]
    if len(found) != 1:
        has = ", ".join(table.columns)
        raise BadInput.of(Fault(option, say("name the column; the file has {columns}.", columns=has), table.name))
    return found[0]


def _unique(table: Table, column: str) -> list[str]:
    seen: dict[str, int] = {}
    for row, place in enumerate(table.texts(column)):
        if not place or place in seen:
            words = say("is empty.") if not place else say("“{place}” stands twice; one row is one place.", place=place[:40])
            raise BadInput.of(table.fault(column, words, row))
        seen[place] = row
    return list(seen)


def _neighbours(given: argparse.Namespace, table: Table, places: list[str]) -> tuple[Neighbours | None, list[Table]]:
    from fairwitness.analyse.numbers.rates.read_neighbours import nearest, read_neighbours
    from fairwitness.analyse.numbers.read_table import read_table

    if given.adjacency:
        pairs = read_table(given.adjacency)
        return read_neighbours(pairs, places), [table, pairs]
    if given.nearest is not None:
        return nearest(table.numbers(given.x), table.numbers(given.y), given.nearest, places, degrees=given.degrees), [table]
    return None, [table]


def _compare(given: argparse.Namespace, result: dict[str, Any], neighbours: Neighbours, cases: Any, people: Any) -> list[str]:
    """Moran's I of raw rates and of departures, and of each place; into the result. Returns what a reader must know."""
    from fairwitness.analyse.numbers.rates.compare_neighbours import compare_all, compare_each, depart

    options = {"replicates": given.replicates, "seed": given.seed}
    for name, values in (("moran", cases / people), ("eb_moran", depart(cases, people))):
        found = compare_all(values, neighbours.weights, **options)
        result[name] = {"I": found.i, "expected": found.expected, "z": found.z, "p": found.p}
    each = compare_each(depart(cases, people), neighbours.weights, **options)
    for at, row in enumerate(result["places"]):
        row["local_moran"] = {"I": each.i[at], "p": each.p[at], "quarter": each.quarter[at]}
    made = [f"With {len(cases)} places some local p below .05 is to be expected by chance alone."]
    if neighbours.islands:
        made.append(f"Without neighbours, and left out of Moran's I: {', '.join(neighbours.islands)}.")
    return made


def _warnings(rows: list[dict[str, Any]], result: dict[str, Any], flat: bool) -> list[str]:
    made = []
    few = [row["place"] for row in rows if row["rate"] is None]
    if few:
        made.append(f"No raw rate is stated on fewer than {FEWEST} people: {', '.join(few)}.")
    if not result["variance_between"] or flat:
        made.append("The places differ no more than chance makes them: nothing speaks for different rates.")
    return made


def _print(given: argparse.Namespace, result: dict[str, Any]) -> None:
    def per(rate: float | None) -> float | None:
        return None if rate is None else float(rate) * given.per

    header = ["place", "cases", "population", "rate", "smoothed", "by neighbours", "low", "high"]
    say_table(
        header,
        [
            [
                row["place"],
                int(row["cases"]),
                float(row["population"]),
                per(row["rate"]),
                per(row["eb"]),
                per(row["eb_local"]),
                *(per(end) for end in row["gamma_ci"]),
            ]
            for row in result["places"]
        ],
    )
    print(f"Rates per {given.per:g}; of all {per(result['rate']):.4g}.")
    for name, words in (("moran", "Moran's I of raw rates"), ("eb_moran", "Moran's I of departures in units of chance")):
        if result[name]:
            print(f"{words}: {result[name]['I']:.4f} (by chance {result[name]['expected']:.4f}), p {result[name]['p']:.3f}.")
