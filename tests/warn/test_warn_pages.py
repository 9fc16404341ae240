"""The ledger of warnings through the staff door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from people import LONG_AGO, People
from room_pages import client, once_and_base, words
from verify_scene import saw

from fairwitness.mission.models import Member, Post, Tenure
from fairwitness.mission.tell_time import today
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.warn.models import Warning, WarningResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(people: People, settings: Any) -> Member:
    """An early warning officer at headquarters. Not a person."""
    settings.SECOND_FACTOR = "offered"
    by = command()
    member = Member(code="T-warning", name="Test Warner", invented=True)
    member.keep(by=by, verb=Verb.MEMBER_ENROL)
    post = Post(code="P-warning", title="Warner", unit=people.units["HQ"], role="warning-officer", invented=True)
    post.keep(by=by, verb=Verb.POST_EDIT)
    Tenure(member=member, post=post, since=LONG_AGO).keep(by=by, verb=Verb.POST_FILL)
    return member


def sent(people: People, **more: str) -> dict[str, str]:
    given = {
        "title": "Signs damaged before the session", "text": "Nine in a week.", "place": "Prizren", "likelihood": "likely",
        "severity": "Quarrel", "horizon_ends": f"{today() + timedelta(days=14):%d.%m.%Y}", "action_asked": "Meet the residents",
        "addressee": str(people.counterparts["municipality"].pk), "unit": str(people.units["HQ"].pk), "sensitivity": "1",
    }  # fmt: skip
    return {**given, **more}


def test_a_warning_is_issued_answered_and_judged(people: People, officer: Member) -> None:
    seen = saw(people, "2024-05-02T10:00")
    door, new = client(officer), reverse("web:warning_new")
    for wrong in (
        {"horizon_ends": ""}, {"horizon_ends": "31.02.2030"}, {"horizon_ends": "01.01.2020"}, {"addressee": ""}, {"basis": ""},
        {"basis": "XX-1"}, {"place": "Atlantis"}, {"likelihood": "70"}, {"action_due": "01.01.2020"}, {"action_asked": ""},
    ):  # fmt: skip
        assert door.post(new, sent(people, **{"basis": seen.code, **wrong})).status_code == 422, wrong
    assert not Warning.objects.exists()
    form = sent(people, basis=seen.code, **once_and_base(door.get(new)))
    assert door.post(new, form).status_code == 302 and door.post(new, form).status_code == 302
    made = Warning.objects.get()
    assert "1 open warning" in words(door.get(reverse("web:warn"))) and "14 of 14 days left" in words(door.get(reverse("web:warn")))
    respond = reverse("web:warning_answer", args=[made.code])
    assert door.post(respond, {"kind": "acted", "responded": "31.02.2024", "text": "Met."}).status_code == 422
    reply = {"kind": "acted", "responded": f"{today():%d.%m.%Y}", "text": "Met.", **once_and_base(door.get(respond))}
    assert door.post(respond, reply).status_code == 302 and door.post(respond, reply).status_code == 302
    assert WarningResponse.objects.count() == 1
    verdict = reverse("web:warning_judge", args=[made.code])
    typed = {"outcome": "acted", "outcome_note": "Quiet.", **once_and_base(door.get(verdict))}
    assert door.post(verdict, typed).status_code == 422
    assert door.post(verdict, {**typed, "early_why": "Session over."}).status_code == 302
    assert door.post(verdict, {**typed, "early_why": "Session over."}).status_code == 409
    page = words(door.get(reverse("web:warning", args=[made.code])))
    assert "The response confounds the outcome" in page and seen.code in page and "On record" in page
    ledger = words(door.get(reverse("web:warn")))
    assert "none judged came to pass" in ledger and "Left out here: 1 action was taken" in ledger and "0 of 1" in ledger


def test_the_ledger_holds_what_its_reader_may_see(people: People, officer: Member) -> None:
    door = client(officer)
    door.post(reverse("web:warning_new"), sent(people, basis=saw(people, "2024-05-02T10:00").code))
    made = Warning.objects.get()
    assert "1 open warning" in words(client(people.analyst).get(reverse("web:warn")))
    stranger = client(people.stranger)
    assert "No warning is on record that you may see" in words(stranger.get(reverse("web:warn")))
    hidden, missing = (stranger.get(reverse("web:warning", args=[code])) for code in (made.code, "HQ-W-9999"))
    assert hidden.status_code == missing.status_code == 404 and hidden.content == missing.content
    assert client(people.analyst).get(reverse("web:warning_judge", args=[made.code])).status_code == 403
