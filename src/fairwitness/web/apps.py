"""The web room, as Django sees it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _cache_table(**_: Any) -> None:
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)


class WebConfig(AppConfig):
    """The doors."""

    name = "fairwitness.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The limiter's counters live in a table of their own, shared by every process."""
        post_migrate.connect(_cache_table, sender=self, dispatch_uid="fairwitness.cache")
