"""Read places: where each place lies, or which places share a border.

The rule it guards: every place of the cases is on the map, once. A municipality that was split or renamed is named and refused; cases
are never moved to a neighbour in silence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import Table, stop
from fairwitness.analyse.numbers.scan.build_zones import Distances, great_circle, straight
from fairwitness.analyse.numbers.scan.set_periods import names
from fairwitness.errors import BadInput, Fault, say

PLACE = ("place", "municipality", "settlement", "zip", "county", "district", "region", "location", "unit", "code", "id", "name")
LAT = ("lat", "latitude")
LON = ("lon", "long", "lng", "longitude")


@dataclass(frozen=True, slots=True)
class Places:
    """Places in the order of their file. `far` gives distances (None without coordinates), `unit` what they are measured in."""

    names: list[str]
    index: dict[str, int]
    far: Distances | None
    unit: str
    table: Table
    column: str


def read_places(table: Table, *, column: str | None, coordinates: str | None, needed: bool) -> Places:
    """The places of a table: one row each, with lat and lon in degrees or x and y in a plane.

    `coordinates` names two columns, as “lat,lon” in that order (or “x,y” for a plane, when they are called x and y). `needed` is
    False for zones of neighbours. Raises BadInput: a place twice, a place without coordinates, degrees off the globe.
    """
    column = names(list(table.columns), column, PLACE, table.name, "--place-column")
    cells = table.texts(column)
    twice = {name for name, often in Counter(cells).items() if often > 1}
    stop([table.fault(column, say("“{name}” stands in this file more than once.", name=name[:60]), row)
          for row, name in enumerate(cells) if name in twice])  # fmt: skip
    stop([table.fault(column, say("is empty; every place has a name."), row) for row, name in enumerate(cells) if not name])
    if not cells:
        raise BadInput.of(Fault("", say("has no places."), table.name))
    far, unit = _distances(table, column, coordinates) if needed else (None, "")
    return Places(cells, {name: row for row, name in enumerate(cells)}, far, unit, table, column)


def _distances(table: Table, place: str, coordinates: str | None) -> tuple[Distances, str]:
    folded = {name.lower(): name for name in table.columns}
    if coordinates is not None:
        one, _, other = (part.strip() for part in coordinates.partition(","))
        plane = {one.lower(), other.lower()} == {"x", "y"}
    else:
        globe = ([folded[name] for name in LAT if name in folded], [folded[name] for name in LON if name in folded])
        flat = ([folded[name] for name in ("x",) if name in folded], [folded[name] for name in ("y",) if name in folded])
        plane = not all(globe)
        found = flat if plane else globe
        if not all(found):
            raise BadInput.of(Fault("", say("has neither lat and lon nor x and y; name yours with --coordinates LAT,LON."), table.name))
        one, other = found[0][0], found[1][0]
    first, second = table.numbers(one, missing=True), table.numbers(other, missing=True)
    without = np.isnan(first) | np.isnan(second)
    stop([table.fault(place, say("“{name}” has no coordinates; give them, or leave the place out of both files.",
                                 name=table.texts(place)[row][:60]), int(row)) for row in np.flatnonzero(without)])  # fmt: skip
    if plane:
        return straight(first, second), "units of the coordinates"
    stop([table.fault(one, say("{value} is not a latitude; degrees north lie between -90 and 90.", value=f"{first[row]:g}"), int(row))
          for row in np.flatnonzero(np.abs(first) > 90)])  # fmt: skip
    stop([table.fault(other, say("{value} is not a longitude; degrees east lie between -180 and 180.", value=f"{second[row]:g}"), int(row))
          for row in np.flatnonzero(np.abs(second) > 180)])  # fmt: skip
    return great_circle(first, second), "km"


def find_places(table: Table, column: str, places: Places) -> NDArray[np.int64]:
    """The place of each row of another table. Raises BadInput naming every place that is not on the list."""
    found = np.array([places.index.get(cell, -1) for cell in table.texts(column)], dtype=np.int64)
    faults, said = [], set()
    for row in np.flatnonzero(found < 0):
        name = table.texts(column)[row]
        if name not in said:
            said.add(name)
            faults.append(table.fault(column, say(
                "“{name}” is not in {file}. If a municipality was split, merged or renamed, give all files the same borders.",
                name=name[:60], file=places.table.name), int(row)))  # fmt: skip
    stop(faults)
    return found


def read_borders(table: Table, places: Places) -> list[tuple[int, int]]:
    """Pairs of places that share a border: two columns of names. Raises BadInput for a place that is not on the list."""
    columns = list(table.columns)
    if len(columns) != 2:
        raise BadInput.of(Fault("", say("has {count} columns; a file of borders has two, each row two places that touch.",
                                        count=len(columns)), table.name))  # fmt: skip
    one, other = (find_places(table, column, places) for column in columns)
    return list(zip(one.tolist(), other.tolist(), strict=True))
