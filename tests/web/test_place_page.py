"""The page of a place: a successor finds contacts, open cases, promises, what falls due and what is new on one page, beside the coverage;
nobody finds what they may not see; opening it writes nothing; and it asks a bounded number of questions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from monitor.scene import claim, observation, visit, words
from people import People

from fairwitness.mission.enrol import fill, vacate
from fairwitness.mission.models import Counterpart, Member, Standard
from fairwitness.mission.read_news import newest_seq, say_read
from fairwitness.monitor.discuss import assign
from fairwitness.monitor.happen import open_event
from fairwitness.monitor.observe import correct_observation
from fairwitness.monitor.plan import plan_activity
from fairwitness.monitor.restrict import report_restriction
from fairwitness.recommend.draft import draft_recommendation
from fairwitness.recommend.follow import rate, write_reply
from fairwitness.recommend.issue import issue_recommendation
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.verify.check import make_check
from fairwitness.verify.state import state_obligation
from fairwitness.warn.answer import answer
from fairwitness.warn.issue import issue
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Belgrade")
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = datetime.now(ZONE).date()
PAGE = "/places/ask:18/"


@pytest.fixture(autouse=True)
def offered(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    words()


def browser(member: Member) -> Client:
    client, known = Client(), Account.objects.filter(member=member).first()
    client.force_login(known or Account.objects.create_account(member.code, "a long enough one", member.id))
    return client


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def part(page: str, key: str) -> str:
    """The words of one part of the page."""
    found = re.search(rf'<section id="{key}".*?</section>', page, re.S)
    assert found is not None, f"the page has no part {key}"
    return found.group()


def asked(people: People, **more: Any) -> Recommendation:
    law = Standard.objects.filter(code="L02-37").first()
    if law is None:
        law = Standard(code="L02-37", title="Law on the Use of Languages", article="7", in_force_from=date(2006, 1, 1), source="test")
        law.keep(by=command(), verb=Verb.MANDATE_EDIT)
    given = {
        "title": "Publish all regulations in every official language", "act": "Publish each regulation in force in four languages",
        "addressee": people.counterparts["municipality"], "due": TODAY - timedelta(days=10), "indicator": "Regulations online",
        "standard": law, "by": people.hand(people.drafter), "unit": people.units["PZ-T1"], "override": "As published then.",
        "public_source": "https://example.org/report", "place": people.places["Prizren"],
    }  # fmt: skip
    made = draft_recommendation(**(given | more))
    return issue_recommendation(made, by=people.hand(people.clearer), on=TODAY - timedelta(days=400))


def history_of_prizren(people: People) -> dict[str, Any]:
    """What the team did and was told before its leader left."""
    by, prizren = people.hand(people.monitor), people.places["Prizren"]
    body = people.counterparts["municipality"]
    began, purpose = ago(20), "Meet the mayor about signs"
    met = visit(people, kind="meeting", purpose=purpose, institution=body, started=began, ended=began + timedelta(hours=1))
    seen = observation(people, occurred_from=ago(20), activity=met)
    told = claim(people, told=ago(20), activity=met)
    ask = asked(people)
    write_reply(ask, received=TODAY - timedelta(days=5), text="We will publish all of them by the end of the month.", says="started",
                by=people.hand(people.drafter))  # fmt: skip
    stop = report_restriction(
        place=people.places["Planjane"], kind="denied", actor="a guard", began=ago(9), outcome="They said the road opens on Monday.", by=by,
    )  # fmt: skip
    warned = issue(
        title="Tension about the signs", text="Signs are painted over.", place=prizren, likelihood="likely", severity="tension",
        horizon_ends=TODAY + timedelta(days=20), addressee=body, action_asked="Meet the community", basis=[seen], issued=ago(3),
        unit=people.units["PZ-T1"], by=command(),
    )  # fmt: skip
    answer(warned, kind="acknowledged", responded=TODAY - timedelta(days=1), text="The mayor will meet them on Friday.", by=command())
    planned = plan_activity(kind="visit", purpose="See the school in the village", place=people.places["Planjane"],
                            planned_from=NOW + timedelta(days=2), by=by)  # fmt: skip
    owed = state_obligation(
        code="LANG-1", title="Signs in every official language", standard=ask.standard, text="Signs are bilingual.", measure="Count them.",
        party=body, by=people.hand(people.analyst),
    )  # fmt: skip
    check = make_check(owed, place=prizren, round=str(TODAY.year), checked_on=TODAY - timedelta(days=8), value="not_met", institution=body,
                       explanation="The painter has no budget before May.", evidence=[seen], by=by)  # fmt: skip
    assign(seen, people.monitor, task="Ask the school about its sign", due=TODAY + timedelta(days=1), by=people.hand(people.leader))
    return {"met": met, "seen": seen, "told": told, "ask": ask, "stop": stop, "warned": warned, "planned": planned, "check": check}


def succeed(people: People, note: str) -> Member:
    """The team leader left, and somebody new took the post a day ago."""
    by = people.hand(people.custodian)
    vacate(people.posts["leader"], by=command(), why="left the mission", note=note)
    successor = Member(code="T-successor", name="Test Successor", languages=["en"], invented=True)
    successor.keep(by=by, verb=Verb.MEMBER_ENROL)
    fill(people.posts["leader"], successor, by=command())
    return successor


def test_scenario_42_the_successor_finds_everything_on_one_page(people: People) -> None:
    """42. The team leader left. The successor opens the municipality: contacts, open cases, promises made, recommendations due and
    the history nobody told them stand on one page."""
    made = history_of_prizren(people)
    successor = succeed(people, "The mayor wants to be called before a visit. The guard at the quarry is not hostile.")
    later = observation(people, headline="A new sign stands at the bridge", occurred_from=ago(0.2))
    client = browser(successor)
    before = Entry.objects.count()
    page = client.get(PAGE).content.decode()
    assert Entry.objects.count() == before, "opening a page writes nothing"

    contacts = part(page, "contacts")
    assert "Municipality of Prizren" in contacts and "last met" in contacts
    cases = part(page, "cases")
    for key in ("told", "stop", "planned", "seen"):
        assert made[key].code in cases, key
    assert "Ask the school about its sign" in cases
    promises = part(page, "promises")
    for said in ("publish all of them by the end of the month", "The mayor will meet them on Friday", "the road opens on Monday",
                 "The painter has no budget before May"):  # fmt: skip
        assert said in promises
    asks = part(page, "asks")
    assert made["ask"].code in asks and "10 days late" in asks and "1 late" in asks and "authority: started" in asks
    assert made["warned"].code in part(page, "warnings")
    assert made["check"].code in part(page, "checks") and "Not met" in part(page, "checks")
    assert "The mayor wants to be called before a visit." in page
    assert made["told"].source.code in part(page, "sources")
    news = part(page, "news")
    assert later.code in news and "since you took your post" in news
    assert made["seen"].code not in news, "what was there before they came is in the lists, not news"
    assert "visit" in part(page, "seen") and later.code in part(page, "seen")


def test_who_says_so_has_read_it_and_what_comes_after_is_new(people: People) -> None:
    made = history_of_prizren(people)
    client = browser(succeed(people, "Nothing is written down."))
    later = observation(people, headline="A new sign stands at the bridge", occurred_from=ago(0.2))
    page = part(client.get(PAGE).content.decode(), "news")
    upto = re.search(r'name="upto" value="(\d+)"', page)
    assert later.code in page and upto is not None
    meanwhile = observation(people, headline="Kept while the page was being read", occurred_from=ago(0.1))
    for _twice in range(2):
        assert client.post(f"{PAGE}read/", {"upto": upto.group(1)}).status_code == 302
    assert Entry.objects.filter(verb=Verb.PLACE_READ.value).count() == 1, "said twice, it is on record once"
    page = part(client.get(PAGE).content.decode(), "news")
    assert meanwhile.code in page and later.code not in page and "since you last said that you had read it" in page
    client.post(f"{PAGE}read/", {"upto": str(newest_seq())})
    assert "Nothing was put on record" in part(client.get(PAGE).content.decode(), "news")
    correct_observation(made["seen"], {"headline": "4 of 11 signs painted over"}, why="Counted again", base=made["seen"].entry,
                        by=people.hand(people.monitor))  # fmt: skip
    write_reply(made["ask"], received=TODAY, text="Done.", by=people.hand(people.drafter))
    page = part(client.get(PAGE).content.decode(), "news")
    assert made["seen"].code in page and made["ask"].code in page and meanwhile.code not in page


def test_a_mark_moves_forward_only_belongs_to_one_member_and_to_one_place(people: People) -> None:
    seen = observation(people, occurred_from=ago(0.1))
    prizren, by = people.places["Prizren"], people.hand(people.leader)
    say_read(prizren, newest_seq(), by=by)
    say_read(prizren, 0, by=by)
    assert seen.code not in part(browser(people.leader).get(PAGE).content.decode(), "news")
    assert seen.code in part(browser(people.analyst).get(PAGE).content.decode(), "news")
    assert seen.code in part(browser(people.leader).get("/places/pack:kosovo/").content.decode(), "news")


def test_one_does_not_read_news_of_oneself(people: People) -> None:
    seen = observation(people, occurred_from=ago(0.1))
    assert seen.code not in part(browser(people.monitor).get(PAGE).content.decode(), "news")


def test_nobody_finds_what_they_may_not_see(people: People) -> None:
    """Another region's monitor reads what is public; what is internal, restricted or confidential is neither shown nor counted."""
    made = history_of_prizren(people)
    hidden = observation(people, headline="Secret of the village", sensitivity=2, occurred_from=ago(1), place=people.places["Planjane"])
    event = open_event(
        title="Signs painted over", kind="theft", place=people.places["Prizren"], sources=[made["seen"], made["told"]],
        reason="The same signs on the same day", by=people.hand(people.monitor),
    )  # fmt: skip
    codes = [one.code for one in made.values()] + [hidden.code, event.code]
    for address in (PAGE, f"{PAGE}timeline/", "/places/pack:kosovo/", "/counterparts/mun-18/"):
        page = browser(people.stranger).get(address).content.decode()
        shown = [code for code in codes if code in page]
        assert not shown, f"{address} shows {shown}"
        for said in ("Secret", "mayor", "quarry", "painter", "Signs painted over", "by the end of the month"):
            assert said not in page, f"{address} says {said}"
    keys = ("cases", "promises", "asks", "warnings", "checks", "events", "sources")
    page = browser(people.stranger).get(PAGE).content.decode()
    assert {key: re.search(r"<small>(\d+)", part(page, key))[1] for key in keys} == dict.fromkeys(keys, "0")  # type: ignore[index]
    member = browser(people.monitor).get(PAGE).content.decode()
    assert hidden.code in member and event.code in member


