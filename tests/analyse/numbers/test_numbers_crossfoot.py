"""Cross-footing: the identities of real reports hold, and each is flagged when one of its numbers is changed."""

from __future__ import annotations

import json
import re
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
        "In the years 2019–2020",        "Between 2019 and 2020", "At 7.30 p.m.", "On 05/03/2021", "On 5.3.2021", "In Report No. 65/2021", "In Report no. 65",
        "Under Article 24",        "Near checkpoint 7", "By 2021", "In 2017/18", "In week 12",
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
