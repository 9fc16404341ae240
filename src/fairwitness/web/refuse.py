"""Refuse: how "no" becomes a page, in the same frame as every other, in one sentence that says why and what to do.

What a person may not see and what does not exist get the same answer, byte for byte, and no page repeats an address or
what was sent. Nothing a person or an attacker sends ends in a fault of the house (5xx): unreadable bytes, too many fields,
a rule of the database are refused by name. Programs that ask for JSON get the code, the sentence and the faults.
"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)  # fmt: skip
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, Resolver404, resolve
from django.utils.translation import gettext as _

from fairwitness.errors import (
    BadInput,
    BrokenRule,
    FairwitnessError,
    Fault,
    GateClosed,
    NotThere,
    OutOfOrder,
    Refused,
    Stale,
    TooFast,
    Unreachable,
    spoken,
)
from fairwitness.mission.access import may, visible
from fairwitness.mission.take_power import lendable
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb
from fairwitness.web.frame import frame, hand_of
from fairwitness.web.models import Account, Draft
from fairwitness.web.tongue import languages

log = logging.getLogger("fairwitness.web")
NOT_WORDS = {"csrfmiddlewaretoken", "draft-name", "draft-page"}
NEVER_DRAFTS = {"identity_keep", "identity_open", "vault"}
BROKEN_BYTES = "The address or what was sent holds bytes that are no text (broken UTF-8 or a NUL). Type it again, or copy it as text."
TOO_BIG = "What was sent is larger than this node takes at once (26 MB, 500 fields, 100 files). Send less, in several parts."
CLASH = "Somebody has just kept one like it, or a rule of the record forbids it. Open the page again and compare. Nothing was written."


class RefusalMiddleware:
    """Stands next to the views: unreadable addresses stop here, and every "no" becomes its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is readable; what a member reads is stored nowhere on the way."""
        if _unreadable(request):
            return refuse(request, BadInput(BROKEN_BYTES))
        response = self.get_response(request)
        if not request.path_info.startswith("/public/") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if response.status_code == 405 and not response.content:
            return _with_allow(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An error of the house, of the database or of what was sent, as a page. Anything else is a fault of ours: 500."""
        known = _known(error)
        return None if known is None else refuse(request, known)


def _known(error: Exception) -> FairwitnessError | None:
    if isinstance(error, FairwitnessError):
        return error
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return TooMuch(TOO_BIG)
    if isinstance(error, Http404):
        return NotThere()
    if isinstance(error, IntegrityError):
        log.warning("the database refused a row: %s", type(error.__cause__ or error).__name__)
        return Clash(CLASH)
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database did not answer: %s", type(error.__cause__ or error).__name__)
        return Unreachable("The database did not answer. Nothing was written. Wait a moment, then send it again.")
    if isinstance(error, DataError | BadRequest | SuspiciousOperation | MultiPartParserError | UnicodeError):
        return BadInput("What was sent could not be read, or does not fit where it should go. Check it and send it again.")
    if isinstance(error, ValueError) and "NUL" in str(error):
        return BadInput(BROKEN_BYTES)
    if isinstance(error, PermissionDenied):
        return Refused("This is not open to you.")
    return None


class TooMuch(BadInput):
    """More was sent at once than this node takes."""

    code = "too_much"
    status = 413


class Clash(OutOfOrder):
    """Two writers kept the same thing at once, or a rule of the database says no."""

    code = "clash"


