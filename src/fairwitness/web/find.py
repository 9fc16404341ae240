"""Find: one box for places by any of their names, for institutions, and for things by their words, as far as the reader may see.

Places are found in any spelling and script. Things come newest first, without a rank: a rank would be computed from what
others may read. What is chosen beside the words stands in the address, so that it can be sent to a colleague, who sees of it
what she may see. The rules it guards: a search begins at three letters; who a source is is found in the vault alone, and a
search that finds nothing goes on record with keyed tokens, never with its words; that nothing is found does not say that
nothing happened, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.errors import spoken
from fairwitness.mission.access import may
from fairwitness.mission.find_places import find as find_places
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.index import tokens
from fairwitness.mission.models import Counterpart, Place, PlaceName, Unit
from fairwitness.mission.name_places import names_of
from fairwitness.mission.rebuild import is_whole
from fairwitness.mission.save_search import FILTERS, my_searches, read_filters
from fairwitness.mission.search import BOUND, LEAST, Found, search
from fairwitness.mission.sort_names import InOrder
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.seal import token
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.find_rows import ROOMS, kind_words, rows
from fairwitness.web.find_saved import urls as saved_urls
from fairwitness.web.frame import frame
from fairwitness.web.home_needs import to

EACH = 20
PAGE = 50
INDEX = uuid5(NAMESPACE_URL, "fairwitness:mission.index")


@door(None)
def find(request: StaffRequest) -> HttpResponse:
    """What the box asks for."""
    words = " ".join(request.GET.get("q", "").split())[:200]
    given = {name: request.GET.get(name, "").strip()[:80] for name in FILTERS}
    zone = str(frame(request)["time_zone"])
    wanted, faults = read_filters(words, given, zone)
    short = bool(words) and len(fold(words).replace(" ", "")) < LEAST
    chosen = {name: value for name, value in given.items() if value}
    context: dict[str, Any] = {
        "q": words, "given": given, "short": short, "least": LEAST, "kinds": kind_words(), "rooms": list(ROOMS.items()), "chosen": chosen,
        "units": Unit.objects.filter(closed__isnull=True).order_by("code"), "once": uuid7(), "saved": my_searches(request.hand),
        "steps": [(str(step.value), step.label) for step in Sensitivity],
        "problems": [{"text": spoken(one.sentence), "href": f"#f-{one.field}"} for one in faults],
        "place_name": _place_name(given["place"]), "whole": is_whole(), "vault": may(request.hand, Verb.IDENTITY_SEARCH),
    }  # fmt: skip
    if not faults and (chosen or (words and not short)):
        before = request.GET.get("before", "")
        found = search(request.hand, wanted, limit=PAGE, before=int(before) if _is_number(before) else None)
        context |= _shown(request.hand, words, found, zone, first=not before, kind=given["kind"]) | {"asked": True}
        if found.last is not None:
            context["older_url"] = f"?{urlencode({'q': words, **chosen, 'before': found.last})}"
    return page(request, "web/find/find.html", context, status=422 if faults else None)


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 19


def _place_name(key: str) -> str:
    try:
        found = Place.objects.filter(pk=UUID(key)).first() if key else None
    except ValueError:
        found = None
    return names_of([found.pk]).get(found.pk, found.code) if found is not None else ""


def _shown(hand: Hand, words: str, found: Found, zone: str, *, first: bool, kind: str) -> dict[str, Any]:
    hits = find_places(words, EACH) if words and first else []
    named = all_names([hit.place.id for hit in hits])
    institutions = InOrder(Counterpart.objects.filter(key__contains=fold(words)))[:EACH] if words and first else []
    if first and words and not (found.count or hits or institutions):
        _on_record(hand, words)
    beside = {one.pk for one in institutions} if not kind else set()
    things = [(kind, pk) for kind, pk in found.ids if pk not in beside]  # what stands beside the list is not told twice
    count = found.count if found.count > BOUND else found.count - (len(found.ids) - len(things))
    return {
        "headline": headline(words, len(hits), len(beside), count), "places": [
            {
                "hit": hit, "names": list({name.text: name for name in named.get(hit.place.id, [])}.values()),
                "url": to("place", hit.place.id), "here": f"?{urlencode({'place': hit.place.id})}",
            }
            for hit in hits
        ],
        "institutions": institutions, "things": rows(hand, things, zone), "total": found.count_words,
    }  # fmt: skip


def headline(words: str, places: int, institutions: int, things: int) -> str:
    """What was found, in one line: places, institutions, and things as far as they are counted. What was not found is not counted."""
    if things > BOUND:
        what = _("more than %(n)s things") % {"n": f"{BOUND:,}"}
    else:
        what = ngettext("%(n)d thing", "%(n)d things", things) % {"n": things}
    if not words:
        return _("%(what)s that you may read") % {"what": what[:1].upper() + what[1:]}
    where = ngettext("%(n)d place", "%(n)d places", places) % {"n": places}
    who = ngettext("%(n)d institution", "%(n)d institutions", institutions) % {"n": institutions}
    if places and institutions:
        return _("%(where)s, %(who)s and %(what)s for “%(words)s”") % {"where": where, "who": who, "what": what, "words": words}
    if places or institutions:
        return _("%(where)s and %(what)s for “%(words)s”") % {"where": where if places else who, "what": what, "words": words}
    return _("%(what)s for “%(words)s”") % {"what": what, "words": words}


def _on_record(hand: Hand, words: str) -> None:
    """A search that found nothing may have looked for a person: it goes on record, as tokens that say nothing by themselves."""
    content = {"tokens": sorted({token(word) for word in tokens(words)[:12]}), "found": 0}
    note(by=hand, verb=Verb.SEARCH_ASK, kind="mission.index", subject=INDEX, content=content)


def all_names(ids: Iterable[UUID]) -> dict[UUID, list[PlaceName]]:
    """Every name of these places, those in use first."""
    found: dict[UUID, list[PlaceName]] = {}
    for name in PlaceName.objects.filter(place_id__in=list(ids)).order_by("valid_to", "form", "language"):
        found.setdefault(name.place_id, []).append(name)
    return found


urls = [path("find/", find, name="find"), *saved_urls]
