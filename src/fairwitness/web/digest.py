"""The daily mail: a member turns it on for an address, confirms that the address is theirs, and turns it off.

Off until asked for, and nothing is sent before it is confirmed. The rule it guards: nobody but the member who asked can confirm,
signed in, with the code that was sent there; and a page never makes this node write to strangers again and again.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.ask import Ask, page, sent, told
from fairwitness.web.digest_send import deliver
from fairwitness.web.digest_words import confirming
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.models import Account, Digest

AGAIN = timedelta(minutes=15)
HOLDS = timedelta(days=3)


class AddressForm(Ask):
    """Where the mail shall go."""

    address = forms.EmailField(
        label=lazy("Your address"), max_length=254, help_text=lazy("A mail with a link comes there first; open it to confirm.")
    )


@door(None, "GET", "POST")
def digest(request: StaffRequest) -> HttpResponse:
    """Whether it is on, and how to turn it on."""
    form = AddressForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            ask_for_mail(request.user, form.cleaned_data["address"])
            messages.info(request, _("A mail with a link is on its way. Open the link to confirm that the address is yours."))
            return redirect("web:digest")
    return page(request, "web/me/digest.html", {"form": form, "digest": _mine(request.user), "set": bool(settings.MAIL_HOST)})


def _mine(account: Account) -> Digest | None:
    return Digest.objects.filter(account=account).first()


def ask_for_mail(account: Account, address: str) -> None:
    """Send a code to an address and keep both. Raises BadInput where no server is set, too soon, or when the server takes nothing."""
    if not settings.MAIL_HOST:
        raise BadInput.of(Fault("address", say("cannot be used: this node has no mail server, and sends nothing")))
    now, before = datetime.now(UTC), _mine(account)
    if before is not None and now - before.asked < AGAIN:
        raise BadInput.of(Fault("address", say("was asked about a moment ago; look for the mail, and ask again in a quarter of an hour")))
    code, language = secrets.token_urlsafe(24), get_language() or settings.LANGUAGE_CODE
    Digest.ask(account, address, language, _hash(code), now)
    if not deliver(confirming(code, language), address):
        raise BadInput.of(Fault("address", say("could not be written to; the mail server took nothing. Check the address, or ask later")))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


@door(None, "GET", "POST")
def confirm(request: StaffRequest) -> HttpResponse:
    """Confirm with the code that was sent; a link that is merely opened, by whatever reads mails first, confirms nothing."""
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")[:100]
    if request.method == "POST":
        confirm_mail(request.user, code)
        messages.info(request, _("Confirmed. The mail comes once a day, when something needs you."))
        return redirect("web:digest")
    return page(request, "web/me/digest_confirm.html", {"code": code})


def confirm_mail(account: Account, code: str) -> None:
    """The address is the member's, if the code is the one that was sent to it. Raises BadInput."""
    mine, now = _mine(account), datetime.now(UTC)
    fits = mine is not None and mine.code and compare_digest(mine.code, _hash(code)) and now - mine.asked < HOLDS
    if mine is None or not fits:
        raise BadInput.of(Fault("code", say("is not the one that was sent to you, or is older than three days; ask for another mail")))
    mine.confirm(get_language() or mine.language, now)


@door(None, "POST")
def off(request: StaffRequest) -> HttpResponse:
    """Turn it off; the address is forgotten."""
    Digest.end(request.user)
    messages.info(request, _("Turned off. The address is forgotten."))
    return redirect("web:digest")


urls = [
    path("me/mail/", digest, name="digest"),
    path("me/mail/confirm/", confirm, name="digest_confirm"),
    path("me/mail/off/", off, name="digest_off"),
]
