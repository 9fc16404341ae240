"""How many were documented by nobody: the ladder of models over a table an analyst pastes in, and the case of Kosovo 1999.

The rule it guards: first what is documented, "at least"; then every model that fits about as well as the best, never one alone; and where
the lists allow no estimate, the reason and no number. Nothing typed here is kept.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from fairwitness import packs
from fairwitness.errors import BadInput, Fault, NotThere, spoken
from fairwitness.record.verbs import Verb
from fairwitness.web.analyse_forms import OverlapAsk
from fairwitness.web.ask import page, sent
from fairwitness.web.door import StaffRequest, door, open_door
from fairwitness.web.draw_ladder import Rung, draw_ladder
from fairwitness.web.draw_strata import Period, draw_strata

CASES = Path(next(iter(packs.__path__))) / "cases"
NEAR = 10.0
"""Models within this distance of the best by BIC are shown: beyond it the counts speak against them."""


@door(Verb.COUNT_READ, "GET", "POST")
def show_ladder(request: StaffRequest) -> HttpResponse:
    """Paste an overlap of lists; read the ladder, or why there is none."""
    form = OverlapAsk(sent(request), hand=request.hand)
    context: dict[str, Any] = {"verb_now": "analyse", "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context |= _of_text(form.cleaned_data["overlap"], form.cleaned_data["independence"]) | {
                "stated": [form.cleaned_data[name] for name in ("population", "period", "place")],
            }
        except BadInput as error:
            for fault in error.faults:
                form.add_error("overlap", _where(fault))
            if not error.faults:
                form.add_error("overlap", spoken(error.sentence))
    return page(request, "web/analyse/ladder.html", context)


def _where(fault: Fault) -> str:
    """A fault with the line and the column it stands in."""
    if not fault.row:
        return f"{fault.field}: {spoken(fault.sentence)}" if fault.field else spoken(fault.sentence)
    where = _("line %(n)d") % {"n": fault.row}
    return ", ".join(part for part in (where, fault.field) if part) + f": {spoken(fault.sentence)}"


def _of_text(text: str, independence: str) -> dict[str, Any]:
    from fairwitness.analyse.numbers.estimate.estimate_total import estimate
    from fairwitness.analyse.numbers.estimate.read_overlap import read_overlap
    from fairwitness.analyse.numbers.read_table import parse_table

    table = parse_table(_("table"), text.strip() + "\n")
    return ladder_of(estimate(read_overlap(table), independence=independence)) | {"digest": table.digest}


def ladder_of(found: Any, published: tuple[str, float] | None = None) -> dict[str, Any]:
    """What the page prints of an estimate: drawing, lines, averaged interval; or the reason there is none."""
    base = {"documented": f"{found.observed:,.0f}", "sizes": [(name, f"{size:,.0f}") for name, size in found.sizes.items()]}
    if found.refused:
        return {**base, "refused": spoken(found.refused)}
    # Two lists on an expert's word have one model and nothing to average over: it is what there is to quote.
    total, interval = (found.averaged, found.averaged_interval) if found.averaged is not None else (found.best.total, found.best.interval)
    low, high = interval or (None, None)
    rungs = [Rung(_("Averaged"), total, low, high)] if found.averaged is not None else []
    rungs += [Rung(f"{published[0]}", published[1], None, None)] if published else []
    near = [one for one in found.models if one.delta <= NEAR]
    for one in near:
        least, most = one.interval or (None, None)
        rungs.append(Rung(one.model, one.total, least, most, one.weight))
    title = _("Models that fit about as well as the best")
    return {
        **base, "averaged": f"{total:,.0f}", "low": f"{low or 0:,.0f}", "high": f"{high or 0:,.0f}", "fitted": found.fitted,
        "drawing": mark_safe(
            draw_ladder(rungs, documented=found.observed, title=title, width=1100, kind="draw wide")
            + draw_ladder(rungs, documented=found.observed, title=title, width=358, kind="draw narrow")
        ),
        "lines": [_line(one) for one in near], "warnings": [spoken(one) for one in found.warnings],
        "graphs": _graphs(found),
    }  # fmt: skip


def _line(one: Any) -> dict[str, Any]:
    low, high = one.interval or (None, None)
    return {
        "model": one.model, "total": f"{one.total:,.0f}", "interval": f"{low:,.0f}–{high:,.0f}" if low is not None else "–",
        "delta": f"{one.delta:.1f}", "weight": f"{100 * one.weight:.0f} %",
    }  # fmt: skip


def _graphs(found: Any) -> str:
    graphs = found.graphs
    if graphs is None:
        return ""
    return _("%(n)s (%(low)s–%(high)s)") % {
        "n": f"{graphs.median:,.0f}", "low": f"{graphs.low:,.0f}", "high": f"{graphs.high:,.0f}",
    }  # fmt: skip


@lru_cache(maxsize=4)
def read_case(key: str) -> dict[str, Any]:
    """A case study's facts by its key; NotThere when there is no such case."""
    path = CASES / f"{key}.yaml"
    if not key.replace("-", "").isalnum() or not path.is_file():
        raise NotThere()
    facts: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return facts


