"""Persons linked: the public pair of lists, made lists in four spellings, one list with itself, a model used again, and every refusal."""

from __future__ import annotations

import builtins
import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_lists import f1, persons, save, true_pairs

from fairwitness.analyse.numbers.match.block_pairs import order_rules
from fairwitness.analyse.numbers.match.cluster_pairs import cluster_pairs, count_under
from fairwitness.analyse.numbers.match.fit_pairs import fit_pairs, log_odds, probability
from fairwitness.analyse.numbers.match.prepare_records import date_key
from fairwitness.errors import BadInput
from fairwitness.web.cli import main

SHARED = Path(os.environ.get("FAIRWITNESS_SHARED", str(Path(__file__).parents[3].parent / "shared"))) / "data" / "reference" / "linkage"


def linked(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    assert main(["analyse", "link", *given, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(["analyse", "link", *given]) == 2
    return capsys.readouterr().err


def suggested(found: dict[str, Any]) -> set[frozenset[str]]:
    return {frozenset({pair["left"], pair["right"]}) for pair in found["pairs"]}


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the public lists are not here")
def test_the_public_pair_of_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "pairs.csv"
    found = linked(capsys, str(SHARED / "dataset4a.csv.gz"), str(SHARED / "dataset4b.csv.gz"), "--out", str(out))
    truth = {frozenset({f"rec-{n}-org", f"rec-{n}-dup-0"}) for n in range(5000)}
    assert f1(suggested(found), truth) >= 0.999  # at the threshold nobody tuned
    best, hits = 0.0, 0
    for number, row in enumerate(csv.DictReader(out.read_text(encoding="utf-8").splitlines()), 1):
        hits += frozenset({row["left"], row["right"]}) in truth
        best = max(best, 2 * hits / (number + 5000))
    assert best >= 0.9996
    assert abs(found["clusters"]["0.5"] - 5000) <= 5


def test_lists_of_four_spellings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = persons(1, 700)
    paths = [str(save(tmp_path, name, rows)) for name, rows in zip(("a.csv", "b.csv"), lists, strict=True)]
    found = linked(capsys, *paths)
    assert f1(suggested(found), true_pairs(lists, "unique_id")) >= 0.95
    assert found["queue_share"] <= 0.05
    assert "truth" not in found["columns"]  # the answer is never compared
    assert list(found["clusters"]) == ["0.1", "0.5", "0.9"]
    assert found["clusters"]["0.1"] <= found["clusters"]["0.5"] <= found["clusters"]["0.9"]
    # Seeds are kept: the same again, to the last digit; and no cell of a list is in what was printed but its number.
    assert linked(capsys, *paths)["pairs"] == found["pairs"]
    assert lists[0][0]["surname"] not in json.dumps(found, ensure_ascii=False)


def test_one_list_with_itself_and_a_model_used_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = persons(5, 400)
    path = str(save(tmp_path, "all.csv", lists[0] + lists[1]))
    model, again = tmp_path / "m.json", tmp_path / "again.json"
    found = linked(capsys, path, "--save-model", str(model))
    assert f1(suggested(found), true_pairs(lists, "unique_id")) >= 0.95
    kept = json.loads(model.read_text(encoding="utf-8"))
    assert not any(row["surname"] in model.read_text(encoding="utf-8") for row in lists[0] if len(row["surname"]) > 3)
    second = linked(capsys, path, "--model", str(model), "--save-model", str(again), "--seed", "9")
    assert [pair["probability"] for pair in second["pairs"]] == pytest.approx([pair["probability"] for pair in found["pairs"]])
    assert json.loads(again.read_text(encoding="utf-8"))["m"] == kept["m"]
    kept["m"][0] = kept["m"][0][:-1]
    model.write_text(json.dumps(kept), encoding="utf-8")
    assert "damaged" in refused(capsys, path, "--model", str(model))
    assert "other columns" in refused(capsys, path, "--model", str(again), "--ignore", "village")


def test_a_table_for_a_person_says_what_a_number_rests_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(save(tmp_path, "all.csv", [row for rows in persons(6, 60) for row in rows]))
    assert main(["analyse", "link", path]) == 0
    said = capsys.readouterr()
    assert "Missed links inflate" in said.out and "threshold" in said.out
    assert "a person decides each" in said.err and "Not compared: truth" in said.err


ROWS = "unique_id,given_name,surname,dob\n"


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (ROWS + "1,Ana,Mar,1980-01-01\n1,Ana,Mar,1980-01-01\n", [], "also the number of row 2"),
        (ROWS + ",Ana,Mar,1980-01-01\n1,Ana,Mar,1980-01-01\n", [], "every entry needs its own number"),
        (ROWS, [], "has no entries"),
        (ROWS + "1,Ana,Mar,1980-01-01\n", [], "no pair to compare"),
        (ROWS + "1,A,B,\n2,A,B,\n", ["--unique-id", "uniqe_id"], "is not a column of this file"),
        (ROWS + "1,A,B,\n2,A,B,\n", ["--ignore", "surnam"], "is not a column of this file"),
        (ROWS + "1,A,B,\n2,A,B,\n", ["--compare", "surname=sirname"], "is no kind of column"),
        (ROWS + "1,A,B,\n2,A,B,\n", ["--compare", "surname"], "does not name a column and its kind"),
        (ROWS + "1,A,B,\n2,A,B,\n", ["--threshold", "50"], "from 0 to 1"),
        (ROWS + "1,A,B,\n2,A,B,\n", ["--seed", "0"], "whole number from 1"),
        ("unique_id,x\n1,2\n2,2\n", [], "could be recognised"),
    ],
)
def test_what_cannot_be_linked_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, options: list[str], words: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    assert words in refused(capsys, str(path), *options)


def test_a_list_that_is_not_there_and_three_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not there" in refused(capsys, str(tmp_path / "none.csv"))
    path = str(save(tmp_path, "a.csv", persons(1, 10)[0]))
    assert "one list or two" in refused(capsys, path, path, path)
    assert "folder is not there" in refused(capsys, path, "--out", str(tmp_path / "no" / "p.csv"))
    assert not list(tmp_path.glob("*.part"))


def test_the_extra_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(save(tmp_path, "a.csv", persons(1, 10)[0]))
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "splink":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    said = refused(capsys, path)
    assert "needs the package splink" in said and sys.executable in said and "splink~=5.0" in said


def test_a_million_of_one_value_are_refused_before_a_pair_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match="cannot be narrowed"):
        order_rules({("c0",): 499_999_500_000, ("c0", "c1"): 499_999_500_000})
    path = tmp_path / "same.csv"
    path.write_text(ROWS + "".join(f"{n},Ana,Mar,1980-01-01\n" for n in range(8000)), encoding="utf-8")
    assert "cannot be narrowed" in refused(capsys, str(path))


