"""Cross-footing: the identities of real reports hold, and each is flagged when one of its numbers is changed."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from fairwitness.analyse.numbers.crossfoot.foot_file import foot_file
from fairwitness.analyse.numbers.crossfoot.foot_text import foot_text
from fairwitness.analyse.numbers.crossfoot.read_amounts import amounts, plain
from fairwitness.web.cli import main

HOLD = [
    "328 buses = 167 (to RF) + 161 (to UA); previous 353 => decrease",
    "161 minivans = 78 + 83; previous 128 => increase",
    "24 = 12 + 12, direction assessed",
    "9 explosions = 1 impact + 6 undetermined + 2 airbursts",
    "Donetsk 117 incl. 7 explosions; Luhansk 5, all explosions (5 = 5)",
    'Luhansk 676 incl. 298; previous none => "more"',
    "24% of 29 = 7 (24.1%); 22% + 78% = 100%",
    "87 activities - 78 evaluated = 9 listed with reasons",
    "12:01 + 10 min = 12:11; 12:33 - 12:11 = 22 min",
    "The teams saw a decrease in the number of buses (353 to 328). There were 167 bound for the one side and 161 bound for the other.",
    "The teams saw 161 minivans (78 inbound and 83 outbound), compared with 128 in the previous week: an increase.",
    "The teams heard 24 trains (12 in each of the two directions named first, 12 in the other).".replace(
        "each of the two directions named first", "bound"
    ),
    "The camera in Avdiivka recorded nine explosions (one impact, six undetermined and two airbursts).",
    "It recorded nine explosions, assessed as one impact, six undetermined and two airbursts.",
    "In Donetsk region it recorded 117 ceasefire violations, including seven explosions.",
    "In Luhansk region it recorded five ceasefire violations, all five explosions.",
    "It recorded more ceasefire violations (676, including 298 explosions), compared with none in the previous reporting period.",
    "Deadlines were breached in 24 per cent of 29 hearings (seven hearings).",
    "Deadlines were breached in seven of 29 hearings (24 per cent).",
    "22 per cent of the hearings were held in time, the remaining 78 per cent were not.",
    "Of the 87 activities, 78 were evaluated; nine were not.",
    "A second patrol arrived ten minutes after 12:01 and left at 12:33 with a 22-minute delay.",
    "The patrol arrived at 12:11 and was let through at 12:33 after a delay of 22 minutes.",
    "It recorded fewer violations (117, including seven explosions), compared with the previous period (about 254, including 16).",
    "The teams saw 328 buses, 167 to the one country and 161 to the other.",
    "Of the 87 activities 78 were evaluated; the remaining nine are listed with reasons.",
    "Seven hearings (24 per cent of 29) breached the deadline.",
    "Of 29 hearings, seven (24 per cent) breached the deadline.",
    "Of 29 protection-order hearings, 24 per cent (seven) breached the deadline.",
    "The college held 87 activities; 78 were evaluated and nine were not evaluated.",
    "Two families went in and three went out, five families in total.",
    "Restrictions rose from 50 to 134.",
    "Restrictions decreased by 84, from 134 to 50.",
    "A decrease of seven per cent, from 353 to 328.",
    "Some six to seven explosions (two to three impacts and four outgoing).",
    "Of the 36 bodies, 20 were men, 10 women and six children.",
    "Twenty of the 36 bodies were men, 10 women and six children.",
    "Of the 30 detained, 21 were men and nine women.",
    "Zolote (60km west of Luhansk) was calm. The patrol returned to Zolote (60km west of Luhansk).",
]
"""Identities as they stand in reports of missions, and in the notes of those who checked them; the sentences are ours."""


@pytest.mark.parametrize("text", HOLD)
def test_an_identity_of_a_report_holds(text: str) -> None:
    found, _ = foot_text(text)
    assert found, text
    assert [one.what for one in found if not one.holds] == []


def _mutations() -> list[tuple[str, str]]:
    """Every number of every text changed three times: by one, to far too many, to none."""
    made: list[tuple[str, str]] = []
    for text in HOLD:
        shown = plain(text)
        for spot in re.finditer(r"(?<![\d:.])\d+(?![\d:])(?!\.\d)", shown):
            for changed in (int(spot[0]) + 1, int(spot[0]) * 100 + 40, 0 if int(spot[0]) else 999):
                made.append((text, shown[: spot.start()] + str(changed) + shown[spot.end() :]))
    return made


def test_one_number_changed_is_flagged() -> None:
    """For each number of each text at least one of three changes is flagged; for numbers in sums, each of them."""
    caught: dict[tuple[str, int], list[bool]] = {}
    for at, (text, changed) in enumerate(_mutations()):
        found, _ = foot_text(changed)
        caught.setdefault((text, at // 3), []).append(any(not one.holds for one in found))
    missed = [text for (text, _), flags in caught.items() if not any(flags)]
    assert missed == []
    sums = [
        key
        for key in caught
        if re.search(r"=|\(one|\(12 in|\(78 inbound|\(353|Of the 87|minute", key[0]) and "previous" not in key[0] and "incl." not in key[0]
    ]
    assert len(sums) > 20
    assert [key for key in sums if "24%" not in key[0] and "353 to 328" not in key[0] and not all(caught[key])] == []


@pytest.mark.parametrize(
    ("clock", "changed"),
    [("12:01", "12:02"), ("12:11", "12:12"), ("12:33", "12:34")],
)
def test_a_clock_time_changed_is_flagged(clock: str, changed: str) -> None:
    for text in HOLD:
        if clock in text:
            found, _ = foot_text(text.replace(clock, changed, 1))
            assert any(not one.holds for one in found), text


def test_the_delay_that_is_22_minutes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "Spot report.\n\nA second patrol arrived ten minutes after 12:01\nand left at 12:33 with a 43-minute delay.\n", encoding="utf-8"
    )
    assert main(["analyse", "crossfoot", str(path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    (wrong,) = said["contradictions"]
    assert wrong["stated"] == "43 minutes"
    assert wrong["computed"] == "22 minutes"
    assert wrong["where"] == "line 3"
    assert [set(one) >= {"where", "what", "holds"} for one in said["identities"]] == [True]


def test_zolote_on_two_bearings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.md"
    path.write_text(
        "Near Zolote (government-controlled, 60km west of Luhansk) it was calm.\n\n- At Zolote (60km north-west of Luhansk), two shots.\n",
        encoding="utf-8",
    )
    assert main(["analyse", "crossfoot", str(path)]) == 1
    said = capsys.readouterr().out
    assert "Zolote is 60km W of Luhansk (line 1) and 60km NW of Luhansk" in said
    assert "line 3" in said


def test_figures_of_several_sources_stand_side_by_side() -> None:
    """Two missions counted differently: no contradiction, and no average. One mission that states two figures contradicts itself."""
    two, _ = foot_text("KVM counted 36 bodies at Racak. KDOM counted 45 bodies at Racak.")
    assert [one for one in two if not one.holds] == []
    same, _ = foot_text("KVM counted 36 bodies at Racak.\n\nIn sum, KVM counted 45 bodies at Racak.")
    assert [one.kind for one in same if not one.holds] == ["stated twice"]


def test_what_is_no_count_is_added_to_nothing() -> None:
    text = (
        "Three tanks (T-72), two howitzers (D-30, 122mm) and one mortar (82mm), 2-6km south-east of the town on 20 September 2018 at 14:10."
    )
    assert foot_text(text)[0] == []
    assert foot_text("The Mission saw fewer violations (117), however more explosions (seven).")[0] == []


@pytest.mark.parametrize(
    "when",
    [
        "Between the evenings of 5 and 6 March,", "On 5–6 March 2021", "From 5 March to 6 March", "From the 5th to the 6th of March 2021",
        "On March 5 and 6, 2021,", "Between 19:30 on 5 Mar. and 19:30 on 6 Mar.", "On 5, 6 and 7 March", "In 2021",
        "In the years 2019–2020", "Between 2019 and 2020", "At 7.30 p.m.", "On 05/03/2021", "On 5.3.2021",
        "In Report No. 65/2021", "In Report no. 65",
        "Under Article 24", "Near checkpoint 7", "By 2021", "In 2017/18", "In week 12",
    ],
)  # fmt: skip
def test_a_date_or_a_number_of_a_report_is_no_amount(when: str) -> None:
    text = f"{when} the SMM recorded 43 violations, including 12 explosions, compared with 38 in the previous reporting period,"
    assert [(one.what, one.holds) for one in foot_text(f"{text} a decrease.")[0]] == [
        ("12 is part of 43", True),
        ("43 against 38: decrease", False),
    ]
    assert all(one.holds for one in foot_text(f"{text} an increase.")[0])


def test_years_are_not_compared_with_one_another() -> None:
    assert foot_text("Incidents fell from 2019 to 2020. The camp shrank from 2019 to 2020, after 2018.")[0] == []
    assert [one.holds for one in foot_text("In 2020, 45 per cent of 20 recommendations (11) were implemented.")[0]] == [False]


def test_kinds_that_do_not_make_the_whole_are_flagged_and_what_may_overlap_is_not() -> None:
    (wrong,) = foot_text("Of the 36 bodies, 20 were men, 10 women and 4 children.")[0]
    assert (wrong.holds, wrong.stated, wrong.computed) == (False, "36", "34")
    for text in (
        "Of the 40 persons, 20 were beaten, 15 robbed and 12 threatened.",
        "Of the 36 bodies, 20 were men and the rest women, 10 women and 4 children among them.",
        "Of the 100 complaints, 30 were about land, 20 about housing and 10 about jobs.",
        "Of the 40 victims, 12 were women, including 3 girls.",
        "Of the 36 bodies, 20 were identified and 10 buried.",
        "Of the 36 villages, 20 were Serb and 10 mixed.",
    ):
        assert [one.what for one in foot_text(text)[0] if not one.holds and one.kind == "sum"] == [], text


TABLE = """kind,to RF,to UA,total,previous,change
buses,167,161,328,353,decrease
minivans,78,83,161,128,33
trains,12,12,24,24,same
Total,257,256,513,505,1.6%
"""
SHARES = "type,n,breached,% breached\nprotection orders,29,7,24\nother,50,10,20\nTotal,79,17,21.5\n"
DEEP = """region,place,explosions,bursts,Total
A,x,1,2,3
A,y,3,4,7
Subtotal A,,4,6,10
B,z,5,6,11
Subtotal B,,5,6,11
Grand total,,9,12,21
"""


def written(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", [TABLE, SHARES, DEEP])
def test_a_table_holds_and_each_number_changed_is_flagged(tmp_path: Path, text: str) -> None:
    found = foot_file(written(tmp_path, text))[1]
    assert len(found) >= 4
    assert [one.what for one in found if not one.holds] == []
    lines = text.strip().split("\n")
    for row in range(1, len(lines)):
        cells = lines[row].split(",")
        for at, cell in enumerate(cells):
            if not re.fullmatch(r"[\d.]+%?", cell):
                continue
            changed = cell.replace(re.match(r"[\d.]+", cell)[0], f"{float(cell.rstrip('%')) + 2:g}")  # type: ignore[index]
            whole = [*lines[:row], ",".join([*cells[:at], changed, *cells[at + 1 :]]), *lines[row + 1 :]]
            again = foot_file(written(tmp_path, "\n".join(whole) + "\n"))[1]
            assert any(not one.holds for one in again), (row, at, cell, changed)


def test_ranges_and_about_are_carried_through(tmp_path: Path) -> None:
    held = foot_file(written(tmp_path, "place,a,b,total\nx,about 45,36,about 81\ny,6-7,over 60,over 66\nz,6-7,2,8-9\n"))[1]
    assert [one.holds for one in held] == [True, True, True]
    wrong = foot_file(written(tmp_path, "place,a,b,total\nz,6-7,2,9\n"))[1]
    assert [one.holds for one in wrong] == [False]
    false = foot_file(written(tmp_path, "place,a,b,total\nx,about 45,36,81\n"))[1]
    assert false[0].note is not None


def judged(folder: Path, text: str) -> list[tuple[str, bool | None]]:
    return [(one.what, one.holds) for one in foot_file(written(folder, text))[1]]


def test_numbers_of_reports_dates_years_and_coordinates_are_no_amounts(tmp_path: Path) -> None:
    text = (
        "report_no,issued,region,year,lat,case_id,men,women,total\n65/2021,2021-03-20,Donetsk,2021,42.6629,117,10,19,29\n"
        "66/2021,2021-03-21,Luhansk,2021,42.6512,118,4,5,9\n"
    )
    assert judged(tmp_path, text) == [("29 = 10 + 19", True), ("9 = 4 + 5", True)]
    text = "report,viti,id,x,y,men,women,total\n65/2021,2020,7,21.1655,42.6629,10,19,29\n66/2021,2021,8,21.2001,42.6512,4,5,9\n"
    assert judged(tmp_path, text) == [("29 = 10 + 19", True), ("9 = 4 + 5", True)]
    assert judged(tmp_path, "no,school year,men,women,total\n1,2019-2020,1,2,3\n2,2020-2021,2,2,4\n3,2021-2022,1,1,2\n") == [
        ("3 = 1 + 2", True), ("4 = 2 + 2", True), ("2 = 1 + 1", True),
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["65/2021", "65 / 2021", "12/5", "42.1, 20.9", "https://example.org/65/2021", "27-29 August", "5, 6"])
def test_a_cell_that_is_no_list_of_parts_is_not_added(tmp_path: Path, cell: str) -> None:
    assert judged(tmp_path, f'what,region,violations,before,previous\n"{cell}",A,29,29,20\n') == []


def test_the_sample_of_daily_reports_holds() -> None:
    path = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "incidents"
    if not path.is_dir():
        pytest.skip("the reports are not here")
    found = foot_file(path / "smm_daily_ceasefire_violations_sample.csv")[1]
    assert len(found) == 24
    assert all(one.holds for one in found)


@pytest.mark.parametrize("gap", ["NA", "n/a", "–", "", "-", "no data", "<5", "N.A."])
def test_a_sum_with_a_part_without_data_is_not_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], gap: str) -> None:
    text = f"Region,Men,Women,Total\nA,10,{gap},15\nB,7,8,15\nC,1,1,2\nTotal,18,14,32\n"
    assert main(["analyse", "crossfoot", str(written(tmp_path, text)), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(one["what"], one["holds"]) for one in said["identities"] if one["holds"] is None] == [
        ("15 = 10 + ?", None),
        ("14 = ? + 8 + 1", None),
    ]
    assert said["warnings"][0] == "row 2, Total (A): not checked: no data in row 2, Women."
    assert said["contradictions"] == []
    assert main(["analyse", "crossfoot", str(written(tmp_path, text))]) == 0
    assert "5 identities, 0 contradictions, 2 not checked for want of data" in capsys.readouterr().out


def test_known_parts_that_are_more_than_the_whole_are_wrong_whatever_is_missing(tmp_path: Path) -> None:
    assert judged(tmp_path, "Region,Men,Women,Total\nA,16,NA,15\n") == [("15 = 16 + ?", False)]
    assert judged(tmp_path, "Region,Men,Women,Remarks,Total\nA,10,5,,15\n") == [("15 = 10 + 5", True)]
    assert judged(tmp_path, "Region,Men,Women,Total\nA,NA,NA,15\nheading,,,\n") == [("15 = ? + ?", None)]


def test_a_table_of_which_nothing_could_be_checked_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(tmp_path, "Region,Men,Women,Total\nA,10,NA,15\n"))
    assert main(["analyse", "crossfoot", path, "--json"]) == 2
    assert "states nothing that could be checked: row 2, Total (A)" in json.loads(capsys.readouterr().out)["refused"]


def test_negative_figures_are_added_as_they_stand(tmp_path: Path) -> None:
    assert judged(tmp_path, "fund,in,out,moved,total\nA,10,-5,3,8\nB,1,−2,0,1\n") == [("8 = 10 + -5 + 3", True), ("1 = 1 + -2 + 0", False)]


@pytest.mark.parametrize("name", ["share", "%", "Share (%)", "percent"])
def test_counts_with_their_share_of_the_column(tmp_path: Path, name: str) -> None:
    text = f"Region,n,{name}\nA,10,50%\nB,7,30%\nC,3,20%\nTotal,20,100%\n"
    wrong = [one for one in foot_file(written(tmp_path, text))[1] if one.holds is False]
    assert [(one.what, one.computed) for one in wrong] == [("30% is 7 of 20", "35%"), ("20% is 3 of 20", "15%")]
    right = text.replace("30%", "35%").replace("20%", "15%")
    assert all(holds for _, holds in judged(tmp_path, right)) and len(judged(tmp_path, right)) == 6
    without = right.replace("Total,20,100%\n", "")
    assert [holds for _, holds in judged(tmp_path, without)] == [True, True, True]
    gap = without.replace("C,3", "C,NA")
    assert [holds for _, holds in judged(tmp_path, gap)] == [None, None]


def test_shares_of_one_are_held_as_they_are_rounded(tmp_path: Path) -> None:
    text = "Region,n,share\nA,10,0.5\nB,7,0.35\nC,3,0.15\nTotal,20,1\n"
    assert all(holds for _, holds in judged(tmp_path, text)) and len(judged(tmp_path, text)) == 5
    assert ("0.35 is 8 of 21", False) in judged(tmp_path, text.replace("B,7", "B,8").replace("20", "21"))


def test_a_percentage_of_another_whole_is_left_alone(tmp_path: Path) -> None:
    """The share each place's population has of the place, or a rate, says nothing of the column it stands beside."""
    assert judged(tmp_path, "place,members,pct\nA,4900,16.6\nB,3757,29.1\n") == []
    assert judged(tmp_path, "place,cases,rate per 100 000\nA,10,4.1\nB,5,2.2\n") == []
    assert judged(tmp_path, "case,listed,seen,n\na,0,1,306\nb,1,0,936\n") == []


