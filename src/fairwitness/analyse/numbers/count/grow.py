"""Say how much a recent figure will still grow: what happened is recorded late, by how much is known from the past.

From lines whose day and day of recording are known, the share that has come in after so many days is estimated, each delay only from
days old enough to show it (reversed time, as Lawless 1994 for reporting delays). What is still to come for a period already counted is
then negative binomial, given what came in. The rule it guards: the interval holds the uncertainty of the delays too, and where too few
lines or too little time have been seen, no figure is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import BadInput, Fault, say

FEWEST = 30
"""Lines from which a distribution of delays may be learned."""
LEAST_SHARE = 0.2
"""A period of which less than this share is expected to be in says nothing about itself."""
DRAWS = 4000
LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Growth:
    """What stands, what will still come (low, middle, high at 90 %), the share expected to be in, and the lines it was learned from."""

    standing: int
    low: int
    middle: int
    high: int
    share_in: float
    learned_from: int
    longest: int

    def __str__(self) -> str:
        """The sentence that stands beside the figure."""
        if self.high == 0:
            return f"{self.standing} so far; as delays have been, none is expected to come in later."
        return f"{self.standing} so far; as delays have been, it will still grow by {self.low} to {self.high} (90 %)."


def learn_delays(
    happened: NDArray[np.int64], recorded: NDArray[np.int64], now: int, longest: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of lines by day of happening and day of recording (numbers of days, shape (n,)): for each delay d from 0 to `longest`, how many came

    in after exactly d days, and how many of those seen by then could have. Days so recent that d has not passed yet count in neither.
    """
    delay = np.clip(recorded - happened, 0, None)
    used = (delay <= longest) & (recorded <= now)
    delay, happened = delay[used], happened[used]
    came, could = np.zeros(longest + 1), np.zeros(longest + 1)
    for days in range(longest + 1):
        old = happened + days <= now
        came[days] = float(np.sum(old & (delay == days)))
        could[days] = float(np.sum(old & (delay <= days)))
    return came, could


def grow(
    happened: NDArray[np.int64], recorded: NDArray[np.int64], *, since: int, until: int, now: int, longest: int = 60, seed: int = 1
) -> Growth:
    """How much the count of the days `since` to `until` (both in it), as it stands at the end of day `now`, will still grow.

    Days are whole numbers on one scale, such as date.toordinal(). `longest`: delays beyond so many days are not expected, and not
    learned from. Raises BadInput where a delay cannot be learned: fewer than 30 lines, or nothing as old as `longest`.
    """
    _read(happened, recorded, since, until, now, longest)
    known = recorded <= now
    happened, recorded = happened[known], recorded[known]
    standing = int(np.sum((happened >= since) & (happened <= until)))
    came, could = learn_delays(happened, recorded, now, longest)
    learned = int(np.sum(np.clip(recorded - happened, 0, None) <= longest))
    if learned < FEWEST or could[longest] < FEWEST / 3:
        raise BadInput.of(Fault("recorded", say(
            "has {count} lines, {old} of them old enough for a delay of {longest} days; at least {fewest} are needed, a third of them "
            "that old. Nothing is said of what is still to come", count=learned, old=int(could[longest]), longest=longest, fewest=FEWEST,
        )))  # fmt: skip
    last = min(until, now)
    elapsed = np.clip(now - np.arange(since, last + 1), 0, longest)
    share = _shares(came, could)
    typical = float(share[elapsed].mean())
    if typical < LEAST_SHARE:
        raise BadInput.of(Fault("until", say(
            "is too recent: about {share} per cent of such a period is usually in by now. Nothing is said of what is still to come",
            share=round(100 * typical),
        )))  # fmt: skip
    drawn = np.sort(_draw(came, could, elapsed, standing, np.random.default_rng(seed)))
    low, middle, high = (int(drawn[round(at * (DRAWS - 1))]) for at in ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2))
    return Growth(standing, low, middle, high, typical, learned, longest)


def _shares(came: NDArray[np.float64], could: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share in after d days = product over later delays of (1 - came / could)."""
    late = np.divide(came, could, out=np.zeros_like(came), where=could > 0)
    stay = np.cumprod((1 - late)[::-1])[::-1]
    return np.append(stay[1:], 1.0)


def _draw(
    came: NDArray[np.float64], could: NDArray[np.float64], elapsed: NDArray[np.int64], standing: int, dice: np.random.Generator
) -> NDArray[np.int64]:
    """Draws of what is still to come: the share of each delay (beta), then what is missing of a steady flow of unknown height.

    With r in and S days' worth of share in of n days, what is missing is negative binomial (r + 1/2, S / n): gamma and Poisson, Jeffreys.
    """
    some = (came > 0) & (came < could)
    late = np.zeros((DRAWS, came.size))
    late[:, some] = dice.beta(came[some], could[some] - came[some], size=(DRAWS, int(some.sum())))
    late[:, (came > 0) & ~some] = 1.0
    stay = np.cumprod((1 - late)[:, ::-1], axis=1)[:, ::-1]
    share = np.concatenate([stay[:, 1:], np.ones((DRAWS, 1))], axis=1)[:, elapsed].mean(axis=1)
    return np.where(share >= 1.0, 0, dice.negative_binomial(standing + 0.5, np.clip(share, 1e-3, 1.0)))


def _read(happened: NDArray[np.int64], recorded: NDArray[np.int64], since: int, until: int, now: int, longest: int) -> None:
    faults = []
    if happened.shape != recorded.shape or happened.ndim != 1:
        faults.append(Fault("recorded", say("has {recorded} days for {happened} lines", recorded=recorded.size, happened=happened.size)))
    if not since <= until:
        faults.append(Fault("until", "ends before it begins"))
    if since > now:
        faults.append(Fault("since", "lies in the future; nothing of it can have come in"))
    if not 1 <= longest <= 3660:
        faults.append(Fault("longest", "has to be 1 to 3660 days"))
    if faults:
        raise BadInput.of(*faults)
