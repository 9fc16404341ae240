"""Obligations and checks: the text in force on the day, part and whole together, evidence one may read, corrections at a version."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from people import People
from verify_scene import law, promise, saw

from fairwitness.errors import BadInput, NotThere, Refused, Stale
from fairwitness.mission.access import visible
from fairwitness.mission.tell_time import today
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.look_back import history
from fairwitness.verify.check import correct_check, make_check
from fairwitness.verify.find_evidence import find_evidence
from fairwitness.verify.models import Check, Obligation, share

pytestmark = pytest.mark.django_db


def check(people: People, obligation: Obligation, **more: Any) -> Check:
    given = {
        "place": people.places["Prizren"],
        "round": "2024",
        "checked_on": date(2024, 5, 3),
        "value": "met",
        "public_source": "https://example.org/r",
    }
    return make_check(obligation, by=people.hand(more.pop("who", people.monitor)), **{**given, **more})


def faults(wrong: pytest.ExceptionInfo[BadInput]) -> set[str]:
    return {fault.field for fault in wrong.value.faults}


def test_established_and_works_are_two_obligations_with_the_law_of_the_day(people: People) -> None:
    """Scenario 20: the committee exists but never met; the law in force at that date is cited."""
    old = law("lsg-2008", date(2008, 6, 15), date(2015, 12, 31), amended_by=["lsg-2016"], text="A committee shall be established.")
    law(
        "lsg-2016",
        date(2016, 1, 1),
        text="A committee shall be established and meet each month.",
        title="Law on Local Self-Government as amended",
    )
    paper = promise(people, "COM-EST", old, aspect="established", title="A communities committee is established")
    works = promise(people, "COM-MEET", old, established_by=paper)
    exists = check(people, paper, checked_on=date(2014, 3, 1), round="2014", value="met")
    meets = check(people, works, checked_on=date(2014, 3, 1), round="2014", value="not_met", text="No minutes exist.")
    assert (exists.value, meets.value) == ("met", "not_met")
    assert "Law on Local Self-Government, Article 53 (in force from 15.06.2008 to 31.12.2015" in meets.standard_text
    later = check(people, works, checked_on=date(2024, 3, 1), value="met")
    assert "as amended" in later.standard_text and "meet each month" in later.standard_text
    assert "as amended" not in Check.objects.get(pk=meets.pk).standard_text


def test_nobody_is_held_to_a_text_that_was_not_in_force(people: People) -> None:
    obligation = promise(people, "X", law("late", date(2020, 1, 1)))
    with pytest.raises(BadInput) as wrong:
        check(people, obligation, checked_on=date(2014, 3, 1))
    assert faults(wrong) == {"checked_on"} and "in force from 01.01.2020" in str(wrong.value)
    assert not Check.objects.exists()


def test_an_obligation_needs_a_basis_in_force_on_its_first_day(people: People) -> None:
    with pytest.raises(BadInput) as wrong:
        promise(people, "X", law("ended", date(2000, 1, 1), date(2005, 1, 1)), valid_from=date(2010, 1, 1))
    assert faults(wrong) == {"valid_from"}
    assert promise(people, "Y", law("ended-2", date(2000, 1, 1), date(2005, 1, 1))).code == "Y"


def test_the_denominator_goes_with_the_figure(people: People) -> None:
    """Scenario 21: 29 hearings of which 24 % breached the deadline; n, numerator and definition go along."""
    made = check(people, promise(people), value="partly", numerator=7, denominator=29, of_what="protection order hearings observed")
    assert (made.share(), made.of_what) == ("7 of 29 (24 %)", "protection order hearings observed")
    assert share(3, 4) == "3 of 4" and share(9, 9) == "9 of 9" and share(1, 10) == "1 of 10 (10 %)"
    assert share(None, None) == share(0, 0) == ""


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"numerator": 7}, "denominator"),
        ({"denominator": 7}, "numerator"),
        ({"numerator": 8, "denominator": 7, "of_what": "hearings"}, "numerator"),
        ({"numerator": 0, "denominator": 0, "of_what": "hearings"}, "denominator"),
        ({"numerator": 7, "denominator": 29}, "of_what"),
        ({"numerator": -1, "denominator": 29, "of_what": "hearings"}, "numerator"),
        ({"numerator": 7, "denominator": 29, "of_what": "hearings", "value": "no_data"}, "value"),
        ({"value": "excellent"}, "value"),
        ({"round": "  "}, "round"),
        ({"round": "x" * 41}, "round"),
        ({"public_source": ""}, "evidence"),
        ({"public_source": "", "value": "no_data"}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": "x" * 10_000_000}, "text"),
        ({"checked_on": None}, "checked_on"),
        ({"checked_on": "31.02.2010"}, "checked_on"),
        ({"checked_on": date(2999, 1, 1)}, "checked_on"),
        ({"place": None}, "place"),
        ({"sensitivity": 9}, "sensitivity"),
        ({"code": "a/b"}, "code"),
    ],
)
def test_bad_input_names_its_field_and_leaves_nothing(people: People, given: dict[str, Any], field: str) -> None:
    obligation = promise(people)
    with pytest.raises(BadInput) as wrong:
        check(people, obligation, **given)
    assert field in faults(wrong)
    assert not Check.objects.exists()


def test_bad_obligations_name_their_fields(people: People) -> None:
    for field, given in (
        ("code", {"code": "a b"}), ("title", {"title": " "}), ("text", {"text": ""}), ("measure", {"measure": ""}),
        ("aspect", {"aspect": "magic"}), ("valid_to", {"valid_from": date(2024, 1, 2), "valid_to": date(2024, 1, 1)}),
    ):  # fmt: skip
        with pytest.raises(BadInput) as wrong:
            promise(people, **given)
        assert field in faults(wrong), field
    promise(people, "TWICE")
    with pytest.raises(BadInput) as wrong:
        promise(people, "TWICE", law("other"))
    assert faults(wrong) == {"code"}


def test_the_future_and_the_days_outside_the_obligation_are_refused(people: People) -> None:
    obligation = promise(people, valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31))
    for day in (today() + timedelta(days=2), date(2023, 12, 31), date(2025, 1, 1)):
        with pytest.raises(BadInput) as wrong:
            check(people, obligation, checked_on=day)
        assert "checked_on" in faults(wrong)


def test_the_same_form_twice_makes_one_check(people: People) -> None:
    once, obligation = uuid7(), promise(people)
    first = check(people, obligation, thing_id=once)
    again = check(people, obligation, thing_id=once, value="not_met")
    assert (again.pk, again.value) == (first.pk, "met") and Check.objects.count() == 1
    with pytest.raises(NotThere):
        check(people, obligation, thing_id=once, who=people.stranger)


def test_one_rests_only_on_what_one_may_read(people: People) -> None:
    mine = saw(people, "2024-05-01T10:00")
    theirs = saw(people, "2024-05-01T10:00", place="Leposavić", who=people.stranger)
    made = check(people, promise(people), evidence=[mine], public_source="")
    assert [line.observation for line in made.evidence.all()] == [mine]
    with pytest.raises(NotThere):
        check(people, made.obligation, evidence=[theirs])
    hand = people.hand(people.monitor)
    assert find_evidence(f" {mine.code}; {mine.code}", "evidence", by=hand) == [mine]
    with pytest.raises(BadInput) as hidden:
        find_evidence(theirs.code, "evidence", by=hand)
    with pytest.raises(BadInput) as missing:
        find_evidence("XX-9999", "evidence", by=hand)
    assert str(hidden.value).replace(theirs.code, "") == str(missing.value).replace("XX-9999", "")


def test_a_check_is_corrected_at_the_version_its_writer_saw(people: People) -> None:
    first, second = saw(people, "2024-05-01T10:00"), saw(people, "2024-05-02T10:00")
    made = check(people, promise(people), evidence=[first], public_source="")
    hand, base = people.hand(people.monitor), made.entry
    after = correct_check(
        made, base=base, by=hand, why="two minutes found", value="partly", explanation="The party says: next month.", evidence=[second]
    )
    assert (after.value, after.explanation) == ("partly", "The party says: next month.")
    assert [(line.observation, line.undone) for line in made.evidence.order_by("id")] == [(first, True), (second, False)]
    assert [line.why for line in history([made.pk])] == ["two minutes found", ""]
    with pytest.raises(Stale):
        correct_check(made, base=base, by=hand, why="late", value="met")
    assert Check.objects.get(pk=made.pk).value == "partly"
    for wrong in ({"why": ""}, {"why": "x", "round": "2025"}, {"why": "x", "evidence": []}, {"why": "x", "numerator": 3}):
        with pytest.raises(BadInput):
            correct_check(made, base=None, by=hand, **wrong)  # type: ignore[arg-type]


def test_who_has_no_right_makes_no_check_and_sees_none(people: People) -> None:
    made = check(people, promise(people))
    assert visible(people.hand(people.monitor), Check.objects.all()).count() == 1
    assert visible(people.hand(people.stranger), Check.objects.all()).count() == 0
    with pytest.raises(Refused):
        check(people, made.obligation, who=people.clearer)
    with pytest.raises(Refused):
        check(people, made.obligation, unit=people.units["MI-T1"])
    with pytest.raises(NotThere):
        correct_check(made, base=None, by=people.hand(people.stranger), why="x", value="met")
    with pytest.raises(Refused):
        correct_check(made, base=None, by=people.hand(people.monitor), why="x", sensitivity=3)
