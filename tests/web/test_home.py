"""Home: each person is shown what their posts can do something about, by date, with what is late first; nothing they may not read;
and the page asks a bounded number of questions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from people import People, keeping_time

from fairwitness.mission.models import Member
from fairwitness.monitor.models import Activity, Claim, Consent, Observation, Source
from fairwitness.recommend.models import Recommendation
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.models import Entry, Job
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Clearance, Report
from fairwitness.warn.models import Warning
from fairwitness.web.history import lines
from fairwitness.web.home_needs import Me, Need, all_needs
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
ZONE = "Europe/Belgrade"
TODAY = datetime.now(ZoneInfo(ZONE)).date()
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def offered(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(Account.objects.create_account(member.code, "a long enough one", member.id))
    return client


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def activity(people: People, code: str, ahead: int, unit: str = "PZ-T1", **values: Any) -> Activity:
    made = Activity(
        code=code, kind="visit", purpose=f"Visit {code}", place=people.places["Planjane"], unit=people.units[unit], time_zone=ZONE,
        planned_from=datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=ZoneInfo(ZONE)) + timedelta(days=ahead), **values,
    )  # fmt: skip
    made.keep(by=people.hand(people.monitor), verb=Verb.ACTIVITY_PLAN)
    return made


def warning(people: People, code: str, ends: int, **values: Any) -> Warning:
    made = Warning(
        code=code, title=f"Title {code}", text="Signs damaged.", place=people.places["Prizren"],
        unit=people.units["PZ-T1"], likelihood="likely", severity="tension", issued=NOW - timedelta(days=20),
        horizon_ends=days(ends), addressee=people.counterparts["municipality"],
        action_asked="Meet by Monday", **values,
    )  # fmt: skip
    made.keep(by=command(), verb=Verb.WARNING_ISSUE)
    return made


def recommendation(people: People, code: str, due: int, **values: Any) -> Recommendation:
    made = Recommendation(
        code=code, title=f"Title {code}", text="Publish.", act="Publish the regulations", addressee=people.counterparts["municipality"],
        unit=people.units["HQ"], due=days(due), state=Recommendation.ISSUED, issued=days(-400), **values,
    )  # fmt: skip
    made.keep(by=command(), verb=Verb.RECOMMENDATION_ISSUE)
    return made


def needs_of(people: People, member: Member) -> list[Need]:
    return all_needs(Me.of(people.hand(member), TODAY))


def titles(people: People, member: Member) -> list[str]:
    return [need.title for need in needs_of(people, member)]


def test_an_empty_day_says_so(people: People) -> None:
    page = browser(people.monitor).get("/").content.decode()
    assert "Nothing needs you now" in page and "Nothing waits for you." in page and "0</span> of 2 municipalities visited" in page


def test_what_waits_is_told_by_date_with_late_first(people: People) -> None:
    activity(people, "PZ-1", -5)
    activity(people, "PZ-2", 0)
    activity(people, "PZ-3", 1)
    activity(people, "PZ-4", 6)
    activity(people, "PZ-5", 30)
    page = browser(people.monitor).get("/").content.decode()
    order = [page.index(words) for words in ("5 days late", "Today", "Tomorrow", "In 6 days")]
    assert order == sorted(order) and "Four things need you" in page and "1 is late." in page and "PZ-5" not in page
    assert page.index('href="#i-late"') < page.index("5 days late") and "/monitor/activities/PZ-1/" in page


def test_what_another_unit_does_is_not_mine(people: People) -> None:
    activity(people, "PZ-1", -5)
    assert titles(people, people.stranger) == []


def test_a_done_or_called_off_activity_waits_for_nobody(people: People) -> None:
    activity(people, "PZ-1", -5, state=Activity.DONE, started=NOW)
    activity(people, "PZ-2", -5, state=Activity.NOT_DONE)
    assert titles(people, people.monitor) == []


def test_claims_consents_and_powers(people: People) -> None:
    source = Source(code="S-1", category="inhabitant", unit=people.units["PZ-T1"])
    source.keep(by=command(), verb=Verb.SOURCE_REGISTER)
    for code, ahead, state in (("C-1", 2, "reported"), ("C-2", 2, "verified"), ("C-3", 60, "reported")):
        Claim(
            code=code, source=source, place=people.places["Planjane"], kind="road", headline=f"Head {code}", language="sq", told=NOW,
            time_zone=ZONE, unit=people.units["PZ-T1"], state=state, pending_until=days(ahead),
        ).keep(by=command(), verb=Verb.CLAIM_SUBMIT)  # fmt: skip
    for ahead, taken in ((5, None), (6, NOW), (200, None), (-90, None)):
        Consent(source=source, use="internal", given=days(-300), language="sq", expires=days(ahead), withdrawn=taken).keep(
            by=command(), verb=Verb.CONSENT_GIVE
        )
    found = titles(people, people.monitor)
    assert found == ["Test the claim C-1 again: Head C-1", "Ask S-1 about consent again"]
    assert titles(people, people.stranger) == []


def report(people: People, symbol: str, state: str, by: Member) -> Report:
    made = Report(symbol=symbol, kind="weekly", title="Week", unit=people.units["HQ"], time_zone=ZONE, state=state, period_until=days(-1))
    made.keep(by=people.hand(by), verb=Verb.REPORT_DRAFT)
    return made


def test_reports_come_back_to_their_author_and_wait_for_somebody_else(people: People) -> None:
    back = report(people, "TEST/W/1/2026", Report.DRAFT, people.drafter)
    Clearance(report=back, member=people.clearer, decision="returned", decided=NOW, note="Which day?").keep(
        by=people.hand(people.clearer), verb=Verb.REPORT_RETURN
    )
    report(people, "TEST/W/2/2026", Report.SUBMITTED, people.drafter)
    report(people, "TEST/W/3/2026", Report.DRAFT, people.drafter)
    assert titles(people, people.drafter) == ["TEST/W/1/2026 came back to you"]
    assert titles(people, people.clearer) == ["Clear or return TEST/W/2/2026: Week"]
    report(people, "TEST/W/4/2026", Report.SUBMITTED, people.clearer)
    assert len(titles(people, people.clearer)) == 1, "nobody clears what they wrote"


def test_warnings_end_in_a_judgement(people: People) -> None:
    warning(people, "W-1", -2)
    warning(people, "W-2", 5, action_due=days(-1))
    warning(people, "W-3", -2, outcome="not", judged=days(-1))
    head = _in_post(people, "warning-officer")
    assert sorted(titles(people, head)) == [
        "Judge what came of W-1: Title W-1", "Write down whether Municipality of Prizren answered W-2",
    ]  # fmt: skip
    page = browser(head).get("/").content.decode()
    assert "Title W-2" in page and "Title W-3" not in page and "None yet" in page and "outcome due" in page


def _in_post(people: People, role: str) -> Member:
    from fairwitness.mission.models import Post, Tenure

    member = Member(code=f"T-{role}", invented=True)
    member.keep(by=command(), verb=Verb.MEMBER_ENROL)
    post = Post(code=f"P-{role}", title=role, unit=people.units["HQ"], role=role)
    post.keep(by=command(), verb=Verb.POST_EDIT)
    Tenure(member=member, post=post, since=NOW - timedelta(days=1)).keep(by=command(), verb=Verb.POST_FILL)
    return member


def test_recommendations_fall_due(people: People) -> None:
    recommendation(people, "R-1", -10)
    recommendation(people, "R-2", 60)
    recommendation(people, "R-3", 400)
    found = needs_of(people, people.analyst)
    assert [need.title for need in found] == ["Rate progress on R-1: Title R-1"] and found[0].when(TODAY) == "10 days late"
    page = browser(people.analyst).get("/").content.decode()
    assert "Title R-2" in page and "Title R-3" not in page and "13 months" in page and "not rated yet" in page


def test_later_work_that_failed_waits_for_who_reads_the_log(people: People) -> None:
    Job(entry="e", reaction="r", state=Job.PERSON, not_before=NOW).save()
    assert titles(people, _in_post(people, "auditor")) == ["1 piece of later work waits for a person"]
    assert titles(people, people.monitor) == []


def test_where_we_were_counts_beside_its_coverage(people: People) -> None:
    activity(people, "PZ-1", 0, state=Activity.DONE, started=NOW, ended=NOW)
    Observation(
        code="O-1", kind="road", headline="Road closed", means="saw", place=people.places["Planjane"], unit=people.units["PZ-T1"],
        occurred_from=NOW, time_zone=ZONE,
    ).keep(by=command(), verb=Verb.OBSERVATION_SUBMIT)  # fmt: skip
    page = browser(people.analyst).get("/").content.decode()
    assert '<span class="big">1</span> of 2 municipalities visited' in page and "1 observation." in page
    assert "Nobody was in 1 of them" in page and "Leposavić/Leposaviq" in page and "not zero" in page
    hidden = browser(people.stranger).get("/").content.decode()
    assert '<span class="big">0</span> of 2' in hidden and "0 observations." in hidden


def test_what_others_changed_is_told_to_who_wrote_it(people: People) -> None:
    mine = activity(people, "PZ-1", 3)
    mine.purpose = "Visit the school"
    mine.keep(by=people.hand(people.leader), verb=Verb.ACTIVITY_EDIT)
    page = browser(people.monitor).get("/").content.decode()
    assert "1 entry changes something you wrote" in page and "/monitor/activities/PZ-1/#record" in page
    assert "something you wrote:" not in browser(people.leader).get("/").content.decode()
    mine.unit = people.units["MI-T1"]
    mine.keep(by=people.hand(people.leader), verb=Verb.ACTIVITY_EDIT)
    client = Client()
    client.force_login(Account.objects.get(username=people.monitor.code))
    assert "PZ-1" not in client.get("/").content.decode()


@pytest.mark.parametrize("who", ["monitor", "analyst", "clearer", "custodian"])
def test_home_asks_a_bounded_number_of_questions(people: People, who: str, settings: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        mine = activity(people, f"PZ-{number}", number - 6)
        mine.keep(by=people.hand(people.leader), verb=Verb.ACTIVITY_EDIT)
        warning(people, f"W-{number}", number - 6)
        recommendation(people, f"R-{number}", number - 6)
        report(people, f"TEST/W/{number}/2026", [Report.DRAFT, Report.SUBMITTED][number % 2], people.drafter)
    client = browser(getattr(people, who))
    TOTP.activate(Account.objects.get(username=getattr(people, who).code), generate_totp_secret())
    settings.SECOND_FACTOR = "required"
    with django_assert_max_num_queries(28 + keeping_time()):
        assert client.get("/?all=1").status_code == 200


def test_history_names_posts_folds_the_proof_and_asks_four_questions(people: People, django_assert_max_num_queries: Any) -> None:
    mine = activity(people, "PZ-1", 3)
    for number in range(10):
        mine.purpose = f"Purpose {number}"
        mine.keep(by=people.hand(people.leader), verb=Verb.ACTIVITY_EDIT, why=f"reason {number}")
    checkpoint = make_checkpoint()
    with django_assert_max_num_queries(4):
        found = lines([mine.id], people.hand(people.monitor))
    assert len(found) == 11 and found[0]["post"] == "Leader (T-leader)" and found[0]["why"] == "reason 9"
    assert found[-1]["act"] == "planned an activity" and found[-1]["post"] == "Monitor (T-monitor)"
    assert checkpoint is not None and bytes(checkpoint.root).hex() in found[0]["proof"] and "fairwitness verify" in found[0]["proof"]
    entry = Entry.objects.get(seq=found[0]["seq"])
    assert bytes(entry.leaf).hex() in found[0]["proof"]
    assert "Purpose" not in str(found) and lines([mine.id], command()) == []


def test_many_things_do_not_make_history_slow(people: People, django_assert_max_num_queries: Any) -> None:
    rows = [
        Activity(code=f"A-{n}", kind="visit", purpose="x", place=people.places["Planjane"], unit=people.units["PZ-T1"], time_zone=ZONE)
        for n in range(40)
    ]
    keep_many(rows, by=people.hand(people.monitor), verb=Verb.ACTIVITY_PLAN)
    with django_assert_max_num_queries(4):
        assert len(lines([one.id for one in rows], people.hand(people.monitor), limit=25)) == 25


def test_no_door_is_offered_that_refuses(people: People) -> None:
    for member, power, pictures in ((people.monitor, True, True), (people.custodian, False, None), (people.keeper, False, False)):
        signed_in = browser(member)
        assert ('href="/manage/powers/take/"' in signed_in.get("/").content.decode()) is power
        if pictures is not None:
            assert ('href="/monitor/pictures/"' in signed_in.get("/monitor/").content.decode()) is pictures


def test_what_is_years_late_is_said_in_years() -> None:
    from fairwitness.web.home_needs import Need

    today = date(2026, 11, 23)
    assert Need(date(2013, 1, 31), "t", "/", "warn").when(today) == "13 years late"
    assert Need(date(2026, 11, 20), "t", "/", "warn").when(today) == "3 days late"
