"""The pages of correcting and of earlier versions, through the staff door."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from monitor.scene import at, claim, observation, visit, words
from people import People

from fairwitness.mission.models import Grant, Member, PlaceName
from fairwitness.mission.name_places import name_of
from fairwitness.mission.read_typed import places_called
from fairwitness.monitor.claim import correct_claim
from fairwitness.monitor.cover import state_coverage
from fairwitness.monitor.happen import open_event
from fairwitness.monitor.models import Observation
from fairwitness.monitor.observe import correct_observation
from fairwitness.monitor.protect import protect_source
from fairwitness.monitor.restrict import report_restriction
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    words()


def door(member: Member) -> Client:
    client = Client()
    client.force_login(Account.objects.create_account(member.code.lower(), "a long enough one", member.id))
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def filled(client: Client, address: str) -> dict[str, str]:
    """What a browser would send back if nothing were changed."""
    page = client.get(address)
    assert page.status_code == 200, text(page)
    form = page.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        widget = bound.field.widget
        sent[bound.html_name] = widget.format_value(value) if hasattr(widget, "format_value") else value
        if isinstance(sent[bound.html_name], list):
            sent[bound.html_name] = sent[bound.html_name][0] if sent[bound.html_name] else ""
    return {name: "" if value is None else str(value) for name, value in sent.items()}


def made(people: People) -> dict[str, Any]:
    by, place = people.hand(people.monitor), people.places["Prizren"]
    return {
        "activity": visit(people), "observation": observation(people, range="2-6 km", bearings="SE, S"), "claim": claim(people),
        "restriction": report_restriction(place=place, kind="denied", actor="police", began=at(9), by=by),
        "coverage": state_coverage(place=place, means="camera", device="cam 1", since=at(1), until=at(5), by=by),
        "event": open_event(title="Signs", kind="sign", place=place, reason="", by=by),
    }  # fmt: skip


CHANGE = {
    "activity": ("summary", "Eleven signs were looked at"), "observation": ("headline", "4 of 11 signs painted over"),
    "claim": ("verbatim", "Tabelat janë ndërruar në maj."), "restriction": ("ended", "13.05.2026 12:33"), "coverage": ("device", "cam 2"),
    "event": ("title", "Signs painted over"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CHANGE))
def test_each_is_corrected_with_a_reason_and_its_versions_show_old_and_new(people: People, name: str) -> None:
    thing, monitor = made(people)[name], door(people.monitor)
    key = thing.id if name == "coverage" else thing.code
    edit, shown = reverse(f"web:{name}_edit", args=[key]), reverse(f"web:{name}", args=[key])
    assert edit in text(monitor.get(shown))
    sent = filled(monitor, edit)
    same = monitor.post(edit, {**sent, "why": "no reason at all"})
    assert same.status_code == 422 and "Nothing was changed" in text(same)
    field, value = CHANGE[name]
    silent = monitor.post(edit, {**sent, field: value})
    assert silent.status_code == 422
    done = monitor.post(edit, {**sent, field: value, "why": "a slip of the pen"})
    assert done.status_code == 302 and done["Location"] == shown, text(done)
    late = monitor.post(edit, {**sent, field: f"{value} again" if name != "restriction" else "13.05.2026 12:40", "why": "me too"})
    assert late.status_code == 409 and "Both versions" in text(late) and value.split()[-1] in text(late)
    address = re.search(r'href="([^"]+/versions)"', monitor.get(shown).content.decode())
    assert address is not None
    versions = text(monitor.get(address[1]))
    assert "a slip of the pen" in versions and value.split()[-1] in versions
    for old in {"observation": ["3 of 11"], "claim": ["në prill"], "coverage": ["cam 1"]}.get(name, []):
        assert old in versions


def test_only_what_was_changed_is_written(people: People) -> None:
    thing, monitor = made(people)["observation"], door(people.monitor)
    edit = reverse("web:observation_edit", args=[thing.code])
    monitor.post(edit, {**filled(monitor, edit), "limits": "Dusk", "why": "forgotten"})
    now = Observation.objects.get(pk=thing.pk)
    assert now.limits == "Dusk"
    for name in ("occurred_from", "range_low_m", "range_high_m", "bearings", "count_text", "place_id", "means", "sensitivity"):
        assert getattr(now, name) == getattr(thing, name), name


def test_an_older_version_that_was_held_more_closely_stays_closed(people: People) -> None:
    by = people.hand(people.monitor)
    thing = observation(people, headline="The secret place", sensitivity=2)
    correct_observation(thing, {"headline": "A place", "sensitivity": 0}, why="made public", base=thing.entry, by=by)
    address = reverse("web:versions", args=["observations", thing.code])
    assert "The secret place" in text(door(people.monitor).get(address))
    stranger = text(door(people.stranger).get(address))
    assert "The secret place" not in stranger and "held more closely than you may read" in stranger


def test_words_of_a_claim_are_opened_in_its_versions_only_to_those_who_may(
    people: People, django_capture_on_commit_callbacks: Any
) -> None:
    told = claim(people)
    correct_claim(told, {"verbatim": "Tjetër."}, why="misheard", base=told.entry, by=people.hand(people.monitor))
    address = reverse("web:versions", args=["claims", told.code])
    assert "ndërruar në prill" in text(door(people.monitor).get(address))
    analyst = text(door(people.analyst).get(address))
    assert "ndërruar" not in analyst and "Tjetër" not in analyst and "sealed words" in analyst
    with django_capture_on_commit_callbacks(execute=True):
        protect_source(told.source, why="in danger", destroy=True, by=command())
    leader = door(people.leader)
    gone = text(leader.get(address))
    assert "ndërruar" not in gone and "Nobody can read it any more" in gone
    form = leader.get(reverse("web:claim_edit", args=[told.code])).context["form"]
    assert "headline" in form.fields and not {"verbatim", "translation"} & set(form.fields)


def test_what_is_no_address_of_a_version_is_nothing(people: People) -> None:
    monitor = door(people.monitor)
    for address in ("/monitor/things/PZ-1/versions", "/monitor/coverage/no-uuid/versions", "/monitor/observations/PZ-9/versions"):
        assert monitor.get(address).status_code == 404


def test_a_post_is_changed_and_abolished_only_when_nobody_is_in_it(people: People) -> None:
    deputy = door(people.custodian)
    post = people.posts["stranger"]
    edit = reverse("web:post_edit", args=[post.id])
    sent = filled(deputy, edit)
    assert deputy.post(edit, {**sent, "title": "Monitor, north", "why": "as in the staffing table"}).status_code == 302
    post.refresh_from_db()
    assert post.title == "Monitor, north"
    late = deputy.post(edit, {**sent, "title": "Another", "why": "x"})
    assert late.status_code == 409
    filled_again = filled(deputy, edit)
    kept = deputy.post(edit, {**filled_again, "abolished": "31.12.2026", "why": "budget"})
    assert kept.status_code == 422 and "Vacate it first" in text(kept)


def test_a_name_ends_with_its_reason_and_still_finds_the_place(people: People) -> None:
    name = PlaceName.objects.filter(place=people.places["Planjane"], text="Planjane").get()
    Grant(role="administration", verb=Verb.PLACE_EDIT.value, reach="mission", ceiling=0).keep(by=command(), verb=Verb.POST_EDIT)
    keeper = door(people.custodian)
    end = reverse("web:name_end", args=[name.place_id, name.id])
    assert end in text(keeper.get(reverse("web:place", args=[name.place_id])))
    sent = filled(keeper, end)
    assert keeper.post(end, {**sent, "on": "31.02.2010", "why": "x"}).status_code == 422
    assert keeper.post(end, {**sent, "on": "31.12.2025", "why": "renamed"}).status_code == 302
    name.refresh_from_db()
    assert str(name.valid_to) == "2025-12-31" and places_called("Planjane") == [people.places["Planjane"]]
    assert name_of(people.places["Planjane"]) == "Pllanjanë"
    assert name_of(people.places["Planjane"], on=date(2024, 1, 1)) == "Pllanjanë/Planjane"
    assert keeper.post(end, {**sent, "on": "31.12.2025", "why": "renamed"}).status_code == 409
