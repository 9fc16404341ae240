"""What is done to a recommendation: draft, edit, issue, reply, rate, tie. Each view makes one call."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import open_one, require
from fairwitness.recommend.draft import draft_recommendation, edit_recommendation
from fairwitness.recommend.follow import rate, write_reply
from fairwitness.recommend.issue import issue_recommendation
from fairwitness.recommend.models import Recommendation
from fairwitness.recommend.trace import relate
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.recommend_forms import CourseForm, DraftForm, EditForm, IssueForm, RateForm, RelateForm, ReplyForm

FORM = "web/recommend/form.html"


def _open(request: StaffRequest, code: str, verb: Verb) -> Recommendation:
    ask = open_one(request.hand, Recommendation.objects.select_related("addressee", "standard", "finding", "report"), code=code)
    require(request.hand, verb, ask)
    return ask


def _form(request: StaffRequest, form: Ask, ask: Recommendation | None, h1: str, submit: str, hint: str = "") -> HttpResponse:
    back = reverse("web:recommendation", args=[ask.code]) if ask else reverse("web:recommend")
    context: dict[str, Any] = {
        "form": form,
        "ask": ask,
        "h1": h1,
        "submit": submit,
        "cancel_url": back,
        "verb_now": "recommend",
        "hint": hint,
    }
    if ask is not None:
        context["marking"] = ask.marking()
    return page(request, FORM, context)


@door(Verb.RECOMMENDATION_DRAFT, "GET", "POST")
def draft(request: StaffRequest) -> HttpResponse:
    """Draft a recommendation; what the drafting check calls weak comes back with its remedy."""
    initial = {"report": request.GET.get("report", "")[:36]}
    form = DraftForm(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = draft_recommendation(**form.given(), unit=form.cleaned_data["unit"], thing_id=form.new_id(), by=request.hand)
            return redirect("web:recommendation", made.code)
    return _form(request, form, None, _("Draft a recommendation"), _("Keep the draft"), _("One addressee, one act, one date, one measure."))


@door(Verb.RECOMMENDATION_EDIT, "GET", "POST")
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Edit a draft; of an issued one, its course alone."""
    ask = _open(request, code, Verb.RECOMMENDATION_EDIT)
    issued = ask.state == Recommendation.ISSUED
    kind: Any = CourseForm if issued else EditForm
    names = (
        ("next_step", "late_reason") if issued else tuple(name for name in kind.base_fields if name not in ("once", "base", "unit", "why"))
    )
    initial = {name: getattr(ask, name) for name in names} | {"base": ask.entry}
    form = kind(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told(form):
            changes = form.cleaned_data if issued else form.given()
            given = {name: value for name, value in changes.items() if name in names}
            edit_recommendation(ask, base=form.cleaned_data["base"], by=request.hand, why=form.cleaned_data.get("why", ""), **given)
            return redirect("web:recommendation", ask.code)
    heading = _("What comes next") if issued else _("Edit the draft")
    return _form(request, form, ask, heading, _("Keep it"), _("Its words were issued and stand still.") if issued else "")


@door(Verb.RECOMMENDATION_ISSUE, "GET", "POST")
def issue(request: StaffRequest, code: str) -> HttpResponse:
    """Issue it."""
    ask = _open(request, code, Verb.RECOMMENDATION_ISSUE)
    form = IssueForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            issue_recommendation(ask, on=form.cleaned_data["on"], by=request.hand)
            return redirect("web:recommendation", ask.code)
    return _form(
        request, form, ask, _("Issue the recommendation"), _("Issue it"), _("From then on its words stand still and its age is counted.")
    )


@door(Verb.RECOMMENDATION_REPLY, "GET", "POST")
def reply(request: StaffRequest, code: str) -> HttpResponse:
    """Write down what the addressee answered."""
    ask = _open(request, code, Verb.RECOMMENDATION_REPLY)
    form = ReplyForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            write_reply(ask, received=data["received"], text=data["text"], says=data["says"], thing_id=form.new_id(), by=request.hand)
            return redirect("web:recommendation", ask.code)
    return _form(request, form, ask, _("Write down the reply"), _("Keep the reply"))


@door(Verb.RECOMMENDATION_RATE, "GET", "POST")
def rate_progress(request: StaffRequest, code: str) -> HttpResponse:
    """Rate how far it was done."""
    ask = _open(request, code, Verb.RECOMMENDATION_RATE)
    form = RateForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "base")}
        with told(form):
            rate(ask, **data, thing_id=form.new_id(), by=request.hand)
            return redirect("web:recommendation", ask.code)
    return _form(request, form, ask, _("Rate progress"), _("Keep the rating"), _("Both sides’ ratings stay; neither replaces the other."))


@door(Verb.RECOMMENDATION_RELATE, "GET", "POST")
def tie(request: StaffRequest, code: str) -> HttpResponse:
    """Tie it to an earlier one."""
    ask = _open(request, code, Verb.RECOMMENDATION_RELATE)
    form = RelateForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            relate(ask, data["earlier"], data["kind"], why=data["why"], thing_id=form.new_id(), by=request.hand)
            return redirect("web:recommendation", ask.code)
    return _form(request, form, ask, _("Tie to an earlier recommendation"), _("Tie them"))


urls = [
    path("recommend/draft/", draft, name="recommendation_draft"),
    path("recommend/<slug:code>/edit/", edit, name="recommendation_edit"),
    path("recommend/<slug:code>/issue/", issue, name="recommendation_issue"),
    path("recommend/<slug:code>/reply/", reply, name="recommendation_reply"),
    path("recommend/<slug:code>/rate/", rate_progress, name="recommendation_rate"),
    path("recommend/<slug:code>/relate/", tie, name="recommendation_relate"),
]
"""Acts on recommendations. A code `draft` cannot be given: its address is taken, and comes first."""