def test_the_handover_note_is_for_the_post_alone(people: People) -> None:
    succeed(people, "The guard at the quarry is not hostile.")
    assert "quarry" not in browser(people.monitor).get(PAGE).content.decode()


def test_where_nobody_was_the_page_says_so_before_anything_else(people: People) -> None:
    page = browser(people.leader).get("/places/ask:12/").content.decode()
    assert "Leposavić/Leposaviq: nobody was there in half a year" in page
    assert "nobody looked in these" in page and 'class="nv' in page.replace("num nv", "nv")


def test_a_village_is_named_by_its_id_and_leads_up(people: People) -> None:
    page = browser(people.leader).get(f"/places/{people.places['Planjane'].id}/").content.decode()
    assert 'href="/places/ask:18/"' in page and "Pllanjanë/Planjane" in page


def test_the_page_asks_a_bounded_number_of_questions(people: People) -> None:
    history_of_prizren(people)
    client = browser(people.leader)

    def questions() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked_for:
            assert client.get(PAGE).status_code == 200
        return len(asked_for)

    few = questions()
    by, prizren = people.hand(people.monitor), people.places["Prizren"]
    for number in range(25):
        observation(people, headline=f"Sign {number}", occurred_from=ago(number))
        claim(people, told=ago(number))
        plan_activity(kind="visit", purpose=f"Visit {number}", place=prizren, planned_from=NOW + timedelta(days=number), by=by)
    keep_many([Counterpart(code=f"school-{n}", name=f"School {n}", kind="school", place=prizren) for n in range(60)], by=command(),
              verb=Verb.COUNTERPART_EDIT)  # fmt: skip
    for number in range(8):
        write_reply(asked(people, title=f"Ask {number}", act=f"Publish regulation {number}"), received=TODAY, text="Yes.",
                    by=people.hand(people.drafter))  # fmt: skip
    many = questions()
    assert many <= few + 6, f"{few} questions for a little, {many} for much"
    assert few < 110, few


