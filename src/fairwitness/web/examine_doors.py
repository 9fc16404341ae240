"""Examine the doors: what of the settings, the certificate and the accounts would let somebody in, or keep everybody out.

Part of `doctor`. The rule it guards: a mission in which nobody could reset a lost password any more, or whose pages go unencrypted to other
machines, learns of it from a sentence with its remedy and not on the day it matters.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db.models import Q
from django.utils import timezone

from fairwitness.mission.models import Grant, Tenure
from fairwitness.record.doctor import Symptom
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

HERE = {"localhost", "127.0.0.1", "[::1]"}
SOON = 30
"""Days before the end of a certificate at which a new one is asked for."""


def examine_doors() -> list[Symptom]:
    """Look at settings, certificate and accounts. It changes nothing."""
    return [*_closed(), *_certificate(), *_accounts(), *_deployed()]


def _closed() -> Iterator[Symptom]:
    others = sorted(set(settings.ALLOWED_HOSTS) - HERE)
    if others and not settings.SECURE:
        sentence = f"Other machines may call this node ({others[0]}), and its pages go unencrypted."
        remedy = "Give `fairwitness serve` --tls-cert and --tls-key, or set FAIRWITNESS_SECURE=1 behind a server that ends TLS."
        yield Symptom("tls", False, sentence, remedy)
    if settings.SECOND_FACTOR != "required" and not settings.FAIRWITNESS_DEMO:
        remedy = "Unset FAIRWITNESS_SECOND_FACTOR: a second factor is then asked for."
        yield Symptom("factor", False, "A password alone opens this node.", remedy)


def _certificate() -> Iterator[Symptom]:
    if not settings.TLS_CERT:
        return
    renew = "Have a new certificate made, put it in the same place, and start `fairwitness serve` again."
    try:
        read: dict[str, Any] = getattr(ssl, "_ssl")._test_decode_cert(settings.TLS_CERT)  # noqa: B009
        days = int((ssl.cert_time_to_seconds(read["notAfter"]) - time.time()) // 86400)
    except (OSError, ssl.SSLError, ValueError, KeyError, AttributeError):
        yield Symptom("certificate", False, f"{settings.TLS_CERT} cannot be read as a certificate.", renew)
        return
    sentence = f"The certificate is good for {days} more days." if days >= 0 else "The certificate ended."
    yield Symptom("certificate", days >= SOON, sentence, renew)
    named = {value.lower() for _kind, value in read.get("subjectAltName", ())}
    absent = [host for host in settings.ALLOWED_HOSTS if host not in HERE and host.strip("[]").lower() not in named]
    if absent:
        remedy = "Have one made that names every host of FAIRWITNESS_HOSTS."
        yield Symptom("certificate", False, f"The certificate does not name {absent[0]}.", remedy)
    key = Path(settings.TLS_KEY)
    if key.exists() and key.stat().st_mode & 0o077:
        yield Symptom("permissions", False, f"{key.name} can be read by other users of this machine.", f"Run: chmod 600 {key}")


def _accounts() -> Iterator[Symptom]:
    """Two persons reset a password: are there two who may?"""
    now = timezone.now()
    if not Account.objects.exists():
        return
    standing = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=now), verb=Verb.CREDENTIAL_RESET.value)
    held = Tenure.objects.filter(until__isnull=True, post__role__in=list(standing.values_list("role", flat=True)))
    able = Account.objects.filter(is_active=True, member__in=list(held.values_list("member_id", flat=True))).count()
    sentence = f"{able} members with an account may reset a password{'; it takes two' if able < 2 else ''}."
    yield Symptom("custodians", able >= 2, sentence, "Fill another post that resets passwords, and make its holder an account.")
    left = Account.objects.filter(is_active=True, member__left__isnull=False, member__left__lte=timezone.localdate()).count()
    if left:
        remedy = "Close them on the members' pages; no page opens to them meanwhile."
        yield Symptom("left", False, f"{left} members who left still have an open account.", remedy)


def _deployed() -> Iterator[Symptom]:
    """What the framework itself warns of, where other machines may call."""
    if not set(settings.ALLOWED_HOSTS) - HERE or not settings.SECURE:
        return
    said = StringIO()
    try:
        call_command("check", deploy=True, fail_level="WARNING", stdout=said, stderr=said)
    except SystemCheckError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.lstrip().startswith("?:")]
        yield Symptom("deploy", False, (lines or ["The framework's own check warns."])[0], "Unset what was set beside the settings.")
    else:
        yield Symptom("deploy", True, "The framework's own check for a mission's settings has nothing to say.")
