"""Widen: a table of counts as everybody may read it, in which no small place points at a household.

One attack in a municipality where three families of a community live says which family. Before a table is shown to the public,
municipalities with few cases stand together, by region; what is still small is left out, and with it as much as could give it back
by subtraction. The rule it guards: the rule has a name and is printed, what was left out says so, and a place nobody visited stays a
place nobody visited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fairwitness.analyse.hide_cells import hide, with_totals
from fairwitness.analyse.rules import SMALL, CountingRule, Rule
from fairwitness.analyse.tabulate import Row, Table, Window, tabulate
from fairwitness.errors import BadInput, Fault
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Area, Place, Unit
from fairwitness.mission.name_places import names_of
from fairwitness.record.hand import Hand

REGION, CENTRE = "region", "regional centre"
RULE = Rule(
    "S-1", 1, f"For the public: municipalities with fewer than {SMALL} cases in the whole table stand together with others of their "
    f"region. A count from 1 to {SMALL - 1} is left out; so are further counts, small or not, and totals where needed, so that none can "
    "be computed from the rest. What was marked heavier than mission internal, or has no usable date, is not counted.",
)  # fmt: skip
NOT_FOR_ALL = ("claims",)
"""What is not counted for the public by this rule: what people told us leaves by their consent, one by one."""


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line: the municipalities it counts (one, or several together under `region`; none: everywhere), and its cells in words.

    A cell is a count, 0, `None` where it was left out, or -1 where nobody looked. The last one is the total of the line.
    """

    places: tuple[UUID, ...]
    region: str
    cells: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A table that may be shown to everybody: lines, then one of totals. `together`: municipalities that stand with others."""

    what: str
    kind: str
    windows: Sequence[Window]
    rows: Sequence[PublicRow]
    totals: PublicRow
    counting: CountingRule
    left_out: int
    together: int


def tabulate_for_the_public(
    hand: Hand, what: str, windows: Sequence[Window], *, kind: str = "", rule: CountingRule, as_of: Any = None
) -> PublicTable:
    """Count as `tabulate` does, and widen. Raises BadInput for what is not counted for the public."""
    if what in NOT_FOR_ALL:
        raise BadInput.of(Fault("what", "is not counted for the public: what people told us leaves by their consent; count events"))
    if rule.sums:
        raise BadInput.of(Fault("rule", "adds up stated counts, low to high; for the public choose a rule that counts things"))
    return widen(tabulate(hand, what, windows, kind=kind, rule=rule, as_of=as_of, ceiling=int(Sensitivity.INTERNAL)))


def widen(table: Table) -> PublicTable:
    """The same table for the public."""
    groups = _groups(table.rows, regions_of(row.place for row in table.rows))
    counts = [_added(rows) for _, rows in groups]
    whole, hidden = with_totals(counts), hide(counts)
    lines: list[PublicRow] = []
    for i, (region, rows) in enumerate(groups):
        looked = [any(row.cells[j].state != "not_visited" for row in rows) for j in range(len(table.windows))]
        cells = [None if (i, j) in hidden else -1 if not seen else whole[i][j] for j, seen in enumerate(looked)]
        in_all = _shown(whole, hidden, i, len(looked)) if any(looked) else -1
        lines.append(PublicRow(tuple(row.place for row in rows), region, (*cells, in_all)))
    last = len(groups)
    anybody = [any(row.cells[j].state != "not_visited" for row in table.rows) for j in range(len(table.windows))]
    seen_in = [*anybody, any(anybody)]
    totals = PublicRow((), "", tuple(_shown(whole, hidden, last, j) if seen else -1 for j, seen in enumerate(seen_in)))
    together = sum(len(rows) for region, rows in groups if region)
    return PublicTable(table.what, table.kind, table.windows, lines, totals, table.rule, len(hidden), together)


def _shown(whole: Sequence[Sequence[int]], hidden: frozenset[tuple[int, int]], i: int, j: int) -> int | None:
    return None if (i, j) in hidden else whole[i][j]


def _added(rows: Sequence[Row]) -> list[int]:
    return [sum(cells) for cells in zip(*([cell.things for cell in row.cells] for row in rows), strict=True)]


def _groups(rows: Sequence[Row], regions: Mapping[UUID, str]) -> list[tuple[str, list[Row]]]:
    """(region or nothing, its rows): lines that stand alone, then those that stand together, region by region, then from everywhere."""
    cases = {row.place: sum(cell.things for cell in row.cells) for row in rows}
    alone = [row for row in rows if not 0 < cases[row.place] < SMALL]
    together: dict[str, list[Row]] = {}
    for row in rows:
        if 0 < cases[row.place] < SMALL:
            together.setdefault(regions.get(row.place, ""), []).append(row)
    elsewhere = together.pop("", [])
    for region in sorted(together):
        _fill_up(together[region], [row for row in alone if regions.get(row.place) == region], alone, cases)
        if _cases(together[region], cases) < SMALL:
            elsewhere += together.pop(region)
    _fill_up(elsewhere, list(alone), alone, cases)
    if 0 < _cases(elsewhere, cases) < SMALL:  # so few in all that even "left out" would point at a place: it stands with all the others
        elsewhere, alone = elsewhere + alone, []
    found = [("", [row]) for row in alone] + [(region, together[region]) for region in sorted(together)]
    return found + ([("*", elsewhere)] if elsewhere else [])


def _fill_up(group: list[Row], others: list[Row], alone: list[Row], cases: Mapping[UUID, int]) -> None:
    """Let the smallest neighbours with cases stand with a group until the group is no small count itself, nor one place."""
    waiting = sorted((row for row in others if cases[row.place]), key=lambda row: (cases[row.place], row.place))
    while waiting and group and (_cases(group, cases) < SMALL or len(group) < 2):
        group.append(waiting.pop(0))
        alone.remove(group[-1])


def _cases(rows: Sequence[Row], cases: Mapping[UUID, int]) -> int:
    return sum(cases[row.place] for row in rows)


def regions_of(places: Any) -> dict[UUID, str]:
    """The region of each municipality: the place of that kind above it, else the regional centre that answers for it."""
    found: dict[UUID, str] = {}
    wanted = list(places)
    above = dict(Place.objects.filter(pk__in=wanted, parent__kind=REGION).values_list("pk", "parent_id"))
    names = names_of(set(above.values()))
    found.update({place: names[parent] for place, parent in above.items() if parent in names})
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for area in Area.objects.filter(place_id__in=[key for key in wanted if key not in found], until__isnull=True).order_by("id"):
        at: Unit | None = units.get(area.unit_id)
        while at is not None and at.kind != CENTRE:
            at = units.get(at.parent_id) if at.parent_id else None
        if at is not None:
            found.setdefault(area.place_id, at.name)
    return found
