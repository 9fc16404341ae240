"""Gather what an analysis set may hold: lines without anybody in them, and how many stayed behind, table by table and key by key.

The rule it guards: every column is named here, one by one, so that nothing leaves because it happened to stand in a row. Places are
lifted to their municipality, moments become days, ids become numbers that mean nothing outside the set. What the taker may not see
is not even counted among what was withheld.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from fairwitness.analyse.fetch import Row, fetch
from fairwitness.mission.access import visible
from fairwitness.mission.models import Member, Place
from fairwitness.mission.name_places import names_of
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.models import Activity, Claim, Coverage, Event, Observation, Restriction, SourceLink
from fairwitness.monitor.models.observation import STATE_OF_MEANS
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry
from fairwitness.share.gate import told_by
from fairwitness.verify.lift import MUNICIPALITY, municipality_of
from fairwitness.verify.models import Check, Obligation

Allowed = Callable[[frozenset[UUID]], frozenset[UUID]]
TIMED = ["place_id", "kind", "occurred_from", "precision", "sensitivity"]
COUNTED = ["count_low", "count_high", "qualifier"]


@dataclass(slots=True)
class Gathered:
    """The rows of each table, the claims they rest on, what was withheld and why in numbers, and who takes it."""

    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    claims: frozenset[UUID] = frozenset()
    withheld: dict[str, dict[str, int]] = field(default_factory=dict)
    taker: str = ""


def gather(by: Hand, *, ceiling: int, allowed: Allowed, until: date | None, as_of: datetime | None) -> Gathered:
    """Everything this hand may see and take out, up to a weight. `allowed` says which claims their sources allow."""
    return _Gathering(by, ceiling, until, as_of).all(allowed)


class _Gathering:
    """One gathering: what was asked, and what every table needs (the zone, the municipalities, when each thing was first recorded)."""

    def __init__(self, by: Hand, ceiling: int, until: date | None, as_of: datetime | None) -> None:
        self.by, self.ceiling, self.until, self.as_of = by, ceiling, until, as_of
        self.zone = ZoneInfo(mission_zone())
        self.found = Gathered()
        self.rows: dict[str, list[Row]] = {}
        self.keys = _place_keys()

    def all(self, allowed: Allowed) -> Gathered:
        observations = self._fetch("observations", Observation, [*TIMED, *COUNTED, "means"], "occurred_from")
        claims = self._fetch("claims", Claim, [*TIMED, *COUNTED, "state"], "occurred_from")
        wanted = frozenset(row["id"] for row in claims)
        self.found.claims = allowed(wanted)
        claims = self._keep("claims", claims, self.found.claims)
        links = fetch(self.by, SourceLink, ["event_id", "observation_id", "claim_id", "relation", "undone"], Q(undone=False), self.as_of)
        lines = {row["id"] for row in (*observations, *claims)}
        numbers, tied = self._events([link for link in links if not link["undone"]], lines)
        order = self._line_numbers([*observations, *claims])
        seen = {"observations": (Observation, observations), "claims": (Claim, claims)}
        for table, (model, rows) in seen.items():
            first = self._recorded(model)
            self.found.tables[table] = sorted(self._line(row, order, numbers, tied, first, table) for row in rows)
        self._activities()
        self._coverage()
        self._restrictions()
        self._checks(allowed)
        self.found.tables["places"] = self._places()
        self.found.taker = Member.objects.get(pk=self.by.member).code if self.by.member else "command line of the node"
        return self.found

    def _fetch(self, table: str, model: Any, fields: Sequence[str], when: str) -> list[Row]:
        """What may be seen and is not heavier than may go, now and then; up to the last day asked."""
        light = set(visible(self.by, model.objects.filter(sensitivity__lte=self.ceiling)).values_list("id", flat=True))
        rows = [row for row in fetch(self.by, model, fields, Q(), self.as_of) if self.until is None or self._in_time(row[when])]
        kept = [row for row in rows if row["id"] in light and row["sensitivity"] <= self.ceiling]
        self.found.withheld[table] = {"marking": len(rows) - len(kept)}
        return kept

    def _in_time(self, at: datetime | date | None) -> bool:
        day = at.astimezone(self.zone).date() if isinstance(at, datetime) else at
        return day is None or self.until is None or day <= self.until

    def _keep(self, table: str, rows: list[Row], allowed: Iterable[UUID]) -> list[Row]:
        yes = set(allowed)
        kept = [row for row in rows if row["id"] in yes]
        self.found.withheld[table]["consent"] = len(rows) - len(kept)
        return kept

    def _events(self, links: Sequence[Row], lines: set[UUID]) -> tuple[dict[UUID, int], dict[UUID, UUID]]:
        """Numbers of the events, and to which event each line belongs. An event known only from lines that stay behind stays behind."""
        ends: dict[UUID, set[UUID]] = {}
        for link in links:
            ends.setdefault(link["event_id"], set()).add(link["observation_id"] or link["claim_id"])
        rows = self._fetch("events", Event, TIMED, "occurred_from")
        kept = [row for row in rows if row["id"] not in ends or ends[row["id"]] & lines]
        self.found.withheld["events"]["consent"] = len(rows) - len(kept)
        drawn = secrets.SystemRandom().sample(kept, len(kept))
        numbers = {row["id"]: number for number, row in enumerate(drawn, 1)}
        first = self._recorded(Event)
        self.found.tables["events"] = [
            (numbers[row["id"]], self._place(row), *self._when(row), row["kind"], first.get(str(row["id"]))) for row in drawn
        ]
        tied = {end: link["event_id"] for link in links if link["relation"] == "same" and link["event_id"] in numbers
                for end in [link["observation_id"] or link["claim_id"]] if end in lines}  # fmt: skip
        return numbers, tied

    def _line_numbers(self, rows: Sequence[Row]) -> dict[UUID, int]:
        """Numbers in the order of time, so that the earliest source of an event stays the earliest; nothing else is in them."""
        late = datetime.max.replace(tzinfo=UTC)
        timed = sorted((row["occurred_from"] or late, row["id"]) for row in rows)
        return {one: number for number, (_, one) in enumerate(timed, 1)}

    def _line(self, row: Row, order: Mapping[UUID, int], numbers: Mapping[UUID, int], tied: Mapping[UUID, UUID], first: Mapping[str, date],
              table: str) -> tuple[Any, ...]:  # fmt: skip
        event = numbers.get(tied[row["id"]]) if row["id"] in tied else None
        stream = "told" if table == "claims" else STATE_OF_MEANS.get(row["means"], "recorded")
        day, precision = self._when(row)
        state = row["state"] if table == "claims" else ""
        return (order[row["id"]], event, stream, self._place(row), day, precision, row["kind"], row["count_low"], row["count_high"],
                row["qualifier"], state, first.get(str(row["id"])))  # fmt: skip

    def _activities(self) -> None:
        fields = ["place_id", "kind", "state", "planned_from", "started", "ended", "members", "sensitivity"]
        first = self._recorded(Activity)
        rows = []
        for row in self._fetch("activities", Activity, fields, "started"):
            at = row["started"] or row["planned_from"]
            hours = (row["ended"] - row["started"]).total_seconds() / 3600 if row["ended"] and row["started"] else None
            day = at.astimezone(self.zone).date() if at else None
            rows.append((self._place(row), day, row["kind"], row["state"], hours, row["members"], first.get(str(row["id"]))))
        self._set("activities", rows)

    def _coverage(self) -> None:
        first = self._recorded(Coverage)
        rows = []
        for row in self._fetch("coverage", Coverage, ["place_id", "means", "since", "until", "operational", "sensitivity"], "since"):
            for day, hours in _days(row["since"], row["until"], self.zone):
                if self.until is None or day <= self.until:
                    rows.append((self._place(row), day, row["means"], row["operational"], hours, first.get(str(row["id"]))))
        self._set("coverage", rows)

    def _restrictions(self) -> None:
        first = self._recorded(Restriction)
        rows = []
        for row in self._fetch("restrictions", Restriction, ["place_id", "kind", "began", "ended", "sensitivity"], "began"):
            minutes = int((row["ended"] - row["began"]).total_seconds() // 60) if row["ended"] else None
            rows.append((self._place(row), row["began"].astimezone(self.zone).date(), row["kind"], minutes, first.get(str(row["id"]))))
        self._set("restrictions", rows)

    def _checks(self, allowed: Allowed) -> None:
        fields = ["place_id", "obligation_id", "checked_on", "value", "numerator", "denominator", "sensitivity"]
        rows = self._fetch("checks", Check, fields, "checked_on")
        told = told_by({"kind": "verify.check", "id": str(row["id"])} for row in rows)
        resting = frozenset(claim for claims in told.values() for claim in claims)
        yes = allowed(resting)
        self.found.claims |= yes
        kept = self._keep("checks", rows, [row["id"] for row in rows if told.get(str(row["id"]), set()) <= yes])
        codes = dict(Obligation.objects.filter(pk__in={row["obligation_id"] for row in kept}).values_list("id", "code"))
        first = self._recorded(Check)
        self._set("checks", [
            (self._place(row), row["checked_on"], codes.get(row["obligation_id"]), row["value"], row["numerator"], row["denominator"],
             first.get(str(row["id"]))) for row in kept
        ])  # fmt: skip

    def _set(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        self.found.tables[table] = sorted(rows, key=lambda row: tuple((cell is None, str(cell)) for cell in row))

    def _place(self, row: Row) -> str | None:
        return self.keys.get(row["place_id"])

    def _places(self) -> list[tuple[Any, ...]]:
        rows = list(Place.objects.filter(pk__in=set(self.keys)))
        names = names_of([row.pk for row in rows])
        return sorted((self.keys[row.pk], names.get(row.pk, ""), row.kind, row.ended) for row in rows if row.kind == MUNICIPALITY)

    def _when(self, row: Row) -> tuple[date | None, str]:
        at, precision = row["occurred_from"], row["precision"] or "minute"
        if at is None or precision in ("year", "unknown"):
            return None, "unknown"
        day = at.astimezone(self.zone).date()
        return (day.replace(day=1), "month") if precision == "month" else (day, "day")

    def _recorded(self, model: Any) -> dict[str, date]:
        """The day on which each thing was first recorded."""
        found = Entry.objects.filter(kind=model.kind_on_record()).values("subject").annotate(first=Min("recorded"))
        return {one["subject"]: datetime.fromisoformat(one["first"]).astimezone(self.zone).date() for one in found}


def _place_keys() -> dict[UUID, str]:
    """For every place the key of its municipality, of an area above the municipalities its own; what lies in none has no key."""
    rows = {row[0]: row[1:] for row in Place.objects.values_list("id", "parent_id", "kind", "authority", "code")}
    above: set[UUID] = set()
    for parent, kind, _, _ in rows.values():
        at = parent if kind == MUNICIPALITY else None
        while at is not None and at not in above:
            above.add(at)
            at = rows[at][0] if at in rows else None
    found = {}
    for one, lifted in municipality_of(rows).items():
        _, kind, authority, code = rows[lifted]
        if kind == MUNICIPALITY or lifted in above:
            found[one] = f"{authority}:{code}" if code else f"place-{lifted.hex[-8:]}"
    return found


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> Iterable[tuple[date, float]]:
    """The days of a window where the mission is, with the hours of each; a day on which clocks change has 23 or 25."""
    day, last = since.astimezone(zone).date(), max(since, until - timedelta(microseconds=1)).astimezone(zone).date()
    while day <= last:
        begin = datetime.combine(day, time.min, zone)
        end = datetime.combine(day + timedelta(days=1), time.min, zone)
        hours = (min(until, end.astimezone(until.tzinfo)) - max(since, begin.astimezone(since.tzinfo))).total_seconds() / 3600
        yield day, hours
        day += timedelta(days=1)
