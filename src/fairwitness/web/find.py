"""Find: one box for places by any of their names, for institutions, and for things by their words, as far as the reader may see.

Places are found in any spelling. Things come newest first, without a rank: a rank would be computed from what others may read.
The rule it guards: a search begins at three letters (fewer would read half the index), and sealed words are found whole or not
at all, by those who may read what they stand in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.mission.access import visible
from fairwitness.mission.find_places import find as find_places
from fairwitness.mission.fold import fold
from fairwitness.mission.models import Counterpart, PlaceName
from fairwitness.mission.search import LEAST
from fairwitness.mission.search import find as find_words
from fairwitness.record.hand import Hand
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.home_needs import to

PAGES = {
    "monitor.observation": ("observation", "code", "headline"),
    "monitor.claim": ("claim", "code", "headline"),
    "monitor.activity": ("activity", "code", "purpose"),
    "verify.obligation": ("obligation", "code", "title"),
    "analyse.finding": ("finding", "code", "title"),
    "warn.warning": ("warning", "code", "title"),
    "report.report": ("report_page", "slug", "title"),
    "recommend.recommendation": ("recommendation", "code", "title"),
    "assist.training": ("training", "code", "title"),
}
"""For each kind of thing: its page, the field that is its address, the field that is its headline."""
INDEXED = {"monitor.observation", "monitor.claim", "monitor.activity"}
EACH = 20


@door(None)
def find(request: StaffRequest) -> HttpResponse:
    """What the box asks for."""
    words = " ".join(request.GET.get("q", "").split())[:200]
    kind = request.GET.get("kind", "")
    short = 0 < len(fold(words).replace(" ", "")) < LEAST
    context: dict[str, Any] = {"q": words, "kind": kind if kind in PAGES else "", "short": short, "least": LEAST, "kinds": list(PAGES)}
    if words and not short:
        context |= _found(request.hand, words, [kind] if kind in PAGES else list(PAGES)) | {"asked": True}
    return page(request, "web/find/find.html", context)


def _found(hand: Hand, words: str, kinds: list[str]) -> dict[str, Any]:
    hits = find_places(words, EACH)
    names = all_names([hit.place.id for hit in hits])
    things, total = things_with(hand, words, kinds)
    where = ngettext("%(n)d place", "%(n)d places", len(hits)) % {"n": len(hits)}
    what = ngettext("%(n)s thing", "%(n)s things", len(things)) % {"n": total}
    return {
        "headline": _("%(where)s and %(what)s for “%(words)s”") % {"where": where, "what": what, "words": words},
        "places": [{"hit": hit, "names": names.get(hit.place.id, []), "url": to("place", hit.place.id)} for hit in hits],
        "institutions": Counterpart.objects.filter(key__contains=fold(words)).order_by("name")[:EACH],
        "things": things,
        "total": total,
    }


def things_with(hand: Hand, words: str, kinds: list[str]) -> tuple[list[dict[str, str]], str]:
    """Things that hold all the words, newest first; and how many, as it is printed."""
    inside = [kind for kind in kinds if kind in INDEXED]
    found = find_words(hand, words, kinds=inside, limit=50) if inside else None
    ids: dict[str, list[UUID]] = {}
    for kind, one in found.ids if found else ():
        ids.setdefault(kind, []).append(one)
    shown = [row for kind, some in ids.items() for row in _rows(hand, kind, Q(pk__in=some))]
    for kind in kinds:
        if kind not in INDEXED:
            shown += _rows(hand, kind, _all_in(kind, words))
    shown.sort(key=lambda row: row["id"], reverse=True)  # ids carry the moment they were made
    beyond = found is not None and found.count > len(found.ids)
    return shown, f"{found.count_words}" if beyond and found is not None else str(len(shown))


def _all_in(kind: str, words: str) -> Q:
    _page, code, title = PAGES[kind]
    wanted = Q()
    for word in words.split()[:12]:
        wanted &= Q(**{f"{title}__icontains": word}) | Q(**{f"{code}__icontains": word})
    return wanted


def _rows(hand: Hand, kind: str, wanted: Q) -> list[dict[str, str]]:
    name, code, title = PAGES[kind]
    model: Any = apps.get_model(kind)
    rows = visible(hand, model.objects.filter(wanted)).order_by("-id").values_list("id", code, title)[: EACH * 2]
    return [{"id": str(pk), "code": key, "title": head, "url": to(name, key), "room": kind.partition(".")[0]} for pk, key, head in rows]


def all_names(ids: Iterable[UUID]) -> dict[UUID, list[PlaceName]]:
    """Every name of these places, those in use first."""
    found: dict[UUID, list[PlaceName]] = {}
    for name in PlaceName.objects.filter(place_id__in=list(ids)).order_by("valid_to", "form", "language"):
        found.setdefault(name.place_id, []).append(name)
    return found


urls = [path("find/", find, name="find")]
