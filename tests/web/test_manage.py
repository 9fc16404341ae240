"""Managing through the pages: what is typed goes on record once, what is wrong is named beside its field and nothing is written,
who comes second sees both versions, a password is shown once."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from people import LONG_AGO, People

from fairwitness.mission.models import Area, Counterpart, Grant, Member, PlaceName, Post, Power, Tenure, Term, Unit
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()


def browser(member: Member) -> Client:
    client = Client()
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(member.code, "a long enough one", member.id)
    client.force_login(account)
    return client


def size() -> int:
    return Entry.objects.count()


def test_a_member_is_enrolled_once_and_gets_a_password_once(people: People) -> None:
    office = browser(people.custodian)
    form = {"code": "PZ-M9", "name": "Test Newcomer", "languages": ["sq", "tr"], "joined": "11 May 2026", "once": str(uuid4())}
    first, second = office.post("/manage/people/new/", form), office.post("/manage/people/new/", form)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    made = Member.objects.get(code="PZ-M9")
    assert made.languages == ["sq", "tr"] and f"{made.joined}" == "2026-05-11"
    answer = office.post(f"/manage/people/{made.id}/account/", {"username": "newcomer"})
    shown = re.search(r'<pre class="proof"[^>]*aria-label="Password">([^<]+)', answer.content.decode())
    assert shown and "no-store" in answer["Cache-Control"]
    assert Client().post("/accounts/login/", {"login": "newcomer", "password": shown[1]}).status_code == 302
    assert shown[1] not in office.get(f"/manage/people/{made.id}/").content.decode()
    assert not any(shown[1].encode() in bytes(entry.body) for entry in Entry.objects.all())


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Code"), ({"code": "a b"}, "code of letters"), ({"code": "x" * 25}, "24"), ({"code": "T-monitor"}, "taken"),
        ({"code": "A\x00"}, "Null characters"), ({"code": "A", "joined": "31.02.2010"}, "no day of the calendar"),
        ({"code": "A", "joined": "yesterday"}, "is no day"), ({"code": "A", "languages": ["klingon"]}, "klingon"),
        ({"code": "A", "name": "y" * 10_000_000}, "200"), ({"code": "A", "name": "Dra\ufffd"}, "broken UTF-8"),
        ({"code": "A", "once": "x"}, "UUID"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(people: People, form: dict[str, Any], said: str) -> None:
    office, before = browser(people.custodian), size()
    answer = office.post("/manage/people/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "There is a problem" in page and "<title>Error:" in page
    assert size() == before


def test_names_are_read_only_by_those_who_edit_members(people: People) -> None:
    address = f"/manage/people/{people.leader.id}/"
    assert "Test Leader" not in browser(people.analyst).get(address).content.decode()
    assert "Test Leader" in browser(people.custodian).get(address).content.decode()


def test_a_reset_needs_another_person_at_the_second_page(people: People) -> None:
    Tenure(member=people.keeper, post=people.posts["custodian"], kind="acting", since=LONG_AGO).keep(by=command(), verb=Verb.POST_FILL)
    Account.objects.create_account("lost", "a long enough one", people.monitor.id)
    address = f"/manage/people/{people.monitor.id}/reset/"
    first, second = browser(people.custodian), browser(people.keeper)
    assert first.post(address, {"why": ""}).status_code == 422
    assert first.post(address, {"why": "Lost the phone; told me in person."}).status_code == 302
    assert "Lost the phone" in second.get("/manage/people/").content.decode()
    assert first.post(f"{address}confirm/").status_code == 403
    answer = second.post(f"{address}confirm/")
    assert answer.status_code == 200 and "Shown once" in answer.content.decode()
    assert second.post(f"{address}confirm/").status_code == 409


def test_who_leaves_has_no_post_no_account_and_no_session(people: People) -> None:
    away = browser(people.stranger)
    assert away.get("/").status_code == 200
    address = f"/manage/people/{people.stranger.id}/end/"
    office = browser(people.custodian)
    assert office.post(address, {"on": "01.02.2026", "base": str(people.stranger.entry)}).status_code == 302
    assert not Tenure.objects.filter(member=people.stranger, until__isnull=True).exists()
    assert away.get("/").status_code == 302
    assert not Account.objects.get(member=people.stranger).is_active
    assert office.post(address, {"on": "01.02.2026"}).status_code == 409


def test_a_post_is_filled_handed_over_and_vacated(people: People) -> None:
    office, post = browser(people.custodian), people.posts["leader"]
    address = f"/manage/posts/{post.id}/"
    held = office.post(f"{address}fill/", {"member": str(people.analyst.id), "kind": "holder"})
    assert held.status_code == 422 and "has a holder" in held.content.decode()
    assert office.post(f"{address}handover/", {"member": str(people.analyst.id), "note": "short"}).status_code == 422
    note = "Two open cases in Prizren; the mayor was promised a list by June."
    assert office.post(f"{address}handover/", {"member": str(people.analyst.id), "note": note}).status_code == 302
    page = office.get(address).content.decode()
    assert "held by T-analyst" in page and note in page
    assert office.post(f"{address}vacate/", {"why": "end of secondment"}).status_code == 302
    assert "vacant" in office.get(address).content.decode()
    assert office.post(f"{address}vacate/", {"why": "again"}).status_code == 409
    own = office.post(f"{address}fill/", {"member": str(people.custodian.id), "kind": "acting"})
    assert own.status_code == 422 and "themselves" in own.content.decode()


def test_rights_are_added_and_ended_with_a_reason(people: People) -> None:
    office = browser(people.custodian)
    new = {"role": "monitor", "verb": "warning.issue", "reach": "own", "ceiling": "1", "why": "Pilot until June.", "once": str(uuid4())}
    assert browser(people.monitor).get("/manage/rights/new/").status_code == 403
    for _ in range(2):
        assert office.post("/manage/rights/new/", new).status_code == 302
    grant = Grant.objects.get(role="monitor", verb="warning.issue")
    assert office.post("/manage/rights/new/", {**new, "once": str(uuid4()), "reach": "everywhere"}).status_code == 422
    assert office.post(f"/manage/rights/{grant.id}/end/", {"why": ""}).status_code == 422
    assert office.post(f"/manage/rights/{grant.id}/end/", {"why": "Pilot over.", "base": str(grant.entry)}).status_code == 302
    assert office.post(f"/manage/rights/{grant.id}/end/", {"why": "Pilot over."}).status_code == 409


def test_an_hour_is_taken_with_a_reason_and_reviewed_by_another(people: People) -> None:
    mine = browser(people.monitor)
    hour = {"verb": "warning.issue", "ceiling": "1", "reason": "The duty officer is ill and the road is closed."}
    assert mine.post("/manage/powers/take/", {**hour, "reason": "so"}).status_code == 422
    assert mine.post("/manage/powers/take/", {**hour, "verb": "identity.open"}).status_code == 422
    assert mine.post("/manage/powers/take/", {**hour, "ceiling": "3"}).status_code == 422
    assert mine.post("/manage/powers/take/", hour).status_code == 302
    power = Power.objects.get()
    assert "issued a warning" in mine.get("/me/").content.decode()
    assert mine.get(f"/manage/powers/{power.id}/review/").status_code == 403
    chief = browser(people.clearer)
    assert "Review the extra power T-monitor took" in chief.get("/").content.decode()
    assert chief.post(f"/manage/powers/{power.id}/review/", {"why": "Used as said.", "base": str(power.entry)}).status_code == 302
    assert "Used as said." in chief.get("/manage/powers/").content.decode()


@pytest.mark.parametrize(
    "once",
    ["ffffffff-ffff-4fff-bfff-ffffffffffff", "ffffffff-ffff-7fff-bfff-ffffffffffff", "00000000-0000-4000-8000-000000000001"],
)
def test_an_id_of_a_form_that_carries_no_moment_of_ours_is_kept_and_found(people: People, once: str) -> None:
    new = {"code": "PZ-T3", "name": "Field Team Prizren 3", "kind": "field team", "parent": str(people.units["RC-PZ"].id), "once": once}
    office = browser(people.custodian)
    assert office.post("/manage/units/new/", new).status_code == 302 and Unit.objects.get(code="PZ-T3").id == UUID(once)
    assert "Field Team Prizren 3" in office.get("/find/?q=PZ-T3").content.decode()


def test_units_and_areas(people: People) -> None:
    office = browser(people.custodian)
    new = {
        "code": "PZ-T2",
        "name": "Field Team Prizren 2",
        "kind": "field team",
        "parent": str(people.units["RC-PZ"].id),
        "once": str(uuid4()),
    }
    for _ in range(2):
        assert office.post("/manage/units/new/", new).status_code == 302
    unit = Unit.objects.get(code="PZ-T2")
    for typed in ("Priština-that-is-not", "", "\x00"):
        assert office.post(f"/manage/units/{unit.id}/areas/new/", {"place": typed}).status_code == 422
    assert office.post(f"/manage/units/{unit.id}/areas/new/", {"place": "Плањане", "since": "1 May 2026"}).status_code == 302
    area = Area.objects.get(unit=unit)
    assert area.place_id == PlaceName.objects.get(text="Planjane").place_id
    assert office.post(f"/manage/areas/{area.id}/end/", {"on": "2 June 2026", "base": str(area.entry)}).status_code == 302
    knot = office.post(f"/manage/units/{people.units['RC-PZ'].id}/edit/", {"name": "RC", "kind": "rc", "parent": str(unit.id), "why": "x"})
    assert knot.status_code == 422 and "below itself" in knot.content.decode()


def test_who_comes_second_sees_both_versions(people: People) -> None:
    office, one = browser(people.custodian), people.counterparts["municipality"]
    form = {"name": "Municipality of Prizren", "kind": "municipality", "level": "municipal", "why": "spelling", "base": str(one.entry)}
    address = f"/manage/counterparts/{one.id}/edit/"
    assert office.post(address, {**form, "name": "Municipality of Prizren (first)"}).status_code == 302
    late = office.post(address, {**form, "name": "Municipality of Prizren (second)"})
    page = late.content.decode()
    assert late.status_code == 409 and "(first)" in page and "(second)" in page and "municipal<" not in page
    assert Counterpart.objects.get(pk=one.pk).name == "Municipality of Prizren (first)"


def test_an_institution_points_to_its_successor_and_stays(people: People) -> None:
    office, old = browser(people.custodian), people.counterparts["municipality"]
    new = {"code": "mun-new", "name": "Municipality of Prizren Region", "kind": "municipality", "once": str(uuid4())}
    assert office.post("/manage/counterparts/new/", new).status_code == 302
    after = Counterpart.objects.get(code="mun-new")
    change = {
        "name": old.name,
        "kind": old.kind,
        "successor": str(after.id),
        "ended": "1 May 2026",
        "why": "merged",
        "base": str(old.entry),
    }
    assert office.post(f"/manage/counterparts/{old.id}/edit/", change).status_code == 302
    assert (
        "was followed by Municipality of Prizren Region" in browser(people.monitor).get(f"/manage/counterparts/{old.id}/").content.decode()
    )


def test_names_and_words_are_added_by_who_keeps_them(people: People) -> None:
    Tenure(member=people.keeper, post=records(people), since=LONG_AGO).keep(by=command(), verb=Verb.POST_FILL)
    Term(vocabulary="kind", code="road", label="Road closed").keep(by=command(), verb=Verb.TERM_EDIT)
    office, place = browser(people.keeper), people.places["Prizren"]
    name = {"text": "\u00d0akovica", "language": "sr-Latn", "form": "variant", "authority": "test", "once": str(uuid4())}
    for _ in range(2):
        assert office.post(f"/manage/places/{place.id}/names/new/", name).status_code == 302
    page = office.get(f"/manage/places/{place.id}/").content.decode()
    assert "\u0110akovica" in page
    backwards = {**name, "text": "Later", "valid_from": "2 May 2026", "valid_to": "1 May 2026", "once": str(uuid4())}
    answer = office.post(f"/manage/places/{place.id}/names/new/", backwards)
    assert answer.status_code == 422 and "not before the beginning" in answer.content.decode()
    assert office.post("/manage/terms/new/", {"vocabulary": "none", "code": "x", "label": "X"}).status_code == 422
    word = {"vocabulary": "kind", "code": "bridge", "label": "Bridge closed", "once": str(uuid4())}
    assert office.post("/manage/terms/new/", word).status_code == 302
    term = Term.objects.get(code="bridge")
    change = {"label": "Bridge shut", "why": "plainer", "base": str(term.entry)}
    assert office.post(f"/manage/terms/{term.id}/edit/", change).status_code == 302
    assert office.post(f"/manage/terms/{term.id}/edit/", change).status_code == 409


def records(people: People) -> Post:
    post = Post(code="P-records", title="Records officer", unit=people.units["HQ"], role="records-officer")
    post.keep(by=command(), verb=Verb.POST_EDIT)
    return post


@pytest.mark.parametrize("text", ["Pllanjanë", "planjane", "Плањане", "Plan"])
def test_a_place_is_found_by_any_name(people: People, text: str) -> None:
    page = browser(people.monitor).get("/find/", {"q": text}).content.decode()
    assert "1 place " in page and "Pllanjanë" in page and "Плањане" in page


def test_fewer_than_three_letters_are_explained(people: People) -> None:
    page = browser(people.monitor).get("/find/", {"q": "Pl"}).content.decode()
    assert "begins at three letters" in page
