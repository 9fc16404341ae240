"""Who went where, and when: the list of activities, asked as people ask ("who was in Prizren in March?").

The rule it guards: where the question cannot be read, it is answered at its field, and no list passes for the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fairwitness.errors import spoken
from fairwitness.mission.find_places import below
from fairwitness.mission.read_time import ends_before
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.models import Activity, ActivityMember
from fairwitness.web.typed_fields import Around, Day

NAMES = ("where", "from", "to")


class VisitsAsk(forms.Form):
    """Where and when; it stands in the address."""

    def __init__(self, data: Any = None) -> None:
        """Two fields are named from and to, as people ask."""
        super().__init__(data, label_suffix="", auto_id="v_%s")
        self.fields |= {
            "where": Around(label=_("Place"), required=False), "from": Day(label=_("From"), required=False),
            "to": Day(label=_("To, that day included"), required=False),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The window does not end before it begins."""
        data = super().clean() or {}
        if data.get("from") and data.get("to") and data["to"] < data["from"]:
            self.add_error("to", spoken(ends_before()))
        return data

    @property
    def asked(self) -> bool:
        """Whether anything was asked."""
        return any(self.data.get(name) for name in NAMES)

    @property
    def tail(self) -> str:
        """What carries the question on to another list of the same page."""
        given = {name: self.data[name] for name in NAMES if self.data.get(name)}
        return f"&{urlencode(given)}" if given else ""

    def apply(self, things: Any) -> Any:
        """The activities there and then: by when they began or, where they have not begun, by when they were to."""
        if not self.asked:
            return things
        if not self.is_valid():
            return things.none()
        place, zone, when = self.cleaned_data["where"], ZoneInfo(mission_zone()), Q()
        for name, how, days in (("from", "gte", 0), ("to", "lt", 1)):
            if day := self.cleaned_data[name]:
                edge = datetime.combine(day + timedelta(days=days), time.min, zone)
                when &= Q(**{f"started__{how}": edge}) | Q(started__isnull=True, **{f"planned_from__{how}": edge})
        return things.filter(when, **({"place_id__in": below([place.pk])} if place is not None else {}))


def who_went(activities: Iterable[Activity]) -> dict[UUID, str]:
    """For each: the unit that went, how many, and by code those who were named."""
    rows = list(activities)
    named: dict[UUID, list[str]] = {}
    there = ActivityMember.objects.filter(activity_id__in=[one.pk for one in rows]).order_by("member__code")
    for activity, code in there.values_list("activity_id", "member__code"):
        named.setdefault(activity, []).append(code)
    return {one.pk: _words(one, named.get(one.pk, [])) for one in rows}


def _words(one: Activity, named: list[str]) -> str:
    many = ngettext("%(n)d member", "%(n)d members", one.members) % {"n": one.members} if one.members is not None else ""
    return ", ".join(part for part in (one.unit.name, many) if part) + (f" ({', '.join(named)})" if named else "")