@pytest.mark.parametrize(
    ("header", "swap"),
    [("2019,2020", False), ("2020,2019", True), ("May,June", False), ("Q1 2020,Q2 2020", False), ("cases_2019,cases_2020", False),
     ("round 1,round 2", False), ("baseline,endline", False), ("Dec 2019,Jan 2020", False)],
)  # fmt: skip
def test_changes_between_two_columns(tmp_path: Path, header: str, swap: bool) -> None:
    rows = [("A", "10", "15", "+5"), ("B", "10", "5", "-4"), ("Total", "20", "20", "0"), ("C", "8", "NA", "-2")]
    text = f"Region,{header},Change\n" + "".join(
        f"{name},{later if swap else earlier},{earlier if swap else later},{change}\n" for name, earlier, later, change in rows
    )
    found = [one for one in foot_file(written(tmp_path, text))[1] if one.kind == "comparison"]
    assert [one.holds for one in found] == [True, False, True, None]
    assert (found[1].stated, found[1].computed) == ("-4", "-5")


def test_percent_changes_and_words_between_two_columns(tmp_path: Path) -> None:
    text = (
        "Region,2019,2020,% change,direction of change\nA,8,12,50,increase\nB,12,8,-33.3%,decrease\nC,12,8,-34,increase\nD,0,3,100,more\n"
    )
    found = [one for one in foot_file(written(tmp_path, text))[1] if one.kind == "comparison"]
    assert [(one.stated, one.holds) for one in found] == [
        ("50", True), ("increase", True), ("-33.3%", True), ("decrease", True), ("-34", False),
        ("increase", False), ("100", False), ("more", True),
    ]  # fmt: skip
    rounded = "Region,2019,2020,change\nA,10.5,12.3,1.8\nB,10.5,12.3,1.9\nC,10.5,12.3,2.1\n"
    assert [holds for _, holds in judged(tmp_path, rounded)] == [True, True, False]
    assert judged(tmp_path, "kind,men,women,change\nA,10,15,7\n") == []
    three = "Region,2018,2019,2020,change\nA,5,10,15,5\nB,5,10,15,10\nC,5,10,15,7\n"
    assert [holds for _, holds in judged(tmp_path, three)] == [True, True, False]


