"""Follow a recommendation up: what the addressee answered, and how far it was done, as rated by each side.

Both sides' ratings stand beside each other, each with its day and its evidence; neither replaces the other. The rules it
guards: nothing rises without new evidence; going back is a rating like any other; "not assessed" says that nobody looked,
and nothing about progress.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from fairwitness.errors import OutOfOrder, say
from fairwitness.mission.access import require
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import seen
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.models import STATUSES, Rating, Recommendation, Reply
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check

STEPS = ("no_action", "started", "partly", "implemented", "sustained")
"""The ladder of progress. Other statuses stand beside it, not on it."""
DONE = frozenset(("implemented", "sustained"))
CLOSED = frozenset(("implemented", "sustained", "superseded", "overtaken"))
WORDS = dict(STATUSES)


def write_reply(
    recommendation: Recommendation, *, received: date, text: str, by: Hand, says: str = "", thing_id: UUID | None = None
) -> Reply:
    """Write down what the addressee answered. The step it names stands at once as the authority's own rating."""
    require(by, Verb.RECOMMENDATION_REPLY, recommendation)
    with writing(by):
        before = made_before(Reply, thing_id, by)
        if before is not None:
            return before
        _issued(recommendation)
        reading = Reading()
        made = Reply(id=thing_id or uuid7(), recommendation=recommendation, received=received, says=says)
        made.text = reading.text("text", text, 20_000, needed=True)
        made.says = reading.one_of("says", says, ["", *WORDS])
        _day(reading, "received", received, recommendation)
        reading.done()
        made.keep(by=by, verb=Verb.RECOMMENDATION_REPLY)
        if made.says:
            own = Rating(
                recommendation=recommendation, assessor="authority", status=made.says, rated=received, reply=made,
                assessor_name=str(recommendation.addressee or ""), evidence=f"Reply of {received.day} {received:%B %Y}.",
            )  # fmt: skip
            own.keep(by=by, verb=Verb.RECOMMENDATION_RATE)
        return made


def rate(
    recommendation: Recommendation,
    *,
    assessor: str,
    status: str,
    rated: date,
    evidence: str,
    by: Hand,
    assessor_name: str = "",
    check_made: Check | None = None,
    public_source: str = "",
    thing_id: UUID | None = None,
) -> Rating:
    """Rate how far it was done, with the evidence. Raises BadInput when the mission's rating would rise without new evidence."""
    require(by, Verb.RECOMMENDATION_RATE, recommendation)
    with writing(by):
        before = made_before(Rating, thing_id, by)
        if before is not None:
            return before
        _issued(recommendation)
        seen(by, check_made)
        reading = Reading()
        made = Rating(id=thing_id or uuid7(), recommendation=recommendation, rated=rated, check_made=check_made)
        made.assessor = reading.one_of("assessor", assessor, dict(Rating.ASSESSORS))
        made.status = reading.one_of("status", status, WORDS)
        made.assessor_name = reading.text("assessor_name", assessor_name, 200, needed=assessor == "third")
        made.evidence = reading.text("evidence", evidence, 20_000)
        made.public_source = reading.text("public_source", public_source, 500)
        if not made.evidence:
            reading.fault("evidence", "is empty; a rating rests on something: say what was seen, read or heard, and when")
        _day(reading, "rated", rated, recommendation)
        reading.done()
        _new_evidence(reading, made)
        reading.done()
        made.keep(by=by, verb=Verb.RECOMMENDATION_RATE)
        return made


def _issued(recommendation: Recommendation) -> None:
    if recommendation.state != Recommendation.ISSUED:
        raise OutOfOrder("{code} is not issued yet; there is nothing to follow up.", code=recommendation.code)


def _day(reading: Reading, field: str, day: date, recommendation: Recommendation) -> None:
    said = reading.day(field, day, needed=True)
    if said is not None and said > today():
        reading.fault(field, "lies in the future; give the day it happened")
    elif said is not None and recommendation.issued is not None and said < recommendation.issued:
        reading.fault(field, say(
            "lies before the recommendation was issued ({issued}); check the year",
            issued=recommendation.issued.isoformat(),
        ))


def _new_evidence(reading: Reading, made: Rating) -> None:
    """A step up needs something the earlier rating did not have: a later check, or other evidence."""
    earlier = newest([r for r in made.recommendation.ratings.all() if r.assessor == made.assessor and r.rated <= made.rated])
    if earlier is None or not rises(earlier.status, made.status):
        return
    old = " ".join(earlier.evidence.split()).casefold()
    if " ".join(made.evidence.split()).casefold() == old:
        step = f"from “{WORDS[earlier.status]}” to “{WORDS[made.status]}”"
        reading.fault("evidence", say(
            "is the evidence of the rating before; going {step} needs something new that was seen",
            step=step,
        ))
    if made.check_made is not None and made.check_made.checked_on < earlier.rated:
        reading.fault("check_made", "is older than the rating before; name a check made since, or none")


def rises(earlier: str, later: str) -> bool:
    """Whether one status is a step up from another on the ladder."""
    return later in STEPS and (earlier not in STEPS or STEPS.index(later) > STEPS.index(earlier))


def newest(ratings: Iterable[Rating], assessor: str = "", *, assessed: bool = True) -> Rating | None:
    """The newest rating (of one side); with `assessed`, "not assessed" lines do not count."""
    fitting = [r for r in ratings if (not assessor or r.assessor == assessor) and not (assessed and r.status == "not_assessed")]
    return max(fitting, key=lambda r: (r.rated, r.id), default=None)


def not_assessed_since(recommendation: Recommendation) -> date | None:
    """Since when the mission has not looked: the day of its newest rating, else the day of issue."""
    last = newest(recommendation.ratings.all(), "mission")
    return last.rated if last else recommendation.issued


def went_back(ratings: Iterable[Rating], rating: Rating) -> bool:
    """Whether this rating stands lower than the one of the same side before it."""
    before = newest([r for r in ratings if (r.rated, r.id) < (rating.rated, rating.id)], rating.assessor)
    return before is not None and (rating.status == "regressed" or (rating.status in STEPS and rises(rating.status, before.status)))
