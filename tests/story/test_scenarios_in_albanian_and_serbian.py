"""Situations of the field once more, typed and read in Albanian and in Serbian: the same acts, the same figures, other words.

Everything is typed as people write there: days with the month's own name, places by their name in that language, counts in words, what
somebody said in their own letters. Pages are read in that language; a heading or a refusal still in English fails.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from monitor.scene import words
from people import LONG_AGO, People
from recommend.test_recommend import issued

from fairwitness.mission.handling import Use
from fairwitness.mission.models import Member, Place, PlaceName, Post, Tenure
from fairwitness.monitor import happen
from fairwitness.monitor.consent import allows
from fairwitness.monitor.count import add, count_of, in_words
from fairwitness.monitor.models import Claim, Event, Observation, Restriction, SourceLink
from fairwitness.recommend.models import Rating
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb
from fairwitness.report.draft import start_report
from fairwitness.report.issue import issue, pdf_of
from fairwitness.report.models import Report
from fairwitness.report.review import clear, submit
from fairwitness.report.write import write_paragraph
from fairwitness.web.models import Account


@dataclass(frozen=True)
class Tongue:
    """A language, how its pages are asked for, and what is typed in it."""

    code: str
    page: str
    village: str
    day: str
    counts: tuple[str, str, str, str]
    winds: str
    headline: str
    verbatim: str
    word: str
    reason: str
    arrest: str
    police: str
    wife: str
    done: str
    partly: str
    why: str
    no_day: str
    who: str

    def says(self, english: str) -> str:
        """A sentence of the program in this language; it has to be another than the English one."""
        with translation.override(self.page):
            said = translation.gettext(english)
        assert said != english, f"not translated: {english}"
        return said


ALBANIAN = Tongue(
    code="sq", page="sq", village="Pllanjanë", day="13 maj 2026", counts=("rreth 45", "36", "mbi 60", "gjashtë deri në shtatë"),
    winds="juglindje, jug dhe perëndim-jugperëndim", headline="Tri tabela dygjuhëshe të lyera",
    verbatim="Tabelat janë ndërruar në prill, çdo njëra.", word="ndërruar", reason="Nuk keni leje për këtë rrugë.",
    arrest="Një grua thotë se burri i saj u arrestua në mëngjes", police="Policia as nuk e konfirmoi, as nuk e mohoi.",
    wife="E morën pa asnjë fletë.", done="Të gjitha rregulloret janë botuar.", partly="14 nga 22 rregullore të para në internet",
    why="E njëjta natë, e njëjta kishë", no_day="31 shkurt 2026", who="polic komunal",
)  # fmt: skip
SERBIAN = Tongue(
    code="sr-Cyrl", page="sr", village="Плањане", day="13. мај 2026.", counts=("око 45", "36", "преко 60", "шест до седам"),
    winds="југоисток, југ и запад-југозапад", headline="Три двојезичне табле префарбане",
    verbatim="Табле су замењене у априлу, свака од њих.", word="замењене", reason="Немате дозволу за овај пут.",
    arrest="Жена каже да јој је муж ухапшен јутрос", police="Полиција није ни потврдила ни порекла.",
    wife="Одвели су га без иједног папира.", done="Сви прописи су објављени.", partly="14 од 22 прописа виђено на интернету",
    why="Иста ноћ, иста црква", no_day="31. фебруар 2026.", who="комунални полицајац",
)  # fmt: skip
both = pytest.mark.parametrize("tongue", [ALBANIAN, SERBIAN], ids=["albanian", "serbian"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(people: People, settings: Any) -> Any:
    """`staff("monitor", tongue)`: signed in, reading in that language."""
    settings.SECOND_FACTOR = "offered"  # the second factor has its own tests
    cache.clear()
    words()

    def get(who: str, tongue: Tongue) -> Client:
        member = getattr(people, who)
        made = Client()
        made.force_login(Account.objects.filter(member=member).first() or Account.objects.create_account(member.code, None, member.id))
        assert made.get("/me/", {"lang": tongue.page})["Content-Language"] == tongue.page
        return made

    return get


def text(answer: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def sent(browser: Client, address: str, **fields: Any) -> str:
    """Send a form that has to be taken; where it leads."""
    answer = browser.post(address, fields)
    assert answer.status_code == 302, text(answer)[:3000]
    return str(answer["Location"])


def seen(browser: Client, tongue: Tongue, **changes: Any) -> Observation:
    """An observation through the form, as typed there."""
    given = {
        "headline": tongue.headline, "kind": "sign", "means": "saw", "place": tongue.village, "precision": "minute", "sensitivity": "1",
        "occurred_from": f"{tongue.day} 14:20", "text": tongue.verbatim,
    }  # fmt: skip
    there = sent(browser, "/monitor/observations/new", **(given | changes))
    return Observation.objects.get(code=there.strip("/").split("/")[-1])


def told(browser: Client, tongue: Tongue, **changes: Any) -> Claim:
    """A claim of a new source through the form, words in their own letters."""
    source = sent(browser, "/monitor/sources/new", category=tongue.who, languages=tongue.code, sensitivity="2")
    given = {
        "source": source.strip("/").split("/")[-1], "headline": tongue.headline, "kind": "arrest", "place": tongue.village,
        "verbatim": tongue.verbatim, "language": tongue.code, "told": f"{tongue.day} 16:05", "precision": "unknown", "state": "reported",
        "sensitivity": "2", "use_internal": "code", "own_words": tongue.why,
    }  # fmt: skip
    there = sent(browser, "/monitor/claims/new", **(given | changes))
    return Claim.objects.get(code=there.strip("/").split("/")[-1])


@both
def test_scenario_3_counts_in_words_keep_about_and_over(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 3."""
    monitor = staff("monitor", tongue)
    form = text(monitor.get("/monitor/observations/new"))
    assert tongue.says("Write down what we perceived") in form and tongue.says("Submit the observation") in form
    made = [seen(monitor, tongue, count=typed, kind="explosion") for typed in tongue.counts]
    assert tuple(one.count_text for one in made) == tongue.counts
    assert in_words(add(count for one in made if (count := count_of(one)))) == "about 148 or more"
    page = text(monitor.get(f"/monitor/observations/{made[3].code}/"))
    assert tongue.counts[3] in page and tongue.headline in page
    refused = monitor.post("/monitor/observations/new", {"headline": tongue.headline, "count": tongue.why})
    assert refused.status_code == 422 and tongue.says("This field is required.") in text(refused)
    assert "is no number" not in text(refused), "the refusal speaks the reader's language"


