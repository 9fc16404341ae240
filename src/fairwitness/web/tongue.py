"""Tongue: in which language and script a page is read.

`?lang=sr-latn` on any page chooses it, and this browser remembers; without a choice the browser's own wish counts. A link, not a
form: it works without script on both doors, changes nothing but the reader's view, and what was typed into a form waits as its
draft. The record and its language never change with the reader's. Some languages are read at the public door alone: there every
sentence is translated, and a staff page half in one language and half in another would be misread.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import gettext as _

PARAMETER = "lang"
TAGS = {"sr": "sr-Cyrl", "sr-cyrl": "sr-Cyrl", "sr-latn": "sr-Latn"}
YEAR = 365 * 24 * 60 * 60


class TongueMiddleware(LocaleMiddleware):
    """As Django's, with a choice in the address. An unknown language in the address is passed over."""

    def process_request(self, request: HttpRequest) -> None:
        """Speak the chosen language for this request."""
        chosen = _chosen(request) or _remembered_at_the_public_door(request)
        if chosen is None:
            super().process_request(request)
            return
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        """Remember the choice in this browser: the code of a language and nothing else."""
        made: HttpResponse = super().process_response(request, response)  # type: ignore[assignment]
        chosen = _chosen(request)
        if chosen is not None:
            made.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
        return made


def tag(language: str | None) -> str:
    """The language of the page as browsers and readers name it: Serbian says its script."""
    return TAGS.get(language or "en", language or "en")


def _chosen(request: HttpRequest) -> str | None:
    said = request.GET.get(PARAMETER, "") if request.method in ("GET", "HEAD") else ""
    return said if said in dict(_offered(request)) else None


def _remembered_at_the_public_door(request: HttpRequest) -> str | None:
    """A language the middleware of the framework would not take from the browser, because it is none of the staff pages'."""
    said = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return said if said in dict(settings.PUBLIC_LANGUAGES) and _at_public_door(request) else None


def _at_public_door(request: HttpRequest | None) -> bool:
    return request is not None and request.path_info.startswith("/public/")


def _offered(request: HttpRequest | None) -> list[tuple[str, str]]:
    return [*settings.LANGUAGES, *(settings.PUBLIC_LANGUAGES if _at_public_door(request) else [])]


def unreviewed() -> str:
    """What a page in a language of the public door alone says of its translation; nothing in the others, whose state the docs give."""
    if translation.get_language() not in dict(settings.PUBLIC_LANGUAGES):
        return ""
    return _("No speaker of this language has reviewed this translation yet. English is the text that counts.")


def languages(request: HttpRequest | None) -> list[dict[str, Any]]:
    """The languages of the pages: code as browsers name it, name in itself, address of this page in it, whether it is this one.

    Without a request the address repeats nothing of what was asked: for refusals.
    """
    now = translation.get_language() or settings.LANGUAGE_CODE
    made = []
    for code, name in _offered(request):
        asked = request.GET.copy() if request is not None else QueryDict(mutable=True)
        asked[PARAMETER] = code
        made.append({"code": tag(code), "name": name, "href": f"?{asked.urlencode()}", "current": code == now})
    return made
