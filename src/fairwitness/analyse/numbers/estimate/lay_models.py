"""Lay out every way in which lists may depend on each other: the hierarchical log-linear models, in the notation analysts use.

A pattern is the set of lists that name a person, written as a bit mask: list 1 is bit 0. A model is a family of sets of lists that may
depend
on each other, closed downwards (hierarchical), with every single list in it and never all lists at once: that last dependence cannot be
told
from the size of the unseen part (Fienberg 1972, Biometrika 59; Bishop, Fienberg and Holland 1975, chapter 6). `[123,14,34]` names a model
by
its largest sets. The rule it guards: all models are tried, none is left out because it gives an unwelcome number.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import BadInput

MOST_ENUMERATED = 5
Model = frozenset[int]


def design(lists: int) -> NDArray[np.float64]:
    """The matrix of all patterns (rows) by all sets (columns), both 0..2^lists-1: one where the pattern contains the set."""
    every = np.arange(1 << lists)
    return np.asarray((every[:, None] & every[None, :]) == every[None, :], dtype=np.float64)


def size(mask: int) -> int:
    """How many lists a set has."""
    return mask.bit_count()


def close(generators: frozenset[int] | set[int], lists: int) -> Model:
    """The hierarchical model of these generators: every non-empty subset of each, and every single list."""
    found = {1 << one for one in range(lists)}
    for mask in generators:
        below = mask
        while below:
            found.add(below)
            below = (below - 1) & mask
    return frozenset(found)


def generators(model: Model) -> list[int]:
    """The sets of a model that lie in no larger one."""
    return [mask for mask in model if not any(mask != other and mask & other == mask for other in model)]


def members(mask: int) -> tuple[int, ...]:
    """The lists of a set, counted from 1."""
    return tuple(one + 1 for one in range(mask.bit_length()) if mask >> one & 1)


def notation(model: Model) -> str:
    """The model in brackets: larger sets first, then in the order of the lists; lists beyond the ninth are joined by dots."""
    tops = sorted((members(mask) for mask in generators(model)), key=lambda one: (-len(one), one))
    joint = "." if any(one > 9 for top in tops for one in top) else ""
    return "[" + ",".join(joint.join(map(str, top)) for top in tops) + "]"


def read_model(text: str, names: tuple[str, ...]) -> Model:
    """A model from `[123,14]` or from names, `(aba exh)(osce)`. BadInput when it is neither, or has the dependence of all lists."""
    lists = len(names)
    words = text.strip()
    if words.startswith("[") and words.endswith("]"):
        parts = [part.split(".") if "." in part else list(part) for part in words[1:-1].replace(" ", "").split(",")]
        numbers = {str(one + 1): one for one in range(lists)}
    elif words.startswith("(") and words.endswith(")"):
        parts = [part.split() for part in words[1:-1].replace(")(", "|").split("|")]
        numbers = {name: one for one, name in enumerate(names)}
    else:
        raise BadInput("“{text}” is not a model; write it as [12,3] or as (list list)(list).", text=text[:80])
    found = set()
    for part in parts:
        wrong = [one for one in part if one not in numbers]
        if wrong or not part:
            raise BadInput("“{text}” names a list that is not there: {wrong}; there are {names}.", text=text[:80],
                           wrong=", ".join(wrong) or "—", names=", ".join(numbers))  # fmt: skip
        found.add(sum({1 << numbers[one] for one in part}))
    if (1 << lists) - 1 in found:
        raise BadInput("“{text}” lets all lists depend on each other at once; from such a model no number follows.", text=text[:80])
    return close(found, lists)


@lru_cache(maxsize=4)
def every_model(lists: int) -> tuple[Model, ...]:
    """All hierarchical models of two to five lists: 1, 8, 113, 6,893. BadInput above five, where there are millions."""
    if lists > MOST_ENUMERATED:
        raise BadInput("{lists} lists have millions of models; all are tried only up to {most}.", lists=lists, most=MOST_ENUMERATED)
    families: list[Model] = [frozenset(1 << one for one in range(lists))]
    for order in range(2, lists):
        sets = [sum(1 << one for one in chosen) for chosen in combinations(range(lists), order)]
        grown = []
        for family in families:
            open_ = [mask for mask in sets if all(mask & ~(1 << one) in family for one in range(lists) if mask >> one & 1)]
            for chosen in range(1 << len(open_)):
                grown.append(family | {mask for place, mask in enumerate(open_) if chosen >> place & 1})
        families = grown
    return tuple(families)
