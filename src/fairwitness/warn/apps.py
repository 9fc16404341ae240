"""The room `warn`, as Django sees it; its reactions are found when the house starts."""

from __future__ import annotations

from django.apps import AppConfig


class WarnConfig(AppConfig):
    """The room `warn`."""

    name = "fairwitness.warn"
    label = "warn"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find this room's reactions, and by which words its things are found."""
        from django.utils.module_loading import module_has_submodule

        for part in ("reactions", "index"):
            if self.module is not None and module_has_submodule(self.module, part):
                __import__(f"{self.name}.{part}")
