"""Link persons: which entries of one list, or of two, may be the same person, and how probable that is.

Splink (an extra) compares the pairs on DuckDB; how much each agreement says is learned from the lists themselves, without labels, by
`fit_pairs`. A model can be kept as JSON and used again: the same model on the same lists gives the same pairs.

The rule it guards: suggestions with a probability come out, and nothing is merged. What was made from names is in memory while this runs
and leaves it in no form; the model holds probabilities of agreements, not a single value of a cell.
"""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.match.block_pairs import EXHAUSTIVE, count_pairs, gather_pairs, order_rules, possible_rules
from fairwitness.analyse.numbers.match.compare_columns import LEAST_SHARE, WEIGHED_BY_RARITY, comparisons
from fairwitness.analyse.numbers.match.fit_pairs import LEAST, Floats, Levels, fit_pairs, log_odds, probability
from fairwitness.analyse.numbers.match.prepare_records import Columns
from fairwitness.analyse.numbers.tell_install import tell_install
from fairwitness.errors import BadInput

Places = NDArray[np.int64]

FLOOR = 0.001
RANDOM_PAIRS = 1_000_000
# Of pairs that are one person, a quarter at least agree in full in a column on the whole; less is no model of persons.
LEAST_SAME = 0.25
FORMAT = "fairwitness-link-1"


@dataclass(frozen=True, slots=True)
class Linked:
    """Pairs that may be one person, the most probable first: `left` and `right` are entries (0-based; those of the second list follow the
    first's), `probability` that they are one person, `weight` its log odds to the base 2. Pairs below FLOOR are not kept.

    candidates: pairs looked at. possible: pairs there could be. model: what was learned, as plain data for JSON.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    probability: NDArray[np.float64]
    weight: NDArray[np.float64]
    candidates: int
    possible: int
    model: dict[str, Any]


def link_persons(lists: Sequence[Columns], kinds: Mapping[str, str], *, seed: int = 1, model: Mapping[str, Any] | None = None,
                 floor: float = FLOOR, progress: Callable[[str], None] = lambda _: None) -> Linked:  # fmt: skip
    """Link one list with itself or two with each other. `lists` come from `prepare_records`; `kinds` is column to kind, in the same order.

    seed: of the random pairs on which chance agreement is measured. model: a kept model; nothing is learned then.
    BadInput where splink is missing, a model does not fit the columns, or the lists cannot be narrowed.
    """
    _needed()
    import duckdb
    import pyarrow as pa
    from splink import DuckDBAPI, Linker

    link = len(lists) == 2
    possible = len(lists[0]["unique_id"]) * len(lists[1]["unique_id"]) if link else math.comb(len(lists[0]["unique_id"]), 2)
    if possible == 0:
        raise BadInput("The list has one entry; there is no pair to compare.")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1").fetchall()
        connection.execute("SET autoinstall_known_extensions = false").fetchall()
        door = DuckDBAPI(connection)
        names = ("list_a", "list_b")[: len(lists)]
        frames = []
        for number, (name, columns) in enumerate(zip(names, lists, strict=True)):
            # An entry's own number may stand in both lists, and may be any text: inside it is its place.
            rows = pa.table({"unique_id": pa.array(range(len(columns["unique_id"])), pa.int64()),
                             **{one: pa.array(cells, pa.string()) for one, cells in columns.items() if one != "unique_id"}})  # fmt: skip
            connection.register(f"arrow_{number}", rows)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow_{number}").fetchall()
            frames.append(door.register(name, dataset_display_name=name))
        progress("counting the pairs that rules would bring")
        linker = Linker(frames, _settings(link, comparisons(kinds)), log_level=50, validate_settings=False)
        if possible > EXHAUSTIVE:
            rules = possible_rules(list(lists[0]), list(kinds.values()))
            gather_pairs(connection, names, order_rules({rule: count_pairs(connection, names, rule) for rule in rules}))
            _hand_over(connection, linker, door, link)
        chance = None
        if model is None:
            progress("measuring agreement by chance")
            linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=seed)
            chance = [_shares(one) for one in linker.misc.save_model_to_json(out_path=None)["comparisons"]]
        # The sample is drawn on one thread, so that a seed gives the same sample; comparing has one answer on any number.
        connection.execute(f"SET threads = {min(os.cpu_count() or 1, 8)}").fetchall()
        progress("comparing the pairs")
        left, right, levels = _compared(linker, len(kinds), len(lists[0]["unique_id"]) if link else 0)
    progress("learning what an agreement says")
    learned = _kept(model, kinds) if model is not None else _learn(levels, chance or [], possible)
    odds = _weigh(left, right, levels, learned, _commonness(lists, kinds)) / math.log(2.0)
    kept = odds >= math.log2(floor / (1.0 - floor))
    order = np.flatnonzero(kept)[np.lexsort((right[kept], left[kept], -odds[kept]))]
    return Linked(left[order], right[order], probability(odds[order] * math.log(2.0)), odds[order], len(left), possible,
                  {"format": FORMAT, "columns": dict(kinds), "seed": seed, **learned})  # fmt: skip


def read_model(text: str) -> dict[str, Any]:
    """A kept model from its JSON. BadInput when it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadInput("This is no model kept by `fairwitness analyse link --save-model`.")
    return found


