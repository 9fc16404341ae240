"""What several tests of monitoring begin with: hours, a visit, a source, an observation and a claim in the small mission.

Everything is made through the functions of the house, by the test monitor.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from people import People
from PIL import Image

from fairwitness.mission.models import Term
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.models import Activity, Claim, Observation, Source
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from fairwitness.monitor.visit import report_visit
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb

DAY = datetime(2026, 5, 13, tzinfo=UTC)
WORDS = {
    "event": ("explosion", "theft", "gathering"), "means": ("saw", "heard", "camera", "document", "interlocutor"),
    "observation": ("sign", "arrest"), "restriction": ("denied", "delayed"),
}  # fmt: skip


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the test day."""
    return DAY + timedelta(hours=hour, minutes=minute)


def words() -> None:
    """The mission's words, as a pack would bring them."""
    terms = [
        Term(vocabulary=vocabulary, code=code, label=code, aliases=["AGL explosion"] if code == "explosion" else [], order=order)
        for vocabulary, codes in WORDS.items()
        for order, code in enumerate(codes)
        if not Term.objects.filter(vocabulary=vocabulary, code=code).exists()
    ]
    keep_many(terms, by=command(), verb=Verb.TERM_EDIT)


def visit(people: People, **changes: Any) -> Activity:
    """A done visit to Prizren, 13:30 to 16:40."""
    given = {
        "kind": "visit", "purpose": "See the road signs", "place": people.places["Prizren"], "started": at(13, 30), "ended": at(16, 40),
        "safety": "none", "by": people.hand(people.monitor), "done_with": {"members": 2, "vehicles": 1, "took_part": [people.monitor]},
    }  # fmt: skip
    return report_visit(**(given | changes))


def observation(people: People, **changes: Any) -> Observation:
    """Three of eleven signs painted over."""
    given = {
        "headline": "3 of 11 bilingual road signs with one language painted over", "kind": "sign", "means": "saw",
        "place": people.places["Prizren"], "occurred_from": at(14, 20), "give_or_take_minutes": 10, "count": "3 of 11",
        "by": people.hand(people.monitor),
    }  # fmt: skip
    return submit_observation(**(given | changes))


def source(people: People, **changes: Any) -> Source:
    """A municipal official, by code."""
    return register_source(**({"category": "municipal official", "languages": ["sq"], "by": people.hand(people.monitor)} | changes))


def claim(people: People, told_by: Source | None = None, **changes: Any) -> Claim:
    """What the official said."""
    given = {
        "source": told_by or source(people), "headline": "The signs were replaced in April", "kind": "sign",
        "place": people.places["Prizren"], "verbatim": "Tabelat janë ndërruar në prill.", "language": "sq",
        "translation": "The signs were replaced in April.", "told": at(16, 5), "by": people.hand(people.monitor),
    }  # fmt: skip
    return submit_claim(**(given | changes))


def picture(colour: str = "grey", form: str = "JPEG") -> bytes:
    """A small real picture."""
    held = io.BytesIO()
    Image.new("RGB", (12, 8), colour).save(held, form)
    return held.getvalue()
