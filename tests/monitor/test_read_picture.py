"""Reading pictures: what is taken, what is sent back with its name and the remedy, and that nothing of the camera is left in a preview."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from monitor.pictures import PLACE, QUADRANTS, camera, corners, jpeg, png_bomb, saved, scene, turned
from PIL import Image, PngImagePlugin

from fairwitness.errors import BadInput
from fairwitness.monitor import read_picture as reader
from fairwitness.monitor.read_picture import encoded, likeness, open_upright, read_picture

NAME = "IMG_0001.jpg"


def near(seen: Any, meant: tuple[int, int, int], off: int = 24) -> bool:
    return all(abs(one - other) <= off for one, other in zip(seen, meant, strict=True))


def preview_of(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(read_picture(data, NAME).preview))


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_upright_however_the_camera_was_held(turn: int) -> None:
    data = turned(turn)
    made = read_picture(data, NAME)
    assert (made.width, made.height) == (320, 240)
    for image in (preview_of(data), open_upright(data, NAME, 4096)):
        width, height = image.size
        assert (width, height) == (320, 240)
        for name, colour in QUADRANTS.items():
            x, y = (40 if "left" in name else 280), (30 if "top" in name else 210)
            assert near(image.getpixel((x, y)), colour), f"turn {turn}: {name} is elsewhere"


def test_what_the_camera_wrote_is_read_and_is_not_in_the_preview() -> None:
    data = jpeg(exif=camera(), comment=b"a comment with a name", icc_profile=b"not a profile")
    made = read_picture(data, NAME)
    assert made.kind == "image/jpeg" and made.facts["taken"] == "2026-05-13T16:02:11" and made.facts["offset"] == "+02:00"
    assert made.facts["camera"] == "Testcam T 100" and "latitude" not in made.facts and "artist" not in made.facts
    assert made.whereabouts["latitude"] == "42.208333" and made.whereabouts["longitude"] == "20.737500"
    assert made.whereabouts["serial"] == "SERIAL-7788" and made.whereabouts["artist"] == "Owner of the camera"
    for trace in (b"Exif", b"Testcam", b"SERIAL", b"Owner", b"comment", b"ICC", b"http"):
        assert trace not in made.preview, trace
    shown = preview_of(data)
    assert not shown.getexif() and set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_south_and_west_are_negative_and_nonsense_is_left_out() -> None:
    south = read_picture(jpeg(exif=camera(place=PLACE | {1: "S", 3: "W"})), NAME).whereabouts
    assert south["latitude"] == "-42.208333" and south["longitude"] == "-20.737500"
    for place in ({1: "N", 2: (420.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)}, {1: "N", 3: "E", 4: (1.0, 0.0, 0.0)}, {}):
        assert "latitude" not in read_picture(jpeg(exif=camera(place=place)), NAME).whereabouts
    assert "taken" not in read_picture(jpeg(exif=camera(taken="0000:00:00 00:00:00")), NAME).facts
    odd = read_picture(jpeg(exif=camera(taken="2026:05:13 16:02:11", offset="soon")), NAME).facts
    assert odd["taken"] and "offset" not in odd


def test_every_form_taken_and_every_mode() -> None:
    for form, kind in (("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")):
        made = read_picture(saved(form), f"x.{form.lower()}")
        assert made.kind == kind and made.width == 320 and Image.open(io.BytesIO(made.preview)).format == "JPEG"
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        image = scene().convert("L").convert("I;16") if mode == "I;16" else scene().convert(mode)
        made = read_picture(saved("PNG", image), "x.png")
        assert Image.open(io.BytesIO(made.preview)).mode == "RGB", mode
    assert read_picture(saved("JPEG", scene().convert("CMYK")), "x.jpg").width == 320
    clear = Image.new("RGBA", (40, 40), (200, 10, 10, 0))
    assert near(Image.open(io.BytesIO(read_picture(saved("PNG", clear), "x.png").preview)).getpixel((20, 20)), (255, 255, 255))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (jpeg()[: len(jpeg()) // 2], "cut off or damaged"),
        (saved("PNG")[:2000], "cut off or damaged"),
        (saved("WEBP")[:300], "cut off or damaged"),
        (b"\xff\xd8\xff" + b"\x00" * 40, "cut off or damaged"),
        (b"\x89PNG\r\n\x1a\n", "cut off or damaged"),
        (png_bomb(50_000, 50_000), "more than 36 million"),
        (png_bomb(20_000, 20_000), "more than 36 million"),
        (png_bomb(31_000, 10), "30000 on one edge"),
        (png_bomb(7_000, 7_000), "more than 36 million"),
        (jpeg() + b"PK\x03\x04" + b"\x00" * 40, "second file (an archive)"),
        (jpeg() + b"\x00" * 64 + b"PK\x05\x06" + b"\x00" * 18, "second file (an archive)"),
        (saved("PNG") + b"%PDF-1.7 ...", "second file (a PDF)"),
        (jpeg(comment=b"%PDF-1.4 inside"), "second file (a PDF)"),
        (jpeg() + b"\n<script>alert(1)</script>", "second file (a page)"),
        (saved("WEBP") + b"<!DOCTYPE html><p>", "second file (a page)"),
        (jpeg() + b"MZ\x90\x00", "second file (a program)"),
        (jpeg() + b"\xff\xda\x00\x08" * 100, "more than 60 passes"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that is read here"),
        (b"", "no picture that is read here"),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_more_than_one_is_sent_back_with_its_name(data: bytes, says: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadInput) as caught:
        read_picture(data, NAME)
    assert time.monotonic() - began < 5
    sentence = caught.value.faults[0].sentence
    assert NAME in sentence and says in sentence and caught.value.faults[0].field == "file"


def test_what_telephones_write_behind_a_picture_is_noted() -> None:
    assert read_picture(jpeg() + jpeg(), NAME).facts["behind"].startswith("another exposure")
    assert read_picture(jpeg() + b"\x00\x00\x00\x18ftypmp42" + b"\x01" * 99, NAME).facts["behind"].startswith("a film")
    for whole in (jpeg() + b"\x00" * 400, jpeg(progressive=True), saved("PNG"), saved("WEBP")):
        assert "behind" not in read_picture(whole, NAME).facts
    frames = [scene(seed=step) for step in (1, 2, 3)]
    moving = saved("WEBP", frames[0], save_all=True, append_images=frames[1:])
    assert read_picture(moving, "x.webp").facts["frames"] == "3"


def test_a_large_picture_is_read_small() -> None:
    large = jpeg(Image.new("RGB", (8000, 6000), "grey"), quality=60)
    made = read_picture(large, NAME)
    assert (made.width, made.height) == (8000, 6000) and max(Image.open(io.BytesIO(made.preview)).size) == reader.PREVIEW
    assert max(open_upright(large, NAME, 4096).size) == 4096
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Comment", "x" * 100_000, zip=True)
    assert read_picture(saved("PNG", pnginfo=noted), "x.png").width == 320


def test_a_likeness_survives_saving_again_and_tells_others_apart() -> None:
    image = scene(640, 480)
    mark = int(likeness(image), 16)
    for again in (image.resize((200, 150)), Image.open(io.BytesIO(jpeg(image, quality=35))), image.point(lambda v: min(255, v + 9))):
        assert (mark ^ int(likeness(again), 16)).bit_count() <= 7
    assert (mark ^ int(likeness(scene(640, 480, seed=3)), 16)).bit_count() > 12
    assert likeness(Image.new("RGB", (64, 64), "grey")) == "" and likeness(corners()) == likeness(corners(64, 48))


def test_encoded_again_there_is_nothing_but_points() -> None:
    image = scene()
    image.info |= {"comment": b"secret", "exif": b"Exif\x00\x00secret", "xmp": b"secret", "icc_profile": b"secret"}
    assert b"secret" not in encoded(image)


SEEDS = [jpeg(exif=camera(6)), jpeg(progressive=True), saved("PNG"), saved("WEBP"), saved("PNG", scene().convert("P")), jpeg() + jpeg()]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(SEEDS) - 1), st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 255)), max_size=12), st.integers(0, 2**31))
def test_no_damage_breaks_the_reader(which: int, changes: list[tuple[int, int]], cut: int) -> None:
    """Ten seconds of broken pictures: each is read, or sent back in words."""
    data = bytearray(SEEDS[which])
    for at, value in changes:
        data[at % min(len(data), 1500 if at % 2 else len(data))] = value
    data = data[: cut % len(data) + 1] if cut % 3 == 0 else data
    try:
        made = read_picture(bytes(data), NAME)
    except BadInput as refused:
        assert NAME in refused.faults[0].sentence
    else:
        assert made.preview[:3] == b"\xff\xd8\xff" and made.width and made.height
        assert all(isinstance(said, str) and len(said) <= 300 for said in (*made.facts.values(), *made.whereabouts.values()))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\x00\x00\x00WEBP"]))
def test_no_bytes_break_the_reader(tail: bytes, start: bytes) -> None:
    try:
        read_picture(start + tail, NAME)
    except BadInput as refused:
        assert NAME in refused.faults[0].sentence
