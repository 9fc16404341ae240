"""The pages of analysing through the staff door: counts with coverage, the export, figures, ratings, ties, findings."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.urls import reverse
from people import People
from room_pages import client, once_and_base, words
from verify_scene import saw, visit

from fairwitness.analyse.models import Assessment, Finding, PublishedFigure
from fairwitness.analyse.state_figure import state_figure
from fairwitness.monitor.models import Event, SourceLink
from fairwitness.record.models import Entry

pytestmark = pytest.mark.django_db
SPRING = {"what": "observations", "since": "03.2024", "until": "May 2024"}


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def test_zero_and_not_visited_are_two_things_on_the_page(people: People) -> None:
    visit(people, "2024-04-10")
    saw(people, "2024-05-02T10:00")
    door = client(people.analyst)
    page = words(door.get(reverse("web:analyse"), SPRING))
    assert "Observations: 1 in all; 5 cells nobody looked into" in page
    assert "Not visited 0 1 visit, 1 day 1 no visit on record" in page and "C-1 v1: Linked sources count once" in page
    assert "1 cell counts fewer than 5" in page
    drawn = door.get(reverse("web:analyse"), {**SPRING, "place": str(people.places["Prizren"].pk)}).content.decode()
    assert drawn.count("<svg") >= 3 and "hatchline" in drawn
    other = words(client(people.stranger).get(reverse("web:analyse"), SPRING))
    assert "Observations: none counted; 6 cells nobody looked into" in other


def test_the_page_without_a_question_counts_the_last_months(people: People) -> None:
    assert client(people.monitor).get(reverse("web:analyse")).status_code == 200
    assert client(people.custodian).get(reverse("web:analyse")).status_code == 403


def test_months_in_which_nothing_lies_say_where_the_newest_does_to_those_who_may_see_it(people: People) -> None:
    visit(people, "2024-04-10")
    saw(people, "2024-05-02T10:00")
    empty = {"what": "observations", "since": "06.2025", "until": "07.2025"}
    answer = client(people.analyst).get(reverse("web:analyse"), empty)
    assert "The newest lies in May 2024." in words(answer)
    assert "Observations: 1 in all" in words(client(people.analyst).get(reverse("web:analyse") + answer.context["newest_url"]))
    assert "The newest lies" not in words(client(people.stranger).get(reverse("web:analyse"), empty))


@pytest.mark.parametrize(
    "typed",
    [
        {"since": "13.2024"}, {"since": "x"}, {"until": "01.2020"}, {"since": "01.1900"}, {"what": "rumours"}, {"rule": "C-9"},
        {"as_of": "31.02.2010"}, {"place": "x"}, {"kind": "x" * 41}, {"kind": "\x00"},
    ],
)  # fmt: skip
def test_a_bad_question_is_said_and_not_counted(people: People, typed: dict[str, str]) -> None:
    answer = client(people.analyst).get(reverse("web:analyse"), {**SPRING, **typed})
    if typed.get("kind") == "\x00":
        assert answer.status_code == 400
    else:
        assert answer.status_code == 422 and "There is a problem" in words(answer)


def test_the_export_takes_coverage_and_rule_along_and_goes_on_record(people: People) -> None:
    visit(people, "2024-04-10")
    saw(people, "2024-05-02T10:00")
    asked = {**SPRING, "format": "csv"}
    assert client(people.analyst).get(reverse("web:analyse"), asked).status_code == 403
    assert not Entry.objects.filter(verb="release.export").exists()
    answer = client(people.publisher).get(reverse("web:analyse"), asked)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    head, _, table = answer.content.decode("utf-8-sig").partition("municipality,")
    assert "internal" in head and "As of" in head and "visits" in head
    rows = list(csv.DictReader(io.StringIO("municipality," + table)))
    prizren = [row for row in rows if row["municipality"] == "Prizren"]
    assert [(row["window"], row["count"], row["low"], row["state"], row["visits"], row["days_covered"]) for row in prizren] == [
        ("2024-03", "not visited", "", "not_visited", "0", "0"), ("2024-04", "0", "0", "zero", "1", "1"),
        ("2024-05", "1", "1", "counted", "0", "0"),
    ]  # fmt: skip
    assert {row["rule"] for row in rows} == {"C-1 v1"}
    assert Entry.objects.filter(verb="release.export").count() == 1


def test_figures_stand_side_by_side_with_their_breaks(people: People) -> None:
    """Scenarios 11, 17 and 18 on the page: 43 and 87 in 2021, both with their body; the break in 2022 is marked."""
    by = people.hand(people.analyst)
    given: dict[str, Any] = {"method": "As reported to it.", "public_source": "https://example.org/f", "about": "Incidents", "by": by}
    for year, n in ((2021, 43), (2022, 52)):
        state_figure(
            series="Hate incidents", label=str(year), year=year, count_low=n, published_by="A body", is_break=year == 2022,
            break_reason="three classes" if year == 2022 else "", **given,
        )  # fmt: skip
    state_figure(series="Incidents", label="2021", year=2021, count_low=87, published_by="An NGO", **given)
    answer = client(people.analyst).get(reverse("web:figures"))
    page = words(answer)
    assert "Incidents, 2021 43 (A body); 87 (An NGO)" in page and "break: three classes" in page and "65" not in page
    assert 'class="brk"' in answer.content.decode()


def test_a_figure_by_form(people: People) -> None:
    door, new = client(people.analyst), reverse("web:figure_new")
    form = {
        "about": "Victims", "series": "Victims", "published_by": "A mission", "label": "1999", "year": "1999", "count_low": "36",
        "qualifier": "exact", "method": "Seen.", "public_source": "https://example.org/f", "sensitivity": "0", "contributors": "A; B",
        "unit": str(people.units["HQ"].pk), **once_and_base(door.get(new)),
    }  # fmt: skip
    for wrong in ({"year": "1066"}, {"count_low": "x"}, {"count_high": "1"}, {"is_break": "on"}, {"method": ""}, {"series": "x" * 200}):
        assert door.post(new, {**form, **wrong}).status_code == 422
    assert not PublishedFigure.objects.exists()
    assert door.post(new, form).status_code == 302 and door.post(new, form).status_code == 302
    assert PublishedFigure.objects.get().contributors == ["A", "B"]


def test_a_rating_by_form_keeps_letter_and_digit_apart(people: People) -> None:
    thing = saw(people, "2024-05-02T10:00")
    door, rate = client(people.analyst), reverse("web:assess_observation", args=[thing.code])
    form = {"source_grade": "B", "information_grade": "5", "reason": "Implausible.", **once_and_base(door.get(rate))}
    for wrong in ({"source_grade": ""}, {"information_grade": "7"}, {"reason": ""}, {"source_grade": "B5"}):
        assert door.post(rate, {**form, **wrong}).status_code == 422
    assert door.post(rate, form).status_code == 302 and door.post(rate, form).status_code == 302
    assert Assessment.objects.count() == 1
    assert "B 5 usually reliable source, improbable Implausible." in words(door.get(rate))
    assert client(people.stranger).get(rate).status_code == 403
    assert client(people.analyst).get(reverse("web:assess_claim", args=[thing.code])).status_code == 404


def test_a_tie_is_offered_decided_and_undone(people: People) -> None:
    thing, other = saw(people, "2024-05-02T10:00", count="36"), saw(people, "2024-05-02T10:10", "Signs gone", count="45")
    door, page = client(people.analyst), reverse("web:link_observation", args=[thing.code])
    shown = words(door.get(page))
    assert other.code in shown and "the figures differ (36 and 45): both stay" in shown and "L-1 v1" in shown
    for wrong in ({"other": "XX-1", "reason": "same"}, {"other": other.code, "reason": ""}, {"other": thing.code, "reason": "same"}, {}):
        assert door.post(page, wrong).status_code == 422
    assert door.post(page, {"other": other.code, "reason": "One night"}).status_code == 302
    assert Event.objects.count() == 1 and "One night" in words(door.get(page))
    link = SourceLink.objects.get(observation=other)
    undo = {"link": str(link.pk), "base": str(link.entry), "why": "Two nights"}
    assert door.post(page, {**undo, "why": ""}).status_code == 422
    assert door.post(page, undo).status_code == 302 and SourceLink.objects.get(pk=link.pk).undone
    assert other.code in words(door.get(page))


def test_a_finding_from_form_to_page(people: People) -> None:
    seen = saw(people, "2024-05-02T10:00")
    door, new = client(people.analyst), reverse("web:finding_new")
    form = {
        "title": "Signs are painted over", "text": "In three villages.", "place": "Pllanjanë", "proof": "balance",
        "alternatives": "Weather.",
        "unit": str(people.units["HQ"].pk), "sensitivity": "1", "concluded": "3 May 2024", **once_and_base(door.get(new)),
    }  # fmt: skip
    bare = door.post(new, form)
    assert bare.status_code == 422 and "P-1 v1" in words(bare)
    for wrong in ({"evidence": "XX-1"}, {"place": "Atlantis"}, {"proof": "sure"}, {"concluded": "30.02.2024"}, {"title": ""}):
        assert door.post(new, {**form, "evidence": seen.code, **wrong}).status_code == 422
    assert not Finding.objects.exists()
    answer = door.post(new, {**form, "evidence": seen.code})
    assert answer.status_code == 302 and answer["Location"] == door.post(new, {**form, "evidence": seen.code})["Location"]
    page = words(door.get(answer["Location"]))
    assert "balance of probabilities" in page and seen.code in page and "Weather." in page and "P-1 v1" in page
    edit = reverse("web:finding_edit", args=[Finding.objects.get().code])
    change = {**form, "title": "Signs were painted over", "evidence": seen.code, "why": "tense", **once_and_base(door.get(edit))}
    assert door.post(edit, change).status_code == 302 and door.post(edit, change).status_code == 409
    assert "Signs were painted over" in words(door.get(reverse("web:findings")))
    assert "0 findings" in words(client(people.monitor).get(reverse("web:findings")))
