"""Drafts: what somebody typed and has not sent, kept on the server as well as in the browser, so that a lost link loses no word.

A form keeps itself here on every change (with a script) or by a button of its own (without). The rule it guards: a draft is seen by
whoever typed it and by nobody else, is nobody's statement, and is put back only when asked for.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, path, resolve, reverse
from django.utils.translation import gettext as _

from fairwitness.errors import BadInput, Fault
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.models import Draft

NOT_WORDS = {"csrfmiddlewaretoken", "draft-name", "draft-page"}


@door(None, "POST")
def keep_draft(request: StaffRequest) -> HttpResponse:
    """Keep what a form holds. From a script: 204. From the form's own button: back to the page, with the draft put back."""
    page = _page_of(request)
    name = request.POST.get("draft-name", "form")[:60]
    words = _words(request)
    Draft.put(request.user, page, name, words)
    if request.headers.get("X-Draft") == "script":
        return HttpResponse(status=204)
    messages.success(request, _("Kept as a draft. It is not sent; you find it here and under “You”."))
    return redirect(f"{page}?{urlencode({'draft': name})}")


def _page_of(request: HttpRequest) -> str:
    """The page the form stands on: named by the script, or where the browser comes from. Only our own staff pages."""
    said = request.POST.get("draft-page") or urlsplit(request.headers.get("Referer", "")).path
    try:
        match = resolve(said)
    except Resolver404:
        match = None
    if match is None or match.namespace != "web" or getattr(match.func, "door_kind", "") != "staff" or len(said) > 300:
        raise BadInput.of(Fault("draft-page", "is no page of this mission; go back to the form and keep the draft from there"))
    return said


def _words(request: HttpRequest) -> list[tuple[str, str]]:
    words: list[tuple[str, str]] = []
    for name, values in request.POST.lists():
        if name not in NOT_WORDS and "password" not in name:
            words += [(name, value) for value in values if value]
    if sum(len(name) + len(value) for name, value in words) > Draft.MOST:
        raise BadInput.of(Fault("draft", "is longer than a draft may be; attach it as a file, or send it in parts"))
    return words


@door(None, "POST")
def forget_draft(request: StaffRequest) -> HttpResponse:
    """Forget the drafts of a page."""
    Draft.settle(request.user, request.POST.get("draft-page", "")[:300])
    if request.headers.get("X-Draft") == "script":
        return HttpResponse(status=204)
    return redirect(reverse("web:me"))


def drafts_of(request: StaffRequest) -> list[dict[str, Any]]:
    """What this person began and did not send, newest first."""
    found = Draft.objects.filter(account=request.user).order_by("-at")[: Draft.MOST_KEPT]
    return [{"page": one.page, "href": f"{one.page}?{urlencode({'draft': one.name})}", "at": one.at} for one in found]


urls = [
    path("me/drafts/keep", keep_draft, name="draft_keep"),
    path("me/drafts/forget", forget_draft, name="draft_forget"),
]
