"""Take extra power for an hour, with a reason, on record; reviewed afterwards by somebody else.

Nobody is a standing superuser. What is never lent: identities in the vault, keys, and the log's own acts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fairwitness.errors import BadInput, Fault, OutOfOrder, Refused, say
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Member, Power, Unit
from fairwitness.record.hand import Hand
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.models import Entry
from fairwitness.record.quota import first_since
from fairwitness.record.verbs import Verb

HOUR = timedelta(hours=1)
LEAST_REASON = 15
NEVER = (
    "identity.",
    "key.",
    "store.",
    "log.",
    "schema.",
    "power.",
    "credential.",
    "post.",
    "member.",
    "report.clear",
    "report.issue",
    "release.",
)


def lendable() -> list[Verb]:
    """The verbs an hour may add."""
    return [verb for verb in Verb if not verb.value.startswith(NEVER)]


def take(verb: Verb, *, reason: str, by: Hand, unit: Unit | None = None, ceiling: int = Sensitivity.INTERNAL) -> Power:
    """Take one verb for one hour. Raises BadInput, Refused."""
    require(by, Verb.POWER_TAKE)
    if by.member is None:
        raise Refused("Extra power is taken by a member, not by a machine.")
    faults = []
    if verb not in lendable():
        faults.append(Fault("verb", "This is never lent, not even for an hour. Ask whoever holds it."))
    if len(reason.strip()) < LEAST_REASON:
        faults.append(Fault("reason", say(
            "Say why, in {least_reason} signs at least: somebody will review it.",
            least_reason=LEAST_REASON,
        )))
    if not 0 <= ceiling <= Sensitivity.RESTRICTED:
        faults.append(Fault("ceiling", "An hour reaches up to Restricted, never to Confidential."))
    if faults:
        raise BadInput.of(*faults)
    now = datetime.now(UTC)
    taken = Power(
        member=Member.objects.get(pk=by.member),
        verb=verb.value,
        unit=unit,
        ceiling=ceiling,
        reason=reason.strip(),
        since=now,
        until=now + HOUR,
    )
    taken.keep(by=by, verb=Verb.POWER_TAKE, why=reason.strip())
    by.memo.pop("rights", None)
    return taken


def times_used(power: Power) -> int:
    """How often what was taken stands on record in that hour, by whoever took it: for the review. Reading leaves no entry."""
    within = Entry.objects.filter(seq__gte=first_since(power.since), recorded__gte=stamp(power.since), recorded__lte=stamp(power.until))
    return within.filter(member=str(power.member_id), verb=power.verb).count()


def review(power: Power, text: str, *, by: Hand, base: UUID | None = None) -> Power:
    """Write down what a review of an hour found. Never by whoever took it."""
    require(by, Verb.POWER_REVIEW)
    if by.member is None or power.member_id == by.member:
        raise Refused("Whoever took the hour does not review it. Another reviewer may.")
    if power.reviewer_id is not None:
        raise OutOfOrder("This hour was reviewed already.")
    if not text.strip():
        raise BadInput.of(Fault("text", "Say what the review found: used as said, or not."))
    power.entry = base or power.entry
    power.reviewer_id, power.review = by.member, text.strip()
    power.keep(by=by, verb=Verb.POWER_REVIEW)
    return power