def _needed() -> None:
    try:
        import pyarrow  # noqa: F401
        import splink  # noqa: F401
    except ImportError as why:
        missing = "Linking persons needs the package splink, which is not installed here. Install it with: {command}"
        raise BadInput(missing, command=tell_install("splink")) from why


def _settings(link: bool, compared: list[dict[str, Any]]) -> dict[str, Any]:
    """Settings as Splink reads them. It looks at every pair, unless pairs are handed to it."""
    return {"link_type": "link_only" if link else "dedupe_only", "unique_id_column_name": "unique_id", "comparisons": compared,
            "blocking_rules_to_generate_predictions": [{"blocking_rule": "1=1", "sql_dialect": "duckdb"}],
            "retain_matching_columns": True, "retain_intermediate_calculation_columns": False, "linker_uid": "fairwitness"}  # fmt: skip


def _hand_over(connection: Any, linker: Any, door: Any, link: bool) -> None:
    """Give Splink the gathered pairs, under the keys it knows entries by."""
    keys = ("'list_a-__-' || l", "'list_b-__-' || r") if link else ("l", "r")
    connection.execute(
        f"CREATE OR REPLACE TABLE gathered AS SELECT '0' AS match_key, {keys[0]} AS join_key_l, {keys[1]} AS join_key_r FROM pairs"
    ).fetchall()
    linker.table_management.register_blocked_pairs_for_predict(door.register("gathered"))


def _shares(comparison: Mapping[str, Any]) -> Floats:
    """How often each level is seen by chance, the fullest agreement first; a level never seen is rare, not impossible."""
    found = np.array(
        [max(float(one.get("u_probability") or 0.0), LEAST) for one in comparison["comparison_levels"] if not one.get("is_null_level")]
    )
    return np.asarray(found / found.sum(), dtype=np.float64)


def _compared(linker: Any, columns: int, first: int) -> tuple[Places, Places, Levels]:
    """Left and right entry of every candidate pair, and its level of agreement per comparison: 0 the fullest, -1 an empty cell.

    first: how many entries the first of two lists has; 0 for one list.
    """
    found = linker.inference.predict(warning_mode="never")
    gammas = [f"gamma_c{place}" for place in range(columns)]
    wanted = ["unique_id_l", "unique_id_r", *gammas, *(["source_dataset_l"] if first else [])]
    rows = linker.misc.query_sql(f"SELECT {', '.join(wanted)} FROM {found.physical_name}").as_pyarrow_table()
    left, right = (np.asarray(rows[one].to_numpy(), dtype=np.int64) for one in ("unique_id_l", "unique_id_r"))
    if first:
        turned = np.asarray(rows["source_dataset_l"].to_numpy(zero_copy_only=False)) == "list_b"
        left, right = np.where(turned, right, left), np.where(turned, left, right) + first
    else:
        left, right = np.minimum(left, right), np.maximum(left, right)
    steps = [len(one["comparison_levels"]) - 2 for one in linker.misc.save_model_to_json(out_path=None)["comparisons"]]
    levels = np.empty((len(left), columns), dtype=np.int64)
    for place, (gamma, most) in enumerate(zip(gammas, steps, strict=True)):
        value = np.asarray(rows[gamma].to_numpy(), dtype=np.int64)
        levels[:, place] = np.where(value < 0, -1, most - value)
    return left, right, levels


