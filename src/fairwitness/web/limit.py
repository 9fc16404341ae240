"""Limit: how often one may try the door, so that guessing is slow and nobody can lock a colleague out.

Tries are counted for an address, and for a name *from that address*; never for a name alone, since whoever knows a
name could then shut its owner out. A try takes a numbered place of the present quarter of an hour in a table all
processes share, so two tries at once cannot take one place; a right password gives its place back. An IPv6
connection counts by its network (/64), since one subscriber has as many addresses as they like.

A browser in which a name was signed in before carries a signed cookie and counts by itself: whatever others try from the
same office, its owner's way in stays open. A new password ends what was known of browsers.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from fairwitness.errors import TooFast

WINDOW = 15 * 60
PER_ADDRESS = 60
PER_NAME_THERE = 10
DEVICE = "fairwitness_device"
DEVICE_AGE = 60 * 60 * 24 * 180


class Waiting(TooFast):
    """A try came too soon. `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            "Too many tries from where you are. Wait {minutes} minutes, then try again. Nobody else is kept out.",
            minutes=max(1, -(-seconds // 60)),
        )


def clock() -> int:
    """Whole seconds of the node's clock."""
    return int(time.time())


def address_of(request: HttpRequest) -> str:
    """Where the request came from: the connection's own address unless trusted proxies are set. IPv6 by its /64."""
    try:
        found = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def take_turn(request: HttpRequest, name: str, step: str = "password") -> list[str]:
    """Take a place for this try. Raises Waiting when none is left; returns the places, to be given back when the try was right."""
    name = name.strip().casefold()
    device = _device(request, name)
    if device:
        return [_place("device", step, device, most=PER_NAME_THERE)]
    place = address_of(request)
    taken = [_place("address", step, place, most=PER_ADDRESS)]
    try:
        taken.append(_place("pair", step, place, name, most=PER_NAME_THERE))
    except Waiting:
        give_back(taken)
        raise
    return taken


def know_device(response: HttpResponse, account: Any) -> HttpResponse:
    """Let this browser count by itself when this name signs in here again, until its password changes."""
    value = signing.dumps([account.username.casefold(), secrets.token_hex(8), _of_password(account)], salt=DEVICE)
    response.set_cookie(
        DEVICE, value, max_age=DEVICE_AGE, path="/accounts/", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


def _device(request: HttpRequest, name: str) -> str:
    try:
        known, device, password = signing.loads(request.COOKIES.get(DEVICE, ""), salt=DEVICE, max_age=DEVICE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    if known != name:
        return ""
    # Only a browser that signed in under this name comes this far: asking the database tells a stranger nothing.
    account = get_user_model()._default_manager.filter(username__iexact=name, is_active=True).first()
    return str(device) if account is not None and secrets.compare_digest(str(password), _of_password(account)) else ""


def _of_password(account: Any) -> str:
    """Changes with the password: a reset also ends the browsers known under the old one."""
    return str(account.get_session_auth_hash())[:16]


def give_back(places: list[str]) -> None:
    """A right try costs nothing."""
    cache.delete_many(places)


def _place(*what: str, most: int) -> str:
    now = clock()
    key = f"limit:{hashlib.sha256(chr(0).join(what).encode()).hexdigest()[:40]}:{now // WINDOW}"
    first = int(cache.get(key, 0))
    for number in [*range(first, most), *range(min(first, most))]:
        if cache.add(f"{key}:{number}", 1, WINDOW):
            cache.set(key, number + 1, WINDOW)
            return f"{key}:{number}"
    raise Waiting(WINDOW - now % WINDOW)
