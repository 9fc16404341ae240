"""Index: by which words what was seen, told and done is found.

An observation is found by its headline, its text and its code; a claim by its headline and code, and by whole words of
what was said through keyed tokens: the words themselves are never written to an index, and go with the key. The rule
it guards: nobody learns by searching what they may not read. Tokens stand in the index only while the source allows
the words to the mission, and a claim found by them is shown to those alone who may read it. A source is found by its
code and category, never by who it is; of a picture its caption is found, never the people on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from fairwitness.errors import Gone
from fairwitness.mission.handling import Use
from fairwitness.mission.index import Line, indexed, left_out, mark, part_of, tokens
from fairwitness.mission.search import LEAST, find, screened
from fairwitness.monitor.consent import allows, touched, words_open_to
from fairwitness.monitor.models import Activity, Attachment, Claim, Consent, Coverage, Event, Observation, Restriction, Source
from fairwitness.record import seal
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb

READ = Verb.OBSERVATION_READ
MOST = 5_000
"""Things a list is narrowed to by words; more than that, and the reader is asked for another word."""


@indexed(Observation, READ)
def _observation(one: Observation) -> Line:
    facts = [mark("value", one.kind), mark("state", one.state())]
    facts += [mark("in", one.activity_id)] if one.activity_id else []
    words = f"{one.code} {one.headline} {one.text} {one.kind} {one.limits}"
    return Line(one.access, words, one.listed, one.place_id, tuple(facts))


@indexed(Claim, READ)
def _claim(one: Claim) -> Line:
    facts = [mark("value", one.kind), mark("state", one.state), mark("source", one.source_id)]
    facts += [mark("in", one.activity_id)] if one.activity_id else []
    sealed = ""
    if allows(one, Use.INTERNAL).yes:
        try:
            sealed = f"{seal.unseal(one.verbatim)} {seal.unseal(one.translation)}"
        except Gone:
            sealed = ""
    words = f"{one.code} {one.headline} {one.kind}"
    return Line(one.access, words, one.listed, one.place_id, tuple(facts), sealed=sealed, scope=one.source.scope)


@part_of(Consent)
def _of_consent(lines: Sequence[Consent]) -> Iterable[Claim]:
    """When consent changes, the words by which the claims are found change with it, at once."""
    return touched(lines)


@indexed(Activity, READ)
def _activity(one: Activity) -> Line:
    facts = [mark("value", one.kind), mark("state", one.state)]
    facts += [mark("institution", one.institution_id)] if one.institution_id else []
    words = f"{one.code} {one.kind} {one.purpose} {one.summary} {one.route} {one.safety_note} {one.not_done_reason}"
    return Line(one.access, words, one.started or one.planned_from, one.place_id, tuple(facts))


@indexed(Source, READ)
def _source(one: Source) -> Line:
    return Line(one.access, f"{one.code} {one.category}")


@indexed(Event, READ)
def _event(one: Event) -> Line:
    return Line(one.access, f"{one.code} {one.kind} {one.title}", one.listed, one.place_id, (mark("value", one.kind),))


@indexed(Coverage, READ)
def _coverage(one: Coverage) -> Line:
    facts = (mark("value", one.means), "operational" if one.operational else "notoperational")
    return Line(one.access, f"{one.means} {one.device} {one.reason}", one.since, one.place_id, facts)


@indexed(Restriction, READ)
def _restriction(one: Restriction) -> Line:
    words = f"{one.code} {one.kind} {one.actor} {one.reason_quoted} {one.direction} {one.outcome} {one.notified}"
    return Line(one.access, words, one.began, one.place_id, (mark("value", one.kind),))


@indexed(Attachment, READ)
def _attachment(one: Attachment) -> Line:
    return Line(one.access, f"{one.code} {one.caption} {one.credit}", one.taken)


left_out("lies sealed in the vault, which has a search of its own, on record", "monitor.identity")
left_out("read on the page of what it belongs to", "monitor.activitymember", "monitor.sourcelink")
left_out("read on the page of the thing it is about", "monitor.comment", "monitor.mention", "monitor.assignment")
left_out("read on the page of texts on consent, one for each language", "monitor.consenttext")
left_out("says who is on a picture, and what they allowed", "monitor.depicted", "monitor.pictureconsent")


def matching(words: str, model: type[Any], by: Hand) -> list[Any]:
    """The ids of things of this model that hold all the words, as far as this hand may know it."""
    return [one for _, one in find(by, words, kinds=[model._meta.label_lower], limit=MOST).ids]


@screened(Claim.kind_on_record())
def _without_hidden_words(by: Hand, found: Sequence[UUID], wanted: list[str]) -> set[UUID]:
    """Claims that match by what everybody sees of them, and of the others those whose words this hand may read."""
    claims = list(Claim.objects.filter(pk__in=found).select_related("unit", "source"))
    plain = {claim.id for claim in claims if _shows(claim, wanted)}
    return plain | words_open_to([claim for claim in claims if claim.id not in plain], by)


def _shows(claim: Claim, wanted: list[str]) -> bool:
    shown = tokens(f"{claim.code} {claim.headline} {claim.kind}")
    return all(any(word == one or (len(word) >= LEAST and one.startswith(word)) for one in shown) for word in wanted)
