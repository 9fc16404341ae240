"""Pictures as things on record: hashed as they came, matched and never merged, described, covered in copies, allowed person by person."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from monitor.pictures import QUADRANTS, camera, corners, jpeg, saved, scene, turned
from monitor.scene import at, claim, observation, source, visit, words
from people import People
from PIL import Image

from fairwitness.errors import BadInput, Gone, NotThere, OutOfOrder, Refused, Stale
from fairwitness.mission.handling import Use
from fairwitness.monitor.attach import attach_file, hash_of, open_attachment, open_preview
from fairwitness.monitor.consent import Scope, give, withdraw
from fairwitness.monitor.consent_picture import faces, give_for_picture, on_picture_change, withdraw_for_picture
from fairwitness.monitor.describe_picture import Person, describe_picture, on_it, time_beside_visit
from fairwitness.monitor.locate_picture import facts_of, locate_picture
from fairwitness.monitor.match_picture import matches, rebuild
from fairwitness.monitor.models import Attachment, Depicted, Observation, PictureConsent, Source
from fairwitness.monitor.observe import correct_observation
from fairwitness.monitor.protect import protect_source
from fairwitness.monitor.redact_picture import THING, Box, redact_picture
from fairwitness.record import blobs
from fairwitness.record.examine import examine_blobs, examine_rows
from fairwitness.record.hand import command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.look_back import carry_over, history
from fairwitness.record.models import Blob, Entry
from fairwitness.record.shred import shred
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db(transaction=False)
DAY = date(2026, 5, 13)
SAID: dict[str, Any] = {"caption": "The third sign", "credit": "T-monitor", "licence": "CC BY 4.0"}


@pytest.fixture(autouse=True)
def _words(people: People) -> None:
    words()


def attached(people: People, data: bytes | None = None, owner: Any = None, **more: Any) -> Attachment:
    given = {"file_name": "IMG_0001.jpg", "by": people.hand(people.monitor), **SAID} | more
    return attach_file(owner or observation(people), io.BytesIO(jpeg(exif=camera()) if data is None else data), **given)


def described(people: People, picture: Attachment, *persons: Person) -> list[Depicted]:
    some = Attachment.SOME if persons else Attachment.NOBODY
    describe_picture(picture, **SAID, people=some, persons=persons, by=people.hand(people.monitor))
    return on_it(picture)


def plain(people: People, picture: Attachment) -> bytes:
    return b"".join(open_attachment(picture, by=people.hand(people.monitor)))


def test_the_hash_is_that_of_the_bytes_as_they_came_and_stands_on_record(people: People) -> None:
    data = jpeg(exif=camera(6))
    picture = attached(people, data)
    assert hash_of(picture) == hashlib.sha256(data).hexdigest() == hashlib.sha256(plain(people, picture)).hexdigest()
    row = history([picture.id])[-1].row
    assert row is not None and row["plain_hash"] == picture.plain_hash and row["schema" if "schema" in row else "width"] == 240
    for sealed in ("facts", "whereabouts", "plain_hash"):
        assert row[sealed].startswith(f"s1:attachment:{picture.id}:"), "what the camera wrote is sealed, on record as in the row"
    assert "42.2" not in str(row) and hash_of(picture) not in str(row)
    assert examine_blobs() == [] and examine_rows() == []


def test_place_and_owner_open_for_those_who_may_and_leave_a_line(people: People) -> None:
    picture = attached(people)
    assert facts_of(picture) == {"camera": "Testcam T 100", "offset": "+02:00", "taken": "2026-05-13T16:02:11"}
    found = locate_picture(picture, by=people.hand(people.monitor))
    assert found["latitude"] == "42.208333" and found["serial"] == "SERIAL-7788"
    assert Entry.objects.filter(verb=Verb.ATTACHMENT_LOCATE.value, subject=str(picture.id)).count() == 1
    for who in (people.clearer, people.drafter):
        with pytest.raises(Refused):
            locate_picture(picture, by=people.hand(who))
    with pytest.raises(NotThere):
        locate_picture(picture, by=people.hand(people.stranger))
    with pytest.raises(OutOfOrder):
        locate_picture(attached(people, jpeg()), by=people.hand(people.monitor))
    assert Entry.objects.filter(verb=Verb.ATTACHMENT_LOCATE.value).count() == 1


@pytest.mark.parametrize(
    ("taken", "says"),
    [("2026:05:13 16:02:11", "fits"), ("2026:05:13 18:50:00", "fits"), ("2026:05:13 20:10:00", "90 minutes after"),
     ("2026:05:11 10:00:00", "2 days before"), ("2026:05:13 01:30:00", "14 hours before")],
)  # fmt: skip
def test_the_cameras_clock_stands_beside_the_time_of_the_visit(people: People, taken: str, says: str) -> None:
    picture = attached(people, jpeg(exif=camera(taken=taken)), owner=visit(people))
    told = time_beside_visit(picture)
    assert told is not None and says in told, told


def test_where_no_time_is_known_nothing_is_said_of_it(people: People) -> None:
    assert time_beside_visit(attached(people, jpeg())) is None
    assert time_beside_visit(attached(people, owner=observation(people, occurred_from=None, precision="unknown"))) is None
    told = time_beside_visit(attached(people, jpeg(exif=camera(offset=""))))
    assert told is not None and "13.05.2026, 16:02" in told


def test_a_preview_is_opened_like_the_file(people: People) -> None:
    picture = attached(people, turned(6))
    shown = Image.open(io.BytesIO(open_preview(picture, by=people.hand(people.analyst))))
    assert shown.size == (320, 240) and not shown.getexif()
    assert Entry.objects.filter(verb=Verb.ATTACHMENT_READ.value, subject=str(picture.id)).count() == 1
    for who, error in ((people.stranger, NotThere), (people.keeper, Refused)):
        with pytest.raises(error):
            open_preview(picture, by=people.hand(who))


def test_duplicates_are_offered_to_those_who_see_both_and_nothing_is_merged(people: People) -> None:
    image = scene(640, 480)
    first = attached(people, jpeg(image, exif=camera()))
    same = attached(people, jpeg(image, exif=camera()), file_name="copy.jpg")
    smaller = attached(people, jpeg(image.resize((400, 300)), quality=50))
    other = attached(people, jpeg(scene(640, 480, seed=3)))
    text = attached(people, b"the same words", file_name="a.txt")
    twin = attached(people, b"the same words", file_name="b.txt")
    found = matches(first, by=people.hand(people.analyst))
    assert [(match.attachment.code, match.same) for match in found] == [(same.code, True), (smaller.code, False)]
    assert matches(other, by=people.hand(people.analyst)) == []
    assert [match.attachment.code for match in matches(text, by=people.hand(people.monitor))] == [twin.code]
    elsewhere = observation(people, place=people.places["Leposavić"], unit=people.units["MI-T1"], by=people.hand(None, command().door))
    hidden = attached(people, jpeg(image, exif=camera()), owner=elsewhere, by=people.hand(people.stranger))
    assert hidden.code not in [match.attachment.code for match in matches(first, by=people.hand(people.monitor))]
    assert hidden.code in [match.attachment.code for match in matches(first, by=people.hand(people.analyst))]
    assert Attachment.objects.count() == 7


def test_after_a_key_is_destroyed_nothing_matches_it_any_more(people: People) -> None:
    image = scene(640, 480)
    gone, left = attached(people, jpeg(image)), attached(people, jpeg(image, quality=40))
    assert len(matches(left, by=people.hand(people.monitor))) == 1
    destroy(gone)
    assert matches(left, by=people.hand(people.monitor)) == []
    rebuild()
    assert matches(left, by=people.hand(people.monitor)) == [] and matches(gone, by=people.hand(people.monitor)) == []


def destroy(picture: Attachment) -> None:
    """Shred a picture's own key, as after the commit of the act."""
    from fairwitness.record import keyring

    shred(picture.scope, by=command(), why="test")
    keyring.destroy(picture.scope)


