"""Events matched: the published figures of MELTT's demonstration, made lists of three sources, the window's edges, and every refusal."""

from __future__ import annotations

import itertools
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_lists import SOURCES, events, f1, save, taxonomy, true_pairs

from fairwitness.analyse.numbers.match.match_events import best_pairs
from fairwitness.analyse.numbers.match.near_events import distance_km, near_events
from fairwitness.analyse.numbers.match.read_events import Events
from fairwitness.web.cli import main

SHARED = Path(os.environ.get("FAIRWITNESS_SHARED", str(Path(__file__).parents[3].parent / "shared"))) / "data" / "reference" / "event_dedup"
HEAD = "event,date,enddate,latitude,longitude,kind\n"


def matched(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    assert main(["analyse", "match-events", *given, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(["analyse", "match-events", *given]) == 2
    return capsys.readouterr().err


def written(folder: Path, **lists: str) -> list[str]:
    for name, rows in lists.items():
        (folder / f"{name}.csv").write_text(HEAD + rows, encoding="utf-8")
    return [str(folder / f"{name}.csv") for name in lists]


@pytest.mark.skipif(not SHARED.exists(), reason="the public lists are not here")
def test_the_published_figures(capsys: pytest.CaptureFixture[str]) -> None:
    lists = [str(SHARED / f"crash_data{n}.csv") for n in (1, 2, 3)]
    kinds = [str(SHARED / f"crash_taxonomies_{one}_tax.csv") for one in ("model", "color", "damage")]
    found = matched(capsys, *lists, "--km", "4", "--days", "2", "--taxonomy", *kinds)
    assert (found["records"], found["matches"], found["duplicates"], found["unique"]) == (195, 34, 55, 140)
    assert (found["event_matches"], found["episode_matches"]) == (26, 8)
    assert list(found["overlap"].values()) == [41, 34, 31, 5, 4, 4, 21]
    assert all(0.0 <= pair["probability"] <= 1.0 for pair in found["pairs"])
    assert min(pair["probability"] for pair in found["pairs"] if pair["match"]) > 0.5
    # The order of the taxonomies is nobody's business.
    assert matched(capsys, *lists, "--taxonomy", *reversed(kinds))["groups"] == found["groups"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_sources_of_a_mission(tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int) -> None:
    lists = events(seed)
    paths = [str(save(tmp_path, f"{name}.csv", rows)) for name, rows in zip(SOURCES, lists, strict=True)]
    found = matched(capsys, *paths, "--taxonomy", str(save(tmp_path, "kinds_incident.csv", taxonomy())))
    pairs = {frozenset({pair["left"], pair["right"]}) for pair in found["pairs"] if pair["match"]}
    truth = true_pairs(lists, "event")
    assert f1(pairs, truth) >= 0.95
    assert found["queue_share"] <= 0.05
    # Probabilities mean what they say, as a whole.
    right = sum(frozenset({pair["left"], pair["right"]}) in truth for pair in found["pairs"])
    assert sum(pair["probability"] for pair in found["pairs"]) == pytest.approx(right, rel=0.05)
    assert found["unique"] + found["duplicates"] == found["records"] == sum(map(len, lists))
    assert sum(found["overlap"].values()) == found["unique"]


def test_each_event_goes_to_one_counterpart_and_the_best(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = "".join(f"{n},2026-01-{n:02},,42.5,{20 + n / 10},theft\n" for n in range(3, 28, 3))
    lists = written(tmp_path, a=there, b=there + "99,2026-01-04,,42.52,20.3,theft\n")
    found = matched(capsys, *lists)
    assert found["matches"] == 9 and found["unique"] == 10
    assert [{one["number"] for one in group} for group in found["groups"]] == [{str(n)} for n in range(3, 28, 3)]
    assert found["overlap"] == {"b": 1, "a+b": 9}


def test_an_episode_is_flagged_and_not_matched_with_an_event(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = "".join(f"{n},2026-01-{n:02},,42.5,{20 + n / 10},theft\n" for n in range(3, 28, 3))
    lists = written(tmp_path, a=plain, b=plain.replace("3,2026-01-03,,", "3,2026-01-03,2026-01-05,", 1))
    found = matched(capsys, *lists)
    assert (found["matches"], found["flagged"]) == (8, 1)
    assert [pair["left"] for pair in found["pairs"] if pair["flagged"]] == ["3"]


def test_the_edges_of_the_window_are_inside() -> None:
    def one(day: float, north: float) -> Events:
        return Events("x", ["1"], np.array([day]), np.array([day]), np.array([north]), np.array([20.0]), [], [])

    far = float(distance_km(np.array([42.0]), np.array([20.0]), np.array([42.03]), np.array([20.0]))[0])
    assert len(near_events(one(10, 42.0), one(12, 42.03), far, 2.0)[0]) == 1
    assert len(near_events(one(10, 42.0), one(12, 42.03), far * 0.9999, 2.0)[0]) == 0
    assert len(near_events(one(10, 42.0), one(13, 42.03), far, 2.0)[0]) == 0
    assert len(near_events(one(10, 42.0), one(10, 42.0), 0.001, 0.0)[0]) == 1


def test_near_pairs_are_those_of_a_plain_search() -> None:
    luck = np.random.default_rng(5)
    lists = [
        Events("x", [], day, day, 42 + luck.random(300), 20 + luck.random(300), [], [])
        for day in (luck.integers(0, 60, 300) * 1.0 for _ in "ab")
    ]
    left, right, km, days = near_events(lists[0], lists[1], 15.0, 3.0)
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    for a, b in itertools.product(range(300), repeat=2):
        apart = float(
            distance_km(
                *(np.array([value]) for value in (lists[0].latitude[a], lists[0].longitude[a], lists[1].latitude[b], lists[1].longitude[b]))
            )[0]
        )
        assert ((a, b) in found) == (apart <= 15.0 and abs(lists[0].start[a] - lists[1].start[b]) <= 3)
    assert np.all(np.abs(days) <= 3) and np.all(km <= 15)


def test_the_best_choice_is_the_best_of_all_choices() -> None:
    luck = np.random.default_rng(8)
    for _ in range(50):
        table = luck.normal(3, 2, (4, 4)).clip(0.1)
        gain = {(i, j): float(table[i, j]) for i in range(4) for j in range(4)}
        chosen = best_pairs(gain)
        best = max(sum(table[i, j] for i, j in enumerate(order)) for order in itertools.permutations(range(4)))
        assert sum(table[i, j] for j, i in chosen.items()) == pytest.approx(best)
    assert best_pairs({}) == {}


GOOD = "1,2026-01-03,,42.5,20.1,theft\n"


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ("1,2026-01-03,2026-01-02,42.5,20.1,theft\n", [], "a clock went back"),
        (GOOD + GOOD, [], "also the number of row 2"),
        ("", [], "has no events"),
        ("1,,,42.5,20.1,theft\n", [], "is not a date"),
        ("1,2026-01-03,,,20.1,theft\n", [], "is empty"),
        ("1,2026-01-03,,95,20.1,theft\n", [], "beyond 90 degrees"),
        ("1,2026-01-03,,NaN,20.1,theft\n", [], "“NaN” is not a number"),
        (GOOD, ["--date", "dat"], "is not a column of this file"),
        (GOOD, ["--km", "0"], "--km is a distance"),
        (GOOD, ["--km", "nan"], "--km is a distance"),
        (GOOD, ["--days", "-1"], "--days is a number"),
        (GOOD, ["--threshold", "2"], "from 0 to 1"),
        (GOOD, ["--partial", "1"], "number of taxonomies"),
    ],
)
def test_what_cannot_be_matched_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, options: list[str], words: str
) -> None:
    assert words in refused(capsys, *written(tmp_path, a=GOOD, b=rows), *options)


def test_lists_without_days_or_points_and_lists_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path, a=GOOD)[0]
    bare = tmp_path / "bare.csv"
    bare.write_text("event,kind\n1,theft\n", encoding="utf-8")
    said = refused(capsys, good, str(bare))
    assert "date: is not among the columns" in said and "latitude" in said and "longitude" in said
    assert "two lists or more" in refused(capsys, good)
    assert "same name" in refused(capsys, good, good)
    assert "is not there" in refused(capsys, good, str(tmp_path / "none.csv"))


def test_a_word_no_taxonomy_explains_and_a_taxonomy_of_no_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = written(tmp_path, a=GOOD, b=GOOD.replace("theft", "robbery"))
    kinds = tmp_path / "tax_kind.csv"
    kinds.write_text("data.source,base.categories,narrow\na,theft,taking\n", encoding="utf-8")
    assert "“robbery” is in no line of the taxonomy" in refused(capsys, *lists, "--taxonomy", str(kinds))
    kinds.rename(tmp_path / "tax_sort.csv")
    assert "explains no column" in refused(capsys, *lists, "--taxonomy", str(tmp_path / "tax_sort.csv"))
    (tmp_path / "tax_kind.csv").write_text("base.categories,narrow\ntheft,taking\n", encoding="utf-8")
    assert "needs a column data.source" in refused(capsys, *lists, "--taxonomy", str(tmp_path / "tax_kind.csv"))


def test_a_heap_of_events_on_one_day_is_refused_and_does_not_hang(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heap = "".join(f"{n},2026-01-03,,42.5,20.1,theft\n" for n in range(20_000))
    said = refused(capsys, *written(tmp_path, a=heap, b=heap))
    assert "400,000,000 pairs and more" in said and "Narrow --km" in said


def test_lists_that_share_nothing_match_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = matched(capsys, *written(tmp_path, a=GOOD, b="1,2020-01-03,,42.5,20.1,theft\n"))
    assert (found["matches"], found["duplicates"], found["unique"], found["pairs"]) == (0, 0, 2, [])
    assert main(["analyse", "match-events", *written(tmp_path, a=GOOD, b=GOOD)]) == 0
    assert "2 reports" in capsys.readouterr().out