def test_rows_that_stand_twice_and_rows_that_are_told_apart_otherwise(tmp_path: Path) -> None:
    assert [holds for _, holds in judged(tmp_path, "place,kind,shots\nA,day,5\nB,day,6\nA,day,7\n")] == [False]
    assert judged(tmp_path, "date,place,shots\n2021-01-01,A,5\n2021-01-02,A,6\n") == []
    assert judged(tmp_path, "method,alpha,power\na,0.1,0.2\na,0.2,0.3\na,0.3,0.4\nb,0.1,0.3\nb,0.2,0.4\n") == []


def test_columns_that_never_make_the_total_are_not_its_parts(tmp_path: Path) -> None:
    rows = "".join(f"s{at},{at + 300},52,{at * at + 5}\n" for at in range(9))
    (one,) = foot_file(written(tmp_path, "series,weeks,length,total\n" + rows))[1]
    assert one.holds is None
    assert "in no row" in str(one.note)


def test_delays_and_places_in_columns(tmp_path: Path) -> None:
    delays = "patrol,arrived,left,delay\nfirst,12:01,12:33,32\nsecond,12:11,12:33,43 min\nthird,23:50,00:10,20\n"
    assert [one.holds for one in foot_file(written(tmp_path, delays))[1]] == [True, False, True]
    places = (
        "place,km,direction,from\nZolote,60,west,Luhansk\nPopasna,69,W,Luhansk\nZolote,60,north-west,Luhansk\nPopasna,69 km,west,Luhansk\n"
    )
    assert sorted((one.where, one.holds) for one in foot_file(written(tmp_path, places))[1] if one.kind == "place") == [
        ("row 4, direction", False),
        ("row 5, direction", True),
    ]


