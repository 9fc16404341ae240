"""The room `mission`, as Django sees it; its reactions are found when the house starts."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.core import checks


def check_declared(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Every kept model says by which words its things are found, or why they are not."""
    from fairwitness.mission.index import undeclared
    from fairwitness.record.kept import Kept

    kept = [model for model in apps.get_models() if issubclass(model, Kept)]
    said = "{} says nowhere by which words it is found: declare it in its room's index.py (indexed, part_of or left_out)"
    return [checks.Error(said.format(model._meta.label), id="fairwitness.E004") for model in undeclared(kept)]


class MissionConfig(AppConfig):
    """The room `mission`."""

    name = "fairwitness.mission"
    label = "mission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find this room's reactions and what it puts into the index: a rebuilding that did not know would lose it."""
        from django.utils.module_loading import module_has_submodule

        for part in ("reactions", "find_words", "rebuild", "bring_contacts"):
            if self.module is not None and module_has_submodule(self.module, part):
                __import__(f"{self.name}.{part}")
        checks.register(check_declared, "fairwitness")
