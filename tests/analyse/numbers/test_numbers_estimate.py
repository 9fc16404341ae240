"""Estimates from overlapping lists: the published numbers, the maximum that does not exist, and no number where none is due."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairwitness.analyse.numbers.estimate.average_graphs import average_graphs, decomposable
from fairwitness.analyse.numbers.estimate.average_models import weigh
from fairwitness.analyse.numbers.estimate.choose_stepwise import choose_stepwise
from fairwitness.analyse.numbers.estimate.compare_pairs import compare_pairs, unequal_chances
from fairwitness.analyse.numbers.estimate.estimate_strata import add_up, estimate_strata
from fairwitness.analyse.numbers.estimate.estimate_total import estimate
from fairwitness.analyse.numbers.estimate.fit_models import fit
from fairwitness.analyse.numbers.estimate.judge_existence import NO_MAXIMUM, NOT_IDENTIFIED, has_maximum, judge, settle
from fairwitness.analyse.numbers.estimate.lay_models import close, design, every_model, notation, read_model
from fairwitness.analyse.numbers.estimate.read_overlap import Overlap, read_overlap
from fairwitness.analyse.numbers.read_table import read_table
from fairwitness.errors import BadInput
from fairwitness.web.cli import main

SHARED = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data"
MSE, KOSOVO = SHARED / "reference" / "mse", SHARED / "kosovo_1999"
here = pytest.mark.skipif(not MSE.is_dir(), reason="the reference data are not here")

# Kosovo 1999, four lists of killings (EXH, ABA, OSCE, HRW): Ball, Betts, Scheuren, Dudukovic and Asher 2002
CELLS = {"0001": 306, "0010": 936, "0011": 123, "0100": 845, "0101": 31, "0110": 217, "0111": 32, "1000": 1131, "1001": 106,
         "1010": 228, "1011": 42, "1100": 177, "1101": 18, "1110": 181, "1111": 27}  # fmt: skip
ARTIFICIAL = (
    "A,B,C,n\n1,0,0,27\n0,1,0,37\n0,0,1,19\n1,1,0,4\n"  # the third list shares nobody (after Chan, Silverman and Vincent 2021, table 2)
)


def table(cells: dict[str, float]) -> Overlap:
    lists = len(next(iter(cells)))
    counts = np.zeros(1 << lists)
    for pattern, number in cells.items():
        counts[sum(1 << place for place, on in enumerate(pattern) if on == "1")] = number
    return Overlap(tuple("EAOHXYZ"[:lists]), counts)


def written(folder: Path, text: str, name: str = "overlap.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def kosovo(folder: Path) -> str:
    return written(folder, "EXH,ABA,OSCE,HRW,n\n" + "".join(f"{','.join(pattern)},{number}\n" for pattern, number in CELLS.items()))


def test_all_hierarchical_models_and_all_decomposable_graphs() -> None:
    assert [len(set(every_model(lists))) for lists in (2, 3, 4, 5)] == [1, 8, 113, 6893]
    assert [len(decomposable(lists)) for lists in (3, 4, 5)] == [8, 61, 822]
    for model in every_model(4):
        assert close(set(model), 4) == model and 15 not in model
        assert read_model(notation(model), tuple("abcd")) == model
    assert notation(read_model("(c a)(b)", ("a", "b", "c"))) == "[13,2]"


@pytest.mark.parametrize("words", ["12,3", "[14,2,3]", "(a d)(b)", "[123]", "[]", "()"])
def test_what_is_no_model_is_refused(words: str) -> None:
    with pytest.raises(BadInput):
        read_model(words, ("a", "b", "c"))


def test_kosovo_gives_the_published_number_its_interval_and_the_ladder() -> None:
    found = estimate(table(CELLS))
    assert found.best and found.best.interval and found.averaged_interval
    assert (found.best.model, found.fitted, len(found.models)) == ("[123,14,34]", 113, 113)
    assert found.best.total == pytest.approx(10_356.5, abs=0.1)
    assert found.best.interval == pytest.approx((8994.257, 12110.408), abs=0.05)
    assert [one.model for one in found.models if one.delta < 1] == ["[123,14,34]", "[123,134]", "[134,12,23]"]
    assert found.models[2].total == pytest.approx(18393.3, abs=0.1)
    assert found.averaged_interval[0] < 9_827 and found.averaged_interval[1] > 18_393
    assert found.context["chao"] == pytest.approx(8591, abs=1)
    assert found.context["darroch"] == pytest.approx(12797, abs=1)
    assert found.context["gamma"] == pytest.approx(18387, abs=1)
    assert found.context["chapman"] == pytest.approx((5447, 9622), abs=1)
    by_aic = estimate(table(CELLS), criterion="aic")
    assert by_aic.best and by_aic.best.interval
    assert by_aic.best.model == "[123,134]" and by_aic.best.interval == pytest.approx((10184.31, 16703.41), abs=0.05)


def test_graph_average_is_that_of_madigan_and_york() -> None:
    found = average_graphs(table(CELLS).counts)
    assert found.mean == pytest.approx(12_749, rel=0.005) and found.mode == pytest.approx(12_267, abs=5)
    assert (found.low, found.median, found.high) == pytest.approx((9827, 12595, 16543), rel=0.01)
    assert list(found.weights.values())[:3] == pytest.approx([0.98551, 0.01078, 0.003705], rel=1e-3)
    assert sum(found.weights.values()) == pytest.approx(1)


@here
def test_every_one_of_the_113_models_is_that_of_the_reference() -> None:
    overlap = read_overlap(read_table(KOSOVO / "overlap.csv"))
    assert overlap.counts.tolist() == table(CELLS).counts.tolist()
    ours = {one.model: one for one in estimate(overlap).models}
    with (MSE / "kosovo_Rcapture_closedpMS.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(ours) == 113
    for row in rows:
        one = ours[row["model"]]
        assert (one.total, one.bic, one.aic) == pytest.approx([float(row[name]) for name in ("abundance", "BIC", "AIC")], rel=1e-6)
        assert one.deviance == pytest.approx(float(row["deviance"]), abs=1e-5) and one.df == int(row["df"])


@here
@pytest.mark.parametrize(
    ("name", "total", "low", "high"), [("UKdat_5", 11_313.0, 9_884, 13_027), ("NewOrl_5", 1_034.15, 658.3, 1_708.6)]
)  # fmt: skip
def test_sparse_lists_give_the_published_numbers(name: str, total: float, low: float, high: float) -> None:
    found = estimate(read_overlap(read_table(MSE / f"table_{name}.csv")))
    assert found.best and found.chosen == "stepwise" and found.warnings
    assert found.best.total == pytest.approx(total, rel=1e-3)
    assert found.best.interval == pytest.approx((low, high), rel=1e-3)


@here
def test_the_strata_of_kosovo_are_those_published(capsys: pytest.CaptureFixture[str]) -> None:
    with (KOSOVO / "strata_published.csv").open(encoding="utf-8") as lines:
        published = {row["dtk2"]: row["nsum"] for row in csv.DictReader(lines) if row["nsum"]}
    asked = ["analyse", "estimate", str(KOSOVO / "strata_overlap.csv"), "--strata", "dtk2", "--json"]
    assert main([*asked, "--strata-models", str(KOSOVO / "strata_published.csv")]) == 0
    said = json.loads(capsys.readouterr().out)
    ours = {one["stratum"]: one["N"] for one in said["strata"]}
    assert len(published) == 23 and set(published) == set(ours)
    for stratum, total in published.items():
        assert ours[stratum] == pytest.approx(float(total), rel=0.002), stratum
    assert said["sum"]["observed"] <= said["sum"]["ci"][0] <= said["sum"]["N"] == pytest.approx(sum(ours.values()))


def test_a_maximum_that_does_not_exist_is_told_from_one_that_does() -> None:
    counts = table({"100": 27, "010": 37, "001": 19, "110": 4}).counts
    models = every_model(3)
    why = dict(zip(map(notation, models), judge(counts, models), strict=True))
    assert why == {"[1,2,3]": "", "[13,2]": "", "[23,1]": "", "[13,23]": "", "[12,3]": NO_MAXIMUM, "[12,13]": NO_MAXIMUM,
                   "[12,23]": NO_MAXIMUM, "[12,13,23]": NOT_IDENTIFIED}  # fmt: skip
    _, settled = settle(counts, fit(counts, models))
    assert settled == list(why.values())


@given(st.lists(st.integers(0, 4), min_size=7, max_size=7))
@settings(max_examples=60, deadline=None)
def test_what_newton_reaches_is_what_the_linear_program_allows(cells: list[int]) -> None:
    counts = np.array([0, *cells], dtype=float)
    models = every_model(3)
    fits, why = settle(counts, fit(counts, models))
    assert why == judge(counts, models)
    for place in np.flatnonzero(fits.reached):
        x = design(3)[:, fits.active[place]]
        assert np.allclose((np.where(fits.alive[place], counts, 0) - fits.mu[place]) @ x, 0, atol=1e-4)
        assert has_maximum(x[fits.alive[place]], counts[fits.alive[place]])


@given(st.lists(st.integers(1, 60), min_size=7, max_size=7))
@settings(max_examples=30, deadline=None)
def test_closed_forms_and_order_of_the_lists(cells: list[int]) -> None:
    counts = np.array([0, *cells], dtype=float)
    fits = fit(counts, every_model(3))
    unseen = {notation(model): value for model, value in zip(fits.models, fits.unseen, strict=True)}
    n = {pattern: counts[sum(1 << place for place, on in enumerate(pattern) if on == "1")] for pattern in map("{:03b}".format, range(8))}
    three = n["111"] * n["100"] * n["010"] * n["001"] / (n["110"] * n["101"] * n["011"])
    assert unseen["[12,13,23]"] == pytest.approx(three, rel=1e-6)  # Fienberg 1972
    assert unseen["[12,13]"] == pytest.approx(n["010"] * n["001"] / n["011"], rel=1e-6)
    turned = np.array([counts[(cell & 1) << 2 | (cell >> 1)] for cell in range(8)])
    assert sorted(fit(turned, every_model(3)).unseen) == pytest.approx(sorted(fits.unseen), rel=1e-6)


def test_poisson_fits_are_those_of_another_library() -> None:
    import statsmodels.api as sm

    counts = table(CELLS).counts
    model = read_model("[123,14,34]", tuple("EAOH"))
    x = design(4)[1:][:, sorted({0, *model})]
    theirs = sm.GLM(counts[1:], x, family=sm.families.Poisson()).fit(tol=1e-12)
    ours = fit(counts, [model])
    assert np.log(ours.unseen[0]) == pytest.approx(theirs.params[0], abs=1e-8)
    assert ours.spread[0] == pytest.approx(theirs.bse[0], rel=1e-6)
    assert ours.loglik[0] == pytest.approx(theirs.llf, abs=1e-6)


def test_a_made_population_is_found_again() -> None:
    rng = np.random.default_rng(11)
    on = rng.random((5000, 4)) < [0.4, 0.3, 0.35, 0.25]
    counts = np.bincount(on @ [1, 2, 4, 8], minlength=16).astype(float)
    counts[0] = 0
    found = estimate(Overlap(tuple("ABCD"), counts))
    assert found.averaged_interval and found.averaged_interval[0] < 5000 < found.averaged_interval[1]
    assert found.graphs and found.graphs.low < 5000 < found.graphs.high
    assert found == estimate(Overlap(tuple("ABCD"), counts))


def test_six_lists_are_climbed_to_and_said_so() -> None:
    rng = np.random.default_rng(3)
    on = rng.random((3000, 6)) < 0.25
    on[:, 1] |= on[:, 0] & (rng.random(3000) < 0.5)
    counts = np.bincount(on @ (1 << np.arange(6)), minlength=64).astype(float)
    counts[0] = 0
    found = estimate(Overlap(tuple("ABCDEF"), counts))
    assert found.best and found.best.interval and "[12," in found.best.model
    assert found.averaged_interval and found.averaged_interval[0] < 3000 < found.averaged_interval[1]
    assert any("not all were tried" in one for one in found.warnings)


def test_a_pattern_of_all_lists_may_be_expected_almost_never() -> None:
    """Six lists of persons in slavery in the United Kingdom, 2013 (Silverman 2014, Home Office): published as 10,000 to 13,000.

    Lists that hang together by pairs expect a millionth of a person on all six: small, and not on its way to nought.
    """
    cells = {"100000": 54, "010000": 463, "001000": 907, "000100": 695, "000010": 316, "000001": 57, "110000": 15,
             "101000": 19, "100100": 3, "011000": 56, "010100": 19, "010010": 1, "010001": 3, "001100": 69,
             "001010": 10, "001001": 31, "000110": 8, "000101": 6, "000011": 1, "111000": 1, "110100": 1,
             "011100": 4, "011001": 3, "001101": 1, "111100": 1}  # fmt: skip
    lists = Overlap(tuple("ABCDEF"), table(cells).counts)
    found = estimate(lists)
    assert found.refused is None and found.best and found.best.interval and "share nobody" in found.warnings[0]
    assert found.best.model == "[12,13,24,25,35,36,45]" and found.best.total == pytest.approx(11418.0, abs=0.1)
    assert 9_900 < found.best.interval[0] < 10_050 and 13_000 < found.best.interval[1] < 13_200
    stepped = choose_stepwise(lists.counts)
    assert stepped is not None
    fits = fit(lists.counts, [stepped])
    assert fits.mu[0][fits.alive[0]].min() < 1e-9 * lists.documented


def test_a_pair_that_hangs_together_is_stepped_to() -> None:
    model = choose_stepwise(table(CELLS).counts)
    assert model and notation(model) == "[12,13,14,23,34]"


def test_simple_estimates_and_weights() -> None:
    pairs = {one.lists: one.total for one in compare_pairs(table(CELLS).counts)}
    assert pairs[2, 3] == pytest.approx(5447.36, abs=0.01) and pairs[1, 3] == pytest.approx(9621.88, abs=0.01)
    assert weigh(np.array([10.0, np.inf, 12.0])).tolist() == pytest.approx([0.7310586, 0.0, 0.2689414])
    alike = np.array([0, 40, 40, 20, 40, 20, 20, 10], dtype=float)  # lists independent, chances equal: nothing to correct
    assert unequal_chances(alike)["chao"] == pytest.approx(270, abs=1e-3)


def test_a_stratum_without_an_estimate_counts_as_documented() -> None:
    strata = {
        "one": table({"100": 30, "010": 30, "001": 30, "110": 10, "101": 10, "011": 10, "111": 5}),
        "two": table({"100": 2, "010": 1, "110": 1}),
    }
    layers = estimate_strata(strata, {"one": "(E A)(O)"})
    assert [one.refused is None for one in layers] == [True, False]
    assert layers[0].total == pytest.approx(125 + 30 * 70 / 25)
    assert add_up(layers).total == pytest.approx(layers[0].total + 4)


def test_the_command_says_documented_first_then_the_ladder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "estimate", kosovo(tmp_path), "--population", "killings", "--place", "Kosovo", "--period", "1999"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("At least 4,400 documented: killings, Kosovo, 1999.")
    assert text.index("[123,14,34]") < text.index("Averaged over models")
    assert main(["analyse", "estimate", kosovo(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["observed"] == 4400 and said["refused"] is None and said["best"]["model"] == "[123,14,34]"
    assert set(said["models"][0]) >= {"model", "N", "ci", "bic", "aic", "delta", "weight"} and len(said["models"]) == 113
    assert said["averaged"]["ci"][0] < said["averaged"]["N"] < said["averaged"]["ci"][1]
    assert any("population" in one for one in said["warnings"])


def test_several_linkage_thresholds_stand_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = written(tmp_path, "EXH,ABA,OSCE,HRW,n\n" + "".join(f"{','.join(p)},{n + 9}\n" for p, n in CELLS.items()), "loose.csv")
    assert main(["analyse", "estimate", kosovo(tmp_path), other, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["thresholds"]
    assert [one["file"] for one in said] == ["overlap.csv", "loose.csv"] and said[0]["N"] != said[1]["N"]


PERSONS = "police,ngo,mission,church\n1,0,0,1\n0,1,0,1\n0,0,1,1\n1,1,0,0\n1,0,1,1\n0,1,1,1\n1,1,1,1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ARTIFICIAL, "no maximum exists"),
        ("A,B,n\n1,0,20\n0,1,30\n1,1,5\n", "Fewer than three lists"),
        ("A,n\n1,20\n", "Fewer than three lists"),
        ("A,B,C,n\n1,0,0,20\n0,1,0,30\n0,0,1,5\n", "do not overlap"),
        ("A,B,C,n\n1,0,0,20\n0,1,0,30\n1,1,0,5\n", "nobody is on the list"),
        ("A,B,C,n\n1,0,0,0\n0,1,0,0\n1,1,1,0\n", "Nobody is on any list"),
        ("A,B,C,n\n1,1,1,9\n", "No estimate"),
        ("A,B,C,n\n1,0,0,3000000000000\n0,1,1,5\n1,1,0,7\n", "more than people live"),
        ("A,B,C,n\n1,0,0,2\n1,0,0,3\n", "same pattern as row 2"),
        ("A,B,C,n\n1,0,0,-2\n", "is below 0"),
        ("A,B,C,n\n1,0,0,2.5\n", "not a whole number"),
        ("A,B,C,n\n0,0,0,7\n", "that number is what is asked"),
        ("A,B,C,n\n2,0,0,7\n", "neither 0 nor 1"),
        ("A,B,C,n\n1,0,0,NaN\n", "“NaN” is no count"),
        ("n\n7\n", "one column of 0 and 1"),
        (PERSONS, "church: is read as the count, the last column, and holds only 0 and 1: there is no column of counts"),
        ("A,B,C\n1,0,1\n0,1,1\n1,1,1\n", "C: is read as the count, the last column"),
    ],
)
def test_no_number_where_none_is_due(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str) -> None:
    assert main(["analyse", "estimate", written(tmp_path, text), "--json"]) == 2
    said = capsys.readouterr()
    assert words in json.loads(said.out)["refused"] and words in said.err
    assert json.loads(said.out).get("best") is None
    assert main(["analyse", "estimate", written(tmp_path, text)]) == 2
    said = capsys.readouterr()
    assert words in said.err and not said.out


def test_an_experts_argument_lets_two_lists_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "A,B,n\n1,0,27\n0,1,37\n1,1,4\n")
    assert main(["analyse", "estimate", path, "--independence", "Two teams drew their villages by lot.", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["best"]["N"] == pytest.approx(32 * 42 / 5 - 1) and any("by lot" in one for one in said["warnings"])
    assert main(["analyse", "estimate", path, "--independence", "  "]) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--criterion", "cic"], "say bic or aic"),
        (["--level", "95"], "A level of 95 is none"),
        (["--strata", "week"], "is not a column"),
        (["--strata-models", "x.csv"], "needs --strata"),
    ],
)
def test_a_misspelt_parameter_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    assert main(["analyse", "estimate", kosovo(tmp_path), *options]) == 2
    assert words in capsys.readouterr().err
