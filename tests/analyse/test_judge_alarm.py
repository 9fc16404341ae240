"""What came of an alarm: kept with the figures as they stood, one for a cluster, corrected with a reason, and counted with its n."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from people import People
from room_pages import client, once_and_base, words
from test_watch_weeks import LAST, a_year
from verify_scene import saw, visit

from fairwitness import __version__
from fairwitness.analyse.conclude import conclude
from fairwitness.analyse.judge_alarm import Asked, Realised, ask_alarm, judge_alarm, realised
from fairwitness.analyse.models import AlarmOutcome
from fairwitness.errors import BadInput, NotThere, Refused, Stale
from fairwitness.record.look_back import history
from fairwitness.warn.issue import issue
from fairwitness.warn.models import Warning
from fairwitness.web.analyse_outcome import said_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def asked(people: People, day: date = LAST, who: Any = None, **more: Any) -> Asked:
    """The alarm of Prizren in the week of a day."""
    return ask_alarm(people.places["Prizren"], day, what="observations", by=people.hand(who or people.analyst), **more)


def address(people: People, day: date = LAST) -> str:
    """Its page."""
    return reverse("web:alarm_outcome", args=[people.places["Prizren"].pk, f"{day:%Y-%m-%d}"])


def a_warning(people: People) -> Warning:
    """A warning the analyst may see, issued by the warning officer's right of the node itself."""
    from fairwitness.record.hand import command

    place = people.places["Prizren"]
    basis = conclude(
        title="Signs are overpainted", text="One.", place=place, proof="grounds", evidence=[saw(people, "2026-05-12T18:00")],
        by=people.hand(people.analyst),
    )  # fmt: skip
    return issue(
        title="More signs may go", text="It grows.", place=place, likelihood="likely", severity="Signs", horizon_ends=date(2030, 1, 1),
        addressee=people.counterparts["municipality"], action_asked="Look after them", basis=[basis], by=command(),
        unit=people.units["HQ"],
    )  # fmt: skip


def test_an_outcome_stands_with_the_figures_the_method_and_the_moment(people: People) -> None:
    a_year(people)
    before = datetime.now(UTC)
    made = judge_alarm(asked(people), outcome="nothing", words="A school trip.", by=people.hand(people.analyst))
    kept = AlarmOutcome.objects.get(pk=made.pk)
    assert (kept.week, kept.what, kept.kind, kept.outcome, kept.observed) == (LAST, "observations", "", "nothing", 6)
    assert 0 < kept.expected < 1 and 0 < kept.p < kept.budget and str(kept.budget) == "0.2500"
    assert before <= kept.read_at <= datetime.now(UTC) and kept.code_version == __version__ and kept.method == "ours"
    assert kept.parameters["last_week"] == "2026-05-11" and kept.parameters["rule"] == "C-1 v1" and kept.judged_by == people.analyst


def test_the_same_form_sent_twice_makes_one_and_a_second_writer_is_stale(people: People) -> None:
    a_year(people)
    first, key, hand = asked(people), uuid4(), people.hand(people.analyst)
    given = {"outcome": "nothing", "words": "A school trip.", "by": hand}
    assert judge_alarm(first, thing_id=key, **given) == judge_alarm(asked(people), thing_id=key, **given)
    with pytest.raises(Stale):
        judge_alarm(first, outcome="fault", words="Typed twice.", by=people.hand(people.analyst))
    with pytest.raises(Stale):
        judge_alarm(asked(people), outcome="fault", words="Typed twice.", by=people.hand(people.analyst))
    assert AlarmOutcome.objects.get().outcome == "nothing"


