"""Attach a file to what it shows: the original as it came, unaltered, encrypted, with caption, credit and licence.

What a file is, its first bytes say, not its name. Two uploads of one name are two attachments. The rule it guards: the
original is never changed (a public copy without names and positions is made elsewhere), nobody opens it without
leaving a line, and a file of a source goes when that source's key goes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from PIL import Image, UnidentifiedImageError

from fairwitness.errors import Tampered
from fairwitness.mission.access import require
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Activity, Attachment, Claim, Observation
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record import blobs
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb

MOST = 25 * 1024 * 1024
MOST_PIXELS = 120_000_000
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "TIFF": "image/tiff"}
ENDINGS = {
    "image/jpeg": ("jpg", "jpeg"), "image/png": ("png",), "image/webp": ("webp",), "image/gif": ("gif",), "image/tiff": ("tif", "tiff"),
    "application/pdf": ("pdf",), "video/mp4": ("mp4", "m4v", "mov", "m4a", "3gp", "heic"), "audio/mpeg": ("mp3",), "audio/wav": ("wav",),
    "audio/ogg": ("ogg", "oga", "opus"), "audio/flac": ("flac",), "text/plain": ("txt", "csv", "log", "md"),
    "application/zip": ("docx", "xlsx", "odt", "ods", "zip", "kmz"),
}  # fmt: skip
_FIRST_BYTES = (
    (0, b"%PDF-", "application/pdf"), (4, b"ftyp", "video/mp4"), (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"), (8, b"WAVE", "audio/wav"), (0, b"OggS", "audio/ogg"), (0, b"fLaC", "audio/flac"),
    (0, b"PK\x03\x04", "application/zip"),
)  # fmt: skip
_PICTURE_BYTES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")


def attach_file(
    owner: Observation | Claim | Activity, file: IO[bytes], *, file_name: str, caption: str, credit: str, licence: str, by: Hand,
    people: str = "", taken: datetime | None = None, thing_id: UUID | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file with what has to be known about it. Raises BadInput, Refused, Gone, Unreachable; then nothing was kept."""
    require(by, Verb.ATTACHMENT_ADD, owner)
    seen(by, owner)
    reading = Reading()
    values: dict[str, Any] = {
        "file_name": _plain_name(reading, file_name), "caption": reading.text("caption", caption, 500, needed=True),
        "credit": reading.text("credit", credit, 200, needed=True), "licence": reading.text("licence", licence, 200, needed=True),
        "people": reading.text("people", people, 300), "taken": reading.moment("taken", taken, past=True),
    }  # fmt: skip
    data = file.read(MOST + 1)
    kind = _kind_of(reading, data, values["file_name"])
    reading.done()
    made = Attachment(
        id=thing_id or uuid7(), media_type=kind, size=len(data), unit=owner.unit, sensitivity=owner.sensitivity, **_of(owner), **values
    )
    require(by, Verb.ATTACHMENT_ADD, made)
    with writing(by):
        before = made_before(Attachment, thing_id, by)
        if before is not None:
            return before
        blob = blobs.store(blobs.pieces(io.BytesIO(data)), scope=made.scope, by=by, verb=Verb.ATTACHMENT_ADD, most=MOST)
        made.blob, made.plain_hash = blob.name, blob.plain
        return keep_numbered(made, series_of(owner.unit.code, "A"), by=by, verb=Verb.ATTACHMENT_ADD)[0]


def open_attachment(attachment: Attachment, *, by: Hand) -> Iterator[bytes]:
    """The file as it came, piece by piece; the opening goes on record first. Raises Refused, NotThere, Gone, Tampered."""
    seen(by, attachment)
    require(by, Verb.ATTACHMENT_READ, attachment)
    blob = Blob.objects.filter(name=attachment.blob).first()
    if blob is None:
        raise Tampered("The file of {code} is not among the blobs on record. Restore it from a backup.", code=attachment.code)
    blobs.plain_hash(blob)  # says Gone before anything is promised
    note(by=by, verb=Verb.ATTACHMENT_READ, kind="monitor.attachment", subject=attachment.id, content={"code": attachment.code})
    return blobs.read(blob)


def _of(owner: Observation | Claim | Activity) -> dict[str, Any]:
    if isinstance(owner, Observation):
        return {"observation": owner}
    return {"claim": owner} if isinstance(owner, Claim) else {"activity": owner}


def _plain_name(reading: Reading, file_name: Any) -> str:
    """The name without folders and unprintable signs."""
    name = reading.text("file", file_name, 5_000, needed=True)
    name = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).strip(". ")
    if len(name) > 255:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:200]}{dot}{ending[:50]}" if dot else name[:255]
    return name or "file"


def _kind_of(reading: Reading, data: bytes, name: str) -> str:
    if not data:
        reading.fault("file", "is empty; choose the file again")
        return ""
    if len(data) > MOST:
        reading.fault("file", f"is larger than {MOST // 1024 // 1024} MB; send a smaller one or several parts")
        return ""
    kind = _picture(reading, data) or next((said for at, mark, said in _FIRST_BYTES if data[at : at + len(mark)] == mark), "")
    if not kind and _is_text(data):
        kind = "text/plain"
    if kind == "":
        reading.fault("file", "is of a kind that is not taken; send a picture (JPEG, PNG), PDF, sound, film, text or office document")
        return ""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending and ending not in ENDINGS[kind] and any(ending in endings for endings in ENDINGS.values()):
        reading.fault("file", f"is named .{ending} but its first bytes say {kind}; send the right file or give it its right name")
    return kind


def _picture(reading: Reading, data: bytes) -> str:
    if not data.startswith(_PICTURE_BYTES) or data[8:12] == b"WAVE":
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(PICTURES)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    reading.fault("file", f"has more than {MOST_PIXELS // 1_000_000} million points; send a smaller copy")
                kind = PICTURES[str(picture.format)]
                picture.verify()
                return kind
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError, KeyError):
        reading.fault("file", "begins like a picture but cannot be read as one; it may be cut off, copy it from the camera again")
        return "image/jpeg"


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    start = text.lstrip("\ufeff \t\r\n").lower()
    return "\x00" not in text and not start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script"))
