"""The ledger: horizon and addressee, answers, judgement afterwards, and rates that name what they leave out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from people import LONG_AGO, People
from verify_scene import saw

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused, Stale
from fairwitness.mission.access import visible
from fairwitness.mission.models import Member, Post, Tenure
from fairwitness.mission.tell_time import today
from fairwitness.record.hand import Hand, command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.look_back import history
from fairwitness.record.verbs import Verb
from fairwitness.warn.answer import answer
from fairwitness.warn.issue import issue
from fairwitness.warn.judge import judge
from fairwitness.warn.models import Warning, WarningResponse
from fairwitness.warn.score import due_for_judgement, horizon, score

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(people: People) -> Hand:
    """The hand of an early warning officer at headquarters. Not a person."""
    by = command()
    member = Member(code="T-warning", name="Test Warner", invented=True)
    member.keep(by=by, verb=Verb.MEMBER_ENROL)
    post = Post(code="P-warning", title="Warner", unit=people.units["HQ"], role="warning-officer", invented=True)
    post.keep(by=by, verb=Verb.POST_EDIT)
    Tenure(member=member, post=post, since=LONG_AGO).keep(by=by, verb=Verb.POST_FILL)
    return people.hand(member)


def warn(people: People, by: Hand, days_ago: int = 0, days: int = 14, **more: Any) -> Warning:
    # At noon: an hour before midnight, winter and summer time put one moment on two days.
    noon = datetime.combine(today() - timedelta(days=days_ago), time(12), UTC)
    issued = noon if days_ago else datetime.now(UTC)
    given = {
        "title": "Signs damaged before the session", "text": "Nine in a week.", "place": people.places["Prizren"], "likelihood": "likely",
        "severity": "Quarrel at the session", "horizon_ends": today() - timedelta(days=days_ago - days),
        "addressee": people.counterparts["municipality"], "action_asked": "Meet the residents", "issued": issued, **more,
    }  # fmt: skip
    if "basis" not in given:
        given["basis"] = [saw(people, "2024-05-01T10:00")]
    return issue(by=by, **given)


def faults(wrong: pytest.ExceptionInfo[BadInput]) -> set[str]:
    return {fault.field for fault in wrong.value.faults}


def test_a_horizon_passes_and_the_outcome_is_due(people: People, officer: Hand) -> None:
    """Scenario 28: horizon 14 days and an addressee; when it passes, outcome and response must be written down."""
    made = warn(people, officer, days_ago=4)
    left = horizon(made)
    assert (left.left, left.total, left.due) == (11, 14, False) and made.code == "HQ-W-0001"
    assert horizon(made, made.horizon_ends).left == 1 and not horizon(made, made.horizon_ends).due
    after = horizon(made, made.horizon_ends + timedelta(days=1))
    assert (after.left, after.used, after.due) == (0, 100, True)
    assert due_for_judgement([made]) == [] and due_for_judgement([made], made.horizon_ends + timedelta(days=1)) == [made]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"horizon_ends": None}, "horizon_ends"), ({"horizon_ends": date(2020, 1, 1)}, "horizon_ends"),
        ({"horizon_ends": "31.02.2030"}, "horizon_ends"), ({"addressee": None}, "addressee"), ({"action_asked": " "}, "action_asked"),
        ({"basis": []}, "basis"), ({"likelihood": "70 %"}, "likelihood"), ({"title": ""}, "title"), ({"text": "\x00"}, "text"),
        ({"severity": ""}, "severity"), ({"action_due": date(2020, 1, 1)}, "action_due"), ({"action_due": date(2999, 1, 1)}, "action_due"),
        ({"issued": datetime(2999, 1, 1, tzinfo=UTC)}, "issued"), ({"place": None}, "place"), ({"text": "x" * 10_000_000}, "text"),
    ],
)  # fmt: skip
def test_what_is_no_warning_is_not_issued(people: People, officer: Hand, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as wrong:
        warn(people, officer, **given)
    assert field in faults(wrong) and not Warning.objects.exists()


def test_who_may_warn_and_once(people: People, officer: Hand) -> None:
    with pytest.raises(Refused):
        warn(people, people.hand(people.monitor))
    once = uuid7()
    assert warn(people, officer, thing_id=once).pk == warn(people, officer, thing_id=once).pk == once
    assert Warning.objects.count() == 1
    assert visible(people.hand(people.stranger), Warning.objects.all()).count() == 0
    with pytest.raises(NotThere):
        answer(Warning.objects.get(), kind="acted", responded=today(), text="Met.", by=people.hand(people.stranger))
    with pytest.raises(Refused):
        answer(Warning.objects.get(), kind="acted", responded=today(), text="Met.", by=people.hand(people.analyst))


def test_answers_are_dated_and_in_words(people: People, officer: Hand) -> None:
    made = warn(people, officer, days_ago=10)
    for wrong in (
        {"kind": "promised"}, {"text": " "}, {"responded": today() + timedelta(days=2)}, {"responded": today() - timedelta(days=11)},
        {"responded": None},
    ):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            answer(made, by=officer, **{"kind": "acknowledged", "text": "Received.", "responded": today(), **wrong})  # type: ignore[arg-type]
        assert faults(refused) == set(wrong)
    assert not WarningResponse.objects.exists()
    once = uuid7()
    for _ in range(2):
        answer(made, kind="acknowledged", responded=today(), text="Received.", by=officer, thing_id=once)
    assert made.responses.count() == 1


def test_action_confounds_the_outcome_and_leaves_the_hit_rate(people: People, officer: Hand) -> None:
    """Scenario 29: action was taken and nothing happened: the response confounds the outcome; excluded from the hit rate."""
    made = warn(people, officer, days_ago=30)
    with pytest.raises(BadInput) as wrong:
        judge(made, outcome="acted", outcome_note="Quiet.", base=made.entry, by=officer)
    assert faults(wrong) == {"outcome"}
    answer(made, kind="acted", responded=today() - timedelta(days=25), text="Met the residents.", by=officer)
    after = judge(made, outcome="acted", outcome_note="Quiet; what would have been is unknown.", base=made.entry, by=officer)
    hit = warn(people, officer, days_ago=40)
    judge(hit, outcome="occurred", outcome_note="It did.", base=hit.entry, by=officer)
    missed = warn(people, officer, days_ago=40, days=20)
    judge(missed, outcome="not", outcome_note="It did not.", base=missed.entry, by=officer)
    warn(people, officer)
    found = score(Warning.objects.prefetch_related("responses"))
    assert after.outcome == "acted" and found.hit_rate == "1 of 2" and found.left_out == {"acted": 1, "": 1}
    assert (found.issued, found.unanswered, found.share_unanswered) == (4, 3, "3 of 4")
    assert (found.lead_days, found.days_to_answer, found.answered) == (14, 5, 1)


def test_a_percentage_needs_ten(people: People, officer: Hand) -> None:
    basis = [saw(people, "2024-05-01T10:00")]
    for at in range(10):
        made = warn(people, officer, days_ago=30, basis=basis)
        judge(made, outcome="milder" if at < 7 else "not", outcome_note="Seen.", base=made.entry, by=officer)
        expected = f"{min(at + 1, 7)} of {at + 1}"
        assert score(Warning.objects.all()).hit_rate == (expected if at < 9 else "7 of 10 (70 %)")


def test_judging_early_needs_a_reason_and_twice_needs_the_version(people: People, officer: Hand) -> None:
    made = warn(people, officer)
    with pytest.raises(BadInput) as wrong:
        judge(made, outcome="occurred", outcome_note="It did.", base=made.entry, by=officer)
    assert faults(wrong) == {"early_why"}
    base = made.entry
    judge(made, outcome="occurred", outcome_note="It did.", early_why="It happened today.", base=base, by=officer)
    with pytest.raises(Stale) as stale:
        judge(made, outcome="not", outcome_note="It did not.", early_why="No.", base=base, by=officer)
    assert not isinstance(stale.value, OutOfOrder) and Warning.objects.get(pk=made.pk).outcome == "occurred"
    again = judge(made, outcome="milder", outcome_note="Milder, on a second look.", early_why="Police report.", base=None, by=officer)
    assert again.outcome == "milder" and [line.verb for line in history([made.pk])][:2] == ["warning.judge"] * 2


@pytest.mark.parametrize(
    ("given", "field"),
    [({"outcome": ""}, "outcome"), ({"outcome": "maybe"}, "outcome"), ({"outcome_note": " "}, "outcome_note"),
     ({"judged": date(2999, 1, 1)}, "judged"), ({"judged": date(2001, 1, 1), "early_why": "x"}, "judged")],
)  # fmt: skip
def test_a_bad_judgement_names_its_field(people: People, officer: Hand, given: dict[str, Any], field: str) -> None:
    made = warn(people, officer, days_ago=30)
    with pytest.raises(BadInput) as wrong:
        judge(made, base=made.entry, by=officer, **{"outcome": "not", "outcome_note": "Quiet.", **given})
    assert field in faults(wrong) and Warning.objects.get(pk=made.pk).outcome == ""
