"""Bringing a list, page by page: the file, its columns, the trial, the words nobody knows, the taking, the undoing.

Trial, taking and undoing are later work: their page says how far they came and asks again by itself, with or without a script, and may be
closed. The rule it guards: nothing is taken before somebody saw what would become of it.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, open_one, visible
from fairwitness.mission.bring import bring, match, mean, open_list
from fairwitness.mission.list_lines import MOST_BYTES
from fairwitness.mission.match_columns import target_of
from fairwitness.mission.models import Import, ImportedRow
from fairwitness.mission.take_rows import ask_trial, report_lines, start, trial_of
from fairwitness.mission.undo_import import ask_undo, held_by
from fairwitness.record.verbs import Verb
from fairwitness.share.export import safe
from fairwitness.web.ask import page, sent, told
from fairwitness.web.bring_forms import BringForm, ColumnsForm, WordsForm
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.home_needs import to
from fairwitness.web.manage_parts import WhyForm, base_of, paged, said, table

WORKING = (Import.CHECKING, Import.RUNNING, Import.UNDOING)
AGAIN = 4
"""Seconds after which the page of an import at work asks how far it came."""
SHOWN = 50
PAGES = {
    "recommend.recommendation": "recommendation", "monitor.observation": "observation", "monitor.event": "event",
    "assist.training": "training", "mission.counterpart": "counterpart",
}  # fmt: skip
"""The page of each kind of thing a list may become."""


def _one(request: StaffRequest, code: str) -> Import:
    things = Import.objects.select_related("unit", "profile", "file", "report", "member")
    found: Import = open_one(request.hand, things, code=code)
    return found


@door(Verb.IMPORT_BRING)
def imports(request: StaffRequest) -> HttpResponse:
    """The lists that were brought, newest first."""
    found = visible(request.hand, Import.objects.select_related("unit").order_by("-id"))
    rows = paged(request, found)
    columns = [_("List"), _("What it is"), _("State"), _("Rows"), _("Taken"), _("Not taken"), _("Unit")]
    listed = [
        [(f"{one.code}, {one.file_name}", to("import", one.code)), _(target_of(one.target).label), _(one.get_state_display()),
         one.rows, one.made, one.left_out, one.unit.name]
        for one in rows["shown"]
    ]  # fmt: skip
    empty = _("No list was brought yet. Bring an Excel or CSV file; nothing of it is taken before you saw what would become of it.")
    return page(request, "web/record/imports.html", {**rows, "verb_now": "record", "list": table(_("Lists"), columns, listed, empty)})


@door(Verb.IMPORT_BRING, "GET", "POST")
def import_new(request: StaffRequest) -> HttpResponse:
    """Bring a file."""
    form = BringForm(sent(request), request.FILES if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            given, file = form.cleaned_data, form.cleaned_data["file"]
            made = bring(
                file.read(MOST_BYTES + 1), file_name=file.name, target=given["target"], sensitivity=given["sensitivity"],
                sheet=given["sheet"], encoding=given["encoding"], by=request.hand, thing_id=form.new_id(),
            )  # fmt: skip
            return redirect("web:import_columns" if made.state == Import.OPEN else "web:import", made.code)
    context = {"form": form, "h1": _("Bring a list"), "submit": _("Read it"), "back": reverse("web:imports"), "verb_now": "record"}
    return page(request, "web/record/import_form.html", context)


@door(Verb.IMPORT_BRING, "GET", "POST")
def import_columns(request: StaffRequest, code: str) -> HttpResponse:
    """Say which column is which; then the list is tried."""
    one = _one(request, code)
    found = open_list(one)
    form = ColumnsForm(sent(request), hand=request.hand, imported=one, found=found)
    if request.method == "POST" and form.is_valid():
        with told(form):
            given = form.cleaned_data
            now = match(one, form.columns(), fixed=form.fixed(), day_order=given["day_order"], profile=given["profile"],
                        base=base_of(form), by=request.hand)  # fmt: skip
            ask_trial(now, by=request.hand)
            return redirect("web:import", code)
    context = {
        "form": form, "h1": _("Which column is which in %(file)s?") % {"file": one.file_name}, "submit": _("Try the list"), "code": code,
        "back": to("import", code), "verb_now": "record", "marking": one.marking(), "notes": found.notes,
    }  # fmt: skip
    return page(request, "web/record/import_form.html", context)


@door(Verb.IMPORT_BRING, "GET", "POST")
def import_words(request: StaffRequest, code: str) -> HttpResponse:
    """Say what unknown words mean; then the list is tried again."""
    one = _one(request, code)
    form = WordsForm(sent(request), hand=request.hand, imported=one)
    if request.method == "POST" and form.is_valid():
        with told(form):
            ask_trial(mean(one, form.meant(), by=request.hand, base=base_of(form)), by=request.hand)
            return redirect("web:import", code)
    context = {
        "form": form, "h1": _("What do these words mean here?"), "submit": _("Try the list again"), "code": code,
        "back": to("import", code), "verb_now": "record", "marking": one.marking(),
        "say": _("No word is added to the vocabulary by a list. Who edits the vocabulary can add one; then try the list again."),
    }  # fmt: skip
    return page(request, "web/record/import_form.html", context)


@door(Verb.IMPORT_BRING)
def show_import(request: StaffRequest, code: str) -> HttpResponse:
    """How far an import came, what its trial found, and what can be done next."""
    one = _one(request, code)
    trial = trial_of(one) if one.state == Import.CHECKED else None
    faults = [[str(row), field, wrong, remedy] for row, field, wrong, remedy in trial.faults[:SHOWN]] if trial else []
    context = {
        "verb_now": "record", "one": one, "marking": one.marking(), "target": _(target_of(one.target).label), "trial": trial,
        "state": _(one.get_state_display()), "done": one.undone if one.state == Import.UNDOING else one.done_rows,
        "whole": one.made if one.state in (Import.UNDOING, Import.UNDONE) else one.rows, "working": one.state in WORKING,
        "faults": table(_("Rows at fault"), [_("Row"), _("Field"), _("What is wrong"), _("Remedy")], faults),
        "things": _things(request, one),
        "may_undo": one.state in (Import.DONE, Import.RUNNING) and may(request.hand, Verb.IMPORT_UNDO, one),
        "ready": one.state == Import.CHECKED and not one.unknown and bool(trial and trial.new),
        "entries": lines([one.id], request.hand), "unit": one.unit.name, "brought_by": said(one.member),
    }  # fmt: skip
    answer = page(request, "web/record/import.html", context)
    if one.state in WORKING:
        answer["Refresh"] = str(AGAIN)
    return answer


def _things(request: StaffRequest, one: Import) -> dict[str, Any]:
    """The first things that came of it, each with its row, as far as this reader may see them."""
    rows = list(ImportedRow.objects.filter(imported=one).order_by("row")[:SHOWN])
    model: Any = target_of(one.target).model
    seen = {thing.pk: thing for thing in visible(request.hand, model.objects.filter(pk__in=[row.thing for row in rows]))}
    listed = []
    for row in rows:
        thing, name = seen.get(row.thing), PAGES.get(row.kind, "")
        if thing is not None and name:
            key = thing.code if name != "counterpart" else thing.pk
            said_ = next(str(getattr(thing, words)) for words in ("title", "headline", "name") if hasattr(thing, words))
            listed.append([(thing.code, to(name, key)), said_, row.row])
    return table(_("What came of it"), [_("Thing"), _("Words"), _("Row")], listed)


@door(Verb.IMPORT_BRING, "POST")
def import_try(request: StaffRequest, code: str) -> HttpResponse:
    """Try the list again as it is matched."""
    ask_trial(_one(request, code), by=request.hand)
    return redirect("web:import", code)


@door(Verb.IMPORT_BRING, "POST")
def import_start(request: StaffRequest, code: str) -> HttpResponse:
    """Begin to take the rows."""
    start(_one(request, code), by=request.hand)
    return redirect("web:import", code)


@door(Verb.IMPORT_UNDO, "GET", "POST")
def import_undo(request: StaffRequest, code: str) -> HttpResponse:
    """Undo the whole import, with the reason."""
    one = _one(request, code)
    held = held_by(one) if request.method == "GET" else []
    hint = _("It goes on record with each thing. Nothing is deleted: the things leave lists and counts, and their pages say why.")
    form = WhyForm(sent(request), hand=request.hand, label=_("Why it is undone"), hint=hint, initial={"base": one.entry})
    if request.method == "POST" and form.is_valid():
        with told(form):
            ask_undo(one, why=form.cleaned_data["why"], by=request.hand, base=base_of(form))
            return redirect("web:import", code)
    context = {
        "form": form, "h1": _("Undo %(code)s: withdraw %(n)d things") % {"code": code, "n": one.made - one.undone}, "code": code,
        "submit": _("Withdraw them"), "back": to("import", code), "verb_now": "record", "marking": one.marking(),
        "say": _("These were changed or are cited since, and stand in the way: %(codes)s") % {"codes": ", ".join(held)} if held else "",
    }  # fmt: skip
    return page(request, "web/record/import_form.html", context)


@door(Verb.IMPORT_BRING)
def import_report(request: StaffRequest, code: str) -> HttpResponse:
    """What became, or would become, of each row, as a file."""
    one = _one(request, code)
    held = io.StringIO(newline="")
    out = csv.writer(held)
    out.writerow([one.marking()])
    out.writerow([_("row"), _("result"), _("field"), _("what is wrong"), _("remedy")])
    out.writerows([safe(str(cell)) for cell in line] for line in report_lines(one, request.hand))
    answer = HttpResponse("\ufeff" + held.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{one.code}-report.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


urls = [
    path("record/imports/", imports, name="imports"),
    path("record/imports/new/", import_new, name="import_new"),
    path("record/imports/<slug:code>/", show_import, name="import"),
    path("record/imports/<slug:code>/columns/", import_columns, name="import_columns"),
    path("record/imports/<slug:code>/words/", import_words, name="import_words"),
    path("record/imports/<slug:code>/try/", import_try, name="import_try"),
    path("record/imports/<slug:code>/start/", import_start, name="import_start"),
    path("record/imports/<slug:code>/undo/", import_undo, name="import_undo"),
    path("record/imports/<slug:code>/report.csv", import_report, name="import_report"),
]
