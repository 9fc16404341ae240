"""Read neighbours: who borders on whom, from a list of pairs or from distances; a place without neighbours is named.

The rule it guards: weights that are said to be shares of a whole make the whole, and an island is never given neighbours in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import Table, stop
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`weights` (places, places): each row makes 1, or 0 for an island; `near` is true where two are neighbours; the diagonal is empty."""

    weights: Floats
    near: NDArray[np.bool_]
    islands: tuple[str, ...]


def read_neighbours(table: Table, places: Sequence[str]) -> Neighbours:
    """Neighbours from a file of pairs: two columns of places, and a third with a weight if there is one.

    A pair without weight counts both ways. Weights are taken as they stand, one way each, and each row has to make 1; BadInput names
    the places whose weights do not, and pairs of places that are not in the cases.
    """
    names = list(table.columns)
    if len(names) not in (2, 3):
        raise BadInput.of(
            Fault("", say("has {found} columns; it must have two places, and at most a weight.", found=len(names)), table.name)
        )
    at = {name: place for place, name in enumerate(places)}
    weights = np.zeros((len(places), len(places)))
    values = table.numbers(names[2], least=0.0) if len(names) == 3 else np.ones(table.rows)
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for row, (one, other) in enumerate(zip(table.texts(names[0]), table.texts(names[1]), strict=True)):
        unknown = [name for name in (one, other) if name not in at]
        if unknown:
            faults.append(
                table.fault(names[0] if one in unknown else names[1], say("“{place}” is not among the cases.", place=unknown[0][:40]), row)
            )
        elif one == other:
            faults.append(table.fault(names[1], say("“{place}” is no neighbour of itself.", place=one[:40]), row))
        elif (one, other) in seen:
            faults.append(table.fault(names[1], say("the pair “{one}” and “{other}” stands twice.", one=one[:40], other=other[:40]), row))
        else:
            seen.add((one, other))
            weights[at[one], at[other]] = values[row]
            if len(names) == 2:
                weights[at[other], at[one]] = 1.0
    stop(faults)
    if len(names) == 3:
        _must_sum(table, names[2], weights, places)
    return _standardised(weights, places)


def _must_sum(table: Table, column: str, weights: Floats, places: Sequence[str]) -> None:
    sums = weights.sum(axis=1)
    stop(
        [
            Fault(
                column,
                say("the weights of “{place}” make {total}; they must make 1.", place=places[row][:40], total=f"{sums[row]:.6g}"),
                table.name,
            )
            for row in np.nonzero((np.abs(sums - 1) > 1e-6) & (sums > 0))[0].tolist()
        ]
    )


def nearest(x: Floats, y: Floats, count: int, places: Sequence[str], *, degrees: bool = False) -> Neighbours:
    """The `count` nearest places of each, by straight line, or on the globe when x, y are degrees of longitude and latitude.

    Places as far away as the last of them are neighbours too, so that the order of the file decides nothing.
    """
    if not 1 <= count < len(places):
        raise BadInput.of(Fault("--nearest", say("must be from 1 to {most}.", most=len(places) - 1)))
    if degrees and (np.abs(y).max() > 90 or np.abs(x).max() > 360):
        raise BadInput.of(Fault("--degrees", say("a latitude lies beyond 90 or a longitude beyond 360.")))
    if degrees:
        turn, rise = np.radians(x), np.radians(y)
        spot = np.stack([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)], axis=1)
    else:
        spot = np.stack([x, y], axis=1)
    apart = np.sqrt(((spot[:, None, :] - spot[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    last = np.sort(apart, axis=1)[:, count - 1]
    return _standardised((apart <= last[:, None] * (1 + 1e-12)).astype(float), places)


def _standardised(weights: Floats, places: Sequence[str]) -> Neighbours:
    sums = weights.sum(axis=1)
    islands = tuple(places[row] for row in np.nonzero(sums == 0)[0].tolist())
    return Neighbours(weights / np.where(sums > 0, sums, 1.0)[:, None], weights > 0, islands)
