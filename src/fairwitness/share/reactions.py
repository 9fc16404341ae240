"""Reactions of share: the second guard behind the first.

A withdrawal takes releases down in its own transaction (see `take_down`); an entry that came from another node, or a process that
was older than the rule, is caught here. The public log gets its checkpoint even when a process died after the act.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fairwitness.monitor.consent import touched
from fairwitness.monitor.models import Consent, PictureConsent
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import Hand
from fairwitness.record.react import on
from fairwitness.record.verbs import Verb
from fairwitness.share.publish_picture import end_with_giver, end_with_people
from fairwitness.share.take_down import end_with_consent


@on(Verb.CONSENT_WITHDRAW, since="start")
def end_releases(entry: Any, by: Hand) -> None:
    """End what still stands and may not."""
    consent = Consent.objects.filter(pk=UUID(entry.subject)).first()
    if consent is not None:
        claims = list(touched([consent]))
        end_with_consent(claims, by)
        end_with_giver(claims, by)
    face = PictureConsent.objects.filter(pk=UUID(entry.subject)).select_related("depicted__attachment").first()
    if face is not None:
        end_with_people([face.depicted.attachment], by)


@on(Verb.RELEASE_PUBLISH, Verb.RELEASE_TAKE_DOWN)
def sign_public_log(entry: Any, by: Hand) -> None:
    """Sign the public log up to its end; the newest signature again when nothing was added."""
    make_checkpoint("public")
