"""The pages of reporting through the staff door: a report from its start to its paper, and what each refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fairwitness.report.models import Paragraph, Report
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def client(week: Any, who: str) -> Client:
    member = week.things["head"] if who == "head" else getattr(week.people, who)
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(f"a-{who}", None, member.pk)
    made = Client()
    made.force_login(account)
    return made


def words(response: Any) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def start(week: Any, **typed: str) -> tuple[Client, Any]:
    door = client(week, "drafter")
    form = {
        "kind": "weekly", "title": "Weekly report, Prizren area", "unit": str(week.people.units["PZ-T1"].pk), "sensitivity": "1",
        "period_from": "11 May 2026", "period_until": "17.05.2026", "cut_off": "17 May 2026, 19:30", "audience": "OSCE",
        "once": "01a207eb-bb9b-7f24-b1f5-6138c6aa0acb", **typed,
    }  # fmt: skip
    return door, door.post(reverse("web:report_start"), form)


def test_a_report_from_start_to_paper(week: Any) -> None:
    """Started once though sent twice; taken from an offer; stopped by 43 minutes; changed; cleared by another; issued; downloaded."""
    door, response = start(week)
    assert response.status_code == 302
    start(week)
    report = Report.objects.get()
    home = reverse("web:report_page", args=[report.slug])
    offers = door.get(reverse("web:report_offers", args=[report.slug]))
    assert "Take PZ-0417" in words(offers)
    form = door.get(reverse("web:report_write", args=[report.slug]) + "?offer=coverage")
    assert "{=missed}" in form.content.decode()
    text = "From 12:11 to 12:33 the patrol met a 43-minute delay.{1}"
    sent = door.post(reverse("web:report_write", args=[report.slug]), {"number": "1", "text": text, "citations": "1 PZ-R1"})
    assert sent.status_code == 302
    page = door.get(home)
    assert "Clearance is stopped: one contradiction" in words(page)
    assert "give 22 minutes" in words(page)
    door.post(reverse("web:report_send", args=[report.slug]))
    clearer = client(week, "clearer")
    assert "Opens when the contradiction is settled." in words(clearer.get(home))
    assert clearer.post(reverse("web:report_clear", args=[report.slug])).status_code == 409
    back = clearer.post(reverse("web:report_return", args=[report.slug]), {"note": "22, not 43"})
    assert back.status_code == 302
    base = str(Paragraph.objects.get().entry)
    door.post(
        reverse("web:report_paragraph", args=[report.slug, 1]),
        {"number": "1", "text": text.replace("43", "{1:minutes}"), "citations": "1 PZ-R1", "base": base},
    )
    door.post(reverse("web:report_send", args=[report.slug]))
    assert "22-minute delay" in words(clearer.get(home)).replace("22 -minute", "22-minute")
    assert clearer.post(reverse("web:report_clear", args=[report.slug]), {"note": ""}).status_code == 302
    assert client(week, "head").post(reverse("web:report_issue", args=[report.slug])).status_code == 302
    paper = client(week, "analyst").get(reverse("web:report_pdf", args=[report.slug]))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert "22, not 43" in words(door.get(home))
    assert "PZ-R1" in words(door.get(reverse("web:report_snapshot", args=[report.slug])))
    made = door.post(reverse("web:report_correct", args=[report.slug]), {"why": "The place was wrong."})
    assert made.status_code == 302
    assert Report.objects.filter(corrects=report).count() == 1
    assert "Corrected by" in words(door.get(home))
    assert "TEST/W/1/2026/Corr.1" in words(door.get(reverse("web:report")))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "required"),
        ({"period_from": "31.02.2026"}, "no day of the calendar"),
        ({"cut_off": "12:33"}, "no day and time"),
        ({"period_until": "10 May 2026"}, "is before the first day"),
        ({"symbol": "<script>"}, "is no symbol"),
        ({"kind": "novel"}, "valid choice"),
        ({"title": "x" * 400}, "300"),
    ],
)
def test_a_form_that_cannot_be_taken_says_where(week: Any, typed: dict[str, str], sentence: str) -> None:
    """422, the field, the remedy, nothing kept."""
    _, response = start(week, **typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Report.objects.exists()


def test_a_paragraph_is_refused_with_its_remedy(week: Any) -> None:
    """Citations that are not lines, codes nobody has; what was typed is still there."""
    door, _ = start(week)
    report = Report.objects.get()
    address = reverse("web:report_write", args=[report.slug])
    for citations, sentence in (("PZ-0417", "write it as in: 1 PZ-0417"), ("1 NOPE", "no “NOPE” that you may cite")):
        response = door.post(address, {"number": "1", "text": "Seen.{1}", "citations": citations})
        assert response.status_code == 422
        assert sentence in words(response)
        assert "Seen.{1}" in response.content.decode()
    assert not Paragraph.objects.exists()


def test_words_of_people_are_set_as_words(week: Any) -> None:
    """A title and a text with markup stand as they were typed."""
    door, _ = start(week, title="<b>bold</b>")
    report = Report.objects.get()
    door.post(reverse("web:report_write", args=[report.slug]), {"number": "1", "text": "<script>alert(1)</script> seen.", "citations": ""})
    page = door.get(reverse("web:report_page", args=[report.slug])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>bold</b>" not in page


def test_a_source_the_reader_may_not_open_stands_as_a_number(week: Any) -> None:
    """A restricted observation is cited in a restricted report; a reader with less sees that there is a source, not which."""
    from fairwitness.record.hand import command
    from fairwitness.record.verbs import Verb
    from fairwitness.report.write import write_paragraph

    report = week.report(sensitivity=1)
    write_paragraph(report, 1, "", "The mission {1:saw} it.{1}", [(1, "", "PZ-0417")], by=week.hand("drafter"))
    seen = week.seen
    seen.sensitivity = 3
    seen.keep(by=command(), verb=Verb.OBSERVATION_EDIT)
    page = words(client(week, "drafter").get(reverse("web:report_page", args=[report.slug])))
    assert "A source that is not open to you." in page
    assert "PZ-0417" not in page


def test_the_stranger_finds_nothing(week: Any) -> None:
    """Neither in the list nor at the address; both like a report that does not exist."""
    start(week)
    report = Report.objects.get()
    stranger = client(week, "stranger")
    assert report.symbol not in words(stranger.get(reverse("web:report")))
    answers = [stranger.get(reverse("web:report_page", args=[slug])) for slug in (report.slug, "NO-SUCH-THING")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content
