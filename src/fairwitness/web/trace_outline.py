"""Trace an outline: rings of degrees become one path of a drawing, as short as a weak link needs and no coarser than it says.

Every point is moved to the nearest crossing of a grid, and points that then fall together or lie straight between their neighbours
are left out. Two municipalities that share a border are traced alike, so that no gap opens between them and none overlaps the other
by more than one step of the grid. Tracing is remembered for as long as the outline and the sheet stay the same.

The rule it guards: an outline may be coarser than it was given, never different: no point that is kept moves farther than the tolerance
that is told, and what is left out encloses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fairwitness.web.project_points import Point, Sheet

Ring = Sequence[Point]
Corner = tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """An outline as it was read: rings of (longitude, latitude). The same reading is the same shape: it is traced once a sheet."""

    rings: tuple[tuple[Point, ...], ...]
    closed: bool = True


@lru_cache(maxsize=512)
def trace(shape: Shape, sheet: Sheet, step: int) -> str:
    """The path of a shape on a sheet, on a grid of `step` units; rings that lie beside the sheet are left out."""
    drawn = []
    for ring in shape.rings:
        spots = [sheet.spot(point) for point in ring]
        if not _meets(spots, sheet):
            continue
        corners = thin([_corner(spot, step) for spot in spots], closed=shape.closed)
        if len(corners) > (2 if shape.closed else 1):
            drawn.append(_written(corners, closed=shape.closed))
    return "".join(drawn)


def tolerance(sheet: Sheet, step: int) -> float:
    """How far, in metres, tracing on this grid may move a point: half the diagonal of a step."""
    return step * 2**0.5 / 2 / sheet.scale


def thin(corners: Iterable[Corner], *, closed: bool) -> list[Corner]:
    """Without points that fall together, that lead out and straight back, or that lie straight between their neighbours."""
    kept: list[Corner] = []
    for corner in corners:
        if kept and kept[-1] == corner:
            continue
        while len(kept) > 1 and _needless(kept[-2], kept[-1], corner):
            kept.pop()
        if not kept or kept[-1] != corner:
            kept.append(corner)
    if closed:
        while len(kept) > 1 and kept[0] == kept[-1]:
            kept.pop()
        while len(kept) > 2 and _needless(kept[-2], kept[-1], kept[0]):
            kept.pop()
        while len(kept) > 2 and _needless(kept[-1], kept[0], kept[1]):
            kept.pop(0)
    return kept


def _meets(spots: list[tuple[float, float]], sheet: Sheet) -> bool:
    """Whether the box around them meets the sheet at all."""
    xs, ys = [x for x, _y in spots], [y for _x, y in spots]
    return bool(xs) and max(xs) >= 0 and min(xs) <= sheet.width and max(ys) >= 0 and min(ys) <= sheet.height


def _needless(before: Corner, here: Corner, after: Corner) -> bool:
    return (here[0] - before[0]) * (after[1] - here[1]) == (here[1] - before[1]) * (after[0] - here[0])


def _corner(spot: tuple[float, float], step: int) -> Corner:
    return round(spot[0] / step) * step, round(spot[1] / step) * step


def _written(corners: list[Corner], *, closed: bool) -> str:
    """Where it begins, then each step from the last: the shortest way to write it."""
    (x, y), rest = corners[0], corners[1:]
    text = [f"M{x} {y}l"]
    for to_x, to_y in rest:
        pair = f"{to_x - x}{'' if to_y < y else ' '}{to_y - y}"
        text.append(pair if len(text) == 1 or pair.startswith("-") else f" {pair}")
        x, y = to_x, to_y
    return "".join(text) + ("z" if closed else "")