def test_a_correction_has_its_reason_and_the_earlier_words_and_figures_stay(people: People) -> None:
    a_year(people)
    hand = people.hand(people.analyst)
    made = judge_alarm(asked(people), outcome="nothing", words="A school trip.", by=hand)
    saw(people, "2026-05-12T19:00")
    again = asked(people)
    assert again.point.observed == 7
    with pytest.raises(BadInput, match="say why this is corrected"):
        judge_alarm(again, outcome="fault", words="Typed twice.", base=made.entry, by=hand)
    after = judge_alarm(again, outcome="fault", words="Typed twice.", base=made.entry, why="The log of the phone", by=hand)
    assert after.pk == made.pk and (after.outcome, after.observed) == ("fault", 6)
    told = history([made.pk])
    assert [line.row["words"] for line in told if line.row] == ["Typed twice.", "A school trip."] and told[0].why == "The log of the phone"
    assert "alarm.judge" in {line.verb for line in told}
    with pytest.raises(Stale):
        judge_alarm(asked(people), outcome="open", base=made.entry, why="late", by=hand)


def test_an_alarm_that_goes_on_is_one_alarm(people: People) -> None:
    a_year(people)
    monday = LAST + timedelta(weeks=1)
    visit(people, f"{monday:%Y-%m-%d}")
    for number in range(5):
        saw(people, f"{monday:%Y-%m-%d}T1{number}:00")
    hand = people.hand(people.analyst)
    made = judge_alarm(asked(people, monday + timedelta(days=3)), outcome="open", by=hand)
    assert made.week == LAST and made.observed == 6, "it was raised in the week before"
    assert asked(people, LAST).outcome == made == asked(people, monday).outcome
    page = client(people.analyst).get(reverse("web:week"), {"week": f"{monday:%d.%m.%Y}"})
    assert "goes on from an earlier week" in words(page) and "not yet known" in words(page)


