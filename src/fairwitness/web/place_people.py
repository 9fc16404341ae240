"""Whom we know at a place, for its page: its institutions with when they were last met, people who tell us things by code, who of us
answers for it, and what whoever held the post before left in writing.

The rule it guards: no person's name and no telephone stands here; a source is a code, and only for those who may see the source; what
was handed over with a post is read by whoever holds that post now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import visible
from fairwitness.mission.models import Area, Counterpart, Tenure
from fairwitness.monitor.models import Activity, Claim, Source
from fairwitness.record.hand import Hand
from fairwitness.web.monitor_words import moment
from fairwitness.web.narrow import address_of_institution, there
from fairwitness.web.place_work import Where, day, row, section

MOST = 40
FEW = 12


def contacts(at: Where) -> dict[str, Any]:
    """Institutions and partners there that still exist, every community's, each with when the mission last met it."""
    found = Counterpart.objects.filter(there(at.ids, "place_id"), ended__isnull=True).order_by("kind", "name", "id")
    bodies = list(found[:MOST])
    never = (_("never met, as far as you may see"), "soon")
    met = last_met(at.hand, [one.id for one in bodies])
    rows = [
        row("", one.name, address_of_institution(one), one.kind, one.level,
            _("last met %(at)s") % {"at": moment(met[one.id], at.zone)} if one.id in met else never)
        for one in bodies
    ]  # fmt: skip
    empty = _("No institution is on record there. Add one, or bring a list of contacts.")
    return section("contacts", _("Contacts"), rows, count=found.count(), more=at.all("counterparts"), empty=empty)


def last_met(hand: Hand, bodies: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each was last met, as far as the reader may see."""
    met = visible(hand, Activity.objects.filter(institution_id__in=list(bodies), state=Activity.DONE, started__isnull=False))
    return dict(met.order_by().values_list("institution_id").annotate(Max("started")))


def sources(at: Where) -> dict[str, Any]:
    """Who told us things there, by code, whoever spoke last first."""
    told = visible(at.hand, Claim.objects.filter(there(at.ids, "place_id"))).order_by().values("source_id").annotate(last=Max("told"))
    last = dict(told.order_by("-last").values_list("source_id", "last")[:MOST])
    seen = {one.id: one for one in visible(at.hand, Source.objects.filter(pk__in=list(last)))}
    rows = [
        row(seen[key].code, seen[key].category, reverse("web:source", args=[seen[key].code]),
            _("last told us something %(at)s") % {"at": moment(spoke, at.zone)})
        for key, spoke in last.items() if key in seen
    ]  # fmt: skip
    empty = _("Nobody told us anything there that you may see.")
    return section("sources", _("People who told us things"), rows[:FEW], count=len(rows), empty=empty)


def answering(around: list[UUID]) -> list[Area]:
    """The units that answer for the place or for what it lies in."""
    areas = Area.objects.filter(place_id__in=around, until__isnull=True).select_related("unit")
    return list(areas.order_by("unit__code")[:FEW])


def handed_over(hand: Hand) -> list[dict[str, Any]]:
    """What whoever held my posts before me wrote down for whoever comes next, newest first."""
    mine = Tenure.objects.filter(member_id__in=[hand.member], until__isnull=True).values_list("post_id", flat=True)
    before = Tenure.objects.filter(post_id__in=list(mine), until__isnull=False).exclude(handover="")
    return [
        {"post": one.post.title, "until": day(one.until.date() if one.until else None), "words": one.handover}
        for one in before.select_related("post").order_by("-until")[:3]
    ]
