"""Every address of the house. Each room lists its own; the table person x URL x method reads this.

Of the sign-in library only what we use is reachable: signing in and out, the password, the second factors. Registration,
mail and sign-in through third parties do not exist here.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import URLPattern, URLResolver, include, path

from fairwitness.web import (
    analyse,
    assist,
    bring,
    digest,
    drafts,
    explain,
    find,
    home,
    institution_page,
    manage,
    mandate,
    me,
    monitor,
    pictures,
    place_page,
    public,
    public_pictures,
    pulse,
    recommend,
    record_pages,
    report,
    share,
    share_pictures,
    suggest,
    timeline,
    verify,
    warn,
)

accounts: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", factor.index, name="mfa_index"),
    path("2fa/authenticate/", factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
]

app_name = "web"
staff: list[URLPattern] = [
    *home.urls,
    *find.urls,
    *suggest.urls,
    *me.urls,
    *digest.urls,
    *explain.urls,
    *drafts.urls,
    *manage.urls,
    *mandate.urls,
    *place_page.urls,
    *timeline.urls,
    *institution_page.urls,
    *pictures.urls,
    *monitor.urls,
    *verify.urls,
    *analyse.urls,
    *warn.urls,
    *report.urls,
    *recommend.urls,
    *assist.urls,
    *share_pictures.urls,
    *share.urls,
    *record_pages.urls,
    *bring.urls,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(([*staff, *public_pictures.urls, *public.urls, *pulse.urls], "web"))),
    path("accounts/", include(accounts)),
]
handler400 = "fairwitness.web.refuse.bad_request"
handler403 = "fairwitness.web.refuse.not_allowed"
handler404 = "fairwitness.web.refuse.not_there"
handler500 = "fairwitness.web.refuse.broken"