def test_who_is_on_it_is_stated_by_code_or_number_and_lines_keep_their_id(people: People) -> None:
    picture, told_by = attached(people), source(people)
    before = described(people, picture, Person(told_by), Person(child=True, count=2), Person(count=3))
    assert {(line.source_id, line.child, line.count) for line in before} == {(told_by.id, False, 1), (None, True, 2), (None, False, 3)}
    after = described(people, picture, Person(told_by), Person(count=5))
    assert {line.id for line in after} == {line.id for line in before if not line.child}
    assert {line.count for line in after} == {1, 5} and Depicted.objects.get(struck=True).child
    assert described(people, picture) == [] and Attachment.objects.get(pk=picture.pk).people == "nobody"


def test_a_description_is_refused_where_it_says_two_things(people: People) -> None:
    picture, told_by = attached(people), source(people)
    by = people.hand(people.monitor)
    for people_said, persons in (
        ("nobody", [Person(count=1)]), ("some", []), ("some", [Person(told_by), Person(told_by, child=True)]), ("few", []),
        ("some", [Person(count=0)]), ("some", [Person(count=501)]), ("some", [Person(told_by, count=2)]),
    ):  # fmt: skip
        with pytest.raises(BadInput) as caught:
            describe_picture(picture, **SAID, people=people_said, persons=persons, by=by)
        assert "people" in {fault.field for fault in caught.value.faults}, people_said
    with pytest.raises(BadInput):
        describe_picture(picture, caption=" ", credit="", licence="\x00", by=by)
    base = picture.entry
    describe_picture(Attachment.objects.get(pk=picture.pk), **SAID, by=by)
    with pytest.raises(Stale):
        describe_picture(picture, **SAID, base=base, by=by)
    with pytest.raises(Refused):
        describe_picture(Attachment.objects.get(pk=picture.pk), **SAID, by=people.hand(people.drafter))
    hidden = Source.objects.get(pk=source(people, sensitivity=2, unit=people.units["MI-T1"], by=command()).pk)
    with pytest.raises(NotThere):
        describe_picture(Attachment.objects.get(pk=picture.pk), **SAID, people="some", persons=[Person(hidden)], by=by)
    assert not Depicted.objects.exists()


