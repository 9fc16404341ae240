"""Take a list along: any list of the staff pages as a file, under the same filter as on the page.

The rule it guards: the file holds what the page would show this reader, page by page, and nothing beside it; it goes through the one
function that marks, makes harmless and puts on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from fairwitness.mission.access import may
from fairwitness.mission.handling import Sensitivity
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.share.export import TYPES, Exported, ceiling, export

NOTHING_COUNTED = "This list counts nothing: what is not in it may exist all the same."
"""Beside a list that no coverage stands beside."""


def asked_for(request: HttpRequest) -> bool:
    """Whether the page was asked for as a file."""
    return bool(request.GET.get("format"))


def take_along(
    request: HttpRequest, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, hand: Hand, marking: int,
    coverage: str = "", as_of: datetime | None = None,
) -> HttpResponse:  # fmt: skip
    """The list as the file that was asked for. `marking` is the heaviest of its rows."""
    made = export(
        name, columns, rows, request.GET.get("format", ""), by=hand, marking=marking, coverage=coverage or NOTHING_COUNTED, as_of=as_of
    )
    return answer(made)


def answer(made: Exported) -> HttpResponse:
    """The file, to be kept and never to be shown as a page."""
    sent = HttpResponse(made.data, content_type=made.media_type)
    sent["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.file_name)}"
    sent["X-Content-Type-Options"] = "nosniff"
    return sent


def carried(things: Any, hand: Hand) -> Any:
    """Of things with handling, those this hand may carry away: its right to export may reach less far than its right to read."""
    return things.filter(sensitivity__lte=ceiling(hand))


def heaviest(things: Iterable[Any]) -> int:
    """The marking of the heaviest thing of a list."""
    return max((thing.sensitivity for thing in things), default=int(Sensitivity.PUBLIC))


def ways(request: HttpRequest, hand: Hand) -> list[dict[str, str]]:
    """The addresses of this list as a file, its filter kept; none for those who may not export."""
    if not may(hand, Verb.RELEASE_EXPORT):
        return []
    found = []
    for form in TYPES:
        asked = request.GET.copy()
        asked["format"] = form
        asked.pop("page", None)
        found.append({"href": f"?{asked.urlencode()}", "text": {"csv": "CSV", "xlsx": "Excel", "json": "JSON"}[form]})
    return found
