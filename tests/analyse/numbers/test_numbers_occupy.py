"""Occupancy and N-mixtures: the published estimates, the truth of simulated visits, and *not identified* where it is so."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from fairwitness.analyse.numbers.occupy.fit_visits import fit_visits, log_likelihood
from fairwitness.analyse.numbers.occupy.read_visits import Visits, choose_visits, read_visits
from fairwitness.analyse.numbers.occupy.state_share import state_share
from fairwitness.analyse.numbers.read_table import read_table
from fairwitness.errors import BadInput
from fairwitness.web.cli import main

REFERENCE = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "reference" / "spatial"
given = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference data are not here")


def plain(found: np.ndarray, offset: np.ndarray | None = None) -> Visits:
    return Visits(found.astype(float), np.ones((len(found), 1)), np.ones((*found.shape, 1)), offset)


def simulated(model: str, sites: int = 300, times: int = 5) -> np.ndarray:
    rng = np.random.default_rng(7)
    if model == "occupancy":
        held = (rng.random(sites) < 0.4).astype(int)
    elif model == "poisson":
        held = rng.poisson(3.0, sites)
    elif model == "nb":
        held = rng.negative_binomial(2.0, 2.0 / (2.0 + 3.0), sites)
    else:
        held = np.where(rng.random(sites) < 0.3, 0, rng.poisson(4.0, sites))
    return rng.binomial(held[:, None], 0.5, (sites, times)).astype(float)


@given
def test_crossbill_as_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "occupancy", str(REFERENCE / "crossbill.csv"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["psi"] == pytest.approx(0.36677, abs=1e-4)
    assert said["p"] == pytest.approx(0.35573, abs=1e-4)
    assert said["naive"] == pytest.approx(0.2571, abs=1e-4)
    assert said["logLik"] == pytest.approx(-253.626904, abs=1e-5)
    assert said["coefficients"][0]["se"] == pytest.approx(0.217523, abs=1e-4)
    assert said["identified"] is True
    assert said["refused"] is None


@given
def test_crossbill_with_covariates_as_published() -> None:
    table = read_table(REFERENCE / "crossbill.csv")
    fit = fit_visits(read_visits(table, ["det991", "det992", "det993"], covariates=["ele", "ele^2", "forest"]))
    assert np.allclose(fit.theta, [0.337222, 1.366486, -1.272707, 0.523660, -0.621363], atol=1e-3)
    assert np.allclose(np.sqrt(np.diag(fit.covariance)), [0.473415, 0.315463, 0.385132, 0.252378, 0.219474], atol=1e-3)
    assert fit.log_likelihood == pytest.approx(-227.759036, abs=1e-3)


@given
def test_frogs_are_not_identified(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "occupancy", str(REFERENCE / "frogs_pfer_y.csv"), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["identified"] is False
    assert said["psi"] is None
    assert said["p"] is None
    assert said["naive"] == pytest.approx(43 / 130)
    assert "Not identified" in said["refused"]


@pytest.mark.parametrize(("model", "truth"), [("occupancy", 0.4), ("poisson", 3.0), ("nb", 3.0), ("zip", 2.8)])
def test_the_truth_of_simulated_visits_lies_in_the_interval(model: str, truth: float) -> None:
    said = state_share(plain(simulated(model, 150, 4)), model, most=40 if model != "occupancy" else None)
    name = "psi" if model == "occupancy" else "abundance"
    assert said["identified"], said["refused"]
    assert said["ci"][name][0] < truth < said["ci"][name][1]
    assert said["ci"]["p"][0] < 0.5 < said["ci"]["p"][1]


@pytest.mark.parametrize("model", ["occupancy", "poisson", "nb", "zip"])
@pytest.mark.parametrize("effort", [False, True])
def test_the_gradient_is_the_slope(model: str, effort: bool) -> None:
    found = simulated(model, 12, 3)
    found[0, 1] = np.nan
    rng = np.random.default_rng(1)
    visits = Visits(
        found,
        np.stack([np.ones(12), rng.normal(size=12)], 1),
        np.stack([np.ones((12, 3)), rng.normal(size=(12, 3))], 2),
        rng.normal(size=(12, 3)) / 3 if effort else None,
    )
    theta = np.array([0.3, 0.2, -0.4, 0.5, *([0.4] if model in ("nb", "zip") else [])])
    slope = log_likelihood(theta, visits, model, 30)[1]
    for place in range(len(theta)):
        step = np.zeros(len(theta))
        step[place] = 1e-6
        rise = log_likelihood(theta + step, visits, model, 30)[0] - log_likelihood(theta - step, visits, model, 30)[0]
        assert slope[place] == pytest.approx(rise / 2e-6, abs=1e-5)


def test_an_n_mixture_of_one_kind_adds_up_to_one() -> None:
    from scipy.special import logsumexp

    from fairwitness.analyse.numbers.occupy.weigh_states import weigh_states

    for model in ("poisson", "nb", "zip"):
        log_f = weigh_states(model, np.array([0.5, 1.0]), np.array([0.3]), 400)[0]
        assert np.allclose(logsumexp(log_f, axis=1), 0.0, atol=1e-9)


def test_effort_that_is_the_same_everywhere_changes_nothing_and_unequal_effort_does() -> None:
    found = simulated("occupancy", 120, 4)
    without = state_share(plain(found))
    same = state_share(plain(found, np.zeros_like(found)))
    assert same["psi"] == pytest.approx(without["psi"], abs=1e-5)
    assert same["p"] == pytest.approx(without["p"], abs=1e-5)
    rng = np.random.default_rng(5)
    effort = rng.choice([0.25, 2.0], size=(600, 3))
    held = rng.random(600) < 0.5
    seen = (held[:, None] & (rng.random((600, 3)) < 1 - 0.5**effort)).astype(float)
    told = state_share(plain(seen, np.log(effort / effort.mean())))
    assert told["ci"]["psi"][0] < 0.5 < told["ci"]["psi"][1]
    assert told["logLik"] > state_share(plain(seen))["logLik"] + 10


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["0,0", "0,0"], "nothing was found"),
        (["1,0", "0,1"], "found at every site"),
        (["1,1", "0,0"], "every visit to a site"),
        (["1,NA", "NA,0"], "no site was visited twice"),
        (["NA,NA", "NA,NA"], "nobody visited"),
    ],
)
def test_visits_that_cannot_tell_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[str], words: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text("v1,v2\n" + "\n".join(rows * 6) + "\n", encoding="utf-8")
    assert main(["analyse", "occupancy", str(path), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert words in said["refused"]
    assert said["psi"] is None
    assert main(["analyse", "occupancy", str(path)]) == 2
    plain_said = capsys.readouterr()
    assert words in plain_said.err and "naive" in plain_said.err and not plain_said.out


def test_counts_that_hardly_vary_grow_without_bound() -> None:
    """Negative covariance between visits: Poisson abundance runs away (Dennis, Morgan & Ridout 2015)."""
    found = np.array([[3, 1], [1, 3], [2, 2], [0, 4], [4, 0], [2, 1], [1, 2], [3, 2]] * 3, dtype=float)
    said = state_share(plain(found), "poisson", most=60)
    assert not said["identified"]
    assert said["abundance"] is None


def test_a_site_column_and_effort_through_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, rng = simulated("occupancy", 60, 3), np.random.default_rng(2)
    effort = rng.uniform(0.5, 3, found.shape)
    lines = ["site,v1,v2,v3,h1,h2,h3"]
    for row in range(60):
        lines.append(",".join([f"S{row}", *(f"{one:g}" for one in found[row]), *(f"{one:.3f}" for one in effort[row])]))
    path = tmp_path / "h.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["analyse", "occupancy", str(path), "--effort", "h1,h2,h3", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ci"]["psi"][0] < said["psi"] < said["ci"]["psi"][1]
    assert main(["analyse", "occupancy", str(path)]) == 0
    assert "naive" in capsys.readouterr().out
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    assert main(["analyse", "occupancy", str(path)]) == 2
    assert "stands twice" in capsys.readouterr().err


def test_a_cell_that_is_no_visit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text("v1,v2\n0,1\n2,0\n", encoding="utf-8")
    with pytest.raises(BadInput, match="row 3, v1"):
        choose_visits(read_table(path), [])
    path.write_text("v1,v2,h1,h2\n0,1,2,0\n", encoding="utf-8")
    with pytest.raises(BadInput, match="visit without effort"):
        read_visits(read_table(path), ["v1", "v2"], effort=["h1", "h2"])


@pytest.mark.parametrize(
    "names",
    ["y1 y2 y3", "y y1 y2", "visit_1 visit_2 visit_3", "2021-05-01 2021-05-14 2021-06-02", "3May 14May 2Jun", "1.5. 14.5. 2.6.", "a b c",
     "det991 det992 det993", "visit_a visit_b visit_c", "first second third", "Visit I|Visit II|Visit III", "y.1 y.2 y.10", "1 2 3",
     "May June July", "May 2021|June 2021|July 2021", "first visit|second visit|third visit"],
)  # fmt: skip
def test_visits_named_alike_are_taken_without_being_asked(tmp_path: Path, names: str) -> None:
    columns = names.split("|") if "|" in names else names.split()
    path = tmp_path / "h.csv"
    path.write_text(f"site,{','.join(columns)}\ns,0,1,NA\nt,1,0,1\n", encoding="utf-8")
    assert choose_visits(read_table(path), ["site"]) == columns


@pytest.mark.parametrize(
    ("names", "example"),
    [
        ("near_road y1 y2", "y1 y2"),
        ("y1 y2 wet1", "y1 y2"),
        ("water det991 det992", "det991 det992"),
        ("near_road wet old", "near_road wet old"),
        ("marsh 2021-05-01 2021-05-14", "2021-05-01 2021-05-14"),
        ("april_flood v1 v2", "v1 v2"),
    ],
)
def test_a_property_of_the_site_is_not_taken_for_a_visit(tmp_path: Path, names: str, example: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text(f"site,{names.replace(' ', ',')}\ns,0,1,NA\nt,1,0,1\n", encoding="utf-8")
    with pytest.raises(BadInput) as why:
        choose_visits(read_table(path), ["site"])
    assert f"--visits {example}." in str(why.value).replace("'", "")


@given
def test_crossbill_with_a_road_beside_the_visits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (REFERENCE / "crossbill.csv").read_text(encoding="utf-8").strip().split("\n")
    path = tmp_path / "h.csv"
    path.write_text(
        "\n".join([lines[0] + ",near_road", *(f"{line},{at % 2}" for at, line in enumerate(lines[1:]))]) + "\n", encoding="utf-8"
    )
    assert main(["analyse", "occupancy", str(path), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert "--visits det991 det992 det993" in said["refused"]
    assert main(["analyse", "occupancy", str(path), "--visits", "det991", "det992", "det993", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["psi"] == pytest.approx(0.36677, abs=1e-4)
