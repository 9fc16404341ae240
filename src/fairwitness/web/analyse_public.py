"""Analyse: the table of counts as everybody may read it, with the rule by which small places were widened and small counts left out.

The rule it guards: nothing leaves by this page. It prepares what a cleared report may print, and the file says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.analyse.rules import COUNTING, STANDARD_RULE
from fairwitness.analyse.tabulate import months
from fairwitness.analyse.widen import RULE, PublicRow, PublicTable, tabulate_for_the_public
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import key_of
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.analyse_forms import WHAT_WORDS, TableAsk
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.take_along import asked_for, take_along, ways

COLUMNS = ("where", "municipalities", "window", "count", "of_what", "kind", "rule", "widened_by")
SAYS = "Prepared for the public, not published: a cleared report publishes it. {rule}: {words}"


@door(Verb.COUNT_READ)
def show_public_table(request: StaffRequest) -> HttpResponse:
    """The table for the public; `?format=csv` is the same as a file."""
    first = (today().replace(day=1) - timedelta(days=150)).replace(day=1)
    given = {"what": "observations", "since": f"{first:%Y-%m}", "until": f"{today():%Y-%m}", "rule": STANDARD_RULE.name}
    form = TableAsk({**given, **request.GET.dict()}, hand=request.hand)
    table = None
    if form.is_valid():
        with told(form):
            table = _table(request.hand, form.cleaned_data)
    if table is None:
        return page(request, "web/analyse/public.html", {"verb_now": "analyse", "form": form, "rule": RULE})
    names = names_of({place for row in table.rows for place in row.places})
    rows = sorted(table.rows, key=lambda row: (bool(row.region), row.region == "*", key_of(_named(row, names))))
    if asked_for(request):
        said = SAYS.format(rule=RULE, words=RULE.words)
        file = f"{table.what}-public-{table.windows[0].label}-{table.windows[-1].label}"
        return take_along(request, file, COLUMNS, _lines([*rows, table.totals], table, names), hand=request.hand,
                          marking=int(Sensitivity.INTERNAL), coverage=said)  # fmt: skip
    labels = [*(window.label for window in table.windows), _("In all")]
    columns = [{"label": _("Where")}, *({"label": label, "num": True} for label in labels)]
    shown = [{"cells": [_where(row, names), *(_cell(cell) for cell in row.cells)]} for row in [*rows, table.totals]]
    context = {
        "verb_now": "analyse", "form": form, "table": table, "rule": RULE, "what": WHAT_WORDS[table.what], "columns": columns,
        "rows": shown, "take_along": ways(request, request.hand), "back": request.GET.urlencode(),
    }  # fmt: skip
    return page(request, "web/analyse/public.html", context)


def _table(hand: Hand, asked: dict[str, Any]) -> PublicTable:
    as_of = None
    if asked["as_of"]:
        as_of = datetime.combine(asked["as_of"] + timedelta(days=1), time.min, ZoneInfo(mission_zone())).astimezone(UTC)
    rule = COUNTING.get(asked["rule"], STANDARD_RULE)
    windows = months(asked["since"], asked["until"])
    return tabulate_for_the_public(hand, asked["what"], windows, kind=asked["kind"].strip(), rule=rule, as_of=as_of)


def _named(row: PublicRow, names: dict[Any, str]) -> str:
    if not row.places:
        return _("All together")
    if not row.region:
        return names.get(row.places[0], _("unnamed place"))
    many = ngettext("%(n)d municipality", "%(n)d municipalities together", len(row.places)) % {"n": len(row.places)}
    return f"{_('Elsewhere') if row.region == '*' else row.region}: {many}"


def _where(row: PublicRow, names: dict[Any, str]) -> dict[str, Any]:
    among = ", ".join(sorted((names.get(place, "") for place in row.places), key=key_of)) if row.region else ""
    return {"text": _named(row, names), "note": among}


def _cell(cell: int | None) -> dict[str, Any]:
    if cell == -1:
        return {"text": "", "not_visited": True}
    return {"text": _("left out") if cell is None else str(cell)}


def _lines(rows: Sequence[PublicRow], table: PublicTable, names: dict[Any, str]) -> list[tuple[Any, ...]]:
    labels = [*(window.label for window in table.windows), "all"]
    said: dict[int | None, str] = {None: "left out", -1: "not visited"}
    last = (table.what, table.kind or "all", str(table.counting), str(RULE))
    return [
        (_named(row, names), "; ".join(names.get(place, "") for place in row.places), label, said.get(cell, cell), *last)
        for row in rows for label, cell in zip(labels, row.cells, strict=True)
    ]  # fmt: skip


urls = [path("analyse/public/", show_public_table, name="analyse_public")]
