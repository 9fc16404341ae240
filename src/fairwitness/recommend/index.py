"""Index: by which words recommendations are found, with what was answered and how they were rated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairwitness.mission.index import Line, indexed, left_out, mark, part_of
from fairwitness.recommend.models import Rating, Recommendation, Reply
from fairwitness.record.verbs import Verb


@indexed(Recommendation, Verb.REPORT_READ)
def _recommendation(one: Recommendation) -> Line:
    said = [reply.text for reply in one.replies.all()] + [rating.evidence for rating in one.ratings.all()]
    words = f"{one.code} {one.title} {one.text} {one.act} {one.theme} {one.indicator} {one.next_step} {' '.join(said)}"
    facts = [mark("state", one.state)] + ([mark("institution", one.addressee_id)] if one.addressee_id else [])
    return Line(one.access, words, one.issued, one.place_id, tuple(facts))


@part_of(Reply)
def _of_reply(parts: Sequence[Reply]) -> Iterable[Recommendation]:
    return Recommendation.objects.filter(pk__in={part.recommendation_id for part in parts})


@part_of(Rating)
def _of_rating(parts: Sequence[Rating]) -> Iterable[Recommendation]:
    return Recommendation.objects.filter(pk__in={part.recommendation_id for part in parts})


left_out("read on the page of the later recommendation", "recommend.lineage")
