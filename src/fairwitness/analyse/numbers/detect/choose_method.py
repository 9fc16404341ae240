"""Choose the method: one name and its parameters become one run, and a parameter that method does not know is refused.

The rule it guards: no parameter is ever ignored. A misspelt option once made a published comparison use another threshold than its
authors believed; here an unknown name, an unknown configuration and an option of another method are errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.detect.accumulate_cusum import detect_cusum
from fairwitness.analyse.numbers.detect.compare_years import detect_bayes, detect_rki
from fairwitness.analyse.numbers.detect.detect_ears import detect_ears, first_row
from fairwitness.analyse.numbers.detect.detect_farrington import FarringtonRules, detect_farrington
from fairwitness.analyse.numbers.detect.detect_glr import detect_glr
from fairwitness.analyse.numbers.detect.detect_outbreak_rise import detect_outbreak_rise
from fairwitness.analyse.numbers.detect.name_method import FITS
from fairwitness.analyse.numbers.detect.state_points import Points, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
Given = Mapping[str, Any]

LEAST_ROWS = 8
_FLEXIBLE = {"b": None, "w": 3, "periods": 10, "past_weeks_not_included": 26, "reweight": True, "weights_threshold": 2.58, "trend": True,
             "p_threshold_trend": 1.0, "alpha": 0.05, "threshold_method": "delta", "power_transform": "2/3", "limit54": (5, 4)}  # fmt: skip
_CLASSIC = {"b": None, "w": 3, "reweight": True, "weights_threshold": 1.0, "trend": True, "p_threshold_trend": 0.05, "alpha": 0.05,
            "power_transform": "2/3", "limit54": (5, 4)}  # fmt: skip
_EARS = {"alpha": 0.001, "baseline": 7, "min_sigma": 0.0}
_GLR = {"c_arl": 5.0, "season": 1, "trend": False, "kappa": None, "direction": "inc"}
PARAMETERS: dict[str, dict[str, Any]] = {
    "farrington_flexible": _FLEXIBLE,
    "farrington": _CLASSIC,
    "ears_c1": _EARS,
    "ears_c2": _EARS,
    "ears_c3": _EARS,
    "bayes": {"alpha": 0.05, "b": 2, "w": 4, "act_y": True},
    "bayes1": {"alpha": 0.05, "b": 0, "w": 6, "act_y": True},
    "bayes2": {"alpha": 0.05, "b": 1, "w": 6, "act_y": True},
    "bayes3": {"alpha": 0.05, "b": 2, "w": 4, "act_y": False},
    "rki1": {"b": 0, "w": 6, "act_y": True},
    "rki2": {"b": 1, "w": 6, "act_y": True},
    "rki3": {"b": 2, "w": 4, "act_y": False},
    "cusum": {"k": 1.04, "h": 2.26, "m": None, "transform": "rossi"},
    "glr_pois": _GLR,
    "glr_nb": {**_GLR, "dispersion_alpha": None},
    "outbreakp": {"k": 100.0},
}
CONFIGS: dict[str, dict[str, dict[str, Any]]] = {
    "farrington_flexible": {
        "old": {"periods": 1, "weights_threshold": 1.0, "past_weeks_not_included": 3, "p_threshold_trend": 0.05},
        "improved_delta": {},
        "improved_nbPlugin": {"threshold_method": "nbPlugin"},
        "improved_muan": {"threshold_method": "muan"},
        "improved_delta_a005": {"alpha": 0.005},
        "improved_delta_none": {"power_transform": "none"},
        "improved_delta_half": {"power_transform": "1/2"},
        "notrend_nolimit": {"trend": False, "limit54": (0, 4), "threshold_method": "nbPlugin"},
    },
    "farrington": {"default_b": {}},
    "ears_c1": {"alpha0.001": {}, "alpha0.01": {"alpha": 0.01}, "baseline28_min1": {"baseline": 28, "min_sigma": 1.0}},
    "ears_c2": {"alpha0.001": {}, "alpha0.01": {"alpha": 0.01}},
    "ears_c3": {"alpha0.001": {}, "alpha0.01": {"alpha": 0.01}},
    "bayes": {"b2w4a05": {}},
    "rki3": {"b2w4": {}},
    "cusum": {"k1.04_h2.26_rossi": {}, "k1.04_h2.26_standard": {"transform": "standard"}},
    "glr_pois": {"carl5_kappa.4_S1": {}},
    "glr_nb": {"carl5_S1": {}},
    "outbreakp": {"k100": {}},
}


def choose_parameters(method: str, config: str | None, given: Given, *, frequency: int, rows: int) -> dict[str, Any]:
    """Every parameter of the method: what was given, else what the configuration says, else the published default.

    Monthly series of the flexible family take windows of one month, one period and three months left out; `b` by default is as many
    years as the series allows, at most five, at least a year being left to test.
    """
    if method not in PARAMETERS:
        refuse("method", say("“{name}” is not one; there are {names}.", name=method, names=", ".join([*PARAMETERS, "ours"])))
    known = CONFIGS.get(method, {})
    if config is not None and config not in known:
        refuse("config", say("“{name}” is not a configuration of {method}; it has {names}.", name=config, method=method,
                             names=", ".join(known) or "none"))  # fmt: skip
    for name in given:
        if name == "population" and method not in FITS:
            refuse(name, say("is not a parameter of {method}: only {names} fit a regression, in which a population can be an offset.",
                             method=method, names=", ".join(FITS)))  # fmt: skip
        if name not in PARAMETERS[method] and name != "population":
            refuse(name, say("is not a parameter of {method}; it has {names}.", method=method, names=", ".join(PARAMETERS[method])))
    chosen = {**PARAMETERS[method], **(known[config] if config else {})}
    if method == "farrington_flexible" and frequency == 12:
        chosen |= {"w": 1, "periods": 1, "past_weeks_not_included": 3}
    chosen |= given
    if chosen.get("b", 0) is None:
        chosen["b"] = years_back(rows, frequency)
        if chosen["b"] < 1:
            refuse("b", say("the series has {rows} rows; one year back needs at least {least}.", rows=rows, least=2 * frequency + 30))
    if method in ("bayes", "bayes3", "rki3") and "b" not in given and rows < 3 * frequency:
        chosen["b"] = max(1, min(chosen["b"], years_back(rows, frequency)))
    return chosen


def years_back(rows: int, frequency: int) -> int:
    """The years a series of that length lets one look back: five at most, thirty rows and a year left over."""
    return min(5, (rows - 30) // frequency - 1)


def choose_first(method: str, chosen: Given, *, frequency: int, rows: int) -> int:
    """The first row to test unless one is given: where every method of the comparison has its whole past."""
    if method.startswith("ears"):
        return first_row(method[-2:].upper(), int(chosen["baseline"]))
    if method == "outbreakp":
        return 1
    years = chosen["b"] if method.startswith("farrington") else max(years_back(rows, frequency), int(chosen.get("b", 0)))
    if method in ("cusum", "glr_pois", "glr_nb") and years < 1:
        return max(1, min(rows, frequency + 7))
    common = years * frequency + (4 if frequency == 12 else 7)
    return max(common, int(chosen.get("b", 0)) * frequency + int(chosen.get("w", 0)) + 1)


def least_rows(method: str, chosen: Given, *, frequency: int) -> int:
    """The length below which a series carries no judgement: the whole past of one row and that row, and never fewer than eight.

    Where the rule itself would begin at once: CUSUM needs half a year for its mean unless `m` is given, a likelihood ratio the whole
    year of its season (half without), outbreakP eight rows, as many as the shortest EARS baseline and the row after it.
    """
    half, needed = max(LEAST_ROWS, frequency // 2) + 1, LEAST_ROWS
    if method.startswith("ears"):
        needed = first_row(method[-2:].upper(), int(chosen["baseline"]))
    elif method == "cusum":
        needed = half if chosen.get("m") is None else LEAST_ROWS
    elif method.startswith("glr"):
        needed = frequency + 1 if int(chosen["season"]) > 0 else half
    elif method != "outbreakp":
        needed = int(chosen["b"]) * frequency + int(chosen["w"]) + 1
    return max(LEAST_ROWS, needed)


def check_judged(counts: Numbers, method: str, chosen: Given, *, frequency: int, column: str = "column") -> None:
    """Refuse a series that says nothing: one too short for the method, and one in which nothing ever happened."""
    least = least_rows(method, chosen, frequency=frequency)
    if counts.size < least:
        refuse(column, say("the series has {rows} rows, too few for {method}: it needs at least {least}.", rows=counts.size,
                           method=method, least=least))  # fmt: skip
    if not counts.any():
        refuse(column, say("are nought in every week: nothing shows what is usual. Watch the place beside others: analyse watch."))


def detect(
    counts: Numbers,
    method: str,
    chosen: Given,
    *,
    start: int,
    frequency: int = 52,
    dates: Sequence[date] | None = None,
    population: Numbers | None = None,
    engine: str = "auto",
) -> Points:
    """Run a method of PARAMETERS with all its parameters on a series of counts; rows are tested from `start` (1-based).

    `population` is that of each row, for the Farrington family. `check_judged` says whether the series carries a judgement at all.
    """
    check_series(counts, start)
    own = {name: value for name, value in chosen.items() if name != "population"}
    if method.startswith("farrington"):
        return detect_farrington(counts, _rules(method, own, frequency), start=start, dates=dates, population=population, engine=engine)
    if method.startswith("ears"):
        return detect_ears(counts, method[-2:].upper(), start=start, **own)
    if method.startswith("bayes"):
        return detect_bayes(counts, start=start, frequency=frequency, dates=dates, **own)
    if method.startswith("rki"):
        return detect_rki(counts, start=start, frequency=frequency, dates=dates, **own)
    if method == "cusum":
        return detect_cusum(counts, start=start, **own)
    if method == "outbreakp":
        return detect_outbreak_rise(counts, start=start, **own)
    own["dispersion"] = own.pop("dispersion_alpha", None)
    return detect_glr(counts, start=start, family="negbin" if method == "glr_nb" else "poisson", frequency=frequency, **own)


def _rules(method: str, chosen: Given, frequency: int) -> FarringtonRules:
    return FarringtonRules(
        b=chosen["b"],
        w=chosen["w"],
        periods=chosen.get("periods", 1),
        leave=chosen.get("past_weeks_not_included", 0),
        reweight=chosen["reweight"],
        weights_threshold=chosen["weights_threshold"],
        trend=chosen["trend"],
        p_trend=chosen["p_threshold_trend"],
        alpha=chosen["alpha"],
        threshold=chosen.get("threshold_method", "delta"),
        power=chosen["power_transform"],
        limit=tuple(chosen["limit54"]),
        frequency=frequency,
        classic=method == "farrington",
    )