LEFT_TOP = Box(500, 500, 3000, 3000)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_box_covers_what_is_seen_there_however_the_camera_was_held(people: People, turn: int) -> None:
    original = attached(people, turned(turn))
    made = redact_picture(original, [LEFT_TOP], caption="Covered", by=people.hand(people.monitor))
    image = Image.open(io.BytesIO(plain(people, made)))
    assert image.size == (320, 240) and made.media_type == "image/jpeg"
    for x, y in ((20, 14), (60, 40), (110, 82)):
        assert max(image.getpixel((x, y))) < 30, f"turn {turn}: {x}, {y} is still seen"  # type: ignore[arg-type]
    for x, y, name in ((4, 4, "left top"), (150, 100, "left top"), (280, 30, "right top"), (40, 210, "left bottom")):
        assert all(abs(a - b) < 30 for a, b in zip(image.getpixel((x, y)), QUADRANTS[name], strict=True)), f"turn {turn}: {name}"  # type: ignore[arg-type]


def test_nothing_of_what_was_covered_is_left_anywhere(people: People) -> None:
    """Two originals that differ under the box alone give the same copy, byte for byte: so nothing of it can be in there."""
    secret = corners()
    secret.paste(Image.effect_noise((80, 60), 90).convert("RGB"), (24, 20))
    made = []
    for image in (corners(), secret):
        original = attached(people, saved("PNG", image), file_name="a.png")
        made.append(redact_picture(original, [Box(600, 600, 3000, 3000)], caption="Covered", by=people.hand(people.monitor)))
    assert plain(people, made[0]) == plain(people, made[1])
    previews = [open_preview(one, by=people.hand(people.monitor)) for one in made]
    assert previews[0] == previews[1]


