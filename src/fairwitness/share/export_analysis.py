"""Export an analysis set: tables for sums at a headquarters or a university, without anybody in them.

A set holds when, in which municipality, of which kind, how many and how surely; never who, never a word anybody said or wrote, never
a point on the map. It is a hand-over like any other: consent, caveat, agreement and clearance are asked for each line when the set is
made, and again in the very unit of work in which its leaving goes on record. The rule it guards: what its taker may not see or may not
carry away is not in it, how much stayed behind is said, and no set outlives its agreement or the first consent it rests on.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Min

from fairwitness.errors import BadInput, Fault, GateClosed, Refused, Stale, say
from fairwitness.mission.access import TOP, require, rights, why_not
from fairwitness.mission.handling import Sensitivity, Use
from fairwitness.mission.models import Counterpart, MissionProfile
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold_still import hold_sources_of
from fairwitness.monitor.models import Claim, Consent
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.read_log import snapshot
from fairwitness.record.verbs import Verb
from fairwitness.share.agree import in_force
from fairwitness.share.gate import consents
from fairwitness.share.gather_analysis import Gathered, gather
from fairwitness.share.models import Agreement
from fairwitness.share.write_tables import write_set

DAYS = 90
MOST_DAYS = 366
KIND = "share.analysis"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be taken out: into which folder, for whom, up to which day and weight, as on record when, to be used until when."""

    folder: Path
    partner: Counterpart | None = None
    caveats_read: bool = False
    marking: int = Sensitivity.INTERNAL
    until: date | None = None
    as_of: datetime | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class _Turned:
    """The keys as they turned: the heaviest thing that may go, and the agreement it goes under."""

    ceiling: int
    agreement: Agreement | None


def export_analysis(order: Order, *, by: Hand) -> dict[str, Any]:
    """Write the set; returns its manifest. Raises Refused, GateClosed, BadInput, Stale; then there is no folder.

    Whoever has no member's hand (the command line of the node) takes out what `marking` allows; a member, what its own rights allow.
    """
    _read(order, by.at)
    turned = _turn(order, by)
    with snapshot():
        gathered = gather(by, ceiling=turned.ceiling, allowed=lambda claims: _allowed(claims, order), until=order.until, as_of=order.as_of)
    manifest = _manifest(order, turned, gathered, by)
    half = order.folder.with_name(f".{order.folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    try:
        manifest = write_set(half, gathered.tables, manifest)
        with writing(by):
            hold_sources_of(gathered.claims)
            if _turn(order, by) != turned or _allowed(gathered.claims, order) != gathered.claims:
                raise Stale("What may leave changed while the set was being written. Take it out again.")
            said = {name: manifest[name] for name in ("by", "for", "marking", "vintage", "until", "expires", "withheld")}
            said["tables"] = {one["table"]: [one["rows"], one["sha256"]] for one in manifest["tables"]}
            subject = by.member or MissionProfile.objects.values_list("pk", flat=True).get()
            note(by=by, verb=Verb.ANALYSIS_EXPORT, kind=KIND, subject=subject, content=said)
            half.rename(order.folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return manifest


def _read(order: Order, now: datetime) -> None:
    faults = []
    if order.folder.exists():
        faults.append(Fault("folder", say("is there already: {folder}; name one that is not", folder=str(order.folder))))
    elif not order.folder.resolve().parent.is_dir():
        faults.append(Fault("folder", say("has no folder above it: {folder}", folder=str(order.folder.resolve().parent))))
    if order.as_of is not None and order.as_of > now:
        faults.append(Fault("as_of", "lies in the future; nothing stands on record then"))
    if order.expires is not None and not today() <= order.expires <= today() + timedelta(days=MOST_DAYS):
        faults.append(Fault("expires", say("has to be a day from today on, at most {days} days away", days=MOST_DAYS)))
    if order.marking not in list(Sensitivity):
        faults.append(Fault("marking", "is one of public, internal, restricted, confidential"))
    if faults:
        raise BadInput.of(*faults)


def _turn(order: Order, by: Hand) -> _Turned:
    """Clearance, agreement and caveat as they stand now. Consent is asked line by line."""
    require(by, Verb.ANALYSIS_EXPORT)
    own = TOP if by.member is None else max((right.ceiling for right in rights(by).by_verb[Verb.ANALYSIS_EXPORT.value]), default=-1)
    if order.marking > own and order.marking > Sensitivity.INTERNAL:
        raise Refused(why_not(by, Verb.ANALYSIS_EXPORT), verb=Verb.ANALYSIS_EXPORT.value)
    if order.partner is None:
        return _Turned(min(order.marking, own), None)
    agreement = in_force(order.partner)
    shut: list[tuple[str, str]] = []
    if agreement is None:
        shut.append(("agreement", say("No agreement with {name} is in force. Make or renew one first.", name=order.partner.name)))
    elif agreement.caveats and not order.caveats_read:
        shut.append(("caveat", say("The agreement has conditions: {caveats} Say that you read them.", caveats=agreement.caveats)))
    if agreement is None or shut:
        raise GateClosed("Nothing left. {said}", keys=tuple(shut), said=" ".join(f"{name.capitalize()}: {why}" for name, why in shut))
    return _Turned(min(order.marking, own, agreement.ceiling), agreement)


def _use(order: Order) -> Use:
    return Use.PARTNERS if order.partner is not None else Use.INTERNAL


def _allowed(claims: frozenset[UUID], order: Order) -> frozenset[UUID]:
    """Of these claims, those whose source allows this use today."""
    return frozenset(claim for claim, answer in consents(claims, _use(order), order.partner).items() if answer.yes)


def _expires(order: Order, agreement: Agreement | None, claims: frozenset[UUID]) -> tuple[date, str]:
    """The last day of use, and what it follows from."""
    ends = [(order.expires or today() + timedelta(days=DAYS), "as asked" if order.expires else f"{DAYS} days, as nothing else was asked")]
    if agreement is not None and agreement.valid_until is not None:
        ends.append((agreement.valid_until, "the agreement ends"))
    sources = Claim.objects.filter(pk__in=list(claims)).values("source_id")
    lines = Consent.objects.filter(source_id__in=sources, use=_use(order).value, withdrawn__isnull=True, expires__gte=today())
    first = lines.aggregate(first=Min("expires"))["first"]
    if first is not None:
        ends.append((first, "the first consent it rests on ends"))
    return min(ends, key=lambda one: one[0])


def _manifest(order: Order, turned: _Turned, gathered: Gathered, by: Hand) -> dict[str, Any]:
    expires, because = _expires(order, turned.agreement, gathered.claims)
    profile = MissionProfile.objects.first()
    withheld: Mapping[str, Mapping[str, int]] = gathered.withheld
    return {
        "mission": profile.name if profile else "", "notice": profile.notice if profile else "", "by": gathered.taker,
        "for": order.partner.code if order.partner else None, "agreement": turned.agreement.title if turned.agreement else None,
        "marking": Sensitivity(turned.ceiling).label, "vintage": stamp(order.as_of or by.at), "until": str(order.until or "") or None,
        "made": stamp(datetime.now(UTC)), "expires": expires.isoformat(), "expires_because": because,
        "withheld": {table: dict(reasons) for table, reasons in withheld.items() if any(reasons.values())},
    }  # fmt: skip
