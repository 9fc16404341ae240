"""Me: my posts, what I may do and why, how I sign in, where I am signed in, extra power for an hour.

The rule it guards: nobody changes somebody else's way in here; a session is ended only by whom it belongs to, and an hour of
extra power starts with a reason on record and ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from fairwitness.errors import BadInput, Fault
from fairwitness.mission.access import TOP, rights
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Member, Power, Unit
from fairwitness.record.hand import Hand
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.drafts import drafts_of
from fairwitness.web.enrol import FACTORS, end_sessions, sessions_of, told_about
from fairwitness.web.history import PAST
from fairwitness.web.sign_in import factors


@door(None)
def me(request: StaffRequest) -> HttpResponse:
    """Everything about oneself."""
    taken = Power.objects.filter(member=request.member).order_by("-since")[:5]
    context = {
        "member": request.member, "posts": rights(request.hand).posts, "may": what_i_may(request.hand), "account": request.user,
        "sessions": _sessions(request), "factors": factors(request.user), "required": settings.SECOND_FACTOR == "required",
        "drafts": drafts_of(request), "told": _told(request),
        "powers": [(PAST.get(one.verb, one.verb), one) for one in taken],
    }  # fmt: skip
    return page(request, "web/me/me.html", context)


def what_i_may(hand: Hand) -> list[dict[str, Any]]:
    """What is open to this hand: for each kind of thing its acts, together with how far they reach."""
    names = dict(Unit.objects.values_list("id", "name"))
    grouped: dict[str, dict[str, list[str]]] = {}
    for verb, given in sorted(rights(hand).by_verb.items()):
        thing, _dot, act = verb.partition(".")
        reach = "; ".join(sorted({_reach(right.units, right.ceiling, names) for right in given}))
        grouped.setdefault(_(thing.replace("_", " ")), {}).setdefault(reach, []).append(_(act.replace("_", " ")))
    return [{"thing": thing, "lines": [(", ".join(acts), reach) for reach, acts in lines.items()]} for thing, lines in grouped.items()]


def _reach(units: Iterable[Any] | None, ceiling: int, names: dict[Any, str]) -> str:
    marking = _(Sensitivity(min(ceiling, TOP)).label)
    if units is None:
        return _("the whole mission, up to “%(marking)s”") % {"marking": marking}
    told = sorted(names.get(unit, "?") for unit in units)
    where = told[0] if len(told) == 1 else _("%(first)s and %(n)d more") % {"first": told[0], "n": len(told) - 1} if told else "–"
    return _("%(where)s, up to “%(marking)s”") % {"where": where, "marking": marking}


def _sessions(request: StaffRequest) -> list[dict[str, Any]]:
    here = request.session.session_key
    return [
        {
            "key": key[:12],
            "here": key == here,
            "from": seen.get("from", ""),
            "with": _browser(seen.get("with", "")),
            "at": _moment(seen.get("at", "")),
        }
        for key, seen in sessions_of(request.user)
    ]


STEPS = {
    "made": _l("Your account was made"),
    "asked": _l("A reset of your sign-in was asked for"),
    "confirmed": _l("Your password was reset; your second factors and sessions ended"),
    "sent away": _l("Your sessions were ended"),
    "closed": _l("Your account was closed"),
}


def _told(request: StaffRequest) -> list[dict[str, Any]]:
    """What others did to my account, newest first: whoever it was not expected from is asked."""
    found = told_about(request.member.id)
    codes = {str(key): code for key, code in Member.objects.filter(pk__in=[t.by for t in found if t.by]).values_list("id", "code")}
    factors_only = _("Your second factors were taken away and your sessions ended")
    return [
        {
            "act": factors_only if one.step == "confirmed" and one.what == FACTORS else STEPS.get(one.step, one.step),
            "at": _moment(one.at), "by": codes.get(one.by or "", _("the command line")), "why": one.reason,
        }
        for one in found[:5]
    ]  # fmt: skip


def _browser(agent: str) -> str:
    for sign, name in (("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari")):
        if sign in agent:
            return name
    return agent[:40]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@door(None, "POST")
def end_session(request: StaffRequest) -> HttpResponse:
    """End one of my sessions, or all but this one."""
    wanted = request.POST.get("key", "")
    here = request.session.session_key
    keys = [key for key, _seen in sessions_of(request.user) if key != here and (wanted == "others" or (wanted and key[:12] == wanted))]
    if not keys:
        raise BadInput.of(Fault("key", _("This session has ended already, or is the one you are in. Sign out to end that one.")))
    for key in keys:
        end_sessions(request.user, only=key)
    messages.info(request, _("Ended."))
    return redirect("web:me")


urls = [path("me/", me, name="me"), path("me/sessions/end/", end_session, name="session_end")]