def test_a_copy_is_a_new_item_and_its_original_stays_and_becomes_heavier(people: People) -> None:
    data = jpeg(exif=camera(6), comment=b"a name")
    original = attached(people, data, file_name="Agim at home.jpg")
    line = described(people, original, Person(child=True, count=2))[0]
    boxes = [LEFT_TOP, Box(6000, 1000, 2000, 2000, str(line.id)), Box(1000, 6000, 2000, 2000, str(line.id))]
    thing = uuid7()
    made = redact_picture(original, boxes, caption="Two children, covered", by=people.hand(people.monitor), thing_id=thing)
    again = redact_picture(original, boxes, caption="Two children, covered", by=people.hand(people.monitor), thing_id=thing)
    assert made.id == again.id == thing and Attachment.objects.count() == 2
    assert made.redacted_from == original and made.blob != original.blob and made.code != original.code
    assert made.licence == original.licence and made.credit == original.credit and made.sensitivity == 1
    assert made.boxes[0]["covers"] == THING
    assert "Agim" not in made.file_name and made.whereabouts == "" and facts_of(made) == {}
    assert plain(people, original) == data and Attachment.objects.get(pk=original.pk).sensitivity == 2
    written = plain(people, made)
    for trace in (b"Exif", b"Testcam", b"SERIAL", b"a name", b"Agim"):
        assert trace not in written
    assert examine_blobs() == [] and examine_rows() == [], "original and copy both verify"
    with pytest.raises(NotThere):
        open_preview(Attachment.objects.get(pk=original.pk), by=people.hand(people.publisher))
    assert open_preview(made, by=people.hand(people.publisher))


def test_the_original_stays_heavy_when_what_it_belongs_to_becomes_lighter(people: People) -> None:
    seen = observation(people, sensitivity=2)
    original, note = attached(people, owner=seen), attached(people, b"words", owner=seen, file_name="a.txt")
    made = redact_picture(original, [LEFT_TOP], caption="Covered", sensitivity=1, by=people.hand(people.monitor))
    for step, after in ((1, [2, 1, 1]), (2, [2, 2, 2])):
        again = Observation.objects.get(pk=seen.pk)
        correct_observation(again, {"sensitivity": step}, why="marked anew", base=None, by=people.hand(people.monitor))
        assert [Attachment.objects.get(pk=one.pk).sensitivity for one in (original, note, made)] == after


def test_boxes_that_cover_nothing_or_nobody_are_refused(people: People) -> None:
    original = attached(people)
    bad: list[list[Any]] = [
        [], [Box(0, 0, 10, 10)], [Box(9000, 0, 2000, 2000)], [Box(-1, 0, 2000, 2000)], [Box(0, 9999, 100, 100)], [Box(0, 0, 500, 500, "x")],
        [Box(0, 0, 500, 500, str(uuid7()))], [LEFT_TOP] * 61, [Box(0, 0, 500, True)], [Box(0, 0, "9", 9)],  # type: ignore[arg-type]
    ]  # fmt: skip
    for boxes in bad:
        with pytest.raises(BadInput) as caught:
            redact_picture(original, boxes, caption="Covered", by=people.hand(people.monitor))
        assert {fault.field for fault in caught.value.faults} == {"boxes"}, boxes
    copy = redact_picture(original, [LEFT_TOP], caption="c", by=people.hand(people.monitor))
    for picture in (attached(people, b"words", file_name="a.txt"), copy):
        with pytest.raises(OutOfOrder):
            redact_picture(picture, [LEFT_TOP], caption="Covered", by=people.hand(people.monitor))
    with pytest.raises(Refused):
        redact_picture(original, [LEFT_TOP], caption="Covered", by=people.hand(people.drafter))
    whole = redact_picture(original, [Box(0, 0, 10_000, 10_000)], caption="All of it", by=people.hand(people.monitor))
    assert Image.open(io.BytesIO(plain(people, whole))).convert("L").getextrema() == (0, 0)


def test_destroying_the_original_leaves_the_copy(people: People) -> None:
    original = attached(people)
    made = redact_picture(original, [LEFT_TOP], caption="Covered", by=people.hand(people.monitor))
    written = plain(people, made)
    destroy(original)
    with pytest.raises(Gone):
        plain(people, original)
    with pytest.raises(Gone):
        facts_of(original)
    with pytest.raises(Gone):
        open_preview(Attachment.objects.get(pk=original.pk), by=people.hand(people.monitor))
    assert plain(people, made) == written and examine_blobs() == [] and examine_rows() == []


def test_a_file_of_a_source_goes_with_the_source_and_so_does_its_copy(people: People) -> None:
    told_by = source(people)
    original = attached(people, owner=claim(people, told_by))
    made = redact_picture(original, [LEFT_TOP], caption="Covered", by=people.hand(people.monitor))
    assert original.scope == made.scope == told_by.scope


