"""Score the ledger: how many warnings were answered, how long before the horizon they came, how many came to pass.

The rule it guards: every figure stands with its n, no percentage is made of fewer than ten, and warnings whose outcome was
confounded by action, expired unknown or were withdrawn are named beside the hit rate and not counted in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.verify.models import share
from fairwitness.warn.models import Warning

HITS, JUDGED = ("occurred", "milder"), ("occurred", "milder", "not")
LEFT_OUT = {
    "acted": gettext_lazy("action was taken"),
    "unknown": gettext_lazy("outcome unknown"),
    "withdrawn": gettext_lazy("withdrawn"),
    "": gettext_lazy("not yet judged"),
}
WORDS = (
    "Hit rate: warnings that occurred as warned, or milder or elsewhere, of those judged to have occurred or not. Left out: action was "
    "taken (the response confounds the outcome), unknown, withdrawn, not yet judged. Unanswered: no response of any kind. Lead time: whole "
    "days from issue to the end of the horizon; the median. Of fewer than ten, no percentage is made."
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How much of a warning's horizon is left: whole days left, days in all, percent used; and whether its outcome is due."""

    left: int
    total: int
    used: int
    due: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The ledger in figures. Shares are words that carry their n: `3 of 7`, `9 of 12 (75 %)`, or nothing."""

    issued: int
    unanswered: int
    hits: int
    judged: int
    left_out: dict[str, int]
    lead_days: int | None
    days_to_answer: int | None
    answered: int

    @property
    def hit_rate(self) -> str:
        """Hits of those judged."""
        return share(self.hits, self.judged)

    @property
    def share_unanswered(self) -> str:
        """Unanswered of those issued."""
        return share(self.unanswered, self.issued)


def horizon(warning: Warning, on: date | None = None, zone: str = "") -> Horizon:
    """The horizon of a warning, on a day. Lists hand in the mission's zone, so that it is not asked for again for each line."""
    day, began = on or today(), _issued(warning, zone)
    total = max(1, (warning.horizon_ends - began).days)
    left = max(0, (warning.horizon_ends - day).days + 1) if day <= warning.horizon_ends else 0
    left = min(left, total)
    return Horizon(left, total, round(100 * (total - left) / total), not warning.outcome and day > warning.horizon_ends)


def score(warnings: Iterable[Warning]) -> Score:
    """The figures of these warnings (of those the reader may see: the caller gives them)."""
    listed = list(warnings)
    outcomes = [one.outcome for one in listed]
    first = [min((reply.responded for reply in one.responses.all()), default=None) for one in listed]
    waited = [(day - _issued(one)).days for one, day in zip(listed, first, strict=True) if day is not None]
    lead = [(one.horizon_ends - _issued(one)).days for one in listed]
    return Score(
        issued=len(listed), unanswered=sum(1 for day in first if day is None), hits=sum(1 for one in outcomes if one in HITS),
        judged=sum(1 for one in outcomes if one in JUDGED),
        left_out={reason: n for reason in LEFT_OUT if (n := outcomes.count(reason))},
        lead_days=_middle(lead), days_to_answer=_middle(waited), answered=len(waited),
    )  # fmt: skip


def due_for_judgement(warnings: Iterable[Warning], on: date | None = None) -> list[Warning]:
    """Those whose horizon has ended and whose outcome nobody has written down yet, longest waiting first."""
    return sorted((one for one in warnings if horizon(one, on).due), key=lambda one: one.horizon_ends)


def _issued(warning: Warning, zone: str = "") -> date:
    return warning.issued.astimezone(ZoneInfo(zone or mission_zone())).date()


def _middle(days: list[int]) -> int | None:
    return int(median(days)) if days else None
