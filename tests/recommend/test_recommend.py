"""Recommend: the drafting check, lineage on one page, both sides' ratings, age, successors of institutions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from people import People

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused, Stale
from fairwitness.mission.models import Counterpart, Standard
from fairwitness.mission.tell_time import today
from fairwitness.recommend.age import ageing
from fairwitness.recommend.draft import draft_recommendation, edit_recommendation, weaknesses
from fairwitness.recommend.examine import examine_wording
from fairwitness.recommend.follow import newest, not_assessed_since, rate, went_back, write_reply
from fairwitness.recommend.issue import issue_recommendation
from fairwitness.recommend.models import Lineage, Rating, Recommendation, Reply
from fairwitness.recommend.trace import addressee_today, first_asked, lineage, relate
from fairwitness.record.hand import command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.look_back import history
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
OLD = "As published then."


def law() -> Standard:
    found = Standard.objects.filter(code="L02-37").first()
    if found is None:
        found = Standard(code="L02-37", title="Law on the Use of Languages", article="7", source="test")
        found.keep(by=command(), verb=Verb.MANDATE_EDIT)
    return found


def drafted(people: People, **more: Any) -> Recommendation:
    given = {
        "title": "Publish all regulations in every official language", "act": "Publish each regulation in force in four languages",
        "addressee": people.counterparts["municipality"], "due": date(2026, 5, 13), "indicator": "Regulations online in four languages",
        "standard": law(), "by": people.hand(people.drafter), "unit": people.units["HQ"],
    }  # fmt: skip
    return draft_recommendation(**(given | more))


def issued(people: People, day: date | None = None, **more: Any) -> Recommendation:
    extra = {"public_source": "https://example.org/report", "override": OLD} if day else {}
    made = drafted(people, **(extra | more))
    return issue_recommendation(made, by=people.hand(people.clearer), on=day)


@pytest.mark.parametrize(
    ("act", "rules"),
    [
        ("Publish all laws and regulations in every official language", set()),
        ("The municipality should publish all laws and by-laws", set()),
        ("Establish monitoring networks to record and investigate hate crime", set()),
        ("Replace damaged signs and train the staff of the translation unit", {"single"}),
        ("Appoint two translators, and publish the list", {"single"}),
        ("Adopt the plan and report", set()),
        ("Improve the situation", {"act"}),
        ("Authorities should improve the situation", {"act"}),
        ("Strengthen and promote dialogue", {"act", "single"}),
        ("The situation", {"act"}),
        ("", {"act"}),
    ],
)
def test_the_check_examines_verbs(act: str, rules: set[str]) -> None:
    rest = {"addressee": "Municipality of Prizren", "indicator": "22 online", "standard": "Law 02/L-37"}
    found = examine_wording(act=act, due=date(2026, 5, 13), **rest)
    assert {one.rule for one in found} == rules
    assert all(one.sentence and one.remedy for one in found)


def test_a_weak_recommendation_is_named_and_can_be_overridden(people: People) -> None:
    """Scenario 23: no addressee, no action verb, no deadline, not assessable; the author may override with a reason."""
    weak = {"addressee": None, "act": "authorities should improve the situation", "due": None, "indicator": "", "standard": None}
    with pytest.raises(BadInput) as refused:
        drafted(people, **weak)
    said = str(refused.value)
    assert [fault.field for fault in refused.value.faults] == ["override"]
    for words in ("No addressee", "No action verb", "No deadline", "Not assessable", "Names no standard"):
        assert words in said
    assert not Recommendation.objects.exists()
    made = drafted(people, **weak, override="Wording of the annual report; kept as it stands.")
    assert made.override.startswith("Wording")
    assert {one.rule for one in weaknesses(made)} == {"addressee", "act", "due", "indicator", "standard"}
    assert history([made.id])[0].why == made.override


def test_the_same_form_twice_makes_one(people: People) -> None:
    key = uuid7()
    first, second = drafted(people, thing_id=key), drafted(people, thing_id=key)
    assert first.id == second.id and Recommendation.objects.count() == 1
    assert first.code == f"R-{today().year}-0001"
    assert drafted(people).code == f"R-{today().year}-0002"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 201), ("act", "a\x00b"), ("title", 7), ("text", "x" * 10_001), ("sensitivity", 9),
        ("due", "13.05.2026"), ("code", "R 1/2"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field(people: People, field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        drafted(people, **{field: value})
    assert field in {fault.field for fault in refused.value.faults}
    assert not Recommendation.objects.exists()


def test_issued_words_stand_still(people: People) -> None:
    made = issued(people)
    assert made.state == "issued" and made.issued == today()
    with pytest.raises(OutOfOrder):
        edit_recommendation(made, base=made.entry, by=people.hand(people.drafter), act="Do something else")
    told = edit_recommendation(made, base=made.entry, by=people.hand(people.drafter), next_step="Call the mayor’s office")
    assert told.next_step == "Call the mayor’s office"
    with pytest.raises(Stale):
        edit_recommendation(made, base=made.entry, by=people.hand(people.drafter), next_step="Another")
    again = issue_recommendation(made, by=people.hand(people.clearer))
    assert again.entry == told.entry


def test_what_was_issued_earlier_needs_its_address(people: People) -> None:
    with pytest.raises(BadInput, match="public source"):
        issue_recommendation(drafted(people), by=people.hand(people.clearer), on=date(2014, 6, 15))
    with pytest.raises(BadInput, match="future"):
        issue_recommendation(drafted(people), by=people.hand(people.clearer), on=today() + timedelta(1))


def test_strangers_see_nothing(people: People) -> None:
    made = drafted(people, sensitivity=2)
    with pytest.raises((NotThere, Refused)):
        rate(made, assessor="mission", status="started", rated=today(), evidence="seen", by=people.hand(people.stranger))
    assert ageing(by=people.hand(people.stranger)) == []


def test_editions_stand_on_one_page(people: People) -> None:
    """Scenario 22: a recommendation of 2012, re-worded in 2015, split in 2021: texts, ratings, dates, evidence on one page."""
    by = people.hand(people.drafter)
    more = {"sensitivity": 2}
    first = issued(people, date(2012, 7, 1), code="R-2012-001", title="Improve written translation", act="Improve it", due=None, **more)
    second = issued(people, date(2015, 11, 1), code="R-2015-001", title="Translate acts in writing", **more)
    left = issued(people, date(2021, 6, 1), code="R-2021-001a", title="Publish regulations", **more)
    right = issued(people, date(2021, 6, 1), code="R-2021-001b", title="Replace damaged signs", act="Replace damaged signs", **more)
    relate(second, first, "reworded", by=by)
    relate(left, second, "split", by=by)
    relate(right, second, "split", by=by)
    rater = people.hand(people.analyst)
    rate(first, assessor="mission", status="started", rated=date(2013, 1, 1), evidence="5 of 18 seen", by=rater)
    rate(left, assessor="mission", status="partly", rated=date(2023, 6, 1), evidence="9 of 21 seen", by=rater)
    rate(left, assessor="authority", status="implemented", rated=date(2023, 7, 1), evidence="Letter with a list", by=rater)
    for opened in (first, second, left, right):
        editions = lineage(opened, by=people.hand(people.analyst))
        assert [one.recommendation.code for one in editions] == ["R-2021-001b", "R-2021-001a", "R-2015-001", "R-2012-001"]
    by_code = {one.recommendation.code: one for one in editions}
    assert by_code["R-2021-001a"].comes_from == [("split from", "R-2015-001")]
    assert by_code["R-2015-001"].comes_from == [("re-worded", "R-2012-001")]
    assert [(r.assessor, r.status, r.evidence) for r in by_code["R-2021-001a"].ratings] == [
        ("authority", "implemented", "Letter with a list"), ("mission", "partly", "9 of 21 seen"),
    ]  # fmt: skip
    assert by_code["R-2012-001"].recommendation.title == "Improve written translation"
    assert first_asked(left) == date(2012, 7, 1)
    assert lineage(left, by=people.hand(people.stranger)) == []


def test_lineage_has_no_circle(people: People) -> None:
    by = people.hand(people.drafter)
    first, second, third = (issued(people, date(year, 1, 1)) for year in (2012, 2015, 2021))
    relate(second, first, "reworded", by=by)
    relate(third, second, "reissued", by=by)
    for later, earlier in ((first, third), (first, first), (second, first)):
        with pytest.raises(BadInput) as refused:
            relate(later, earlier, "reworded", by=by)
        assert refused.value.faults[0].field == "earlier"
    with pytest.raises(BadInput):
        relate(third, first, "cousin", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lineage(earlier=first, later=first, kind="reworded").keep(by=by, verb=Verb.RECOMMENDATION_RELATE)


def test_both_ratings_stand(people: People) -> None:
    """Scenario 24: the municipality says done, the team says partly; both stand with evidence and date."""
    made = issued(people, date(2026, 1, 10))
    key = uuid7()
    for _ in range(2):
        reply = write_reply(
            made, received=date(2026, 2, 1), text="All is done.", says="implemented", by=people.hand(people.drafter), thing_id=key
        )
    assert Reply.objects.count() == 1 and reply.ratings.count() == 1
    check = {"assessor": "mission", "rated": date(2026, 2, 9), "by": people.hand(people.analyst)}
    rate(made, status="partly", evidence="14 of 22 seen online", **check)
    ratings = list(Rating.objects.all())
    assert newest(ratings, "authority").status == "implemented"  # type: ignore[union-attr]
    assert newest(ratings, "mission").status == "partly"  # type: ignore[union-attr]


def test_nothing_rises_without_new_evidence(people: People) -> None:
    made = issued(people, date(2025, 1, 1))
    more: dict[str, Any] = {"assessor": "mission", "by": people.hand(people.analyst)}
    with pytest.raises(BadInput) as refused:
        rate(made, status="started", rated=date(2025, 3, 1), evidence="  ", **more)
    assert refused.value.faults[0].field == "evidence"
    rate(made, status="started", rated=date(2025, 3, 1), evidence="5 of 18 seen", **more)
    with pytest.raises(BadInput, match="something new"):
        rate(made, status="partly", rated=date(2025, 6, 1), evidence="5 of  18 Seen", **more)
    rate(made, status="partly", rated=date(2025, 6, 1), evidence="9 of 18 seen", **more)
    back = rate(made, status="started", rated=date(2025, 9, 1), evidence="Pages were taken offline", **more)
    assert went_back(list(made.ratings.all()), back)
    rate(made, status="not_assessed", rated=date(2026, 1, 1), evidence="Nobody went there this year", **more)
    assert not_assessed_since(made) == date(2025, 9, 1)
    assert newest(made.ratings.all(), "mission").status == "started"  # type: ignore[union-attr]


def test_days_are_held_against_the_issue(people: People) -> None:
    made = issued(people, date(2025, 1, 1))
    by, writer = people.hand(people.analyst), people.hand(people.drafter)
    for day in (date(2024, 12, 31), today() + timedelta(1)):
        with pytest.raises(BadInput):
            rate(made, assessor="mission", status="started", rated=day, evidence="x", by=by)
        with pytest.raises(BadInput):
            write_reply(made, received=day, text="x", by=writer)
    with pytest.raises(BadInput):
        rate(made, assessor="third", status="started", rated=date(2025, 2, 2), evidence="x", by=by)
    with pytest.raises(OutOfOrder):
        rate(drafted(people), assessor="mission", status="started", rated=today(), evidence="x", by=by)


def test_age_puts_critical_and_late_ones_first(people: People) -> None:
    """Scenario 25: age, days past due, last contact, next step; critical ones first; done and replaced ones leave the list."""
    by = people.hand(people.analyst)
    late = issued(people, date(2025, 1, 1), code="R-A", due=date(2025, 6, 1))
    critical = issued(people, date(2025, 3, 1), code="R-B", due=date(2025, 7, 1), critical=True)
    done = issued(people, date(2025, 1, 1), code="R-C")
    old = issued(people, date(2020, 1, 1), code="R-D")
    new = issued(people, date(2025, 5, 1), code="R-E", due=None)
    relate(new, old, "reissued", by=people.hand(people.drafter))
    rate(done, assessor="authority", status="implemented", rated=date(2025, 2, 2), evidence="They say so", by=by)
    write_reply(late, received=date(2025, 4, 4), text="We are at it.", by=people.hand(people.drafter))
    on = date(2025, 7, 11)
    rows = ageing(by=by, on=on)
    assert [one.recommendation.code for one in rows] == ["R-B", "R-A", "R-E", "R-C"]
    found = {one.recommendation.code: one for one in rows}
    assert (found["R-B"].late, found["R-A"].late, found["R-E"].late) == (10, 40, 0)
    assert found["R-E"].since == date(2020, 1, 1) and found["R-E"].age == (on - date(2020, 1, 1)).days
    assert found["R-A"].last_contact == date(2025, 4, 4)
    assert found["R-B"].next_step == "Ask the addressee for a reply."
    edit_recommendation(critical, base=critical.entry, by=people.hand(people.drafter), next_step="Meet the mayor", late_reason="No budget")
    first = ageing(by=by, on=on)[0]
    assert (first.next_step, first.reason) == ("Meet the mayor", "No budget")
    rate(done, assessor="mission", status="implemented", rated=date(2025, 3, 3), evidence="22 of 22 seen", by=by)
    assert "R-C" not in {one.recommendation.code for one in ageing(by=by, on=on)}


def test_a_dissolved_addressee_points_to_its_successor(people: People) -> None:
    made = issued(people, date(2025, 1, 1))
    heir = Counterpart(code="mun-18b", name="City of Prizren", kind="municipality", level="municipal")
    heir.keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    old = Counterpart.objects.get(code="mun-18")
    old.successor, old.ended = heir, date(2025, 6, 1)
    old.keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    found = addressee_today(Recommendation.objects.select_related("addressee").get(pk=made.pk).addressee)  # type: ignore[arg-type]
    assert found.moved and found.named.name == "Municipality of Prizren" and found.today.name == "City of Prizren"
    with pytest.raises(BadInput, match="City of Prizren"):
        drafted(people, addressee=old)
    heir.successor = old
    heir.keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    assert len(addressee_today(old).chain) == 2
