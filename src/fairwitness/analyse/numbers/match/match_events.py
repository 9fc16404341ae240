"""Match events: which reports of several lists are of one event, by place, time and kind.

The method is that of MELTT (Donnay, Dunford, McGrath, Backer and Cunningham 2019, "Integrating Conflict Event Data", Journal of Conflict
Resolution 63): events of different lists are the same where they lie within a window of space and time and their kinds agree in some level
of
every taxonomy; where several would do, the best goes together, each event once. Events of a day and episodes of several days are different
units: they are not matched, but flagged for a person. Ours adds a probability to every pair and makes the choice the best over all.

The rule it guards: what comes out are suggestions; the lists stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fairwitness.analyse.numbers.match.fit_pairs import Fit, probability
from fairwitness.analyse.numbers.match.read_events import Events
from fairwitness.analyse.numbers.match.weigh_events import Candidates, find_candidates, weigh_events
from fairwitness.errors import BadInput

Floats = NDArray[np.float64]
MOST_IN_KNOT = 3000
# Below the first a pair is not worth a look, above the second a glance is enough.
QUEUE = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Matched:
    """What was found. `groups`: events taken as one, each a list of (list, place in it), also those that stand alone; in the order of the
    lists.

    `odds` are natural log odds per candidate pair, `probability` that it is one event, given that an event has one counterpart at most in
    another list; `open` says which pairs the rules allow, but neither probability nor the rest of the match has decided. `eligible` says
    which pairs the rules allow, `flagged` which would be allowed if an event and
    an episode were one unit.
    """

    groups: list[list[tuple[int, int]]]
    pairs: Candidates
    odds: Floats
    probability: Floats
    open: NDArray[np.bool_]
    eligible: NDArray[np.bool_]
    flagged: NDArray[np.bool_]
    fit: Fit


def match_events(
    lists: Sequence[Events], km: float, days: float, depths: Sequence[int], *, partial: int = 0, threshold: float = 0.5
) -> Matched:
    """Match two lists or more, in their order.

    km, days: the window, both ends inside; between episodes both first and last days lie within it. depths: levels of each taxonomy.
    partial: how many taxonomies may disagree. threshold: pairs less probable than this are not matched.
    """
    pairs = find_candidates(lists, km, days, depths)
    odds, fit = weigh_events(lists, pairs, km, days, depths)
    kinds = pairs.levels[:, 2 : 2 + len(depths)]
    agree = (kinds >= np.array(depths, dtype=np.int64)).sum(axis=1) <= partial
    ends = np.zeros(len(odds))
    lasting = np.zeros((len(odds), 2), dtype=bool)
    for number, (one, other, left, right) in enumerate(zip(pairs.one, pairs.other, pairs.left, pairs.right, strict=True)):
        ends[number] = abs(np.floor(lists[one].end[left]) - np.floor(lists[other].end[right]))
        lasting[number] = lists[one].lasting[left], lists[other].lasting[right]
    likely = agree & (probability(odds) >= threshold)
    same_unit = lasting[:, 0] == lasting[:, 1]
    eligible = likely & same_unit & (~lasting[:, 0] | (ends <= days))
    groups = _group(lists, pairs, odds, eligible)
    chance = against_rivals(pairs, np.where(agree & same_unit, odds, -np.inf), odds)
    return Matched(groups, pairs, odds, chance, _open(groups, pairs, chance, agree & same_unit), eligible, likely & ~same_unit, fit)


def against_rivals(pairs: Candidates, allowed: Floats, odds: Floats) -> Floats:
    """The probability of each pair, when an event has one counterpart in another list at most: its odds against 1 and those of all its
    rivals.

    A rival has one of the two events, is of the same two lists and is allowed by the rules (the others have odds of nought, in `allowed`).
    """
    weight = np.exp(np.clip(odds, -60.0, 60.0))
    rival = np.where(np.isfinite(allowed), weight, 0.0)
    total = 1.0 + weight
    for side in (pairs.left, pairs.right):
        _, event = np.unique(np.stack([pairs.one, pairs.other, side]), axis=1, return_inverse=True)
        total += np.bincount(event.ravel(), weights=rival)[event.ravel()] - rival if len(event) else 0.0
    return np.asarray(weight / total)


def _open(groups: list[list[tuple[int, int]]], pairs: Candidates, chance: Floats, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pairs that a person has to look at: allowed, of middling probability, and not in one group by way of a third list that is sure
    of both.
    """
    home = {event: number for number, group in enumerate(groups) for event in group}
    sure: set[tuple[int, tuple[int, int]]] = set()
    mine = [((int(one), int(left)), (int(other), int(right)))
            for one, left, other, right in zip(pairs.one, pairs.left, pairs.other, pairs.right, strict=True)]  # fmt: skip
    for (one, other), probable in zip(mine, chance, strict=True):
        if probable >= QUEUE[1] and home[one] == home[other]:
            sure |= {(home[one], one), (home[one], other)}
    found = allowed & (chance > QUEUE[0]) & (chance < QUEUE[1])
    for number in np.flatnonzero(found):
        one, other = mine[number]
        found[number] = not (home[one] == home[other] and (home[one], one) in sure and (home[other], other) in sure)
    return found


