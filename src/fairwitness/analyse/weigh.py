"""Weigh evidence against the standard of proof a finding claims (rule P-1, printed with every finding).

The rule it guards: a high standard needs our own eyes, or two kinds of source that do not hang on each other. Ten claims
of one organisation are one voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from fairwitness.analyse.rules import FLOOR, LADDER, PROOF
from fairwitness.monitor.models import Claim, Observation
from fairwitness.verify.models import Check

Piece = Observation | Claim | Check
PUBLISHED = "published source"


@dataclass(slots=True)
class Weight:
    """What the supporting pieces amount to: our own observations, and (category, organisation) of everything told."""

    own: int = 0
    told: set[tuple[str, str]] = field(default_factory=set)

    def independent(self) -> bool:
        """Whether two kinds of source stand beside each other: another category and another organisation."""
        return any(one[0] != two[0] and one[1] != two[1] for one, two in combinations(sorted(self.told), 2))

    def kinds(self) -> list[str]:
        """The kinds of source, in words."""
        return (["own observation"] if self.own else []) + sorted({category for category, _ in self.told})


def weigh(pieces: Iterable[Piece], public_source: str = "") -> Weight:
    """What these supporting pieces amount to under P-1. A check weighs what it rests on."""
    weight = Weight()
    if public_source:
        weight.told.add((PUBLISHED, f"published:{public_source}"))
    for piece in pieces:
        if isinstance(piece, Check):
            ends = piece.evidence.filter(undone=False, relation="supports").select_related("observation", "claim__source")
            inner = weigh([end for line in ends if (end := line.observation or line.claim)], piece.public_source)
            weight.own += inner.own
            weight.told |= inner.told
        elif isinstance(piece, Observation):
            weight.own += 1
        elif piece.state != Claim.UNABLE:
            source = piece.source
            weight.told.add((source.category.casefold().strip(), str(source.organisation_id or source.pk)))
    return weight


def falls_short(proof: str, pieces: Sequence[Piece], public_source: str = "") -> str:
    """Why these pieces do not carry this standard of proof, or nothing."""
    if not pieces and not public_source:
        return f"is empty; a finding rests on something. {PROOF}: {PROOF.words}"
    if LADDER.index(proof) < LADDER.index(FLOOR):
        return ""
    weight = weigh(pieces, public_source)
    if weight.own or weight.independent():
        return ""
    held = ", ".join(weight.kinds()) or "nothing that counts"
    return f"does not carry this standard: it holds {held}. {PROOF}: {PROOF.words} Add evidence, or choose a lower standard."
