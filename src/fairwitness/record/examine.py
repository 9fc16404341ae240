"""Examine: does what lies in the store still say what went on record?

Three levels. *Log*: stored bytes, links, tree, signatures, held against checkpoints from outside. *Blobs*:
every attachment against the hash it is named by. *Rows*: every current row against its newest entry, so that
a row edited by SQL behind the triggers is found and named. The rule it guards: a finding names the table, the
thing and the columns that differ, and never what stands in them, for that may be sealed or not the reader's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from fairwitness.errors import BadInput, Fault, say
from fairwitness.record import blobs, seal
from fairwitness.record.checkpoint import origin, tables, vkey
from fairwitness.record.guard import kept_models
from fairwitness.record.kept import Kept
from fairwitness.record.ledger.entry import SALT
from fairwitness.record.ledger.note import NoteError, parse_checkpoint, parse_vkey, split_note
from fairwitness.record.ledger.verdict import Verdict
from fairwitness.record.ledger.verify import verify_log
from fairwitness.record.look_back import carry_over
from fairwitness.record.models import Blob
from fairwitness.record.read_log import LogRows, snapshot
from fairwitness.record.transcribe import rows_from, writers

Progress = Callable[[int], None]
PAGE = 1000
_UNREADABLE = (ValueError, TypeError, AttributeError, ArithmeticError, ValidationError, BadInput)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the store that is not what went on record."""

    code: str
    table: str
    subject: str
    sentence: str
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.sentence


def of_log(outside: Iterable[bytes], log: str) -> list[bytes]:
    """Those checkpoints from outside that this log should be held against: its own, and for the inner log all that are nobody's here.

    A checkpoint of a stranger is a finding, not something to pass over in silence. Raises BadInput for an unreadable one.
    """
    try:
        origins = [(note, parse_checkpoint(split_note(note)[0]).origin) for note in outside]
    except NoteError as error:
        raise BadInput.of(Fault("checkpoint", say("{error}; give the file as it was handed out", error=error))) from None
    public = origin("public")
    return [note for note, said in origins if (said == public) == (log == "public")]


def examine_log(
    log: str = "inner", outside: Iterable[bytes] = (), strict: bool = False, progress: Progress | None = None, *, keys: Iterable[str] = ()
) -> Verdict:
    """Verify one log of this node, as of one moment, while people go on working; signatures by `keys`, else by the node's own.

    Raises BadInput for a checkpoint or a key that cannot be read.
    """
    tables(log)
    store = LogRows(log)
    try:
        known = [parse_vkey(key) for key in (list(keys) or ([vkey(log)] if seal.can_sign() else []))]
    except NoteError as error:
        raise BadInput.of(Fault("key", say("{error}; give the whole line, name+id+base64", error=error))) from None
    try:
        with snapshot():
            return verify_log(
                store, store.checkpoints(), outside, known, strict, progress,
                nodes=store.nodes, node_count=store.node_count, broken_links=store.broken_links,
            )  # fmt: skip
    except NoteError as error:
        raise BadInput.of(Fault("checkpoint", say("{error}; give the file as it was handed out", error=error))) from None


def examine_blobs(progress: Progress | None = None) -> list[Finding]:
    """Every blob on record against the file that should hold it. Files that no row names are `doctor`'s to report."""
    found: list[Finding] = []
    for number, (key, name, size) in enumerate(Blob.objects.order_by("id").values_list("id", "name", "size"), start=1):
        sentence = _blob_fault(name, size)
        if sentence:
            found.append(Finding("blob", "record_blob", str(key), f"Blob {name}: {sentence}."))
        if progress is not None and number % 100 == 0:
            progress(number)
    return found


def _blob_fault(name: str, size: int) -> str:
    try:
        running, length = sha256(), 0
        with blobs.path_of(name).open("rb") as file:
            for piece in blobs.pieces(file):
                running.update(piece)
                length += len(piece)
    except FileNotFoundError:
        return "the file is not there"
    except OSError as error:
        return f"the file cannot be read ({error.strerror})"
    if length != size:
        return f"the file has {length} bytes, {size} went on record"
    return "" if running.hexdigest() == name else "the file is not the one that went on record; its hash is another"


def examine_rows(progress: Progress | None = None) -> list[Finding]:
    """Every row of every kept table against its newest entry, as of one moment."""
    found: list[Finding] = []
    with snapshot():
        said = _subjects_by_kind()
        done = 0
        for model in kept_models():
            with_entry = 0
            for ids in _pages(model):
                news = _newest(model, ids)
                with_entry += len(news)
                found += _page_findings(model, ids, news)
                done += len(ids)
                if progress is not None:
                    progress(done)
            if said.pop(model.kind_on_record(), 0) != with_entry:
                found += _missing_rows(model)
        for kind, count in sorted(said.items()):
            sentence = f"{count} things of the kind {kind} are on record, and this version of the software has no table for them."
            found.append(Finding("row.kind", kind, "", sentence))
    return found


