"""The frame around every page: marking, notice, mission, footnote."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context every page has."""
    return {}
