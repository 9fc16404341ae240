"""Monitor: what was seen and what we were told, in one list, beside the visits that could have made it.

The list stands in its address and can be sent to a colleague, who sees of it what she may see. The rule it guards: a
count never stands without its coverage, and what leaves as a file leaves a line on record.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path

from fairwitness.analyse.assess import rated, standing
from fairwitness.mission.access import may
from fairwitness.mission.name_places import name_of, names_of
from fairwitness.mission.search import BOUND
from fairwitness.mission.tell_time import day_after, start_of
from fairwitness.monitor.find import PAGE, Filters, Listing, coverage_beside, listing
from fairwitness.monitor.models import Claim
from fairwitness.record.verbs import Verb
from fairwitness.share.export import ceiling
from fairwitness.web.ask import page
from fairwitness.web.consent_texts import urls as text_urls
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.monitor_correct import urls as correct_urls
from fairwitness.web.monitor_coverage import urls as coverage_urls
from fairwitness.web.monitor_files import urls as file_urls
from fairwitness.web.monitor_forms import STATE_WORDS, FindForm
from fairwitness.web.monitor_guard import urls as guard_urls
from fairwitness.web.monitor_show import urls as show_urls
from fairwitness.web.monitor_talk import urls as talk_urls
from fairwitness.web.monitor_versions import urls as version_urls
from fairwitness.web.monitor_words import count_words, rows, state_of, when
from fairwitness.web.monitor_write import urls as write_urls
from fairwitness.web.take_along import asked_for, heaviest, take_along, ways

COLUMNS = ("code", "state", "headline", "place", "when", "count", "source", "source_grade", "information_grade")


def _filters(form: FindForm) -> Filters:
    data = form.cleaned_data if form.is_valid() else {}
    letter, digit = data.get("a", ""), data.get("n", "")

    def only(things: Any) -> Any:
        return rated(things, source_grade=letter, information_grade=int(digit) if digit else None)

    return Filters(
        place=data.get("place"), kind=data.get("kind", ""), states=frozenset(data.get("k", ())), since=start_of(data.get("from")),
        until=day_after(data.get("to")), words=data.get("q", ""), only=only if letter or digit else None,
    )  # fmt: skip


@door(Verb.OBSERVATION_READ)
def list_observations(request: StaffRequest) -> HttpResponse:
    """The list, fifty to a page, newest first; as a file for those who may export."""
    form = FindForm(request.GET)
    filters = _filters(form)
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
    if asked_for(request) and form.is_valid():
        return _along(request, filters)
    empty = Listing([], 0, 0, False)
    found = listing(request.hand, filters, (max(1, number) - 1) * PAGE) if form.is_valid() else empty
    context = {
        "verb_now": "monitor", "form": form, "found": found, "rows": rows(found.rows), "states": STATE_WORDS,
        "place_name": name_of(filters.place) if filters.place else "", "narrowed": any(request.GET.values()),
        "take_along": ways(request, request.hand),
        "may_pictures": may(request.hand, Verb.ATTACHMENT_READ),
        "may_plan": may(request.hand, Verb.ACTIVITY_PLAN), "may_submit": may(request.hand, Verb.OBSERVATION_SUBMIT),
        "first": found.first + 1, "last": found.first + len(found.rows), **_coverage(request, filters, form.is_valid()),
        "newer_url": _address(request, page=str(number - 1)) if number > 1 else "",
        "older_url": _address(request, page=str(number + 1)) if found.more else "",
    }  # fmt: skip
    return page(request, "web/monitor/monitor.html", context)


def _coverage(request: StaffRequest, filters: Filters, valid: bool) -> dict[str, Any]:
    lines = coverage_beside(request.hand, filters) if valid else []
    names = names_of(line.place.id for line in lines)
    table = [
        {"name": names.get(line.place.id, line.place.code), "place": f"{line.place.authority}:{line.place.code}", "found": line.found,
         "visits": line.visits, "nobody": line.visits == 0 and line.found == 0}
        for line in lines
    ]  # fmt: skip
    missed = [line["name"] for line in table if line["visits"] == 0]
    return {
        "coverage": table, "visits": sum(line.visits for line in lines), "visited": sum(1 for line in lines if line.visits),
        "missed": missed[:3], "missed_more": max(0, len(missed) - 3),
    }  # fmt: skip


def _address(request: StaffRequest, **changes: str) -> str:
    asked = {name: request.GET.getlist(name) for name in request.GET if name not in ("page", "format")}
    return f"?{urlencode({**asked, **changes}, doseq=True)}"


def _along(request: StaffRequest, filters: Filters) -> HttpResponse:
    """The list as a file, of what this hand may carry away, with the visits that could have made it."""
    hand = request.hand
    found = [thing for thing in listing(hand, filters, 0, BOUND).rows if thing.sensitivity <= ceiling(hand)]
    names, grades = names_of({thing.place_id for thing in found}), standing(found)
    coverage = _coverage(request, filters, True)
    missed = ", ".join(line["name"] for line in coverage["coverage"] if line["visits"] == 0)
    said = f"Coverage: {coverage['visits']} visits in the same places and time. Nobody went to: {missed or 'no place was left out'}."
    lines = []
    for thing in found:
        grade = grades.get(thing.id)
        lines.append((
            thing.code, state_of(thing), thing.headline, names.get(thing.place_id, ""), when(thing), count_words(thing),
            thing.source.code if isinstance(thing, Claim) else "", grade.source_grade if grade else "",
            str(grade.information_grade) if grade else "",
        ))  # fmt: skip
    return take_along(request, "observations", COLUMNS, lines, hand=hand, marking=heaviest(found), coverage=said)


urls = [
    path("monitor/", list_observations, name="monitor"), *show_urls, *write_urls, *guard_urls, *file_urls, *coverage_urls, *correct_urls,
    *version_urls, *talk_urls, *text_urls,
]  # fmt: skip
