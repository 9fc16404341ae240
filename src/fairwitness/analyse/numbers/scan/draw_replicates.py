"""Draw replicates: what the counts might have been, had there been no cluster.

    permutation   the dates are dealt anew to the cases; every place keeps its total and every day its total
    poisson-pb    all cases are dealt to places and days in proportion to the population at risk
    poisson-eb    every place and day draws its own Poisson count about what was expected

The rule it guards: a seed gives the same copies on every machine and with either engine; the draws are made in one place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Draw = Callable[[np.random.Generator, int], NDArray[np.int64]]
"""From a generator and a number b to counts (b, places, last periods)."""


def permutation(counts: NDArray[np.int64], last: int) -> Draw:
    """Dates dealt anew, both margins kept (Kulldorff et al. 2005); the `last` periods of each copy are returned.

    Counts far larger than the table are drawn as hypergeometric counts per place, which is the same distribution.
    """
    places, periods = counts.shape
    first = periods - last
    by_place, by_period = counts.sum(axis=1), counts.sum(axis=0)
    total = int(by_place.sum())
    where = np.repeat(np.arange(places, dtype=np.int32), by_place)
    when = np.repeat(np.arange(periods, dtype=np.int32), by_period)

    def shuffled(chance: np.random.Generator, batch: int) -> NDArray[np.int64]:
        dealt = chance.permuted(np.broadcast_to(when, (batch, total)), axis=1)
        copy, case = np.nonzero(dealt >= first)
        cells = (copy * places + where[case]) * last + (dealt[copy, case] - first)
        return np.bincount(cells, minlength=batch * places * last).reshape(batch, places, last)

    def counted(chance: np.random.Generator, batch: int) -> NDArray[np.int64]:
        found = np.zeros((batch, places, last), dtype=np.int64)
        for copy in range(batch):
            left = by_period.copy()
            for place in range(places):
                row = chance.multivariate_hypergeometric(left, int(by_place[place]), method="marginals")
                left -= row
                found[copy, place] = row[first:]
        return found

    return counted if total > 20 * places * periods else shuffled


def population_based(expected: NDArray[np.float64], total: int, last: int) -> Draw:
    """All `total` cases dealt in proportion to `expected` (places, periods); the `last` periods of each copy are returned."""
    places = len(expected)
    cells = expected[:, -last:].ravel() / expected.sum()
    edges = np.cumsum(cells)

    def dealt(chance: np.random.Generator, batch: int) -> NDArray[np.int64]:
        found = np.searchsorted(edges, chance.random((batch, total)), side="right")
        copy, case = np.nonzero(found < len(cells))
        flat = np.bincount(copy * len(cells) + found[copy, case], minlength=batch * len(cells))
        return flat.reshape(batch, places, last)

    def counted(chance: np.random.Generator, batch: int) -> NDArray[np.int64]:
        with_rest = np.append(cells, max(1.0 - cells.sum(), 0.0))
        return chance.multinomial(total, with_rest / with_rest.sum(), size=batch)[:, :-1].reshape(batch, places, last)

    return counted if total > 4 * len(cells) else dealt


def expectation_based(expected: NDArray[np.float64], last: int) -> Draw:
    """A Poisson count about each expected count; the `last` periods of each copy are returned."""
    recent = expected[:, -last:]

    def drawn(chance: np.random.Generator, batch: int) -> NDArray[np.int64]:
        return chance.poisson(recent, size=(batch, *recent.shape))

    return drawn
