"""The situations of the field, by number: where each is tried, and those that somebody lives through at the doors.

`INDEX` names for each situation the test that tries it; every name is looked up, so that a test which goes away is missed. The tests below
take the same situations through the staff door, as the person would who is in them.
"""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from mission.test_places import TABLE
from monitor.scene import claim, source, words
from people import LONG_AGO, People

from fairwitness.analyse.models import Finding
from fairwitness.assist.deliver import deliver
from fairwitness.assist.evaluate import evaluate
from fairwitness.assist.plan import plan_training
from fairwitness.mission.models import Member, Place, PlaceName, Post, Tenure
from fairwitness.monitor import vault
from fairwitness.monitor.models import Restriction
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.seal import token
from fairwitness.record.verbs import Verb
from fairwitness.report.draft import start_report
from fairwitness.web.models import Account

TESTS = Path(__file__).parent.parent
BY = command()
INDEX: dict[int, tuple[str, str]] = {
    1: (
        "a camera was down: the figure stands beside what could not look",
        "analyse/test_analyse_tabulate.py::test_a_camera_that_was_down_is_named_and_looked_at_nothing",
    ),
    2: (
        "an explosion after the evening cut belongs to the next report",
        "analyse/test_analyse_tabulate.py::test_an_evening_belongs_to_the_window_that_ends_the_next_day",
    ),
    3: (
        "“about” and “over” are added up without false precision",
        "monitor/test_monitor_scenarios.py::test_3_about_and_ranges_survive_keeping_and_summing",
    ),
    4: (
        "heard by a patrol and recorded by a camera: once",
        "monitor/test_monitor_scenarios.py::test_4_heard_by_patrol_and_recorded_by_camera_counts_once",
    ),
    5: ("seen from afar: sectors, never a pin", "monitor/test_monitor_scenarios.py::test_5_a_place_is_three_sectors_and_never_a_pin"),
    6: ("a delay is computed, whatever was typed", "monitor/test_monitor_scenarios.py::test_6_a_delay_is_computed_whatever_was_typed"),
    7: (
        "two patrols are turned back at one checkpoint",
        "story/test_scenarios.py::test_scenario_7_two_patrols_are_turned_back_and_the_daily_report_lists_both",
    ),
    10: (
        "an arrest nobody confirms stays open, with its day",
        "monitor/test_monitor_scenarios.py::test_10_an_unconfirmed_arrest_stays_pending_with_its_day",
    ),
    11: (
        "two missions count one event: both stand",
        "monitor/test_monitor_scenarios.py::test_11_two_counts_stand_side_by_side_and_nothing_is_averaged",
    ),
    12: ("a good source says something unlikely: two ratings", "analyse/test_analyse_assess.py"),
    13: (
        "nobody went to look for a fortnight",
        "story/test_scenarios.py::test_scenario_13_what_nobody_tested_for_a_fortnight_lies_before_the_team_leader",
    ),
    14: ("said for the mission alone: not for a partner", "monitor/test_monitor_scenarios.py::test_14_consent_decides_scope_by_scope"),
    15: (
        "a name is kept elsewhere",
        "story/test_scenarios.py::test_scenario_15_a_name_is_found_by_nobody_but_the_keeper_and_the_search_is_on_record",
    ),
    16: (
        "one attack where few families live",
        "analyse/test_widen.py::test_scenario_16_one_attack_among_few_families_stands_in_its_region",
    ),
    17: (
        "three bodies report one theft",
        "monitor/test_monitor_scenarios.py::test_17_three_bodies_one_event_and_the_merge_can_be_undone",
    ),
    18: (
        "one category became three: the line breaks",
        "analyse/test_analyse_pages.py::test_figures_stand_side_by_side_with_their_breaks",
    ),
    20: ("a committee that exists and never met", "verify/test_verify_check.py"),
    21: ("a share travels with its whole", "verify/test_verify_check.py"),
    22: ("a recommendation over three editions", "recommend/test_recommend.py"),
    23: ("an ask that nobody could assess", "recommend/test_recommend.py::test_a_weak_recommendation_is_named_and_can_be_overridden"),
    24: ("the municipality says done, the team says partly", "recommend/test_recommend.py"),
    25: (
        "what is overdue lies before the head of mission",
        "story/test_scenarios.py::test_scenario_25_the_head_of_mission_reads_age_reason_last_contact_and_next_step",
    ),
    26: ("from a shortcoming to a training to its effect", "assist/test_assist.py::test_from_shortcoming_to_effect"),
    27: (
        "nine of eighty-seven were never evaluated",
        "story/test_scenarios.py::test_scenario_27_nine_of_eighty_seven_were_not_evaluated_and_are_named",
    ),
    28: ("a warning is answered for when its time is over", "warn/test_warn.py"),
    29: ("acted upon, and nothing happened", "warn/test_warn.py"),
    30: ("a restricted report becomes public", "share/test_gate.py::test_a_restricted_report_becomes_public"),
    33: ("one place in every spelling", "mission/test_places.py::test_scenario_33_one_place_in_every_spelling"),
    34: (
        "a letter that only looks like Đ",
        "story/test_scenarios.py::test_scenario_34_a_list_with_a_foreign_letter_is_brought_and_says_so",
    ),
}  # fmt: skip


