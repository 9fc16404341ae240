"""Estimate the total behind overlapping lists, or say why there is none: the ladder of models, the averaged interval, the refusal.

The rule it guards: "if an appropriate identifying assumption cannot be found, no estimate should be produced" (Aleshin-Guendel, Sadinle and
Wakefield 2024, Biostatistics; arXiv:2101.09304). First comes what is documented; the headline is the averaged interval, never one model's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from scipy.special import gammaln, ndtri, xlogy

from fairwitness.analyse.numbers.estimate.average_graphs import MOST_LISTS, Averaged, average_graphs
from fairwitness.analyse.numbers.estimate.average_models import average, weigh
from fairwitness.analyse.numbers.estimate.bound_profile import Profile, bound
from fairwitness.analyse.numbers.estimate.choose_stepwise import choose_stepwise, climb_pairs
from fairwitness.analyse.numbers.estimate.compare_pairs import chapman, compare_pairs, unequal_chances
from fairwitness.analyse.numbers.estimate.fit_models import Fits, Floats, Heard, fit
from fairwitness.analyse.numbers.estimate.judge_existence import parts, settle
from fairwitness.analyse.numbers.estimate.lay_models import MOST_ENUMERATED, Model, every_model, members, notation, size
from fairwitness.analyse.numbers.estimate.read_overlap import Overlap
from fairwitness.errors import BadInput, say

LADDER = 10.0
PROFILED, PROFILED_OF_MANY = 200, 24
"""How many models get a profile interval; with more than six lists a profile takes seconds, and fewer do."""
MOST_DOCUMENTED = 1e10
"""More people than live: such a column is no count of persons, and the arithmetic of intervals ends there."""
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rung:
    """One model of the ladder: its total (Poisson maximum), profile interval, criteria, distance from the best and weight by the
    criterion."""

    model: str
    total: float
    interval: Interval | None
    bic: float | None
    aic: float | None
    delta: float = 0.0
    weight: float = 1.0
    deviance: float | None = None
    df: int | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the overlap allows to be said. `refused` is the reason when there is no estimate; then only `observed` and `sizes` hold numbers.

    `chosen` says how `best` was chosen; `averaged` and its interval hear BIC and AIC weights both; `graphs` is the second opinion;
    `context` holds
    simple estimates; `fitted` counts models with a number, `left_out` those without, by reason.
    """

    observed: float
    sizes: dict[str, float]
    refused: str | None = None
    best: Rung | None = None
    chosen: str = ""
    models: list[Rung] = field(default_factory=list)
    averaged: float | None = None
    averaged_interval: Interval | None = None
    by_weights: dict[str, Interval] = field(default_factory=dict)
    graphs: Averaged | None = None
    context: dict[str, float | Interval] = field(default_factory=dict)
    fitted: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def estimate(
    overlap: Overlap, *, criterion: str = "bic", level: float = 0.95, independence: str = "", heard: Heard | None = None
) -> Estimate:
    """Estimate the total from an overlap. `criterion` is bic or aic; `independence` is an expert's written argument that lets two lists
    stand.

    BadInput for a parameter that is none; a table that allows no estimate is not an error: the result says `refused`.
    """
    if criterion not in ("bic", "aic"):
        raise BadInput("“{criterion}” is not a criterion; say bic or aic.", criterion=criterion)
    if not 0.5 <= level < 1:
        raise BadInput("A level of {level} is none; say a number from 0.5 to below 1, such as 0.95.", level=f"{level:g}")
    reason = refuse(overlap, independence)
    if reason:
        return Estimate(overlap.documented, overlap.sizes, refused=reason)
    n = overlap.documented
    if len(overlap.names) == 2:
        return _two(overlap, level, independence)
    sparse = _shares_nobody(overlap)
    pairs_only = bool(sparse) or len(overlap.names) > MOST_ENUMERATED
    stepped = choose_stepwise(overlap.counts) if pairs_only else None
    fits, reasons = settle(overlap.counts, fit(overlap.counts, _candidates(overlap.counts, pairs_only, stepped, heard), heard))
    if not fits.reached.any() or (pairs_only and stepped is None):
        return Estimate(n, overlap.sizes, refused=say("No estimate: {why}.", why=Counter(reasons).most_common(1)[0][0]))
    found = _ladder(overlap, fits, reasons, stepped, sparse, criterion, level)
    if found.best and found.best.interval and not np.isfinite(found.best.interval[1]):
        return Estimate(n, overlap.sizes, refused=say("No estimate: the lists set no upper end to the number; it is not identifiable."))
    return found