def _unreadable(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    if "%00" in query or "\0" in query or "\0" in request.path_info:
        return True
    try:
        codecs.lookup((request.content_params or {}).get("charset", "utf-8"))
    except (LookupError, ValueError):
        return True
    return "\ufffd" in request.path_info or any("\ufffd" in value or "\ufffd" in key for key, all_ in request.GET.lists() for value in all_)


def _with_allow(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
    made = refuse(request, WrongMethod("This address does not take what was sent this way. Go back and use the page's own form."))
    made["Allow"] = bare.get("Allow", "GET")
    return made


class WrongMethod(BadInput):
    """The address takes other methods."""

    code = "wrong_method"
    status = 405


def refuse(request: HttpRequest, error: FairwitnessError) -> HttpResponse:
    """The answer to an error: JSON for a program, a page for a person."""
    if error.status >= 500:
        log.error("%s: %s", error.code, type(error).__name__, exc_info=error if isinstance(error, BrokenRule) else None)
    sentence = said(error)
    if wants_json(request):
        faults = [{"field": f.field, "sentence": spoken(f.sentence), "file": f.file, "row": f.row} for f in getattr(error, "faults", ())]
        body = {"code": error.code, "sentence": sentence, "faults": faults}
        made: HttpResponse = JsonResponse(body, status=error.status, json_dumps_params={"ensure_ascii": False})
    else:
        made = HttpResponse(_page(request, error, sentence), status=error.status)
    made["Cache-Control"] = "private, no-store"
    seconds = getattr(error, "seconds", None)
    if seconds:
        made["Retry-After"] = str(seconds)
    return made


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks."""
    return request.headers.get("Accept", "").split(",")[0].split(";")[0].strip() == "application/json"


def said(error: FairwitnessError) -> str:
    """The error's sentence in the reader's language."""
    return spoken(error.sentence)


def said_of(fault: Fault) -> str:
    """One fault in the reader's language, with the place where it stands."""
    row = _("row %(number)s") % {"number": fault.row} if fault.row else ""
    place = ", ".join(part for part in (fault.file, row, fault.field) if part)
    sentence = spoken(fault.sentence)
    return f"{place}: {sentence}" if place else sentence


HEADINGS = {
    400: "This could not be read", 403: "This is not open to you", 404: "There is nothing here that you may open", 405: "Not this way",
    409: "This has changed meanwhile", 410: "Nobody can read this any more", 413: "Too much at once", 429: "Wait a little",
    500: "Something broke on our side", 503: "The house did not answer",
}  # fmt: skip


def _page(request: HttpRequest, error: FairwitnessError, sentence: str) -> str:
    context: dict[str, Any] = {"sentence": sentence, "heading": _(HEADINGS.get(error.status, HEADINGS[400])), "status": error.status}
    context["languages"] = languages(None)
    template = "web/refusals/refusal.html"
    if isinstance(error, GateClosed):
        context["keys"] = error.keys
    elif isinstance(error, Stale):
        template = "web/refusals/changed.html"
        context |= {
            "pairs": pairs(*versions(request, error)),
            "heading": _("This step does not follow") if type(error) is OutOfOrder else context["heading"],
            **ways_on(request),
        }
    elif isinstance(error, BadInput):
        context["problems"] = [{"text": said_of(fault)} for fault in error.faults]
        if error.faults:
            context["sentence"] = ""
    elif isinstance(error, TooFast):
        context["wait"] = True
    elif type(error) is Refused:
        context["ask"] = error.params.get("verb") in {verb.value for verb in lendable()} and _may_take_an_hour(request)
        context["why"] = error.params.get("verb", "")
    try:
        return _framed(request, template, context)
    except Exception:
        log.exception("the frame of a refusal could not be drawn")
        return render_to_string("web/refusals/bare.html", context)


def _may_take_an_hour(request: HttpRequest) -> bool:
    hand = hand_of(request)
    return hand is not None and may(hand, Verb.POWER_TAKE)


def ways_on(request: HttpRequest) -> dict[str, str]:
    """Where somebody who came second goes on: the thing as it stands, and the form with the words she typed put back (as her draft)."""
    parent = "/".join(request.path_info.rstrip("/").split("/")[:-1]) + "/"
    ways = {"thing_url": parent if _staff_page(parent) else ""}
    match, account = request.resolver_match, getattr(request, "user", None)
    if request.method != "POST" or not isinstance(account, Account) or match is None or match.url_name in NEVER_DRAFTS:
        return ways
    left = {*NOT_WORDS, "base", "once"}
    words = [(name, value) for name, values in request.POST.lists() if name not in left and "password" not in name for value in values]
    if sum(len(name) + len(value) for name, value in words) <= Draft.MOST:
        Draft.put(account, request.path_info, "changed", words)
        ways["form_url"] = f"{request.path_info}?{urlencode([*request.GET.items(), ('draft', 'changed')])}"
    return ways


def _staff_page(address: str) -> bool:
    try:
        match = resolve(address)
    except Resolver404:
        return False
    return match.namespace == "web" and getattr(match.func, "door_kind", "") == "staff"


def _framed(request: HttpRequest, template: str, context: dict[str, Any]) -> str:
    base = "web/base.html" if hand_of(request) is not None and frame(request).get("signed_in") else "web/entrance.html"
    try:
        return render_to_string(template, context | {"base": base}, request=request)
    except NoReverseMatch:
        return render_to_string(template, context | {"base": "web/entrance.html"}, request=request)


def versions(request: HttpRequest, error: Stale) -> tuple[Any, Any]:
    """Both versions, label by label. A kept thing is read out only for whoever may read it, and never what is sealed in it."""
    if not isinstance(error.mine, Kept):
        return error.mine, error.theirs
    hand, model = hand_of(request), type(error.mine)
    open_ = model._meta.app_label == "mission" or getattr(model, "access_path", None) is not None
    now = visible(hand, model.objects.filter(pk=error.mine.pk)).first() if hand is not None and open_ else None
    return (_read_out(error.mine), _read_out(now)) if now is not None else (None, None)


def _read_out(thing: Kept) -> dict[str, str]:
    hidden = {"id", "entry", "access", "key", *getattr(type(thing), "SEALED", ())}
    fields = [one for one in type(thing)._meta.concrete_fields if one.name not in hidden and one.editable]
    return {str(one.verbose_name).capitalize(): _value(thing, one) for one in fields}


def _value(thing: Kept, field: Any) -> str:
    value = getattr(thing, f"get_{field.name}_display")() if field.choices else getattr(thing, field.name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def pairs(mine: Any, theirs: Any) -> list[dict[str, Any]]:
    """Where both versions differ, label by label. Only dictionaries are shown: whoever raises has left out what the reader may not see."""
    mine = mine if isinstance(mine, dict) else {}
    theirs = theirs if isinstance(theirs, dict) else {}
    labels = [*mine, *(label for label in theirs if label not in mine)]
    return [
        {"label": label, "mine": mine.get(label, ""), "theirs": theirs.get(label, "")}
        for label in labels
        if mine.get(label) != theirs.get(label)
    ]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django could not read."""
    return refuse(request, (_known(exception) if exception else None) or BadInput(BROKEN_BYTES))


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address nobody knows: the same page as a thing one may not see."""
    return refuse(request, NotThere())


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django refuses."""
    return refuse(request, Refused("This is not open to you."))


def form_out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this sign-in."""
    return refuse(request, OldForm("This form belongs to another sign-in, or came from another site. Open the page again, then send it."))


class OldForm(Refused):
    """A form that does not carry this session's token."""

    code = "old_form"


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. What was sent is not repeated anywhere."""
    return refuse(
        request,
        FairwitnessError("A fault of ours stopped this. Nothing was half-written. Whoever keeps this node finds it in the node's log."),
    )
