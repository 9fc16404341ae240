"""The web room, as Django sees it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext, ngettext

from fairwitness.errors import speak_with


def _speak(one: str, many: str, count: int | None) -> str:
    return ngettext(one, many, count) if many and count is not None else gettext(one)


def _cache_table(**_: Any) -> None:
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)


class WebConfig(AppConfig):
    """The doors."""

    name = "fairwitness.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sentences of the rooms are said in the reader's language; the limiter's counters live in a table all processes share."""
        speak_with(_speak)
        post_migrate.connect(_cache_table, sender=self, dispatch_uid="fairwitness.cache")
