"""Kept searches: to ask again what was asked before, to be told what is new, to say that one has looked, to end it.

The rule it guards: a search is its member's own; another's answers like none at all.
"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.save_search import FILTERS, end_search, look, my_search, news_of, save_search, words_of
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.find_rows import rows
from fairwitness.web.frame import frame


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@door(None, "POST")
def save(request: StaffRequest) -> HttpResponse:
    """Keep the search that stands on the page."""
    sent = request.POST
    made = save_search(
        name=sent.get("name", ""), words=sent.get("q", ""), filters={name: sent.get(name, "") for name in FILTERS},
        alert=bool(sent.get("alert")), thing_id=_id(sent.get("once", "")), by=request.hand,
    )  # fmt: skip
    messages.info(request, _("Kept. It stands on this page and, if it is to tell you what is new, on your home page."))
    return redirect("web:search", made.id)


@door(None)
def show(request: StaffRequest, key: UUID) -> HttpResponse:
    """A kept search: what is new since one looked, and the way to everything it finds."""
    one = my_search(key, request.hand)
    words = words_of(one)
    found = next((news.found for news in news_of(request.hand) if news.search.id == one.id), [])
    context = {
        "search": one, "words": words, "things": rows(request.hand, found, str(frame(request)["time_zone"])),
        "all_url": f"{reverse('web:find')}?{urlencode({'q': words, **one.filters})}",
    }  # fmt: skip
    return page(request, "web/find/saved.html", context)


@door(None, "POST")
def looked(request: StaffRequest, key: UUID) -> HttpResponse:
    """Say that one has looked."""
    look(key, by=request.hand)
    return redirect("web:home")


@door(None, "POST")
def end(request: StaffRequest, key: UUID) -> HttpResponse:
    """End it: nobody can read any more what was looked for."""
    end_search(key, by=request.hand)
    messages.info(request, _("Ended. What it looked for cannot be read any more."))
    return redirect("web:find")


urls = [
    path("find/keep/", save, name="search_save"),
    path("find/kept/<uuid:key>/", show, name="search"),
    path("find/kept/<uuid:key>/looked/", looked, name="search_looked"),
    path("find/kept/<uuid:key>/end/", end, name="search_end"),
]
