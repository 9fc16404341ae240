"""Cells of the matrices of verifying, as the table on the page wants them.

The rule it guards: a blank is said in its own words: not visited (hatched), not checked, no data, does not apply. A share stands
with its n, and no percentage is made of fewer than ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fairwitness.mission.access import sees
from fairwitness.mission.models import Place
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import key_of
from fairwitness.mission.tell_time import today
from fairwitness.monitor.models import Claim
from fairwitness.record.hand import Hand
from fairwitness.verify.find_text import cite
from fairwitness.verify.lift import municipalities
from fairwitness.verify.matrix import Cell, fill, summarise
from fairwitness.verify.models import Check, Obligation

WORDS = {
    "met": gettext_lazy("Met"), "partly": gettext_lazy("Partly met"), "not_met": gettext_lazy("Not met"),
    "no_data": gettext_lazy("No data"),
    "not_applicable": gettext_lazy("Does not apply"), "not_checked": gettext_lazy("Not checked"),
    "ended": gettext_lazy("No longer a municipality"),
}  # fmt: skip
MARKS = {"met": "good", "not_met": "late", "partly": "soon"}
Table = dict[str, Any]


def cell_of(cell: Cell, obligation: Obligation) -> dict[str, Any]:
    """One cell of a matrix as the table part wants it."""
    if cell.check is not None:
        more = ngettext("newest of %(n)d check", "newest of %(n)d checks", cell.checks) % {"n": cell.checks} if cell.checks > 1 else ""
        share = f"{cell.check.share()} {cell.check.of_what}".strip() if cell.check.share() else ""
        note = "; ".join(part for part in (share, more) if part)
        return {
            "text": WORDS[cell.state],
            "href": reverse("web:check", args=[cell.check.code]),
            "note": note,
            "mark": MARKS.get(cell.state, ""),
        }
    if cell.state == "not_visited" and obligation.due and obligation.due >= today():
        return {"text": _("Due %(day)s") % {"day": f"{obligation.due:%d.%m.%Y}"}}
    if cell.state == "not_visited":
        return {"text": "", "not_visited": True}
    looked = ngettext("%(n)d day looked at something else", "%(n)d days looked at something else", cell.days) % {"n": cell.days}
    return {"text": WORDS[cell.state], "note": looked if cell.state == "not_checked" else ""}


def _head(obligation: Obligation) -> dict[str, Any]:
    aspect = _("established") if obligation.aspect == "established" else _("works")
    return {
        "text": obligation.title,
        "href": reverse("web:obligation", args=[obligation.code]),
        "note": f"{aspect}; {obligation.standard.title}",
    }


def matrix_of_place(hand: Hand, obligations: Sequence[Obligation], place: Place, names: Sequence[str]) -> Table:
    """Obligation by round in one place, with the newest round of all municipalities beside it."""
    cells = fill(hand, obligations, [place], names)
    newest = names[-1:]
    everywhere = municipalities()
    others = fill(hand, obligations, everywhere, newest)
    rows = []
    for one in obligations:
        line = [_head(one), *(cell_of(cells[one.pk, place.pk, name], one) for name in names)]
        line += [{"text": summarise(others[one.pk, area.pk, name] for area in everywhere).words()} for name in newest]
        rows.append({"cells": line})
    all_of = [{"label": _("All %(n)d municipalities, %(round)s") % {"n": len(everywhere), "round": name}} for name in newest]
    return {"columns": [{"label": _("Obligation and its basis")}, *({"label": name} for name in names), *all_of], "rows": rows}


def matrix_of_all(hand: Hand, obligations: Sequence[Obligation], names: Sequence[str]) -> Table:
    """Obligation by round: how many municipalities stand where. Checks of the whole area stand in words of their own."""
    everywhere = municipalities()
    cells = fill(hand, obligations, everywhere, names)
    whole = _of_the_area(hand, obligations, names)
    rows = []
    for one in obligations:
        line = [_head(one)]
        for name in names:
            total = summarise(cells[one.pk, area.pk, name] for area in everywhere)
            area = whole.get((one.pk, name))
            if area is not None:
                share = area.share()
                note = _("whole area; %(share)s") % {"share": share} if share else _("whole area")
                line.append({**cell_of(Cell(area.value, area, 1), one), "note": note})
            elif set(total.counts) <= {"not_visited"}:
                line.append(cell_of(Cell("not_visited"), one))
            else:
                line.append({"text": total.words()})
        rows.append({"cells": line})
    return {"columns": [{"label": _("Obligation and its basis")}, *({"label": name} for name in names)], "rows": rows}


def _of_the_area(hand: Hand, obligations: Sequence[Obligation], names: Sequence[str]) -> dict[Any, Check]:
    areas = list(
        Place.objects.filter(checks__obligation__in=obligations).exclude(kind="municipality").filter(parent__isnull=True).distinct()
    )
    cells = fill(hand, obligations, areas, names)
    return {(key[0], key[2]): cell.check for key, cell in cells.items() if cell.check is not None}


def matrix_of_obligation(hand: Hand, obligation: Obligation, names: Sequence[str]) -> Table:
    """Municipality by round for one obligation, with how many stand where in the last line."""
    places = municipalities()
    above = Place.objects.filter(checks__obligation=obligation, parent__isnull=True).distinct()
    everywhere = [*above, *places]
    named = names_of(place.pk for place in everywhere)
    cells = fill(hand, [obligation], everywhere, names)
    rows = [
        {
            "cells": [
                {"text": named.get(place.pk, place.code)},
                *(cell_of(cells[obligation.pk, place.pk, name], obligation) for name in names),
            ]
        }
        for place in sorted(everywhere, key=lambda place: (place.parent_id is not None, key_of(named.get(place.pk, place.code))))
    ]
    totals = [{"text": summarise(cells[obligation.pk, place.pk, name] for place in places).words()} for name in names]
    rows.append({"cells": [{"text": _("All municipalities")}, *totals]})
    return {"columns": [{"label": _("Municipality")}, *({"label": name} for name in names)], "rows": rows}


def evidence_of(hand: Hand, check: Check, relation: str) -> list[dict[str, Any]]:
    """What a check rests on, as far as its reader may see it."""
    found = []
    lines = check.evidence.filter(undone=False, relation=relation).select_related("observation", "claim").order_by("id")
    for line in lines:
        end = line.observation or line.claim
        if end is not None and sees(hand, end):
            found.append(evidence_line(end))
    return found


def evidence_line(end: Any) -> dict[str, Any]:
    """An observation or a claim in one line: how we know, its code, its headline."""
    told = isinstance(end, Claim)
    return {
        "code": end.code, "headline": end.headline, "state": end.state if told else end.state(), "kind": "claim" if told else "observation",
        "href": reverse("web:claim" if told else "web:observation", args=[end.code]),
    }  # fmt: skip


def cite_now(obligation: Obligation) -> str:
    """The legal basis in words, read today."""
    return cite(obligation.standard, today())
