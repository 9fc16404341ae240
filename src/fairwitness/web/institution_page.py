"""The page of an institution: who it is, when we met it, what it is obliged to and how that was checked, what we recommended to it
and what it answered, what it was warned of, what we taught it.

An institution that was dissolved keeps its page; what was asked of those before it stands on the page of its heir. The rule it guards:
both sides' ratings stand beside each other, and everything goes through the querysets of the lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.assist.models import Training
from fairwitness.errors import NotThere
from fairwitness.mission.access import visible
from fairwitness.mission.find_places import below
from fairwitness.mission.models import Counterpart
from fairwitness.mission.name_places import name_of
from fairwitness.mission.tell_time import today
from fairwitness.monitor.models import Activity
from fairwitness.recommend.age import ageing
from fairwitness.recommend.models import Recommendation
from fairwitness.verify.models import Check, Obligation
from fairwitness.warn.models import Warning
from fairwitness.warn.score import horizon
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.frame import frame
from fairwitness.web.looked import looked
from fairwitness.web.monitor_words import moment
from fairwitness.web.narrow import address_of_institution, address_of_place
from fairwitness.web.place_work import READ, SHOWN, Where, asked, day, held, late_words, row, section, weight
from fairwitness.web.verify_cells import WORDS

WEEKS = 26


def open_institution(code: str) -> Counterpart:
    """The institution of an address: its code, or its id."""
    things = Counterpart.objects.select_related("place", "parent", "successor")
    found: Counterpart | None = things.filter(code=code[:120]).first()
    if found is None:
        try:
            found = things.filter(pk=UUID(code)).first()
        except ValueError:
            found = None
    if found is None:
        raise NotThere()
    return found


def with_those_before(body: Counterpart) -> list[Counterpart]:
    """The institution and every one it followed, itself first."""
    found, step = [body], [body.id]
    while step and len(found) < 40:
        before = Counterpart.objects.filter(successor_id__in=step).exclude(pk__in=[one.id for one in found]).order_by("name")
        found += (rows := list(before[:20]))
        step = [one.id for one in rows]
    return found


@door(None)
def show_institution(request: StaffRequest, code: str) -> HttpResponse:
    """One institution."""
    body = open_institution(code)
    zone, line = str(frame(request)["time_zone"]), with_those_before(body)
    ids = [one.id for one in line]
    at = Where(request.hand, ids, today(zone), zone, {"institution": body.code})
    since = at.today - timedelta(weeks=WEEKS)
    coverage = looked(request.hand, below([body.place_id]), since, at.today, ZoneInfo(zone)).words() if body.place_id else ""
    asks = recommendations(at)
    parts = [asks, promises(at), obligations(at), warned(at), meetings(at), trainings(at)]
    context = {
        "body": body, "before": [(one.name, address_of_institution(one)) for one in line[1:]], "coverage": coverage,
        "headline": _headline(body, asks, parts[4]),
        "place_name": name_of(body.place) if body.place else "", "place_url": address_of_place(body.place) if body.place else "",
        "heir": _link(body.successor), "parent": _link(body.parent), "parts_of": _parts_of(body), "parts": parts,
        "manage_url": reverse("web:counterpart", args=[body.id]),
    }  # fmt: skip
    return page(request, "web/place/institution.html", context)


def _headline(body: Counterpart, asks: dict[str, Any], met: dict[str, Any]) -> str:
    if body.successor is not None:
        return _("%(name)s ended and was followed by %(next)s") % {"name": body.name, "next": body.successor.name}
    late = asks["late"]
    if late:
        return f"{body.name}: " + ngettext("%(n)d recommendation is late", "%(n)d recommendations are late", late) % {"n": late}
    if asks["count"]:
        n = asks["count"]
        return f"{body.name}: " + ngettext("%(n)d recommendation is open", "%(n)d recommendations are open", n) % {"n": n}
    return f"{body.name}: " + (_("nothing is asked of it at present") if met["count"] else _("never met, as far as you may see"))


def _link(one: Counterpart | None) -> tuple[str, str] | None:
    return (one.name, address_of_institution(one)) if one is not None else None


def _parts_of(body: Counterpart) -> list[tuple[str, str]]:
    return [(one.name, address_of_institution(one)) for one in Counterpart.objects.filter(parent=body).order_by("name", "id")[:40]]


def _addressed(at: Where) -> Q:
    return Q(addressee_id__in=list(at.ids or ()))


def recommendations(at: Where) -> dict[str, Any]:
    """Everything that was recommended to it, open ones by age first, each with both sides' newest ratings."""
    issued = visible(at.hand, Recommendation.objects.filter(_addressed(at), state=Recommendation.ISSUED)).order_by("-id")
    aged = ageing(by=at.hand, on=at.today, pk__in=list(issued.values_list("pk", flat=True)[:READ]))
    rows = [asked(one, at.today) for one in aged]
    late = sum(1 for one in aged if one.late)
    note = _("%(late)d late") % {"late": late} if late else ""
    more = at.all("recommend", show="all")
    empty = _("No recommendation to it is open that you may see.")
    return section("asks", _("Recommendations open"), rows, show=SHOWN + 4, more=more, note=note, empty=empty)


