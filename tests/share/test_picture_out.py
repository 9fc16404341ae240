"""Pictures at the gate: each thing that has to be known keeps it here as long as it is not, and a no takes it from the public at once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from monitor.pictures import camera, jpeg, scene
from monitor.scene import claim, observation, source, words
from people import People
from PIL import Image

from fairwitness.errors import GateClosed, Gone, NotThere, OutOfOrder, Refused
from fairwitness.mission.handling import Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor.attach import attach_file
from fairwitness.monitor.consent import Scope, give, withdraw
from fairwitness.monitor.consent_picture import give_for_picture, withdraw_for_picture
from fairwitness.monitor.describe_picture import Person, describe_picture, on_it
from fairwitness.monitor.models import Attachment, Depicted, PictureConsent, Source
from fairwitness.monitor.redact_picture import Box, redact_picture
from fairwitness.record.examine import examine_blobs, examine_rows
from fairwitness.record.hand import Hand, command
from fairwitness.record.models import Entry, PublicEntry
from fairwitness.share.agree import agree
from fairwitness.share.gate_picture import look_at_picture
from fairwitness.share.models import PictureRelease
from fairwitness.share.prove import proof
from fairwitness.share.publish_picture import publish_picture, take_picture_down
from fairwitness.share.reactions import end_releases
from fairwitness.share.serve_picture import hand_over_picture, open_public_picture, points_of_public, public_pictures

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 13)
SAID: dict[str, Any] = {"caption": "Class in the yard", "credit": "T-monitor", "licence": "CC BY 4.0"}


class Studio:
    """A picture taken by the monitor, and what can be done with it."""

    def __init__(self, people: People) -> None:
        words()
        self.people = people
        self.monitor = people.hand(people.monitor)

    @property
    def press(self) -> Hand:
        return self.people.hand(self.people.publisher)

    def picture(self, owner: Any = None, **said: Any) -> Attachment:
        file = io.BytesIO(jpeg(scene(800, 600), exif=camera(6)))
        return attach_file(owner or observation(self.people), file, file_name="IMG.jpg", by=self.monitor, **SAID | said)

    def on(self, picture: Attachment, *persons: Person, **said: Any) -> list[Depicted]:
        some = Attachment.SOME if persons else Attachment.NOBODY
        describe_picture(picture, **SAID | said, people=some, persons=persons, by=self.monitor)
        return on_it(picture)

    def source(self, **more: Any) -> Source:
        return source(self.people, **more)

    def allow(self, line: Depicted, use: Use = Use.PUBLIC, **more: Any) -> PictureConsent:
        scope = Scope(use, audience=more.pop("audience", ""), expires=more.pop("expires", None))
        return give_for_picture(line, [scope], given=DAY, language="sq", by=self.monitor, **more)[0]

    def shut(self, picture: Attachment, **more: Any) -> dict[str, str]:
        fresh = Attachment.objects.get(pk=picture.pk)
        return {key.name: str(key.reason) for key in look_at_picture(fresh, by=self.press, **more).shut}

    def publish(self, picture: Attachment, **more: Any) -> PictureRelease:
        return publish_picture(Attachment.objects.get(pk=picture.pk), by=self.press, **more)


@pytest.fixture
def studio(people: People) -> Studio:
    return Studio(people)


def test_as_long_as_nobody_said_who_is_on_it_it_stays(studio: Studio) -> None:
    picture = studio.picture()
    assert "Nobody said yet" in studio.shut(picture)["consent"]
    with pytest.raises(GateClosed) as caught:
        studio.publish(picture)
    assert [name for name, _ in caught.value.keys] == ["consent"] and not PictureRelease.objects.exists()
    studio.on(picture)
    assert studio.shut(picture) == {}
    assert studio.publish(picture).caption == SAID["caption"]


NEEDED = ["caption", "credit", "licence", "people", "code of the child", "guardian", "consent", "for the public", "today"]


@pytest.mark.parametrize("lacking", NEEDED)
def test_a_picture_of_a_child_stays_without_each_single_one_of_these(studio: Studio, lacking: str) -> None:
    picture, child, mother = studio.picture(), studio.source(category="child"), studio.source(category="resident")
    guardian = {"guardian": mother, "guardian_as": "mother", "child_said": "agreed"}
    if lacking != "people":
        line = studio.on(picture, Person(None if lacking == "code of the child" else child, child=True))[0]
        if lacking not in ("consent", "code of the child"):
            use = Use.PARTNERS if lacking == "for the public" else Use.PUBLIC
            studio.allow(line, use, expires=today() - timedelta(1) if lacking == "today" else None, **guardian)
    if lacking == "guardian":
        row = PictureConsent.objects.get()
        row.given_by = child
        row.keep(by=command(), verb=studio_verb())
    if lacking in SAID:
        setattr(picture, lacking, " ")
        picture.keep(by=command(), verb=studio_verb())
    key = "caveat" if lacking in SAID else "consent"
    assert list(studio.shut(picture)) == [key], lacking
    with pytest.raises(GateClosed):
        studio.publish(picture)
    assert not PictureRelease.objects.exists() and not PublicEntry.objects.exists()


def studio_verb() -> Any:
    from fairwitness.record.verbs import Verb

    return Verb.CONSENT_GIVE


def test_with_all_of_them_it_leaves_and_nothing_but_its_points_do(studio: Studio) -> None:
    picture, child, mother = studio.picture(), studio.source(category="child"), studio.source(category="resident")
    line = studio.on(picture, Person(child, child=True))[0]
    studio.allow(line, guardian=mother, guardian_as="mother", child_said="agreed")
    release = studio.publish(picture)
    served, data = open_public_picture(release.slug), points_of_public(release.slug)
    assert served.standing and served.caption == SAID["caption"]
    assert hashlib.sha256(data).hexdigest() == served.sha256 == release.picture_hash
    shown = Image.open(io.BytesIO(data))
    assert shown.size == (600, 800) == (served.width, served.height) and not shown.getexif()
    for trace in (b"Exif", b"Testcam", b"SERIAL", b"Owner"):
        assert trace not in data
    assert served.entry is not None
    public = str(proof(served.entry)) + str(served)
    for code in (picture.code, child.code, mother.code, str(picture.id), studio.people.publisher.code, str(studio.people.publisher.id)):
        assert code not in public, code
    assert release.picture_hash in public and examine_blobs() == [] and examine_rows() == []
    with pytest.raises(OutOfOrder):
        studio.publish(picture)


def test_covered_people_need_nobody_and_one_uncovered_keeps_it_here(studio: Studio) -> None:
    picture, told_by = studio.picture(), studio.source()
    lines = {line.child: line for line in studio.on(picture, Person(told_by), Person(child=True, count=2))}
    boxes = [Box(0, 0, 2000, 2000, str(lines[True].id)), Box(5000, 5000, 2000, 2000, str(lines[True].id))]
    copy = redact_picture(picture, boxes, caption="Class", by=studio.monitor)
    with pytest.raises(NotThere):
        studio.publish(picture)  # the original is heavier than the publisher may see
    assert list(studio.shut(copy)) == ["consent"] and told_by.code in studio.shut(copy)["consent"]
    consent = studio.allow(lines[False])
    release = studio.publish(copy)
    assert release.covered and open_public_picture(release.slug).standing
    withdraw_for_picture(consent, why="changed her mind", by=studio.monitor)
    served = open_public_picture(release.slug)
    assert not served.standing and served.caption == served.credit == "" and served.ended == date.today()
    with pytest.raises(Gone):
        points_of_public(release.slug)
    whole = redact_picture(picture, [*boxes, Box(3000, 0, 1500, 1500, str(lines[False].id))], caption="Class", by=studio.monitor)
    assert studio.shut(whole) == {} and studio.publish(whole).covered
    assert [one.standing for one in public_pictures()] == [True, False]


TAKING_BACK: list[Callable[[Studio, Any], Any]] = [
    lambda s, d: withdraw_for_picture(d["consent"], why="no", by=s.monitor),
    lambda s, d: withdraw_for_picture(d["line"], why="no", by=s.monitor),
    lambda s, d: withdraw(d["mother"], why="no", by=s.monitor),
    lambda s, d: withdraw(d["child"], why="no", by=s.monitor),
    lambda s, d: s.on(Attachment.objects.get(pk=d["picture"].pk), Person(d["child"], child=True), Person(count=1)),
    lambda s, d: s.on(Attachment.objects.get(pk=d["picture"].pk), Person(child=True)),
]


@pytest.mark.parametrize("which", range(len(TAKING_BACK)))
def test_a_no_takes_it_from_the_public_in_the_same_transaction(studio: Studio, which: int) -> None:
    picture, child, mother = studio.picture(), studio.source(category="child"), studio.source(category="resident")
    line = studio.on(picture, Person(child, child=True))[0]
    consent = studio.allow(line, guardian=mother, guardian_as="mother", child_said="agreed")
    release = studio.publish(picture)
    TAKING_BACK[which](studio, {"picture": picture, "child": child, "mother": mother, "line": line, "consent": consent})
    row = PictureRelease.objects.get(pk=release.pk)
    assert row.taken_down is not None and row.tombstone
    served = open_public_picture(release.slug)
    assert not served.standing and served.entry is not None and "consent" not in served.tombstone and "source" not in served.tombstone
    ended = Entry.objects.get(subject=str(release.pk), verb="release.take_down")
    cause = Entry.objects.filter(verb__in=["consent.withdraw", "attachment.describe"]).latest("seq")
    assert ended.recorded == cause.recorded, "one unit of work"


def test_consent_that_ran_out_is_read_at_serving(studio: Studio) -> None:
    picture, told_by = studio.picture(), studio.source()
    consent = studio.allow(studio.on(picture, Person(told_by))[0], expires=today())
    release = studio.publish(picture)
    assert open_public_picture(release.slug).standing
    consent.expires = today() - timedelta(1)
    consent.keep(by=command(), verb=studio_verb())
    assert not open_public_picture(release.slug).standing and [one.standing for one in public_pictures()] == [False]
    with pytest.raises(Gone):
        points_of_public(release.slug)
    assert PictureRelease.objects.get().taken_down is None


def test_whoever_gave_us_the_picture_is_asked_too(studio: Studio) -> None:
    told_by = studio.source()
    told = claim(studio.people, told_by, sensitivity=1)
    picture = studio.picture(told)
    studio.on(picture)
    assert "Whoever gave us the picture" in studio.shut(picture)["consent"]
    give(told_by, [Scope(Use.PUBLIC)], given=DAY, language="sq", by=studio.monitor)
    release = studio.publish(picture)
    withdraw(told_by, why="is afraid", by=studio.monitor)
    assert PictureRelease.objects.get(pk=release.pk).taken_down is not None


def test_the_reaction_is_a_second_guard(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairwitness.monitor import consent_picture

    picture, told_by = studio.picture(), studio.source()
    consent = studio.allow(studio.on(picture, Person(told_by))[0])
    release = studio.publish(picture)
    monkeypatch.setattr(consent_picture, "_changed", [])
    withdraw_for_picture(consent, why="no", by=studio.monitor)
    assert PictureRelease.objects.get(pk=release.pk).taken_down is None
    end_releases(Entry.objects.get(subject=str(consent.pk), verb="consent.withdraw"), command())
    assert PictureRelease.objects.get(pk=release.pk).taken_down is not None


def test_what_else_keeps_a_picture_here(studio: Studio) -> None:
    village = observation(studio.people, place=studio.people.places["Planjane"])
    for said, owner, reason in (
        ({"licence": "Mission internal"}, None, "licence says"), ({"caption": "The yard in Planjane"}, village, "small place (Planjane)"),
        ({"caption": "Kuća u Плањане"}, village, "small place"), ({}, observation(studio.people, sensitivity=2), "audience receives up to"),
    ):  # fmt: skip
        picture = studio.picture(owner, **said)
        studio.on(picture, **said)
        if owner is not None and owner.sensitivity == 2:
            shut = look_at_picture(picture, by=studio.people.hand(studio.people.clearer)).shut
            assert {key.name for key in shut} == {"caveat", "agreement"} and reason in str(shut[0].reason)
        else:
            assert list(studio.shut(picture)) == ["caveat"] and reason in studio.shut(picture)["caveat"]
    text = attach_file(village, io.BytesIO(b"words"), file_name="a.txt", by=studio.monitor, **SAID)
    assert "no picture" in studio.shut(text)["caveat"]


def test_nobody_lets_out_what_they_took_in(studio: Studio) -> None:
    picture = studio.picture()
    studio.on(picture)
    analyst = studio.people.hand(studio.people.analyst)
    for hand, key in ((studio.monitor, {"agreement", "clearance"}), (command(), {"clearance"}), (analyst, {"agreement"})):
        assert {one.name for one in look_at_picture(picture, by=hand).shut} == key
    with pytest.raises(Refused):
        publish_picture(picture, by=studio.monitor)
    with pytest.raises(NotThere):
        publish_picture(picture, by=studio.people.hand(studio.people.stranger))
    assert not PictureRelease.objects.exists()


def test_a_partner_receives_it_under_an_agreement_for_its_own_audience(studio: Studio) -> None:
    picture, told_by, partner = studio.picture(), studio.source(), studio.people.counterparts["partner"]
    line = studio.on(picture, Person(told_by))[0]
    assert set(studio.shut(picture, partner=partner)) == {"consent", "agreement"}
    agree(partner, title="Exchange of letters", basis="Letter 7", valid_from=DAY, caveats="For case work alone.", by=command())
    studio.allow(line, Use.PARTNERS, audience="UNHCR")
    assert list(studio.shut(picture, partner=partner)) == ["caveat"] and list(studio.shut(picture)) == ["consent"]
    release = studio.publish(picture, partner=partner, caveats_read=True)
    assert hand_over_picture(release, by=studio.press)[:3] == b"\xff\xd8\xff" and public_pictures() == []
    with pytest.raises(NotThere):
        open_public_picture(release.slug)
    withdraw_for_picture(line, why="no", by=studio.monitor)
    with pytest.raises(Gone):
        hand_over_picture(PictureRelease.objects.get(pk=release.pk), by=studio.press)


def test_it_is_taken_down_by_hand_and_stays_proved(studio: Studio) -> None:
    picture = studio.picture()
    studio.on(picture)
    release = studio.publish(picture)
    with pytest.raises(Refused):
        take_picture_down(release, why="wrong", by=studio.monitor)
    take_picture_down(release, why="wrong caption", by=studio.press)
    with pytest.raises(OutOfOrder):
        take_picture_down(release, why="again", by=studio.press)
    served = open_public_picture(release.slug)
    assert not served.standing and "caption" not in served.tombstone and served.entry is not None
    again = studio.publish(picture, thing_id=None)
    assert again.pk != release.pk and studio.publish(picture, thing_id=again.pk).pk == again.pk
