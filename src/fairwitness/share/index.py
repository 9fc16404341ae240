"""Index: by which words releases are found by the staff. The public door has no search."""

from __future__ import annotations

from fairwitness.mission.index import Line, indexed, left_out, mark
from fairwitness.record.verbs import Verb
from fairwitness.share.models import PictureRelease, Release


@indexed(Release, Verb.REPORT_READ)
def _release(one: Release) -> Line:
    return Line(one.access, f"{one} {one.title} {one.audience}", one.published, facts=(mark("value", one.audience),))


@indexed(PictureRelease, Verb.REPORT_READ)
def _picture(one: PictureRelease) -> Line:
    return Line(one.access, f"{one.caption} {one.credit} {one.audience}", one.published, facts=(mark("value", one.audience),))


left_out("read on the pages of the gate", "share.agreement", "share.marking")
left_out("ties a release to a claim", "share.releaseclaim")