def test_every_situation_names_a_test_that_is_there() -> None:
    for number, (_, name) in INDEX.items():
        file, _, function = name.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        tests = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
        told = {one.name: f"{one.name} {ast.get_docstring(one) or ''}" for one in tests}
        if function:
            assert function in told, f"{number}: {name}"
        said = re.compile(rf"[Ss]cenarios?[ _](?:\d+(?:, | and ))*{number}(?!\d)|test_{number}_")
        wanted = [function] if function and number not in (23, 26, 30) else list(told)
        assert any(said.search(told[one]) for one in wanted), f"{number}: nothing in {name} says that it tries this situation"


@pytest.fixture
def staff(people: People, settings: Any) -> Any:
    """`staff("monitor")`: signed in as one of the people, or as a member given."""
    settings.SECOND_FACTOR = "offered"  # the second factor has its own tests
    cache.clear()
    words()

    def get(who: str | Member) -> Client:
        member = getattr(people, who) if isinstance(who, str) else who
        made = Client()
        made.force_login(Account.objects.filter(member=member).first() or Account.objects.create_account(member.code, None, member.id))
        return made

    return get


def text(answer: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.django_db
def test_scenario_7_two_patrols_are_turned_back_and_the_daily_report_lists_both(people: People, staff: Any) -> None:
    """Scenario 7: two patrols come to one checkpoint and are turned back. Each is written down, and the daily report lists both."""
    monitor = staff("monitor")
    sent = {
        "kind": "denied", "place": "Prizren", "actor": "two men in uniform, no marks", "reason_quoted": "Nuk keni leje.",
        "reason_language": "sq", "direction": "the dam", "members": "4", "vehicles": "2", "outcome": "turned back", "sensitivity": "1",
    }  # fmt: skip
    for hour in ("09:10", "11:40"):
        answer = monitor.post("/monitor/restrictions/new", sent | {"once": str(uuid7()), "began": f"13 May 2026, {hour}"})
        assert answer.status_code == 302, text(answer)
    assert Restriction.objects.count() == 2
    report = start_report(
        kind="daily", title="Daily report", unit=people.units["PZ-T1"], sensitivity=1, period=(date(2026, 5, 13), date(2026, 5, 13)),
        cut_off=datetime(2026, 5, 13, 17, 30, tzinfo=UTC), by=people.hand(people.drafter),
    )  # fmt: skip
    page = text(staff("drafter").get(f"/report/{report.slug}/"))
    assert "* Restrictions of movement and access" in page and "2 times on record for this report" in page
    for said in ("09:10", "11:40", "two men in uniform, no marks: “Nuk keni leje.” (sq)", "the dam", "4 members, 2 vehicles"):
        assert said in page, said
    assert page.count("turned back") == 2


@pytest.mark.django_db
def test_scenario_13_what_nobody_tested_for_a_fortnight_lies_before_the_team_leader(people: People, staff: Any) -> None:
    """Scenario 13: an allegation lies for fourteen days and nobody goes to look. It lies before the supervisor and does not vanish."""
    told = claim(people)
    leader = staff("leader")
    assert told.code in text(leader.get("/monitor/pending/")) and told.code not in text(leader.get("/monitor/pending/?overdue=1"))
    told.pending_until = date.today() - timedelta(days=400)
    told.keep(by=BY, verb=Verb.CLAIM_EDIT)
    page = text(leader.get("/monitor/pending/?overdue=1"))
    assert told.code in page and "1 claim is overdue for a look" in page
    home = text(leader.get("/"))
    assert told.code in home or "overdue" in home, "it stands on the first page, too"
    assert leader.post(f"/monitor/claims/{told.code}/aside", {"why": " "}).status_code == 422
    assert told.code in text(leader.get("/monitor/pending/?overdue=1"))


@pytest.mark.django_db
def test_scenario_15_a_name_is_found_by_nobody_but_the_keeper_and_the_search_is_on_record(people: People, staff: Any) -> None:
    """Scenario 15: the interview bears a code. Whoever searches the name finds nothing, unless it is their office; searches are noted."""
    speaker = source(people)
    told = claim(people, speaker)
    vault.keep_identity(speaker, name="Tëst Zamirë", contact="+000 55", by=people.hand(people.monitor))
    for who in ("monitor", "analyst", "clearer", "stranger"):
        person = staff(who)
        for address in ("/find/?q=Zamir", "/find/?q=Zamirë", "/monitor/?q=Zamirë"):
            page = text(person.get(address))
            assert told.code not in page and speaker.code not in page, (who, address)
        assert speaker.code not in text(person.post("/monitor/vault/", {"words": "Zamirë"}))
    assert speaker.code in text(staff("keeper").post("/monitor/vault/", {"words": "zamire"}))
    notes = [read_note(entry) for entry in Entry.objects.filter(verb=Verb.IDENTITY_SEARCH.value).order_by("seq")]
    assert [note["allowed"] for note in notes] == [False] * 4 + [True] and all(note["tokens"] == [token("zamire")] for note in notes)
    assert b"amir" not in b"".join(bytes(entry.body or b"") for entry in Entry.objects.all())


@pytest.mark.django_db
def test_scenario_25_the_head_of_mission_reads_age_reason_last_contact_and_next_step(people: People, staff: Any) -> None:
    """Scenario 25: critical asks are past their day. The head of mission reads how old, why, whom we last spoke to, and what is next."""
    from recommend.test_recommend import issued

    from fairwitness.recommend.draft import edit_recommendation
    from fairwitness.recommend.follow import write_reply

    head = Member(code="T-head", name="Test Head", languages=["en"], invented=True)
    head.keep(by=BY, verb=Verb.MEMBER_ENROL)
    post = Post(code="P-head", title="Head of Mission", unit=people.units["HQ"], role="head", invented=True)
    post.keep(by=BY, verb=Verb.POST_EDIT)
    Tenure(member=head, post=post, since=LONG_AGO).keep(by=BY, verb=Verb.POST_FILL)
    issued(people, date(2025, 1, 1), code="R-OLD", due=date(2025, 6, 1))
    late = issued(people, date(2025, 3, 1), code="R-CRIT", due=date(2025, 7, 1), critical=True)
    edit_recommendation(late, base=late.entry, by=people.hand(people.drafter), next_step="Meet the mayor", late_reason="No budget line")
    write_reply(late, received=date(2025, 4, 4), text="We are at it.", by=people.hand(people.drafter))
    page = text(staff(head).get("/recommend/"))
    first, second = page.index("R-CRIT"), page.index("R-OLD")
    assert first < second, "critical ones first, though younger"
    line = page[first:second]
    for said in ("critical", "days late", "days ago", "Last contact: 4 April 2025", "Reason given: No budget line", "Next: Meet the mayor"):
        assert said in line, (said, line)


@pytest.mark.django_db
def test_scenario_27_nine_of_eighty_seven_were_not_evaluated_and_are_named(people: People, staff: Any) -> None:
    """Scenario 27: of the year's 87 activities nine have no evaluation: they are listed with the reason, and the rate has its number."""
    reason = Finding(
        code="F-1", title="Deadlines are breached", text="…", place=people.places["Prizren"], proof="balance", proof_rule="1",
        concluded=date(2023, 12, 1), unit=people.units["HQ"], sensitivity=1,
    )  # fmt: skip
    reason.keep(by=BY, verb=Verb.FINDING_CONCLUDE)
    day = date(2024, 2, 7)
    for number in range(87):
        made = plan_training(
            title=f"Training {number}", institution=people.counterparts["municipality"], place=people.places["Prizren"], begins=day,
            ends=day, finding=reason, unit=people.units["HQ"], by=BY,
        )  # fmt: skip
        made = deliver(made, women=5, men=5, not_stated=0, by=BY)
        if number >= 9:
            evaluate(made, level=1, evaluated=day, method="Form", result="Liked", respondents=8, by=BY)
        elif number < 8:
            evaluate(made, level=0, evaluated=day, reason=f"The trainer fell ill, {number}", by=BY)
    page = text(staff("analyst").get("/assist/?year=2024"))
    assert "78 of 87 (90 %)" in page and "Not evaluated: 9" in page
    assert all(f"The trainer fell ill, {number}" in page for number in range(8)) and page.count("nobody gave a reason") == 1
    assert "Answered evaluations: 624 of 780 (80 %)" in page


@pytest.mark.django_db
def test_scenario_34_a_list_with_a_foreign_letter_is_brought_and_says_so(
    people: People, tmp_path: Path, capsys: pytest.CaptureFixture[str], staff: Any
) -> None:
    """Scenario 34: a list writes Ðakovica with the Icelandic letter. It is the same town, the change is told, what stood there is kept."""
    from fairwitness.web.cli import main

    town = Place(code="2", authority="ask", kind="municipality", parent=people.places["Kosovo"], source="test")
    town.keep(by=BY, verb=Verb.PLACE_EDIT)
    named = PlaceName(place=town, text="Đakovica", language="sr-Latn", script="Latn", form="main", authority="test", given="Đakovica")
    keep_many([named], by=BY, verb=Verb.PLACE_EDIT)
    file = tmp_path / "list.csv"
    file.write_text(TABLE + "-1,Gjakovë,Ðakovica,,approved,approved,,42.38,20.43,PPL,2,Gjakovë,2,,,,2012-01-01\n", "utf-8")
    assert main(["import", "places", str(file)]) == 0
    said = capsys.readouterr().out
    assert "“Ðakovica”" in said and "U+00D0" in said and "1 places kept" in said and "What stood there is kept too" in said
    kept = PlaceName.objects.get(place__code="-1", language="sr-Latn")
    assert (kept.text, kept.given) == ("Đakovica", "Ðakovica")
    page = text(staff("monitor").get("/monitor/?place=Ðakovica"))
    assert "Đakovica" in page, "whoever types the foreign letter finds the town"
