"""Redact a picture: a new item, made from the original, on which faces and plates are gone.

Boxes are drawn on the picture as it is looked at, upright, and every point under them becomes black before the copy is written: not
blurred, for a blur can be undone. Nothing of what the camera wrote is in the copy, nor the name of the file. Each box says whom it
covers, so that the exit can count who is still to be seen. The rule it guards: the original stays as it came, becomes heavier than its
copy, and is never what is shown; the copy is looked at point by point before it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from fairwitness.errors import BrokenRule, OutOfOrder, Tampered, say
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.monitor.attach import keep_file, of, owner_of
from fairwitness.monitor.describe_picture import on_it
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Attachment
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.monitor.read_picture import KINDS, PREVIEW, Picture, encoded, likeness, open_upright
from fairwitness.record import blobs
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb

WHOLE = 10_000
"""A picture's width and height in the parts boxes are measured in: hundredths of a percent."""
LEAST = 50
MOST_BOXES = 60
EDGE = 4096
QUALITY = 90
THING = "thing"
"""What a box covers that is no person: a plate, a sign, a door."""
MARGIN = 2
DARK = 60


@dataclass(frozen=True, slots=True)
class Box:
    """A box in hundredths of a percent of the picture as it is looked at, and whom it covers: the id of a line, or a thing."""

    left: int
    top: int
    width: int
    height: int
    covers: str = THING


def redact_picture(
    original: Attachment, boxes: Sequence[Box], *, caption: str, by: Hand, credit: str = "", licence: str = "",
    sensitivity: int | None = None, why: str = "", thing_id: UUID | None = None,
) -> Attachment:  # fmt: skip
    """Make a copy with these boxes covered. The original is kept as it came, and heavier. Raises BadInput, OutOfOrder, Gone, Tampered."""
    require(by, Verb.ATTACHMENT_REDACT, original)
    seen(by, original)
    before = made_before(Attachment, thing_id, by)
    if before is not None:
        return before
    if original.redacted_from_id is not None:
        copy = "This is a copy. Cover more from its original, {code}; the boxes of this copy can be taken over."
        raise OutOfOrder(copy, code=original.original.code)
    if not original.is_picture or original.media_type not in KINDS:
        raise OutOfOrder("{code} is no picture that is read here; only JPEG, PNG and WebP can be covered.", code=original.code)
    reading = Reading()
    step = min(original.sensitivity, owner_of(original).sensitivity) if sensitivity is None else reading.sensitivity(sensitivity)
    values: dict[str, Any] = {
        "caption": reading.text("caption", caption, 500, needed=True), "sensitivity": max(step, int(Sensitivity.INTERNAL)),
        "credit": reading.text("credit", credit, 200) or original.credit,
        "licence": reading.text("licence", licence, 200) or original.licence,
    }  # fmt: skip
    why = reading.text("why", why, 500)
    _check(reading, original, boxes)
    reading.done()
    made = Attachment(
        id=thing_id or uuid7(), redacted_from=original, unit=original.unit, media_type="image/jpeg", taken=original.taken, people="",
        file_name=f"{original.code}-covered.jpg", boxes=[_kept(box) for box in boxes], **of(owner_of(original)), **values,
    )  # fmt: skip
    require(by, Verb.ATTACHMENT_REDACT, made)
    data, picture = _covered(original, boxes)
    made.size = len(data)
    with writing(by):
        again = made_before(Attachment, thing_id, by)
        if again is not None:
            return again
        kept = keep_file(made, data, hashlib.sha256(data).hexdigest(), picture, by=by, verb=Verb.ATTACHMENT_REDACT, why=why)
        heavy = max(original.sensitivity, int(Sensitivity.RESTRICTED), kept.sensitivity)
        if heavy != original.sensitivity:
            original.sensitivity = heavy
            why = f"Covered as {kept.code}; the original becomes {Sensitivity(heavy).label.lower()}."
            original.keep(by=by, verb=Verb.ATTACHMENT_REDACT, why=why)
    return kept


