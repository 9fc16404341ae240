"""The pages from recommending to the public door: forms that answer at the field, a gate that says what opens it, a door
that shuts at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from people import People
from share.scene import NOTICE, SEEN, TOLD, Stage, build

from fairwitness.mission.handling import Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor.consent import Scope, withdraw
from fairwitness.recommend.follow import rate, write_reply
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.share.models import Release
from fairwitness.share.publish import publish, publish_rating
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture
def stage(people: People) -> Stage:
    return build(people)


@pytest.fixture
def enter(people: People, settings: Any) -> Enter:
    settings.SECOND_FACTOR = "offered"

    def one(who: str) -> Client:
        client = Client()
        client.force_login(Account.objects.create_account(who, "a long enough one", getattr(people, who).id))
        return client

    return one


def once(page: Any) -> str:
    found = re.search(r'name="once" value="([0-9a-f-]{36})"', page.content.decode())
    assert found
    return found[1]


def test_a_weak_draft_comes_back_at_its_field(stage: Stage, enter: Enter) -> None:
    client = enter("drafter")
    form = {"title": "Improve it", "act": "Improve the situation", "sensitivity": "1", "unit": str(stage.people.units["HQ"].pk)}
    form["once"] = once(client.get("/recommend/draft/"))
    page = client.post("/recommend/draft/", form)
    text = page.content.decode()
    assert page.status_code == 422 and "No addressee" in text and "id_override" in text and not Recommendation.objects.exists()
    for _ in range(2):
        page = client.post("/recommend/draft/", {**form, "override": "As published"})
        assert page.status_code == 302
    made = Recommendation.objects.get()
    shown = client.get(page["Location"]).content.decode()
    assert made.code in shown and "Advisory check today" in shown and "As published" in shown


@pytest.mark.parametrize("value", ["31.02.2026", "a\x00b", "x" * 400, "\ufffd"])
def test_bad_words_are_named(stage: Stage, enter: Enter, value: str) -> None:
    page = enter("drafter").post("/recommend/draft/", {"title": value, "act": value, "due": value, "sensitivity": "9", "override": "x"})
    assert page.status_code in (400, 422) and not Recommendation.objects.exists()


def test_a_second_writer_is_told(stage: Stage, enter: Enter) -> None:
    ask = stage.ask(stage.report(bring_out=False, ask=False))
    client = enter("drafter")
    first = {"title": "First", "act": ask.act, "sensitivity": "1", "override": "x", "base": str(ask.entry)}
    assert client.post(f"/recommend/{ask.code}/edit/", first).status_code == 302
    assert client.post(f"/recommend/{ask.code}/edit/", {**first, "title": "Second"}).status_code == 409
    assert Recommendation.objects.get().title == "First"


def test_both_sides_stand_on_the_page(stage: Stage, enter: Enter) -> None:
    publish(stage.report(), by=stage.hand("publisher"))
    ask = Recommendation.objects.get()
    rate(ask, assessor="mission", status="partly", rated=today(), evidence="14 of 22 seen", by=stage.hand("analyst"))
    write_reply(ask, received=today(), text="All is done.", says="implemented", by=stage.hand("drafter"))
    text = enter("analyst").get(f"/recommend/{ask.code}/").content.decode()
    assert "14 of 22 seen" in text and "All is done." in text and 'class="m"' in text and 'class="a"' in text
    listed = enter("clearer").get("/recommend/").content.decode()
    assert ask.code in listed and "partly implemented" in listed


def test_the_gate_says_what_opens_it(stage: Stage, enter: Enter) -> None:
    stage.claim("PZ-C1")
    report = stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1"))
    client = enter("publisher")
    address = f"/share/gate/{report.slug}/"
    page = client.get(address)
    text = page.content.decode()
    assert [name in text for name in ("Consent", "Caveat", "Agreement", "Clearance")] == [True] * 4
    assert "disabled" in text and "Opens when these keys turn: consent" in text and "absence is a no" in text
    shut = client.post(address, {"once": once(page)})
    assert shut.status_code == 403 and "absence is a no" in shut.content.decode() and not Release.objects.exists()
    looked = client.post(address, {"once": once(page), "leave_out": "on", "look": "1"})
    assert looked.status_code == 200 and "All four keys turn" in looked.content.decode() and not Release.objects.exists()
    for _ in range(2):
        done = client.post(address, {"once": once(page), "leave_out": "on"})
        assert done.status_code == 302
    assert Release.objects.count() == 1
    text = client.get(done["Location"]).content.decode()
    assert "PZ-C1" in text and "could allow" in text
    assert "PZ-C1" not in client.get(f"/public/releases/{report.slug}/").content.decode()


def test_a_report_is_linked_only_for_who_may_open_it(stage: Stage, enter: Enter) -> None:
    stage.claim("PZ-C1", Scope(Use.PUBLIC))
    report = stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1"), unit=stage.people.units["HQ"])
    release = publish(report, by=stage.hand("publisher"))
    link = f'href="/report/{report.slug}/"'
    assert link in enter("publisher").get(f"/share/releases/{release.slug}/").content.decode()
    page = enter("monitor").get(f"/share/releases/{release.slug}/").content.decode()
    assert link not in page and report.symbol in page


def test_short_withheld_words_come_back(stage: Stage, enter: Enter) -> None:
    report = stage.report()
    page = enter("publisher").post(f"/share/gate/{report.slug}/", {"withhold": "ab"})
    assert page.status_code == 422 and "too short" in page.content.decode() and not Release.objects.exists()


def test_the_public_page_goes_at_once(stage: Stage, client: Client) -> None:
    stage.claim("PZ-C1", Scope(Use.PUBLIC))
    release = publish(stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1")), by=stage.hand("publisher"))
    address = f"/public/releases/{release.slug}/"
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert all(words in text for words in ("shop window", NOTICE, "Resolution 1244", "language of record"))
    assert "no-cache" in page["Cache-Control"] and not page.cookies
    assert client.head(address).status_code == 200 and client.get(address + "paper.pdf").content.startswith(b"%PDF")
    withdraw(stage.claims[0].source, why="is afraid of a neighbour", by=stage.hand("monitor"))
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 410 and "taken down" in text and "shop window" not in text and "afraid" not in text
    assert "Prizren in the third week" not in text and "proof.json" in text
    assert client.get(address + "paper.pdf").status_code == 410
    assert client.get(address + "content.json").status_code == 404
    front = client.get("/public/").content.decode()
    assert "taken down" in front and "Prizren in the third week" not in front
    assert client.get("/public/tracker/?format=json").json()["rows"] == []


def test_nothing_of_the_staff_shows_in_public(stage: Stage, enter: Enter) -> None:
    stage.claim("PZ-C1", Scope(Use.PUBLIC))
    release = publish(stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1")), by=stage.hand("publisher"))
    ask = Recommendation.objects.get()
    ours = rate(ask, assessor="mission", status="partly", rated=today(), evidence="Seen by T-monitor, PZ-0417", by=stage.hand("analyst"))
    publish_rating(ours, "14 of 22 signs", by=stage.hand("publisher"))
    client = enter("publisher")
    addresses = ["", "tracker/", f"tracker/{ask.code}/", "check/", "check/checkpoint", "check/0/", "check/0/proof.json", "check/1/"]
    addresses += [f"releases/{release.slug}/", f"releases/{release.slug}/content.json", "tracker/?format=csv", "tracker/?format=json"]
    inner = str(Entry.objects.order_by("-seq").values_list("seq", flat=True)[0])
    for address in addresses:
        page = client.get(f"/public/{address}")
        text = page.content.decode()
        assert page.status_code == 200, address
        for word in ("T-publisher", "T-monitor", "P-publisher", "PZ-0417", "PZ-C1", "S-PZ", "Planjane", str(stage.people.publisher.id)):
            assert word not in text, (address, word)
        assert f"№ {inner}" not in text
    line = client.get("/public/tracker/").content.decode()
    assert "14 of 22 signs" in line and "No reply yet" in line
    proof = json.loads(client.get("/public/check/0/proof.json").content)
    assert json.loads(proof["header"])["hand"]["member"] is None


def test_an_export_needs_its_right_and_is_on_record(stage: Stage, enter: Enter) -> None:
    stage.ask(stage.report(bring_out=False, ask=False))
    assert enter("analyst").get("/recommend/?format=csv").status_code == 403
    client = enter("publisher")
    page = client.get("/recommend/?format=csv")
    assert page.status_code == 200 and page.content.decode("utf-8-sig").splitlines()[1] == f'"{NOTICE}"'
    last = Entry.objects.order_by("-seq").first()
    assert last is not None and last.verb == "release.export"
    assert client.get("/recommend/?format=exe").status_code == 400


def test_a_training_from_plan_to_evaluation(stage: Stage, enter: Enter, people: People) -> None:
    from fairwitness.mission.models import Grant
    from fairwitness.record.keep import keep_many
    from fairwitness.record.verbs import Verb

    verbs = ("training.plan", "training.deliver", "training.evaluate")
    keep_many([Grant(role="drafter", verb=verb, reach="mission", ceiling=1) for verb in verbs], by=command(), verb=Verb.POST_EDIT)
    publish(stage.report(), by=stage.hand("publisher"))
    ask, client = Recommendation.objects.get(), enter("drafter")
    form = client.get(f"/assist/plan/?recommendation={ask.pk}")
    assert f'value="{ask.pk}" selected' in form.content.decode()
    plan = {
        "kind": "training", "title": "Two languages on a sign", "recommendation": str(ask.pk), "begins": "5 February 2024",
        "institution": str(people.counterparts["municipality"].pk), "place": str(people.places["Prizren"].pk), "ends": "07.02.2024",
        "languages": ["sq"], "sensitivity": "1", "unit": str(people.units["HQ"].pk), "once": once(form),
    }  # fmt: skip
    assert client.post("/assist/plan/", {**plan, "ends": "31.02.2024"}).status_code == 422
    made = client.post("/assist/plan/", plan)
    assert made.status_code == 302
    here = made["Location"]
    assert client.post(f"{here}deliver/", {"women": "8", "men": "", "not_stated": "0"}).status_code == 422
    assert client.post(f"{here}deliver/", {"women": "8", "men": "4", "not_stated": "0"}).status_code == 302
    assert client.post(f"{here}evaluate/", {"level": "4", "evaluated": "1.3.2024", "method": "x", "result": "y"}).status_code == 422
    done = {"level": "1", "evaluated": "07.02.2024", "method": "Form", "result": "11 of 12 liked it", "respondents": "11"}
    assert client.post(f"{here}evaluate/", done).status_code == 302
    text = client.get(here).content.decode()
    assert "8 women, 4 men" in text and "11 of 12 liked it" in text and ask.code in text
    assert "11 of 12 liked it" in client.get(f"/recommend/{ask.code}/").content.decode()
    assert "1 of 1" in client.get("/assist/?year=2024").content.decode()
