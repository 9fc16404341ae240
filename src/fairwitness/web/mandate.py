"""The mandate page: which decisions sent the mission, to do what, after whom, with which means.

It shows what the pack says, each line with its source; a gap in the figures prints as *not available*.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from fairwitness.mission.models import Decision, FieldOfActivity, Figure, Operation, Task, Unit
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door


@door(None)
def mandate(request: StaffRequest) -> HttpResponse:
    """Decisions, tasks, fields of activity, the chain of operations, posts and budget by year, the structure."""
    context = {
        "decisions": Decision.objects.order_by("decided", "code"),
        "tasks": Task.objects.filter(parent__isnull=True).select_related("decision").order_by("decision__decided", "code"),
        "fields": FieldOfActivity.objects.order_by("code"),
        "operations": Operation.objects.order_by("started"),
        "figures": _figures(),
        "units": _units(),
    }
    return page(request, "web/mandate/mandate.html", context)


def _figures() -> dict[str, Any]:
    rows = []
    for figure in Figure.objects.order_by("year", "what"):
        year = str(figure.year) if figure.year else _("not dated")
        comparison = "" if figure.comparison in ("", "exactly") else f"{figure.comparison.replace('_', ' ')} "
        amount = f"{comparison}{figure.amount} {figure.unit}".strip() if figure.amount else _("not available")
        rows.append({"cells": [{"text": year}, {"text": figure.what}, {"text": figure.kind}, {"text": amount}, {"text": figure.source}]})
    columns = [
        {"label": _("Year")},
        {"label": _("What")},
        {"label": _("Kind of figure")},
        {"label": _("Figure"), "num": True},
        {"label": _("Source")},
    ]
    return {"columns": columns, "rows": rows}


def _units() -> list[tuple[int, Unit]]:
    below: dict[Any, list[Unit]] = {}
    for unit in Unit.objects.filter(closed__isnull=True).order_by("code"):
        below.setdefault(unit.parent_id, []).append(unit)
    found: list[tuple[int, Unit]] = []

    def walk(parent: Any, depth: int) -> None:
        for unit in below.get(parent, ()):
            found.append((depth, unit))
            walk(unit.id, depth + 1)

    walk(None, 0)
    return found


urls = [path("mission/", mandate, name="mandate")]
