"""List restrictions: what stands behind the asterisk of a daily report, each time a patrol was refused, or delayed, or given conditions.

A daily report says what was perceived; whoever reads "no explosions" must find beside it where the mission was not let through. The list
fills itself from the register: by whom, towards where, how many were stopped, the reason in the words in which it was given, what came of
it. The rule it guards: zero is not quiet; and a restriction marked heavier than the report, or than mission internal, is not in the list.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Term
from fairwitness.mission.name_places import names_of
from fairwitness.monitor.models import Restriction
from fairwitness.report.blocks import Block, block
from fairwitness.report.count import moments, units_below
from fairwitness.report.models import Report
from fairwitness.report.printable import Table
from fairwitness.report.read import date_of

CAPTION = "* Restrictions of movement and access"
COLUMNS = ("When", "Where", "What", "By whom, and the reason in their words", "Towards", "Stopped", "What came of it")


@block("restrictions")
def asterisk_list(report: Report) -> Block | None:
    """The list of a daily report; None for other reports and for a day without restrictions."""
    found = restrictions_of(report)
    if not found:
        return None
    names = names_of({one.place_id for one in found}, report.audience, date_of(report))
    kinds = dict(Term.objects.filter(vocabulary="restriction").values_list("code", "label"))
    rows = tuple(_row(one, names[one.place_id], str(kinds.get(one.kind, one.kind)), ZoneInfo(report.time_zone)) for one in found)
    times = ngettext("%(n)d time", "%(n)d times", len(found)) % {"n": len(found)}
    note = f"Where the mission was not let through, it could not look: {times} on record for this report."
    table = Table(CAPTION, COLUMNS, rows, note, places=tuple(sorted({str(one.place_id) for one in found})))
    return Block(tables=(table,), rests_on=tuple((one.kind_on_record(), one.pk, one.entry) for one in found))


def restrictions_of(report: Report) -> list[Restriction]:
    """The restrictions of the report's own units in its time, oldest first."""
    span = moments(report)
    if report.kind != "daily" or span is None:
        return []
    ceiling = min(report.sensitivity, int(Sensitivity.INTERNAL))
    held = Restriction.objects.filter(unit__in=units_below(report.unit_id), sensitivity__lte=ceiling)
    return list(held.filter(began__gte=span[0], began__lt=span[1]).order_by("began", "id"))


def _row(one: Restriction, place: str, kind: str, zone: ZoneInfo) -> tuple[str, ...]:
    minutes = one.minutes()
    until = f" to {one.ended.astimezone(zone):%H:%M} ({minutes} minutes)" if one.ended else ""
    reason = f": “{one.reason_quoted}” ({one.reason_language})" if one.reason_quoted else "; no reason given"
    stopped = [f"{many} {word}" for many, word in ((one.members, "members"), (one.vehicles, "vehicles")) if many is not None]
    return (
        f"{one.began.astimezone(zone):%H:%M}{until}", place, kind, f"{one.actor}{reason}", one.direction or "not stated",
        ", ".join(stopped) or "not stated", one.outcome or "not stated",
    )  # fmt: skip
