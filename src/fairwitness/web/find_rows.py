"""Find rows: how each kind of thing is shown where something was found: its page, its code, one line of what it is, place and day.

The rule it guards: what the index found is read once more with the reader's rights before a line of it is shown; of a member
the code is shown, never the name; what has no page of its own leads to the page it is read on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairwitness.mission.access import visible
from fairwitness.mission.index import kinds
from fairwitness.mission.name_places import names_of
from fairwitness.record.hand import Hand
from fairwitness.web.home_needs import to

Page = Callable[[Any], str]
ROOMS = {
    "monitor": gettext_lazy("monitors"), "verify": gettext_lazy("verifies"), "analyse": gettext_lazy("analyses"),
    "warn": gettext_lazy("warns"), "report": gettext_lazy("reports"), "recommend": gettext_lazy("recommends"),
    "assist": gettext_lazy("assists"), "share": gettext_lazy("shares"), "mission": gettext_lazy("the mission itself"),
}  # fmt: skip
KINDS = {
    "monitor.observation": gettext_lazy("observation"), "monitor.claim": gettext_lazy("claim"),
    "monitor.activity": gettext_lazy("activity"),
    "monitor.event": gettext_lazy("event"), "monitor.restriction": gettext_lazy("restriction of access"),
    "monitor.coverage": gettext_lazy("coverage"), "monitor.source": gettext_lazy("source, by code"),
    "monitor.attachment": gettext_lazy("file or picture"), "verify.obligation": gettext_lazy("obligation"),
    "verify.check": gettext_lazy("check"), "analyse.finding": gettext_lazy("finding"),
    "analyse.publishedfigure": gettext_lazy("published figure"), "warn.warning": gettext_lazy("warning"),
    "report.report": gettext_lazy("report"), "report.paragraph": gettext_lazy("paragraph of a report"),
    "recommend.recommendation": gettext_lazy("recommendation"), "assist.training": gettext_lazy("training, advice or project"),
    "share.release": gettext_lazy("release"), "mission.counterpart": gettext_lazy("institution or partner"),
    "mission.unit": gettext_lazy("unit"), "mission.post": gettext_lazy("post"), "mission.member": gettext_lazy("member, by code"),
}  # fmt: skip


def _coded(name: str, title: str = "title") -> tuple[Page, Page, Page]:
    return (lambda one: to(name, one.code)), (lambda one: str(one.code)), (lambda one: str(getattr(one, title)))


def _keyed(name: str, title: str) -> tuple[Page, Page, Page]:
    return (lambda one: to(name, one.pk)), (lambda one: str(one.code)), (lambda one: str(getattr(one, title)))


def _owner(one: Any) -> str:
    for name in ("observation", "claim", "activity"):
        if (owner := getattr(one, name)) is not None:
            return to(name, owner.code)
    return to("monitor")


SHOWN: dict[str, tuple[Page, Page, Page]] = {
    "monitor.observation": _coded("observation", "headline"), "monitor.claim": _coded("claim", "headline"),
    "monitor.activity": _coded("activity", "purpose"), "monitor.event": _coded("event"), "monitor.source": _coded("source", "category"),
    "monitor.restriction": (
        lambda one: to("restriction", one.code), lambda one: str(one.code), lambda one: f"{one.kind}: {one.actor}"
    ),
    "monitor.coverage": (
        lambda one: to("activity", one.activity.code) if one.activity else to("place", one.place_id), lambda one: "",
        lambda one: f"{one.means} {one.device}".strip() + (f": {one.reason}" if one.reason else ""),
    ),
    "monitor.attachment": (_owner, lambda one: str(one.code), lambda one: str(one.caption)),
    "verify.obligation": _coded("obligation"),
    "verify.check": (lambda one: to("check", one.code), lambda one: str(one.code), lambda one: f"{one.obligation.title} ({one.round})"),
    "analyse.finding": _coded("finding"),
    "analyse.publishedfigure": (
        lambda one: to("figures"), lambda one: "", lambda one: f"{one.about}, {one.label} {one.year}, {one.published_by}"
    ),
    "warn.warning": _coded("warning"),
    "report.report": (lambda one: to("report_page", one.slug), lambda one: str(one.symbol), lambda one: str(one.title)),
    "report.paragraph": (
        lambda one: to("report_page", one.report.slug), lambda one: f"{one.report.symbol}, {one.number}",
        lambda one: str(one.heading or one.text[:120]),
    ),
    "recommend.recommendation": _coded("recommendation"), "assist.training": _coded("training"),
    "share.release": (lambda one: to("release", one.slug), lambda one: str(one), lambda one: str(one.title)),
    "mission.counterpart": _keyed("counterpart", "name"), "mission.unit": _keyed("unit", "name"), "mission.post": _keyed("post", "title"),
    "mission.member": (lambda one: to("person", one.pk), lambda one: str(one.code), lambda one: str(one.code)),
}  # fmt: skip
"""For each kind: the address of its page, its code, the line it is shown by."""
WITH = {
    "monitor.coverage": ("activity",), "monitor.attachment": ("observation", "claim", "activity"), "verify.check": ("obligation",),
    "report.paragraph": ("report",),
}  # fmt: skip
WHEN = ("listed", "started", "planned_from", "began", "since", "checked_on", "concluded", "issued", "begins", "published", "taken")


def _otherwise(kind: str) -> tuple[Page, Page, Page]:
    """A kind without words here yet leads to the first page of its room."""
    room = kind.partition(".")[0]
    return (lambda one: to(room)), (lambda one: str(getattr(one, "code", ""))), str


def _kind(kind: str) -> str:
    return str(KINDS[kind]) if kind in KINDS else str(apps.get_model(kind)._meta.verbose_name)


def kind_words() -> list[tuple[str, str]]:
    """The kinds one may choose from, in the order of the sentence."""
    return [(kind, str(words)) for kind, words in KINDS.items()] + [(kind, _kind(kind)) for kind in kinds() if kind not in KINDS]


def rows(hand: Hand, ids: Sequence[tuple[str, UUID]], zone: str) -> list[dict[str, Any]]:
    """Lines for what was found, in its order."""
    by_kind: dict[str, list[UUID]] = {}
    for kind, one in ids:
        by_kind.setdefault(kind, []).append(one)
    things = {kind: _things(hand, kind, some) for kind, some in by_kind.items()}
    held = [(kind, things[kind][one]) for kind, one in ids if one in things[kind]]
    places = _places(thing for _kind, thing in held)
    return [_row(kind, thing, places, zone) for kind, thing in held]


def _things(hand: Hand, kind: str, ids: list[UUID]) -> dict[UUID, Any]:
    model: Any = apps.get_model(kind)
    found = visible(hand, model.objects.filter(pk__in=ids))
    return {one.pk: one for one in (found.select_related(*WITH[kind]) if kind in WITH else found)}


def _places(things: Iterable[Any]) -> dict[UUID, str]:
    wanted = {getattr(one, "place_id", None) for one in things} - {None}
    return names_of([one for one in wanted if one is not None]) if wanted else {}


def _row(kind: str, thing: Any, places: dict[UUID, str], zone: str) -> dict[str, Any]:
    page, code, title = SHOWN.get(kind) or _otherwise(kind)
    when = next((value for name in WHEN if (value := getattr(thing, name, None)) is not None), None)
    if isinstance(when, datetime):
        when = when.astimezone(ZoneInfo(zone)).date()
    return {
        "id": str(thing.pk), "url": page(thing), "code": code(thing), "title": title(thing) or _("without words"), "kind": _kind(kind),
        "place": places.get(getattr(thing, "place_id", None) or thing.pk, ""), "when": when if isinstance(when, date) else None,
    }  # fmt: skip
