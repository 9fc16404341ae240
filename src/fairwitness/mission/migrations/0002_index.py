"""The index of words: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL. Outside the log; made again from the rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

SQLITE = (
    "CREATE TABLE mission_word_of (id INTEGER PRIMARY KEY AUTOINCREMENT, thing TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE mission_word USING fts5(words, access, tokenize=\"unicode61 remove_diacritics 2\", prefix='3 4', detail=column)",
)
POSTGRES = (
    "CREATE TABLE mission_word_of (id bigserial PRIMARY KEY, thing text NOT NULL UNIQUE, kind text NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX mission_word_gin ON mission_word_of USING gin (words)",
)


def make(apps: Any, schema_editor: Any) -> None:
    """Make the index for this engine."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement, params=None)


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop it: nothing is lost, it is made again from the rows."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE mission_word", params=None)
    schema_editor.execute("DROP TABLE mission_word_of", params=None)


class Migration(migrations.Migration):
    """After the mission's tables."""

    dependencies: ClassVar = [("mission", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(make, drop)]