def overlap_of_case(facts: dict[str, Any]) -> Any:
    """The overlap in a case's facts, as the estimate reads it."""
    import numpy as np

    from fairwitness.analyse.numbers.estimate.read_overlap import Overlap

    names = tuple(facts["lists"])
    counts = np.zeros(1 << len(names))
    for line in facts["overlap"]:
        counts[sum(1 << names.index(name) for name in line["named_by"])] = line["count"]
    return Overlap(names, counts)


@lru_cache(maxsize=4)
def estimate_of_case(key: str) -> Any:
    """The estimate over a case's table; the table does not change, so neither does the estimate."""
    from fairwitness.analyse.numbers.estimate.estimate_total import estimate

    return estimate(overlap_of_case(read_case(key)))


@open_door()
def show_case(request: HttpRequest, key: str) -> HttpResponse:
    """A case study from published totals; only a demonstration shows it."""
    if not settings.FAIRWITNESS_DEMO:
        raise NotThere()
    facts = read_case(key)
    published = (f"{facts['published']['by']}", float(facts["published"]["total"]))
    context = {"case": facts, "home_url": reverse("web:public"), "marking": _("Public"), **ladder_of(estimate_of_case(key), published)}
    if "strata" in facts:
        context["strata"] = _strata(facts["strata"])
    return page(request, "web/public/case.html", context)


def periods_of_case(strata: dict[str, Any]) -> list[Period]:
    """The published periods of a case; one with too few to be told has no numbers."""
    return [
        Period(date.fromisoformat(one["from"]), one.get("documented"), one.get("total"), one.get("error")) for one in strata["periods"]
    ]


def _strata(strata: dict[str, Any]) -> dict[str, Any]:
    periods, title = periods_of_case(strata), _("Documented, and estimated in all")
    lines = [
        {"begins": one.begins, "told": one.documented is not None, "documented": f"{one.documented or 0:,}", "total": f"{one.total or 0:,}",
         "interval": f"{one.interval[0]:,}–{one.interval[1]:,}" if one.interval else "–", "model": said.get("model") or "–"}
        for one, said in zip(periods, strata["periods"], strict=True)
    ]  # fmt: skip
    drawing = mark_safe(draw_strata(periods, title=title, width=1100, kind="draw wide")
                        + draw_strata(periods, title=title, width=358, kind="draw narrow"))  # fmt: skip
    return {"words": strata["words"], "by": strata["by"], "few": strata["fewer_than"], "lines": lines, "drawing": drawing}


urls = [path("analyse/estimate/", show_ladder, name="estimate"), path("public/cases/<slug:key>/", show_case, name="public_case")]
