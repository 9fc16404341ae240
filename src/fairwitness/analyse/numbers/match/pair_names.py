"""Pair names: which names of one list may be of one person, by the names alone, in whatever spelling, and how probable that is.

Two names are compared by their first and last words, in the order that agrees better, each folded by `fold_names` and compared by the
measure of Jaro and Winkler (Winkler 1990). A pair is weighed as Fellegi and Sunter (1969) do: how often chance brings such an agreement is
measured on the list, and an agreement counts the less the more entries have the word (Winkler 2000); how often one person's two entries
agree is an opinion (`SAME`), for without labels two columns cannot teach it; how many pairs are one person is found by expectation and
maximisation.

The rule it guards: names come in, places in the list and probabilities go out. No key, no script and no language is returned, and nothing
is written anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.match.fit_pairs import Floats
from fairwitness.analyse.numbers.match.fold_names import fold_name
from fairwitness.analyse.numbers.tell_install import tell_install
from fairwitness.errors import BadInput

EDGES = (0.999, 0.92, 0.8)
"""Levels of agreement of two words: the same key, nearly, somewhat; below the last another word."""
MOST = 1500
ROUNDS = 500
FLOOR = 0.1
TURNED = 0.3
"""By how much the other order of words must agree better to be taken."""
SAME = np.array([0.78, 0.12, 0.05, 0.05])
"""How often the words of one person's two entries agree at each level."""
# How often chance gives each level, before anything is counted; worth so many pairs.
CHANCE = np.array([0.005, 0.005, 0.03, 0.96])
OPINION_OF_CHANCE = 200.0
# Bearers of a word among so many entries, before any is counted.
OPINION_OF_WORDS = (0.5, 25.0)

Pair = tuple[int, int, float]


def pair_names(names: Sequence[str], *, floor: float = FLOOR) -> list[Pair]:
    """Pairs of places in the list (0-based, the lesser first) with the probability that both are one person, the most probable first.

    Pairs below `floor` are left out, and names without a letter have no pair. BadInput for more than 1,500 names, or without the extra
    `linkage`. A name that many bear says little: two entries of it may still be two persons.
    """
    if len(names) > MOST:
        raise BadInput("There are {count} names, and {most} is the most that are compared with each other at once.",
                       count=f"{len(names):,}", most=f"{MOST:,}")  # fmt: skip
    folded = [fold_name(name).split() for name in names]
    filled = [number for number, words in enumerate(folded) if words]
    if len(filled) < 2:
        return []
    levels, common, left, right = _compare([folded[number] for number in filled])
    chance = _weigh(levels, common)
    kept = np.flatnonzero(chance >= floor)
    order = kept[np.lexsort((right[kept], left[kept], -chance[kept]))]
    return [(filled[int(left[one])], filled[int(right[one])], float(chance[one])) for one in order]


def _compare(folded: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Per pair: levels of agreement of first and last words, how common the words are, and the two places."""
    vocabulary = sorted({word for words in folded for word in words})
    place = {word: number for number, word in enumerate(vocabulary)}
    alike = _likeness(vocabulary)
    first = np.array([place[words[0]] for words in folded], dtype=np.int64)
    last = np.array([place[words[-1]] for words in folded], dtype=np.int64)
    single = np.array([len(words) == 1 for words in folded])
    bearers = np.bincount(np.concatenate([first, last[~single]]), minlength=len(vocabulary))
    left, right = np.triu_indices(len(folded), 1)
    straight = np.stack([alike[first[left], first[right]], alike[last[left], last[right]]], axis=1)
    crossed = np.stack([alike[first[left], last[right]], alike[last[left], first[right]]], axis=1)
    turned = crossed.sum(axis=1) > straight.sum(axis=1) + TURNED
    score = np.where(turned[:, None], crossed, straight)
    theirs = np.where(turned[:, None], np.stack([last[right], first[right]], axis=1), np.stack([first[right], last[right]], axis=1))
    most = np.maximum(bearers[np.stack([first[left], last[left]], axis=1)], bearers[theirs])
    levels = (score[:, :, None] < np.array(EDGES)).sum(axis=2).astype(np.int64)
    # A word as others bear it: those of the pair itself say nothing of chance. In a short list an opinion stands in.
    others = np.maximum(most - np.where(levels == 0, 2, 1), 0)
    common = (others + OPINION_OF_WORDS[0]) / (len(folded) + OPINION_OF_WORDS[1])
    levels[single[left] | single[right], 1] = -1  # one word says nothing of the other
    return levels, common, left.astype(np.int64), right.astype(np.int64)


def _likeness(vocabulary: Sequence[str]) -> Floats:
    try:
        from rapidfuzz.distance import JaroWinkler
        from rapidfuzz.process import cdist
    except ImportError as why:
        missing = "Comparing names needs the package rapidfuzz, which is not installed here. Install it with: {command}"
        raise BadInput(missing, command=tell_install("rapidfuzz")) from why
    return np.asarray(cdist(vocabulary, vocabulary, scorer=JaroWinkler.similarity, dtype=np.float32), dtype=np.float32)


def _weigh(levels: NDArray[np.int64], common: Floats) -> Floats:
    """The probability of each pair."""
    ratio = np.ones(len(levels))
    for column in range(2):
        seen = levels[:, column]
        heap = np.bincount(seen[seen >= 0], minlength=len(CHANCE)) + OPINION_OF_CHANCE * CHANCE
        chance = (heap / heap.sum())[seen]
        chance = np.where(seen == 0, common[:, column], np.where(seen == 1, np.maximum(chance, common[:, column]), chance))
        ratio *= np.where(seen < 0, 1.0, SAME[seen] / chance)
    share = min(0.1, len(levels) ** -0.5)
    for _ in range(ROUNDS):
        weight = share * ratio / (1.0 - share + share * ratio)
        before, share = share, float(np.clip(weight.mean(), 0.1 / len(levels), 0.1))
        if abs(share / before - 1.0) < 1e-9:
            break
    return np.asarray(share * ratio / (1.0 - share + share * ratio))
