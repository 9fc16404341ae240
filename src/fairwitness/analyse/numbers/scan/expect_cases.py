"""Expect cases: how many would each place and period have, were nothing special happening?

    permutation   the place's total × the period's total / all cases
    poisson-pb    in proportion to the population at risk; with covariates, to each group's population at the group's own rate
                  (indirect standardisation)
    poisson-eb    as given in a file, for instance from a model of earlier years

The rule it guards: an expectation that was not given is not invented where the question turns on it: a scan by population without a
population is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import Table, stop
from fairwitness.analyse.numbers.scan.read_cases import DATE, Cases
from fairwitness.analyse.numbers.scan.read_places import PLACE, Places, find_places
from fairwitness.analyse.numbers.scan.set_periods import coarser, names, read_units
from fairwitness.errors import BadInput, Fault, say

POPULATION = ("population", "pop", "inhabitants", "persons")
EXPECTED = ("expected", "baseline", "baselines", "mu")
Counts = NDArray[np.float64]


def by_margins(counts: NDArray[np.int64]) -> Counts:
    """Expected cases from the totals of places and periods (Kulldorff et al. 2005). Raises BadInput without cases."""
    if not counts.sum():
        raise BadInput("There are no cases in this time.")
    return np.asarray(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum(), dtype=np.float64)


def by_population(population: Counts, counts: NDArray[np.int64]) -> Counts:
    """Expected cases in proportion to a population.

    `population` and `counts` are (groups, places, periods); each group's cases are spread over its own population, and the groups
    added. Raises BadInput where a group has cases and no population.
    """
    whole = population.sum(axis=(1, 2))
    cases = counts.sum(axis=(1, 2))
    if np.any((whole <= 0) & (cases > 0)):
        raise BadInput("A group of people has cases and no population at risk; look at the file of population.")
    rates = np.divide(cases, whole, out=np.zeros(len(whole)), where=whole > 0)
    return np.asarray((population * rates[:, None, None]).sum(axis=0), dtype=np.float64)


def read_expected(table: Table, places: Places, cases: Cases) -> Counts:
    """Expected cases by place and period from a file: place, date, expected. Raises BadInput for a gap, a doubling, an unknown place."""
    columns = list(table.columns)
    where = find_places(table, _place(columns, places, table), places)
    value = table.numbers(names(columns, None, EXPECTED, table.name, "the header expected"), least=0.0)
    at = _periods(table, columns, cases)
    found = np.full(cases.counts.shape, np.nan)
    kept = at >= 0
    _no_doubles(table, where, _units(table, columns), np.zeros(table.rows, dtype=np.int64))
    sums = np.zeros(cases.counts.shape)
    np.add.at(sums, (where[kept], at[kept]), value[kept])
    found[where[kept], at[kept]] = sums[where[kept], at[kept]]
    gaps = np.argwhere(np.isnan(found))
    if len(gaps):
        place, period = gaps[0]
        raise BadInput.of(Fault("", say("has no expected count for {count} places and periods, the first {place} at {period}; write 0 only "
                                        "where nothing can happen.", count=len(gaps), place=places.names[place],
                                        period=cases.periods.name(cases.periods.bounds(int(period))[1])), table.name))  # fmt: skip
    return found


def read_population(table: Table, places: Places, cases: Cases, covariates: Sequence[str]) -> Counts:
    """Expected cases in proportion to the population of a file: place, population, and where it changes a date, and covariates.

    Between two dates the population is interpolated along a straight line, before the first and after the last it stays. `covariates`
    are columns of both files. Raises BadInput: a place without population, a doubling, cases in a group that has none.
    """
    columns = list(table.columns)
    where = find_places(table, _place(columns, places, table), places)
    people = table.numbers(names(columns, None, POPULATION, table.name, "the header population"), least=0.0)
    group, groups = _groups(table, covariates, {})
    of_case, groups = _groups(cases.table, covariates, groups)
    dated = any(column.lower() in DATE for column in columns)
    when = _moments(table, columns, cases) if dated else np.zeros(table.rows)
    _no_doubles(table, where, when, group)
    missing = sorted(set(range(len(places.names))) - set(where.tolist()))
    stop([Fault("", say("has no population for {place}.", place=places.names[one]), table.name) for one in missing])
    bounds = [cases.periods.bounds(period) for period in range(len(cases.periods))]
    middle = np.array([(first + last + 1) / 2 for first, last in bounds])
    length = np.array([last - first + 1.0 for first, last in bounds])
    at_risk = np.zeros((len(groups), *cases.counts.shape))
    order = np.lexsort((when, where, group))
    edges = np.flatnonzero(np.diff(group[order]) | np.diff(where[order])) + 1
    for rows in np.split(order, edges):
        at_risk[group[rows[0]], where[rows[0]]] = np.interp(middle, when[rows], people[rows]) * length
    counts = np.zeros((len(groups), *cases.counts.shape), dtype=np.int64)
    inside = cases.period >= 0
    np.add.at(counts, (of_case[inside], cases.place[inside], cases.period[inside]), cases.number[inside])
    return by_population(at_risk, counts)


def _place(columns: Sequence[str], places: Places, table: Table) -> str:
    return places.column if places.column in columns else names(columns, None, PLACE, table.name, "the header place")


def _units(table: Table, columns: Sequence[str]) -> NDArray[np.int64]:
    return read_units(table, names(columns, None, DATE, table.name, "the header date"))[1]


def _periods(table: Table, columns: Sequence[str], cases: Cases) -> NDArray[np.int64]:
    grain, units = read_units(table, names(columns, None, DATE, table.name, "the header date"))
    return cases.periods.place(coarser(units, grain, cases.periods.grain))


def _moments(table: Table, columns: Sequence[str], cases: Cases) -> NDArray[np.float64]:
    """The dates of a population on the axis of the cases' units; a year or a month stands for its middle."""
    grain, units = read_units(table, names(columns, None, DATE, table.name, "the header date"))
    if grain == cases.periods.grain:
        return np.asarray(units + 0.5, dtype=np.float64)
    if grain == "year" and cases.periods.grain in ("day", "month"):
        middle = (units - 1) * 365.2425 + 183 if cases.periods.grain == "day" else units * 12 + 7.0
        return np.asarray(middle, dtype=np.float64)
    return np.asarray(coarser(units, grain, cases.periods.grain) + 0.5, dtype=np.float64)


def _no_doubles(table: Table, where: NDArray[np.int64], when: NDArray[np.generic], group: NDArray[np.int64]) -> None:
    seen: set[tuple[object, ...]] = set()
    faults = []
    for row, key in enumerate(zip(where.tolist(), when.tolist(), group.tolist(), strict=True)):
        if key in seen:
            faults.append(
                table.fault(
                    "",
                    say("repeats the place and date of a row above; if it is another group of people, name its columns with --covariates."),
                    row,
                )
            )
        seen.add(key)
    stop(faults)


def _groups(
    table: Table, covariates: Sequence[str], known: dict[tuple[str, ...], int]
) -> tuple[NDArray[np.int64], dict[tuple[str, ...], int]]:
    cells = [table.texts(column) for column in covariates]
    keys = list(zip(*cells, strict=True)) if cells else [()] * table.rows
    for key in keys:
        known.setdefault(key, len(known))
    return np.array([known[key] for key in keys], dtype=np.int64), known
