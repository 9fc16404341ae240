"""Assist: a training answers a shortcoming, is counted by sex, evaluated or not with a reason, and its effect is seen later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from people import People

from fairwitness.analyse.models import Finding, FindingEvidence
from fairwitness.assist.deliver import deliver
from fairwitness.assist.evaluate import effect, evaluate
from fairwitness.assist.models import Evaluation, Training
from fairwitness.assist.plan import plan_training
from fairwitness.assist.sum_up import share, sum_up
from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused
from fairwitness.mission.models import Standard
from fairwitness.mission.tell_time import today
from fairwitness.record.hand import command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check, Obligation

pytestmark = pytest.mark.django_db
BY = command()


def obligation() -> Obligation:
    found = Obligation.objects.filter(code="PO-DEADLINE").first()
    if found is None:
        law = Standard(code="FL", title="Law on protection from domestic violence", source="test")
        law.keep(by=BY, verb=Verb.MANDATE_EDIT)
        title = "Hearings on protection orders within the deadline"
        found = Obligation(code="PO-DEADLINE", title=title, standard=law, text="…", measure="…")
        found.keep(by=BY, verb=Verb.OBLIGATION_STATE)
    return found


def check(people: People, day: date, part: int, whole: int) -> Check:
    made = Check(
        code=f"C-{day}", obligation=obligation(), place=people.places["Prizren"], round=str(day.year), checked_on=day, value="partly",
        numerator=part, denominator=whole, of_what="hearings observed", unit=people.units["HQ"], sensitivity=1,
    )  # fmt: skip
    made.keep(by=BY, verb=Verb.CHECK_MAKE)
    return made


def finding(people: People, evidence: Check | None = None) -> Finding:
    made = Finding(
        code=f"F-{Finding.objects.count() + 1}", title="Deadlines are breached", text="…", place=people.places["Prizren"], proof="balance",
        proof_rule="1", concluded=date(2023, 12, 1), unit=people.units["HQ"], sensitivity=1,
    )  # fmt: skip
    made.keep(by=BY, verb=Verb.FINDING_CONCLUDE)
    if evidence is not None:
        FindingEvidence(finding=made, check_made=evidence).keep(by=BY, verb=Verb.FINDING_CONCLUDE)
    return made


def planned(people: People, **more: Any) -> Training:
    given = {
        "title": "Deadlines in cases of domestic violence", "institution": people.counterparts["municipality"],
        "place": people.places["Prizren"], "begins": date(2024, 2, 5), "ends": date(2024, 2, 7), "by": BY,
        "unit": people.units["HQ"],
    }  # fmt: skip
    if "finding" not in more and "recommendation" not in more:
        given["finding"] = finding(people)
    return plan_training(**(given | more))


def test_from_shortcoming_to_effect(people: People) -> None:
    """Scenario 26: breaches found in 2023, judges trained by sex with levels 1 and 2, the round of 2024 as level 4."""
    by = BY
    before = check(people, date(2023, 10, 1), 22, 29)
    made = planned(people, finding=finding(people, before))
    made = deliver(made, women=8, men=4, not_stated=0, by=by)
    evaluate(made, level=1, evaluated=date(2024, 2, 7), method="Form", result="11 of 12 liked it", respondents=11, by=by)
    learned = {"method": "Test before and after", "result": "Median 54, then 71 of 100", "respondents": 12}
    evaluate(made, level=2, evaluated=date(2024, 2, 7), by=by, **learned)
    after = check(people, date(2024, 10, 1), 27, 30)
    evaluate(made, level=4, evaluated=date(2024, 11, 1), method="Next round", result="27 of 30 in time", check_made=after, by=by)
    found = effect(made, by=people.hand(people.analyst))
    assert (found.training.women, found.training.men, found.training.attended()) == (8, 4, 12)
    assert [one.code for one in found.before] == [before.code] and [one.code for one in found.after] == [after.code]
    assert set(found.levels) == {1, 2, 4} and found.levels[4].check_made == after
    assert found.compared.startswith("22 of 29") and "27 of 30" in found.compared and "cause is not shown" in found.compared
    assert effect(made, by=people.hand(people.stranger)).before == []


def test_results_are_seen_later(people: People) -> None:
    by = BY
    made = deliver(planned(people), women=3, men=0, not_stated=1, by=by)
    early = check(people, date(2024, 2, 6), 1, 2)
    for level in (3, 4):
        for given in ({}, {"check_made": early}):
            with pytest.raises(BadInput) as refused:
                evaluate(made, level=level, evaluated=date(2024, 3, 1), method="x", result="y", by=by, **given)
            assert refused.value.faults[0].field == "check_made"
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation(training=made, level=3, evaluated=today(), method="x", result="y").keep(by=by, verb=Verb.TRAINING_EVALUATE)
    assert not made.evaluations.exists()


def test_what_was_not_evaluated_is_listed_with_its_reason(people: People) -> None:
    """Scenario 27: of twelve activities two lack an evaluation; both are listed, one with its reason, and rates carry their n."""
    by = BY
    reason = finding(people)
    for number in range(12):
        made = deliver(planned(people, finding=reason, title=f"Training {number}"), women=5, men=5, not_stated=0, by=by)
        if number < 10:
            evaluate(made, level=1, evaluated=date(2024, 2, 7), method="Form", result="Liked", respondents=9, by=by)
        elif number == 10:
            evaluate(made, level=0, evaluated=date(2024, 2, 7), reason="The trainer fell ill", by=by)
    planned(people, finding=reason, title="Not held yet")
    year = sum_up(2024, by=people.hand(people.analyst))
    assert (year.held, year.planned, year.evaluated) == (12, 1, 10)
    assert [(one.title, why) for one, why in year.missing] == [("Training 10", "The trainer fell ill"), ("Training 11", "")]
    assert year.rate == "10 of 12 (83 %)" and year.response == "90 of 100 (90 %)"
    assert (year.women, year.men, year.not_stated) == (60, 60, 0)
    assert sum_up(2023, by=people.hand(people.analyst)).rate == "none"


def test_no_percentage_of_a_few() -> None:
    assert share(3, 9) == "3 of 9" and share(9, 10) == "9 of 10 (90 %)" and share(0, 0) == "none"


def test_it_answers_a_shortcoming(people: People) -> None:
    with pytest.raises(BadInput) as refused:
        planned(people, finding=None)
    assert refused.value.faults[0].field == "finding"
    with pytest.raises(BadInput) as refused:
        planned(people, begins=date(2024, 2, 7), ends=date(2024, 2, 5))
    assert refused.value.faults[0].field == "ends"
    assert not Training.objects.exists()
    key = uuid7()
    assert planned(people, thing_id=key).code == planned(people, thing_id=key).code == "TR-2024-0001"


@pytest.mark.parametrize(
    "counts",
    [
        {"women": None, "men": 3, "not_stated": 0}, {"women": -1, "men": 3, "not_stated": 0}, {"women": 0, "men": 0, "not_stated": 0},
        {"women": "many", "men": 3, "not_stated": 0}, {"women": 100_001, "men": 3, "not_stated": 0}, {},
    ],
)  # fmt: skip
def test_bad_counts_are_refused(people: People, counts: dict[str, Any]) -> None:
    made = planned(people)
    with pytest.raises(BadInput):
        deliver(made, **counts, by=BY)
    assert not Training.objects.get(pk=made.pk).delivered


def test_counts_agree_with_answers(people: People) -> None:
    by = BY
    made = planned(people)
    with pytest.raises(OutOfOrder):
        evaluate(made, level=1, evaluated=date(2024, 2, 8), method="x", result="y", by=by)
    made = deliver(made, women=5, men=5, not_stated=0, by=by)
    with pytest.raises(BadInput, match="more than the 10"):
        evaluate(made, level=1, evaluated=date(2024, 2, 8), method="x", result="y", respondents=11, by=by)
    evaluate(made, level=1, evaluated=date(2024, 2, 8), method="x", result="y", respondents=10, by=by)
    with pytest.raises(BadInput, match="10 answered"):
        deliver(made, women=4, men=5, not_stated=0, why="Counted again", by=by)
    with pytest.raises(BadInput) as refused:
        deliver(made, women=6, men=5, not_stated=0, by=by)
    assert refused.value.faults[0].field == "why"


def test_books_have_no_participants(people: People) -> None:
    made = deliver(planned(people, kind="project", title="Books for the library"), by=BY)
    assert made.delivered and made.attended() is None and made.code.startswith("PR-")


def test_what_lies_ahead_was_not_delivered(people: People) -> None:
    made = planned(people, begins=today(), ends=today() + timedelta(2))
    with pytest.raises(BadInput, match="lasts until"):
        deliver(made, women=1, men=1, not_stated=0, by=BY)


def test_strangers_do_not_touch_it(people: People) -> None:
    made = planned(people, sensitivity=2)
    with pytest.raises((NotThere, Refused)):
        deliver(made, women=1, men=1, not_stated=0, by=people.hand(people.stranger))