def test_entries_alike_in_form_only_are_no_persons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "alike.csv"
    rows = (f"{n},G{n}x,S{n}y,{1900 + n % 100}-{n % 12 + 1:02}-{n % 28 + 1:02}\n" for n in range(700))
    path.write_text(ROWS + "".join(rows), encoding="utf-8")
    assert "not of persons" in refused(capsys, str(path))


def test_a_list_without_duplicates_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = linked(capsys, str(save(tmp_path, "once.csv", persons(7, 500)[0])))
    assert (found["suggested"], found["queue"]) == (0, 0)
    assert found["clusters"]["0.1"] == found["records"]


def test_rules_are_narrow_first_and_none_is_covered() -> None:
    assert order_rules({("c0",): 50, ("c0", "c1"): 5, ("c1", "c2"): 7, ("c1",): 10**9, ("c2",): 0}) == [("c0",), ("c1", "c2")]


def test_what_is_learned_is_what_made_the_pairs() -> None:
    luck = np.random.default_rng(3)
    m, u = [np.array([0.8, 0.15, 0.05]), np.array([0.95, 0.05])], [np.array([0.02, 0.08, 0.9]), np.array([0.1, 0.9])]
    m, u = m * 2, u * 2
    same = luck.random(200_000) < 0.01
    levels = np.stack(
        [np.where(same, luck.choice(len(a), same.size, p=a), luck.choice(len(b), same.size, p=b)) for a, b in zip(m, u, strict=True)], 1
    )
    patterns, counts = np.unique(levels, axis=0, return_counts=True)
    raw = [0.99 * b + 0.01 * a for a, b in zip(m, u, strict=True)]
    fit = fit_pairs(patterns, counts.astype(float), raw, float(same.size), share=0.001)
    assert fit.share == pytest.approx(same.mean(), rel=0.03)
    for found, true in zip(fit.m + fit.u, m + u, strict=True):
        assert np.abs(found - true).max() < 0.03
    chance = probability(log_odds(levels, fit.share, fit.m, fit.u))
    for low, high in ((0.0, 0.05), (0.2, 0.8), (0.95, 1.01)):  # of those said to be p, p are
        inside = (chance >= low) & (chance < high)
        assert same[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.06)


def test_an_empty_cell_says_nothing() -> None:
    one = [np.array([0.9, 0.1])]
    assert log_odds(np.array([[-1]]), 0.2, one, [np.array([0.1, 0.9])])[0] == pytest.approx(np.log(0.25))


def test_clusters_are_chains_of_pairs() -> None:
    left, right = np.array([0, 1, 4]), np.array([2, 3, 2])
    assert cluster_pairs(6, left, right).tolist() == [0, 1, 0, 1, 0, 2]
    assert count_under(6, left, right, np.array([0.95, 0.6, 0.2]), (0.1, 0.5, 0.9)) == {"0.1": 3, "0.5": 4, "0.9": 5}


@pytest.mark.parametrize("cell", ["1961-03-09", "9.3.1961", "09/03/1961", "1961/3/9", "19610309", "1961-03-09T00:00"])
def test_a_date_has_one_key(cell: str) -> None:
    assert date_key(cell) == "19610309"
