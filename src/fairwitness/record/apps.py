"""Record, as Django sees it: guards after every migration, a check that every model is kept or free by name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.db import models
from django.db.models.signals import post_migrate

FREE = {
    "record": {"log", "entry", "publicentry", "checkpoint", "publiccheckpoint", "node", "publicnode", "job", "reactionseen"},
    "web": {"account", "digest", "draft"},
    "account": None, "mfa": None, "socialaccount": None, "sessions": None, "contenttypes": None, "auth": None,
}  # fmt: skip
"""Models outside the log, by name (None: all of that app): accounts, drafts, sessions, content types, job rows, the log itself."""


def _install(**_: Any) -> None:
    from fairwitness.record import guard

    guard.install()


def check_kept(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Every model is Kept or free by name; kept models have no many-to-many and protect what they point to."""
    from fairwitness.record.kept import Kept

    found: list[checks.CheckMessage] = []
    for model in apps.get_models():
        label, name = model._meta.app_label, model._meta.model_name
        if not issubclass(model, Kept):
            free = FREE.get(label, set())
            if free is not None and name not in free:
                found.append(checks.Error(f"{model._meta.label} is neither Kept nor free by name", id="fairwitness.E001"))
            continue
        if model._meta.local_many_to_many:
            found.append(checks.Error(f"{model._meta.label} has a many-to-many; use a kept through model", id="fairwitness.E002"))
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT:
                found.append(checks.Error(f"{field} must protect what it points to", id="fairwitness.E003"))
    return found


class RecordConfig(AppConfig):
    """The floor of the house."""

    name = "fairwitness.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Open the door of keeping; find this room's reactions; guards; the check of kept models."""
        import_module("fairwitness.record.keep")
        import_module("fairwitness.record.reactions")
        post_migrate.connect(_install, sender=self, dispatch_uid="fairwitness.guards")
        checks.register(check_kept, "fairwitness")