def test_a_face_is_shown_only_where_its_owner_allowed_this_picture_this_use_this_audience(people: People) -> None:
    picture, told_by = attached(people), source(people)
    line = described(people, picture, Person(told_by))[0]
    by = people.hand(people.monitor)
    give(told_by, [Scope(Use.PUBLIC)], given=DAY, language="sq", by=by)
    (face,) = faces(picture, Use.PUBLIC)
    assert not face.open and "absence is a no" in face.why, "to be quoted is not to be shown"
    give_for_picture(line, [Scope(Use.PARTNERS, audience="UNHCR", expires=DAY + timedelta(30))], given=DAY, language="sq", by=by)
    assert not faces(picture, Use.PUBLIC)[0].open and not faces(picture, Use.PARTNERS, ["IOM"], DAY)[0].open
    assert faces(picture, Use.PARTNERS, ["unhcr", "x"], DAY)[0].open
    for day in (DAY + timedelta(31), DAY - timedelta(1)):
        assert not faces(picture, Use.PARTNERS, ["UNHCR"], day)[0].open
    other = attached(people, jpeg(scene(seed=5)))
    described(people, other, Person(told_by))
    assert not faces(other, Use.PARTNERS, ["UNHCR"], DAY)[0].open, "one picture is not another"
    assert not give(told_by, [Scope(Use.COURT)], given=DAY, language="sq", by=by)[0].withdrawn
    assert PictureConsent.objects.count() == 1


