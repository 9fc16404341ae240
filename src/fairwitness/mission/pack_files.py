"""Read the files of a pack: YAML for what is nested, CSV for tables, each value with the line it stands on.

The rule it guards: whoever keeps a pack by hand is told everything that is wrong at once, with file, line, field and remedy.
A file is data and stays data: no tags, no anchors that multiply themselves, nothing above five megabytes.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fairwitness.errors import Fault as HouseFault
from fairwitness.errors import NotReadable

LARGEST_FILE = 5_000_000
DEEPEST = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe loader, ten times as fast where it is compiled
_PLAIN_TAG = re.compile(r"tag:yaml\.org,2002:(str|int|float|bool|null|timestamp|seq|map)\Z")
_WHERE = tuple[str | int, ...]


class Fault(HouseFault):
    """One thing wrong in a pack: `file`, `line`, `field`, `sentence`."""

    __slots__ = ()

    @property
    def line(self) -> int:
        """The line in the file, counted from 1; 0 where it has none."""
        return self.row or 0


def fault(file: str, line: int, field_name: str, sentence: str) -> Fault:
    """A Fault from its four parts in the order they are read aloud."""
    return Fault(field=field_name, sentence=sentence, file=file, row=line or None)


class PackError(NotReadable):
    """A pack that cannot be taken. `faults` has them all; nothing was loaded."""

    code = "pack_error"

    def __init__(self, faults: list[Fault]) -> None:
        more = f"; and {len(faults) - 20} more" if len(faults) > 20 else ""
        super().__init__("; ".join(str(one) for one in faults[:20]) + more)
        self.faults: tuple[Fault, ...] = tuple(faults)


@dataclass
class Sheet:
    """What one file says: plain values, and the line of each by its path."""

    file: str
    value: Any = None
    lines: dict[_WHERE, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    raw: bytes = b""

    def line_of(self, where: _WHERE) -> int:
        """The line of the value at `where`, or of the nearest thing around it."""
        while where not in self.lines and where:
            where = where[:-1]
        return self.lines.get(where, 1)

    def blame(self, line: int, field_name: str, sentence: str) -> None:
        self.faults.append(fault(self.file, line, field_name, sentence))


def read_file(path: Path) -> Sheet:
    """Read a `.yaml` or `.csv` file; never raises for what the file says."""
    sheet = Sheet(path.name)
    text = _text(path, sheet)
    if text is not None:
        (_read_yaml if path.suffix == ".yaml" else _read_csv)(text, sheet)
    return sheet


def _text(path: Path, sheet: Sheet) -> str | None:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            sheet.blame(1, "file", f"{size:,} bytes is more than a pack file may have (5 MB); split it or take out what is not needed.")
            return None
        sheet.raw = path.read_bytes()
    except FileNotFoundError:
        sheet.blame(0, "file", "is missing; copy it from another pack and change it, or restore it.")
        return None
    except OSError as error:
        sheet.blame(0, "file", f"cannot be read ({error.strerror}); check that it is a file and who may open it.")
        return None
    if not sheet.raw.strip():
        sheet.blame(1, "file", "is empty; restore it, or write its heading.")
        return None
    if b"\x00" in sheet.raw:
        line = sheet.raw[: sheet.raw.index(b"\x00")].count(b"\n") + 1
        sheet.blame(line, "file", "holds a NUL byte; the file is damaged or is not text (UTF-16?). Save it as UTF-8.")
        return None
    try:
        return sheet.raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        sheet.blame(line, "file", f"byte 0x{error.object[error.start]:02X} is not UTF-8; save the file as UTF-8.")
        return None


def _read_yaml(text: str, sheet: Sheet) -> None:
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                return sheet.blame(line, "file", "uses an alias (*); write the value out where it is needed.")
            if depth > DEEPEST:
                return sheet.blame(line, "file", f"is nested more than {DEEPEST} deep; a pack never needs that.")
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        return sheet.blame(mark.line + 1 if mark else 1, "file", f"is not YAML here ({problem}); check indentation, colons and quotes.")
    sheet.value = _plain(node, (), sheet) if node else None
    if not isinstance(sheet.value, dict):
        sheet.value = None
        if not sheet.faults:
            sheet.blame(1, "file", "should be a list of headings, each with a colon, at its outermost level.")


def _plain(node: yaml.Node, where: _WHERE, sheet: Sheet) -> Any:
    line = node.start_mark.line + 1
    sheet.lines[where] = line
    name = str(where[-1]) if where else "file"
    if not _PLAIN_TAG.match(str(node.tag)):
        sheet.blame(line, name, f"carries the tag {node.tag}; a pack holds plain values only. Take the tag away.")
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_plain(inner, (*where, number), sheet) for number, inner in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, inner in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in found:
                sheet.blame(key_node.start_mark.line + 1, key, "stands twice in the same place; keep one.")
            found[key] = _plain(inner, (*where, key), sheet)
        return found
    kind = str(node.tag).rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return str(node.value).lower() in {"yes", "true", "on"}
    return str(node.value)


def _read_csv(text: str, sheet: Sheet) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, str]] = []
    heading: list[str] = []
    start = 1
    try:
        for cells in reader:
            if not heading:
                heading = [cell.strip() for cell in cells]
                if len(set(heading)) != len(heading) or "" in heading:
                    return sheet.blame(1, "heading", "has a column twice or without a name; each column needs a name of its own.")
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(heading):
                    sheet.blame(start, "row", f"has {len(cells)} cells where the heading has {len(heading)}; look for a comma too many.")
                else:
                    sheet.lines[(len(rows),)] = start
                    rows.append({name: cell for name, cell in zip(heading, cells, strict=True) if cell.strip()})
            start = reader.line_num + 1
    except csv.Error as error:
        return sheet.blame(start, "row", f"cannot be read as a table ({error}); look for a quotation mark that does not close.")
    sheet.value = rows
