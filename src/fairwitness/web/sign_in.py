"""Sign-in: name and password, then a second factor (a code, a passkey, a recovery code).

Nobody registers from outside. A failed sign-in never tells whether the name exists: an unknown name, a wrong password
and a closed account give the same page after the same work. Tries are limited (see `limit`) so that nobody can be locked out
by somebody else. Where the node requires a second factor, an account without one sets it up before anything else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fairwitness.record.seal import seal, unseal
from fairwitness.web.enrol import told_about
from fairwitness.web.limit import address_of, give_back, know_device, take_turn

SEEN = "fairwitness_seen"


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Who a session belongs to: the account together with its member, in one question a page."""

    def get_user(self, user_id: Any) -> Any:
        """The open account of this session, or None."""
        found = get_user_model()._default_manager.select_related("member").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The door's rules for passwords."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Name and password do not go together. Type both again; capital letters count in the password."),
    }

    def is_open_for_signup(self, request: object) -> bool:
        """Accounts are made by those who enrol members."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a place among the tries of this address, or be asked to wait."""
        self._places = take_turn(request, str(credentials.get("username", "")))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The account, or None: a closed account is as unknown as a name nobody has."""
        found = super().authenticate(request, **credentials)
        return found if found is not None and found.is_active else None

    def _rollback_login_failed_rl_usage(self) -> None:
        give_back(self._places)

    def respond_user_inactive(self, request: HttpRequest, user: object) -> HttpResponse:
        """A closed account is sent to the door again."""
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: Any, **values: Any) -> Any:
        """Write into the session where and when it began, so that its owner can tell it from others."""
        agent = request.META.get("HTTP_USER_AGENT", "")[:200]
        request.session[SEEN] = {"at": datetime.now(UTC).isoformat(), "from": address_of(request), "with": agent}
        response = know_device(super().post_login(request, user, **values), user)
        before = getattr(request, "_signed_in_before", None)
        if before is not None and not request.GET.get("next") and not request.POST.get("next") and told_about(user.member_id, before):
            response["Location"] = reverse("web:me")  # what others did to this account stands there
        return response

    def login(self, request: HttpRequest, user: Any) -> None:
        """Remember when this name was last here, before that is overwritten."""
        request._signed_in_before = user.last_login  # type: ignore[attr-defined]
        super().login(request, user)

    def send_notification_mail(self, *args: Any, **values: Any) -> None:
        """A node has no mail of its own: what changed stands on the page about oneself."""


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: codes, passkeys, recovery codes. Their secrets are sealed at rest with a key outside the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is neither the code of this minute nor an unused recovery code."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal("node:second-factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is required, the last one stays until another is there."""
        if settings.SECOND_FACTOR != "required" or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


class PasswordForm(LoginForm):  # type: ignore[misc]
    """Name and password, each with its label and nothing written inside."""

    def __init__(self, *given: Any, **values: Any) -> None:
        """As the library's, in the words of the house."""
        super().__init__(*given, **values)
        self.fields["login"].label = _("Name")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.setdefault("maxlength", "300")


class _Limited:
    """A form of codes whose tries are counted like those of passwords."""

    user: Any

    def __init__(self, *given: Any, **values: Any) -> None:
        """As the library's, with nothing written inside the field."""
        super().__init__(*given, **values)
        self.fields["code"].widget.attrs.pop("placeholder", None)  # type: ignore[attr-defined]

    def clean_code(self) -> Any:
        """Take a place, check the code, give the place back when it was right."""
        places = take_turn(context.request, self.user.username, "code")
        code = super().clean_code()  # type: ignore[misc]
        give_back(places)
        return code


class CodeForm(_Limited, AuthenticateForm):  # type: ignore[misc]
    """The code asked for at sign-in."""


class CodeAgainForm(_Limited, ReauthenticateForm):  # type: ignore[misc]
    """The code asked for before something weighty."""


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: unless unticked, one that signs in by itself, as the sign-in page promises."""

    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without name and password"), required=False, initial=True,
        help_text=_("This device then asks for your finger, face or PIN. Without the tick it is a second factor beside your password."),
    )  # fmt: skip


def lacks_second_factor(account: Any) -> bool:
    """Whether this account must set up a second factor before anything else."""
    if settings.SECOND_FACTOR != "required":
        return False
    factors = Authenticator.objects.filter(user_id=account.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return not factors.exists()


def factors(account: Any) -> list[Authenticator]:
    """The second factors of an account, oldest first."""
    return list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at"))