def test_for_a_child_its_guardian_says_yes(people: People) -> None:
    picture, child, mother = attached(people), source(people, category="child"), source(people, category="resident")
    line = described(people, picture, Person(child, child=True))[0]
    by, scope = people.hand(people.monitor), [Scope(Use.PUBLIC)]
    for wrong in (
        {}, {"guardian": child, "guardian_as": "mother", "child_said": "agreed"}, {"guardian": mother, "child_said": "agreed"},
        {"guardian": mother, "guardian_as": "mother"}, {"guardian": mother, "guardian_as": "mother", "child_said": "yes"},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            give_for_picture(line, scope, given=DAY, language="sq", by=by, **wrong)  # type: ignore[arg-type]
    give_for_picture(line, scope, given=DAY, language="sq", by=by, guardian=mother, guardian_as="mother", child_said="agreed")
    (face,) = faces(picture, Use.PUBLIC)
    assert face.open and "guardian (mother)" in face.why
    withdraw(mother, why="changed her mind", by=by)
    assert not faces(picture, Use.PUBLIC)[0].open
    adult = described(people, picture, Person(mother))[0]
    with pytest.raises(BadInput):
        give_for_picture(adult, scope, given=DAY, language="sq", by=by, guardian=child, guardian_as="son")


def test_what_cannot_be_consented(people: People) -> None:
    picture, told_by = attached(people), source(people)
    by = people.hand(people.monitor)
    unknown, known = described(people, picture, Person(told_by), Person(count=2))[::-1]
    unknown, known = (unknown, known) if unknown.source_id is None else (known, unknown)
    with pytest.raises(OutOfOrder):
        give_for_picture(unknown, [Scope(Use.PUBLIC)], given=DAY, language="sq", by=by)
    ended = [Scope(Use.PUBLIC, expires=DAY - timedelta(1))]
    wrongs: list[dict[str, Any]] = [{"scopes": []}, {"given": date(2100, 1, 1)}, {"language": ""}, {"scopes": ended}]
    for wrong in wrongs:
        with pytest.raises(BadInput):
            give_for_picture(known, **({"scopes": [Scope(Use.PUBLIC)], "given": DAY, "language": "sq", "by": by} | wrong))  # type: ignore[arg-type]
    with pytest.raises(OutOfOrder):
        withdraw_for_picture(known, why="no", by=by)
    with pytest.raises(Refused):
        give_for_picture(known, [Scope(Use.PUBLIC)], given=DAY, language="sq", by=people.hand(people.drafter))
    with pytest.raises(BadInput):
        faces(picture, "display")  # type: ignore[arg-type]


def test_taking_back_works_at_once_by_line_by_person_and_with_the_whole_source(people: People) -> None:
    picture, told_by = attached(people), source(people)
    by = people.hand(people.monitor)
    line = described(people, picture, Person(told_by))[0]
    heard: list[str] = []
    on_picture_change(hear := lambda pictures, hand: heard.extend(one.code for one in pictures))
    try:
        for act in (
            lambda made: withdraw_for_picture(made, why="no", by=by), lambda made: withdraw_for_picture(line, why="no", by=by),
            lambda made: withdraw(told_by, why="no", by=by), lambda made: protect_source(told_by, why="in danger", by=by),
        ):  # fmt: skip
            made = give_for_picture(line, [Scope(Use.PUBLIC)], given=DAY, language="sq", by=by)[0]
            assert faces(picture, Use.PUBLIC)[0].open
            heard.clear()
            act(made)
            assert not faces(picture, Use.PUBLIC)[0].open and heard == [picture.code]
            assert PictureConsent.objects.get(pk=made.pk).withdrawn_why
    finally:
        from fairwitness.monitor import consent_picture

        consent_picture._changed.remove(hear)
    with pytest.raises(OutOfOrder):
        withdraw(told_by, why="again", by=by)


def test_everybody_on_a_copy_is_covered_or_not(people: People) -> None:
    original, told_by = attached(people), source(people)
    lines = {line.source_id: line for line in described(people, original, Person(told_by), Person(count=2))}
    group, known = lines[None], lines[told_by.id]
    one = redact_picture(original, [Box(0, 0, 900, 900, str(group.id))], caption="c", by=people.hand(people.monitor))
    assert [face.covered for face in faces(one, Use.PUBLIC)] == [False, False], "one box does not cover two people"
    two = redact_picture(
        original, [Box(0, 0, 900, 900, str(group.id)), Box(2000, 0, 900, 900, str(group.id))], caption="c", by=people.hand(people.monitor)
    )
    assert {face.line.id: face.covered for face in faces(two, Use.PUBLIC)} == {group.id: True, known.id: False}
    described(people, Attachment.objects.get(pk=original.pk), Person(told_by), Person(count=3))
    assert not any(face.covered for face in faces(two, Use.PUBLIC)), "a third person was seen since"
    with pytest.raises(OutOfOrder):
        describe_picture(two, **SAID, people="nobody", by=people.hand(people.monitor))


def test_an_attachment_of_before_reads_in_the_present_form(people: People) -> None:
    row, schema = carry_over("monitor.attachment", 1, {"code": "PZ-A-0001", "people": "nobody"})
    assert schema == Attachment.schema_on_record == 2 and row["preview"] == "" and row["boxes"] == [] and row["redacted_from"] is None


def test_bad_files_keep_nothing(people: People) -> None:
    before = (Blob.objects.count(), Entry.objects.count())
    kept = observation(people)
    marked = Entry.objects.count()
    for name, data, says in (
        ("x.jpg", b"", "empty"), ("../../etc/cron.d/x.jpg", jpeg()[:300], "“x.jpg”"), ("a\x00b.jpg", jpeg(), "NUL"),
        ("x.svg", b"<svg onload=alert(1)>", "not taken"), ("x.png", b"<!doctype html>", "not taken"), ("x.png", jpeg(), "first bytes say"),
        ("x.jpg", b"only text", "first bytes say"), ("x.jpg", jpeg() + b"PK\x03\x04" + bytes(30), "second file"),
        ("x.gif", saved("PNG"), "first bytes say"), ("x.mp4", b"\x00\x00\x00\x18ftypheic", "first bytes say"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as caught:
            attached(people, data, owner=kept, file_name=name)
        assert says in str(caught.value), (name, str(caught.value))
    assert Blob.objects.count() == before[0] and Entry.objects.count() == marked and not Attachment.objects.exists()
    heic = attached(people, b"\x00\x00\x00\x18ftypheic" + bytes(40), owner=kept, file_name="IMG.HEIC")
    assert heic.media_type == "image/heic" and not heic.is_picture and heic.width is None
    assert blobs.plain_hash(Blob.objects.get(name=heic.blob)) == hash_of(heic)
    assert attached(people, owner=kept, taken=datetime(2026, 5, 13, 14, tzinfo=UTC)).taken == at(14)
