"""What the pages of verifying, analysing and warning share: what is on record, pages of lists.

The rule it guards: a list has an end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from fairwitness.record.models import Entry
from fairwitness.web.history import shown

PAGE = 50


def record_lines(ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """What is on record about things whose page the reader has open already, newest first."""
    subjects = [str(one) for one in ids]
    return shown(list(Entry.objects.filter(subject__in=subjects).order_by("-seq")[:30]))


def paged(request: HttpRequest, things: Any) -> dict[str, Any]:
    """Fifty of a list, newest first, with the addresses of the pages beside it."""
    typed = request.GET.get("page", "")
    at = min(max(int(typed), 1), 100_000) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    total, start = things.count(), (at - 1) * PAGE
    shown = list(things[start : start + PAGE])

    def address(to: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(to)
        return f"?{asked.urlencode()}"

    return {
        "rows": shown, "first": start + 1 if shown else 0, "last": start + len(shown), "total": total,
        "older_url": address(at + 1) if start + PAGE < total else "", "newer_url": address(at - 1) if at > 1 else "",
    }  # fmt: skip
