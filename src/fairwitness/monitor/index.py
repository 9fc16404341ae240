"""Index: by which words an observation or a claim is found.

An observation is found by its headline, its text and its code; a claim by its headline and code, and by whole words of
what was said through keyed tokens: the words themselves are never written to an index, and go with the key. The rule
it guards: nobody learns by searching what they may not read. Tokens stand in the index only while the source allows
the words to the mission, and a claim found by them is shown to those alone who may read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fairwitness.errors import Gone
from fairwitness.mission import index
from fairwitness.mission.handling import Use
from fairwitness.mission.index import Line, indexed
from fairwitness.monitor.consent import allows, on_change, words_open_to
from fairwitness.monitor.models import Claim, Observation
from fairwitness.record import seal
from fairwitness.record.hand import Hand

MOST = 5_000
"""Things a list is narrowed to by words; more than that, and the reader is asked for another word."""


@indexed(Observation)
def _observation(observation: Observation) -> Line:
    return Line(observation.access, f"{observation.code} {observation.headline} {observation.text}")


@indexed(Claim)
def _claim(claim: Claim) -> Line:
    if not allows(claim, Use.INTERNAL).yes:
        return Line(claim.access, f"{claim.code} {claim.headline}")
    try:
        sealed = f"{seal.unseal(claim.verbatim)} {seal.unseal(claim.translation)}"
    except Gone:
        sealed = ""
    return Line(claim.access, f"{claim.code} {claim.headline}", sealed)


def index_observation(observation: Observation) -> None:
    """Write the line of an observation, in the transaction that keeps it."""
    index.put(observation)


def index_claim(claim: Claim) -> None:
    """Write the line of a claim, in the transaction that keeps it."""
    index.put(claim)


def forget_words(claims: QuerySet[Claim]) -> None:
    """After a key was destroyed: only what is not sealed still finds these claims."""
    for claim in claims:
        index.put(claim)


def matching(words: str, model: type[Any], by: Hand) -> list[Any]:
    """The ids of things of this model that hold all the words, as far as this hand may know it."""
    found = [one for _, one in index.find(by, words, kinds=[model._meta.label_lower], limit=MOST).ids]
    return found if model is not Claim else _without_hidden_words(found, words, by)


def _without_hidden_words(found: list[UUID], words: str, by: Hand) -> list[UUID]:
    """Claims that match by what everybody sees of them, and of the others those whose words this hand may read."""
    wanted = index.tokens(words)
    claims = list(Claim.objects.filter(pk__in=found).select_related("unit", "source"))
    plain = {claim.id for claim in claims if _shows(claim, wanted)}
    return list(plain | words_open_to([claim for claim in claims if claim.id not in plain], by))


def _shows(claim: Claim, wanted: list[str]) -> bool:
    shown = index.tokens(f"{claim.code} {claim.headline}")
    return all(any(word == one or (len(word) >= index.LEAST and one.startswith(word)) for one in shown) for word in wanted)


@on_change
def index_again(claims: Sequence[Claim], by: Hand) -> None:
    """When consent changes, the words by which these claims are found change with it."""
    for claim in claims:
        index.put(claim)
