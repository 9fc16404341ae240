"""The frame around every page: who may read it, whether it is invented, whose mission it is, who reads it, the status footnote.

What it says of the mission is remembered until that changes on record. The public door never learns from here who is signed in.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, rights
from fairwitness.mission.models import Footnote, Member, MissionProfile
from fairwitness.record.hand import Door, Hand
from fairwitness.record.remember import recall
from fairwitness.record.verbs import Verb
from fairwitness.web.tongue import languages, tag, unreviewed

DEMO_NOTICE = "Demonstration. Not an OSCE publication, not endorsed."
DOORS_OF_THE_SENTENCE = {
    "monitor": Verb.OBSERVATION_READ, "verify": Verb.OBSERVATION_READ, "analyse": Verb.COUNT_READ, "warn": Verb.REPORT_READ,
    "report": Verb.REPORT_READ, "recommend": Verb.REPORT_READ, "assist": Verb.REPORT_READ, "share": Verb.REPORT_READ,
}  # fmt: skip


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context every page has. Computed once a request."""
    known: dict[str, Any] | None = getattr(request, "_frame", None)
    if known is None:
        known = mission_frame() | _person(request) | {"languages": languages(request), "unreviewed": unreviewed()}
        request._frame = known  # type: ignore[attr-defined]
    return known


def mission_frame() -> dict[str, Any]:
    """What the frame says about the mission, whoever reads."""
    profile, footnote = recall("web.frame", (MissionProfile, Footnote), _profile)
    notice = profile.notice if profile else ""
    if settings.FAIRWITNESS_DEMO and not notice:
        notice = _(DEMO_NOTICE)
    return {
        "lang": tag(get_language()),
        "mission_name": _starred(profile, footnote) if profile else _("A mission that has not begun yet"),
        "demo_notice": notice,
        "footnote": _with_star(footnote),
        "foot_notes": [_("English is the language of record.")] if profile else [],
        "built": built(),
        "time_zone": profile.time_zone if profile else "UTC",
    }


def _profile() -> tuple[MissionProfile | None, str]:
    notes = Footnote.objects.filter(audience__iexact="osce", language="en", valid_to__isnull=True).order_by("code")
    return MissionProfile.objects.order_by("id").first(), notes.values_list("text", flat=True).first() or ""


@cache
def built() -> bool:
    """Whether the front-end build has run: its face and script are a garnish."""
    return finders.find("built/app.js") is not None


def _starred(profile: MissionProfile, footnote: str) -> str:
    name: str = profile.short_name or profile.name
    if not footnote or "*" in name:
        return name
    area = profile.host_area
    return name.replace(area, f"{area}*", 1) if area and area in name else f"{name}*"


def _with_star(footnote: str) -> str:
    return footnote if not footnote or footnote.lstrip().startswith("*") else f"* {footnote}"


def hand_of(request: HttpRequest) -> Hand | None:
    """The hand of whoever is signed in at the staff door; never asked at the public one."""
    hand: Hand | None = getattr(request, "hand", None)
    if hand is None and not request.path_info.startswith("/public/"):
        member = getattr(getattr(request, "user", None), "member_id", None)
        if member is not None:
            hand = Hand(member, Door.STAFF)
            request.hand = hand  # type: ignore[attr-defined]
    return hand


def _person(request: HttpRequest) -> dict[str, Any]:
    hand = hand_of(request)
    if hand is None or hand.member is None:
        return {"marking": "", "me": "", "me_code": ""}
    member = getattr(request, "member", None) or Member.objects.filter(pk=hand.member).first()
    if member is None:
        return {"marking": "", "me": "", "me_code": ""}
    posts = rights(hand).posts
    title = posts[0].title if posts else _("no post")
    return {"marking": _("Mission internal"), "me": f"{member.code}, {title}", "me_code": member.code, "signed_in": True,
            "closed": closed(hand)}  # fmt: skip


def closed(hand: Hand) -> frozenset[str]:
    """The verbs of the sentence whose pages this hand may not open at all: they stand in it, plainly closed, and lead nowhere."""
    return frozenset(name for name, verb in DOORS_OF_THE_SENTENCE.items() if not may(hand, verb))