def refuse(overlap: Overlap, independence: str = "") -> str | None:
    """Why these lists allow no estimate whatever the model, or None."""
    counts, names = overlap.counts, overlap.names
    empty = [name for name, number in overlap.sizes.items() if number == 0]
    if overlap.documented <= 0:
        return say("Nobody is on any list; nothing can be estimated from nothing.")
    if overlap.documented > MOST_DOCUMENTED:
        return say("{documented:.0f} are documented, more than people live: is the last column the count?", documented=overlap.documented)
    if empty:
        return say("{lists}: nobody is on the list. Leave it out.", lists=", ".join(empty))
    if len(names) < 2 or (len(names) == 2 and not independence.strip()):
        return say("Fewer than three lists: whether two lists are independent cannot be seen in them, and the number hangs on it. "
                   "An expert may write down why they are independent (--independence).")  # fmt: skip
    apart = parts(counts)
    if len(apart) > 1:
        groups = " | ".join(" ".join(names[one - 1] for one in members(mask)) for mask in apart)
        return say("The lists do not overlap: {groups} share nobody, so no maximum exists or it is not identifiable. "
                   "Settle who is named twice first, or leave out the list that stands alone.", groups=groups)  # fmt: skip
    return None


def _shares_nobody(overlap: Overlap) -> list[str]:
    at = np.arange(len(overlap.counts))
    pairs = [mask for mask in range(len(overlap.counts)) if size(mask) == 2 and overlap.counts[at & mask == mask].sum() == 0]
    return ["–".join(overlap.names[one - 1] for one in members(mask)) for mask in pairs]


def _candidates(counts: Floats, pairs_only: bool, stepped: Model | None, heard: Heard | None) -> tuple[Model, ...]:
    lists = len(counts).bit_length() - 1
    if not pairs_only:
        return every_model(lists)
    if lists > MOST_ENUMERATED:
        return climb_pairs(counts, stepped, heard=heard) if stepped else ()
    return tuple(model for model in every_model(lists) if all(size(mask) <= 2 for mask in model))


def _ladder(
    overlap: Overlap, fits: Fits, reasons: list[str], stepped: Model | None, sparse: list[str], criterion: str, level: float
) -> Estimate:
    n = overlap.documented
    bic = np.where(fits.reached, -2 * fits.loglik + fits.parameters * np.log(n), np.inf)
    aic = np.where(fits.reached, -2 * fits.loglik + 2 * fits.parameters, np.inf)
    ruling = bic if criterion == "bic" else aic
    order = np.argsort(ruling, kind="stable")[: int(fits.reached.sum())]
    totals = n + fits.unseen
    wanted = order if len(order) <= PROFILED else order[(ruling[order] - ruling.min() <= LADDER) | (aic[order] - aic.min() <= LADDER)]
    profile = _intervals(overlap.counts, fits, np.minimum(bic - bic.min(), aic - aic.min()), level)
    weight = weigh(ruling)
    deviance = 2 * (_saturated(overlap.counts) - fits.loglik)
    rungs = {
        int(place): Rung(notation(fits.models[place]), float(totals[place]), (float(profile.low[place]), float(profile.high[place])),
                         float(bic[place]), float(aic[place]), float(ruling[place] - ruling.min()), float(weight[place]),
                         float(deviance[place]), int(len(overlap.counts) - 1 - fits.parameters[place]))
        for place in wanted
    }  # fmt: skip
    best, chosen = rungs[int(order[0])], criterion
    if stepped is not None:
        place = fits.models.index(stepped)
        best, chosen = _stepped(rungs.get(place), fits, place, n, float(bic[place]), float(aic[place]), level), "stepwise"
    return _said(overlap, fits, reasons, rungs, best, chosen, (bic, aic), profile, sparse, level)


def _intervals(counts: Floats, fits: Fits, distance: Floats, level: float) -> Profile:
    """Profile intervals of the models nearest to the best; the rest, which weigh little: normal on the logarithm of the unseen."""
    n, reach = float(counts.sum()), ndtri((1 + level) / 2) * np.where(fits.reached, fits.spread, np.nan)
    found = Profile(n + fits.unseen, n + fits.unseen * np.exp(-reach), n + fits.unseen * np.exp(np.minimum(reach, 50.0)))
    most = PROFILED if len(counts) <= 64 else PROFILED_OF_MANY
    near = np.argsort(distance, kind="stable")[: min(most, int(fits.reached.sum()))]
    exact = bound(counts, [fits.models[place] for place in near], fits.unseen[near], level)
    found.peak[near], found.low[near], found.high[near] = exact.peak, exact.low, exact.high
    return found