def test_the_page_of_an_institution(people: People) -> None:
    """Who it is, what it owes, what was asked of it and of those before it, what it answered, when it was met."""
    made = history_of_prizren(people)
    old = Counterpart(code="old-18", name="Old Municipality of Prizren", kind="municipality", successor=people.counterparts["municipality"])
    old.keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    of_old = asked(people, addressee=old, title="Repair the bridge", act="Repair the bridge at the mill")
    rate(made["ask"], assessor="mission", status="no_action", rated=TODAY, evidence="Looked on their page; nothing there.",
         by=people.hand(people.analyst))  # fmt: skip
    page = browser(people.leader).get("/counterparts/mun-18/").content.decode()
    assert made["ask"].code in part(page, "asks") and of_old.code in part(page, "asks")
    assert "mission: no action seen" in part(page, "asks") and "authority: started" in part(page, "asks")
    assert "by the end of the month" in part(page, "promises") and "on Friday" in part(page, "promises")
    assert made["check"].code in part(page, "checks") and made["met"].code in part(page, "met")
    assert made["warned"].code in part(page, "warnings") and "/counterparts/old-18/" in page
    page = browser(people.leader).get("/counterparts/old-18/").content.decode()
    assert "ended and was followed by Municipality of Prizren" in page


def test_the_timeline_is_in_order_of_what_happened(people: People) -> None:
    """By the time a thing speaks of, as finely as it is known; when it was put on record is said where that was another day."""
    history_of_prizren(people)
    observation(people, headline="Only the month is known", occurred_from=ago(40), precision="month", give_or_take_minutes=None)
    client = browser(people.leader)
    page = client.get(f"{PAGE}timeline/").content.decode()
    order = [page.index(said) for said in ("by the end of the month", "Meet the mayor about signs", "Only the month is known")]
    assert order == sorted(order)
    assert "day not known" in page and "put on record on" in page and "<svg" in page
    table = client.get(f"{PAGE}timeline/?as=table").content.decode()
    assert "Meet the mayor about signs" in table and "<table" in table
    said = client.get(f"{PAGE}timeline/?kind=said").content.decode()
    assert "The signs were replaced in April" in said and "Meet the mayor about signs" not in said
    since = (TODAY - timedelta(days=2)).strftime("%d.%m.%Y")
    late = client.get(f"{PAGE}timeline/?since={since}").content.decode()
    assert "Meet the mayor about signs" not in late and "on Friday" in late
    assert client.get(f"{PAGE}timeline/?since=1.1.2020&until=1.1.2024").status_code == 422


