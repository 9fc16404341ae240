"""Cluster pairs: how many persons or events would there be if every pair above a threshold were believed?

The rule it guards: a missed link inflates the number, a false link deflates it; so it is stated under three thresholds, never under one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def cluster_pairs(entries: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of its cluster per entry (0-based, in the order of first entries); entries joined by a chain of pairs share one."""
    if entries == 0:
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(entries, entries))
    _, labels = connected_components(graph, directed=False)
    _, first, where = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[where], dtype=np.int64)


def count_under(entries: int, left: NDArray[np.int64], right: NDArray[np.int64], probability: NDArray[np.float64],
                thresholds: tuple[float, ...]) -> dict[str, int]:  # fmt: skip
    """Number of clusters if the pairs of at least that probability were believed, per threshold (as text, in the order given)."""
    found = {}
    for threshold in thresholds:
        believed = probability >= threshold
        labels = cluster_pairs(entries, left[believed], right[believed])
        found[f"{threshold:g}"] = int(labels.max(initial=-1)) + 1
    return found
