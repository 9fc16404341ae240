"""Bring trainings: what was held or is planned, each tied to the shortcoming it answers.

The rule it guards: no training comes in for its own sake. A row names the recommendation or the finding it answers, by code; those who took
part are counted by sex, with a third number for those who did not state it, and what has not ended was not delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fairwitness.analyse.models import Finding
from fairwitness.assist.models import Training
from fairwitness.assist.plan import SERIES
from fairwitness.errors import say
from fairwitness.mission.access import sees
from fairwitness.mission.match_columns import NUMBER, Column, Making, Target, register
from fairwitness.mission.read_cells import day, institutions, one_of, places, text, whole
from fairwitness.monitor.number import number_many
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.models import Recommendation
from fairwitness.record.verbs import Verb


def _make(values: Mapping[str, Any], making: Making) -> Training:
    reading = Reading()
    made = Training(
        unit=making.imported.unit, sensitivity=making.imported.sensitivity, kind=values["kind"] or "training", title=values["title"],
        objectives=values["objectives"] or "", institution=values["institution"], place=values["place"], begins=values["begins"],
        ends=values["ends"] or values["begins"], public_source=values["public_source"] or "",
        languages=[one.strip()[:16] for one in (values["languages"] or "").replace(";", ",").split(",") if one.strip()],
        recommendation=_by_code(reading, "recommendation", Recommendation, values, making),
        finding=_by_code(reading, "finding", Finding, values, making),
    )  # fmt: skip
    reading.order("ends", made.begins, made.ends)
    if made.finding is None and made.recommendation is None and not reading.faults:
        reading.fault("recommendation", say("is empty, and so is the finding; say which shortcoming this answers"))
    _count(reading, made, values, making)
    reading.done()
    return made


def _by_code(reading: Reading, name: str, model: Any, values: Mapping[str, Any], making: Making) -> Any:
    code = values[name]
    if not code:
        return None
    found = model.objects.filter(code__iexact=code).first()
    if found is None or not sees(making.by, found):
        reading.fault(name, say("{code} is not known here; write a code as it stands on its page", code=code[:32]))
        return None
    return found


def _count(reading: Reading, made: Training, values: Mapping[str, Any], making: Making) -> None:
    """With its three numbers it was delivered; without any it is planned."""
    given = {name: values[name] for name in ("women", "men", "not_stated")}
    if all(value is None for value in given.values()):
        return
    if any(value is None for value in given.values()):
        reading.fault("not_stated", say("and the numbers of women and men are given together; write 0 where there was nobody"))
    elif made.ends > making.day:
        reading.fault("women", say("cannot be counted yet: it lasts until {day}", day=made.ends.isoformat()))
    elif not any(given.values()):
        reading.fault("women", say("and the others are all 0; an activity nobody came to was not delivered"))
    made.women, made.men, made.not_stated, made.delivered = *given.values(), True


register(
    Target(
        "trainings", "Trainings, advice and projects", Verb.TRAINING_PLAN, Training,
        (
            Column(NUMBER, "Number in the list", text(80), called=("no", "nr", "id", "number")),
            Column("title", "Title", text(300), needed=True, called=("training", "activity", "trajnimi", "obuka")),
            Column("kind", "Kind", called=("type",), **one_of(Training.KINDS)),
            Column("institution", "For whom", needed=True, called=("institution", "beneficiary", "organisation"), **institutions()),
            Column("place", "Place", needed=True, called=("municipality", "location", "komuna", "opština"), **places()),
            Column("begins", "Begins", day, needed=True, called=("date", "from", "start", "data", "datum")),
            Column("ends", "Ends", day, called=("to", "until", "end")),
            Column("recommendation", "Recommendation it answers", text(32), called=("recommendation", "recommendation code")),
            Column("finding", "Finding it answers", text(32), called=("finding", "finding code")),
            Column("objectives", "Objectives", text(10_000), called=("aim", "description")),
            Column("languages", "Languages", text(200), called=("language",)),
            Column("women", "Women", whole, called=("female", "gra", "žene")),
            Column("men", "Men", whole, called=("male", "burra", "muškarci")),
            Column("not_stated", "Not stated", whole, called=("other", "unknown")),
            Column("public_source", "Public source", text(500), called=("url", "link", "source")),
        ),
        _make, number=lambda things, making: number_many(things, lambda one: f"{SERIES[one.kind]}-{one.begins.year}-"),
    )
)
