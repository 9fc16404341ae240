"""Publish: four keys turn, what may not be said goes, and the page exists.

What leaves is made from the frozen snapshot, never from a draft; its SHA-256 stands in the public log, so that anybody can see that
it is what was published. The rule it guards: the gate is asked twice, before the paper is printed and again in the very unit of
work in which the release is kept; when anything moved in between, nothing leaves.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import GateClosed, OutOfOrder, Stale
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity, Use
from fairwitness.mission.models import Counterpart
from fairwitness.monitor.hold_still import hold_sources_of
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.issue import issue_with_report
from fairwitness.recommend.models import Rating
from fairwitness.record import blobs
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import Hand
from fairwitness.record.keep import keep_many, note, writing
from fairwitness.record.ledger.canonical import canonical
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report.issue import paper, snapshot_of
from fairwitness.report.models import Report
from fairwitness.report.redact import redact
from fairwitness.share.distribute import marking_of, note_of
from fairwitness.share.gate import Passage, Request, addressed, consents, turn
from fairwitness.share.models import Release, ReleaseClaim

KIND = "share.release"


def publish(
    report: Report,
    *,
    by: Hand,
    partner: Counterpart | None = None,
    leave_out: bool = False,
    withhold: tuple[str, ...] = (),
    caveats_read: bool = False,
    thing_id: UUID | None = None,
) -> Release:
    """Let a report out: to the public, or to a partner. Raises GateClosed (each shut key with its remedy), OutOfOrder, Stale.

    With `leave_out`, sentences that may not leave go, and the release says to the staff which and what consent anew would allow.
    """
    require(by, Verb.RELEASE_PUBLISH, report)
    before = made_before(Release, thing_id, by)
    if before is not None:
        return before
    request = Request(report, partner, leave_out, withhold, caveats_read)
    passage = turn(request, by=by)
    content, left_out = version(report, passage, partner)
    pdf = paper(content)
    release = Release(
        id=thing_id or uuid7(), unit_id=report.unit_id, sensitivity=Sensitivity.PUBLIC if partner is None else marking_of(report),
        audience="partner" if partner else "public", partner=partner, agreement=passage.agreement, report=report, title=content["title"],
        content=content, content_hash=digest(content), left_out=left_out, published=datetime.now(UTC),
        pdf_hash=hashlib.sha256(pdf).hexdigest(),
        keys=[{"name": key.name, "reason": str(key.reason)} for key in passage.keys],
    )  # fmt: skip
    with writing(by):
        hold_sources_of(passage.claims)
        if turn(request, by=by) != passage:
            raise Stale("What may leave changed while it was being printed. Look at the gate again.")
        if partner is None and Release.objects.filter(report=report, audience="public", taken_down__isnull=True).exists():
            raise OutOfOrder("{symbol} is public already. To change it, issue a correction and publish that.", symbol=report.symbol)
        release.slug = _slug(release)
        release.pdf = blobs.store([pdf], scope=release.scope, by=by, verb=Verb.RELEASE_PUBLISH).name
        release.keep(by=by, verb=Verb.RELEASE_PUBLISH)
        keep_many([ReleaseClaim(release=release, claim_id=claim) for claim in sorted(passage.claims)], by=by, verb=Verb.RELEASE_PUBLISH)
        if partner is None:
            issue_with_report(report, by=by)
            said = {"page": release.slug, "symbol": str(content["symbol"]), "sha256": release.content_hash, "pdf_sha256": release.pdf_hash}
            note(by=by, verb=Verb.RELEASE_PUBLISH, kind=KIND, subject=release.pk, content=said, public=True)
    if partner is None:
        make_checkpoint("public")
    return release


def version(report: Report, passage: Passage, partner: Counterpart | None) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """(what leaves, what stayed behind and why) from the report's snapshot."""
    made = redact(addressed(snapshot_of(report).content, partner), passage.orders)
    content = made.content
    again = note_of(report)
    if again:
        content["symbol"] = f"{content['symbol']}*"
        content["kicker"] = f"{content['kicker']}*"
        content["language_note"] = f"{content['language_note']}. {again}"
    return content, [dict(one) for one in passage.left_out] + [{"code": "", "why": line} for line in made.removed]


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes of what left: the same for everybody who computes it."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _slug(release: Release) -> str:
    """The address: of the symbol for the public, of nothing that can be guessed for a partner."""
    if release.partner_id:
        return f"p-{release.pk.hex}"
    plain = re.sub(r"[^A-Za-z0-9]+", "-", release.report.symbol).strip("-") or "report"
    taken = set(Release.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next(slug for step in range(1, 1000) if (slug := plain if step == 1 else f"{plain}-{step}") not in taken)


def publish_rating(rating: Rating, words: str, *, by: Hand) -> Rating:
    """Let a rating stand on the public tracker, its evidence in words written for everybody. Not by whoever rated.

    Raises GateClosed when a key stays shut.
    """
    require(by, Verb.RELEASE_PUBLISH, rating)
    reading = Reading()
    words = reading.text("words", words, 300, needed=True)
    reading.done()
    with writing(by):
        now: Rating = Rating.objects.select_related("recommendation", "check_made").get(pk=rating.pk)
        if now.public and now.public_note == words:
            return now
        shut = rating_keys(now, by=by)
        if shut:
            raise GateClosed("Nothing left. {said}", keys=tuple(shut), said=" ".join(f"{name.capitalize()}: {why}" for name, why in shut))
        now.public, now.public_note = True, words
        now.keep(by=by, verb=Verb.RELEASE_PUBLISH)
        said = {"recommendation": now.recommendation.code, "by": now.assessor, "status": now.status, "rated": now.rated.isoformat(),
                "evidence": words}  # fmt: skip
        note(by=by, verb=Verb.RELEASE_PUBLISH, kind="recommend.rating", subject=now.pk, content=said, public=True)
    make_checkpoint("public")
    return now


def rating_keys(rating: Rating, *, by: Hand) -> list[tuple[str, str]]:
    """The keys that stay shut for a rating: (name, reason with remedy)."""
    shut: list[tuple[str, str]] = []
    lines = rating.check_made.evidence.filter(claim__isnull=False, undone=False) if rating.check_made else []
    said = consents([line.claim_id for line in lines if line.claim_id], Use.PUBLIC)
    if any(not answer.yes for answer in said.values()):
        why = "The check it rests on uses words whose source did not allow a public use. Rate by other evidence, or ask again."
        shut.append(("consent", why))
    if rating.recommendation.sensitivity > Sensitivity.INTERNAL:
        shut.append(("caveat", "The recommendation is marked heavier than may be public. Have it marked anew first."))
    if not Release.objects.filter(report=rating.recommendation.report, audience="public", taken_down__isnull=True).exists():
        shut.append(("agreement", "The recommendation itself is not public. Publish the report it stands in first."))
    first = Entry.objects.filter(subject=str(rating.pk)).order_by("seq").first()
    if by.member is None or (first is not None and first.member == str(by.member)):
        shut.append(("clearance", "You rated it; somebody else lets it out."))
    return shut
