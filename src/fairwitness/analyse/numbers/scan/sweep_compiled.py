"""Sweep, compiled: the same best scores as the sweep in arrays, several times faster where the optional compiler is installed.

The rule it guards: the compiler changes the time and nothing else; a test runs both and holds them equal.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.scan.sweep import Windows, sweep

try:
    from numba import get_num_threads, njit, prange

    COMPILED = True
except ImportError:
    COMPILED = False


def _kernel(kind: type[np.signedinteger]) -> Any:
    """The compiled loop: zones are divided among the processors, and each goes through every copy while its thresholds are near."""

    def loop(copies, indptr, indices, need, running, total, least_end, best):  # type: ignore[no-untyped-def]
        batch, _, periods = copies.shape
        lengths, zones, _ = need.shape
        parts = best.shape[0]
        for part in prange(parts):
            sums = np.zeros(periods + 1, dtype=copies.dtype)
            for zone in range(part, zones, parts):
                for copy in range(batch):
                    for period in range(periods + 1):
                        sums[period] = 0
                    for at in range(indptr[zone], indptr[zone + 1]):
                        place = indices[at]
                        for period in range(periods):
                            sums[period + 1] += copies[copy, place, period]
                    for period in range(periods):
                        sums[period + 1] += sums[period]
                    for length in range(1, lengths + 1):
                        first = max(length, least_end)
                        asked = need[length - 1, zone, first - least_end :]
                        upper, lower = sums[first:], sums[first - length :]
                        hits = False
                        for at in range(len(upper)):
                            hits |= kind(upper[at] - lower[at]) >= asked[at]
                        if not hits:
                            continue
                        for end in range(first, periods + 1):
                            count = sums[end] - sums[end - length]
                            if count >= need[length - 1, zone, end - least_end]:
                                expected = running[zone, end] - running[zone, end - length]
                                value = 0.0
                                if count > expected and expected > 0.0:
                                    value = count * math.log(count / expected)
                                    if total < 0:
                                        value += expected - count
                                    elif total > count:
                                        value += (total - count) * math.log((total - count) / (total - expected))
                                best[part, copy] = max(best[part, copy], value)

    try:
        return njit(parallel=True, cache=True, nogil=True)(loop)
    except RuntimeError:  # nowhere to keep what was compiled: a read-only installation
        return njit(parallel=True, nogil=True)(loop)


_compiled: dict[type[np.signedinteger], Any] = {}


def sweep_compiled(copies: NDArray[np.int64], windows: Windows, need: NDArray[np.int32]) -> NDArray[np.float64]:
    """The best score of each copy (b, places, periods); −inf where no window reaches the level of `need`."""
    if windows.prospective:  # few windows: the product of matrices is as fast
        return sweep(copies, windows, need)
    narrow = int(copies.sum(axis=(1, 2)).max(initial=0)) < np.iinfo(np.int16).max
    kind: type[np.signedinteger] = np.int16 if narrow else np.int32
    if kind not in _compiled:
        _compiled[kind] = _kernel(kind)
    best = np.full((get_num_threads(), len(copies)), -np.inf)
    total = -1.0 if windows.total is None else float(windows.total)
    asked = np.minimum(need, np.iinfo(kind).max).astype(kind)
    _compiled[kind](copies.astype(kind), windows.zones.indptr, windows.zones.indices, asked, windows.expected, total,
                    int(windows.ends[0]), best)  # fmt: skip
    return np.asarray(best.max(axis=0), dtype=np.float64)
