"""Share: what left, to whom, and the gate before the next thing leaves. It is the only exit.

The gate's page shows the four keys as they stand at this moment, each with its reason, before the button; a shut gate has a button
that says what opens it.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, open_one, require, sees, visible
from fairwitness.mission.models import Counterpart
from fairwitness.mission.tell_time import today
from fairwitness.recommend.models import Rating
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report
from fairwitness.report.read import open_report
from fairwitness.share.agree import agree, end_agreement
from fairwitness.share.distribute import change_marking, marking_of
from fairwitness.share.gate import Passage, Request, look
from fairwitness.share.hand_over import hand_over
from fairwitness.share.models import Agreement, Marking, Release
from fairwitness.share.publish import publish, publish_rating, rating_keys
from fairwitness.share.take_down import correction_offered, recipients, take_down
from fairwitness.web.ask import Ask, page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.share_forms import AgreementForm, EndForm, GateForm, MarkingForm, RatingForm, TakeDownForm

FORM = "web/recommend/form.html"


@door(Verb.REPORT_READ)
def list_releases(request: StaffRequest) -> HttpResponse:
    """What left, newest first; issued reports that have not left yet; ratings that wait to be let out; agreements."""
    by = request.hand
    rows = visible(by, Release.objects.select_related("report", "partner")).order_by("-published")
    found = Paginator(rows, 50).get_page(request.GET.get("page"))
    waiting = visible(by, Report.objects.filter(state=Report.ISSUED).exclude(releases__taken_down__isnull=True, releases__isnull=False))
    public = Release.objects.filter(audience=Release.PUBLIC, taken_down__isnull=True).values("report_id")
    ratings = visible(by, Rating.objects.filter(public=False, recommendation__report__in=public).select_related("recommendation"))
    context = {
        "verb_now": "share", "page_of": found, "rows": found.object_list, "waiting": waiting.order_by("-issued")[:50],
        "ratings": ratings.order_by("-rated")[:50], "agreements": Agreement.objects.select_related("partner").order_by("-valid_from")[:50],
        "today": today(), "may_publish": may(by, Verb.RELEASE_PUBLISH), "may_agree": may(by, Verb.AGREEMENT_EDIT),
    }  # fmt: skip
    return page(request, "web/share/releases.html", context)


@door(Verb.REPORT_READ)
def show_release(request: StaffRequest, slug: str) -> HttpResponse:
    """One release: what left, by which keys, what stayed behind and why, who else has it, and how it ended."""
    release = open_one(request.hand, Release.objects.select_related("report", "partner", "agreement"), slug=slug)
    ids = [release.pk, *Marking.objects.filter(report=release.report).values_list("pk", flat=True)]
    context = {
        "verb_now": "share", "release": release, "marking": release.marking(), "others": visible(request.hand, Release.objects.filter(
            pk__in=[one.pk for one in recipients(release)])).select_related("partner"),
        "offer": correction_offered(release) if release.taken_down else None, "entries": lines(ids, request.hand),
        "may_end": release.taken_down is None and may(request.hand, Verb.RELEASE_TAKE_DOWN, release),
        "may_take": may(request.hand, Verb.RELEASE_EXPORT, release), "may_report": sees(request.hand, release.report),
    }  # fmt: skip
    return page(request, "web/share/release.html", context)


@door(Verb.RELEASE_PUBLISH, "GET", "POST")
def gate(request: StaffRequest, slug: str) -> HttpResponse:
    """The four keys of one report, and the button behind them. `look` shows them for another choice; publishing asks anew."""
    report = open_report(slug, by=request.hand)
    require(request.hand, Verb.RELEASE_PUBLISH, report)
    form = GateForm(request.POST if request.method == "POST" else None, hand=request.hand)
    wanted = Request(report)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        wanted = Request(report, data["partner"], data["leave_out"], data["withhold"], data["caveats_read"])
        if "look" not in request.POST:
            with told(form):
                made = publish(
                    report, partner=wanted.partner, leave_out=wanted.leave_out, withhold=wanted.withhold, caveats_read=wanted.caveats_read,
                    thing_id=form.new_id(), by=request.hand,
                )  # fmt: skip
                return redirect("web:release", made.slug)
    passage = look(wanted, by=request.hand)
    context = {"form": form, "report": report, "passage": passage, "wanted": wanted, "blocked": _blocked(passage), "verb_now": "share"}
    markings = Marking.objects.filter(report=report).order_by("-id")
    context |= {"marking": report.marking(), "markings": markings, "entries": lines([report.pk, *[m.pk for m in markings]], request.hand)}
    return page(request, "web/share/gate.html", context)


def _blocked(passage: Passage) -> str:
    """What stands beside a button that is not open."""
    if not passage.shut:
        return ""
    return _("Opens when these keys turn: %(names)s.") % {"names": ", ".join(_(key.name) for key in passage.shut)}


@door(Verb.RELEASE_MARK, "GET", "POST")
def mark(request: StaffRequest, slug: str) -> HttpResponse:
    """Change who a report may go to; the report itself stays as issued."""
    report = open_report(slug, by=request.hand)
    require(request.hand, Verb.RELEASE_MARK, report)
    form = MarkingForm(request.POST if request.method == "POST" else None, hand=request.hand, initial={"to": marking_of(report)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            change_marking(
                report,
                data["to"],
                authority=data["authority"],
                why=data["why"],
                decided=data["decided"],
                thing_id=form.new_id(),
                by=request.hand,
            )
            return redirect("web:gate", report.slug)
    return _form(request, form, report.symbol, _("Change its distribution"), _("Put it on record"), reverse("web:gate", args=[report.slug]))


@door(Verb.RELEASE_TAKE_DOWN, "GET", "POST")
def end(request: StaffRequest, slug: str) -> HttpResponse:
    """Take a release down; its place stays, with the proof."""
    release = open_one(request.hand, Release.objects.select_related("report"), slug=slug)
    require(request.hand, Verb.RELEASE_TAKE_DOWN, release)
    form = TakeDownForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            take_down(release, why=form.cleaned_data["why"], by=request.hand)
            return redirect("web:release", release.slug)
    return _form(request, form, str(release), _("Take it down"), _("Take it down"), reverse("web:release", args=[release.slug]))


@door(Verb.RELEASE_EXPORT)
def package(request: StaffRequest, slug: str) -> HttpResponse:
    """The paper as it left, if everything still stands at this moment. On record."""
    release = open_one(request.hand, Release.objects.select_related("report", "partner"), slug=slug)
    answer = HttpResponse(hand_over(release, by=request.hand), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{release.slug}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@door(Verb.RELEASE_PUBLISH, "GET", "POST")
def let_out(request: StaffRequest, rating: Any) -> HttpResponse:
    """Let a rating stand on the public tracker, in words written for everybody."""
    held = open_one(request.hand, Rating.objects.select_related("recommendation__report", "check_made"), pk=rating)
    require(request.hand, Verb.RELEASE_PUBLISH, held)
    form = RatingForm(request.POST if request.method == "POST" else None, hand=request.hand, initial={"words": held.public_note})
    if request.method == "POST" and form.is_valid():
        with told(form):
            publish_rating(held, form.cleaned_data["words"], by=request.hand)
            return redirect("web:recommendation", held.recommendation.code)
    shut = rating_keys(held, by=request.hand)
    back = reverse("web:recommendation", args=[held.recommendation.code])
    hint = f"{held.get_assessor_display()}: {held.get_status_display()}. {held.evidence}"[:400]
    blocked = " ".join(f"{name.capitalize()}: {why}" for name, why in shut)
    return _form(request, form, held.recommendation.code, _("Let this rating out"), _("Let it out"), back, hint=hint, blocked=blocked)


@door(Verb.AGREEMENT_EDIT, "GET", "POST")
def make_agreement(request: StaffRequest) -> HttpResponse:
    """Write down an agreement with a partner."""
    form = AgreementForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "base")}
        with told(form):
            agree(**data, thing_id=form.new_id(), by=request.hand)
            return redirect("web:share")
    return _form(request, form, _("Agreements"), _("Write down an agreement"), _("Keep the agreement"), reverse("web:share"))


@door(Verb.AGREEMENT_EDIT, "GET", "POST")
def finish_agreement(request: StaffRequest, agreement: Any) -> HttpResponse:
    """End an agreement on a day."""
    held = open_one(request.hand, Agreement.objects.select_related("partner"), pk=agreement)
    form = EndForm(request.POST if request.method == "POST" else None, hand=request.hand, initial={"base": held.entry})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            end_agreement(held, on=data["on"], why=data["why"], base=data["base"], by=request.hand)
            return redirect("web:share")
    partner: Counterpart = held.partner
    return _form(request, form, partner.name, _("End the agreement"), _("End it"), reverse("web:share"))


def _form(request: StaffRequest, form: Ask, kick: str, h1: str, submit: str, back: str, **more: str) -> HttpResponse:
    return page(request, FORM, {"form": form, "kick": kick, "h1": h1, "submit": submit, "cancel_url": back, "verb_now": "share", **more})


urls = [
    path("share/", list_releases, name="share"),
    path("share/agreements/new/", make_agreement, name="agreement_new"),
    path("share/agreements/<uuid:agreement>/end/", finish_agreement, name="agreement_end"),
    path("share/ratings/<uuid:rating>/", let_out, name="rating_publish"),
    path("share/gate/<slug:slug>/", gate, name="gate"),
    path("share/gate/<slug:slug>/marking/", mark, name="gate_marking"),
    path("share/releases/<slug:slug>/", show_release, name="release"),
    path("share/releases/<slug:slug>/down/", end, name="release_down"),
    path("share/releases/<slug:slug>/paper.pdf", package, name="release_pdf"),
]
"""What can be asked of this room."""
