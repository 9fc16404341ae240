"""Pages of pictures: from the upload to the public door and back, with a mouse and without JavaScript; and everything that is not one."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from monitor.pictures import camera, jpeg, png_bomb, scene, turned
from monitor.scene import observation, source, words
from people import People
from PIL import Image
from window import Answer, Window

from fairwitness.monitor.models import Attachment, Depicted, PictureConsent
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.share.models import PictureRelease
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"caption": "The third sign", "credit": "T-monitor", "licence": "CC BY 4.0"}


@pytest.fixture(autouse=True)
def _words(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    words()


def client(people: People, who: str) -> Client:
    """Signed in as one of the people."""
    member = getattr(people, who)
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(who, None, member.id)
    made = Client()
    made.force_login(account)
    return made


def text(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def upload(people: People, data: bytes | None = None, name: str = "IMG_0001.jpg", who: str = "monitor", **said: str) -> Any:
    kept = observation(people)
    sent = SAID | said | {"file": named(jpeg(exif=camera()) if data is None else data, name), "once": str(uuid7())}
    return client(people, who).post(f"/monitor/observations/{kept.code}/attach", sent)


def uploaded(people: People, data: bytes | None = None, **said: str) -> Attachment:
    answer = upload(people, data, **said)
    assert answer.status_code == 302, text(answer)
    picture: Attachment = Attachment.objects.latest("id")
    assert answer["Location"] == f"/monitor/pictures/{picture.code}/"
    return picture


def typed(number: int, left: str, top: str, width: str, height: str, covers: str = "thing") -> dict[str, str]:
    sides = {"left": left, "top": top, "width": width, "height": height, "covers": covers}
    return {f"{name}_{number}": value for name, value in sides.items()}


def test_from_the_upload_to_the_public_and_back(people: People) -> None:
    picture, told_by = uploaded(people), source(people)
    monitor, press, public = client(people, "monitor"), client(people, "publisher"), Client()
    address = f"/monitor/pictures/{picture.code}"
    page = text(monitor.get(f"{address}/"))
    assert "Until somebody does, it goes nowhere" in page and re.search(r'<dd class="mono">[0-9a-f]{64}</dd>', page)
    assert "fits the time" in page and "42.2" not in page and "SERIAL" not in page and "Owner of" not in page
    described = SAID | {"people": "some", "adults": told_by.code, "unknown_children": "2", "base": str(picture.entry)}
    assert monitor.post(f"{address}/describe", described).status_code == 302
    page = text(monitor.get(f"{address}/"))
    assert f"adult {told_by.code}" in page and "2 unknown children" in page and "absence is a no" in page
    children, adult = Depicted.objects.get(child=True), Depicted.objects.get(child=False)
    boxes = typed(1, "10", "10,5", "20%", "20", str(children.id)) | typed(2, "60", "10", "20", "20", str(children.id))
    form = {"caption": "The sign, faces covered", "sensitivity": "1", "why": "two children", "once": str(uuid7())} | boxes
    answers = [monitor.post(f"{address}/cover", form) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302], text(answers[0])
    copy = Attachment.objects.get(redacted_from=picture)
    assert copy.boxes[0] == {"left": 1000, "top": 1050, "width": 2000, "height": 2000, "covers": str(children.id)}
    gate = f"/share/pictures/{copy.code}/gate"
    shut = press.get(gate)
    assert "One key does not turn" in text(shut) and "disabled" in text(shut)
    assert press.post(gate, {"once": str(uuid7())}).status_code == 403
    allowed = {"uses": ["public"], "given": "13.05.2026", "language": "sq"}
    assert monitor.post(f"{address}/people/{adult.id}/consent", allowed).status_code == 302
    assert PictureConsent.objects.get().given_by == told_by
    assert "All four keys turn" in text(press.get(gate))
    left = press.post(gate, {"once": str(uuid7())})
    assert left.status_code == 302, text(left)
    slug = PictureRelease.objects.get().slug
    shown = public.get(f"/public/pictures/{slug}/")
    assert shown.status_code == 200 and "The sign, faces covered" in text(shown) and picture.code not in text(shown)
    points = public.get(f"/public/pictures/{slug}/picture.jpg")
    assert Image.open(io.BytesIO(points.content)).size == (320, 240) and b"Exif" not in points.content
    assert points["Cache-Control"] == "no-cache, must-revalidate" and points["X-Content-Type-Options"] == "nosniff"
    assert "The sign, faces covered" in text(public.get("/public/pictures/")) and "Pictures" in text(public.get("/public/"))
    assert monitor.post(f"{address}/people/{adult.id}/withdraw", {"why": "changed her mind"}).status_code == 302
    gone = public.get(f"/public/pictures/{slug}/")
    assert gone.status_code == 410 and "faces covered" not in text(gone) and "changed her mind" not in text(gone)
    assert public.get(f"/public/pictures/{slug}/picture.jpg").status_code == 410
    assert "faces covered" not in text(public.get("/public/pictures/"))
    assert "taken down" in text(press.get(f"/share/pictures/{slug}/")) and "taken down" in text(press.get("/share/pictures/"))


def test_where_it_was_taken_is_opened_by_a_button_and_by_those_who_may(people: People) -> None:
    picture = uploaded(people)
    address = f"/monitor/pictures/{picture.code}"
    for who in ("monitor", "analyst", "clearer", "drafter"):
        page = text(client(people, who).get(f"{address}/"))
        assert "42.2" not in page and "SERIAL" not in page and ("Open place and owner" in page) is (who in ("monitor", "analyst")), who
    assert client(people, "monitor").get(f"{address}/place").status_code == 405
    for who, status in (("clearer", 403), ("stranger", 404)):
        answer = client(people, who).post(f"{address}/place")
        assert answer.status_code == status and "42.2" not in text(answer)
    assert not Entry.objects.filter(verb=Verb.ATTACHMENT_LOCATE.value).exists()
    answer = client(people, "monitor").post(f"{address}/place")
    assert "42.208333" in text(answer) and "SERIAL-7788" in text(answer) and answer["Cache-Control"] == "no-store"
    assert Entry.objects.filter(verb=Verb.ATTACHMENT_LOCATE.value, subject=str(picture.id)).count() == 1


def test_a_preview_is_shown_to_those_who_may_and_kept_by_nobody(people: People) -> None:
    picture = uploaded(people, turned(8))
    address = f"/monitor/pictures/{picture.code}/preview.jpg"
    answer = client(people, "monitor").get(address)
    assert Image.open(io.BytesIO(answer.content)).size == (320, 240) and answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox" and answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("inline;") and client(people, "stranger").get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert client(people, "keeper").get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "data", "remedy"),
    [
        ("x.jpg", b"", "empty"), ("sign.jpg", b"%PDF-1.4", "first bytes say"), ("x.svg", b"<svg onload=alert(1)>", "not taken"),
        ("x.jpg", b"<!doctype html><script>1</script>", "not taken"), ("x.jpg", jpeg()[:700], "cut off or damaged"),
        ("x.png", png_bomb(50_000, 50_000), "more than 36 million"), ("x.jpg", jpeg() + b"PK\x03\x04" + bytes(40), "second file"),
        ("x.webp", jpeg(), "first bytes say"),
    ],
)  # fmt: skip
def test_what_is_no_picture_comes_back_with_its_name_and_the_remedy(people: People, name: str, data: bytes, remedy: str) -> None:
    answer = upload(people, data, name)
    assert answer.status_code == 422 and remedy in text(answer)
    assert remedy == "empty" or name in text(answer)
    assert not Attachment.objects.exists()


def test_a_name_with_folders_is_a_name(people: People) -> None:
    for name in ("../../../etc/passwd.jpg", "C:\\windows\\x.jpg", "..%2f..%2fx.jpg", "a\x00b.jpg"):
        upload(people, jpeg(scene(seed=len(name))), name)
        picture = Attachment.objects.latest("id")
        assert not set("/\\\x00") & set(picture.file_name)
        answer = client(people, "monitor").get(f"/monitor/files/{picture.code}")
        plain = answer["Content-Disposition"].partition("filename*")[0]
        assert plain.startswith("attachment;") and "/" not in plain and "\\" not in plain


def test_half_a_box_and_boxes_that_cover_nothing_come_back_at_their_row(people: People) -> None:
    picture = uploaded(people)
    monitor, address = client(people, "monitor"), f"/monitor/pictures/{picture.code}/cover"
    page = text(monitor.get(address))
    assert page.count("<fieldset") >= 12 and "data-cover=" in page and f"/monitor/pictures/{picture.code}/preview.jpg" in page
    assert "Nobody said yet who is on this picture" in page
    form = {"caption": "Covered", "sensitivity": "1"}
    for wrong, says in (
        ({}, "Draw a box"), (typed(2, "10", "", "5", "5"), "Box 2: give left"), (typed(1, "ten", "1", "5", "5"), "Box 1: give left"),
        (typed(1, "90", "0", "20", "20"), "reaches beyond"), (typed(1, "1", "1", "0.1", "0.1"), "smaller than half a percent"),
        (typed(1, "1", "1", "5", "5", str(uuid7())), "Select a valid choice"), (typed(1, "-5", "1", "5", "5"), "Box 1: give left"),
        (typed(1, "1e3", "1", "5", "5"), "Box 1"), (typed(12, "1", "1", "999", "5"), "reaches beyond"),
    ):  # fmt: skip
        answer = monitor.post(address, form | wrong)
        assert answer.status_code == 422 and says in text(answer), wrong
    assert Attachment.objects.count() == 1
    first = monitor.post(address, form | typed(3, "10", "10", "12.5", "20"))
    assert first.status_code == 302 and 'value="12.5"' in text(monitor.get(address)), "the boxes of an earlier copy are offered again"


def test_who_is_on_it_is_asked_by_code_and_refused_by_name(people: People) -> None:
    picture, told_by = uploaded(people), source(people)
    monitor, address = client(people, "monitor"), f"/monitor/pictures/{picture.code}/describe"
    for wrong, says in (
        ({"people": "some"}, "say who by code"), ({"people": "nobody", "unknown_adults": "1"}, "choose one of the two"), ({}, "required"),
        ({"people": "some", "adults": "Agim"}, "No source that you may open has the code"),
        ({"people": "some", "adults": told_by.code, "children": told_by.code}, "names one person twice"),
        ({"people": "some", "unknown_adults": "-1"}, "greater than or equal"),
        ({"people": "some", "unknown_adults": "many"}, "whole number"),
    ):  # fmt: skip
        answer = monitor.post(address, SAID | wrong)
        assert answer.status_code == 422 and says in text(answer), (wrong, text(answer)[:400])
    assert not Depicted.objects.exists()
    base = {"base": str(picture.entry)}
    assert monitor.post(address, SAID | base | {"people": "nobody"}).status_code == 302
    assert monitor.post(address, SAID | base | {"people": "some", "unknown_adults": "1"}).status_code == 409
    assert "Nobody can be recognised on it" in text(monitor.get(f"/monitor/pictures/{picture.code}/"))
    for need, expected in (("people", 0), ("cover", 0), ("", 1)):
        assert text(monitor.get(f"/monitor/pictures/?need={need}")).count(picture.code) >= expected


def test_a_child_needs_a_guardian_on_the_page_too(people: People) -> None:
    picture, child, mother = uploaded(people), source(people, category="child"), source(people)
    monitor = client(people, "monitor")
    monitor.post(f"/monitor/pictures/{picture.code}/describe", SAID | {"people": "some", "children": child.code})
    line = Depicted.objects.get()
    address = f"/monitor/pictures/{picture.code}/people/{line.id}/consent"
    form = {"uses": ["public"], "given": "13.05.2026", "language": "sq"}
    by_guardian = {"guardian_as": "mother", "child_said": "agreed"}
    for wrong in (
        {}, form, form | {"guardian": mother.code}, form | by_guardian | {"guardian": child.code},
        form | by_guardian | {"guardian": "S-9999"},
    ):  # fmt: skip
        assert monitor.post(address, wrong).status_code == 422
    good = form | {"guardian": mother.code, "guardian_as": "mother", "child_said": "agreed"}
    assert monitor.post(address, good).status_code == 302
    assert "by the guardian (mother)" in text(monitor.get(f"/monitor/pictures/{picture.code}/"))


def test_duplicates_are_offered_on_the_page(people: People) -> None:
    first, second = uploaded(people), uploaded(people)
    page = text(client(people, "monitor").get(f"/monitor/pictures/{second.code}/"))
    assert first.code in page and "the same file, byte for byte" in page and "nothing is merged by itself" in page


def test_a_heavier_original_is_on_no_page_of_those_who_may_not_see_it(people: People) -> None:
    picture = uploaded(people, caption="Agim's house <script>alert(1)</script>")
    owner = picture.observation
    assert owner is not None
    monitor, press = client(people, "monitor"), client(people, "publisher")
    form = {"caption": "A house, covered", "sensitivity": "1"} | typed(1, "1", "1", "50", "50")
    assert monitor.post(f"/monitor/pictures/{picture.code}/cover", form).status_code == 302
    copy = Attachment.objects.get(redacted_from=picture)
    page = text(press.get(f"/monitor/observations/{owner.code}/"))
    assert "A house, covered" in page and "Agim" not in page and press.get(f"/monitor/pictures/{picture.code}/").status_code == 404
    page = text(press.get(f"/monitor/pictures/{copy.code}/"))
    assert "Agim" not in page and picture.code not in page
    page = text(monitor.get(f"/monitor/pictures/{copy.code}/"))
    assert picture.code in page and "<script>alert" not in page and "Agim&#x27;s house &lt;script&gt;" in page


@pytest.mark.browser
def test_a_box_is_drawn_with_the_mouse_and_covers_what_was_under_it(people: People, chromium: Any) -> None:
    picture = uploaded(people, turned(6))
    monitor = client(people, "monitor")
    address = f"/monitor/pictures/{picture.code}/cover"
    window = Window(chromium)
    try:
        window.show(Answer.of("cover", monitor.get(address)).with_pictures(monitor.get), address)
        page = window.page
        assert page.locator("svg.cover image").evaluate("e => e.getBBox().width") == 1000
        page.set_viewport_size({"width": 1280, "height": 1800})
        frame = page.locator("svg.cover image").bounding_box()
        assert frame and abs(frame["width"] / frame["height"] - 320 / 240) < 0.02
        for x0, y0, x1, y1 in ((0.1, 0.1, 0.35, 0.4), (0.9, 0.9, 0.7, 0.6), (0.5, 0.5, 0.5005, 0.5005)):
            page.mouse.move(frame["x"] + x0 * frame["width"], frame["y"] + y0 * frame["height"])
            page.mouse.down()
            page.mouse.move(frame["x"] + x1 * frame["width"], frame["y"] + y1 * frame["height"], steps=4)
            page.mouse.up()
        names = [*typed(1, "", "", "", ""), *typed(2, "", "", "", "")]
        fields = {name: page.locator(f'[name="{name}"]').input_value() for name in names}
        assert page.locator("svg.cover [data-boxes] rect").count() == 2, "a click is no box"
        for name, meant in (("left_1", 10), ("top_1", 10), ("width_1", 25), ("height_1", 30), ("left_2", 70), ("top_2", 60)):
            assert abs(float(fields[name]) - meant) < 0.6, (name, fields[name])
        page.locator('[name="left_3"]').fill("1")
        for side in ("top_3", "width_3", "height_3"):
            page.locator(f'[name="{side}"]').fill("5")
        assert page.locator("svg.cover [data-boxes] rect").count() == 3, "what is typed is drawn"
        page.locator("[data-cover-undo]").click()
        assert page.locator('[name="left_3"]').input_value() == "" and page.locator("svg.cover [data-boxes] rect").count() == 2
        assert window.faults == []
    finally:
        window.close()
    answer = monitor.post(address, {"caption": "Covered", "sensitivity": "1"} | fields)
    assert answer.status_code == 302 and "/monitor/pictures/" in answer["Location"], (answer.status_code, answer.headers)
    copy = Attachment.objects.get(redacted_from=picture)
    shown = Image.open(io.BytesIO(monitor.get(f"/monitor/pictures/{copy.code}/preview.jpg").content))
    for x, y, black in ((72, 60, True), (256, 180, True), (140, 110, False), (300, 20, False)):
        pixel = shown.getpixel((x, y))
        assert isinstance(pixel, tuple) and (max(pixel) < 30) is black, (x, y, pixel)


@pytest.mark.browser
def test_a_finger_draws_as_well(people: People, chromium: Any) -> None:
    picture = uploaded(people)
    monitor = client(people, "monitor")
    address = f"/monitor/pictures/{picture.code}/cover"
    window = Window(chromium)
    try:
        window.show(Answer.of("cover", monitor.get(address)).with_pictures(monitor.get), address)
        drawn = window.page.evaluate(
            """() => { const svg = document.querySelector("svg.cover");
            const at = svg.querySelector("image").getBoundingClientRect();
            svg.setPointerCapture = () => {};
            const say = (kind, x, y) => svg.dispatchEvent(new PointerEvent(kind, {pointerType: "touch", pointerId: 7, bubbles: true,
                clientX: at.left + x * at.width, clientY: at.top + y * at.height}));
            say("pointerdown", .2, .2); say("pointermove", .3, .3); say("pointerup", .4, .5);
            return [svg.style.touchAction,
              ...["left", "top", "width", "height"].map(n => document.querySelector(`[name=${n}_1]`).value)]; }"""
        )
        assert drawn[0] == "none" and [round(float(one)) for one in drawn[1:]] == [20, 20, 20, 30]
    finally:
        window.close()