def test_an_event_stands_in_the_order_it_happened(people: People) -> None:
    """What was seen, what was told of it later, the visit in which that was and the check that rests on it, oldest first."""
    made = history_of_prizren(people)
    event = open_event(
        title="Signs painted over", kind="theft", place=people.places["Prizren"], sources=[made["seen"], made["told"]],
        reason="The same signs on the same day", occurred_from=ago(22), by=people.hand(people.monitor),
    )  # fmt: skip
    page = browser(people.leader).get(f"/monitor/events/{event.code}/").content.decode()
    page = page[page.index("In the order it happened"):]
    order = [page.index(f"/{made[key].code}/") for key in ("met", "told", "check")]
    assert order == sorted(order) and page.index("Signs painted over") < order[0]
    assert "put on record on" in page and "<table" in page


def test_what_nobody_dated_is_on_no_day(people: People) -> None:
    observation(people, headline="Nobody knows when", occurred_from=None, precision="unknown", give_or_take_minutes=None)
    assert "Nobody knows when" not in browser(people.leader).get(f"{PAGE}timeline/").content.decode()


def test_a_place_that_is_not_there(people: People) -> None:
    client = browser(people.leader)
    for address in ("/places/ask:999/", "/places/x/", "/places/ask:999/timeline/", "/counterparts/none/", "/warn/?place=ask:999"):
        assert client.get(address).status_code == 404, address
    assert client.post("/places/ask:18/read/", {"upto": "x"}).status_code == 400
    assert client.post("/places/ask:18/read/", {"upto": str(newest_seq() + 5)}).status_code == 400
