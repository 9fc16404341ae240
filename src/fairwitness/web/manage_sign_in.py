"""Managing how members sign in: a lost password or second factor by two persons, sessions ended at once by one.

Taking something away needs one person, because a stolen laptop does not wait; giving something back needs two, because whoever could
do it alone could be anybody. The rule it guards: each of these is on record with its reason, and stands on the page of the member whose
account it was.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.models import Member
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.enrol import ALL, FACTORS, ask_reset, asked, confirm_reset, send_away
from fairwitness.web.manage_parts import WhyForm, ask_page, one
from fairwitness.web.manage_people import person_page, shown_once

LOST = [
    (ALL, lazy("the password (second factors end with it)")),
    (FACTORS, lazy("the second factor alone, and no recovery code is left; the password stays")),
]


class LostForm(WhyForm):
    """What is lost, and why somebody asks."""

    what = forms.ChoiceField(label=lazy("What is lost"), choices=LOST, widget=forms.RadioSelect, initial=ALL, required=False)
    field_order = ("what", "why")


def _back(member: Member) -> str:
    return reverse("web:person", args=[member.id])


@door(Verb.CREDENTIAL_RESET, "GET", "POST")
def reset_ask(request: StaffRequest, key: str) -> HttpResponse:
    """Ask for a reset as the first person."""
    member = one(Member.objects, pk=key)
    hint = _("For example: lost the phone on 3 May, told me in person")
    form = LostForm(sent(request), hand=request.hand, label=_("Why"), hint=hint)
    say = _("Within a day a second custodian confirms. Then what is lost and all sessions end, and the member is told on their own page.")
    return ask_page(
        request,
        form,
        lambda a: ask_reset(member, a.cleaned_data["why"], by=request.hand, what=a.cleaned_data["what"] or ALL),
        lambda _made: _back(member),
        h1=_("Ask for a reset for %(code)s") % {"code": member.code},
        submit=_("Ask"),
        back=_back(member),
        say=say,
    )


@door(Verb.CREDENTIAL_RESET, "GET", "POST")
def reset_confirm(request: StaffRequest, key: str) -> HttpResponse:
    """Confirm as the second person; a new password is shown once."""
    member = one(Member.objects, pk=key)
    form = Ask(sent(request), hand=request.hand)
    waiting = asked(member)
    if request.method == "POST" and form.is_valid():
        with told(form):
            secret = confirm_reset(member, by=request.hand)
            return person_page(request, member, shown_once(secret) if secret else _factors_gone())
    lost = dict(LOST).get(waiting.what, "–") if waiting else "–"
    said = {"why": waiting.reason if waiting else "–", "what": lost}
    context = {
        "form": form,
        "h1": _("Confirm the reset for %(code)s") % {"code": member.code},
        "submit": _("Confirm"),
        "say": _("Lost: %(what)s. Asked for with these words: “%(why)s”. You confirm that it is so.") % said,
        "back": _back(member),
    }
    return page(request, "web/manage/form.html", context)


def _factors_gone() -> dict[str, Any]:
    words = _("The second factors are gone. The member signs in with the old password and sets up a new one, before anything else.")
    return {"words": words, "secret": ""}


@door(Verb.CREDENTIAL_RESET, "GET", "POST")
def sessions_end(request: StaffRequest, key: str) -> HttpResponse:
    """End every session of a member, at once."""
    member = one(Member.objects, pk=key)
    hint = _("For example: laptop stolen on 3 May, told me by telephone")
    form = WhyForm(sent(request), hand=request.hand, label=_("Why"), hint=hint)
    say = _("Every browser this member is signed in with is signed out now. Their password and second factor stay; ask for a reset as well "
            "if somebody else may know or hold them.")  # fmt: skip
    return ask_page(
        request,
        form,
        lambda a: send_away(member, a.cleaned_data["why"], by=request.hand),
        lambda _made: _back(member),
        h1=_("End the sessions of %(code)s") % {"code": member.code},
        submit=_("End them"),
        back=_back(member),
        say=say,
    )


urls = [
    path("manage/people/<uuid:key>/reset/", reset_ask, name="reset_ask"),
    path("manage/people/<uuid:key>/reset/confirm/", reset_confirm, name="reset_confirm"),
    path("manage/people/<uuid:key>/sessions/end/", sessions_end, name="person_sessions_end"),
]
