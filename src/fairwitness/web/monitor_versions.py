"""Pages of earlier versions: what stood and what stands, entry by entry, with who changed it and why.

The rule it guards: an old version is shown to whoever may read it as it stood then. What was more sensitive, or in other hands,
stays closed when the thing itself was opened to more people; sealed words are shown to those alone who may have them, and say so
where nobody can read them any more.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairwitness.errors import Gone, NotThere
from fairwitness.mission.access import may, open_one
from fairwitness.mission.models import Place
from fairwitness.mission.name_places import name_of
from fairwitness.monitor.consent import words_open_to
from fairwitness.monitor.models import Activity, Claim, Coverage, Event, Observation, Restriction
from fairwitness.record.hand import Hand
from fairwitness.record.look_back import read
from fairwitness.record.models import Entry
from fairwitness.record.seal import unseal
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import shown
from fairwitness.web.monitor_words import moment

KINDS: dict[str, tuple[Any, str]] = {
    "activities": (Activity, "activity"), "observations": (Observation, "observation"), "claims": (Claim, "claim"),
    "restrictions": (Restriction, "restriction"), "coverage": (Coverage, "coverage"), "events": (Event, "event"),
}  # fmt: skip
HIDDEN = {"id", "entry", "access", "listed"}
MOST = 100


def open_thing(hand: Hand, kind: str, code: str) -> Any:
    """The thing at this address, as far as the hand may see it."""
    if kind not in KINDS:
        raise NotThere()
    model = KINDS[kind][0]
    related = [name for name in ("unit", "place", "activity", "source") if name in {field.name for field in model._meta.fields}]
    if "code" in {field.name for field in model._meta.fields}:
        return open_one(hand, model.objects.select_related(*related), code=code)
    try:
        return open_one(hand, model.objects.select_related(*related), pk=UUID(code))
    except ValueError:
        raise NotThere() from None


def address_of(kind: str, code: str) -> str:
    """The page of the thing."""
    return reverse(f"web:{KINDS[kind][1]}", args=[code])


@door(Verb.OBSERVATION_READ)
def versions(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Every version of one thing, newest first, each with what it changed."""
    thing = open_thing(request.hand, kind, code)
    entries = list(Entry.objects.filter(subject=str(thing.id), kind=thing.kind_on_record(), body__isnull=False).order_by("-seq")[:MOST])
    rows = [read(entry).row or {} for entry in entries]
    told = shown(entries)
    words = not isinstance(thing, Claim) or bool(words_open_to([thing], request.hand))
    for entry, newer, older in zip(told, rows, [*rows[1:], None], strict=True):
        entry["changes"], entry["closed"] = _compared(request.hand, thing, older, newer, words)
    context = {
        "verb_now": "monitor", "thing": thing, "marking": thing.marking(), "entries": told, "back": address_of(kind, code),
        "name": getattr(thing, "code", None) or _("this coverage"), "corrected": max(0, len(rows) - 1),
    }  # fmt: skip
    return page(request, "web/monitor/versions.html", context)


def _compared(
    hand: Hand, thing: Any, older: dict[str, Any] | None, newer: dict[str, Any], words: bool
) -> tuple[list[dict[str, str]], bool]:  # fmt: skip
    """What changed, field by field; and whether one of the two versions is closed to this reader."""
    if any(row and not _may_read(hand, thing, row) for row in (older, newer)):
        return [], True
    fields = [field for field in thing._meta.concrete_fields if field.name not in HIDDEN]
    tell = partial(_told, thing, words)
    changed = [field for field in fields if (older or {}).get(field.attname) != newer.get(field.attname)]
    lines = [
        {"label": str(field.verbose_name).capitalize(), "before": tell(field, older) if older else "", "after": tell(field, newer)}
        for field in changed
    ]
    return [line for line in lines if line["before"] or line["after"]], False


def _may_read(hand: Hand, thing: Any, row: dict[str, Any]) -> bool:
    unit, step = row.get("unit_id"), row.get("sensitivity")
    if unit is None or step is None:
        return False
    return may(hand, Verb.OBSERVATION_READ, type(thing)(unit_id=UUID(unit), sensitivity=int(step), **_where(row)))


def _where(row: dict[str, Any]) -> dict[str, Any]:
    return {"place_id": UUID(row["place_id"])} if row.get("place_id") else {}


def _told(thing: Any, words: bool, field: Any, row: dict[str, Any]) -> str:
    """A value of a row as a person reads it."""
    value = row.get(field.attname)
    if value is None or value in ("", []):
        return ""
    if field.name in getattr(type(thing), "SEALED", ()):
        return _opened(str(value)) if words else _("sealed words")
    if isinstance(field, models.ForeignKey):
        found = field.related_model.objects.filter(pk=value).first()  # type: ignore[union-attr]
        return name_of(found) if isinstance(found, Place) else str(getattr(found, "code", "") or found or "")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return moment(datetime.fromisoformat(str(value)), row.get("time_zone") or "")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)), "j F Y")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _opened(value: str) -> str:
    try:
        return unseal(value)
    except Gone:
        return _("Nobody can read it any more: the key to this source was destroyed.")


urls = [path("monitor/<slug:kind>/<slug:code>/versions", versions, name="versions")]
