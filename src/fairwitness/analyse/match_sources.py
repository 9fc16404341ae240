"""Match sources: which codes may stand for one person? Asked by the role of identities alone, with a reason, on record each time.

The rule it guards: the names are compared in memory and nothing made from one leaves: no key, no script, no language, no name. What comes
back is two codes and a probability; it is not kept, and nothing is joined. A person opens both identities in the usual way and decides.
"""

from __future__ import annotations

from fairwitness.monitor.models import Source
from fairwitness.monitor.vault import compare_identities
from fairwitness.record.hand import Hand

Pair = tuple[Source, Source, float]


def match_sources(*, why: str, by: Hand) -> list[Pair]:
    """Pairs of sources that may be one person, the most probable first. Raises Refused, and BadInput without a reason."""
    return compare_identities(_pairs, why=why, by=by)


def _pairs(names: list[str]) -> list[tuple[int, int, float]]:
    # Heavy to read in, and seldom asked.
    from fairwitness.analyse.numbers.match.pair_names import pair_names

    return pair_names(names)
