"""The page of a place: whoever comes to a municipality new finds on one page whom we know there, what is open, what was promised,
what falls due, what was seen last, how often anybody was there to see, and what is new since they last looked.

It is the page a successor opens first. The rules it guards: every part leads to its whole list and goes through that list's own
querysets; a count stands beside its coverage; opening the page writes nothing, and only who says so has read what is new.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.errors import BadInput, Fault, NotThere, say
from fairwitness.mission.access import may, visible
from fairwitness.mission.find_places import below
from fairwitness.mission.models import Place, PlaceName
from fairwitness.mission.name_places import SEVERAL, names_of, place_of
from fairwitness.mission.read_news import say_read
from fairwitness.mission.tell_time import today
from fairwitness.monitor.find import Filters, listing
from fairwitness.monitor.models import Claim, Observation
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.draw import series_for_any_screen
from fairwitness.web.frame import frame
from fairwitness.web.looked import Looked, looked
from fairwitness.web.map_coverage import place_map
from fairwitness.web.monitor_words import rows
from fairwitness.web.narrow import Ids, address_of_place, key_of, there
from fairwitness.web.place_news import News, news_of_place
from fairwitness.web.place_people import answering, contacts, handed_over, sources
from fairwitness.web.place_promises import promises
from fairwitness.web.place_work import Where, cases, checks, events, recommendations, trainings, warnings

WEEKS = 26


def open_place(code: str) -> Place:
    """The place of an address: its id, or authority and code as in `ask:18`."""
    found = place_of(code[:120])
    if found is None:
        raise NotThere()
    return found


def above(place: Place) -> list[Place]:
    """What a place lies in, nearest first."""
    found: list[Place] = []
    step = place.parent
    while step is not None and len(found) < 6:
        found.append(step)
        step = step.parent
    return found


@door(None)
def show_place(request: StaffRequest, code: str) -> HttpResponse:
    """One place, with everything a successor needs."""
    place = open_place(code)
    zone, over, ids = str(frame(request)["time_zone"]), above(place), below([place.id])
    at = Where(request.hand, ids, today(zone), zone, {"place": key_of(place)})
    around = [place.id, *(one.id for one in over)]
    monday = at.today - timedelta(days=at.today.weekday())
    seen = looked(request.hand, ids, monday - timedelta(weeks=WEEKS - 1), at.today, ZoneInfo(zone))
    news = news_of_place(request.hand, place, ids, around)
    asks, aged = recommendations(at)
    parts = [contacts(at), cases(at), promises(at, aged), asks, warnings(at), checks(at), trainings(at), events(at), sources(at)]
    names = names_of(around)
    context = {
        "place": place, "name": names[place.id], "parts": parts, "news": news, "since": _since(news), "coverage": seen.words(),
        "headline": _headline(names[place.id], parts, news, seen, at.today), "strip": _strip(request.hand, ids, seen, ZoneInfo(zone)),
        "over": [(names[one.id], address_of_place(one)) for one in over], "inside": _inside(place), "units": answering(around),
        "before": handed_over(request.hand), "read_url": reverse("web:place_read", args=[key_of(place)]), **_last_seen(request, place),
        "timeline_url": reverse("web:place_timeline", args=[key_of(place)]), "manage_url": reverse("web:place", args=[place.id]),
        "all_names": _all_names(place), "map": place_map(request.hand, place),
        "series_url": reverse("web:place_series", args=[place.id]) if may(request.hand, Verb.COUNT_READ) else "",
    }  # fmt: skip
    return page(request, "web/place/place.html", context)


def _since(news: News) -> str:
    if news.since.moment is None:
        return _("since the log began")
    on = date_format(news.since.moment, "DATE_FORMAT")
    return _("since you last said that you had read it, on %(day)s") % {"day": on} if news.since.read else _(
        "since you took your post, on %(day)s") % {"day": on}  # fmt: skip


def _headline(name: str, parts: list[dict[str, Any]], news: News, seen: Looked, today_: date) -> str:
    """The finding: that nobody was there before anything else, then what is late and what is new."""
    count = {part["key"]: part["count"] for part in parts}
    late = sum(part["late"] for part in parts)
    last = seen.last()
    said = []
    if last is None:
        said.append(_("nobody was there in half a year"))
    elif (today_ - last).days > 13:
        n = (today_ - last).days // 7
        said.append(ngettext("nobody was there for %(n)d week", "nobody was there for %(n)d weeks", n) % {"n": n})
    if late:
        said.append(ngettext("%(n)d thing is late", "%(n)d things are late", late) % {"n": late})
    if not said:
        n = count["asks"] + count["cases"]
        said.append(ngettext("%(n)d thing is open, none is late", "%(n)d things are open, none is late", n) % {"n": n} if n
                    else _("nothing is open that you may see"))  # fmt: skip
    return f"{name}: {', '.join(said)}"


def _strip(hand: Hand, ids: Ids, seen: Looked, zone: ZoneInfo) -> dict[str, Any]:
    """Week by week what was seen and told, above how often anybody looked; drawn, and as a table of the same figures."""
    weeks = [seen.since + timedelta(weeks=n) for n in range(WEEKS)]
    counts: dict[date, int] = {}
    for model in (Observation, Claim):
        found = visible(hand, model.objects.filter(there(ids, "place_id"), listed__date__gte=seen.since))
        for week, n in found.order_by().annotate(week=TruncWeek("listed", tzinfo=zone)).values_list("week").annotate(Count("pk")):
            counts[week.date()] = counts.get(week.date(), 0) + n
    gone = [seen.on(week, week + timedelta(days=6)) for week in weeks]
    points = [
        (f"{week:%d.%m.}", counts.get(week, 0) if looks or counts.get(week) else None, looks)
        for week, looks in zip(weeks, gone, strict=True)
    ]
    title = _("Seen and told, and how often we looked")
    lines = [
        {"cells": [{"text": f"{week:%d.%m.%Y}"}, {"text": str(counts.get(week, 0))} if looks or counts.get(week) else {"not_visited": True},
                   {"text": str(looks)} if looks else {"not_visited": True}]}
        for week, looks in zip(weeks, gone, strict=True)
    ]  # fmt: skip
    columns = [{"label": _("Week from")}, {"label": _("Seen and told"), "num": True}, {"label": _("Times looked"), "num": True}]
    return {"svg": mark_safe(series_for_any_screen(points, title=title)), "columns": columns, "rows": lines[::-1], "label": title}


def _last_seen(request: StaffRequest, place: Place) -> dict[str, Any]:
    found = listing(request.hand, Filters(place=place), 0, 8) if may(request.hand, Verb.OBSERVATION_READ) else None
    if found is None:
        return {"seen_rows": [], "seen_total": 0}
    return {"seen_rows": rows(found.rows), "seen_total": found.total_words, "seen_url": f"{reverse('web:monitor')}?place={key_of(place)}"}


def _inside(place: Place) -> list[tuple[str, str]]:
    """What lies directly in it, by name."""
    children = list(place.children.filter(ended__isnull=True).order_by("code", "id")[:40])
    names = names_of(one.id for one in children)
    return sorted((names.get(one.id, one.code), address_of_place(one)) for one in children)


def _all_names(place: Place) -> list[tuple[str, str]]:
    """Every name it bears today, with its language."""
    found = PlaceName.objects.filter(place=place, valid_to__isnull=True).exclude(language=SEVERAL).order_by("language", "form", "text")
    return list(dict.fromkeys(found.values_list("text", "language")))[:16]


@door(None, "POST")
def read_place(request: StaffRequest, code: str) -> HttpResponse:
    """Say that one has read what is new, up to the entry the page stood at."""
    place, said = open_place(code), request.POST.get("upto", "")
    if not said.isascii() or not said.isdigit() or len(said) > 15:
        raise BadInput.of(Fault("upto", say("is missing; open the page of the place and say it there")))
    say_read(place, int(said), by=request.hand)
    messages.info(request, _("Kept: you have read this. What comes after stands here when you open the page again."))
    return redirect("web:place_page", key_of(place))


urls = [
    path("places/<str:code>/", show_place, name="place_page"),
    path("places/<str:code>/read/", read_place, name="place_read"),
]
