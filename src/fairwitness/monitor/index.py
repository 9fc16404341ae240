"""Index: by which words an observation or a claim is found.

An observation is found by its headline, its text and its code; a claim by its headline and code. The sealed words
of a claim are never written to an index.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q, QuerySet

from fairwitness.monitor.models import Claim, Observation
from fairwitness.record.hand import Hand

MOST_WORDS = 12


def index_observation(observation: Observation) -> None:
    """Nothing to write."""


def index_claim(claim: Claim, sealed_words: str = "") -> None:
    """Nothing to write."""


def forget_words(claims: QuerySet[Claim]) -> None:
    """Nothing to forget."""


def matching(words: str, model: type[Any], by: Hand) -> QuerySet[Any]:
    """The ids of things of this model that hold all the words."""
    columns = ("headline", "code") if model is Claim else ("headline", "code", "text")
    each = [reduce(lambda a, b: a | b, (Q(**{f"{column}__icontains": word}) for column in columns)) for word in words.split()[:MOST_WORDS]]
    found: QuerySet[Any] = model.objects.filter(reduce(and_, each, Q()))
    return found.values("pk")
