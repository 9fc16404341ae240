"""Map what was covered and what was counted: the last days, the week on the home page, a month of the table of counts.

Each of these asks what its list asks, of what this reader may see, and lays it over the municipalities. The rule it guards: a figure on
a map stands with the visits that could have made it, and where nobody was the map is hatched and shows no figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.analyse.cover_cells import Looked, look
from fairwitness.analyse.tabulate import Cell, Table
from fairwitness.mission.access import may
from fairwitness.mission.models import Place
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.verify.lift import municipality_of
from fairwitness.web.read_outlines import Ground, read_ground
from fairwitness.web.show_map import Figure, map_of, place_link

DAYS = 30
MONTHS = 24
"""Links to other months over a map of a month, at most."""


def coverage_map(hand: Hand, *, part: str = "") -> dict[str, Any] | None:
    """On how many of the last days somebody or something looked, municipality by municipality."""
    ground = read_ground(hand)
    if not ground.drawable:
        return None
    title = _("Days covered, by municipality")
    return map_of(hand, _last_days(hand, ground), title=title, counted=_("Days covered"), part=part, address="", ground=ground)


def place_map(hand: Hand, place: Place) -> dict[str, Any] | None:
    """The municipality a place lies in, with its settlements and what lies next to it: on how many of the last days anybody looked.

    For a place above the municipalities, all of them. Whoever may not read of visits gets no map.
    """
    ground = read_ground(hand)
    if not may(hand, Verb.OBSERVATION_READ) or not ground.drawable:
        return None
    lifted = municipality_of([place.id])[place.id]
    around = next((town for town in ground.towns if town.id == lifted), None)
    if around is not None and around.point is None:
        return None
    title = _("Days covered in the last %(n)d days") % {"n": DAYS}
    figures = _last_days(hand, ground)
    return map_of(hand, figures, title=title, counted=_("Days covered"), wide=False, ground=ground, around=around)


def _last_days(hand: Hand, ground: Ground) -> dict[UUID, Figure]:
    last, zone = today(), ZoneInfo(mission_zone())
    first = last - timedelta(days=DAYS - 1)
    since, until = (make_aware(datetime.combine(day, time.min), zone) for day in (first, last + timedelta(days=1)))
    cells = {place: cell for (place, _at), cell in look(hand, [(since, until)], None).items()}
    begin = f"{first:%d.%m.%Y}"
    return {town.id: _covered(cells[town.id], place_link(town.key, **{"from": begin})) for town in ground.towns if town.id in cells}


def _covered(cell: Looked, href: str) -> Figure:
    down = _("not working: %(what)s") % {"what": "; ".join(cell.down)} if cell.down else ""
    if not cell.days:
        return Figure(note=down)
    visits = ngettext("%(n)d visit", "%(n)d visits", cell.visits) % {"n": cell.visits}
    days = ngettext("%(n)d day", "%(n)d days", cell.days) % {"n": cell.days}
    return Figure(cell.days, looked=True, words=days, note="; ".join(said for said in (visits, down) if said), href=href)


def week_map(hand: Hand, visits: Mapping[UUID, int], names: Mapping[UUID, str], ground: Ground) -> dict[str, Any] | None:
    """Where we were since Monday: the visits of each municipality, counted by the page, and hatching where there was none.

    Whoever may not read of visits at all gets no map: hatching would tell them that nobody was anywhere.
    """
    if not may(hand, Verb.OBSERVATION_READ):
        return None
    figures = {
        town.id: Figure(
            count, looked=True, words=ngettext("%(n)d visit", "%(n)d visits", count) % {"n": count}, href=place_link(town.key),
        )
        for town in ground.towns
        if (count := visits.get(town.id, 0))
    }  # fmt: skip
    return map_of(hand, figures, title=_("Visits since Monday"), counted=_("Visits"), wide=False, names=names, ground=ground)


def month_map(hand: Hand, table: Table, names: Mapping[UUID, str], what: str, asked: QueryDict) -> dict[str, Any] | None:
    """One month of the table of counts: the one asked for as `map`, else the last in which anything stands.

    Each symbol leads to that municipality, month by month; links over the map lead to the other months.
    """
    labels = [window.label for window in table.windows]
    filled = [at for at in range(len(labels)) if any(row.cells[at].state != "not_visited" for row in table.rows)]
    wanted = str(asked.get("map", ""))
    at = labels.index(wanted) if wanted in labels else filled[-1] if filled else len(labels) - 1
    address, ground = _address(asked), read_ground(hand)
    figures = {
        row.place: _counted(row.cells[at], f"{address}&{urlencode({'place': row.place, 'map': labels[at]})}#a-d")
        for row in table.rows
    }
    title = _("%(what)s, %(month)s") % {"what": what, "month": labels[at]}
    found = map_of(hand, figures, title=title, counted=what, names=names, ground=ground, table=False)
    if found is not None:
        found["parts"] = [
            {"name": label, "url": f"{address}&{urlencode({'map': label})}#map", "now": label == labels[at]} for label in labels[-MONTHS:]
        ]
        found["parts_are"] = _("Month drawn")
    return found


def _address(asked: QueryDict) -> str:
    kept = asked.copy()
    for name in ("map", "place", "format"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}"


def _counted(cell: Cell, href: str) -> Figure:
    """A cell as the table says it; a range or an estimate is drawn at its low end and said in full."""
    visits = ngettext("%(n)d visit", "%(n)d visits", cell.looked.visits) % {"n": cell.looked.visits}
    days = ngettext("%(n)d day", "%(n)d days", cell.looked.days) % {"n": cell.looked.days}
    note = f"{visits}, {days}" if cell.looked.days else _("no visit on record") if cell.things else ""
    if cell.state == "not_visited":
        return Figure(note="; ".join(cell.looked.down))
    low = cell.count.low if cell.count is not None else None
    return Figure(0 if cell.state == "zero" else low, looked=bool(cell.looked.days), words=cell.words, note=note, href=href)
