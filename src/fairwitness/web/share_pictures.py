"""Pictures at the gate: the four keys of one picture with everybody on it, what left, and taking it down.

The gate's page shows the keys as they stand at this moment, each with its reason, before the button; publishing asks again. The
rule it guards: no page lets a picture out past a key that stays shut.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, open_one, require, sees, visible
from fairwitness.record.verbs import Verb
from fairwitness.share.gate_picture import PicturePassage, look_at_picture, pictures_still_allowed
from fairwitness.share.models import PictureRelease
from fairwitness.share.publish_picture import publish_picture, take_picture_down
from fairwitness.share.serve_picture import hand_over_picture
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.picture_forms import PictureGateForm
from fairwitness.web.pictures import one_picture
from fairwitness.web.share_forms import TakeDownForm
from fairwitness.web.verify_words import paged

NEAR = ("partner", "agreement", "attachment__redacted_from", "attachment__claim__source")


@door(Verb.REPORT_READ)
def list_left(request: StaffRequest) -> HttpResponse:
    """Pictures that left, newest first."""
    context = paged(request, visible(request.hand, PictureRelease.objects.select_related("partner")).order_by("-published"))
    return page(request, "web/share/pictures.html", {**context, "verb_now": "share"})


@door(Verb.RELEASE_PUBLISH, "GET", "POST")
def gate(request: StaffRequest, code: str) -> HttpResponse:
    """The four keys of one picture, and the button behind them."""
    thing = one_picture(request, code)
    require(request.hand, Verb.RELEASE_PUBLISH, thing)
    form = PictureGateForm(request.POST if request.method == "POST" else None, hand=request.hand)
    wanted: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        wanted = {"partner": form.cleaned_data["partner"], "caveats_read": form.cleaned_data["caveats_read"]}
        if "look" not in request.POST:
            with told(form):
                made = publish_picture(thing, **wanted, thing_id=form.new_id(), by=request.hand)
                return redirect("web:picture_release", made.slug)
    passage = look_at_picture(thing, by=request.hand, **wanted)
    context = {"form": form, "thing": thing, "passage": passage, "partner": wanted.get("partner"), "blocked": _blocked(passage)}
    context |= {"verb_now": "share", "marking": thing.marking(), "entries": lines([thing.id], request.hand)}
    return page(request, "web/share/picture_gate.html", context)


def _blocked(passage: PicturePassage) -> str:
    """What stands beside a button that is not open."""
    return _("Opens when these keys turn: %(names)s.") % {"names": ", ".join(_(key.name) for key in passage.shut)} if passage.shut else ""


@door(Verb.REPORT_READ)
def show_left(request: StaffRequest, slug: str) -> HttpResponse:
    """One picture that left: by which keys, to whom, whether it still stands."""
    release = open_one(request.hand, PictureRelease.objects.select_related(*NEAR), slug=slug)
    context = {
        "verb_now": "share", "release": release, "marking": release.marking(),
        "picture": release.attachment if sees(request.hand, release.attachment) else None,
        "stands": pictures_still_allowed([release])[release.pk], "entries": lines([release.pk], request.hand),
        "may_end": release.taken_down is None and may(request.hand, Verb.RELEASE_TAKE_DOWN, release),
        "may_take": may(request.hand, Verb.RELEASE_EXPORT, release),
    }  # fmt: skip
    return page(request, "web/share/picture_release.html", context)


@door(Verb.RELEASE_EXPORT)
def file_of(request: StaffRequest, slug: str) -> HttpResponse:
    """The picture as it left, for the staff to hand over; on record."""
    release = open_one(request.hand, PictureRelease.objects.select_related(*NEAR), slug=slug)
    answer = HttpResponse(hand_over_picture(release, by=request.hand), content_type="image/jpeg")
    answer["Content-Disposition"] = f'attachment; filename="{release.slug}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@door(Verb.RELEASE_TAKE_DOWN, "GET", "POST")
def end(request: StaffRequest, slug: str) -> HttpResponse:
    """Take a picture down."""
    release = open_one(request.hand, PictureRelease.objects.select_related(*NEAR), slug=slug)
    require(request.hand, Verb.RELEASE_TAKE_DOWN, release)
    form = TakeDownForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            take_picture_down(release, why=form.cleaned_data["why"], by=request.hand)
            return redirect("web:picture_release", release.slug)
    context = {
        "form": form, "verb_now": "share", "title": _("Take this picture down"), "submit": _("Take it down"), "said": str(release),
        "cancel_url": reverse("web:picture_release", args=[slug]),
    }  # fmt: skip
    return page(request, "web/monitor/form.html", context)


urls = [
    path("share/pictures/", list_left, name="picture_releases"),
    path("share/pictures/<slug:code>/gate", gate, name="picture_gate"),
    path("share/pictures/<slug:slug>/", show_left, name="picture_release"),
    path("share/pictures/<slug:slug>/picture.jpg", file_of, name="picture_release_file"),
    path("share/pictures/<slug:slug>/down", end, name="picture_release_down"),
]
