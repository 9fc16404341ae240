"""Sweep: the best score of every copy of the data, over all zones and all windows, in arrays.

The rule it guards: a copy's best is exact. Windows whose count cannot reach the level are passed over; a copy in which nothing
reaches it is swept again at a lower level, never given a guessed best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.scan.build_zones import Zones, matrix
from fairwitness.analyse.numbers.scan.score_windows import score, thresholds

MOST_WINDOWS = 100_000_000
MOST_CELLS = 60_000_000
EXACT = 2**24


@dataclass(frozen=True, slots=True)
class Windows:
    """What is looked at: zones × lengths 1…`longest` × ends, in `periods` periods; every end, or the last alone (`prospective`).

    `expected` (zones, periods + 1) is the running sum of expected cases by zone; `total` is N, or None (expectation-based).
    """

    zones: Zones
    sums: NDArray[np.float32]
    expected: NDArray[np.float64]
    longest: int
    prospective: bool
    total: float | None
    least: int

    @property
    def periods(self) -> int:
        return int(self.expected.shape[1]) - 1

    @property
    def ends(self) -> NDArray[np.int64]:
        """The periods (counted from 1) at which a window may end."""
        return np.array([self.periods]) if self.prospective else np.arange(1, self.periods + 1)

    def of_length(self, length: int) -> NDArray[np.float64]:
        """Expected cases of the windows of one length (zones, ends), −1 where a window would begin before the first period."""
        found = np.full((len(self.expected), len(self.ends)), -1.0)
        ends = self.ends[self.ends >= length]
        found[:, len(self.ends) - len(ends) :] = self.expected[:, ends] - self.expected[:, ends - length]
        return found


def lay(zones: Zones, expected: NDArray[np.float64], *, longest: int, prospective: bool, total: float | None, least: int) -> Windows:
    """Lay windows over expected cases (places, periods); for a prospective scan only the last `longest` periods are kept."""
    kept = expected[:, -longest:] if prospective else expected
    sums = matrix(zones, len(expected))
    by_zone = np.zeros((len(zones), kept.shape[1] + 1))
    for zone in range(len(zones)):
        by_zone[zone, 1:] = np.cumsum(kept[zones.places(zone)].sum(axis=0))
    return Windows(zones, sums, by_zone, longest, prospective, total, least)


def needed(windows: Windows, level: float) -> NDArray[np.int32]:
    """The smallest count of each window that may reach the level: (lengths, zones, ends); beyond any count where there is no window."""
    never = np.iinfo(np.int32).max
    biggest = float(windows.expected[:, -1].max())
    most = int(biggest + 12 * np.sqrt(biggest) + 60 + 4 * level)
    least = thresholds(level, windows.total, most, windows.least)
    found = np.empty((windows.longest, len(windows.zones), len(windows.ends)), dtype=np.int32)
    for length in range(1, windows.longest + 1):
        expected = windows.of_length(length)
        found[length - 1] = np.where(expected >= 0, least.needed(expected), never)
    return found


def sweep(copies: NDArray[np.int64], windows: Windows, need: NDArray[np.int32]) -> NDArray[np.float64]:
    """The best score of each copy (b, places, periods); −inf where no window reaches the level of `need`."""
    summed = np.cumsum(copies, axis=2)
    kind: type[np.floating] = np.float32 if summed.max(initial=0) * len(windows.sums[0]) < EXACT else np.float64
    return _at_the_end(summed, windows, need, kind) if windows.prospective else _everywhere(summed, windows, need, kind)


def _at_the_end(summed: NDArray[np.int64], windows: Windows, need: NDArray[np.int32], kind: type[np.floating]) -> NDArray[np.float64]:
    batch, places, periods = summed.shape
    before = np.concatenate([np.zeros((batch, places, 1), dtype=np.int64), summed], axis=2)
    lengths = np.arange(1, windows.longest + 1)
    counts = summed[:, :, -1:] - before[:, :, periods - lengths]
    by_zone = windows.sums.astype(kind) @ counts.transpose(1, 0, 2).reshape(places, -1).astype(kind)
    by_zone = by_zone.reshape(len(windows.zones), batch, windows.longest)
    zone, copy, place = np.nonzero(by_zone >= need[:, :, 0].T[:, None, :].astype(kind))
    expected = windows.expected[zone, periods] - windows.expected[zone, periods - lengths[place]]
    best = np.full(batch, -np.inf)
    np.maximum.at(best, copy, score(by_zone[zone, copy, place], expected, windows.total))
    return best


def _everywhere(summed: NDArray[np.int64], windows: Windows, need: NDArray[np.int32], kind: type[np.floating]) -> NDArray[np.float64]:
    batch, _, periods = summed.shape
    narrow = summed.shape[1] * summed.max(initial=0) < np.iinfo(np.int16).max
    small = np.int16 if narrow else np.int32
    asked = np.minimum(need, np.iinfo(small).max).astype(small)
    sums = windows.sums.astype(kind)
    running = np.zeros((len(windows.zones), periods + 1), dtype=small)
    best = np.full(batch, -np.inf)
    for copy in range(batch):
        running[:, 1:] = sums @ summed[copy].astype(kind)
        for length in range(1, windows.longest + 1):
            counts = running[:, length:] - running[:, :-length]
            hits = np.flatnonzero(counts >= asked[length - 1, :, length - 1 :])
            if hits.size:
                zone, end = np.divmod(hits, counts.shape[1])
                expected = windows.expected[zone, end + length] - windows.expected[zone, end]
                best[copy] = max(best[copy], float(score(counts.ravel()[hits], expected, windows.total).max()))
    return best
