"""The pages of verifying through the staff door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from people import People
from room_pages import client, once_and_base, words
from verify_scene import law, promise, saw, visit

from fairwitness.verify.check import make_check
from fairwitness.verify.models import Check, Obligation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def sent(people: People, promised: Obligation, **more: str) -> dict[str, str]:
    given = {
        "obligation": str(promised.pk), "place": str(people.places["Prizren"].pk), "round": "2024", "checked_on": "3 May 2024",
        "value": "partly",
        "numerator": "7", "denominator": "29", "of_what": "hearings observed", "text": "Late.", "unit": str(people.units["PZ-T1"].pk),
        "sensitivity": "1", "public_source": "https://example.org/r",
    }  # fmt: skip
    return {**given, **more}


def test_the_matrix_tells_blanks_apart(people: People) -> None:
    promised = promise(people, title="The committee is established", aspect="established")
    promise(people, "DUE", title="Minutes are published", due=date(2999, 5, 26))
    for value, day in (("not_met", date(2022, 5, 3)), ("no_data", date(2024, 5, 3))):
        make_check(
            promised, place=people.places["Prizren"], round=str(day.year), checked_on=day, value=value, public_source="https://example.org/r",
            by=people.hand(people.analyst),
        )  # fmt: skip
    visit(people, "2023-03-02")
    make_check(
        promised, place=people.places["Leposavić"], round="2023", checked_on=date(2023, 5, 3), value="met", public_source="https://example.org/r",
        by=people.hand(people.analyst),
    )  # fmt: skip
    door = client(people.analyst)
    page = words(door.get(reverse("web:verify"), {"place": str(people.places["Prizren"].pk)}))
    assert "Not met" in page and "No data" in page and "Not checked 1 day looked at something else" in page
    assert "Due 26.05.2999" in page and "established" in page and "none checked; 1 no data; 1 not visited" in page
    everywhere = words(door.get(reverse("web:verify")))
    assert "1 of 1 met; 1 not checked" in everywhere and "0 of 1 met; 1 not visited" in everywhere
    one = words(door.get(reverse("web:obligation", args=[promised.code])))
    assert "Not Visited" in one or "Not visited" in one
    assert "Law on Local Self-Government" in one and "On record" in one
    theirs = words(client(people.monitor).get(reverse("web:verify"), {"place": str(people.places["Prizren"].pk)}))
    assert "none checked" in theirs and "1 no data" not in theirs


def test_a_check_from_form_to_page_and_corrected(people: People) -> None:
    promised, evidence = promise(people), saw(people, "2024-05-01T10:00", "No minutes on the board")
    door, new = client(people.monitor), reverse("web:check_new")
    form = sent(people, promised, evidence=evidence.code, **once_and_base(door.get(new)))
    first = door.post(new, form)
    assert first.status_code == 302 and door.post(new, form).status_code == 302 and Check.objects.count() == 1
    made = Check.objects.get()
    page = words(door.get(first["Location"]))
    assert "7 of 29 (24 %) hearings observed" in page and "No minutes on the board" in page and "held against on 03.05.2024" in page
    edit = reverse("web:check_edit", args=[made.code])
    typed = {**sent(people, promised, evidence=evidence.code, why="recounted", numerator="8"), **once_and_base(door.get(edit))}
    assert door.post(edit, typed).status_code == 302
    assert "8 of 29 (28 %)" in words(door.get(first["Location"]))
    assert door.post(edit, typed).status_code == 409
    assert Check.objects.get().numerator == 8


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"checked_on": "31.02.2010"}, "no day of the calendar"),
        ({"checked_on": "1 January 2999"}, "lies in the future"),
        ({"denominator": ""}, "give part and whole together"),
        ({"numerator": "30"}, "is larger than the whole"),
        ({"evidence": "XX-1"}, "Nothing you may open has the code XX-1"),
        ({"value": "great"}, "result"),
        ({"round": "\x00"}, "Null characters"),
        ({"place": "nowhere"}, "nowhere"),
        ({"obligation": "1"}, "obligation"),
        ({"numerator": "9" * 400}, "part"),
        ({"text": "x" * 10_000_000}, "what was found"),
    ],
)
def test_a_bad_form_names_its_field_and_keeps_nothing(people: People, typed: dict[str, str], said: str) -> None:
    promised = promise(people)
    answer = client(people.monitor).post(reverse("web:check_new"), sent(people, promised, **typed))
    assert answer.status_code in (400, 422) and not Check.objects.exists()
    if answer.status_code == 422:
        page = words(answer).lower()
        assert "there is a problem" in page and said.lower() in page.replace("_", " ")


def test_an_obligation_is_stated_by_form(people: People) -> None:
    basis, door, new = law(), client(people.analyst), reverse("web:obligation_new")
    form = {
        "code": "L-INT", "title": "Meetings are interpreted", "standard": str(basis.pk), "aspect": "works",
        "text": "Interpretation is provided.",
        "measure": "An interpreter is there.", "valid_from": "1.1.2009", **once_and_base(door.get(new)),
    }  # fmt: skip
    assert door.post(new, {**form, "valid_from": "1.1.1999"}).status_code == 422
    answer = door.post(new, form)
    assert answer.status_code == 302 and "Meetings are interpreted" in words(door.get(answer["Location"]))
    assert door.post(new, {**form, "once": ""}).status_code == 422
    assert client(people.monitor).get(new).status_code == 403


def test_a_hidden_check_is_a_missing_check(people: People) -> None:
    made = make_check(
        promise(people), place=people.places["Prizren"], round="2024", checked_on=date(2024, 5, 3), value="met",
        public_source="https://example.org/r", by=people.hand(people.monitor),
    )  # fmt: skip
    door = client(people.stranger)
    hidden, missing = (door.get(reverse("web:check", args=[code])) for code in (made.code, "PZ-T1-CH-9999"))
    assert hidden.status_code == missing.status_code == 404 and hidden.content == missing.content
