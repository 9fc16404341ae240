"""The index of words anew: numbered by when a thing happened, with facts one narrows by; and the searches a member keeps.

It is outside the log. A mission that has things already makes it again from the rows (`fairwitness index`, or the worker).
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import fairwitness.record.ledger.entry

SQLITE = (
    "DROP TABLE mission_word",
    "DROP TABLE mission_word_of",
    "CREATE TABLE mission_word_of (id INTEGER PRIMARY KEY, thing TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, scope TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE mission_word USING fts5(words, facts, tokenize='ascii', prefix='3', detail=column)",
    "CREATE TABLE mission_word_known (word TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE mission_word_new (thing TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE mission_search_news (search TEXT NOT NULL, thing TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL,"
    " PRIMARY KEY (search, thing)) WITHOUT ROWID",
)
POSTGRES = (
    "DROP TABLE mission_word_of",
    "CREATE TABLE mission_word_of (id bigint PRIMARY KEY, thing text NOT NULL UNIQUE, kind text NOT NULL, scope text NOT NULL,"
    " words tsvector NOT NULL)",
    "CREATE INDEX mission_word_gin ON mission_word_of USING gin (words) WITH (gin_pending_list_limit = 512)",
    'CREATE TABLE mission_word_known (word text COLLATE "C" PRIMARY KEY)',
    "CREATE TABLE mission_word_new (thing text PRIMARY KEY)",
    "CREATE TABLE mission_search_news (search text NOT NULL, thing text NOT NULL, kind text NOT NULL, number bigint NOT NULL,"
    " PRIMARY KEY (search, thing))",
)
BOTH = (
    "CREATE INDEX mission_word_scope ON mission_word_of (scope) WHERE scope <> ''",
    "CREATE TABLE mission_word_state (name text PRIMARY KEY, value text NOT NULL)",
    "INSERT INTO mission_word_state (name, value) SELECT 'whole', CASE WHEN EXISTS (SELECT 1 FROM record_entry) THEN 'no' ELSE 'yes' END",
)
OLD_SQLITE = (
    "DROP TABLE mission_word",
    "DROP TABLE mission_word_of",
    "CREATE TABLE mission_word_of (id INTEGER PRIMARY KEY AUTOINCREMENT, thing TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE mission_word USING fts5(words, access, tokenize=\"unicode61 remove_diacritics 2\", prefix='3 4', detail=column)",
)
OLD_POSTGRES = (
    "DROP TABLE mission_word_of",
    "CREATE TABLE mission_word_of (id bigserial PRIMARY KEY, thing text NOT NULL UNIQUE, kind text NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX mission_word_gin ON mission_word_of USING gin (words)",
)
ADDED = ("mission_word_known", "mission_word_new", "mission_search_news", "mission_word_state")


def make(apps: Any, schema_editor: Any) -> None:
    """Make the index for this engine; in a mission without things it is whole at once."""
    for statement in (*(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES), *BOTH):
        schema_editor.execute(statement, params=None)


def drop(apps: Any, schema_editor: Any) -> None:
    """Make the earlier form again, empty: nothing is lost, it is made again from the rows."""
    for table in ADDED:
        schema_editor.execute(f"DROP TABLE {table}", params=None)
    for statement in OLD_SQLITE if schema_editor.connection.vendor == "sqlite" else OLD_POSTGRES:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """After the lists that were brought along."""

    dependencies = [("mission", "0003_lists"), ("record", "0003_blob")]

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.UUIDField(default=fairwitness.record.ledger.entry.uuid7, editable=False, primary_key=True, serialize=False)),
                ("entry", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=120)),
                ("words", models.TextField(blank=True, default="")),
                ("filters", models.JSONField(default=dict)),
                ("alert", models.BooleanField(default=False)),
                ("looked", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="searches", to="mission.member")),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.RunPython(make, drop),
    ]
