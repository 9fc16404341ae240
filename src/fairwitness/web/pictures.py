"""Pages of pictures: one picture with all that has to be known of it, who is on it, and copies with faces covered.

A preview is turned upright and carries nothing of what the camera wrote; it is sent to those who may open the file, is kept by
no browser, and each look goes on record. The rule it guards: where a picture was taken is not on the page. It is opened by
those who have that right, by pressing a button that says it goes on record.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.errors import BadInput, Gone, NotThere
from fairwitness.mission.access import may, open_one, sees, visible
from fairwitness.mission.handling import Use
from fairwitness.monitor.attach import hash_of, open_preview, owner_of
from fairwitness.monitor.consent_picture import faces, give_for_picture, withdraw_for_picture
from fairwitness.monitor.describe_picture import describe_picture, on_it, time_beside_visit
from fairwitness.monitor.locate_picture import facts_of, locate_picture
from fairwitness.monitor.match_picture import matches
from fairwitness.monitor.models import Activity, Attachment, Claim, Depicted, PictureConsent
from fairwitness.monitor.redact_picture import redact_picture
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.monitor_source_forms import WithdrawForm
from fairwitness.web.monitor_words import TAGS, moment
from fairwitness.web.monitor_write import ask, sent
from fairwitness.web.picture_forms import CoverForm, DescribeForm, PictureConsentForm, person_words, told_of_boxes
from fairwitness.web.verify_words import paged

NEAR = ("unit", "redacted_from", "claim__source", "claim__activity", "observation__activity", "activity")
NEEDS = ("", "people", "cover")


def one_picture(request: StaffRequest, code: str) -> Attachment:
    """The picture of this code, as far as it may be seen."""
    found: Attachment = open_one(request.hand, Attachment.objects.select_related(*NEAR), code=code)
    if not found.is_picture:
        raise NotThere()
    return found


@door(Verb.ATTACHMENT_READ)
def list_pictures(request: StaffRequest) -> HttpResponse:
    """Pictures, newest first; those of which nobody said who is on them, those with people and without a covered copy."""
    need = request.GET.get("need", "")
    found = visible(request.hand, Attachment.objects.exclude(preview="").select_related("redacted_from", "unit"))
    if need == "people":
        found = found.filter(people="", redacted_from__isnull=True)
    elif need == "cover":
        found = found.filter(people=Attachment.SOME, redacted_from__isnull=True, redactions__isnull=True)
    context = paged(request, found.order_by("-id"))
    context |= {"verb_now": "monitor", "need": need if need in NEEDS else ""}
    return page(request, "web/monitor/pictures.html", context)


@door(Verb.ATTACHMENT_READ)
def show_picture(request: StaffRequest, code: str) -> HttpResponse:
    """One picture: what it shows, its hash, who is on it and what each allowed, its copies, and what looks like it."""
    thing = one_picture(request, code)
    return page(request, "web/monitor/picture.html", _shown(request, thing))


def _shown(request: StaffRequest, thing: Attachment) -> dict[str, Any]:
    hand, original = request.hand, thing.original
    owner = owner_of(thing)
    kin = Attachment.objects.filter(redacted_from=original).exclude(pk=thing.pk)
    people = on_it(thing)
    consents = PictureConsent.objects.filter(depicted__in=people).values_list("id", flat=True)
    ids = [thing.id, *[line.id for line in people], *consents]
    return {
        "verb_now": "monitor", "thing": thing, "marking": thing.marking(), "tag": TAGS[thing.sensitivity], **_camera(thing),
        "owner": owner if sees(hand, owner) else None, "owner_url": _address(owner), "stated": original.people in dict(Attachment.PEOPLE),
        "people": _people(request, thing, people), "copies": visible(hand, kin).order_by("id"), "taken": moment(thing.taken),
        "original": original if thing.redacted_from_id and sees(hand, original) else None, "entries": lines(ids, hand),
        "matches": matches(thing, by=hand), "may_describe": may(hand, Verb.ATTACHMENT_DESCRIBE, thing),
        "may_cover": thing.redacted_from_id is None and may(hand, Verb.ATTACHMENT_REDACT, thing),
        "may_locate": bool(thing.whereabouts) and may(hand, Verb.ATTACHMENT_LOCATE, thing),
        "may_publish": may(hand, Verb.RELEASE_PUBLISH, thing), "may_read": may(hand, Verb.ATTACHMENT_READ, thing),
        "left": visible(hand, thing.picture_releases.select_related("partner")).order_by("-published"),
    }  # fmt: skip


def _camera(thing: Attachment) -> dict[str, Any]:
    """What the camera says; a picture whose key was destroyed says that it is gone."""
    try:
        return {"sha256": hash_of(thing), "facts": facts_of(thing), "clock": time_beside_visit(thing), "gone": False}
    except Gone:
        return {"gone": True}


def _people(request: StaffRequest, thing: Attachment, people: list[Depicted]) -> list[dict[str, Any]]:
    hand = request.hand
    by_use = {use: {face.line.id: face for face in faces(thing, use)} for use in Use}
    give, back = may(hand, Verb.CONSENT_GIVE, thing), may(hand, Verb.CONSENT_WITHDRAW, thing)
    standing = set(PictureConsent.objects.filter(depicted__in=people, withdrawn__isnull=True).values_list("depicted_id", flat=True))
    return [
        {
            "words": person_words(line, line.source is None or sees(hand, line.source)), "line": line,
            "covered": by_use[Use.PUBLIC][line.id].covered, "uses": [{"use": use.label, "face": by_use[use][line.id]} for use in Use],
            "may_ask": give and line.source is not None, "may_withdraw": back and line.id in standing,
        }
        for line in people
    ]  # fmt: skip


def _address(owner: Any) -> str:
    kind = "web:activity" if isinstance(owner, Activity) else "web:claim" if isinstance(owner, Claim) else "web:observation"
    return reverse(kind, args=[owner.code])


@door(Verb.ATTACHMENT_READ)
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """The preview, upright and without anything the camera wrote."""
    thing = one_picture(request, code)
    answer = HttpResponse(open_preview(thing, by=request.hand), content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="{thing.code}-preview.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store"
    return answer


@door(Verb.ATTACHMENT_LOCATE, "POST")
def locate(request: StaffRequest, code: str) -> HttpResponse:
    """Where the camera says it was, and whose it is; on record."""
    thing = one_picture(request, code)
    found = locate_picture(thing, by=request.hand)
    answer = page(request, "web/monitor/picture.html", {**_shown(request, thing), "located": found})
    answer["Cache-Control"] = "no-store"
    return answer


@door(Verb.ATTACHMENT_DESCRIBE, "GET", "POST")
def describe(request: StaffRequest, code: str) -> HttpResponse:
    """Write down what a picture shows and who is on it."""
    thing = one_picture(request, code)
    shown: dict[str, Any] = {name: getattr(thing, name) for name in ("caption", "credit", "licence", "people")} | {"base": thing.entry}
    for line in on_it(thing):
        kind = "children" if line.child else "adults"
        if line.source is None:
            shown[f"unknown_{kind}"] = line.count
        else:
            shown[kind] = ", ".join(filter(None, [shown.get(kind), line.source.code]))
    form = DescribeForm(sent(request), hand=request.hand, initial=shown, copy=thing.redacted_from_id is not None)
    if request.method == "POST" and form.is_valid():
        with told(form):
            describe_picture(thing, **form.described(), by=request.hand)
            return redirect("web:picture", thing.code)
    return ask(request, form, _("Describe %(code)s") % {"code": thing.code}, _("Keep it"), cancel_url=reverse("web:picture", args=[code]))


@door(Verb.ATTACHMENT_REDACT, "GET", "POST")
def cover(request: StaffRequest, code: str) -> HttpResponse:
    """Draw boxes over faces and plates; a new item is made, the original stays."""
    thing = one_picture(request, code)
    earlier = visible(request.hand, Attachment.objects.filter(redacted_from=thing)).order_by("-id").first()
    people = on_it(thing)
    form = CoverForm(
        sent(request), hand=request.hand, lines=people, boxes=earlier.boxes if earlier else (), initial={"caption": thing.caption}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = redact_picture(
                thing, form.boxes, caption=data["caption"], sensitivity=data["sensitivity"], why=data["why"], thing_id=form.new_id(),
                by=request.hand,
            )  # fmt: skip
            return redirect("web:picture", made.code)
        except BadInput as wrong:
            told_of_boxes(form, wrong)
    height = round(1000 * (thing.height or 1) / (thing.width or 1))
    context = {
        "verb_now": "monitor", "thing": thing, "form": form, "marking": thing.marking(), "people": people, "high": height,
        "across": [(number * 100, f"{number * 10}") for number in range(11)],
        "down": [(round(number * height / 10), f"{number * 10}") for number in range(11)],
    }  # fmt: skip
    return page(request, "web/monitor/picture_cover.html", context)


def _line(request: StaffRequest, thing: Attachment, line_id: UUID) -> Depicted:
    lines_ = Depicted.objects.filter(attachment=thing.original, struck=False).select_related("source", "attachment__unit")
    return open_one(request.hand, lines_, pk=line_id)


@door(Verb.CONSENT_GIVE, "GET", "POST")
def consent(request: StaffRequest, code: str, line_id: UUID) -> HttpResponse:
    """Write down what somebody on a picture allowed."""
    thing = one_picture(request, code)
    line = _line(request, thing, line_id)
    form = PictureConsentForm(sent(request), hand=request.hand, child=line.child)
    if request.method == "POST" and form.is_valid():
        with told(form):
            give_for_picture(line, **form.allowed(), by=request.hand)
            return redirect("web:picture", thing.code)
    title = _("What %(who)s allowed of %(code)s") % {"who": person_words(line), "code": thing.code}
    return ask(request, form, title, _("Write it down"), cancel_url=reverse("web:picture", args=[code]), leave=True)


@door(Verb.CONSENT_WITHDRAW, "GET", "POST")
def take_back(request: StaffRequest, code: str, line_id: UUID) -> HttpResponse:
    """Take back what somebody on a picture allowed; public pages lose it at once."""
    thing = one_picture(request, code)
    line = _line(request, thing, line_id)
    form = WithdrawForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            withdraw_for_picture(line, why=form.cleaned_data["why"], by=request.hand)
            return redirect("web:picture", thing.code)
    title = _("Take back what %(who)s allowed of %(code)s") % {"who": person_words(line), "code": thing.code}
    return ask(request, form, title, _("Take it back"), cancel_url=reverse("web:picture", args=[code]))


urls = [
    path("monitor/pictures/", list_pictures, name="pictures"),
    path("monitor/pictures/<slug:code>/", show_picture, name="picture"),
    path("monitor/pictures/<slug:code>/preview.jpg", preview, name="picture_preview"),
    path("monitor/pictures/<slug:code>/place", locate, name="picture_place"),
    path("monitor/pictures/<slug:code>/describe", describe, name="picture_describe"),
    path("monitor/pictures/<slug:code>/cover", cover, name="picture_cover"),
    path("monitor/pictures/<slug:code>/people/<uuid:line_id>/consent", consent, name="picture_consent"),
    path("monitor/pictures/<slug:code>/people/<uuid:line_id>/withdraw", take_back, name="picture_consent_back"),
]
