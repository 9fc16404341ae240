"""Examine the wording of a recommendation: is there one addressee, one act, a date, a measure, a standard?

A check by rule, and advisory: it says what is weak and what would mend it, and an author who knows better overrides it
with a reason that stays on record. The rule it guards: whether an ask was met must be answerable with yes or no by
somebody who did not write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fairwitness.errors import say


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACTING = _words(
    """
    abolish adopt allocate allow amend apply appoint approve assess assign audit ban build cancel close collect compile conduct create
    decide declare delegate deliver deploy designate develop dismiss display distribute draft elect employ enact equip establish
    examine exclude execute extend fill finance fund grant hire hold implement include inform inspect install investigate invite issue
    keep levy list maintain map meet monitor notify open order organise organize pay post prepare print procure produce prohibit
    prosecute provide publish ratify reconstruct record recruit refer register release remove renew repair repeal replace reply report
    require resolve restore return review revise sanction schedule set sign staff submit suspend train transfer translate update use
    vaccinate verify write
    """
)
WISHING = _words(
    """
    accelerate address attempt boost commit consider continue contribute encourage endeavour enhance ensure envisage explore
    facilitate foster further guarantee improve increase intensify promote pursue reconsider reinforce remain seek
    strengthen strive support sustain try work
    """
)
NOUNS_TOO = _words(
    """
    address audit ban boost draft fund increase issue levy list map monitor order plan post record release report return review
    schedule set staff support train transfer try update use work
    """
)
NOBODY = _words(
    """
    actors all authorities authority bodies competent concerned everybody everyone government governments institutions level levels
    relevant responsible stakeholders
    """
)
LINKING = re.compile(
    r"(?:[,;]\s+(?:and|or)\b|[,;]|\band\b|\bor\b|\bas well as\b|\bthen\b)\s+"
    r"(?:to\s+|then\s+|also\s+)?(?:[a-z]+ly\s+)?([a-z-]+)\b(?:\s+([a-z-]+))?"
)
PURPOSE = re.compile(r"\s(?:in order to|so that|so as to|to)\s", re.IGNORECASE)
MODAL = re.compile(r"\b(?:should|shall|must|ought to|is to|are to|is asked to|are asked to)\s+(?:[a-z]+ly\s+)?", re.IGNORECASE)
BEFORE_A_THING = _words("a all an any both each every its new no one the their these this those")


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing the check found weak: the rule, what is wrong, and what would mend it."""

    rule: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        """Both in one line."""
        return f"{self.sentence} {self.remedy}"


def examine_wording(
    *, act: str, addressee: str = "", due: date | None = None, indicator: str = "", standard: str = "", language: str = "en"
) -> list[Weakness]:
    """What is weak in an ask. Nothing means that it can be assessed. Verbs are examined in English only."""
    found: list[Weakness] = []
    if not addressee.strip() or set(re.findall(r"[a-z]+", addressee.lower())) <= NOBODY:
        found.append(Weakness("addressee", "No addressee: nobody in particular is asked.", "Name the one institution that has to act."))
    if language.startswith("en"):
        found += _verbs(act)
    if due is None:
        found.append(Weakness("due", "No deadline.", "Give the day by which it should be done."))
    if not indicator.strip():
        why = "Not assessable: nothing says how one would see that it was done."
        found.append(Weakness("indicator", why, "Say what will be counted or seen."))
    if not standard.strip():
        found.append(Weakness("standard", "Names no standard.", "Name the law, commitment or finding it rests on."))
    return found


def _verbs(act: str) -> list[Weakness]:
    clause = _clause(act)
    first = re.match(r"[a-z-]+", clause)
    verb = first[0] if first else ""
    found = []
    mend = "Begin with what is to be done, as publish, appoint or repair."
    if verb in WISHING:
        found.append(Weakness("act", say("No action verb: “{verb}” names a wish, not an act.", verb=verb), mend))
    elif verb not in ACTING:
        found.append(Weakness("act", say("No action verb: “{word}” is not one.", word=verb or act[:40]), mend))
    second = _second(clause)
    if second:
        found.append(
            Weakness("single", say("More than one act: “{verb} … {second}”.", verb=verb, second=second),
                "Split it into two recommendations, so that each can be rated.")
        )
    return found


def _clause(act: str) -> str:
    """What is asked, in small letters: after `should`, and without the purpose that follows it."""
    text = " ".join(act.split()).lower()
    modal = MODAL.search(text)
    if modal:
        text = text[modal.end() :]
    return PURPOSE.split(text)[0].removeprefix("to ").strip()


def _second(clause: str) -> str:
    """A second act joined to the first, or nothing. A word that is a noun as well counts when a thing follows it."""
    for joined in LINKING.finditer(clause):
        word, after = joined[1], joined[2] or ""
        if word in ACTING | WISHING and (word not in NOUNS_TOO or after in BEFORE_A_THING):
            return word
    return ""
