"""The kept things of monitoring. Four are always confused and are kept apart: activity, observation, claim, assessment."""

from fairwitness.monitor.models.activity import Activity, ActivityMember, Coverage, Restriction
from fairwitness.monitor.models.attachment import Attachment, Depicted, PictureConsent
from fairwitness.monitor.models.event import Event, SourceLink
from fairwitness.monitor.models.observation import Observation
from fairwitness.monitor.models.source import Claim, Consent, Identity, Source
from fairwitness.monitor.models.talk import Assignment, Comment, Mention
from fairwitness.monitor.models.told import ConsentText

__all__ = [
    "Activity", "ActivityMember", "Assignment", "Attachment", "Claim", "Comment", "Consent", "ConsentText", "Coverage", "Depicted", "Event",
    "Identity", "Mention", "Observation", "PictureConsent", "Restriction", "Source", "SourceLink",
]  # fmt: skip