def promises(at: Where) -> dict[str, Any]:
    """What it answered: its replies to recommendations and its responses to warnings, newest first."""
    made: list[tuple[date, dict[str, Any]]] = []
    issued = visible(at.hand, Recommendation.objects.filter(_addressed(at), state=Recommendation.ISSUED).exclude(replies=None))
    for ask in issued.prefetch_related("replies").distinct().order_by("-id")[:READ]:
        for reply in ask.replies.all():
            said = _("reply of %(day)s") % {"day": day(reply.received)}
            step = _("says: %(word)s") % {"word": reply.get_says_display()} if reply.says else ""
            made.append((reply.received, _line(ask, "recommendation", reply.text, said, step)))
    told = visible(at.hand, Warning.objects.filter(_addressed(at)).exclude(responses=None))
    for warning in told.prefetch_related("responses").distinct().order_by("-issued")[:READ]:
        for answer in warning.responses.all():
            said = _("response of %(day)s: %(kind)s") % {"day": day(answer.responded), "kind": answer.get_kind_display()}
            made.append((answer.responded, _line(warning, "warning", answer.text, said)))
    made.sort(key=lambda pair: pair[0], reverse=True)
    rows = [line for _on, line in made]
    return section(
        "promises", _("What it said it would do"), rows, count=len(made), empty=_("No reply or response is on record that you may see.")
    )


def _line(thing: Any, name: str, text: str, *meta: str) -> dict[str, Any]:
    words = " ".join(text.split())
    return row(thing.code, f"“{words[:240]}{'…' if len(words) > 240 else ''}”", reverse(f"web:{name}", args=[thing.code]), *meta)


def obligations(at: Where) -> dict[str, Any]:
    """What it is obliged to, each with the newest check; what was never checked says so."""
    ids = list(at.ids or ())
    owed = list(Obligation.objects.filter(party_id__in=ids).select_related("standard").order_by("code")[:READ])
    newest: dict[Any, Check] = {}
    found = visible(at.hand, Check.objects.filter(Q(institution_id__in=ids) | Q(obligation__in=owed)))
    for check in found.select_related("obligation__standard").order_by("-checked_on", "-id")[:READ]:
        newest.setdefault(check.obligation_id, check)
    known = {one.id: one for one in owed} | {check.obligation_id: check.obligation for check in newest.values()}
    rows = [_obligation(one, newest.get(key), at.today) for key, one in known.items()]
    empty = _("No obligation names it, and nothing about it was checked that you may see.")
    return section("checks", _("Obligations and checks"), rows, show=SHOWN * 2, empty=empty)


def _obligation(one: Obligation, check: Check | None, on: date) -> dict[str, Any]:
    link = reverse("web:check", args=[check.code]) if check else reverse("web:obligation", args=[one.code])
    if check is None:
        return row(one.code, one.title, link, _("not checked"), late_words(one.due, on) if one.due else "", str(one.standard.title))
    said = (str(WORDS[check.value]), weight(check.value))
    return row(check.code, one.title, link, said, check.round, day(check.checked_on), str(one.standard.title))


def warned(at: Where) -> dict[str, Any]:
    """What it was warned of, newest first."""
    found = visible(at.hand, Warning.objects.filter(_addressed(at))).order_by("-issued", "-id")
    rows = []
    for one in found[:SHOWN]:
        left = horizon(one, at.today, at.zone)
        state: Any = one.get_outcome_display() if one.outcome else (_("horizon ended; outcome due"), "late") if left.due else _("stands")
        rows.append(row(one.code, one.title, reverse("web:warning", args=[one.code]), moment(one.issued, at.zone), state))
    return section(
        "warnings", _("Warnings addressed to it"), rows, count=_bounded(found), more=at.all("warn"), empty=_("None that you may see.")
    )


def meetings(at: Where) -> dict[str, Any]:
    """When we met it, newest first."""
    found = visible(at.hand, Activity.objects.filter(institution_id__in=list(at.ids or ()), state=Activity.DONE, started__isnull=False))
    rows = [
        row(one.code, one.purpose, reverse("web:activity", args=[one.code]), one.get_kind_display(), moment(one.started, one.time_zone))
        for one in found.order_by("-started", "-id")[:SHOWN]
    ]
    return section(
        "met", _("When we met it"), rows, count=_bounded(found), more=at.all("activities"), empty=_("Never, as far as you may see.")
    )


def trainings(at: Where) -> dict[str, Any]:
    """Trainings, advice and projects for it, newest first."""
    found = visible(at.hand, Training.objects.filter(institution_id__in=list(at.ids or ())))
    rows = [held(one) for one in found.select_related("institution").order_by("-begins", "-id")[:SHOWN]]
    return section(
        "trainings", _("Training and advice"), rows, count=_bounded(found), more=at.all("assist"), empty=_("None that you may see.")
    )


def _bounded(found: Any) -> int:
    rows: Iterable[Any] = found.order_by().values_list("pk", flat=True)[: READ + 1]
    return len(list(rows))


urls = [path("counterparts/<str:code>/", show_institution, name="institution")]
