"""Read a mission pack: a folder that makes this the system of one particular mission.

`read_pack(folder)` answers with a `Pack`, or with a `PackError` that lists everything wrong in all files at once. It writes nothing.
It looks at each file by itself and at whether the files agree with each other; a list that cannot be read blames no other list.

The rule it guards: what the mission is, is data that people can read and correct with an editor; the program has no municipality,
no department and no footnote in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from fairwitness.mission.check_pack import check_pack
from fairwitness.mission.pack_files import Fault, PackError, Sheet, fault, read_file
from fairwitness.mission.pack_parts import Part
from fairwitness.mission.pack_schema import Pack

__all__ = ["KOSOVO", "Fault", "Pack", "PackError", "read_pack"]
KOSOVO = Path(__file__).resolve().parent.parent / "packs" / "kosovo"

# which file holds which lists of the pack; a CSV file is one list
_FILES: dict[str, tuple[str, ...]] = {
    "pack.yaml": ("info", "languages"),
    "mandate.yaml": ("decisions", "fields", "tasks", "cycle", "operations"),
    "templates.yaml": ("templates",),
    "units.csv": ("units",),
    "posts.csv": ("posts",),
    "areas.csv": ("areas",),
    "places.csv": ("places",),
    "place_names.csv": ("place_names",),
    "institutions.csv": ("institutions",),
    "partners.yaml": ("partners",),
    "vocabularies.yaml": ("vocabularies",),
    "style.yaml": ("name_styles", "footnotes", "words"),
    "figures.csv": ("figures",),
    "standards.yaml": ("standards",),
}
_GAP = object()


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises PackError with every fault of every file."""
    if not folder.is_dir():
        raise PackError([fault(folder.name, 0, "folder", "is not a folder; give the folder that holds pack.yaml.")])
    if not any((folder / name).exists() for name in _FILES):
        raise PackError([fault(folder.name, 0, "folder", "holds none of the files of a pack; give the folder that holds pack.yaml.")])
    reading = _Reading([], {}, hashlib.sha256())
    for name, parts in _FILES.items():
        _take(read_file(folder / name), parts, reading)
    unread = {part for parts in _FILES.values() for part in parts} - reading.found.keys()
    gaps: dict[str, Any] = {part: [] for part in unread}
    pack = Pack.model_construct(**gaps, **reading.found, digest=reading.digest.hexdigest())
    if faults := [*reading.faults, *check_pack(pack, unread)]:
        raise PackError(faults)
    return pack


@dataclass
class _Reading:
    faults: list[Fault]
    found: dict[str, Any]
    digest: Any


def _take(sheet: Sheet, parts: tuple[str, ...], reading: _Reading) -> None:
    reading.digest.update(f"{sheet.file}\0{len(sheet.raw)}\0".encode() + sheet.raw)
    reading.faults.extend(sheet.faults)
    if sheet.value is None:
        return
    table = sheet.file.endswith(".csv")
    for part in parts:
        value = sheet.value if table else sheet.value.get(part, _GAP)
        where: tuple[str, ...] = () if table else (part,)
        if value is _GAP:
            reading.faults.append(fault(sheet.file, 1, part, f"is missing; the file must have a heading “{part}:”."))
            continue
        try:
            found = _adapter(part).validate_python(value)
            _place(found, where, sheet)
            reading.found[part] = found
        except ValidationError as error:
            reading.faults.extend(_said(sheet, where, detail) for detail in error.errors(include_url=False))
    if not table:
        for key in sheet.value.keys() - set(parts):
            said = f"is not a heading of this file; it has: {', '.join(parts)}."
            reading.faults.append(fault(sheet.file, sheet.line_of((key,)), key, said))


@cache
def _adapter(part: str) -> TypeAdapter[Any]:
    annotation: Any = Pack.model_fields[part].annotation
    return TypeAdapter(annotation)


def _place(found: Any, where: tuple[str | int, ...], sheet: Sheet) -> None:
    """Tell each part the line it came from."""
    if isinstance(found, list):
        for number, inner in enumerate(found):
            _place(inner, (*where, number), sheet)
    elif isinstance(found, Part):
        found.found_at(sheet.file, sheet.line_of(where))
        for name in type(found).model_fields:
            _place(getattr(found, name), (*where, name), sheet)


def _said(sheet: Sheet, where: tuple[str, ...], detail: ErrorDetails) -> Fault:
    location = (*where, *detail["loc"])
    names = [str(part) for part in location if isinstance(part, str)]
    field = names[-1] if names else "row"
    return fault(sheet.file, sheet.line_of(location), field, _sentence(detail))


def _sentence(detail: ErrorDetails) -> str:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    shown = f"“{given[:40]}”" if isinstance(given, str) else f"a {_word(given)}"
    if kind == "missing":
        return "is missing; fill it in."
    if kind == "extra_forbidden":
        return "is not a field of this part; correct its spelling or take it out."
    if kind == "literal_error":
        return f"{shown} is not one of {context.get('expected', '')}; choose one of these."
    if kind == "value_error":
        return f"{context.get('error', detail['msg'])}."
    if kind == "string_too_short":
        return "is empty; fill it in."
    if kind in {"too_short", "string_too_long"}:
        return "needs at least one entry." if kind == "too_short" else "is longer than 4,000 characters; shorten it."
    needed = {"string_type": "text", "list_type": "a list", "dict_type": "a set of headings", "bool_type": "yes or no"}.get(kind)
    needed = needed or ("a set of headings" if kind in {"model_type", "model_attributes_type"} else None)
    return f"is {shown} where {needed} is needed." if needed else f"{detail['msg']} (found {shown}); correct it."


def _word(given: Any) -> str:
    if isinstance(given, dict | BaseModel):
        return "set of headings"
    return {list: "list", bool: "yes or no", type(None): "blank"}.get(type(given), type(given).__name__)
