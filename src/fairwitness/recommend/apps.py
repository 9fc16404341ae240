"""The room `recommend`, as Django sees it; its reactions are found when the house starts."""

from __future__ import annotations

from django.apps import AppConfig


class RecommendConfig(AppConfig):
    """The room `recommend`."""

    name = "fairwitness.recommend"
    label = "recommend"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find this room's reactions and its words for the index; fill its block of reports."""
        from django.utils.module_loading import module_has_submodule

        __import__(f"{self.name}.fill")
        for part in ("reactions", "index", "bring"):
            if self.module is not None and module_has_submodule(self.module, part):
                __import__(f"{self.name}.{part}")
