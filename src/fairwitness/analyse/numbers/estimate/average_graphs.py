"""Average over decomposable graphs: a second opinion on the same lists, in which every total has a probability.

Lists are the corners of a graph, a line means that two lists may depend on each other; all chordal graphs, whose likelihood has a closed
form under
a hyper-Dirichlet prior of `delta` a cell (Madigan and York 1997, Biometrika 84, sections 2 and 3; Dawid and
Lauritzen 1993, Annals of Statistics 21). The prior on the total N is 1/N; graphs are equally likely beforehand.
The rule it guards: no single model is believed; each counts by what the overlaps say for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.special import gammaln, logsumexp

from fairwitness.analyse.numbers.estimate.fit_models import Floats
from fairwitness.analyse.numbers.estimate.lay_models import members

Graph = tuple[tuple[int, ...], tuple[int, ...]]
MOST_LISTS = 5


@dataclass(frozen=True, slots=True)
class Averaged:
    """The posterior of the total: `mean`, `mode`, `median`, the ends of the interval at `level`, and each graph's weight by its cliques."""

    mean: float
    mode: int
    median: int
    low: int
    high: int
    weights: dict[str, float]


@lru_cache(maxsize=4)
def decomposable(lists: int) -> tuple[Graph, ...]:
    """All chordal graphs on the lists, each as its cliques and separators (bit masks): 8, 61, 822 for three to five lists."""
    pairs = list(combinations(range(lists), 2))
    graphs = (_cliques(lists, {pair for place, pair in enumerate(pairs) if chosen >> place & 1}) for chosen in range(1 << len(pairs)))
    return tuple(graph for graph in graphs if graph)


def _cliques(lists: int, lines: set[tuple[int, int]]) -> Graph | None:
    """Maximum-cardinality search (Tarjan and Yannakakis 1984): cliques and separators, or None when the graph is not chordal."""
    near = [0] * lists
    for one, other in lines:
        near[one] |= 1 << other
        near[other] |= 1 << one
    cliques: list[int] = []
    between: list[int] = []
    done, before = 0, -1
    for _ in range(lists):
        one = max((this for this in range(lists) if not done >> this & 1), key=lambda this: ((near[this] & done).bit_count(), -this))
        known = near[one] & done
        if any(known & ~(1 << other) & ~near[other] for other in range(lists) if known >> other & 1):
            return None
        if known.bit_count() > before and cliques:
            cliques[-1] |= 1 << one
        elif cliques:
            between.append(known)
            cliques.append(known | 1 << one)
        else:
            cliques.append(1 << one)
        before = known.bit_count()
        done |= 1 << one
    return tuple(cliques), tuple(between)


def average_graphs(counts: Floats, *, level: float = 0.95, delta: float | None = None, most: int | None = None) -> Averaged:
    """Average over all decomposable graphs. `counts` by pattern, whole; `delta` is 2^-lists by default; unseen numbers run from 1 to
    `most`.

    Without `most` the range grows until what lies at its end has no weight, or to a thousand times the documented number.
    """
    lists = len(counts).bit_length() - 1
    n = int(counts[1:].sum())
    prior = 2.0**-lists if delta is None else delta
    graphs = decomposable(lists)
    end = most or 32 * n
    while True:
        unseen = _grid(end, 40_000 if lists < MOST_LISTS else 1_000)
        weights = _posterior(counts, graphs, unseen, prior)
        if most or weights[:, -max(len(unseen) // 50, 1) :].sum() < 1e-6 or end >= 1000 * n:
            break
        end *= 4
    totals, chance = n + unseen, weights.sum(axis=0)
    grown = np.cumsum(chance)
    low, median, high = (
        int(totals[min(int(np.searchsorted(grown, share)), len(totals) - 1)]) for share in ((1 - level) / 2, 0.5, (1 + level) / 2)
    )
    names = ["".join(f"[{''.join(map(str, members(clique)))}]" for clique in sorted(cliques)) for cliques, _ in graphs]
    by_graph = dict(sorted(zip(names, weights.sum(axis=1).tolist(), strict=True), key=lambda one: -one[1]))
    return Averaged(float(totals @ chance), int(totals[int((chance / _width(unseen)).argmax())]), median, low, high, by_graph)


def _grid(end: int, exact: int) -> Floats:
    """Every unseen number up to `exact`, then steps of a thousandth: what that costs is far below the width of any interval."""
    if end <= exact:
        return np.arange(1, end + 1, dtype=np.float64)
    far = np.unique(np.floor(np.geomspace(exact + 1, end, int(np.log(end / exact) * 1000) + 2)))
    return np.concatenate([np.arange(1, exact + 1, dtype=np.float64), far])


def _width(unseen: Floats) -> Floats:
    """How many numbers each point of the grid stands for."""
    return np.maximum((np.append(unseen[1:], unseen[-1] + 1) - np.insert(unseen[:-1], 0, unseen[0] - 1)) / 2, 1.0)


def _posterior(counts: Floats, graphs: tuple[Graph, ...], unseen: Floats, prior: float) -> Floats:
    n = counts[1:].sum()
    sets = {mask for cliques, between in graphs for mask in (*cliques, *between)}
    parts = {mask: _part(counts, mask, unseen, prior) for mask in sets}
    total = n + unseen
    width = _width(unseen)
    base = gammaln(total + 1) - gammaln(unseen + 1) - np.log(total) + np.log(width)
    logs = np.array([base + sum(parts[one] for one in cliques) - sum(parts[one] for one in between) for cliques, between in graphs])
    return np.asarray(np.exp(logs - logsumexp(logs)))


def _part(counts: Floats, mask: int, unseen: Floats, prior: float) -> Floats:
    """The logarithm of the Dirichlet-multinomial likelihood of the margin over these lists, for every unseen number."""
    patterns = np.arange(len(counts))
    margin = np.bincount(patterns & mask, weights=np.where(patterns > 0, counts, 0.0), minlength=len(counts))
    cells = np.unique(patterns & mask)
    alpha = prior * len(counts) / len(cells)
    fixed = sum(gammaln(margin[cell] + alpha) for cell in cells if cell) - len(cells) * gammaln(alpha)
    whole = prior * len(counts)
    return np.asarray(fixed + gammaln(margin[0] + unseen + alpha) + gammaln(whole) - gammaln(counts[1:].sum() + unseen + whole))
