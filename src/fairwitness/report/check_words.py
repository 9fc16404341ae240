"""Check words: point at terms the mission does not use, and say which it uses instead and why.

The list is the mission's own vocabulary (`wording`), so it changes with the mission and not with this
program. The rule guarded here: it points and never edits, and quotations and titles of documents are exempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from fairwitness.mission.models import Term
from fairwitness.report.word import QUOTE, TOKEN

VOCABULARY = "wording"


@dataclass(frozen=True, slots=True)
class Flag:
    """One word pointed at: as it stands in the text, where, what the mission writes instead, and why."""

    word: str
    start: int
    prefer: str
    reason: str

    def __str__(self) -> str:
        """The sentence beside the paragraph."""
        return f"“{self.word}”: the mission writes “{self.prefer}”. {self.reason}".strip()


def check_words(text: str, on: date) -> list[Flag]:
    """What the mission would word otherwise on a day, in the order of the text."""
    quiet = re.compile(f"{QUOTE.pattern}|{TOKEN.pattern}").sub(lambda found: "\x01" * len(found[0]), text)
    terms = Term.objects.filter(Q(ended__isnull=True) | Q(ended__gt=on), vocabulary=VOCABULARY)
    return sorted(_found(quiet, terms), key=lambda flag: flag.start)


def _found(text: str, terms: Iterable[Term]) -> list[Flag]:
    taken: list[range] = []
    flags: list[Flag] = []
    words = sorted(((str(word), term) for term in terms for word in term.aliases), key=lambda pair: -len(pair[0]))
    for word, term in words:
        for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            if not any(found.start() in part for part in taken):
                taken.append(range(found.start(), found.end()))
                flags.append(Flag(found[0], found.start(), term.label, term.note))
    return flags
