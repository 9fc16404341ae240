"""The ladder of models on a pasted table and the case of Kosovo 1999: documented first, every model that fits, or the reason for none."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from people import People
from room_pages import client, words

from fairwitness.web.analyse_ladder import overlap_of_case, periods_of_case, read_case
from fairwitness.web.commands.demo import tell_case
from fairwitness.web.draw_ladder import Rung, draw_ladder
from fairwitness.web.draw_strata import Period, draw_strata

pytestmark = pytest.mark.django_db
KOSOVO = Path(__file__).resolve().parents[3] / "shared" / "data" / "kosovo_1999"
STATED = {"population": "People reported killed", "period": "March to June 1999", "place": "Kosovo"}


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def table() -> str:
    """The case's own table, as somebody would paste it."""
    facts = read_case("kosovo-1999")
    lines = [";".join([*facts["lists"], "n"])]
    lines += [
        ";".join([*("1" if name in line["named_by"] else "0" for name in facts["lists"]), str(line["count"])]) for line in facts["overlap"]
    ]
    return "\n".join(lines)


def lines_of(name: str) -> list[dict[str, str]]:
    """The lines of one of the published files."""
    with (KOSOVO / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_case_holds_the_published_counts() -> None:
    overlap = overlap_of_case(read_case("kosovo-1999"))
    assert overlap.documented == 4400
    assert overlap.sizes == {"EXH": 1910, "ABA": 1528, "OSCE": 1786, "HRW": 685}


def test_a_pasted_table_becomes_the_ladder(people: People) -> None:
    answer = client(people.analyst).post(reverse("web:estimate"), {"overlap": table(), **STATED})
    page, raw = words(answer), answer.content.decode()
    assert answer.status_code == 200
    assert "At least 4,400 documented" in page and "10,357" in page and "8,994–12,110" in page and "[123,14,34]" in page
    assert "March to June 1999" in page and "It does not show who is on no list" in page
    assert raw.count("<svg") >= 2 and "<table>" in raw
    assert "[1,2,3,4]" not in page, "a model the counts speak against is no rung"


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("a,b,n\n1,0,5\n0,1,6\n1,1,2", "Fewer than three lists"),
        ("a,b,c,n\n1,0,0,5\n0,1,0,6\n0,0,1,2", "do not overlap"),
    ],
)
def test_lists_that_allow_no_estimate_give_the_reason_and_no_number(people: People, pasted: str, said: str) -> None:
    page = words(client(people.analyst).post(reverse("web:estimate"), {"overlap": pasted, **STATED}))
    assert "These lists allow no estimate" in page and said in page and "most likely between" not in page


@pytest.mark.parametrize(
    "pasted", ["", "a,b,c,n\n1,0,0,-5", "a,b,c,n\n1,2,0,5", "no table at all", "a,b,c,n\n1,0,0,1.5", "a,b,c,n\n0,0,0,9"]
)
def test_what_is_no_table_is_refused_at_its_field(people: People, pasted: str) -> None:
    answer = client(people.analyst).post(reverse("web:estimate"), {"overlap": pasted, **STATED})
    assert answer.status_code == 422, words(answer)


def test_a_fault_names_its_line_and_an_expert_may_let_two_lists_stand(people: People) -> None:
    wrong = client(people.analyst).post(reverse("web:estimate"), {"overlap": "a,b,c,n\n1,0,0,5\n0,1,0,-6", **STATED})
    assert "line 3, n:" in words(wrong), words(wrong)
    two = "a,b,n\n1,0,50\n0,1,60\n1,1,20"
    alone = words(client(people.analyst).post(reverse("web:estimate"), {"overlap": two, "independence": "One was made abroad.", **STATED}))
    assert "At least 130 documented" in alone and "These lists allow no estimate" not in alone


def test_nobody_estimates_without_saying_of_whom(people: People) -> None:
    answer = client(people.analyst).post(reverse("web:estimate"), {"overlap": table()})
    assert answer.status_code == 422 and {"population", "period", "place"} <= set(answer.context["form"].errors)


def test_only_a_demonstration_shows_the_case(people: People, settings: Any) -> None:
    address = reverse("web:public_case", args=["kosovo-1999"])
    assert Client().get(address).status_code == 404
    settings.FAIRWITNESS_DEMO = True
    page = words(Client().get(address))
    assert "at least 4,400 documented" in page and "10,357" in page and "10,356" not in page.replace("10,356 (", "")
    assert "572" in page and "1,226 809–1,643 (EXH ABA)(ABA HRW)" in page, "a period with its published total and twice its error"
    assert "27 May fewer than 10" in page and "It does not show the periods in between" in page
    assert "Ball" in page and "These numbers are people." in page and "Limits" in page
    assert Client().get(reverse("web:public_case", args=["atlantis-1999"])).status_code == 404


def test_the_case_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    tell_case("kosovo-1999")
    said = capsys.readouterr().out
    assert "At least 4,400 documented" in said and "10357" in said and "Published, one model: 10,356" in said and "Limit:" in said


def test_the_periods_of_the_case_are_those_published_and_none_is_too_small_to_be_told() -> None:
    """Held to the files the figures were taken from, where they lie beside the checkout."""
    periods = {one.begins: one for one in periods_of_case(read_case("kosovo-1999")["strata"])}
    assert all(one.documented is None or one.documented >= 10 for one in periods.values())
    if not KOSOVO.is_dir():
        pytest.skip("the published files are not beside the checkout")
    documented: Counter[str] = Counter()
    for line in lines_of("strata_overlap.csv"):
        documented[line["dtk2"]] += float(line["n"])  # type: ignore[assignment]
    for line in lines_of("strata_published.csv"):
        if not line["nsum"]:
            continue
        one = periods.pop(datetime.strptime(line["dtk2"], "%d%b%y").date())
        if documented[line["dtk2"]] < 10:
            assert one.documented is one.total is None
        else:
            assert (one.documented, one.total) == (round(documented[line["dtk2"]]), round(float(line["nsum"])))
            assert one.error == (round(float(line["sd"])) if line["sd"] else None)
    assert not periods, "no period of our own making"


def test_a_column_begins_with_what_is_documented() -> None:
    one = Period(date(1999, 4, 17), 223, 715, 576)
    assert one.interval == (223, 1844) and Period(date(1999, 5, 11), 14, 14).interval is None
    drawn = draw_strata([one, Period(date(1999, 5, 27))], title="Periods")
    assert drawn.count('class="bar"') == 1 and "url(#" in drawn and "223 documented, 715 estimated" in drawn


def test_a_drawing_says_in_words_what_it_shows() -> None:
    drawn = draw_ladder([Rung("Averaged", 13.0, 9.0, 25.0), Rung("[12,3]", 11.0, 9.0, 14.0, 0.5)], documented=5, title="Ladder")
    assert "At least 5 are documented. Averaged: 13 (9–25). [12,3]: 11 (9–14)." in drawn
    assert drawn.count('class="bar"') == 1 and drawn.count('class="band"') == 1