def _said(
    overlap: Overlap, fits: Fits, reasons: list[str], rungs: dict[int, Rung], best: Rung, chosen: str, criteria: tuple[Floats, Floats],
    profile: Profile, sparse: list[str], level: float,
) -> Estimate:  # fmt: skip
    n, totals = overlap.documented, overlap.documented + fits.unseen
    bounded = np.isfinite(profile.peak)
    weights = [np.where(bounded, weigh(one), 0.0) for one in criteria]
    mixed = [average(n, totals, profile, one, level) for one in weights]
    interval = (min(one.low for one in mixed), max(one.high for one in mixed))
    whole = bool((overlap.counts == np.floor(overlap.counts)).all())
    pairs = [pair.total for pair in compare_pairs(overlap.counts)]
    context: dict[str, float | Interval] = {**unequal_chances(overlap.counts), "chapman": (min(pairs), max(pairs))}
    return Estimate(
        n, overlap.sizes, None, best, chosen, list(rungs.values()), mixed[0].total, interval,
        {"bic": (mixed[0].low, mixed[0].high), "aic": (mixed[1].low, mixed[1].high)},
        average_graphs(overlap.counts, level=level) if whole and len(overlap.names) <= MOST_LISTS else None,
        context, int(fits.reached.sum()), dict(Counter(one for one in reasons if one)), _warnings(overlap, best, interval, sparse, chosen),
    )  # fmt: skip


def _warnings(overlap: Overlap, best: Rung, interval: Interval, sparse: list[str], chosen: str) -> list[str]:
    found: list[str] = []
    if sparse:
        words = (
            "These lists share nobody: {pairs}. Only dependences of two lists are tried, step by step (Chan, Silverman and Vincent 2021)."
        )
        found.append(say(words, pairs=", ".join(sparse)))
    elif chosen == "stepwise":
        words = "More than {most} lists: dependences of two lists only, climbed to from the stepwise model; not all were tried."
        found.append(say(words, most=MOST_ENUMERATED))
    shared = overlap.documented - sum(overlap.counts[1 << one] for one in range(len(overlap.names)))
    if shared < 10:
        found.append(say("Only {shared:g} are on more than one list; the number hangs on each of them.", shared=float(shared)))
    if not np.isfinite(interval[1]) or (best.interval and not np.isfinite(best.interval[1])):
        found.append(say("The lists set no upper end to the number."))
    elif interval[1] > 3 * max(interval[0], 1.0):
        found.append(say("The upper end is more than three times the lower: the lists do not settle how many there were."))
    return found


def _stepped(rung: Rung | None, fits: Fits, place: int, n: float, bic: float, aic: float, level: float) -> Rung:
    """The stepwise model with the interval it is published with: normal on the logarithm of the unseen number."""
    unseen, reach = float(fits.unseen[place]), float(ndtri((1 + level) / 2) * fits.spread[place])
    ends = (n + unseen * float(np.exp(-reach)), n + unseen * float(np.exp(reach)))
    return Rung(notation(fits.models[place]), n + unseen, ends, bic, aic, rung.delta if rung else LADDER, rung.weight if rung else 0.0)


def _saturated(counts: Floats) -> float:
    seen = counts[1:]
    return float((xlogy(seen, seen) - seen - gammaln(seen + 1)).sum())


def _two(overlap: Overlap, level: float, independence: str) -> Estimate:
    one, other = overlap.sizes.values()
    total, error = chapman(one, other, float(overlap.counts[3]))
    n = overlap.documented
    unseen = max(total - n, 1e-9)
    reach = float(np.exp(ndtri((1 + level) / 2) * np.sqrt(np.log1p((error / unseen) ** 2))))
    best = Rung("[1,2]", total, (n + unseen / reach, n + unseen * reach), None, None)
    words = say("Two lists only, taken as independent on this written argument: {argument}", argument=independence.strip())
    return Estimate(n, overlap.sizes, None, best, "chapman", [best], fitted=1, warnings=[words])
