"""Attach a file to what it shows: the original as it came, unaltered, encrypted, with caption, credit and licence.

Before anything else the SHA-256 of the bytes as they came is taken; it goes on record and is printed beside the file. What a file
is, its first bytes say, not its name. Two uploads of one name are two attachments. The rule it guards: the original is never
changed (a copy with faces covered is another thing), nobody opens it without leaving a line, and a file of a source goes when
that source's key goes.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from fairwitness.errors import BadInput, Tampered, say
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.monitor.hold import seen
from fairwitness.monitor.match_picture import remember_likeness
from fairwitness.monitor.models import Activity, Attachment, Claim, Observation
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.monitor.read_picture import KINDS, Picture, form_of, read_picture
from fairwitness.record import blobs
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Blob
from fairwitness.record.seal import seal, unseal
from fairwitness.record.verbs import Verb

MOST = 25 * 1024 * 1024
ENDINGS = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"), "image/png": ("png",), "image/webp": ("webp",), "image/gif": ("gif",),
    "image/tiff": ("tif", "tiff"), "image/heic": ("heic", "heif", "hif"), "image/avif": ("avif",), "application/pdf": ("pdf",),
    "video/mp4": ("mp4", "m4v", "mov", "m4a", "3gp"), "audio/mpeg": ("mp3",), "audio/wav": ("wav",), "audio/ogg": ("ogg", "oga", "opus"),
    "audio/flac": ("flac",), "text/plain": ("txt", "csv", "log", "md"),
    "application/zip": ("docx", "xlsx", "odt", "ods", "zip", "kmz"),
}  # fmt: skip
_FIRST_BYTES = (
    (0, b"%PDF-", "application/pdf"), (4, b"ftypavif", "image/avif"), (4, b"ftypheic", "image/heic"), (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"), (4, b"ftyp", "video/mp4"), (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"), (8, b"WAVE", "audio/wav"), (0, b"OggS", "audio/ogg"), (0, b"fLaC", "audio/flac"),
    (0, b"PK\x03\x04", "application/zip"), (0, b"GIF8", "image/gif"), (0, b"II*\x00", "image/tiff"), (0, b"MM\x00*", "image/tiff"),
)  # fmt: skip
"""Pictures that are not read here are kept as they came: they have no preview, and a copy of them cannot be covered."""
Owner = Observation | Claim | Activity


def attach_file(
    owner: Owner, file: IO[bytes], *, file_name: str, caption: str, credit: str, licence: str, by: Hand, people: str = "",
    taken: datetime | None = None, thing_id: UUID | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file with what has to be known about it. Raises BadInput, Refused, Gone, Unreachable; then nothing was kept."""
    require(by, Verb.ATTACHMENT_ADD, owner)
    seen(by, owner)
    data = file.read(MOST + 1)
    digest = hashlib.sha256(data).hexdigest()
    reading = Reading()
    values: dict[str, Any] = {
        "file_name": _plain_name(reading, file_name), "caption": reading.text("caption", caption, 500, needed=True),
        "credit": reading.text("credit", credit, 200, needed=True), "licence": reading.text("licence", licence, 200, needed=True),
        "people": reading.text("people", people, 300), "taken": reading.moment("taken", taken, past=True),
    }  # fmt: skip
    kind, picture = _read(reading, data, values["file_name"])
    reading.done()
    if picture is not None:
        values["people"] = ""  # who is on a picture is stated person by person, see `describe_picture`
    made = Attachment(
        id=thing_id or uuid7(), media_type=kind, size=len(data), unit=owner.unit, sensitivity=owner.sensitivity, **of(owner), **values
    )
    require(by, Verb.ATTACHMENT_ADD, made)
    with writing(by):
        before = made_before(Attachment, thing_id, by)
        return before if before is not None else keep_file(made, data, digest, picture, by=by, verb=Verb.ATTACHMENT_ADD)


def keep_file(made: Attachment, data: bytes, digest: str, picture: Picture | None, *, by: Hand, verb: Verb, why: str = "") -> Attachment:
    """Keep a file that was read, under the hash it had when it came. Call inside `writing`."""
    blob = blobs.store(blobs.pieces(io.BytesIO(data)), scope=made.scope, by=by, verb=verb, most=MOST)
    if unseal(blob.plain) != digest:
        raise Tampered("The file changed while it was being kept; nothing was kept. Send it again.")
    made.blob, made.plain_hash = blob.name, blob.plain
    if picture is not None:
        made.width, made.height = picture.width, picture.height
        made.facts = seal(made.scope, _written({**picture.facts, "likeness": picture.likeness}))
        made.whereabouts = seal(made.scope, _written(picture.whereabouts))
        made.preview = blobs.store([picture.preview], scope=made.scope, by=by, verb=verb).name
        made.sensitivity = max(made.sensitivity, int(Sensitivity.INTERNAL))
    kept = keep_numbered(made, series_of(made.unit.code, "A"), by=by, verb=verb, why=why)[0]
    remember_likeness(kept, digest, picture.likeness if picture is not None else "")
    return kept


