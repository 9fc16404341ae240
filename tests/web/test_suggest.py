"""Names offered while somebody types: any spelling finds its place, what is offered is read without asking back, nobody learns of what
is not theirs; and in a real browser the line is a combobox that keys alone can use, and a line where no link is."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from monitor.scene import source, visit, words
from people import People
from window import Answer, Window

from fairwitness.errors import BadInput
from fairwitness.mission.find_institutions import read_institution
from fairwitness.mission.models import Counterpart, Place, PlaceName, Term
from fairwitness.mission.read_typed import read_place
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mission(people: People, settings: Any) -> None:
    """Gjakovë with its town of the same name, an institution there, and words with aliases."""
    settings.SECOND_FACTOR = "offered"
    words()
    by, above = command(), people.places["Kosovo"]
    kinds = (("2", "municipality"), ("2t", "town"))
    places = [Place(code=code, authority="ask", kind=kind, parent=above, source="test") for code, kind in kinds]
    keep_many(places, by=by, verb=Verb.PLACE_EDIT)
    named = (("Gjakovë", "sq"), ("Đakovica", "sr-Latn"), ("Ђаковица", "sr-Cyrl"))
    names = [PlaceName(place=place, text=text, language=language, form="main") for place in places for text, language in named]
    keep_many(names, by=by, verb=Verb.PLACE_EDIT)
    office = Counterpart(code="mun-2", name="Municipality of Gjakovë/Đakovica", kind="municipality", place=places[0])
    office.keep(by=by, verb=Verb.COUNTERPART_EDIT)


def client(people: People, who: str) -> Client:
    """Somebody signed in."""
    account = Account.objects.filter(username=who).first() or Account.objects.create_account(who, None, getattr(people, who).id)
    made = Client()
    made.force_login(account)
    return made


def offered(people: People, q: str, who: str = "monitor", **asked: str) -> list[dict[str, str]]:
    """What this person is offered."""
    answer = client(people, who).get(f"/find/suggest?{urlencode({'q': q, 'kind': 'place', **asked})}")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    rows: list[dict[str, str]] = answer.json()["rows"]
    return rows


@pytest.mark.parametrize("typed", ["Gjak", "gjakove", "Đakov", "\u00d0akovica", "djak", "Ђак", "ЂАКОВИЦА"])
def test_any_spelling_finds_the_place_the_municipality_first(people: People, typed: str) -> None:
    rows = offered(people, typed)
    assert [row["label"] for row in rows] == ["Gjakovë/Đakovica"] * 2 and rows[0]["note"].startswith("municipality")
    assert [read_place(row["value"]).code for row in rows] == ["2", "2t"], "what is offered is read without asking back"


def test_a_name_that_is_one_places_alone_is_written_plainly(people: People) -> None:
    assert [row["value"] for row in offered(people, "lepo")] == ["Leposavić/Leposaviq"]
    assert read_place("Leposavić/Leposaviq") == people.places["Leposavić"]


def test_nothing_under_two_letters_nothing_unknown_and_eight_at_most(people: People) -> None:
    assert offered(people, "l") == offered(people, "") == offered(people, " . ") == offered(people, "le", kind="nothing") == []
    many = [Place(code=f"m{n}", authority="test", kind="village", source="test") for n in range(12)]
    keep_many(many, by=command(), verb=Verb.PLACE_EDIT)
    names = [PlaceName(place=one, text=f"Zzvillage {one.code}", language="sq", form="main") for one in many]
    keep_many(names, by=command(), verb=Verb.PLACE_EDIT)
    assert len(offered(people, "zz")) == 8


@pytest.mark.parametrize("typed", ["muni gjak", "Đakovica", "djakov", "municipality", "MUN-2"])
def test_an_institution_is_found_by_words_of_its_name_and_names_of_its_place(people: People, typed: str) -> None:
    rows = offered(people, typed, kind="institution")
    assert "Municipality of Gjakovë/Đakovica" in [row["value"] for row in rows]
    assert read_institution("municipality of gjakove/djakovica").code == "mun-2" == read_institution("MUN-2").code


def test_an_institution_nobody_knows_comes_back_with_the_nearest(people: People) -> None:
    with pytest.raises(BadInput) as refused:
        read_institution("Municipalty of Prizren")
    assert "Municipality of Prizren" in str(refused.value.faults[0].sentence)
    Counterpart(code="mun-18b", name="Municipality of Prizren", kind="partner").keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    with pytest.raises(BadInput) as two:
        read_institution("Municipality of Prizren")
    assert "mun-18b" in str(two.value.faults[0].sentence)
    assert {row["value"] for row in offered(people, "municipality of priz", kind="institution")} == {"mun-18", "mun-18b"}


def test_a_word_is_found_by_label_in_another_language_and_by_alias(people: People) -> None:
    term = Term.objects.get(vocabulary="event", code="theft")
    term.labels = {"sq": "vjedhje"}
    term.keep(by=command(), verb=Verb.TERM_EDIT)
    assert [row["value"] for row in offered(people, "AGL", kind="term", list="event,observation")] == ["explosion"]
    assert [row["value"] for row in offered(people, "vjed", kind="term", list="event")] == ["theft"]
    assert offered(people, "vjed", kind="term", list="observation") == [] == offered(people, "theft", kind="term")


def test_members_are_offered_by_code_and_post_never_by_name(people: People) -> None:
    rows = offered(people, "analyst", kind="member")
    assert rows == [{"value": "T-analyst", "label": "T-analyst", "note": "Analyst"}]
    assert offered(people, "Test", kind="member") == [], "their names begin with it, and are not searched"


def test_what_is_not_theirs_answers_as_if_it_did_not_exist(people: People) -> None:
    made, told_by = visit(people), source(people)
    assert [row["value"] for row in offered(people, made.code, kind="activity")] == [made.code]
    assert [row["value"] for row in offered(people, told_by.code, kind="source")] == [told_by.code]
    for kind, code in (("activity", made.code), ("source", told_by.code)):
        ask = client(people, "stranger")
        hidden = ask.get(f"/find/suggest?kind={kind}&q={code}")
        absent = ask.get(f"/find/suggest?kind={kind}&q={code}8888")
        assert (hidden.status_code, hidden.content, dict(hidden.headers)) == (absent.status_code, absent.content, dict(absent.headers))
    nobody = Client().get("/find/suggest?kind=place&q=prizren")
    assert nobody.status_code == 302 and b"Prizren" not in nobody.content


def test_an_answer_asks_the_database_little(people: People, django_assert_max_num_queries: Any) -> None:
    ask = client(people, "monitor")
    ask.get("/find/suggest?kind=place&q=gjak")
    with django_assert_max_num_queries(22):
        ask.get("/find/suggest?kind=place&q=gjak")


TYPED = {"place": ("djak", "leposaviq", "priz", "Priz"), "institution": ("muni gj",)}


class Asking(Window):
    """A window in which the script is answered what the house answers to these words, and in which is counted how often it asks."""

    wait = 0.0
    cut = False
    answers: dict[tuple[str, str], Answer]
    asked: list[str]

    def _serve(self, route: Any) -> None:
        asked = urlsplit(route.request.url)
        if asked.path != "/find/suggest":
            super()._serve(route)
            return
        said = parse_qs(asked.query)
        self.asked.append(said["q"][0])
        if self.cut:
            route.abort()
            return
        time.sleep(self.wait)
        answer = self.answers[said["kind"][0], said["q"][0]]
        route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)


@pytest.fixture
def form(chromium: Any, people: People) -> Any:
    """The form of an activity in a browser."""
    window, monitor = Asking(chromium), client(people, "monitor")
    begun = {(kind, word[:n].strip()) for kind, typed in TYPED.items() for word in typed for n in range(2, len(word) + 1)}
    window.asked = []
    window.answers = {(kind, q): Answer.of(q, monitor.get(f"/find/suggest?{urlencode({'kind': kind, 'q': q})}")) for kind, q in begun}
    window.show(Answer.of("form", monitor.get("/monitor/activities/new")), "/monitor/activities/new")
    yield window
    window.close()


@pytest.mark.browser
@pytest.mark.slow
def test_keys_alone_choose_and_the_list_says_what_it_is(form: Asking) -> None:
    line = form.page.locator("[name=place]")
    assert line.get_attribute("role") == "combobox" and line.get_attribute("aria-expanded") == "false"
    line.focus()
    form.page.keyboard.type("djak", delay=20)
    form.page.wait_for_selector(".offers:not([hidden]) li")
    assert len(form.asked) == 1, "letters typed in one go are one question"
    assert form.page.inner_text("[name=place] ~ [role=status]") == "2 names offered" and line.get_attribute("aria-expanded") == "true"
    form.page.keyboard.press("ArrowDown")
    here = line.get_attribute("aria-activedescendant")
    assert here and form.page.get_attribute(f"#{here}", "aria-selected") == "true"
    form.page.keyboard.press("Escape")
    assert line.get_attribute("aria-expanded") == "false" and line.input_value() == "djak"
    form.page.keyboard.press("ArrowDown")
    form.page.wait_for_selector(".offers:not([hidden]) li")
    form.page.keyboard.press("ArrowDown")
    form.page.keyboard.press("Enter")
    assert line.input_value() == "Gjakovë/Đakovica (ask:2)"
    assert form.page.url.endswith("/monitor/activities/new"), "Enter chose, it did not send"
    assert not form.faults


@pytest.mark.browser
@pytest.mark.slow
def test_one_question_at_a_time_and_none_without_a_link(form: Asking) -> None:
    form.wait = 0.4
    line = form.page.locator("[name=place]")
    line.focus()
    form.page.keyboard.type("leposaviq", delay=90)
    form.page.wait_for_function("() => document.querySelector('.offers:not([hidden]) li')")
    assert len(form.asked) <= 4 and form.asked[-1] == "leposaviq", form.asked
    form.cut = True
    line.fill("priz")
    form.page.wait_for_function("() => document.querySelector('[name=place] + .offers').hidden")
    assert line.input_value() == "priz" and line.is_editable()
    assert all("ERR_FAILED" in said for said in form.faults)


@pytest.mark.browser
@pytest.mark.slow
def test_a_touch_chooses_and_leaving_the_line_keeps_what_was_typed(form: Asking) -> None:
    line = form.page.locator("[name=institution]")
    line.focus()
    form.page.keyboard.type("muni gj")
    form.page.click(".offers:not([hidden]) li")
    assert line.input_value() == "Municipality of Gjakovë/Đakovica"
    assert form.page.evaluate("document.activeElement.name") == "institution"
    line = form.page.locator("[name=place]")
    line.focus()
    form.page.keyboard.type("Priz")
    form.page.wait_for_selector(".offers:not([hidden]) li")
    form.page.keyboard.press("Tab")
    form.page.wait_for_function("() => !document.querySelector('.offers:not([hidden])')")
    assert line.input_value() == "Priz"


def test_without_a_script_the_lines_are_read_by_the_server(people: People) -> None:
    ask = client(people, "monitor")
    sent = {"kind": "visit", "purpose": "Signs", "place": "Gjakovë/Đakovica (ask:2)", "sensitivity": "1"}
    sent["institution"] = "municipality of gjakovë/đakovica"
    answer = ask.post("/monitor/activities/new", sent)
    assert answer.status_code == 302, answer.content.decode()
    shown = ask.get(answer["Location"]).content.decode()
    assert "Municipality of Gjakovë/Đakovica" in shown
    wrong = ask.post("/monitor/activities/new", {**sent, "institution": "Ministry of Nothing"})
    assert wrong.status_code == 422 and "No institution is known as" in wrong.content.decode()
