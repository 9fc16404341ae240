"""Send the daily mail, as later work: to members who asked for it and confirmed their address, once a day and never twice.

Nothing is sent where no mail server is set. The day is taken before the mail leaves: a process that dies in between costs one mail and
never brings two. The rules it guards: a server that plainly took nothing is asked again, later and later; where it is not known whether
it took a mail, none follows that day; and no log says an address.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from fairwitness.mission.tell_time import mission_zone
from fairwitness.record.hand import Door, Hand
from fairwitness.web.digest_words import Letter, compose
from fairwitness.web.models import Digest

log = logging.getLogger("fairwitness.mail")
AT_ONCE = 20
"""Mails in one round of later work."""
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
PATIENCE = 15
"""Seconds a mail server may take for each answer."""
BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def send_due(now: datetime | None = None) -> int:
    """Send what is due. Returns how many mails left; 0 where no mail server is set, or before the hour."""
    if not settings.MAIL_HOST:
        return 0
    now = now or datetime.now(UTC)
    here = now.astimezone(ZoneInfo(mission_zone()))
    if here.hour < settings.MAIL_HOUR:
        return 0
    waiting = Digest.due(here.date(), now).select_related("account")[:AT_ONCE]
    return sum(_send(one, here.date(), now) for one in waiting)


def _send(one: Digest, day: date, now: datetime) -> int:
    if not one.take(day):
        return 0
    letter = compose(Hand(one.account.member_id, Door.STAFF), day, one.language)
    if letter is None:
        return 0
    if deliver(letter, one.address, mark=f"{day.isoformat()}.{one.pk}"):
        one.went()
        return 1
    one.give_back(now + WAITS[min(one.tries, len(WAITS) - 1)])
    return 0


def deliver(letter: Letter, address: str, *, mark: str = "") -> bool:
    """Hand one mail to the server. False when it plainly took nothing; True when it took it, or may have."""
    connection = get_connection(
        BACKEND, host=settings.MAIL_HOST, port=settings.MAIL_PORT, username=settings.MAIL_USER, password=settings.MAIL_PASSWORD,
        use_tls=settings.MAIL_SECURITY == "starttls", use_ssl=settings.MAIL_SECURITY == "tls", timeout=PATIENCE, fail_silently=False,
    )  # fmt: skip
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.error("The mail server did not open: %s. Trying again later.", type(error).__name__)
        return False
    try:
        connection.send_messages([_message(letter, address, mark, connection)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        log.error("The mail server refused a mail: %s. Trying again later.", type(error).__name__)
        return False
    except (OSError, smtplib.SMTPException) as error:
        log.error("The mail server fell silent over a mail: %s. It may have gone; no second one follows today.", type(error).__name__)
    finally:
        connection.close()
    return True


def _message(letter: Letter, address: str, mark: str, connection: Any) -> EmailMessage:
    """Plain text and nothing beside it. The same day's mail bears the same id, wherever it comes from."""
    headers = {"Auto-Submitted": "auto-generated"}
    if mark:
        headers["Message-ID"] = f"<{mark}@{settings.MAIL_FROM.rpartition('@')[2].strip('<> ')}>"
    return EmailMessage(letter.subject, letter.text, settings.MAIL_FROM, [address], headers=headers, connection=connection)
