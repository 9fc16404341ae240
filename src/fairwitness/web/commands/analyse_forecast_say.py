"""Say a forecast: every unit's chances and intervals, how often such intervals held, and the scores of a file of draws.

The rule it guards: an interval is never printed without its measured past, nor a mean without the parts that carry it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairwitness.web.commands.analyse_say import say_table

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.forecast.foresee import Outlook
    from fairwitness.analyse.numbers.forecast.read_panel import Panel

MOST_LEADS = 12
"""Of more leads than this the table shows the nearest and the last, and says which it leaves out."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def record_of(outlook: Outlook) -> dict[str, Any]:
    """How past forecasts did beside each unit's own last year."""
    own, other = outlook.record.crps, outlook.record.yardstick
    if not own.size:
        return {"forecasts": 0, "crps": None, "crps_last_12": None, "skill": None}
    skill = float(1 - own.mean() / other.mean()) if other.mean() else None
    return {"forecasts": int(own.size), "crps": float(own.mean()), "crps_last_12": float(other.mean()), "skill": skill}


def coverage_of(outlook: Outlook) -> list[dict[str, Any]]:
    """The measured coverage; `past_level` null is all units, "active" all that had any in the last year."""
    return [{"level": one.level, "lead": one.lead, "past_level": one.past_level, "of": one.of, "held": one.held, "share": one.share,
             "share_as_drawn": one.as_drawn / one.of} for one in outlook.covers]  # fmt: skip


def units_of(panel: Panel, origin: int, outlook: Outlook, times: list[str]) -> list[dict[str, Any]]:
    """Every unit's forecasts."""
    import numpy as np

    from fairwitness.analyse.numbers.forecast.draw import LEAST, LEVELS
    from fairwitness.analyse.numbers.forecast.state_chances import chances, sentences

    any_, ten, double = chances(outlook.draws, outlook.year)
    quantiles = np.quantile(outlook.draws, QUANTILES, axis=-1)
    known = np.isfinite(panel.upto(origin)).sum(1)
    units = []
    for at, name in enumerate(panel.units):
        told = sentences(outlook, at)
        forecasts = []
        for place, lead in enumerate(outlook.leads):
            level_now = LEVELS[int(outlook.class_now[at])]
            forecasts.append({
                "lead": lead, "time": times[place],
                "quantiles": {f"{share:g}": float(quantiles[which, at, place]) for which, share in enumerate(QUANTILES)},
                "intervals": [_interval(outlook, which, at, place, lead, level_now) for which in range(len(outlook.levels))],
                "chance_any": float(any_[at, place]), "chance_over_10": float(ten[at, place]),
                "chance_doubling": None if np.isnan(double[at, place]) else float(double[at, place]), "sentence": told[place],
            })  # fmt: skip
        units.append({"unit": name, "past_level": LEVELS[int(outlook.class_now[at])], "year_mean": float(outlook.year[at]),
                      "pooled_only": bool(known[at] < LEAST), "forecasts": forecasts})  # fmt: skip
    return units


def _interval(outlook: Outlook, which: int, unit: int, place: int, lead: int, past_level: str) -> dict[str, Any]:
    """One interval, and how often its like held."""
    cover = outlook.cover(outlook.levels[which], lead, past_level)
    return {"level": outlook.levels[which], "low": float(outlook.low[which, unit, place]), "high": float(outlook.high[which, unit, place]),
            "calibrated": bool(outlook.calibrated[which, unit, place]), "held_before": cover.share if cover else None,
            "of": cover.of if cover else 0}  # fmt: skip


def say_outlook(panel: Panel, outlook: Outlook, times: list[str]) -> None:
    """The units with a past, lead by lead; then the quiet ones in a line; then how often intervals held."""
    import numpy as np

    from fairwitness.analyse.numbers.forecast.state_chances import chances, percent

    any_, ten, double = chances(outlook.draws, outlook.year)
    leads = len(outlook.leads)
    shown = list(range(leads)) if leads <= MOST_LEADS else [*range(MOST_LEADS - 1), leads - 1]
    rows = []
    for at in np.flatnonzero(outlook.class_now > 0):
        for place in shown:
            low, high = outlook.low[:, at, place], outlook.high[:, at, place]
            ends = [f"{one:,.0f}–{other:,.0f}" for one, other in zip(low, high, strict=True)]
            doubling = None if np.isnan(double[at, place]) else percent(double[at, place])
            rows.append([panel.units[at], times[place], *ends, percent(any_[at, place]), percent(ten[at, place]), doubling])
    heads = [f"{level * 100:g} % interval" for level in outlook.levels]
    say_table(["unit", "period", *heads, "any", "over ten", "twice the last year's mean"], rows)
    if leads > len(shown):
        left = times[MOST_LEADS - 1 : leads - 1]
        span = left[0] if len(left) == 1 else f"{left[0]} to {left[-1]}"
        print(f"\nLeft out of this table: {span} ({len(left)} of {leads} periods); --json and --out have them all.")
    quiet = np.flatnonzero(outlook.class_now == 0)
    if quiet.size:
        chance = any_[quiet][:, shown]
        words = f"{percent(chance.min())} to {percent(chance.max())}"
        print(f"\n{quiet.size} units with nothing in the last year: the chance of any in one period is {words}.")
    print("\nHow often such intervals held at past origins, with what was known then (active: any in the last year):")
    told = [[f"{one.level * 100:g} %", one.past_level or "all", "all" if one.lead is None else str(one.lead), one.held, one.of,
             f"{100 * one.held / one.of:.1f} %", f"{100 * one.as_drawn / one.of:.1f} %"]
            for one in outlook.covers if one.lead is None or one.past_level == "active"]  # fmt: skip
    say_table(["level", "past level", "lead", "held", "of", "held %", "before calibration"], told)
    record = record_of(outlook)
    if record["forecasts"]:
        own, other = record["crps"], record["crps_last_12"]
        print(f"\nPast forecasts: {record['forecasts']:,}; mean CRPS {own:.3f}, of the units' own last year {other:.3f}.")
    print(f"Data as of the file {panel.table.name}, sha256 {panel.table.digest[:16]}…; later revisions change every figure.")


def say_scores(result: dict[str, Any], levels: list[float]) -> None:
    """All together, then by lead and by level, then the ten units that weigh most."""
    heads = ["n", "CRPS", "fair", "CRPS log1p", "log score", *(f"score {100 * level:g} %" for level in levels),
             *(f"held {100 * level:g} %" for level in levels)]  # fmt: skip

    def line(name: str, one: dict[str, Any]) -> list[Any]:
        return [name, one["n"], one["crps"], one["crps_fair"], one["crps_log1p"], one["log_score"],
                *one["interval_score"].values(), *(f"{100 * share:.1f} %" for share in one["coverage"].values())]  # fmt: skip

    rows = [line("all", result)]
    if "against" in result:
        rows.append(line("against", result["against"]))
    rows += [line(f"lead {one['lead']}", one) for one in result["by_lead"]] or [line(one["time"], one) for one in result["by_time"]]
    rows += [line(f"level {one['level']}", one) for one in result["by_level"]]
    say_table(["", *heads], rows)
    print("\nUnits that weigh most (skill against the second file, or against “nothing will happen”):")
    say_table(["unit", "n", "CRPS", "skill"], [[one["unit"], one["n"], one["crps"], one["skill"]] for one in result["by_unit"][:10]])
    print(f"\nSeen: vintage sha256 {result['vintage'][:16]}…; a later vintage gives other scores.")
