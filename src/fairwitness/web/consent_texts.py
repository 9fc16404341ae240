"""Pages of the texts by which sources are told what consent means: the list, one text to read out, writing, releasing.

The rule it guards: a page shows at once whether a text may be read out; releasing is offered to those alone who may and did not
write it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.monitor.models import ConsentText
from fairwitness.monitor.tell_consent import LANGUAGES, LONGEST, may_release, missing, release_text, standing, who_releases, write_text
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.how_told import named
from fairwitness.web.language_words import language_word
from fairwitness.web.manage_parts import one
from fairwitness.web.monitor_write import ask
from fairwitness.web.verify_fields import words

PART_LABELS = {
    "who": lazy("Who is asking"),
    "purpose": lazy("What it is for"),
    "use": lazy("How the words are used"),
    "audience": lazy("Who may read them"),
    "disclosure": lazy("What is shown of the person"),
    "risks": lazy("What can go wrong"),
    "withdraw": lazy("That consent may be taken back"),
    "undone": lazy("What taking back cannot undo"),
}
HINTS = {
    "who": lazy("The mission, its mandate, and who is speaking to them now"),
    "purpose": lazy("Why they are asked, and that nothing is owed: they may refuse, and may stop at any time"),
    "use": lazy("Each use by itself: inside the mission, in what partners receive, in public reports, in court"),
    "audience": lazy("Where the words are kept, who can open them, and that authorities may be among the readers"),
    "disclosure": lazy("Nothing, a code, a role or the name; they choose for each use"),
    "risks": lazy("What could happen to them or theirs if somebody recognised them, and what we cannot protect against"),
    "withdraw": lazy("How, where and by whom they can take it back; no reason is needed and it holds at once"),
    "undone": lazy("What was printed, sent or told cannot be called back"),
}


class TextForm(Ask):
    """A text, part by part."""

    language = forms.ChoiceField(label=lazy("Language"), choices=lambda: [(code, language_word(code)) for code in LANGUAGES])
    note = forms.CharField(label=lazy("What is new in this version"), max_length=300, required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        """One field for each part; none may be left out."""
        super().__init__(*given, **options)
        for part, label in PART_LABELS.items():
            self.fields[part] = words(label, most=LONGEST, rows=3, help_text=HINTS[part])
        self.order_fields(["language", *PART_LABELS, "note"])


class ReleaseForm(Ask):
    """How a text was checked."""

    checked = forms.CharField(
        label=lazy("How you checked it"), max_length=300,
        help_text=lazy("For example: read aloud with two speakers of the language; translated back by somebody else"),
    )  # fmt: skip


@door(Verb.OBSERVATION_READ)
def texts(request: StaffRequest) -> HttpResponse:
    """Every language: the text in force, or that there is none and whom to ask; below, the versions that wait and those before."""
    held = standing()
    waiting = ConsentText.objects.filter(released__isnull=True).order_by("language", "-version")
    before = ConsentText.objects.filter(released__isnull=False).exclude(pk__in=[text.pk for text in held]).order_by("language", "-version")
    context = {
        "verb_now": "monitor", "held": _listed(held), "waiting": _listed(waiting), "before": _listed(before),
        "missing": [language_word(code) for code in missing(held)], "who": who_releases(), "count": len(held), "all": len(LANGUAGES),
        "may_write": may(request.hand, Verb.CONSENT_TEXT_WRITE),
    }  # fmt: skip
    return page(request, "web/monitor/consent_texts.html", context)


def _listed(these: Any) -> list[dict[str, Any]]:
    return [{"id": text.pk, "name": named(text), "note": text.note} for text in these]


@door(Verb.OBSERVATION_READ)
def text(request: StaffRequest, key: str) -> HttpResponse:
    """One text, as it is read out."""
    return page(request, "web/monitor/consent_text.html", _page_of(request, _one(key)))


def _one(key: str) -> ConsentText:
    found: ConsentText = one(ConsentText.objects.select_related("author", "released_by"), pk=key)
    return found


def _page_of(request: StaffRequest, found: ConsentText, form: ReleaseForm | None = None) -> dict[str, Any]:
    hand = request.hand
    offered = form or (ReleaseForm(hand=hand, initial={"base": found.entry}) if may_release(found, hand) else None)
    return {
        "verb_now": "monitor", "thing": found, "name": named(found), "language": language_word(found.language),
        "parts": [(label, found.parts.get(part, "")) for part, label in PART_LABELS.items()],
        "in_force": found in standing(), "form": offered, "who": who_releases(), "entries": lines([found.pk], hand),
        "may_write": may(hand, Verb.CONSENT_TEXT_WRITE),
    }  # fmt: skip


@door(Verb.CONSENT_TEXT_WRITE, "GET", "POST")
def write(request: StaffRequest) -> HttpResponse:
    """Write the next version in a language, from nothing or from an earlier text."""
    form = TextForm(sent(request), hand=request.hand, initial=_from(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            made = write_text(
                data["language"], {part: data[part] for part in PART_LABELS}, note=data["note"], thing_id=form.new_id(), by=request.hand
            )
            return redirect("web:consent_text", made.pk)
    said = _("It is read out to nobody before somebody else has checked and released it.")
    return ask(request, form, _("Write what a source is told before it consents"), _("Keep this version"), said=said)


def _from(request: StaffRequest) -> dict[str, Any]:
    if "from" not in request.GET:
        return {}
    before = _one(request.GET["from"])
    return {"language": before.language, **before.parts}


@door(Verb.CONSENT_TEXT_RELEASE, "POST")
def release(request: StaffRequest, key: str) -> HttpResponse:
    """Release a text for reading out."""
    found = _one(key)
    form = ReleaseForm(request.POST, hand=request.hand)
    if form.is_valid():
        with told(form):
            release_text(found, checked=form.cleaned_data["checked"], base=form.cleaned_data["base"], by=request.hand)
            messages.success(request, _("Released in your name. It is offered wherever consent is written down."))
            return redirect("web:consent_text", found.pk)
    return page(request, "web/monitor/consent_text.html", _page_of(request, found, form))


urls = [
    path("monitor/consent-texts/", texts, name="consent_texts"),
    path("monitor/consent-texts/new", write, name="consent_text_new"),
    path("monitor/consent-texts/<uuid:key>/", text, name="consent_text"),
    path("monitor/consent-texts/<uuid:key>/release", release, name="consent_text_release"),
]
