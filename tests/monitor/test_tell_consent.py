"""Nobody is read a text that nobody answers for, and what was read stays what was read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from monitor.scene import claim, source
from people import People

from fairwitness.errors import BadInput, OutOfOrder, Refused
from fairwitness.mission.handling import Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor.consent import Scope, allows, give
from fairwitness.monitor.models import Consent, ConsentText
from fairwitness.monitor.tell_consent import LANGUAGES, PARTS, missing, release_text, standing, write_text
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

WORDS = {part: f"Fjalë për pëlqimin: {part}" for part in PARTS}


def text(people: People, language: str = "sq", released: bool = True) -> ConsentText:
    made = write_text(language, WORDS, by=people.hand(people.leader))
    return release_text(made, checked="Read aloud with two speakers", by=people.hand(people.clearer)) if released else made


def browser(member: Any) -> Client:
    client = Client()
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(member.code, "a long enough one", member.id)
    client.force_login(account)
    return client


@pytest.fixture(autouse=True)
def offered(settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"


@pytest.mark.parametrize("part", PARTS)
def test_no_part_is_left_out(people: People, part: str) -> None:
    with pytest.raises(BadInput) as refused:
        write_text("sq", WORDS | {part: "  "}, by=people.hand(people.leader))
    assert [fault.field for fault in refused.value.faults] == [part] and not ConsentText.objects.exists()


def test_who_wrote_it_does_not_release_it_and_no_machine_does(people: People) -> None:
    made = write_text("sq", WORDS, by=people.hand(people.leader))
    made.author = people.clearer
    made.keep(by=people.hand(people.clearer), verb=Verb.CONSENT_TEXT_WRITE)
    for by in (people.hand(people.clearer), command(), people.hand(people.monitor)):
        with pytest.raises(Refused):
            release_text(made, checked="Read aloud", by=by)
    made.refresh_from_db()
    assert made.released is None and standing() == []


def test_a_release_is_by_name_with_how_it_was_checked_once_and_on_record(people: People) -> None:
    made = text(people, released=False)
    with pytest.raises(BadInput):
        release_text(made, checked=" ", by=people.hand(people.clearer))
    release_text(made, checked="Read aloud with two speakers", by=people.hand(people.clearer))
    entry = Entry.objects.get(verb=Verb.CONSENT_TEXT_RELEASE.value)
    assert str(entry.member) == str(people.clearer.id) and str(entry.subject) == str(made.id)
    with pytest.raises(OutOfOrder):
        release_text(made, checked="Again", by=people.hand(people.clearer))
    assert missing(standing()) == [one for one in LANGUAGES if one != "sq"]


def test_consent_points_at_the_words_that_were_read_and_goes_on_pointing_there(people: People) -> None:
    first, by = text(people), people.hand(people.monitor)
    told = claim(people, source(people))
    line, *_ = give(told.source, [Scope(Use.INTERNAL)], given=today(), language="sq", text=first, by=by)
    second = text(people)
    assert (first.version, second.version) == (1, 2) and standing() == [second]
    line.refresh_from_db()
    assert line.text_id == first.id and line.language == "sq" and allows(told, Use.INTERNAL).yes
    with pytest.raises(BadInput) as refused:
        give(told.source, [Scope(Use.PUBLIC)], given=today(), language="sq", text=first, by=by)
    assert [fault.field for fault in refused.value.faults] == ["text"] and "own words" in str(refused.value)


def test_what_was_not_released_that_day_or_speaks_another_language_is_refused(people: People) -> None:
    told, by = source(people), people.hand(people.monitor)
    waiting, ready = text(people, "tr", released=False), text(people, "sr-Latn")
    for wrong, language, day in (
        (waiting, "tr", today()), (ready, "sq", today()), (ready, "sr", today() - timedelta(days=1)), ("sr-Latn 1", "sr", today()),
    ):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            give(told, [Scope(Use.INTERNAL)], given=day, language=language, text=wrong, by=by)  # type: ignore[arg-type]
        assert [fault.field for fault in refused.value.faults] == ["text"]
    assert not Consent.objects.exists()
    give(told, [Scope(Use.INTERNAL)], given=today(), language="sr-Cyrl", text=ready, by=by)
    assert Consent.objects.get().text_id == ready.id, "speech has no script"


def test_own_words_are_on_record_where_there_is_no_text(people: People) -> None:
    told, by = source(people), people.hand(people.monitor)
    give(told, [Scope(Use.INTERNAL)], given=date(2026, 5, 13), language="rom", own_words="No text in Romani; told by the mediator", by=by)
    assert Consent.objects.get().own_words.startswith("No text in Romani") and Consent.objects.get().text_id is None
    page = browser(people.monitor).get(f"/monitor/sources/{told.code}/").content.decode()
    assert "Told in own words: No text in Romani; told by the mediator" in page


def test_the_form_offers_what_is_released_and_names_what_is_missing_and_whom_to_ask(people: People) -> None:
    ready, waiting, told = text(people), text(people, "tr", released=False), source(people)
    monitor, address = browser(people.monitor), f"/monitor/sources/{told.code}/consent"
    page = monitor.get(address).content.decode()
    assert f'value="{ready.id}"' in page and f'value="{waiting.id}"' not in page
    assert "No released text yet in: English, Serbian (Latin), Serbian (Cyrillic), Turkish, Bosnian, Romani" in page and "Clearer" in page
    given = {"given": f"{today():%d.%m.%Y}", "language": "sq", "use_internal": "code"}
    silent = monitor.post(address, given)
    assert silent.status_code == 422 and "Say how they were told" in silent.content.decode() and not Consent.objects.exists()
    assert monitor.post(address, given | {"text": str(waiting.id)}).status_code == 422
    assert monitor.post(address, given | {"text": str(ready.id)}).status_code == 302
    assert Consent.objects.get().text_id == ready.id
    assert "Read out: Albanian, version 1, released on" in monitor.get(f"/monitor/sources/{told.code}/").content.decode()


def test_written_on_one_page_and_released_on_another_by_somebody_else(people: People) -> None:
    leader, clearer = browser(people.leader), browser(people.clearer)
    made = leader.post("/monitor/consent-texts/new", {"language": "sr-Cyrl", **dict.fromkeys(PARTS, "Ово можете повући.")})
    assert made.status_code == 302
    page = leader.get(made["Location"]).content.decode()
    assert 'lang="sr-Cyrl">Ово можете повући.' in page and "Not released" in page and "Release it in your name" not in page
    assert leader.post(made["Location"] + "release", {"checked": "Myself"}).status_code == 403
    assert "Release it in your name" in clearer.get(made["Location"]).content.decode()
    assert clearer.post(made["Location"] + "release", {"checked": ""}).status_code == 422
    assert clearer.post(made["Location"] + "release", {"checked": "Read aloud"}).status_code == 302
    assert "In force" in clearer.get(made["Location"]).content.decode()
    assert "1 of 7 languages have a released text" in clearer.get("/monitor/consent-texts/").content.decode()
