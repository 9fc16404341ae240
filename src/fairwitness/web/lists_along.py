"""Which columns each list of the staff pages has as a file. One mechanism for all of them; a page hands over its own filtered list.

The rule it guards: what is sealed, and who a source is, has no column. A thing stands by its code, a place by
the names of the house style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from fairwitness.analyse.models import Finding
from fairwitness.assist.models import Training
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Term
from fairwitness.mission.name_places import names_of
from fairwitness.monitor.models import Activity
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.report.models import Report
from fairwitness.share.export import MOST_ROWS, ceiling
from fairwitness.warn.models import Warning
from fairwitness.web.take_along import take_along

Cell = str | Callable[[Any], Any]
PLACE = "place"
"""A column of places, by the names of the house style."""
BUNCH = 500
COLUMNS: dict[type[Any], tuple[tuple[str, Cell], ...]] = {
    Activity: (
        ("Code", "code"), ("Kind", "get_kind_display"), ("Purpose", "purpose"), ("Place", PLACE), ("Institution", "institution"),
        ("State", "get_state_display"), ("Planned from", "planned_from"), ("Started", "started"), ("Ended", "ended"),
        ("Safety", "get_safety_display"), ("Why not done", "not_done_reason"), ("Unit", "unit"),
    ),
    Finding: (
        ("Code", "code"), ("Title", "title"), ("Text", "text"), ("Place", PLACE), ("Institution", "institution"), ("Standard", "standard"),
        ("Standard of proof", "get_proof_display"), ("Concluded", "concluded"), ("Public source", "public_source"), ("Unit", "unit"),
    ),
    Warning: (
        ("Code", "code"), ("Title", "title"), ("Place", PLACE), ("Likelihood", "get_likelihood_display"), ("Severity", "severity"),
        ("Issued", "issued"), ("Horizon ends", "horizon_ends"), ("Addressee", "addressee"), ("Action asked", "action_asked"),
        ("Action due", "action_due"), ("Outcome", "get_outcome_display"), ("Judged", "judged"), ("Unit", "unit"),
    ),
    Report: (
        ("Symbol", "symbol"), ("Kind", "get_kind_display"), ("Title", "title"), ("State", "get_state_display"),
        ("Unit", "unit"),
    ),
    Recommendation: (
        ("Code", "code"), ("Title", "title"), ("What is to be done", "act"), ("Recommendation", lambda one: one.text or one.act),
        ("Addressee", "addressee"), ("Place", PLACE), ("Theme", "theme"), ("State", "get_state_display"), ("Issued on", "issued"),
        ("Due", "due"), ("Indicator", "indicator"), ("Next step", "next_step"), ("Public source", "public_source"), ("Unit", "unit"),
    ),
    Training: (
        ("Code", "code"), ("Kind", "get_kind_display"), ("Title", "title"), ("For whom", "institution"), ("Place", PLACE),
        ("Begins", "begins"), ("Ends", "ends"),
        ("Delivered", lambda one: "yes" if one.delivered else "no"), ("Women", "women"), ("Men", "men"),
        ("Not stated", "not_stated"), ("Unit", "unit"),
    ),
    Counterpart: (
        ("Code", "code"), ("Name", "name"), ("Kind", "kind"), ("Level", "level"), ("Place", PLACE), ("Established", "established"),
        ("Ended", "ended"), ("Followed by", "successor"), ("Source", "source"),
    ),
    Place: (
        ("Place", "self"), ("Kind", "kind"), ("Authority", "authority"), ("Code", "code"), ("Latitude", "latitude"),
        ("Longitude", "longitude"), ("Ended", "ended"),
    ),
    Term: (("Vocabulary", "vocabulary"), ("Code", "code"), ("Word", "label"), ("Ended", "ended")),
}  # fmt: skip
"""For each model the headings of its file and where each cell comes from."""


def list_along(request: HttpRequest, name: str, things: Any, *, hand: Hand, coverage: str = "") -> HttpResponse:
    """The list of a page as a file: the page's own queryset, narrowed to what this hand may carry away."""
    model = things.model
    columns = COLUMNS[model]
    handled = hasattr(model, "sensitivity")
    if handled:
        things = things.filter(sensitivity__lte=ceiling(hand))
    heaviest = things.order_by("-sensitivity").values_list("sensitivity", flat=True).first() if handled else None
    marking = heaviest if heaviest is not None else int(Sensitivity.INTERNAL if not handled else Sensitivity.PUBLIC)
    headings = [heading for heading, _ in columns]
    return take_along(request, name, headings, _rows(things, columns), hand=hand, marking=marking, coverage=coverage)


def _rows(things: Any, columns: Sequence[tuple[str, Cell]]) -> Iterator[list[Any]]:
    """The rows in bunches, places named for a whole bunch at once."""
    follows = [str(way) for _, way in columns if isinstance(way, str) and _is_relation(things.model, way)]
    all_of_them = iter(islice(things.select_related(*follows) if follows else things, MOST_ROWS + 1))
    while bunch := list(islice(all_of_them, BUNCH)):
        ids = (one.pk if isinstance(one, Place) else getattr(one, "place_id", None) for one in bunch)
        names = names_of(key for key in ids if key is not None)
        yield from ([_cell(one, way, names) for _, way in columns] for one in bunch)


def _is_relation(model: Any, way: str) -> bool:
    return any(field.name == way and field.is_relation for field in model._meta.concrete_fields)


def _cell(one: Any, way: Cell, names: dict[UUID, str]) -> Any:
    if callable(way):
        return way(one)
    if way == "self":
        return names.get(one.pk, one.code)
    if way == PLACE:
        place = one.place_id
        return names.get(place, "") if place else ""
    value = getattr(one, way)
    if callable(value):
        return value()
    return str(value) if hasattr(value, "kind_on_record") else value
