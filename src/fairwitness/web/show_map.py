"""Show a map on a page: one call, `map_of`, gives what web/parts/map.html needs; the page includes that part and nothing else.

    {% include "web/parts/map.html" with map=map only %}

What is counted and whether anybody looked is given by the page, from the same questions its list asks; nothing is asked here about things
a reader may not see. Without coordinates there is no map, and the page stands without it.

The rule it guards: every municipality of the mission is on the map, also those nobody has a figure for: they are hatched. A map names
the source of its lines and says what they do not mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.mission.models import Area, Place
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import key_of
from fairwitness.monitor.models import Observation
from fairwitness.record.hand import Hand
from fairwitness.web.draw_map import STEP, Drawing, Figure, Spot, Wedge, draw_map
from fairwitness.web.draw_place import arc_of
from fairwitness.web.project_points import Point, reach
from fairwitness.web.read_outlines import TOWN, Ground, Town, outlines, point_of, read_ground
from fairwitness.web.trace_outline import Shape

__all__ = ["Figure", "map_of", "place_link", "sector_map"]
TOWNS = 60
"""Settlements named around a sector, at most."""
ABOUT = 12_000.0
"""Metres around a municipality without an outline that are drawn with it."""
NOT_TOLD = 3_000.0
"""Metres a sector is drawn to where nobody said how far; its edge is dashed."""


def map_of(
    hand: Hand, figures: Mapping[UUID, Figure], *, title: str, counted: str, wide: bool = True, part: str = "", address: str | None = None,
    names: Mapping[UUID, str] | None = None, table: bool = True, ground: Ground | None = None, around: Town | None = None,
) -> dict[str, Any] | None:  # fmt: skip
    """The map of the mission's municipalities with these figures; None where no place has coordinates.

    A map that is not `wide` is short, for the margin of a page on a weak link: coarser, and its table is a list.
    `counted` heads the figures in the table ("Visits"). `part` is the code of a unit whose area is drawn alone; `address` (the page's own
    address without it) offers such parts. `table=False` where the page prints the same figures itself. `around` draws
    one municipality with what lies next to it, and its settlements.
    """
    ground = ground or read_ground(hand)
    if not ground.drawable:
        return None
    names = names or names_of(town.id for town in ground.towns)
    parts = [] if address is None else _parts(ground, part, address)
    only = next((one["ids"] for one in parts if one["now"]), None)
    shown = [town for town in ground.towns if (only is None or town.id in only) and (around is None or town.id == around.id)]
    view = [point for town in shown for point in _corners(town)] if only or around else []
    towns = [one for one in _settlements(around.id, view) if one.name != names.get(around.id)] if around else []
    outline = around.shape if around and around.shape else ground.outline
    spots = [town.spot(names.get(town.id, town.key)) for town in ground.towns]
    known = {str(town.id): figures.get(town.id, Figure()) for town in ground.towns}
    drawing = draw_map(
        spots, known, title=title, desc=_desc(list(known.values())), country=outline, lines=ground.around, view=view, towns=towns,
        step=STEP if wide or around else 4 * STEP, wide=wide,
    )  # fmt: skip
    lines = [(names.get(town.id, town.key), figures.get(town.id, Figure())) for town in shown]
    lines.sort(key=lambda line: key_of(line[0]))
    return {
        "drawing": drawing, "wide": wide, "parts": parts, "source": ground.source, "notes": _notes(drawing, ground),
        **({} if not table else _table(lines, counted) if wide else _lists(lines)),
    }  # fmt: skip


def _corners(town: Town) -> list[Point]:
    if town.shape:
        return [point for ring in town.shape.rings for point in ring]
    return [reach(town.point, turn, ABOUT) for turn in (0, 90, 180, 270)] if town.point else []


def _desc(known: Sequence[Figure]) -> str:
    missed = sum(1 for one in known if one.state == "nobody")
    with_figure = len(known) - missed
    told = ngettext("%(n)d municipality has a figure.", "%(n)d municipalities have a figure.", with_figure) % {"n": with_figure}
    return f"{told} {_('Nobody was in %(n)d; they are hatched.') % {'n': missed}}"


def _notes(drawing: Drawing, ground: Ground) -> list[str]:
    """Where the lines come from and how far they may be off; never silent about either."""
    bounded = sum(1 for town in ground.towns if town.shape)
    said = []
    if bounded:
        said.append(_("Boundaries of municipalities as imported, drawn to within %(off)s.") % {"off": _metres(drawing.off)})
    if ground.source and (ground.outline or ground.around):
        said.append(_("Outlines: %(source)s, for orientation; they may lie a kilometre off.") % {"source": ground.source})
    if not bounded and not ground.source:
        said.append(_("Drawn from the coordinates of places; no outline was imported."))
    if bounded or ground.source:
        said.append(_("No line says anything about the status of a territory."))
    return said


def _metres(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 950 else f"{round(metres / 10) * 10} m"


def _table(lines: Sequence[tuple[str, Figure]], counted: str) -> dict[str, Any]:
    covered = any(one.note for _name, one in lines)
    columns = [{"label": _("Municipality")}, {"label": counted, "num": True}, *([{"label": _("Coverage")}] if covered else [])]
    rows = [
        {"cells": [
            {"text": name, "href": one.href},
            {"text": "", "not_visited": True} if one.state == "nobody" else {"text": one.words or _count(one)},
            *([{"text": one.note or (_("nobody was there") if one.state == "nobody" else "")}] if covered else []),
        ]}
        for name, one in lines
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _lists(lines: Sequence[tuple[str, Figure]]) -> dict[str, Any]:
    """The short table of a small map: what was counted, and where nobody was."""
    return {
        "brief": [(name, one.said()) for name, one in lines if one.state != "nobody"],
        "missed": ["; ".join(said for said in (name, one.note) if said) for name, one in lines if one.state == "nobody"],
    }


def _count(one: Figure) -> str:
    return _("held back") if one.withheld else _("not counted") if one.count is None else str(one.count)


def _parts(ground: Ground, part: str, address: str) -> list[dict[str, Any]]:
    """The parts of the country that can be drawn alone: what each regional centre answers for. One question."""
    rows = Area.objects.filter(
        unit__kind="regional centre", unit__closed__isnull=True, until__isnull=True, place__in=[town.id for town in ground.towns]
    ).values_list("unit__code", "unit__name", "place_id")
    found: dict[str, tuple[str, set[UUID]]] = {}
    for code, name, place in rows.order_by("unit__code"):
        found.setdefault(code, (name, set()))[1].add(place)
    join = "&" if "?" in address else "?"
    made = [
        {"name": name, "url": f"{address}{join}{urlencode({'part': code})}#map", "now": code == part, "ids": ids}
        for code, (name, ids) in found.items()
    ]
    whole = {"name": _("The whole area"), "url": f"{address or '?'}#map", "now": not any(one["now"] for one in made), "ids": None}
    return [whole, *made] if made else []


def place_link(key: str, **narrowed: str) -> str:
    """Where the symbol of a place leads: its own page, or, asked more narrowly, the list of what was seen there."""
    if not narrowed:
        try:
            return reverse("web:place_page", args=[key])
        except NoReverseMatch:
            pass
    return f"{reverse('web:monitor')}?{urlencode({'place': key, **narrowed})}"


def sector_map(thing: Observation, name: str) -> dict[str, Any] | None:
    """Where an observation's sector lies, to scale, among the settlements around it.

    Only where the observer stood is known: the place has coordinates, and no other position was written down.
    """
    start = point_of(thing.place.latitude, thing.place.longitude)
    told = bool(thing.range_low_m or thing.range_high_m)
    if start is None or not told or thing.observer_position.strip():
        return None
    near, far = float(thing.range_low_m or 0), float(thing.range_high_m or 0)
    known = far > 0
    reached = far or max(near * 1.5, NOT_TOLD)
    if known and near >= far:
        near = far * 0.97  # an exact range still needs a band the eye can find
    arcs = [arc_of(bearing) for bearing in thing.bearings] or [(0.0, 359.9)]
    wedges = [Wedge(start, near, reached, low, high, open=not known or not thing.bearings) for low, high in arcs]
    view = [reach(start, turn, reached * 1.25) for turn in (0, 90, 180, 270)]
    title = _("Where the sector lies, seen from %(place)s") % {"place": name}
    desc = _("The sector of this observation to scale, with the settlements around it.")
    towns = [Spot("here", name, start), *_near(thing, view)]
    drawing = draw_map([], {}, title=title, desc=desc, country=_border(thing), view=view, wedges=wedges, towns=towns, wide=False)
    notes = [_("Drawn from the middle of %(place)s: no other position of the observer was written down.") % {"place": name}]
    if drawing.country:
        notes.append(_("The line is the boundary of the municipality as imported; it says nothing about the status of a territory."))
    return {"drawing": drawing, "wide": False, "notes": notes}


def _border(thing: Observation) -> Shape | None:
    """The boundary of the municipality it lies in, where one was imported."""
    over = thing.place if thing.place.kind == TOWN else thing.place.parent
    return outlines([(over.id, over.entry)]).get(over.id) if over is not None and over.boundary else None


def _near(thing: Observation, view: Sequence[Point]) -> list[Spot]:
    """Settlements of the same municipality that lie on the sheet, without the place itself."""
    over = thing.place.parent_id if thing.place.kind != TOWN else thing.place_id
    return _settlements(over, view, thing.place_id) if over else []


def _settlements(over: UUID, view: Sequence[Point], but: UUID | None = None) -> list[Spot]:
    """What lies in a municipality and on the sheet. Two questions."""
    rows = Place.objects.filter(parent=over, ended__isnull=True).exclude(Q(latitude="") | Q(pk=but or over)).order_by("code", "id")
    south, north = min(lat for _lon, lat in view), max(lat for _lon, lat in view)
    west, east = min(lon for lon, _lat in view), max(lon for lon, _lat in view)
    at: dict[UUID, Point] = {}
    for key, lat, lon in rows.values_list("id", "latitude", "longitude")[:800]:
        point = point_of(lat, lon)
        if point and west <= point[0] <= east and south <= point[1] <= north and len(at) < TOWNS:
            at[key] = point
    names = names_of(at)
    return [Spot(str(key), names[key], point) for key, point in at.items() if key in names]
