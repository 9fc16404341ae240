"""Open an analysis set, or plain Parquet files: what may be read, until when, and that no byte of it was changed.

A set is a folder of tables with a manifest: who took it out, as the mission stood on record at which moment, marked how, until when it
may be used. The rule it guards: a set that has expired is read no more, one whose bytes are not those of its manifest is not read at
all, and a file that says less than a figure needs is refused with what it lacks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairwitness.errors import BadInput, Fault, NotReadable, say

MANIFEST = "manifest.json"
FORMAT = "fairwitness analysis set 1"
LINES = {
    "line": "BIGINT", "event": "BIGINT", "stream": "STRING", "place": "STRING", "day": "DATE", "precision": "STRING", "kind": "STRING",
    "low": "BIGINT", "high": "BIGINT", "qualifier": "STRING", "recorded": "DATE",
}  # fmt: skip
"""Columns of a table of observations or claims. A plain file has to have `place` and `day`; what else it lacks is empty."""
NEEDED = ("place", "day")
TABLES = ("observations", "claims", "events", "activities", "coverage", "restrictions", "checks", "places")


@dataclass(frozen=True, slots=True)
class OpenSet:
    """What may be asked: the files of each table, and the manifest ({} for plain files). `digests` names each file's SHA-256."""

    tables: Mapping[str, Sequence[Path]]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)


def open_set(paths: Sequence[Path], today: date | None = None) -> OpenSet:
    """The set in one folder, or plain Parquet files of lines. Raises BadInput for what has expired, was changed or is no set."""
    if not paths:
        raise BadInput.of(Fault("data", "names nothing; give a folder of an analysis set, or Parquet files"))
    for path in paths:
        if not path.exists():
            raise BadInput.of(Fault("data", say("is not there: {path}", path=str(path))))
    if len(paths) == 1 and paths[0].is_dir():
        return _folder(paths[0], today or datetime.now(UTC).date())
    for path in paths:
        if path.is_dir():
            raise BadInput.of(Fault("data", say("{path} is a folder; sets are asked one at a time", path=str(path))))
        if path.read_bytes()[:4] != b"PAR1":
            raise NotReadable("{file} is not a Parquet file.", file=path.name)
    return OpenSet({"observations": list(paths)}, {}, {path.name: _digest(path) for path in paths})


def _folder(folder: Path, today: date) -> OpenSet:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["format"] != FORMAT:
            raise KeyError("format")
        expires, tables = date.fromisoformat(manifest["expires"]), list(manifest["tables"])
        named = {str(one["table"]): (folder / str(one["file"]), str(one["sha256"])) for one in tables}
    except FileNotFoundError:
        wrong = "{folder} is no analysis set: it has no manifest. Write one with `fairwitness export analysis`."
        raise NotReadable(wrong, folder=folder.name) from None
    except (ValueError, KeyError, TypeError) as why:
        raise NotReadable("The manifest of {folder} is not one this version reads.", folder=folder.name) from why
    if today > expires:
        raise BadInput.of(Fault("expires", say(
            "the set ended on {day} and is read no more; delete it, and ask whoever made it for a new one", day=expires.isoformat(),
        )))  # fmt: skip
    changed = [path.name for path, digest in named.values() if path.parent != folder or not path.is_file() or _digest(path) != digest]
    if changed or set(named) != set(TABLES):
        names = ", ".join(sorted(changed)) or "some tables"
        wrong = "{names} of {folder} are not those of its manifest; nothing is computed from them."
        raise NotReadable(wrong, names=names, folder=folder.name)
    digests = {path.name: digest for path, digest in named.values()}
    return OpenSet({table: [path] for table, (path, _) in named.items()}, manifest, digests)


def _digest(path: Path) -> str:
    made = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            made.update(block)
    return made.hexdigest()