def test_where_there_is_no_alarm_nothing_can_be_judged(people: People) -> None:
    a_year(people, burst=1)
    with pytest.raises(NotThere):
        asked(people)
    assert client(people.analyst).get(address(people)).status_code == 404
    for other in ("soon", "2026-02-31", "20260511x"):
        assert client(people.analyst).get(address(people).replace("2026-05-11", other)).status_code == 404
    for query in ("?what=rumours", "?kind=" + "x" * 50):
        assert client(people.analyst).get(address(people) + query).status_code == 404
    assert client(people.analyst).get(address(people) + "?kind=%00").status_code == 400


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "bad"}, "outcome"), ({"words": ""}, "words"), ({"words": "x" * 20_001}, "words"), ({"words": "a\x00b"}, "words"),
        ({"outcome": "warning"}, "warning"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_nothing_is_written(people: People, given: dict[str, Any], field: str) -> None:
    a_year(people)
    with pytest.raises(BadInput) as wrong:
        judge_alarm(asked(people), by=people.hand(people.analyst), **{"outcome": "nothing", "words": "A trip.", **given})
    assert [fault.field for fault in wrong.value.faults] == [field] and not AlarmOutcome.objects.exists()


def test_a_warning_goes_with_its_own_outcome_and_is_named_to_who_may_see_it(people: People) -> None:
    a_year(people)
    warning, hand = a_warning(people), people.hand(people.analyst)
    with pytest.raises(BadInput, match="another one"):
        judge_alarm(asked(people), outcome="nothing", words="A trip.", warning=warning, by=hand)
    with pytest.raises(BadInput, match="is no warning"):
        judge_alarm(asked(people), outcome="warning", words="Issued.", warning=saw(people, "2024-01-01T10:00"), by=hand)
    door = client(people.analyst)
    form = {"outcome": "warning", "words": "Issued.", "warning": warning.code, **once_and_base(door.get(address(people)))}
    assert door.post(address(people), {**form, "warning": "PZ-W-9999"}).status_code == 422
    assert door.post(address(people), form).status_code == 302
    page = door.get(reverse("web:week"))
    assert f"a warning was issued ( {warning.code} )" in words(page)
    assert reverse("web:warning", args=[warning.code]) in page.content.decode()


def test_the_four_people(people: People) -> None:
    a_year(people)
    door = client(people.analyst)
    assert "What came of it" in words(door.get(reverse("web:week")))
    for other in (people.monitor, people.clearer, people.stranger):
        assert client(other).get(address(people)).status_code == 403 == client(other).post(address(people), {}).status_code
        with pytest.raises((Refused, NotThere)):
            judge_alarm(asked(people), outcome="nothing", words="A trip.", by=people.hand(other))
    assert "What came of it" not in words(client(people.monitor).get(reverse("web:week")))
    form = {"outcome": "explained", "words": "A market day.", **once_and_base(door.get(address(people)))}
    assert door.post(address(people), {**form, "words": ""}).status_code == 422
    assert door.post(address(people), form).status_code == 302 and door.post(address(people), form).status_code == 302
    assert AlarmOutcome.objects.count() == 1
    assert "A market day." in words(client(people.clearer).get(reverse("web:week")))
    for other in (people.monitor, people.stranger):
        assert "A market day." not in words(client(other).get(reverse("web:week"))), "it counts what they may not see"


def test_the_page_corrects_and_shows_what_was_said_before(people: People) -> None:
    a_year(people)
    judge_alarm(asked(people), outcome="nothing", words="A school trip.", by=people.hand(people.analyst))
    door = client(people.analyst)
    shown = door.get(address(people))
    assert "The figures as they stood" in words(shown) and "6" in words(shown)
    form = {"outcome": "explained", "words": "A market day.", **once_and_base(shown)}
    assert door.post(address(people), form).status_code == 422
    assert door.post(address(people), {**form, "why": "The mayor said so"}).status_code == 302
    after = words(door.get(address(people)))
    assert "Earlier words Nothing behind it" in after or "Earlier words nothing behind it" in after
    assert "A school trip." in after and "corrected: The mayor said so" in after
    late = door.post(address(people), {**form, "why": "late"})
    assert late.status_code == 409 and AlarmOutcome.objects.get().words == "A market day."


def copies(one: AlarmOutcome, outcomes: list[str], people: People) -> None:
    """As many more, one for each week before."""
    from fairwitness.record.hand import command
    from fairwitness.record.keep import keep_many
    from fairwitness.record.verbs import Verb

    names = [field.attname for field in AlarmOutcome._meta.concrete_fields if field.attname not in ("id", "entry", "access")]
    held = {name: getattr(one, name) for name in names}
    made = [AlarmOutcome(**{**held, "week": one.week - timedelta(weeks=4 * n), "outcome": which}) for n, which in enumerate(outcomes, 1)]
    keep_many(made, by=command(), verb=Verb.ALARM_JUDGE)


def test_the_realised_precision_stands_with_its_n_and_never_as_a_share_of_fewer_than_ten(people: People) -> None:
    a_year(people)
    hand = people.hand(people.analyst)
    assert realised(hand, "observations", LAST) == Realised(0, 0, 0)
    assert "1 is not judged yet" in words(client(people.analyst).get(reverse("web:week")))
    made = judge_alarm(asked(people), outcome="explained", words="A market day.", by=hand)
    copies(made, [*["explained"] * 3, "nothing", "fault", "fault", "nothing", "nothing", "open"], people)
    assert realised(people.hand(people.analyst), "observations", LAST) == Realised(9, 4, 1)
    page = words(client(people.analyst).get(reverse("web:week")))
    assert "Of the 9 alarms judged in the year up to this week 4 led to a warning or were explained by something real; " \
        "too few to give a share." in page  # fmt: skip
    assert "%" not in said_of(Realised(9, 4, 1)) and "is not judged yet" not in page
    assert said_of(Realised(10, 4, 0)).endswith("something real: 40 %.")
    assert said_of(Realised(0, 0, 2)) == "No alarm of the year up to this week has been judged."
    assert realised(people.hand(people.stranger), "observations", LAST) == Realised(0, 0, 0)
    assert realised(hand, "claims", LAST) == Realised(0, 0, 0) == realised(hand, "observations", LAST, kind="damage")


def test_what_is_older_than_a_year_counts_no_more(people: People) -> None:
    a_year(people)
    made = judge_alarm(asked(people), outcome="explained", words="A market day.", by=people.hand(people.analyst))
    copies(made, ["nothing"] * 14, people)
    assert realised(people.hand(people.analyst), "observations", LAST) == Realised(13, 1, 0), "the weeks 4, 8 … 48 before"
    assert realised(people.hand(people.analyst), "observations", LAST - timedelta(weeks=4)) == Realised(13, 0, 0)
