"""The rules of counting, linking and proving, as data: each has a name, a version and its words, and is printed with every figure.

The rule it guards: no figure leaves without the rule it was counted by. A rule is never changed: a new version gets a new
number, and what was counted by the old one says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """A named, versioned rule. `words` is what a product prints."""

    name: str
    version: int
    words: str

    def __str__(self) -> str:
        """Name and version, as a figure cites it."""
        return f"{self.name} v{self.version}"


@dataclass(frozen=True, slots=True)
class CountingRule(Rule):
    """How things become a number: whether linked sources count once, and whether stated counts are summed or things are counted."""

    linked_once: bool
    sums: bool


COUNTING = {
    rule.name: rule
    for rule in (
        CountingRule("C-0", 1, "Each line counts once; links between sources are left aside.", linked_once=False, sums=False),
        CountingRule(
            "C-1", 1, "Linked sources count once: observations or claims tied to one event are one, in the place and at the time of the "
            "earliest of them. Every other line counts once.", linked_once=True, sums=False,
        ),
        CountingRule(
            "C-2", 1, "Counts as stated are added, low to high; “about” and “over” stay in the sum. Linked sources count once, from the "
            "lowest to the highest that any of them states. Lines without a count are named beside the sum and add nothing.",
            linked_once=True, sums=True,
        ),
    )
}  # fmt: skip
STANDARD_RULE = COUNTING["C-1"]

LINKING = Rule(
    "L-1", 1, "The same event is suggested when two sources speak of the same kind of thing, in the same municipality, at times that "
    "overlap once each is widened by its own precision. A person decides; any link can be undone; figures stay with their sources.",
)  # fmt: skip
WIDENED = {"minute": timedelta(minutes=15), "hour": timedelta(hours=1), "day": timedelta(days=1), "month": timedelta(days=31)}
"""By how much a time of each precision is widened under L-1. Years and unknown times suggest nothing."""

PROOF = Rule(
    "P-1", 1, "A finding rests on at least one piece of evidence or a published source. From balance of probabilities upwards it rests on "
    "an observation of the mission’s own, or on two independent kinds of source: of different categories and of different "
    "organisations. What was tested and could not be confirmed, and what contradicts, does not count.",
)  # fmt: skip
LADDER = ("suspicion", "grounds", "balance", "convincing", "doubt")
"""The standards of proof, from the lowest up."""
FLOOR = "balance"
"""From here upwards P-1 asks for more than one piece."""

SMALL = 5
"""A count from 1 to below this is a small cell: in a public product it is widened to a larger area or left out, with a note."""
