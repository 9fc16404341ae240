"""Pictures for the tests: with a camera's notes, turned, damaged, disguised. Made here, of coloured fields; nobody is on them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw

PLACE = {1: "N", 2: (42.0, 12.0, 30.0), 3: "E", 4: (20.0, 44.0, 15.0), 6: 412.0}
QUADRANTS = {"left top": (220, 40, 40), "right top": (40, 190, 60), "left bottom": (40, 80, 220), "right bottom": (230, 200, 40)}


def scene(width: int = 320, height: int = 240, seed: int = 1) -> Image.Image:
    """Four coloured quadrants with shapes in them: enough detail to have a likeness."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for (x, y), colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), QUADRANTS.values(), strict=True):
        draw.rectangle((x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2), fill=colour)
    for step in range(24):
        x, y = (step * 61 * seed) % width, (step * 37 * (seed + 1)) % height
        shade = (step * 53 * seed) % 256
        draw.ellipse((x, y, x + width // 8, y + height // 8), fill=(shade, shade, shade))
    return image


def corners(width: int = 320, height: int = 240) -> Image.Image:
    """Four plain quadrants: which way up it is can be read from the colours."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for (x, y), colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), QUADRANTS.values(), strict=True):
        draw.rectangle((x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2), fill=colour)
    return image


def camera(turn: int = 1, taken: str = "2026:05:13 16:02:11", offset: str = "+02:00", **more: Any) -> Image.Exif:
    """What a camera writes: when, with what, where, whose."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110], exif[0x013B] = turn, "Testcam", "T 100", "Owner of the camera"
    exif.get_ifd(0x8769).update({0x9003: taken, 0x9011: offset, 0xA431: "SERIAL-7788"})
    exif.get_ifd(0x8825).update(more.get("place", PLACE))
    return exif


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    """As JPEG."""
    held = io.BytesIO()
    (image or scene()).save(held, "JPEG", **({"quality": 92} | options))
    return held.getvalue()


def saved(form: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """As any form."""
    held = io.BytesIO()
    (image or scene()).save(held, form, **options)
    return held.getvalue()


def turned(turn: int) -> bytes:
    """The corners as a camera held that way writes them: looked at upright they are always the same picture."""
    back = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[turn]  # fmt: skip
    image = corners()
    return jpeg(image.transpose(back) if back is not None else image, exif=camera(turn))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is as large as this."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00" * min(10_000_000, (width // 8 + 1) * height), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
