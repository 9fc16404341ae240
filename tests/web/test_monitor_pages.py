"""Pages of monitoring, person by person: what each may read, write and never learns."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from monitor.scene import at, claim, observation, picture, source, visit, words
from people import People

from fairwitness.mission.models import Term
from fairwitness.monitor import vault
from fairwitness.monitor.models import Activity, Attachment, Claim, Consent, Coverage, Event, Observation, Restriction, Source
from fairwitness.monitor.plan import plan_activity
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"  # the second factor has its own tests
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


OBSERVATION = {
    "headline": "3 of 11 signs painted over", "kind": "sign", "means": "saw", "place": "Призрен", "occurred_from": "13 May 2026, 14:20",
    "precision": "minute", "give_or_take_minutes": "10", "count": "3 of 11", "range": "2-6km", "bearings": "SE, S and WSW",
    "sensitivity": "1",
}  # fmt: skip


def test_an_observation_is_written_down_and_read_back(people: People) -> None:
    monitor = client(people, "monitor")
    answer = monitor.post("/monitor/observations/new", OBSERVATION | {"once": str(uuid7())})
    assert answer.status_code == 302, text(answer)
    kept = Observation.objects.get()
    shown = monitor.get(answer["Location"])
    page = text(shown)
    assert shown.status_code == 200
    for word in ("3 of 11 signs painted over", "3 of 11", "± 10 min", "13 May 2026, 14:20", "Mission internal", kept.code, "Not yet rated"):
        assert word in page, word
    assert page.count('class="sector"') == 3 and "not a pin" in page
    assert kept.place == people.places["Prizren"]


def test_a_list_shows_count_beside_coverage_for_each_reader(people: People) -> None:
    visit(people)
    kept = observation(people)
    told = claim(people)
    for who in ("monitor", "analyst", "clearer"):
        page = text(client(people, who).get("/monitor/"))
        assert kept.code in page and told.code in page and "<b>1 visit</b>" in page, who
    page = text(client(people, "stranger").get("/monitor/"))
    assert kept.code not in page and told.code not in page and "<b>0</b>" in page and "says nothing about what happened" in page


def test_filters_find_by_any_name_and_say_what_is_wrong(people: People) -> None:
    kept = observation(people, place=people.places["Planjane"])
    monitor = client(people, "monitor")
    for name in ("Pllanjanë", "planjane", "Плањане", "PLLANJANE", "Pllanjanë/Planjane", "Prizren"):
        assert kept.code in text(monitor.get("/monitor/", {"place": name})), name
    assert kept.code not in text(monitor.get("/monitor/", {"k": "heard"}))
    assert kept.code in text(monitor.get("/monitor/", {"k": ["heard", "seen"], "from": "13.05.2026", "to": "13 May 2026"}))
    assert kept.code not in text(monitor.get("/monitor/", {"from": "14.05.2026"}))
    for wrong, field in (({"from": "31.02.2010"}, "f_from"), ({"place": "Nowhere"}, "f_place"), ({"k": "guessed"}, "f_k"),
                         ({"from": "14.05.2026", "to": "13.05.2026"}, "f_to"), ({"place": "x" * 300}, "f_place")):  # fmt: skip
        answer = monitor.get("/monitor/", wrong)
        assert answer.status_code == 422 and f"#{field}" in text(answer), wrong


def test_csv_is_for_those_who_may_export_and_is_on_record(people: People) -> None:
    observation(people, headline="=HYPERLINK(evil)")
    assert client(people, "monitor").get("/monitor/?format=csv").status_code == 403
    answer = client(people, "publisher").get("/monitor/?format=csv")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK" in text(answer) and ",=HYPERLINK" not in text(answer)
    assert Entry.objects.filter(verb=Verb.RELEASE_EXPORT.value, kind="share.export").count() == 1


def test_a_claim_is_sent_with_its_consent_and_silence_is_a_no(people: People) -> None:
    monitor, told_by = client(people, "monitor"), source(people)
    sent = {
        "source": told_by.code, "headline": "The signs were replaced in April", "kind": "sign", "place": "Prizren", "language": "sq",
        "verbatim": "Tabelat janë ndërruar.", "told": "13.05.2026 16:05", "precision": "unknown", "state": "reported", "sensitivity": "2",
        "use_internal": "code", "once": str(uuid7()),
    }  # fmt: skip
    answers = [monitor.post("/monitor/claims/new", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302] and Claim.objects.count() == 1, text(answers[0])
    assert [(line.use, line.disclosure) for line in Consent.objects.all()] == [("internal", "code")]
    page = text(monitor.get(answers[0]["Location"]))
    assert "Tabelat janë ndërruar." in page and "reportedly" in page
    assert page.count('<td class="late">No</td>') == 3 and page.count('<td class="good">Yes</td>') == 1


def test_words_without_consent_stay_with_the_unit(people: People) -> None:
    told = claim(people)
    assert "Tabelat" in text(client(people, "monitor").get(f"/monitor/claims/{told.code}/"))
    for who in ("analyst", "clearer"):
        page = text(client(people, who).get(f"/monitor/claims/{told.code}/"))
        assert "Tabelat" not in page and "absence is a no" in page, who
    assert client(people, "stranger").get(f"/monitor/claims/{told.code}/").status_code == 404


def test_the_vault_opens_for_the_keeper_with_a_reason_and_is_never_a_page_of_its_own(people: People) -> None:
    told_by = source(people)
    vault.keep_identity(told_by, name="Test Person", contact="+000 55", by=people.hand(people.monitor))
    address = f"/monitor/sources/{told_by.code}/"
    for who in ("monitor", "analyst", "clearer", "keeper"):
        assert "Test Person" not in text(client(people, who).get(address)), who
    assert client(people, "monitor").post(address + "open", {"why": "curious"}).status_code == 403
    keeper = client(people, "keeper")
    assert keeper.get(address + "open").status_code == 405
    assert keeper.post(address + "open", {"why": ""}).status_code == 422
    assert Entry.objects.filter(verb=Verb.IDENTITY_OPEN.value).count() == 0
    opened = keeper.post(address + "open", {"why": "A court asks for consent"})
    assert opened.status_code == 200 and "Test Person" in text(opened) and opened["Cache-Control"] == "no-store"
    assert Entry.objects.filter(verb=Verb.IDENTITY_OPEN.value).count() == 1
    assert told_by.code in text(keeper.post("/monitor/vault/", {"words": "PERSON"}))
    assert told_by.code not in text(client(people, "monitor").post("/monitor/vault/", {"words": "Person"}))


def test_taking_back_holds_at_once_and_protection_destroys(people: People, django_capture_on_commit_callbacks: Any) -> None:
    told = claim(people)
    monitor = client(people, "monitor")
    address = f"/monitor/sources/{told.source.code}/"
    given = {"given": "13.05.2026", "language": "sq", "use_internal": "code", "use_public": "role", "own_words": "Explained at the table"}
    assert monitor.post(f"{address}consent?claim={told.code}", given).status_code == 302
    assert "Tabelat" in text(client(people, "analyst").get(f"/monitor/claims/{told.code}/"))
    assert monitor.post(address + "consent", {"given": "13.05.2026", "language": "sq"}).status_code == 422, (
        "nothing allowed is nothing to write"
    )
    asked = text(monitor.get(f"{address}withdraw?claim={told.code}"))
    assert "(optional)" in asked and 'value="public|"' in asked and 'value="court|"' not in asked and "Nothing rests on it yet" in asked
    nothing = monitor.post(f"{address}withdraw?claim={told.code}", {"why": "asked by phone"})
    assert nothing.status_code == 422 and "Tick what is taken back" in text(nothing)
    done = monitor.post(f"{address}withdraw?claim={told.code}", {"parts": "public|"}, follow=True)
    assert "Taken back, and it holds already" in text(done)
    assert "Tabelat" in text(client(people, "analyst").get(f"/monitor/claims/{told.code}/")), "another use was left"
    assert monitor.post(f"{address}withdraw?claim={told.code}", {"everything": "on"}).status_code == 302
    page = text(client(people, "analyst").get(f"/monitor/claims/{told.code}/"))
    assert "Tabelat" not in page and "taken back" in page
    assert monitor.post(f"{address}withdraw?claim={told.code}", {"everything": "on"}).status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        assert client(people, "keeper").post(address + "protect", {"why": "in danger", "destroy": "on"}).status_code == 302
    assert "Nobody can read it any more" in text(monitor.get(f"/monitor/claims/{told.code}/"))


def test_a_source_page_says_the_general_word_and_each_claims_own(people: People) -> None:
    told = claim(people)
    monitor = client(people, "monitor")
    address = f"/monitor/sources/{told.source.code}/"
    said = {"given": "13.05.2026", "language": "sq", "use_internal": "code", "own_words": "Explained at the table"}
    monitor.post(f"{address}consent?claim={told.code}", said)
    page = text(monitor.get(address))
    assert f"Consent of {told.source.code}, in general" in page and "What it allows of each claim" in page
    assert page.count('<td class="good">Yes</td>') == 1, "the claim's own yes stands below, the general word is a no"
    page = text(monitor.get(f"/monitor/claims/{told.code}/"))
    assert f"Consent of {told.source.code} for {told.code}" in page and "Albanian" in page


def test_an_address_that_names_the_speaker_is_for_those_who_keep_the_identity(people: People) -> None:
    address = "https://example.org/names-the-speaker"
    told = claim(people, source(people, public_source=address), quoted_from=address)
    pages = [f"/monitor/sources/{told.source.code}/", f"/monitor/claims/{told.code}/"]
    for who, shown in (("monitor", True), ("keeper", True), ("analyst", False), ("clearer", False)):
        for page in (text(client(people, who).get(one)) for one in pages):
            assert (address in page) is shown, who
    page = text(client(people, "analyst").get(pages[1]))
    assert "its own public address" in page and "Published by the source itself" in page and page.count('<td class="good">Yes</td>') == 4
    monitor = client(people, "monitor")
    assert client(people, "analyst").get(pages[1] + "quote").status_code == 403
    assert monitor.post(pages[1] + "quote", {"quoted_from": "https://example.org/x", "why": "moved"}).status_code == 422
    assert monitor.post(pages[1] + "quote", {"quoted_from": "", "why": "said on the telephone"}).status_code == 302
    assert '<td class="good">Yes</td>' not in text(monitor.get(pages[1]))


def test_an_identity_is_not_replaced_by_chance_and_each_act_is_confirmed(people: People) -> None:
    told_by = source(people)
    monitor, address = client(people, "monitor"), f"/monitor/sources/{told_by.code}/"
    assert "It lies in the vault, sealed" in text(monitor.post(address + "identity", {"name": "One Person"}, follow=True))
    page = text(monitor.get(address))
    assert "Its identity lies in the vault" in page and "Replace the identity in the vault" in page
    again = monitor.post(address + "identity", {"name": "Another Person"})
    assert again.status_code == 422 and "not replaced by chance" in text(again)
    assert vault.search_identity("Another", by=people.hand(people.keeper)) == []
    assert monitor.post(address + "identity", {"name": "Another Person", "replace": "on"}).status_code == 302
    nothing = monitor.post(address + "protect", {}, follow=True)
    assert "nothing to take back" in text(nothing)
    assert monitor.post(address + "protect", {"destroy": "on"}).status_code in (403, 422)


def test_ratings_are_reached_and_on_record_and_a_telling_is_no_finer_than_known(people: People) -> None:
    seen, analyst = observation(people), client(people, "analyst")
    sent = {
        "source": source(people).code, "headline": "Told", "kind": "sign", "place": "Prizren", "language": "sq", "verbatim": "Po.",
        "told": "13.05.2026", "told_precision": "day", "precision": "unknown", "state": "reported", "sensitivity": "1",
    }  # fmt: skip
    monitor = client(people, "monitor")
    assert monitor.post("/monitor/claims/new", sent | {"told_precision": "minute"}).status_code == 422
    assert monitor.post("/monitor/claims/new", sent).status_code == 302
    told = Claim.objects.get()
    for kind, code in (("observations", seen.code), ("claims", told.code)):
        link = f"/analyse/{kind}/{code}/rating/"
        assert link in text(analyst.get(f"/monitor/{kind}/{code}/")) and link not in text(monitor.get(f"/monitor/{kind}/{code}/"))
        given = {"source_grade": "B", "information_grade": "2", "reason": "Seen twice"}
        assert analyst.post(link, given).status_code == 302
        assert "rated" in text(analyst.get(f"/monitor/{kind}/{code}/")).split("On record")[-1]
    page = text(monitor.get(f"/monitor/claims/{told.code}/"))
    assert "told 13 May 2026" in page and "12:00" not in page


def test_an_activity_is_planned_reported_and_covers(people: People) -> None:
    monitor = client(people, "monitor")
    planned = monitor.post("/monitor/activities/new", {
        "kind": "visit", "purpose": "Road signs", "place": "Prizren", "planned_from": "13 May 2026, 13:00", "sensitivity": "1",
    })  # fmt: skip
    assert planned.status_code == 302, text(planned)
    thing = Activity.objects.get()
    report = planned["Location"] + "report"
    silent = monitor.post(report, {"done": "yes", "started": "13.05.2026 13:30", "ended": "13.05.2026 16:40"})
    assert silent.status_code == 422 and "say it also when nobody was hurt" in text(silent)
    backwards = monitor.post(report, {"done": "yes", "started": "13.05.2026 13:30", "ended": "13.05.2026 12:33", "safety": "none"})
    assert backwards.status_code == 422 and "ends before it begins" in text(backwards)
    dotted = monitor.post(report, {"done": "yes", "started": "13.05.2026 12:33", "ended": "13.05.2026 13.08", "safety": "none"})
    assert dotted.status_code == 422 and "Write a time with a colon" in text(dotted)
    assert Coverage.objects.count() == 0
    done = {"done": "yes", "started": "13.05.2026 13:30", "ended": "13.05.2026 16:40", "safety": "none", "base": str(thing.entry)}
    assert monitor.post(report, done).status_code == 302
    assert monitor.post(report, done).status_code == 409
    page = text(monitor.get(planned["Location"]))
    assert "Nobody was hurt and nothing was damaged" in page and "counts as coverage" in page
    assert Coverage.objects.count() == 1


def test_a_delay_is_printed_as_computed_with_what_was_typed(people: People) -> None:
    answer = client(people, "monitor").post("/monitor/restrictions/new", {
        "kind": "delayed", "place": "Prizren", "actor": "two armed men", "began": "13.05.2026 12:11", "ended": "13.05.2026 12:33",
        "typed_minutes": "43", "reason_quoted": "Nuk keni leje.", "reason_language": "sq", "sensitivity": "1",
    })  # fmt: skip
    assert answer.status_code == 302, text(answer)
    page = text(client(people, "analyst").get(answer["Location"]))
    assert "22 minutes" in page and "43 minutes were written; the times give 22" in page and '<p lang="sq">' in page
    assert Restriction.objects.get().minutes() == 22


def test_a_file_is_kept_as_it_came_and_handed_over_as_a_download(people: People) -> None:
    kept = observation(people)
    monitor = client(people, "monitor")
    address = f"/monitor/observations/{kept.code}/attach"
    said = {"caption": "The third sign", "credit": "T-monitor", "licence": "Mission internal"}
    for colour in ("red", "blue"):
        file = io.BytesIO(picture(colour))
        file.name = "sign.jpg"
        assert monitor.post(address, said | {"file": file}).status_code == 302
    assert [one.file_name for one in Attachment.objects.order_by("id")] == ["sign.jpg", "sign.jpg"]
    first = Attachment.objects.order_by("id")[0]
    answer = monitor.get(f"/monitor/files/{first.code}")
    assert b"".join(answer.streaming_content) == picture("red")  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment;") and answer["X-Content-Type-Options"] == "nosniff"
    assert client(people, "stranger").get(f"/monitor/files/{first.code}").status_code == 404
    for name, content, remedy in (
        ("sign.jpg", b"%PDF-1.4", "first bytes say"), ("x.exe", b"MZ\x90\x00", "not taken"),
        ("x.svg", b"<svg onload=alert(1)>", "not taken"),
        ("x.png", picture(form="PNG")[:40], "cannot be read"), ("x.txt", b"", "empty"),
    ):  # fmt: skip
        bad = io.BytesIO(content)
        bad.name = name
        answer = monitor.post(address, said | {"file": bad})
        assert answer.status_code == 422 and remedy in text(answer), name
    assert monitor.post(address, said).status_code == 422
    assert Attachment.objects.count() == 2


def test_an_event_ties_sources_and_unties_them(people: People) -> None:
    kept, told = observation(people, count="36"), claim(people, count="45")
    analyst = client(people, "analyst")
    answer = analyst.post("/monitor/events/new", {
        "title": "One event", "kind": "sign", "place": "Prizren", "precision": "unknown", "codes": f"{kept.code}, {told.code}",
        "reason": "same road", "unit": str(people.units["PZ-T1"].id), "sensitivity": "2",
    })  # fmt: skip
    assert answer.status_code == 302, text(answer)
    page = text(analyst.get(answer["Location"]))
    assert ">36<" in page and ">45<" in page
    assert not {"40", "40.5", "41", "81"} & set(re.findall(r">\s*([\d.]+)\s*<", page)), "figures of two sources are never averaged or added"
    assert kept.code in text(analyst.get(f"/monitor/claims/{told.code}/"))
    link = Event.objects.get().links.get(claim=told)
    address = f"{answer['Location']}unlink/{link.id}"
    assert analyst.post(address, {"why": ""}).status_code == 422
    assert analyst.post(address, {"why": "another road"}).status_code == 302
    assert analyst.post(address, {"why": "again"}).status_code == 409
    assert "another road" in text(analyst.get(answer["Location"]))


def test_a_stale_correction_gets_both_versions(people: People) -> None:
    kept = observation(people)
    first, second = client(people, "monitor"), client(people, "leader")
    base = str(kept.entry)
    stands = {"kind": "sign", "means": "saw", "place": "Prizren", "precision": "minute", "occurred_from": "13 May 2026, 16:20"}
    change = {**stands, "headline": "Four signs", "sensitivity": "1", "count": "4 of 11", "base": base, "why": "counted again"}
    assert first.post(f"/monitor/observations/{kept.code}/correct", change).status_code == 302
    answer = second.post(f"/monitor/observations/{kept.code}/correct", change | {"headline": "Five signs"})
    assert answer.status_code == 409 and "Five signs" in text(answer) and "Four signs" in text(answer)
    kept.refresh_from_db()
    assert kept.headline == "Four signs" and kept.count_low == 4


def test_a_time_stands_alone_where_the_form_knows_the_day(people: People) -> None:
    monitor = client(people, "monitor")
    plan = {"kind": "visit", "purpose": "Road signs", "place": "Prizren", "sensitivity": "1", "planned_until": "15:00"}
    assert monitor.post("/monitor/activities/new", plan | {"planned_from": "12:11"}).status_code == 422, "no day is known yet"
    assert monitor.post("/monitor/activities/new", plan | {"planned_from": "13 May 2026, 13:00"}).status_code == 302
    thing = Activity.objects.get()
    assert thing.planned_until is not None and thing.planned_from is not None
    assert (thing.planned_until - thing.planned_from).seconds == 2 * 3600
    form = text(monitor.get(f"/monitor/activities/{thing.code}/report"))
    assert "(needed when it was done)" in form and "(needed when it was not done)" in form
    done = {"done": "yes", "started": "12:11", "ended": "12:33", "safety": "none", "base": str(thing.entry)}
    assert monitor.post(f"/monitor/activities/{thing.code}/report", done).status_code == 302
    thing.refresh_from_db()
    assert thing.started is not None and thing.ended is not None and (thing.ended - thing.started).seconds == 22 * 60
    seen = {"headline": "One sign", "kind": "sign", "means": "saw", "place": "Prizren", "precision": "minute", "sensitivity": "1"}
    assert monitor.post("/monitor/observations/new", seen | {"occurred_from": "12:20"}).status_code == 422
    assert monitor.post("/monitor/observations/new", seen | {"occurred_from": "12:20", "activity": thing.code}).status_code == 302
    kept = Observation.objects.get().occurred_from
    assert kept is not None and thing.started < kept < thing.ended


def test_nothing_is_entered_for_a_visit_that_was_not_made_without_a_word(people: People) -> None:
    monitor = client(people, "monitor")
    planned = plan_activity(
        kind="visit", purpose="Signs", place=people.places["Prizren"], planned_from=at(9), planned_until=at(11),
        by=people.hand(people.monitor),
    )  # fmt: skip
    seen = {"headline": "One sign", "kind": "sign", "means": "saw", "place": "Prizren", "precision": "unknown", "sensitivity": "1",
            "activity": planned.code}  # fmt: skip
    asked = monitor.post("/monitor/observations/new", seen)
    assert asked.status_code == 422 and "only planned so far" in text(asked) and 'name="took_place"' in text(asked)
    assert monitor.post("/monitor/observations/new", seen | {"took_place": "on"}).status_code == 302
    monitor.post(f"/monitor/activities/{planned.code}/report", {"done": "no", "not_done_reason": "snow", "base": str(planned.entry)})
    never = monitor.post("/monitor/observations/new", seen | {"took_place": "on"})
    assert never.status_code == 422 and "was not done" in text(never)


def test_too_long_comes_back_with_its_length_and_nothing_is_cut(people: People) -> None:
    monitor = client(people, "monitor")
    for page in ("/monitor/observations/new", "/monitor/claims/new", "/monitor/sources/new", "/monitor/activities/new"):
        assert "maxlength" not in text(monitor.get(page)), page
    seen = {"headline": "x" * 201, "kind": "sign", "means": "saw", "place": "Prizren", "precision": "unknown", "sensitivity": "1",
            "text": "y" * 20_001}  # fmt: skip
    answer = monitor.post("/monitor/observations/new", seen)
    page = text(answer).replace(",", "")
    assert answer.status_code == 422 and "it has 201" in page and "it has 20001" in page and not Observation.objects.exists()


def test_only_words_that_fit_are_offered_by_group_and_others_are_understood(people: People) -> None:
    words_of_the_pack = [("target", "house"), ("mechanism", "mro"), ("observation", "sign"), ("event", "shot"), ("event", "burst")]
    keep_many(
        [Term(vocabulary=name, code=code, label=f"a {code}", order=number) for number, (name, code) in enumerate(words_of_the_pack)
         if not Term.objects.filter(vocabulary=name, code=code).exists()], by=command(), verb=Verb.TERM_EDIT,
    )  # fmt: skip
    form = text(client(people, "monitor").get("/monitor/observations/new"))
    assert 'value="mro"' not in form and 'value="house"' not in form
    assert '<optgroup label="What happened">' in form and '<optgroup label="What was perceived">' in form
    assert form.index('value="shot"') < form.index('value="burst"'), "the order is that of the pack"
    seen = {"headline": "A house", "kind": "house", "means": "saw", "place": "Prizren", "precision": "unknown", "sensitivity": "1"}
    assert client(people, "monitor").post("/monitor/observations/new", seen).status_code == 302


def test_who_comes_second_goes_on_to_the_thing_or_to_the_form_with_her_words(people: People) -> None:
    kept = observation(people)
    monitor, address = client(people, "monitor"), f"/monitor/observations/{kept.code}/"
    stands = {"kind": "sign", "means": "saw", "place": "Prizren", "precision": "minute", "occurred_from": "13 May 2026, 16:20"}
    given = {**stands, "headline": "First", "sensitivity": "1", "why": "read again", "base": str(kept.entry)}
    assert monitor.post(address + "correct", given).status_code == 302
    second = monitor.post(address + "correct", given | {"headline": "Second, in my words", "why": "mine"})
    assert second.status_code == 409
    page = text(second)
    assert f'href="{address}"' in page and f'href="{address}correct?draft=changed"' in page
    form = text(monitor.get(f"{address}correct?draft=changed"))
    assert 'value="Second, in my words"' in form and "Put back from your draft" in form
    kept.refresh_from_db()
    assert f'value="{kept.entry}"' in form, "the form carries the version that stands now"


def test_a_tested_claim_stays_before_the_supervisor(people: People) -> None:
    told = claim(people)
    monitor = client(people, "monitor")
    sent = {"outcome": "unable", "note": "Asked twice", "look_again": "20.05.2036"}
    assert monitor.post(f"/monitor/claims/{told.code}/test", sent).status_code == 302
    assert told.code in text(client(people, "leader").get("/monitor/pending/"))
    assert "No claim is overdue" in text(client(people, "leader").get("/monitor/pending/?overdue=1"))
    assert "unable to confirm" in text(monitor.get(f"/monitor/claims/{told.code}/"))


BAD: list[tuple[str, str]] = [
    ("nul", "a\x00b"),
    ("long", "x" * 200_001),
    ("empty", ""),
    ("markup", "<script>alert(1)</script>"),
    ("half", "\ufffd"),
]
FORMS = ("activities/new", "restrictions/new", "coverage/new", "observations/new", "claims/new", "sources/new", "events/new")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("bad", [value for _, value in BAD], ids=[name for name, _ in BAD])
def test_bad_input_in_every_field_of_every_form_is_4xx_and_writes_nothing(people: People, form: str, bad: str) -> None:
    monitor = client(people, "monitor")
    fields = monitor.get(f"/monitor/{form}").context["form"].fields
    before = Entry.objects.count()
    answer = monitor.post(f"/monitor/{form}", dict.fromkeys(fields, bad))
    assert answer.status_code == 422 and "There is a problem" in text(answer) and "<script>alert" not in text(answer)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "moment",
    ["31.02.2010 10:00", "13.08", "12:33", "tomorrow", "13.05.2026 25:00", "2026-13-01 10:00", "1.1.0001 00:00", "31.12.9999 23:59"],
)
def test_no_moment_that_cannot_be_is_kept(people: People, moment: str) -> None:
    answer = client(people, "monitor").post("/monitor/observations/new", OBSERVATION | {"occurred_from": moment})
    assert answer.status_code == 422 and "id_occurred_from" in text(answer) and Observation.objects.count() == 0


def test_codes_that_cannot_be_and_hidden_ones_are_answered_alike(people: People) -> None:
    kept = observation(people)
    stranger = client(people, "stranger")
    hidden, missing = (stranger.get(f"/monitor/observations/{code}/") for code in (kept.code, "PZ-T1-9999"))
    assert hidden.status_code == missing.status_code == 404 and hidden.content == missing.content
    for path in ("observations/%00/", "claims/%ff/", "sources/../", "files/%27"):
        assert client(people, "monitor").get(f"/monitor/{path}").status_code in (400, 404)


def test_the_same_form_sent_twice_makes_one_source(people: People) -> None:
    sent = {"category": "NGO", "sensitivity": "2", "once": str(uuid7())}
    answers = {client(people, "monitor").post("/monitor/sources/new", sent)["Location"] for _ in range(2)}
    assert len(answers) == 1 and Source.objects.count() == 1


def test_a_list_costs_the_same_queries_however_long(people: People, django_assert_max_num_queries: Any) -> None:
    monitor = client(people, "monitor")
    for _ in range(3):
        observation(people)
        claim(people)
    monitor.get("/monitor/")
    with django_assert_max_num_queries(50):
        monitor.get("/monitor/")
    for _ in range(12):
        observation(people)
        claim(people)
    with django_assert_max_num_queries(50):
        monitor.get("/monitor/")
