"""The room `report`, as Django sees it; its reactions are found when the house starts."""

from __future__ import annotations

from django.apps import AppConfig


class ReportConfig(AppConfig):
    """The room `report`."""

    name = "fairwitness.report"
    label = "report"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find this room's reactions, by which words its things are found, and the block it fills itself."""
        from django.utils.module_loading import module_has_submodule

        for part in ("reactions", "index", "list_restrictions"):
            if self.module is not None and module_has_submodule(self.module, part):
                __import__(f"{self.name}.{part}")
