"""Touch: what rests on something seen or told, near and far: checks, findings, warnings, recommendations, reports, what left.

Whoever takes consent back on a source's behalf is told beforehand how far it reaches. The rule it guards: a thing is named only to
who may read it, and what may not be read is counted all the same, so that nobody takes “none that I see” for “none”.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fairwitness.analyse.models import Finding, FindingEvidence
from fairwitness.mission.access import visible
from fairwitness.monitor.models import Claim, Observation
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.report.models import Citation, Report
from fairwitness.share.models import Release, ReleaseClaim
from fairwitness.verify.models import Check, CheckEvidence
from fairwitness.warn.models import Warning, WarningBasis

MOST = 50


@dataclass(frozen=True, slots=True)
class Touched:
    """What rests on it: how many things in all, and those of them that this reader may open (at most fifty of a kind)."""

    total: int
    seen: int
    things: tuple[Any, ...]


def rests_on(bases: Iterable[Observation | Claim], by: Hand) -> Touched:
    """Everything that rests on these, of which this hand is shown what it may read."""
    own = {one.id for one in bases}
    checks = _ids(CheckEvidence.objects.filter(Q(claim_id__in=own) | Q(observation_id__in=own), undone=False), "check_of_id")
    near = Q(claim_id__in=own) | Q(observation_id__in=own) | Q(check_made_id__in=checks)
    findings = _ids(FindingEvidence.objects.filter(near, undone=False), "finding_id")
    base = Q(claim_id__in=own) | Q(observation_id__in=own) | Q(finding_id__in=findings)
    warnings = _ids(WarningBasis.objects.filter(base), "warning_id")
    cited = Citation.objects.filter(target__in=own | checks | findings | warnings, struck=False)
    reports = _ids(cited, "paragraph__report_id")
    asks = _ids(Recommendation.objects.filter(finding_id__in=findings), "id")
    left = _ids(ReleaseClaim.objects.filter(claim_id__in=own), "release_id") | _ids(Release.objects.filter(report_id__in=reports), "id")
    kinds: tuple[tuple[Any, set[UUID]], ...] = (
        (Release, left), (Report, reports), (Recommendation, asks), (Warning, warnings), (Finding, findings), (Check, checks),
    )  # fmt: skip
    things: list[Any] = []
    seen = 0
    for model, ids in kinds:
        open_ = visible(by, model.objects.filter(pk__in=ids))
        seen += open_.count()
        things += open_.order_by("-id")[:MOST]
    return Touched(sum(len(ids) for _, ids in kinds), seen, tuple(things))


def _ids(rows: QuerySet[Any], name: str) -> set[UUID]:
    return set(rows.values_list(name, flat=True))
