"""Bring recommendations: those of a report, a body or an earlier system, each with its own words.

One that was issued elsewhere comes with the day and the address at which that can be read, and stands as issued; any other comes as a
draft. The rule it guards: the words are those of the list, whole; where a title or an act had to be cut from them, the whole
stands under it; and a weak wording that came from outside says that it did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fairwitness.errors import say
from fairwitness.mission.access import may
from fairwitness.mission.match_columns import NUMBER, Column, Making, Target, register
from fairwitness.mission.read_cells import day, flag, institutions, places, text
from fairwitness.monitor.number import number_many
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.draft import weaknesses
from fairwitness.recommend.models import Recommendation
from fairwitness.record.verbs import Verb


def _make(values: Mapping[str, Any], making: Making) -> Recommendation:
    reading = Reading()
    words: str = values["text"]
    below = "\n".join(f"{heading}: {cell}" for heading, cell in values["more"])
    act, title = values["act"] or _cut(words, 300), values["title"] or _cut(values["act"] or words, 200)
    whole = words if act != words or title != words else ""
    issued = values["issued"]
    made = Recommendation(
        unit=making.imported.unit, sensitivity=making.imported.sensitivity, title=title, act=act,
        text=reading.text("text", "\n\n".join(part for part in (whole, below) if part), 10_000), addressee=values["addressee"],
        place=values["place"], theme=values["theme"] or "", due=values["due"], indicator=values["indicator"] or "",
        critical=bool(values["critical"]), next_step=values["next_step"] or "", public_source=values["public_source"] or "",
        issued=issued, state=Recommendation.ISSUED if issued else Recommendation.DRAFT,
    )  # fmt: skip
    if issued is not None:
        _issued(reading, made, making)
    if made.due is None or not made.indicator or weaknesses(made):
        made.override = f"Brought with {making.imported.code}; the words are those of the list."
    reading.done()
    return made


def _issued(reading: Reading, made: Recommendation, making: Making) -> None:
    if made.issued is not None and made.issued > making.day:
        reading.fault("issued", say("lies in the future; issue it on its day"))
    if not made.public_source:
        reading.fault("issued", say("is an earlier day; that needs the address at which it was published (public source)"))
    if not may(making.by, Verb.RECOMMENDATION_ISSUE, made):
        reading.fault("issued", say("is for those who issue recommendations; leave the column out, and they come as drafts"))


def _cut(words: str, most: int) -> str:
    """The words, or their beginning up to a word's end where they are longer."""
    if len(words) <= most:
        return words
    begins = words[: most - 1]
    return f"{begins.rpartition(' ')[0] or begins}…"


register(
    Target(
        "recommendations", "Recommendations", Verb.RECOMMENDATION_DRAFT, Recommendation,
        (
            Column(NUMBER, "Number in the list", text(80), called=("no", "nr", "id", "number", "recommendation number")),
            Column("text", "Recommendation", text(9_000), needed=True, called=("recommendation", "text", "rekomandimi", "preporuka")),
            Column("title", "Title", text(200), called=("headline", "short title")),
            Column("act", "What is to be done", text(300), called=("act", "action")),
            Column("addressee", "Addressee", called=("institution", "addressed to", "responsible", "addressee", "state under review"),
                   **institutions()),
            Column("place", "Place", called=("municipality", "komuna", "opština"), **places()),
            Column("theme", "Theme", text(60), called=("topic", "area", "tema")),
            Column("issued", "Issued on", day, called=("date", "issued", "published", "data", "datum")),
            Column("due", "Due", day, called=("deadline", "afati", "rok")),
            Column("indicator", "Indicator", text(300), called=("indicators",)),
            Column("critical", "Critical", flag),
            Column("next_step", "Next step", text(300)),
            Column("public_source", "Public source", text(500), called=("url", "link", "source", "source url")),
            Column("more", "Below the text, with its heading", text(9_000), many=True),
        ),
        _make, number=lambda things, making: number_many(things, lambda one: f"R-{making.day.year}-"),
    )
)
