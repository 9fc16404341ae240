"""Guard: triggers that refuse what `keep` would never send.

They guard against mistakes, not against the owner of the database file; that is what checkpoints held
elsewhere are for. Django rebuilds SQLite tables without their triggers, so they are made again after
every migration and checked at start and by `doctor`.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from fairwitness.record.kept import Kept

LOGS = ("record_entry", "record_public_entry")
FROZEN = (*LOGS, "record_checkpoint", "record_public_checkpoint", "record_node", "record_public_node")


def kept_models() -> list[type[Kept]]:
    """Every model of things on record, in a stable order."""
    return sorted((m for m in apps.get_models() if issubclass(m, Kept)), key=lambda m: m._meta.label)


def guards() -> dict[str, list[str]]:
    """The statements that make each guard, by its name. Running them twice changes nothing."""
    make = _sqlite if connection.vendor == "sqlite" else _postgres
    return make([model._meta.db_table for model in kept_models()])


def install() -> None:
    """Make every guard again."""
    with connection.cursor() as cursor:
        for statements in guards().values():
            for statement in statements:
                cursor.execute(statement)


def missing() -> list[str]:
    """Names of guards that should stand and do not."""
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(set(guards()) - present)


def _sqlite(kept: list[str]) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}

    def add(name: str, table: str, event: str, when: str, sentence: str) -> None:
        body = f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        made[name] = [f"DROP TRIGGER IF EXISTS {name}", body]

    for table in kept:
        changed = "WHEN NEW.entry IS OLD.entry OR NEW.id IS NOT OLD.id"
        add(f"fw_advance_{table}", table, "UPDATE", changed, f"{table}: a kept row changes only with an entry")
        add(f"fw_stay_{table}", table, "DELETE", "", f"{table}: nothing kept is deleted")
    for table in FROZEN:
        add(f"fw_frozen_{table}", table, "UPDATE", "", f"{table}: what is on record is never rewritten")
        add(f"fw_stay_{table}", table, "DELETE", "", f"{table}: what is on record is never deleted")
    return made


def _postgres(kept: list[str]) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}

    def add(name: str, table: str, event: str, function: str, each: str = "ROW") -> None:
        body = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
        made[name] = [f"DROP TRIGGER IF EXISTS {name} ON {table}", body]

    for table in kept:
        add(f"fw_advance_{table}", table, "UPDATE", "fw_advance")
        add(f"fw_stay_{table}", table, "DELETE OR TRUNCATE", "fw_stay", "STATEMENT")
    for table in FROZEN:
        add(f"fw_frozen_{table}", table, "UPDATE", "fw_frozen", "STATEMENT")
        add(f"fw_stay_{table}", table, "DELETE OR TRUNCATE", "fw_stay", "STATEMENT")
    return made


POSTGRES_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION fw_advance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.entry = OLD.entry OR NEW.id <> OLD.id THEN
    RAISE EXCEPTION '%: a kept row changes only with an entry', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE FUNCTION fw_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: nothing kept is deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE OR REPLACE FUNCTION fw_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: what is on record is never rewritten', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE OR REPLACE FUNCTION ledger_append(
  which text, home text, who text, through text, hand_at text, kept_at text,
  entries text[], kinds text[], schemas int[], verbs text[], subjects text[], prevs text[],
  heads bytea[], tails bytea[], bodies bytea[], commits text[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE first bigint; many bigint := array_length(entries, 1); target text;
BEGIN
  UPDATE record_log SET size = size + many WHERE name = which RETURNING size - many INTO first;
  IF first IS NULL THEN RAISE EXCEPTION 'there is no log named %', which; END IF;
  target := CASE which WHEN 'public' THEN 'record_public_entry' ELSE 'record_entry' END;
  EXECUTE format($q$
    INSERT INTO %I (seq,entry,log,kind,schema,verb,member,door,at,subject,prev,recorded,header,body,commitment,leaf)
    SELECT seq,e,$2,k,s,v,$3,$4,$5,su,p,$6,header,b,c,sha256('\\x00'::bytea || header) FROM (
      SELECT $1 + ord - 1 AS seq,e,k,s,v,su,p,h || convert_to(($1 + ord - 1)::text,'UTF8') || t AS header,b,c
      FROM unnest($7,$8,$9,$10,$11,$12,$13,$14,$15,$16) WITH ORDINALITY AS x(e,k,s,v,su,p,h,t,b,c,ord)
    ) y $q$, target)
  USING first, home, who, through, hand_at, kept_at, entries, kinds, schemas, verbs, subjects, prevs, heads, tails, bodies, commits;
  RETURN first;
END $$
""",
)