def _learn(levels: Levels, chance: list[Floats], possible: int) -> dict[str, Any]:
    """`m`, `u` and the share of pairs that are one person, as plain lists. BadInput where there is no pair to learn from."""
    if not len(levels):
        raise BadInput("No two entries agree in anything they could be found by; there is no pair to weigh.")
    sizes = np.array([len(one) + 1 for one in chance])
    code = np.ravel_multi_index(tuple((levels + 1).T), tuple(sizes)) if np.prod(sizes, dtype=float) < 2**62 else None
    if code is None:
        patterns, counts = np.unique(levels, axis=0, return_counts=True)
    else:
        codes, counts = np.unique(code, return_counts=True)
        patterns = np.stack(np.unravel_index(codes, tuple(sizes)), axis=1).astype(np.int64) - 1
    fit = fit_pairs(patterns, counts.astype(np.float64), chance, float(possible), share=min(0.1, possible**-0.5))
    if float(np.mean([one[0] for one in fit.m])) < LEAST_SAME:
        raise BadInput("The lists do not show what one person's entries have in common: pairs that look alike agree in full in almost "
                       "no column, so that a likeness of columns was learned, not of persons. Give columns that tell persons apart, or a "
                       "model kept from lists that do (--model).")  # fmt: skip
    return {"share": fit.share, "m": [one.tolist() for one in fit.m], "u": [one.tolist() for one in fit.u],
            "expected": fit.expected, "rounds": fit.rounds}  # fmt: skip


def _commonness(lists: Sequence[Columns], kinds: Mapping[str, str]) -> list[Floats | None]:
    """Per comparison, the share of entries that have the entry's value; None where rarity is not weighed. Empty cells have 1."""
    found: list[Floats | None] = []
    for place, kind in enumerate(kinds.values()):
        if kind not in WEIGHED_BY_RARITY:
            found.append(None)
            continue
        cells = [cell for columns in lists for cell in columns[f"c{place}"]]
        heaps = Counter(cell for cell in cells if cell is not None)
        filled = max(heaps.total(), 1)
        found.append(np.array([1.0 if cell is None else heaps[cell] / filled for cell in cells]))
    return found


def _weigh(left: Places, right: Places, levels: Levels, learned: Mapping[str, Any], commonness: Sequence[Floats | None]) -> Floats:
    """Natural log odds per pair: what its agreements say, and for an agreement in full how rare the value is (Winkler 2000)."""
    u = [np.array(one) for one in learned["u"]]
    odds = log_odds(levels, learned["share"], [np.array(one) for one in learned["m"]], u)
    for place, common in enumerate(commonness):
        if common is not None:
            same = levels[:, place] == 0
            share = np.maximum(np.maximum(common[left[same]], common[right[same]]), LEAST_SHARE)
            odds[same] += np.log(max(float(u[place][0]), LEAST)) - np.log(share)
    return odds


def _kept(model: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """What a kept model learned. BadInput where it was learned on other columns."""
    if model.get("columns") != dict(kinds):
        raise BadInput("The kept model was learned on other columns: {theirs}; here there are {ours}.",
                       theirs=", ".join(f"{one} ({kind})" for one, kind in dict(model.get("columns") or {}).items()),
                       ours=", ".join(f"{one} ({kind})" for one, kind in kinds.items()))  # fmt: skip
    steps = [sum(not one.get("is_null_level") for one in each["comparison_levels"]) for each in comparisons(kinds)]
    found: dict[str, Any] = {key: model.get(key) for key in ("share", "m", "u", "expected", "rounds")}
    fits = all(isinstance(found[key], list) and [len(one) for one in found[key] or ()] == steps for key in ("m", "u"))
    if not fits or not isinstance(found["share"], float) or not 0.0 < found["share"] < 1.0:
        raise BadInput("The kept model is damaged; make it again with --save-model.")
    return found