def _row_test(column: str) -> str:
    start = "7b22726f77223a7b"
    return f"substr({column}, {SALT + 1}, 8) = " + (f"x'{start}'" if connection.vendor == "sqlite" else f"'\\x{start}'::bytea")


def _all(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _subjects_by_kind() -> dict[str, int]:
    query = f"SELECT kind, count(DISTINCT subject) FROM record_entry WHERE {_row_test('body')} GROUP BY kind"
    return {str(kind): int(count) for kind, count in _all(query)}


def _pages(model: type[Kept]) -> Iterator[list[Any]]:
    """Ids as the engine holds them (they may be damaged), page by page."""
    table = connection.ops.quote_name(model._meta.db_table)
    ids = [row[0] for row in _all(f"SELECT id FROM {table} ORDER BY id LIMIT {PAGE}")]
    while ids:
        yield ids
        ids = [row[0] for row in _all(f"SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT {PAGE}", [ids[-1]])]


def _subject(raw: Any) -> str:
    text = str(raw)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}" if len(text) == 32 else text


_News = dict[str, tuple[str, int, bytes]]


def _newest(model: type[Kept], ids: list[Any]) -> _News:
    """(entry, schema, body) of the newest version of each of these things."""
    marks = ",".join(["%s"] * len(ids))
    query = (
        "SELECT subject, entry, schema, body FROM record_entry WHERE seq IN "
        f"(SELECT max(seq) FROM record_entry WHERE subject IN ({marks}) AND kind = %s AND {_row_test('body')} GROUP BY subject)"
    )
    rows = _all(query, [*map(_subject, ids), model.kind_on_record()])
    return {subject: (entry, schema, bytes(body)) for subject, entry, schema, body in rows}


def _page_findings(model: type[Kept], ids: list[Any], news: _News) -> Iterator[Finding]:
    try:
        yield from list(_compare(model, ids, news))
    except _UNREADABLE:
        # Somewhere on this page stands what no field of ours can hold: one by one, to name it.
        for raw in ids:
            try:
                yield from list(_compare(model, [raw], news))
            except _UNREADABLE as error:
                why = str(error) if isinstance(error, BadInput) else "a column holds what its type cannot hold"
                yield _finding("row.unreadable", model, _subject(raw), f"cannot be read ({why}); it was not written by this software")


def _compare(model: type[Kept], ids: list[Any], news: _News) -> Iterator[Finding]:
    names = [name for name, _ in writers(model)]
    place = names.index("id") + 1
    rows = list(model._default_manager.filter(pk__range=(ids[0], ids[-1])).order_by("pk").values_list("entry", *names))
    if len(rows) != len(ids):
        raise ValueError("an id on this page is not an id")
    for row, (entry, start) in zip(rows, rows_from(model, rows), strict=True):
        subject = str(row[place])
        newest = news.get(subject)
        if newest is None:
            yield _finding("row.unknown", model, subject, "is not on record at all; it was put there by other means")
            continue
        name, schema, body = newest
        if str(entry) != name:
            yield _finding("row.entry", model, subject, f"names the entry {entry} as its newest, the log has {name}", ("entry",))
        if schema == model.schema_on_record and body.startswith(start, SALT) and body[SALT + len(start)] in b",}":
            continue
        columns = _differing(model, start, schema, body)
        if columns:
            yield _finding("row.changed", model, subject, f"is not what went on record: {', '.join(columns)}", columns)


def _differing(model: type[Kept], start: bytes, schema: int, body: bytes) -> tuple[str, ...]:
    """Columns in which a row differs from its entry, that one carried over to the present schema."""
    try:
        said = json.loads(body[SALT:])["row"]
    except (ValueError, KeyError, RecursionError):
        return ("the entry itself cannot be read",)
    said, reached = carry_over(model.kind_on_record(), schema, said)
    if reached != model.schema_on_record:
        return (f"the form itself: the entry has schema {schema}, this software {model.schema_on_record}, and nothing carries it over",)
    held = json.loads(start + b"}")["row"]
    return tuple(sorted(key for key in held.keys() | said.keys() if key not in held or key not in said or held[key] != said[key]))


def _missing_rows(model: type[Kept]) -> Iterator[Finding]:
    table = connection.ops.quote_name(model._meta.db_table)
    same = "replace(e.subject, '-', '')" if connection.vendor == "sqlite" else "e.subject::uuid"
    query = (
        f"SELECT DISTINCT e.subject FROM record_entry e WHERE e.kind = %s AND {_row_test('e.body')} "
        f"AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = {same}) ORDER BY 1"
    )
    for (subject,) in _all(query, [model.kind_on_record()]):
        yield _finding("row.missing", model, str(subject), "is on record, and its row is gone")


def _finding(code: str, model: type[Kept], subject: str, what: str, columns: tuple[str, ...] = ()) -> Finding:
    table = model._meta.db_table
    return Finding(code, table, subject, f"{table} {subject} {what}.", columns)