def test_two_shares_that_are_not_all_of_it_are_left_alone() -> None:
    assert foot_text("45 per cent of them agreed and 38 per cent did not.")[0] == []
    assert [one.holds for one in foot_text("45 per cent of them agreed and the remaining 38 per cent did not.")[0]] == [False]


def test_low_and_high_and_the_list_beside_the_number(tmp_path: Path) -> None:
    good = 'place,No.,low,high,description\nAvdiivka,9,9,10,"1 impact, 6 undetermined, 2 airbursts"\n'
    assert all(one.holds for one in foot_file(written(tmp_path, good))[1])
    for old, new in ((",9,10,", ",11,10,"), ("6 undetermined", "5 undetermined"), ("Avdiivka,9", "Avdiivka,8")):
        assert any(not one.holds for one in foot_file(written(tmp_path, good.replace(old, new)))[1])


def test_the_previous_figure_of_a_report_is_the_figure_of_the_report_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = written(tmp_path, "Observers saw 353 buses, compared with 340 buses in the previous week: an increase.\n", "r1.txt")
    second = written(tmp_path, "Observers saw 328 buses, compared with 353 buses in the previous week: a decrease.\n", "r2.txt")
    assert main(["analyse", "crossfoot", str(first), str(second), "--json"]) == 0
    assert "previous period" in [one["kind"] for one in json.loads(capsys.readouterr().out)["identities"]]
    written(tmp_path, "Observers saw 328 buses, compared with 355 buses in the previous week: a decrease.\n", "r2.txt")
    assert main(["analyse", "crossfoot", str(first), str(second), "--json"]) == 1
    (wrong,) = json.loads(capsys.readouterr().out)["contradictions"]
    assert (wrong["stated"], wrong["computed"]) == ("355", "353")


