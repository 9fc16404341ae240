"""Activity: we went there, to do this. With it: where we could perceive, and where we were kept out.

Zero is not quiet: a count means something only beside the coverage that stands here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept


class Activity(Handled, Kept):
    """A visit, patrol, meeting, interview, hearing, session or outreach: planned, then done or not done.

    Times are moments (UTC at rest) with the zone they were lived in beside them. The safety outcome is
    stated also when nothing happened.
    """

    KINDS: ClassVar = [
        ("visit", "Visit"), ("patrol", "Patrol"), ("meeting", "Meeting"), ("interview", "Interview"), ("hearing", "Hearing"),
        ("session", "Session"), ("outreach", "Outreach"), ("static-watch", "Static watch"), ("phone", "Telephone contact"),
        ("go-and-see", "Go-and-see visit"),
    ]  # fmt: skip
    PLANNED, DONE, NOT_DONE = "planned", "done", "not_done"
    STATES: ClassVar = [(PLANNED, "planned"), (DONE, "done"), (NOT_DONE, "not done")]
    SAFETY: ClassVar = [
        ("", "not stated"), ("none", "Nobody was hurt and nothing was damaged"), ("damage", "Something was damaged"),
        ("hurt", "Somebody was hurt"),
    ]  # fmt: skip

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=KINDS)
    purpose = models.CharField(max_length=300)
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="activities")
    institution = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="activities")
    state = models.CharField(max_length=8, choices=STATES, default=PLANNED)
    planned_from = models.DateTimeField(null=True)
    planned_until = models.DateTimeField(null=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=60)
    members = models.PositiveSmallIntegerField(null=True)
    vehicles = models.PositiveSmallIntegerField(null=True)
    route = models.CharField(max_length=500, blank=True, default="")
    coordination = models.CharField(max_length=500, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    safety = models.CharField(max_length=8, choices=SAFETY, blank=True, default="")
    safety_note = models.CharField(max_length=500, blank=True, default="")
    not_done_reason = models.CharField(max_length=300, blank=True, default="")
    public_source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """An end before its start is refused by the database, too."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="monitor_activity_order",
                condition=models.Q(ended__isnull=True) | models.Q(started__isnull=True) | models.Q(ended__gte=models.F("started")),
            ),
        ]


class ActivityMember(Kept):
    """A member who took part."""

    access_path: ClassVar[str] = "activity__access"

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="took_part")
    member = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once in an activity."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["activity", "member"], name="monitor_activity_member_once")]


class Coverage(Handled, Kept):
    """Where we could perceive, from when to when, by which means; or where we should have and could not, and why."""

    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="coverage")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="coverage")
    means = models.CharField(max_length=40)
    device = models.CharField(max_length=120, blank=True, default="")
    since = models.DateTimeField()
    until = models.DateTimeField()
    operational = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """Until is not before since."""

        constraints: ClassVar = [
            models.CheckConstraint(name="monitor_coverage_order", condition=models.Q(until__gte=models.F("since"))),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "since"], name="monitor_coverage_place")]


class Restriction(Handled, Kept):
    """Access refused, delayed or made conditional. `minutes` is computed from the times, whatever was typed."""

    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="restrictions")
    code = models.CharField(max_length=32, unique=True)
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=200)
    reason_quoted = models.TextField(blank=True, default="")
    reason_language = models.CharField(max_length=16, blank=True, default="")
    direction = models.CharField(max_length=120, blank=True, default="")
    vehicles = models.PositiveSmallIntegerField(null=True)
    members = models.PositiveSmallIntegerField(null=True)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    typed_minutes = models.PositiveIntegerField(null=True)
    time_zone = models.CharField(max_length=60)
    outcome = models.CharField(max_length=200, blank=True, default="")
    notified = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """An end before its beginning is refused by the database, too."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="monitor_restriction_order", condition=models.Q(ended__isnull=True) | models.Q(ended__gte=models.F("began"))
            ),
        ]

    def minutes(self) -> int | None:
        """Whole minutes between beginning and end; None while it lasts."""
        return None if self.ended is None else int((self.ended - self.began).total_seconds() // 60)

    def contradiction(self) -> str:
        """What the typed figure and the times disagree about, or nothing."""
        computed = self.minutes()
        if self.typed_minutes is None or computed is None or self.typed_minutes == computed:
            return ""
        return f"{self.typed_minutes} minutes were written; the times give {computed}. Both stand on record; reports print {computed}."
