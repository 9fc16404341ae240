"""Locate a picture: open what the camera wrote of place, owner and machine.

When and with what it was taken is told to whoever may open the picture. Where points at a doorstep, and whose camera it was at a
person. The rule it guards: these are opened by those alone who have that right, one picture at a time, and each opening goes on
record before the words are read.
"""

from __future__ import annotations

import json

from fairwitness.errors import OutOfOrder
from fairwitness.mission.access import require
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Attachment
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.seal import unseal
from fairwitness.record.verbs import Verb


def facts_of(attachment: Attachment) -> dict[str, str]:
    """When and with what a picture was taken, as the camera says. Raises Gone."""
    facts: dict[str, str] = json.loads(unseal(attachment.facts) or "{}")
    facts.pop("likeness", None)
    return facts


def locate_picture(attachment: Attachment, *, by: Hand) -> dict[str, str]:
    """Where a picture was taken and whose camera it was, as the camera says. Raises Refused, NotThere, OutOfOrder, Gone."""
    seen(by, attachment)
    require(by, Verb.ATTACHMENT_LOCATE, attachment)
    if not attachment.whereabouts:
        raise OutOfOrder("The camera wrote nothing of place or owner into {code}.", code=attachment.code)
    note(by=by, verb=Verb.ATTACHMENT_LOCATE, kind="monitor.attachment", subject=attachment.id, content={"code": attachment.code})
    found: dict[str, str] = json.loads(unseal(attachment.whereabouts))
    return found