def test_a_percentage_of_none_and_of_fewer_than_ten() -> None:
    found, _ = foot_text("The mission recorded 12 shots, an increase of 50 per cent compared with none in the previous week.")
    assert any(one.computed == "no percentage of none" for one in found)
    few, _ = foot_text("In two of five cases (40 per cent) nobody came.")
    assert few[0].holds
    assert "fewer than ten" in str(few[0].note)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("t.txt", "It rained all day.\n", "nothing was checked"),
        ("t.csv", "a,b\nx,1\n", "nothing was checked"),
        ("t.pdf", "x", "neither a table"),
        ("t.csv", "a,b\n1\n", "has 1 cells"),
    ],
)
def test_what_cannot_be_held_against_anything_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, words: str
) -> None:
    assert main(["analyse", "crossfoot", str(written(tmp_path, text, name)), "--json"]) == 2
    assert words in json.loads(capsys.readouterr().out)["refused"]


def test_amounts_as_people_write_them() -> None:
    found = amounts(plain("about 45, six to seven, over 60, twenty-three, 1,910 and 24 per cent"))
    assert [(one.low, one.high, one.about, one.percent) for one in found] == [
        (45, 45, True, False),
        (6, 7, False, False),
        (60, None, True, False),
        (23, 23, False, False),
        (1910, 1910, False, False),
        (24, 24, False, True),
    ]


