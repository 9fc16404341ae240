"""The two logs of a node, and the server functions and guards PostgreSQL needs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import migrations

from fairwitness.record.guard import POSTGRES_FUNCTIONS


def start(apps: Any, schema_editor: Any) -> None:
    """Start the inner and the public log, each with an id of its own."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRES_FUNCTIONS:
            schema_editor.execute(statement, params=None)
    log = apps.get_model("record", "Log")
    for name in ("inner", "public"):
        log.objects.get_or_create(name=name, defaults={"id_text": str(uuid4()), "started": datetime.now(UTC)})


def stay(apps: Any, schema_editor: Any) -> None:
    """Nothing to undo: a log that was started stays."""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies: ClassVar = [("record", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(start, stay)]