def _written(facts: dict[str, str]) -> str:
    held = {name: said for name, said in facts.items() if said}
    return json.dumps(held, ensure_ascii=False, sort_keys=True) if held else ""


def open_attachment(attachment: Attachment, *, by: Hand) -> Iterator[bytes]:
    """The file as it came, piece by piece; the opening goes on record first. Raises Refused, NotThere, Gone, Tampered."""
    return _open(attachment, attachment.blob, by, {"code": attachment.code})


def open_preview(attachment: Attachment, *, by: Hand) -> bytes:
    """The preview of a picture; it shows the same faces, so that its opening goes on record as well. Raises as `open_attachment`."""
    return b"".join(_open(attachment, attachment.preview, by, {"code": attachment.code, "preview": True}))


def _open(attachment: Attachment, name: str, by: Hand, content: dict[str, Any]) -> Iterator[bytes]:
    seen(by, attachment)
    require(by, Verb.ATTACHMENT_READ, attachment)
    blob = Blob.objects.filter(name=name).first()
    if blob is None:
        raise Tampered("The file of {code} is not among the blobs on record. Restore it from a backup.", code=attachment.code)
    blobs.plain_hash(blob)  # says Gone before anything is promised
    note(by=by, verb=Verb.ATTACHMENT_READ, kind="monitor.attachment", subject=attachment.id, content=content)
    return blobs.read(blob)


def hash_of(attachment: Attachment) -> str:
    """The SHA-256 of the file as it came, in hexadecimal digits. Raises Gone."""
    return unseal(attachment.plain_hash)


def follow_owner(owner: Owner, *, by: Hand, verb: Verb, why: str) -> None:
    """After the marking of a thing changed its files follow; an original with a covered copy, and that copy, never become lighter by it."""
    files = Attachment.objects.filter(**of(owner)).exclude(sensitivity=owner.sensitivity)
    covered = set(Attachment.objects.filter(**of(owner), redacted_from__isnull=False).values_list("redacted_from_id", flat=True))
    for file in files:
        stays = file.redacted_from_id is not None or file.id in covered
        step = max(file.sensitivity, owner.sensitivity) if stays else owner.sensitivity
        if step != file.sensitivity:
            file.sensitivity = step
            file.keep(by=by, verb=verb, why=why)


def of(owner: Owner) -> dict[str, Any]:
    """The column that ties a file to this thing."""
    if isinstance(owner, Observation):
        return {"observation": owner}
    return {"claim": owner} if isinstance(owner, Claim) else {"activity": owner}


def owner_of(attachment: Attachment) -> Owner:
    """The thing a file belongs to."""
    owner = attachment.observation or attachment.claim or attachment.activity
    assert owner is not None, "the database holds one of the three"
    return owner


def _plain_name(reading: Reading, file_name: Any) -> str:
    """The name without folders and unprintable signs."""
    name = reading.text("file", file_name, 5_000, needed=True)
    name = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()).strip(". ")
    if len(name) > 255:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:200]}{dot}{ending[:50]}" if dot else name[:255]
    return name or "file"


def _read(reading: Reading, data: bytes, name: str) -> tuple[str, Picture | None]:
    """What kind of file it is, and the picture when it is one that is read here."""
    if not data:
        reading.fault("file", say("“{name}” is empty; choose the file again", name=name))
        return "", None
    if len(data) > MOST:
        large = "“{name}” is larger than {megabytes} MB; send a smaller one or several parts"
        reading.fault("file", say(large, name=name, megabytes=MOST // 1024 // 1024))
        return "", None
    picture = None
    if form_of(data):
        try:
            picture = read_picture(data, name)
        except BadInput as wrong:
            reading.faults += wrong.faults
            return "", None
    kind = picture.kind if picture else next((said for at, mark, said in _FIRST_BYTES if data[at : at + len(mark)] == mark), "")
    if not kind and _is_text(data):
        kind = "text/plain"
    if kind == "":
        what = "“{name}” is of a kind that is not taken; send a picture (JPEG, PNG, WebP), PDF, sound, film, text or office document"
        reading.fault("file", say(what, name=name))
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if kind and ending and ending not in ENDINGS[kind] and any(ending in endings for endings in ENDINGS.values()):
        lie = "“{name}” is named .{ending} but its first bytes say {kind}; send the right file or give it its right name"
        reading.fault("file", say(lie, name=name, ending=ending, kind=kind))
    return kind, picture


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    start = text.lstrip("\ufeff \t\r\n").lower()
    return "\x00" not in text and not start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script"))


__all__ = [
    "KINDS", "MOST", "attach_file", "follow_owner", "hash_of", "keep_file", "of", "open_attachment", "open_preview", "owner_of",
]  # fmt: skip