def _kept(box: Box) -> dict[str, Any]:
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height, "covers": box.covers}


def _check(reading: Reading, original: Attachment, boxes: Sequence[Box]) -> None:
    known = {THING, *(str(line.id) for line in on_it(original))}
    if not boxes:
        reading.fault("boxes", "are missing; draw a box, or type left, top, width and height in percent")
    if len(boxes) > MOST_BOXES:
        many = "are {count}; at most {most} are drawn on one picture, draw larger ones"
        reading.fault("boxes", say(many, count=len(boxes), most=MOST_BOXES))
    for number, box in enumerate(boxes[:MOST_BOXES], 1):
        wrong = _wrong(box, known)
        if wrong:
            reading.fault("boxes", say(wrong, number=number))


def _wrong(box: Box, known: set[str]) -> str:
    """What is wrong with a box; empty when nothing is."""
    if any(isinstance(side, bool) or not isinstance(side, int) for side in (box.left, box.top, box.width, box.height)):
        return "box {number} is not measured in numbers"
    if min(box.left, box.top) < 0 or box.left + box.width > WHOLE or box.top + box.height > WHOLE:
        return "box {number} reaches beyond the picture; left and width, top and height are at most 100 together"
    if min(box.width, box.height) < LEAST:
        return "box {number} is smaller than half a percent and would cover nothing; draw it larger"
    return "" if box.covers in known else "box {number} covers somebody who is not on this picture (any more); choose again"


def _covered(original: Attachment, boxes: Iterable[Box]) -> tuple[bytes, Picture]:
    """The copy's bytes and what is known of it, looked through after it was written."""
    name = original.file_name
    blob = Blob.objects.filter(name=original.blob).first()
    if blob is None:
        raise Tampered("The file of {code} is not among the blobs on record. Restore it from a backup.", code=original.code)
    image = open_upright(b"".join(blobs.read(blob)), name, EDGE)
    areas = [_area(box, image) for box in boxes]
    draw = ImageDraw.Draw(image)
    for area in areas:
        draw.rectangle(area, fill="black")
    data = encoded(image, QUALITY)
    made = open_upright(data, name, EDGE)
    _look_through(made, image, areas)
    small = made.copy()
    small.thumbnail((PREVIEW, PREVIEW), Image.Resampling.LANCZOS)
    return data, Picture("image/jpeg", *made.size, encoded(small), likeness(small))


def _area(box: Box, image: Image.Image) -> tuple[int, int, int, int]:
    """The points of a box, rounded outwards and a little wider: what was made smaller bleeds into its neighbours."""
    width, height = image.size
    left, top = box.left * width // WHOLE - MARGIN, box.top * height // WHOLE - MARGIN
    right, bottom = -(-(box.left + box.width) * width // WHOLE) + MARGIN, -(-(box.top + box.height) * height // WHOLE) + MARGIN
    return max(0, left), max(0, top), min(width - 1, right), min(height - 1, bottom)


def _look_through(made: Image.Image, meant: Image.Image, areas: Iterable[tuple[int, int, int, int]]) -> None:
    """Every point under a box is black in the written copy, it has the size it should, and it carries nothing beside its points."""
    if made.size != meant.size or made.getexif() or any(name in made.info for name in ("exif", "xmp", "icc_profile", "comment")):
        raise BrokenRule("the covered copy is not what it should be; nothing was kept")
    for left, top, right, bottom in areas:
        # The outermost block of a JPEG rings with what stands beside the box; what stood under the box is in none.
        inset = min(8, (right - left) // 2, (bottom - top) // 2)
        inner = made.crop((left + inset, top + inset, right - inset + 1, bottom - inset + 1))
        if max(high for _, high in inner.getextrema()) > DARK:  # type: ignore[misc]
            raise BrokenRule("the covered copy still shows something under a box; nothing was kept")
