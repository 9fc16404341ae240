"""The log as pages: headers of entries, the proof that one is in the log, the signed checkpoints, how to check without us.

Bodies are never shown here. The rule it guards: reading the whole log is a right of its own (`log.read`), because its headers
alone tell who did how much and when; the proof of an entry is for every member who finds its number on a page.
"""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.errors import NotThere
from fairwitness.mission.access import may, visible
from fairwitness.record.checkpoint import inclusion, newest, size_of, vkey
from fairwitness.record.hand import Hand
from fairwitness.record.kept import Kept
from fairwitness.record.models import Checkpoint, Entry, Job
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import moment, shown
from fairwitness.web.manage_parts import said

PAGE = 50
PRIVATE = {"mission.member", "mission.power", "mission.tenure", "mission.secondhat"}
KINDS = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Kept)} - PRIVATE
"""Kinds whose entries are open to whoever may read the thing itself."""


@door(None)
def record(request: StaffRequest) -> HttpResponse:
    """What the log holds and promises; its entries for those who may read the whole of it."""
    whole = may(request.hand, Verb.LOG_READ)
    last = newest()
    signed = said(moment(last.made)) if last else ""
    context: dict[str, Any] = {"size": size_of(), "newest": last, "signed": signed, "whole": whole, "vkey": vkey(), "verb_now": "record"}
    context["may_bring"] = may(request.hand, Verb.IMPORT_BRING)
    if whole:
        context |= _entries(request) | {"broken": Job.objects.filter(state=Job.PERSON).order_by("id")[:20]}
    return page(request, "web/record/record.html", context)


def _entries(request: StaffRequest) -> dict[str, Any]:
    found = Entry.objects.order_by("-seq")
    verb, before = request.GET.get("verb", ""), _number(request.GET.get("before", ""))
    if verb in set(Verb):
        found = found.filter(verb=verb)
    if before is not None:
        found = found.filter(seq__lt=before)
    rows = list(found.defer("body", "header")[: PAGE + 1])
    older = f"?verb={verb if verb in set(Verb) else ''}&before={rows[PAGE - 1].seq}" if len(rows) > PAGE else ""
    return {
        "entries": shown(rows[:PAGE]),
        "older_url": older,
        "verbs": sorted(Verb),
        "verb": verb,
        "newer_url": reverse("web:record") if before else "",
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _entry(seq: int, hand: Hand) -> Entry:
    """The entry, for whoever reads the whole log or may read the thing it is about."""
    found = Entry.objects.filter(seq=seq).first() if seq < 2**60 else None
    if found is None or not (may(hand, Verb.LOG_READ) or _reads_subject(hand, found)):
        raise NotThere()
    return found


def _reads_subject(hand: Hand, found: Entry) -> bool:
    if found.kind not in KINDS:
        return False
    model: Any = apps.get_model(found.kind)
    if getattr(model, "access_path", None) is None and model._meta.app_label != "mission":
        return False
    return bool(visible(hand, model.objects.filter(pk=found.subject)).exists())


@door(None)
def entry(request: StaffRequest, seq: int) -> HttpResponse:
    """One entry: its header and how it is proved."""
    found = _entry(seq, request.hand)
    context = {
        "entry": found,
        "line": shown([found])[0],
        "header": bytes(found.header).decode("utf-8") if may(request.hand, Verb.LOG_READ) else "",
        "verb_now": "record",
    }
    return page(request, "web/record/entry.html", context)


@door(None)
def entry_proof(request: StaffRequest, seq: int) -> HttpResponse:
    """The proof as a file that `python -m fairwitness.record.ledger check-proof` reads. It holds the header and no body."""
    found = _entry(seq, request.hand)
    made = HttpResponse(json.dumps(inclusion(found.seq), indent=2, ensure_ascii=False), content_type="application/json")
    made["Content-Disposition"] = f'attachment; filename="entry-{found.seq}.proof.json"'
    return made


@door(None)
def checkpoints(request: StaffRequest) -> HttpResponse:
    """The signed statements of size and root, newest first."""
    rows = [
        {
            "cells": [
                {"text": str(one.size), "href": reverse("web:checkpoint", args=[one.size])},
                {"text": said(moment(one.made))},
                {"text": bytes(one.root).hex()},
            ]
        }
        for one in Checkpoint.objects.order_by("-size")[:PAGE]
    ]
    columns = [{"label": _("Entries covered")}, {"label": _("Signed")}, {"label": _("Root")}]
    return page(request, "web/record/checkpoints.html", {"rows": rows, "columns": columns, "vkey": vkey(), "verb_now": "record"})


@door(None)
def checkpoint(request: StaffRequest, size: int) -> HttpResponse:
    """One checkpoint as the signed note it is: kept outside, it finds any later rewriting."""
    found = Checkpoint.objects.filter(size=size).first() if size < 2**60 else None
    if found is None:
        raise NotThere()
    made = HttpResponse(bytes(found.note), content_type="text/plain; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="checkpoint-{found.size}.txt"'
    return made


urls = [
    path("record/", record, name="record"),
    path("record/entries/<int:seq>/", entry, name="entry"),
    path("record/entries/<int:seq>/proof.json", entry_proof, name="entry_proof"),
    path("record/checkpoints/", checkpoints, name="checkpoints"),
    path("record/checkpoints/<int:size>/", checkpoint, name="checkpoint"),
]
