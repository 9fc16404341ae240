"""Analyse: how many, beside how often anybody looked; and figures as others published them, side by side.

Every number on these pages stands with its coverage, its rule and the reader's own sight: nobody counts what they may not see.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.analyse.models import PublishedFigure
from fairwitness.analyse.rules import COUNTING, SMALL, STANDARD_RULE
from fairwitness.analyse.state_figure import Series, series_of_figures, side_by_side, state_figure, words_of
from fairwitness.analyse.tabulate import Cell, Row, Table, months, newest_month, tabulate
from fairwitness.mission.access import may, visible
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import key_of
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web import (
    analyse_findings,
    analyse_foresee,
    analyse_ladder,
    analyse_outcome,
    analyse_public,
    analyse_series,
    analyse_week,
    draw,
)
from fairwitness.web.analyse_draw import draw_figures
from fairwitness.web.analyse_export import export_table
from fairwitness.web.analyse_forms import WHAT_WORDS, FigureForm, TableAsk
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.map_coverage import month_map
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.verify_fields import told_changes


@door(Verb.COUNT_READ)
def list_counts(request: StaffRequest) -> HttpResponse:
    """Municipality by month, with coverage beside every count; `?format=csv` is the same as a file."""
    last = today().replace(day=1)
    first = (last - timedelta(days=150)).replace(day=1)
    given = {"what": "observations", "since": f"{first:%Y-%m}", "until": f"{last:%Y-%m}", "rule": STANDARD_RULE.name}
    form = TableAsk({**given, **request.GET.dict()}, hand=request.hand)
    table = None
    if form.is_valid():
        with told(form):
            table = _table(request.hand, form.cleaned_data)
    if table is None:
        return page(request, "web/analyse/analyse.html", {"verb_now": "analyse", "form": form})
    names = names_of(row.place for row in table.rows)
    if asked_for(request):
        return export_table(request, table, names, by=request.hand)
    return page(request, "web/analyse/analyse.html", _context(request, form, table, names))


def _table(hand: Hand, asked: dict[str, Any]) -> Table:
    as_of = None
    if asked["as_of"]:
        as_of = datetime.combine(asked["as_of"] + timedelta(days=1), time.min, ZoneInfo(mission_zone())).astimezone(UTC)
    rule = COUNTING.get(asked["rule"], STANDARD_RULE)
    return tabulate(hand, asked["what"], months(asked["since"], asked["until"]), kind=asked["kind"].strip(), rule=rule, as_of=as_of)


def _context(request: StaffRequest, form: TableAsk, table: Table, names: dict[Any, str]) -> dict[str, Any]:
    rows = sorted(table.rows, key=lambda row: key_of(names.get(row.place, "")))
    place = form.cleaned_data["place"]
    chosen = next((row for row in rows if place and row.place == place.pk), None)
    return {
        **(_newest(request, table) if not table.things else {}),
        "verb_now": "analyse", "form": form, "table": table, "what": WHAT_WORDS[table.what], "small": SMALL,
        "columns": [{"label": _("Municipality")}, *({"label": window.label, "num": True} for window in table.windows)],
        "rows": [{"cells": [_name(row, names), *(_cell(cell) for cell in row.cells)]} for row in rows],
        "drawing": mark_safe(_drawing(table, chosen, names)) if chosen else "",
        "map": month_map(request.hand, table, names, str(WHAT_WORDS[table.what]), request.GET),
        "take_along": ways(request, request.hand), "asked": request.GET.urlencode(),
    }  # fmt: skip


def _newest(request: StaffRequest, table: Table) -> dict[str, Any]:
    """Where these months hold nothing: the six months up to the newest thing there is, to go to."""
    newest = newest_month(request.hand, table.what)
    if newest is None:
        return {}
    first = (newest - timedelta(days=150)).replace(day=1)
    asked = {**request.GET.dict(), "what": table.what, "since": f"{first:%Y-%m}", "until": f"{newest:%Y-%m}"}
    return {"newest": newest, "newest_url": f"?{urlencode(asked)}"}


def _name(row: Row, names: dict[Any, str]) -> dict[str, Any]:
    undated = (
        ngettext("%(n)d without a usable date", "%(n)d without a usable date", row.undated) % {"n": row.undated} if row.undated else ""
    )
    return {"text": names.get(row.place, _("unnamed place")), "note": undated}


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.state == "not_visited":
        return {"text": "", "not_visited": True, "note": "; ".join(cell.looked.down)}
    visits = ngettext("%(n)d visit", "%(n)d visits", cell.looked.visits) % {"n": cell.looked.visits}
    days = ngettext("%(n)d day", "%(n)d days", cell.looked.days) % {"n": cell.looked.days}
    looked = f"{visits}, {days}" if cell.looked.days else _("no visit on record")
    unstated = _("%(n)d without a figure") % {"n": cell.unstated} if cell.unstated else ""
    down = _("not working: %(what)s") % {"what": "; ".join(cell.looked.down)} if cell.looked.down else ""
    return {"text": cell.words, "note": "; ".join(part for part in (looked, unstated, down) if part)}


def _drawing(table: Table, row: Row, names: dict[Any, str]) -> str:
    points: list[draw.Point] = []
    for window, cell in zip(table.windows, row.cells, strict=True):
        count = None if cell.state == "not_visited" or cell.count is None else cell.count.low
        points.append((window.label, count, max(cell.looked.visits, 1) if cell.looked.days else 0))
    return draw.series_for_any_screen(points, title=f"{names.get(row.place, '')}: {WHAT_WORDS[table.what]}")


@door(Verb.OBSERVATION_READ)
def list_figures(request: StaffRequest) -> HttpResponse:
    """Published figures: one series per body, breaks marked; the same year by several bodies side by side, never averaged."""
    found = series_of_figures(request.hand)
    beside = [
        {"cells": [{"text": f"{about}, {year}"}, {"text": "; ".join(f"{words_of(one)} ({one.published_by})" for one in line)}]}
        for (about, year), line in side_by_side(visible(request.hand, PublishedFigure.objects.all())).items()
    ]
    context = {
        "verb_now": "analyse", "series": [_series(one) for one in found], "beside": beside,
        "columns": [{"label": _("Counted")}, {"label": _("Figures, each with its body")}],
        "may_state": may(request.hand, Verb.FIGURE_STATE),
    }  # fmt: skip
    return page(request, "web/analyse/figures.html", context)


def _series(one: Series) -> dict[str, Any]:
    named = list(zip(one.labels, one.figures, strict=True))
    bars = [(name, figure.count_low, figure.count_high) for name, figure in named]
    rows = [
        {
            "cells": [
                {"text": name, "note": _("break: %(why)s") % {"why": figure.break_reason} if figure.is_break else ""},
                {"text": words_of(figure)},
                {"text": figure.method, "note": ", ".join(figure.contributors)},
                {"text": figure.public_source},
            ]
        }
        for name, figure in named
    ]
    columns = [{"label": _("For")}, {"label": _("Figure"), "num": True}, {"label": _("How it was counted")}, {"label": _("Source")}]
    drawing = mark_safe(draw_figures(bars, one.breaks, title=f"{one.name} ({one.body})"))
    return {"name": one.name, "body": one.body, "breaks": one.breaks, "drawing": drawing, "columns": columns, "rows": rows}


@door(Verb.FIGURE_STATE, "GET", "POST")
def new_figure(request: StaffRequest) -> HttpResponse:
    """Write down a published figure."""
    form = FigureForm(request.POST if request.method == "POST" else None, hand=request.hand, initial={"sensitivity": 0})
    if request.method == "POST" and form.is_valid():
        with told(form):
            names = [name for name in form.fields if name not in ("once", "base")]
            state_figure(**told_changes(form, names), thing_id=form.new_id(), by=request.hand)
            return redirect("web:figures")
    context = {"verb_now": "analyse", "form": form, "h1": _("Write down a published figure"), "submit": _("Keep the figure")}
    return page(request, "web/verify/form.html", {**context, "kick": _("Published figure"), "back": reverse("web:figures")})


urls = [
    path("analyse/", list_counts, name="analyse"),
    path("analyse/figures/", list_figures, name="figures"),
    path("analyse/figures/new/", new_figure, name="figure_new"),
    *analyse_findings.urls, *analyse_public.urls, *analyse_week.urls, *analyse_outcome.urls, *analyse_series.urls, *analyse_ladder.urls,
    *analyse_foresee.urls,
]
