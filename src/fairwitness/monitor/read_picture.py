"""Read a picture: what it is, how large, what the camera wrote into it, and a preview without any of that.

A picture comes from a telephone, from a stranger, or from somebody who wishes us harm. It is read with limits on size, points and
passes; a file that is cut off, lies about itself or carries a second file behind the picture is sent back with its name and
the remedy. The rule it guards: nothing of what the camera wrote (place, time, owner, thumbnail) is left in anything made here, and a
picture is turned upright before anybody looks at it or draws on it.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from fairwitness.errors import BadInput, Fault, Sentence, say
from fairwitness.monitor.read_camera import read_camera
from fairwitness.monitor.read_ends import behind, hides_another, passes

FORMS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""What is read as a picture. Everything else is kept as a file and never opened here."""
KINDS = frozenset(FORMS.values())
MOST_POINTS = {"JPEG": 64_000_000, "PNG": 36_000_000, "WEBP": 36_000_000}
"""A JPEG is read at a part of its size, the others only whole: what they may have follows from memory, not from taste."""
MOST_EDGE = 30_000
MOST_PASSES = 60
"""A camera writes a progressive JPEG in about ten; a file with thousands would keep the node busy for hours."""
PREVIEW = 1280
QUALITY = 80
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_UNREADABLE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, AttributeError, OverflowError,
    ZeroDivisionError, RuntimeError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was read. Width and height as it is looked at; `facts` and `whereabouts` as the camera wrote them."""

    kind: str
    width: int
    height: int
    preview: bytes
    likeness: str
    facts: dict[str, str] = field(default_factory=dict)
    whereabouts: dict[str, str] = field(default_factory=dict)


def form_of(data: bytes) -> str:
    """Which form the first bytes say; empty when they say none that is read here."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def read_picture(data: bytes, name: str) -> Picture:
    """Read a picture. Raises BadInput naming the file and the remedy."""
    form = form_of(data)
    if not form:
        raise _no(say("“{name}” is no picture that is read here; send it as JPEG, PNG or WebP", name=name))
    hidden = hides_another(data, form)
    if hidden:
        raise _no(say("“{name}” carries a second file ({kind}) in or behind the picture; send each on its own", name=name, kind=hidden))
    try:
        with _opened(data, form, name) as image:
            facts, whereabouts = _camera(image)
            width, height = image.size if _turn(image) < 5 else image.size[::-1]
            more, frames = behind(data, form), int(getattr(image, "n_frames", 1))
            shown = upright(image, PREVIEW)
    except BadInput:
        raise
    except _UNREADABLE:
        why = say("“{name}” cannot be read as a picture; it may be cut off or damaged, copy it from the camera again", name=name)
        raise _no(why) from None
    if more:
        facts["behind"] = more
    if frames > 1:
        facts["frames"] = str(min(frames, 99_999))
    return Picture(FORMS[form], width, height, encoded(shown), likeness(shown), facts, whereabouts)


def open_upright(data: bytes, name: str, edge: int) -> Image.Image:
    """The picture upright, in plain colours, its longer edge at most this long. Raises BadInput."""
    try:
        with _opened(data, form_of(data), name) as image:
            return upright(image, edge)
    except BadInput:
        raise
    except _UNREADABLE:
        raise _no(say("“{name}” cannot be read as a picture any more", name=name)) from None


def _opened(data: bytes, form: str, name: str) -> Image.Image:
    if form == "JPEG" and passes(data) > MOST_PASSES:
        raise _no(say("“{name}” is written in more than {most} passes; save it anew as an ordinary JPEG", name=name, most=MOST_PASSES))
    large = "“{name}” measures more than {millions} million points, or {edge} on one edge, and is not read; send a smaller copy"
    refusal = _no(say(large, name=name, millions=MOST_POINTS[form] // 1_000_000, edge=MOST_EDGE))
    try:
        image = Image.open(io.BytesIO(data), formats=[form])
    except Image.DecompressionBombError:
        raise refusal from None
    if image.width * image.height > MOST_POINTS[form] or max(image.size) > MOST_EDGE:
        raise refusal
    return image


def _no(sentence: Sentence) -> BadInput:
    return BadInput.of(Fault("file", sentence))


def _turn(image: Image.Image) -> int:
    """How the camera was held, 1 to 8; upright where it says nothing that can be read."""
    try:
        turn = image.getexif().get(0x0112, 1)
    except _UNREADABLE:
        return 1
    return turn if isinstance(turn, int) and turn in _TURNS else 1


def _camera(image: Image.Image) -> tuple[dict[str, str], dict[str, str]]:
    """What the camera wrote. A picture whose notes are broken is still a picture."""
    try:
        return read_camera(image)
    except _UNREADABLE:
        return {"broken": "yes"}, {}


def upright(image: Image.Image, edge: int) -> Image.Image:
    """The picture made small, plain and upright, in this order: points first, so that memory stays bounded."""
    turn = _turn(image)
    image.draft("RGB", (edge, edge))
    image.load()
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA")
    image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    plain = _plain(image)
    if turn in _TURNS:
        plain = plain.transpose(_TURNS[turn])
    plain.info.clear()
    return plain


def _plain(image: Image.Image) -> Image.Image:
    """Three colours on white; what lay under transparent points is gone with them."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        seen = image.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return image.convert("RGB")


def encoded(image: Image.Image, quality: int = QUALITY) -> bytes:
    """A JPEG of these points and nothing else."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    held = io.BytesIO()
    bare.save(held, "JPEG", quality=quality, subsampling=0 if quality > 85 else 2, optimize=True)
    return held.getvalue()


def likeness(image: Image.Image) -> str:
    """64 bits, in hexadecimal, that hardly change when a picture is made smaller or saved again; empty for one without any detail.

    Each bit says whether a field of a grid of 9 × 8 is brighter than its neighbour on the right (a difference hash).
    """
    grid = list(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes())
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grid[row * 9 + column] > grid[row * 9 + column + 1])
    # A wall, a sky, a page of one colour: their bits are noise and would make each the likeness of every other.
    return f"{bits:016x}" if 6 <= bits.bit_count() <= 58 and max(grid) - min(grid) > 12 else ""