def test_a_text_that_is_not_there_is_refused_and_no_contradiction(tmp_path: Path) -> None:
    assert main(["analyse", "crossfoot", str(tmp_path / "none.txt")]) == 2
    assert main(["analyse", "crossfoot", str(tmp_path / "none.csv")]) == 2


def piped(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The SMM heard nine explosions (one impact, six undetermined and one airburst).\n", "9 = 1 + 6 + 1"),
        ("Region,Men,Women,Total\nA,10,5,15\nB,7,8,16\n", "16 = 7 + 8"),
        ("Region;Men;Women;Total\nA;10;5;15\nB;7;8;16\n", "16 = 7 + 8"),
        ("In the north, it was calm.\nThe SMM saw 12 buses (six inbound, five outbound).\n", "12 = 6 + 5"),
    ],
)
def test_a_report_is_read_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, wrong: str
) -> None:
    piped(monkeypatch, text.encode())
    assert main(["analyse", "crossfoot", "-", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [one["what"] for one in said["contradictions"]] == [wrong]
    assert said["data"] == [{"file": "standard input", "rows": said["data"][0]["rows"], "sha256": sha256(text.encode()).hexdigest()}]


def test_too_much_on_the_standard_input_and_nothing_at_all_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for raw, words in ((b"a" * 5_000_001, "longer than 5 MB"), (b"", "nothing was checked")):
        piped(monkeypatch, raw)
        assert main(["analyse", "crossfoot", "-", "--json"]) == 2
        assert words in json.loads(capsys.readouterr().out)["refused"]


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("Gjithsej nëntë – “tre” viktima në Deçan", "cp1252", "WINDOWS-1252"),
        ("Troje povređenih u Mitrovici, četvoro u Đakovici", "cp1250", "WINDOWS-1250"),
        ("Čuješ", "cp1250", "WINDOWS-1250"),
        ("Üç kişi yaralandı, beş kişi öldü", "cp1254", "WINDOWS-1254"),
        ("Наблюдатели слышали девять взрывов", "cp1251", "WINDOWS-1251"),
        ("Nëntë viktima", "utf-16", "UTF-16"),
        ("Nine victims", "utf-16-le", "UTF-16LE"),
        ("Nine victims", "utf-16-be", "UTF-16BE"),
    ],
)
@pytest.mark.parametrize("file", ["t.txt", "t.csv"])
def test_another_encoding_is_refused_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, codec: str, name: str, file: str
) -> None:
    path = tmp_path / file
    path.write_bytes(text.encode(codec))
    assert main(["analyse", "crossfoot", str(path), "--json"]) == 2
    assert (
        f"it seems to be in {name}. Save it in UTF-8 or convert it: iconv -f {name} -t UTF-8."
        in json.loads(capsys.readouterr().out)["refused"]
    )


def test_a_file_of_an_office_program_is_refused_by_its_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for start, words in ((b"PK\x03\x04", "DOCX"), (b"%PDF-1.7", "PDF")):
        (tmp_path / "t.txt").write_bytes(start + b"\x00\xff")
        assert main(["analyse", "crossfoot", str(tmp_path / "t.txt"), "--json"]) == 2
        assert f"seems to be {words}" in json.loads(capsys.readouterr().out)["refused"]
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"Region,Men,Women,Total\nA,10,5,15\n"))
    assert main(["analyse", "crossfoot", str(tmp_path / "t.csv.gz")]) == 0
