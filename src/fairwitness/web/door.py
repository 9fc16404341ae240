"""Door: what stands before every view. It decides nothing; it makes the hand and names the verb.

    @door(Verb.ACTIVITY_REPORT, "GET", "POST")
    def report_visit(request: StaffRequest) -> HttpResponse: ...

Staff views need a signed-in account with a member behind it. The verb is checked in general here and on the
thing itself by the function the view calls. The decorator keeps verb and methods on the view, for the
table of every address x person x method.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone

from fairwitness.errors import Refused
from fairwitness.mission.access import require
from fairwitness.mission.models import Member
from fairwitness.record.hand import Door, Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.in_time import in_time
from fairwitness.web.models import Account, Draft
from fairwitness.web.sign_in import lacks_second_factor

P = ParamSpec("P")
DRAFTS = "/me/drafts/"


class StaffRequest(HttpRequest):
    """A request with a hand: who acts, through the staff door, now. (A view of the same object: attributes are put on it.)"""

    hand: Hand
    member: Member
    user: Account


PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]


def door(verb: Verb | None, *methods: str) -> Callable[[StaffView[P]], PublicView[P]]:
    """The staff door. `verb` None: every member may. Methods default to GET (HEAD comes with it)."""
    allowed = methods or ("GET",)

    def around(view: StaffView[P]) -> PublicView[P]:
        @wraps(view)
        def enter(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(_back_to(request))
            if request.method not in _with_head(allowed):
                return HttpResponseNotAllowed(_with_head(allowed))
            if lacks_second_factor(request.user):
                return redirect("mfa_index")
            staff = _staff(request)
            if verb is not None:
                require(staff.hand, verb)
            answer = in_time(view, staff, *args, **kwargs)
            if request.method == "POST" and answer.status_code == 302 and not request.path.startswith(DRAFTS):
                Draft.settle(staff.user, request.path, _came_from(request))
            return answer

        enter.door_verb = verb  # type: ignore[attr-defined]
        enter.door_methods = allowed  # type: ignore[attr-defined]
        enter.door_kind = Door.STAFF  # type: ignore[attr-defined]
        return cast("PublicView[P]", enter)

    return around


def _came_from(request: HttpRequest) -> str:
    """The path of our own page a form was sent from; empty when it came from elsewhere."""
    came = urlsplit(request.headers.get("Referer", ""))
    return came.path if came.netloc == request.get_host() else ""


def _back_to(request: HttpRequest) -> str:
    """Where to go after signing in again: for a form that was sent too late, the page it stands on, where its draft waits."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request) or request.get_full_path()


def _with_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    return (*methods, "HEAD") if "GET" in methods else methods


def _staff(request: HttpRequest) -> StaffRequest:
    staff = cast("StaffRequest", request)
    staff.member = staff.user.member
    if staff.member.left is not None and staff.member.left <= timezone.localdate():
        raise Refused("Your time in the mission has ended. Ask the custodian of accounts if this is wrong.")
    staff.hand = Hand(staff.member.id, Door.STAFF)
    return staff


def open_door(*methods: str) -> Callable[[PublicView[P]], PublicView[P]]:
    """The public door: nobody signs in, and only releases are read."""
    allowed = methods or ("GET",)

    def around(view: PublicView[P]) -> PublicView[P]:
        @wraps(view)
        def enter(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in _with_head(allowed):
                return HttpResponseNotAllowed(_with_head(allowed))
            return in_time(view, request, *args, **kwargs)

        enter.door_verb = None  # type: ignore[attr-defined]
        enter.door_methods = allowed  # type: ignore[attr-defined]
        enter.door_kind = Door.PUBLIC  # type: ignore[attr-defined]
        return cast("PublicView[P]", enter)

    return around