@both
def test_a_day_that_is_none_is_refused_in_the_language_it_was_typed_in(people: People, staff: Any, tongue: Tongue) -> None:
    answer = staff("monitor", tongue).post("/monitor/observations/new", {"headline": tongue.headline, "occurred_from": tongue.no_day})
    assert answer.status_code == 422 and tongue.no_day.split()[0] in text(answer)
    tongue.says("“{typed}” is no day of the calendar: {month} has {days} days.")
    assert "is no day" not in text(answer)


@both
def test_scenario_5_directions_in_words_are_sectors(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 5."""
    monitor = staff("monitor", tongue)
    kept = seen(monitor, tongue, range="2-6 km", bearings=tongue.winds)
    assert (kept.range_low_m, kept.range_high_m, kept.bearings) == (2000, 6000, ["SE", "S", "WSW"])
    page = monitor.get(f"/monitor/observations/{kept.code}/").content.decode()
    assert f'lang="{"sr-Cyrl" if tongue.page == "sr" else "sq"}"' in page and page.count("<path") >= 3


@both
def test_scenario_6_a_delay_is_computed_and_the_reason_stays_in_their_words(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 6."""
    monitor = staff("monitor", tongue)
    there = sent(
        monitor, "/monitor/restrictions/new", kind="delayed", place=tongue.village, actor=tongue.who, reason_quoted=tongue.reason,
        reason_language=tongue.code, began=f"{tongue.day} 12:11", ended=f"{tongue.day} 12:33", typed_minutes="43", members="5",
        vehicles="2", sensitivity="1",
    )  # fmt: skip
    kept = Restriction.objects.get()
    assert kept.minutes() == 22 and kept.reason_quoted == tongue.reason
    page = text(monitor.get(there))
    assert "22" in page and "43" in page and tongue.reason in page and "computed" not in page.lower()


@both
def test_scenarios_10_and_13_an_unconfirmed_arrest_stays_before_the_team_leader(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenarios 10 and 13."""
    monitor, leader = staff("monitor", tongue), staff("leader", tongue)
    kept = told(monitor, tongue, headline=tongue.arrest, verbatim=tongue.wife, state="alleged")
    page = monitor.get(f"/monitor/claims/{kept.code}/").content.decode()
    assert tongue.wife in page and tongue.arrest in page and "Reported to us" not in page
    sent(monitor, f"/monitor/claims/{kept.code}/test", outcome="unable", note=tongue.police, look_again="31.12.2026")
    kept.refresh_from_db()
    assert kept.state == Claim.UNABLE and kept.pending_until == date(2026, 12, 31)
    waiting = text(leader.get("/monitor/pending/"))
    assert kept.code in waiting and tongue.arrest in waiting
    answer = leader.post(f"/monitor/claims/{kept.code}/aside", {"why": ""})
    assert answer.status_code == 422 and tongue.says("This field is required.") in text(answer)
    sent(leader, f"/monitor/claims/{kept.code}/aside", why=tongue.why)
    assert kept.code not in text(leader.get("/monitor/pending/")) and Claim.objects.filter(pk=kept.pk).exists()


@both
def test_scenarios_11_and_17_two_counts_of_one_event_stand_and_a_tie_is_undone(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenarios 11 and 17."""
    monitor = staff("monitor", tongue)
    ours, theirs = seen(monitor, tongue, count="36", kind="theft"), told(monitor, tongue, count="45", kind="theft")
    third = told(monitor, tongue, kind="theft")
    there = sent(
        monitor, "/monitor/events/new", title=tongue.why, kind="theft", place=tongue.village, precision="day", sensitivity="1",
        occurred_from=f"{tongue.day} 02:00", codes=f"{ours.code}, {theirs.code}, {third.code}", reason=tongue.why,
    )  # fmt: skip
    event = Event.objects.get()
    shown = happen.figures(event, people.hand(people.monitor))
    assert [in_words(figure.count) for figure in shown if figure.count] == ["36", "45"]
    page = text(monitor.get(there))
    assert tongue.why in page and all(code in page for code in (ours.code, theirs.code, third.code))
    link = SourceLink.objects.get(event=event, claim=third)
    sent(monitor, f"{there}unlink/{link.id}", why=tongue.why)
    link.refresh_from_db()
    assert link.undone and SourceLink.objects.filter(event=event, undone=False).count() == 2


@both
def test_scenario_12_source_and_information_are_rated_apart(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 12."""
    kept, analyst = told(staff("monitor", tongue), tongue, sensitivity="1"), staff("analyst", tongue)
    sent(analyst, f"/analyse/claims/{kept.code}/rating/", source_grade="B", information_grade="5", reason=tongue.why)
    assert kept.code in text(analyst.get("/monitor/?a=B")) and kept.code in text(analyst.get("/monitor/?n=5"))
    assert kept.code not in text(analyst.get("/monitor/?a=A")) and kept.code not in text(analyst.get("/monitor/?n=1"))
    page = text(analyst.get(f"/monitor/claims/{kept.code}/"))
    assert tongue.says("usually reliable") in page and tongue.says("improbable") in page and "usually reliable" not in page


@both
def test_scenario_14_what_was_said_for_the_mission_alone_stays_there(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 14."""
    monitor = staff("monitor", tongue)
    kept = told(monitor, tongue)
    assert allows(kept, Use.INTERNAL).yes and not any(allows(kept, use).yes for use in (Use.PARTNERS, Use.COURT, Use.PUBLIC))
    page = monitor.get(f"/monitor/claims/{kept.code}/").content.decode()
    no, yes = tongue.says("No"), tongue.says("Yes")
    assert page.count(f'<td class="late">{no}</td>') == 3 and page.count(f'<td class="good">{yes}</td>') == 1
    nothing = monitor.post(f"/monitor/sources/{kept.source.code}/consent", {"given": tongue.day, "language": tongue.code, "own_words": "–"})
    assert nothing.status_code == 422 and "names no use" not in text(nothing)


@both
def test_scenario_24_both_sides_stand_in_their_own_words(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 24."""
    made = issued(people, date(2026, 1, 10))
    drafter, analyst = staff("drafter", tongue), staff("analyst", tongue)
    sent(drafter, f"/recommend/{made.code}/reply/", received="1.2.2026", text=tongue.done, says="implemented")
    sent(analyst, f"/recommend/{made.code}/rate/", assessor="mission", status="partly", rated="9.2.2026", evidence=tongue.partly)
    assert set(Rating.objects.values_list("assessor", "status")) == {("authority", "implemented"), ("mission", "partly")}
    page = text(analyst.get(f"/recommend/{made.code}/"))
    assert tongue.done in page and tongue.partly in page
    assert tongue.says("partly implemented") in page and tongue.says("implemented") in page and "partly implemented" not in page


@both
@pytest.mark.parametrize("typed", ["Leposaviq", "Leposavić", "leposavic", "Лепосавић", "ЛЕПОСАВИЋ"])
def test_scenario_33_one_place_by_every_name(people: People, staff: Any, tongue: Tongue, typed: str) -> None:
    """Scenario 33."""
    page = staff("monitor", tongue).get(f"/find/?q={quote(typed)}").content.decode()
    assert all(name in page for name in ("Leposavić", "Leposaviq", "Лепосавић"))
    assert "1 place and" not in page, "the headline speaks the reader's language"


@both
def test_scenario_34_a_letter_that_only_looks_right_finds_the_town(people: People, staff: Any, tongue: Tongue) -> None:
    """Scenario 34."""
    town = Place(code="2", authority="ask", kind="municipality", parent=people.places["Kosovo"], source="test")
    town.keep(by=command(), verb=Verb.PLACE_EDIT)
    names = [("Gjakovë", "sq", "Latn"), ("Đakovica", "sr-Latn", "Latn"), ("Ђаковица", "sr-Cyrl", "Cyrl")]
    rows = [PlaceName(place=town, text=one, language=lang, script=s, form="main", authority="test", given=one) for one, lang, s in names]
    keep_many(rows, by=command(), verb=Verb.PLACE_EDIT)
    monitor = staff("monitor", tongue)
    kept = [seen(monitor, tongue, place=typed) for typed in ("Ðakovica", "Ђаковица", "Gjakovë")]
    assert {one.place_id for one in kept} == {town.pk}
    assert all(one.code in text(monitor.get("/monitor/", {"place": "Ðakovica"})) for one in kept)


@both
def test_words_are_found_as_typed_in_either_script_and_sealed_ones_by_whole_words(people: People, staff: Any, tongue: Tongue) -> None:
    monitor, stranger = staff("monitor", tongue), staff("stranger", tongue)
    kept, said = seen(monitor, tongue), told(monitor, tongue)
    plain = {"sq": ("tabela", "lyera", "nderruar"), "sr": ("table", "префарбане", "zamenjene")}[tongue.page]
    for word in (plain[0], plain[1], plain[1].upper()):
        assert kept.code in text(monitor.get("/monitor/", {"q": word})), word
    for word in (tongue.word, plain[2]):
        page = text(monitor.get("/monitor/", {"q": word}))
        assert said.code in page and kept.code in page, word
    assert said.code not in text(stranger.get("/monitor/", {"q": tongue.word}))


@both
def test_the_paper_prints_every_letter(people: People, staff: Any, tongue: Tongue) -> None:
    """Headings, quotations and sources of a report in this language come out of the PDF as they went in."""
    head = Member(code="T-head", name="Test Head", languages=[tongue.code], invented=True)
    head.keep(by=command(), verb=Verb.MEMBER_ENROL)
    post = Post(code="P-head", title="Head of Mission", unit=people.units["HQ"], role="head", invented=True)
    post.keep(by=command(), verb=Verb.POST_EDIT)
    Tenure(member=head, post=post, since=LONG_AGO).keep(by=command(), verb=Verb.POST_FILL)
    said = told(staff("monitor", tongue), tongue, sensitivity="1")
    rating = {"source_grade": "B", "information_grade": "3", "reason": tongue.why}
    sent(staff("analyst", tongue), f"/analyse/claims/{said.code}/rating/", **rating)
    report = start_report(
        kind="thematic", title=tongue.headline, unit=people.units["HQ"], sensitivity=1, by=people.hand(people.drafter),
        method=tongue.police, proof="grounds",
    )  # fmt: skip
    write_paragraph(report, 1, tongue.arrest, f"{{1:Says}}: “{tongue.verbatim}”{{1}}", [(1, "", said.code)], by=people.hand(people.drafter))
    submit(report, by=people.hand(people.drafter))
    clear(report, by=people.hand(people.clearer))
    issue(report, by=people.hand(head))
    document = pypdfium2.PdfDocument(io.BytesIO(pdf_of(Report.objects.get(pk=report.pk), by=people.hand(people.drafter))))
    printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    for phrase in (tongue.headline, tongue.arrest, tongue.verbatim, tongue.police):
        assert phrase in printed, printed[:1500]
