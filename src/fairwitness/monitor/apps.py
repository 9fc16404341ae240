"""The room `monitor`, as Django sees it; its reactions are found when the house starts."""

from __future__ import annotations

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """The room `monitor`."""

    name = "fairwitness.monitor"
    label = "monitor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find this room's reactions, its indexes, and what else is taken back with a source: whoever did not know would lose it."""
        from django.utils.module_loading import module_has_submodule

        for part in ("reactions", "index", "carry_over", "consent_picture", "match_picture", "bring"):
            if self.module is not None and module_has_submodule(self.module, part):
                __import__(f"{self.name}.{part}")
