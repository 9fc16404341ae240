"""What the pages of managing share: one kind of list, one page of a thing, one page of a form; each asks one function of mission.

The rule it guards: a page of managing changes nothing itself. It calls a function, which refuses what rights or sense forbid, and
what the function says is wrong stands beside the field it concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fairwitness.errors import NotThere
from fairwitness.mission.access import may
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, told
from fairwitness.web.history import lines

PAGE = 50
M = Any


def one(things: Any, **key: Any) -> Any:
    """The one thing with this key, or nothing there."""
    try:
        found = things.filter(**key).first()
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise NotThere()
    return found


def ask_page(
    request: HttpRequest,
    form: Ask,
    act: Callable[[Ask], Any],
    then: Callable[[Any], str],
    *,
    h1: str,
    submit: str,
    back: str,
    say: str = "",
) -> HttpResponse:
    """A page with one form: does the act when the form is right, and goes on; else shows what is wrong beside each field."""
    if request.method == "POST" and form.is_valid():
        with told(form):
            return redirect(then(act(form)))
    return page(request, "web/manage/form.html", {"form": form, "h1": h1, "submit": submit, "back": back, "say": say})


def thing_page(request: HttpRequest, hand: Hand, ids: Iterable[UUID], **context: Any) -> HttpResponse:
    """The page of one thing: facts, tables, what may be done with it, what is on record about it."""
    return page(request, "web/manage/thing.html", {**context, "entries": lines(ids, hand)})


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]], empty: str = "") -> dict[str, Any]:
    """A table for a page: each cell is text, or (text, address), or a cell of its own."""
    made = [{"cells": [_cell(value) for value in row]} for row in rows]
    return {"title": title, "label": title, "columns": [{"label": label} for label in columns], "rows": made, "empty": empty}


def _cell(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple):
        return {"text": said(value[0]), "href": value[1]}
    return {"text": said(value)}


def said(value: Any) -> str:
    """A value as a page prints it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "–"
    return str(value)


def acts(hand: Hand, *offered: tuple[Verb, str, str]) -> list[dict[str, str]]:
    """Of these acts, those this hand may do: words and address."""
    return [{"text": text, "href": href} for verb, text, href in offered if may(hand, verb)]


def paged(request: HttpRequest, things: Any) -> dict[str, Any]:
    """Fifty of a list, with the addresses of the pages beside it."""
    typed = request.GET.get("page", "")
    at = min(max(int(typed), 1), 10_000) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    total, start = things.count(), (at - 1) * PAGE
    shown = list(things[start : start + PAGE])

    def address(to: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(to)
        return f"?{asked.urlencode()}"

    return {
        "shown": shown,
        "first": start + 1 if shown else 0,
        "last": start + len(shown),
        "total": total,
        "older_url": address(at + 1) if start + PAGE < total else "",
        "newer_url": address(at - 1) if at > 1 else "",
    }


def base_of(form: forms.Form) -> UUID | None:
    """The version the writer saw."""
    found: UUID | None = form.cleaned_data.get("base")
    return found


class WhyForm(Ask):
    """A reason, where one is all that is asked."""

    why = forms.CharField(label="", max_length=300)

    def __init__(self, *given: Any, label: str, hint: str = "", **values: Any) -> None:
        """The label and hint of the reason."""
        super().__init__(*given, **values)
        self.fields["why"].label = label
        self.fields["why"].help_text = hint