def overlap(matched: Matched, lists: Sequence[Events]) -> dict[str, int]:
    """How many events each set of lists has together, and each list alone: names joined by + to a number, single lists first."""
    found: dict[tuple[int, ...], int] = {}
    for group in matched.groups:
        pattern = tuple(one for one, _ in group)
        found[pattern] = found.get(pattern, 0) + 1
    return {"+".join(lists[one].name for one in pattern): found[pattern] for pattern in sorted(found, key=lambda one: (len(one), one))}


def _group(lists: Sequence[Events], pairs: Candidates, odds: Floats, eligible: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """List after list joins the groups made so far: each event goes to one group at most, and a group takes one event of a list."""
    near: dict[tuple[int, int], list[tuple[tuple[int, int], float]]] = {}
    for number in np.flatnonzero(eligible):
        mine, theirs = (int(pairs.one[number]), int(pairs.left[number])), (int(pairs.other[number]), int(pairs.right[number]))
        near.setdefault(theirs, []).append((mine, float(odds[number])))
    groups: list[list[tuple[int, int]]] = [[(0, place)] for place in range(len(lists[0].start))]
    home = {group[0]: number for number, group in enumerate(groups)}
    for later in range(1, len(lists)):
        gain: dict[tuple[int, int], list[float]] = {}
        for place in range(len(lists[later].start)):
            for mine, weight in near.get((later, place), ()):
                gain.setdefault((home[mine], place), []).append(weight)
        # A group is as near as its members are on the whole; more members that agree are no worse than one.
        chosen = best_pairs({pair: float(np.mean(weights)) + 1e-3 * len(weights) for pair, weights in gain.items()})
        for place in range(len(lists[later].start)):
            if place in chosen:
                groups[chosen[place]].append((later, place))
            else:
                groups.append([(later, place)])
            home[(later, place)] = chosen.get(place, len(groups) - 1)
    return groups


def best_pairs(gain: dict[tuple[int, int], float]) -> dict[int, int]:
    """The one-to-one choice with the greatest sum (Kuhn 1955), knot by knot: right to left. BadInput where a knot is too large to be
    undone.
    """
    if not gain:
        return {}
    left = np.array([one for one, _ in gain], dtype=np.int64)
    right = np.array([other for _, other in gain], dtype=np.int64)
    weight = np.fromiter(gain.values(), dtype=np.float64, count=len(gain))
    lefts, a = np.unique(left, return_inverse=True)
    rights, b = np.unique(right, return_inverse=True)
    size = len(lefts) + len(rights)
    _, knot = connected_components(coo_array((np.ones(len(a)), (a, b + len(lefts))), shape=(size, size)), directed=False)
    chosen: dict[int, int] = {}
    order = np.argsort(knot[a], kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(knot[a][order])) + 1):
        rows, i = np.unique(a[part], return_inverse=True)
        columns, j = np.unique(b[part], return_inverse=True)
        if max(len(rows), len(columns)) > MOST_IN_KNOT:
            raise BadInput("{count} events are so near each other in place, time and kind that none can be told from the next; "
                           "narrow --km and --days, "
                           "or add a taxonomy.", count=f"{max(len(rows), len(columns)):,}")  # fmt: skip
        lowest = float(weight[part].min())
        table = np.zeros((len(rows), len(columns)))
        # The least probable pair that is allowed is still worth more than leaving both alone.
        table[i, j] = weight[part] - lowest + 1.0
        for row, column in zip(*linear_sum_assignment(table, maximize=True), strict=True):
            if table[row, column] > 0.0:
                chosen[int(rights[columns[column]])] = int(lefts[rows[row]])
    return chosen
