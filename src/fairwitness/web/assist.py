"""Assist: trainings, advice and projects, each beside the shortcoming it answers, what people learned, and what changed.

The list ends with the year in numbers: what was held, how many were evaluated, and those that were not, with the reason.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from fairwitness.analyse.models import Finding
from fairwitness.assist.deliver import deliver
from fairwitness.assist.evaluate import effect, evaluate
from fairwitness.assist.models import Evaluation, Training
from fairwitness.assist.plan import plan_training
from fairwitness.assist.sum_up import sum_up
from fairwitness.mission.access import may, open_one, require, visible
from fairwitness.mission.models import MissionProfile
from fairwitness.mission.tell_time import today
from fairwitness.monitor.models import Observation
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check
from fairwitness.web.ask import Ask, page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.lists_along import list_along
from fairwitness.web.narrow import narrowed
from fairwitness.web.recommend_forms import Coded, fill
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.typed_fields import Day, Whole
from fairwitness.web.verify_fields import HeldAsk, PlaceField, institutions, words

FORM = "web/recommend/form.html"


class SeenField(Coded):
    """An observation by code and headline."""

    def label_from_instance(self, obj: Any) -> str:
        """Code and headline."""
        return f"{obj.code} {obj.headline}"[:120]


def languages() -> list[tuple[str, str]]:
    """The languages of the mission."""
    profile = MissionProfile.objects.first()
    return [(one, one) for one in (profile.languages if profile else ["en"])]


class PlanForm(HeldAsk):
    """Plan a training, an advice or a project."""

    NEEDED: ClassVar = {
        "recommendation": _l("needed unless it answers a finding"), "finding": _l("needed unless it answers a recommendation"),
    }  # fmt: skip
    verb = Verb.TRAINING_PLAN
    kind = forms.ChoiceField(label=_l("Kind"), choices=Training.KINDS)
    title = forms.CharField(label=_l("Title"), max_length=300)
    recommendation = Coded(Recommendation, _l("Answers recommendation"))
    finding = Coded(Finding, _l("Answers finding"))
    institution = institutions(_l("For whom"), required=True)
    place = PlaceField(label=_l("Municipality"))
    begins = Day(label=_l("First day"))
    ends = Day(label=_l("Last day"))
    languages = forms.MultipleChoiceField(label=_l("Languages"), choices=languages, required=False, widget=forms.CheckboxSelectMultiple)
    objectives = words(_l("What people shall be able to do afterwards"), required=False, most=10_000)

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """Offer findings and issued recommendations the reader may see."""
        super().__init__(*given, hand=hand, **options)
        fill(self, hand, recommendation={"state": Recommendation.ISSUED})
        self.last("kind", "title", "recommendation", "finding", "institution", "place", "begins", "ends", "languages", "objectives")


class DeliverForm(Ask):
    """Who took part."""

    women = Whole(label=_l("Women"), required=False, help_text=_l("Leave all three empty where nobody takes part."))
    men = Whole(label=_l("Men"), required=False)
    not_stated = Whole(
        label=_l("Did not state it"), required=False, help_text=_l("Community is not asked for and never inferred.")
    )
    why = forms.CharField(label=_l("Why it is corrected"), required=False, max_length=300)


class EvaluateForm(Ask):
    """Evaluate at one level, or say why not."""

    level = forms.TypedChoiceField(label=_l("Level"), choices=Evaluation.LEVELS, coerce=int)
    evaluated = Day(label=_l("On"))
    method = forms.CharField(label=_l("Method"), required=False, max_length=300)
    result = words(_l("Result"), required=False, rows=3, most=10_000)
    respondents = Whole(label=_l("How many answered"), required=False)
    reason = forms.CharField(label=_l("Why there is no evaluation"), required=False, max_length=300, help_text=_l("For level 0 alone"))
    check_made = Coded(Check, _l("Later check"), help_text=_l("Behaviour and results are seen later, in a check or with our own eyes."))
    observation = SeenField(Observation, _l("Later observation"))

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """Offer checks and observations the reader may see."""
        super().__init__(*given, hand=hand, **options)
        fill(self, hand)


@door(Verb.REPORT_READ)
def list_trainings(request: StaffRequest) -> HttpResponse:
    """Trainings, advice and projects, newest first, with the year in numbers."""
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 and typed > "1900" else today().year
    only = narrowed(request)
    rows = visible(request.hand, Training.objects.select_related("institution"))
    rows = only.apply(rows, "place_id", "institution__place_id", institutions=("institution_id",))
    if asked_for(request):
        return list_along(request, "trainings", rows.order_by("-begins", "-id"), hand=request.hand)
    found = Paginator(rows.order_by("-begins", "-id"), 50).get_page(request.GET.get("page"))
    context = {
        "verb_now": "assist", "only": only, "page_of": found, "rows": found.object_list, "year": sum_up(year, by=request.hand),
        "years": [day.year for day in rows.order_by().dates("ends", "year", order="DESC")],
        "may_plan": may(request.hand, Verb.TRAINING_PLAN), "take_along": ways(request, request.hand),
    }  # fmt: skip
    return page(request, "web/assist/trainings.html", context)


@door(Verb.REPORT_READ)
def show_training(request: StaffRequest, code: str) -> HttpResponse:
    """One training: the shortcoming, who came, four levels, and what later checks showed."""
    made = _open(request, code)
    found = effect(made, by=request.hand)
    levels = [(number, label, found.levels.get(number)) for number, label in Evaluation.LEVELS if number]
    asks = visible(request.hand, Recommendation.objects.filter(trainings=made))
    context = {
        "verb_now": "assist", "t": made, "marking": made.marking(), "effect": found, "levels": levels, "none": found.levels.get(0),
        "ask": asks.first(), "finding": visible(request.hand, Finding.objects.filter(trainings=made)).first(),
        "may_deliver": may(request.hand, Verb.TRAINING_DELIVER, made), "may_evaluate": may(request.hand, Verb.TRAINING_EVALUATE, made),
        "entries": lines([made.pk, *made.evaluations.values_list("pk", flat=True)], request.hand),
    }  # fmt: skip
    return page(request, "web/assist/training.html", context)


def _open(request: StaffRequest, code: str, verb: Verb | None = None) -> Training:
    made = open_one(request.hand, Training.objects.select_related("institution", "finding", "recommendation", "place"), code=code)
    if verb is not None:
        require(request.hand, verb, made)
    return made


def _form(request: StaffRequest, form: Ask, made: Training | None, h1: str, submit: str) -> HttpResponse:
    back = reverse("web:training", args=[made.code]) if made else reverse("web:assist")
    context = {"form": form, "ask": made, "h1": h1, "submit": submit, "cancel_url": back, "verb_now": "assist", "kick": _("Assist")}
    return page(request, FORM, context | ({"marking": made.marking()} if made else {}))


@door(Verb.TRAINING_PLAN, "GET", "POST")
def plan(request: StaffRequest) -> HttpResponse:
    """Plan one, tied to a shortcoming."""
    initial = {"recommendation": request.GET.get("recommendation", "")[:36]}
    form = PlanForm(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "base")}
        with told(form):
            made = plan_training(**data, thing_id=form.new_id(), by=request.hand)
            return redirect("web:training", made.code)
    return _form(request, form, None, _("Plan a training"), _("Keep the plan"))


@door(Verb.TRAINING_DELIVER, "GET", "POST")
def hold(request: StaffRequest, code: str) -> HttpResponse:
    """Write down that it was held, and who came."""
    made = _open(request, code, Verb.TRAINING_DELIVER)
    initial = {"women": made.women, "men": made.men, "not_stated": made.not_stated, "base": made.entry}
    form = DeliverForm(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("women", "men", "not_stated", "why", "base")}
        with told(form):
            deliver(made, **data, by=request.hand)
            return redirect("web:training", made.code)
    return _form(request, form, made, _("Who took part"), _("Keep the numbers"))


@door(Verb.TRAINING_EVALUATE, "GET", "POST")
def judge(request: StaffRequest, code: str) -> HttpResponse:
    """Evaluate at one level, or give the reason why not."""
    made = _open(request, code, Verb.TRAINING_EVALUATE)
    form = EvaluateForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "base")}
        with told(form):
            evaluate(made, **data, thing_id=form.new_id(), by=request.hand)
            return redirect("web:training", made.code)
    return _form(request, form, made, _("Evaluate"), _("Keep the evaluation"))


urls = [
    path("assist/", list_trainings, name="assist"),
    path("assist/plan/", plan, name="training_plan"),
    path("assist/<slug:code>/", show_training, name="training"),
    path("assist/<slug:code>/deliver/", hold, name="training_deliver"),
    path("assist/<slug:code>/evaluate/", judge, name="training_evaluate"),
]
"""What can be asked of this room."""
